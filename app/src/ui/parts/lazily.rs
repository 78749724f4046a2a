use crate::state::{
    bench::Bench,
    lazy::{Fetched, Lazy},
};
use leptos::prelude::*;

/// Wanted when it was opened, or when the guide may press something in it.
pub(crate) fn once_opened(bench: Bench, opened: RwSignal<bool>) -> Signal<bool> {
    Signal::derive(move || opened.get() || bench.guide.tour.with(Option::is_some))
}

/// Wanted when it was opened. Without a script it opens all the same, so then it is there at once.
pub(crate) fn once_shown(opened: RwSignal<bool>) -> Signal<bool> {
    if cfg!(feature = "hydrate") { opened.into() } else { Signal::stored(true) }
}

/// A part of the page that comes when it is wanted first, and then stays.
#[component]
pub(crate) fn Lazily(bench: Bench, what: Lazy, #[prop(into)] when: Signal<bool>) -> impl IntoView {
    let fetched = bench.files.of(what);
    let is_wanted = Memo::new(move |before: Option<&bool>| before == Some(&true) || when.get());
    Effect::new(move || {
        if is_wanted.get() {
            bench.files.need(what);
        }
    });
    move || {
        // A signal keeps whoever has looked at it until it changes, also those that are gone. So who wants nothing of the
        // file does not look: a card of the wire comes and goes with each exchange.
        if !is_wanted.get() {
            return ().into_any();
        }
        match fetched.get() {
            Fetched::Here(make) => make(bench, what),
            Fetched::Failed => view! { <p class="note" role="alert">{bench.text().page.part_failed}</p> }.into_any(),
            Fetched::NotYet | Fetched::Coming => ().into_any(),
        }
    }
}
