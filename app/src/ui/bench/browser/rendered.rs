//! For whom the page was rendered: HTML that the server writes and the browser takes over.

use crate::state::bench::Bench;
use leptos::prelude::*;

#[cfg(not(feature = "ssr"))]
#[component]
pub(crate) fn Rendered(#[allow(unused, reason = "the server needs it")] bench: Bench) -> impl IntoView {
    view! { <crate::ui::parts::kept::Kept id="rendered" /> }
}

#[cfg(feature = "ssr")]
#[component]
pub(crate) fn Rendered(bench: Bench) -> impl IntoView {
    use domain::view::RenderedFor;

    let (text, t) = (bench.text(), bench.lang.rendered());
    let (who, why) = match &bench.boot().rendered_for {
        RenderedFor::Nobody => (t.nobody.to_owned(), t.for_nobody),
        RenderedFor::Refused => (t.nobody.to_owned(), t.refused),
        RenderedFor::Untold => (t.nobody.to_owned(), t.untold),
        RenderedFor::Known { user, cart } => {
            let cart = if cart.is_empty() { String::new() } else { format!(" · {}", cart.join(", ")) };
            (format!("{} · {}{cart}", user.name, (text.role)(user.role)), t.known)
        }
    };
    view! {
        <div class="part" id="rendered">
            <h3>{t.title}</h3>
            <p><b>{who}</b></p>
            <p class="note">{why}</p>
        </div>
    }
    .into_any()
}
