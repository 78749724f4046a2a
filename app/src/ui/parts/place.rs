use crate::{state::bench::Bench, text::Text};
use leptos::prelude::*;

/// One of the three places of the bench: a region with a name and a short remark.
#[component]
pub(crate) fn Place(
    bench: Bench,
    /// `browser`, `wire` or `server`: its colour and its anchor.
    id: &'static str,
    title: fn(&'static Text) -> &'static str,
    #[prop(into)] remark: Signal<String>,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <section class=format!("place {id}") id=id tabindex="0" aria-labelledby=labelled_by>
            <header>
                <h2 id=heading>{bench.word(title)}</h2>
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
    bench: Bench,
    title: fn(&'static Text) -> &'static str,
    remark: fn(&'static Text) -> &'static str,
    /// Stands where the remark would, where that is not the same at all times.
    #[prop(optional)]
    now: Option<Signal<String>>,
    children: Children,
) -> impl IntoView {
    let remark = move || now.map_or_else(|| remark(bench.text()).to_owned(), |now| now.get());
    view! {
        <div class="part">
            <h3>
                {bench.word(title)} <small>{remark}</small>
            </h3>
            {children()}
        </div>
    }
    .into_any()
}
