use crate::{
    browser,
    state::{
        bench::Bench,
        chosen::{shared_store, strategy},
    },
    ui::parts::kept::Kept,
};
use domain::topology::Strategy;
use leptos::prelude::*;

#[component]
pub(crate) fn Presets(bench: Bench) -> impl IntoView {
    Effect::new(move || {
        let is_ready = bench.hydrated.get();
        let now = Strategy::of(bench.view.with(|view| view.topology), false);
        let told = strategy(bench);
        let has_shared = shared_store(bench).is_some();
        for strategy in Strategy::ALL {
            let missing = (strategy == Strategy::Separate && !has_shared).then_some(bench.text().desk.no_shared);
            let set = |what: &str, name: &str, value: Option<&str>| {
                browser::attribute(&format!("#{what}-{}", strategy.name()), name, value);
            };
            set("preset", "aria-pressed", Some(if now == strategy { "true" } else { "false" }));
            set("preset", "disabled", (!is_ready || missing.is_some()).then_some(""));
            set("preset", "title", missing);
            set("what", "hidden", (told != strategy).then_some(""));
        }
    });
    view! { <Kept id="strategies" /> }
}
