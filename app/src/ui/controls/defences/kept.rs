use crate::{act::named, browser, state::bench::Bench, ui::parts::kept::Kept};
use leptos::prelude::*;

#[component]
pub(crate) fn Defences(bench: Bench) -> impl IntoView {
    Effect::new(move || {
        let on = bench.view.with(|view| view.defences);
        for (name, defence) in named::DEFENCES {
            browser::check(&format!("[data-set={name}]"), defence.of(on));
        }
    });
    view! { <Kept id="defences" /> }
}
