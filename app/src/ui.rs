//! What the visitor sees: a component a file, named for the thing on the page.
#![expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#![allow(unreachable_pub, reason = "the component macro makes the types of the properties public")]

mod actions;
mod adjust;
mod attacker;
mod bar;
mod browser_holds;
mod chip;
mod cookie_options;
mod crowd;
mod exchange;
mod experiments;
mod flow;
mod header;
mod lecture;
mod more;
mod next_request;
mod nodes;
mod notes;
mod on_the_wire;
mod place;
mod questions;
mod replication;
mod server_stores;
mod servers;
mod status;
mod store;
mod switch;
mod tamper;
mod token;
mod users;
mod verdict;

use crate::{
    bench::Bench,
    experiments::{Chosen, FRAMES},
};
use leptos::prelude::*;

/// The page below `<body>`.
#[component]
pub(crate) fn Page(bench: Bench) -> impl IntoView {
    let no_script = format!("<p class=\"banner\">{}</p>", bench.lang.get_untracked().text().page.no_script);
    let chosen = Memo::new(move |_| Chosen::of(bench));
    let opened = verdict::Opened::new(None);
    let is_running = move || bench.experiments.is_running();
    view! {
        <a class="skip" href="#bench">{bench.word(|t| t.page.skip)}</a>
        <header::Header bench />
        <main class:lecturing=move || bench.experiments.lecture.with(Option::is_some)>
            // Raw, for a browser with scripts takes what is inside for text.
            <noscript inner_html=no_script></noscript>
            <lecture::Lecture bench chosen />
            <experiments::running::Locked bench />
            // A click in here would disturb the experiment that runs.
            <div class="settings-of-bench" inert=is_running>
                <switch::Switch bench />
                <cookie_options::CookieOptions bench />
                <servers::Servers bench />
                <actions::Actions bench />
            </div>
            <status::Status bench />
            <div class="bench" id="bench" tabindex="-1">
                <status::Traffic bench />
                <browser_holds::BrowserHolds bench />
                <on_the_wire::OnTheWire bench />
                <server_stores::ServerStores bench />
                <attacker::Attacker bench />
            </div>
            <flow::Flow bench />
            <div class="rest" inert=is_running>
                <crowd::Crowd bench />
            </div>
            <questions::Questions bench chosen opened />
            <experiments::Experiments bench chosen />
            <verdict::Verdict bench chosen opened />
            <div class="rest" inert=is_running>
                <tamper::Tamper bench />
            </div>
            <notes::Notes bench />
        </main>
        // Where the guestbook appears while a trial needs it.
        <div id=FRAMES></div>
        <experiments::running::Strip bench />
        <footer class="foot">
            <p>{bench.word(|t| t.page.foot)}</p>
            <p><a href="/api-docs">{bench.word(|t| t.page.api)}</a></p>
        </footer>
    }
    .into_any()
}
