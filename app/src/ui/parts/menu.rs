use crate::browser;
use leptos::prelude::*;

/// What is needed less often, behind its present value. One is open at a time.
#[component]
pub(crate) fn Menu(
    /// Stands in the element's class, for its place on the page.
    class: &'static str,
    /// What stands on it.
    #[prop(into)]
    title: Signal<String>,
    /// What a screen reader calls it, where the title does not say.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Set when it is opened first.
    #[prop(optional)]
    opened: RwSignal<bool>,
    /// Whether a press of something in it closes it.
    #[prop(optional)]
    closes: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class=format!("menu {class}") name="menu" on:toggle=move |_| opened.set(true)>
            <summary aria-label=label>{title}</summary>
            <div class="panel" on:click=move |event| if closes && browser::is_button(&event) { browser::close_menus() }>{children()}</div>
        </details>
    }
    .into_any()
}
