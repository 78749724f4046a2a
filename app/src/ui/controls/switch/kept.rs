use crate::{browser, state::bench::Bench, ui::parts::kept::Kept};
use leptos::prelude::*;

#[component]
pub(crate) fn Switch(bench: Bench) -> impl IntoView {
    Effect::new(move || {
        // Until then the visitor may choose in the server's, and that is taken along.
        if bench.hydrated.get() {
            browser::check(&format!("#scheme-{}", bench.scheme.get()), true);
        }
    });
    view! { <Kept id="switch" /> }
}
