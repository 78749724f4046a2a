use crate::bench::{Bench, Link};
use leptos::prelude::*;

/// Announces the result of each action, and whether the server's news still come.
#[component]
pub(crate) fn Status(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let words = move || {
        bench.said.with(|said| said.as_ref().map_or_else(|| text().page.welcome.to_owned(), |said| (text().said)(said)))
    };
    let bad = move || bench.said.with(|said| said.as_ref().is_some_and(crate::said::Said::is_bad));
    view! {
        <div class="status-line">
            <p class="status" role="status" class:bad=bad>{words}</p>
            <p class="cut" role="alert">
                {move || (bench.link.get() == Link::Cut).then(|| text().page.cut)}
            </p>
        </div>
    }
    .into_any()
}

/// Something small that runs from the browser to the server and back when an exchange has come in.
#[component]
pub(crate) fn Traffic(bench: Bench) -> impl IntoView {
    // Two alternating names start the animation anew each time.
    let class = move || match bench.arrivals.get() {
        0 => "traffic",
        n if n % 2 == 0 => "traffic even",
        _ => "traffic odd",
    };
    view! { <div class=class aria-hidden="true"><i></i></div> }.into_any()
}
