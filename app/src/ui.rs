//! What the visitor sees: a component a file, named for the thing on the page.
#![expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#![allow(unreachable_pub, reason = "the component macro makes the types of the properties public")]

mod actions;
mod adjust;
mod bar;
mod browser_holds;
mod chip;
mod cookie_options;
mod crowd;
mod exchange;
mod flow;
mod header;
mod more;
mod next_request;
mod nodes;
mod notes;
mod on_the_wire;
mod place;
mod replication;
mod server_stores;
mod servers;
mod status;
mod store;
mod switch;
mod tamper;
mod token;
mod users;

use crate::bench::Bench;
use leptos::prelude::*;

/// The page below `<body>`.
#[component]
pub(crate) fn Page(bench: Bench) -> impl IntoView {
    let no_script = format!("<p class=\"banner\">{}</p>", bench.lang.get_untracked().text().page.no_script);
    view! {
        <a class="skip" href="#bench">{bench.word(|t| t.page.skip)}</a>
        <header::Header bench />
        <main>
            // Raw, for a browser with scripts takes what is inside for text.
            <noscript inner_html=no_script></noscript>
            <switch::Switch bench />
            <cookie_options::CookieOptions bench />
            <servers::Servers bench />
            <actions::Actions bench />
            <status::Status bench />
            <div class="bench" id="bench" tabindex="-1">
                <status::Traffic bench />
                <browser_holds::BrowserHolds bench />
                <on_the_wire::OnTheWire bench />
                <server_stores::ServerStores bench />
            </div>
            <flow::Flow bench />
            <crowd::Crowd bench />
            <tamper::Tamper bench />
            <notes::Notes bench />
        </main>
        <footer class="foot">
            <p>{bench.word(|t| t.page.foot)}</p>
            <p><a href="/api-docs">{bench.word(|t| t.page.api)}</a></p>
        </footer>
    }
    .into_any()
}
