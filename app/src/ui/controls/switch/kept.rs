use crate::{browser, state::bench::Bench, ui::parts::kept::Kept};
use leptos::prelude::*;

#[component]
pub(crate) fn Switch(bench: Bench) -> impl IntoView {
    Effect::new(move || browser::check(&format!("#scheme-{}", bench.scheme.get()), true));
    view! { <Kept id="switch" /> }
}
