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
    children: Children,
) -> impl IntoView {
    view! {
        <details class=format!("menu {class}") name="menu">
            <summary aria-label=label>{title}</summary>
            <div class="panel">{children()}</div>
        </details>
    }
    .into_any()
}
