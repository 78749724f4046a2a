use leptos::prelude::*;

/// One of the three places of the bench: a region with a name and a short remark.
#[component]
pub(crate) fn Place(
    /// `browser`, `wire` or `server`: its colour and its anchor.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] remark: Signal<String>,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <section class=format!("place {id}") id=id aria-labelledby=labelled_by>
            <header>
                <h2 id=heading>{title}</h2>
                <p>{remark}</p>
            </header>
            {children()}
        </section>
    }
    .into_any()
}

/// A part of a place.
#[component]
pub(crate) fn Part(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] remark: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="part">
            <h3>
                {title} <small>{remark}</small>
            </h3>
            {children()}
        </div>
    }
    .into_any()
}
