//! What the visitor sees: a component a file, named for the thing on the page.
#![expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#![allow(unreachable_pub, reason = "the component macro makes the types of the properties public")]

mod bench;
mod controls;
mod guide;
mod head;
mod parts;
mod results;
mod slides;
mod status;

use crate::{
    measure::FRAMES,
    state::{bench::Bench, chosen::chosen},
};
use leptos::prelude::*;

/// The page below `<body>`.
#[component]
pub(crate) fn Page(bench: Bench) -> impl IntoView {
    let no_script = format!("<p class=\"banner\">{}</p>", bench.text().page.no_script);
    let chosen = Memo::new(move |_| chosen(bench));
    let opened = results::Opened::new(None);
    let is_running = move || bench.experiments.is_running();
    view! {
        <a class="skip" href="#bench">{bench.word(|t| t.page.skip)}</a>
        <head::Header bench />
        <main class:lecturing=move || bench.experiments.lecture.with(Option::is_some)>
            // Raw, for a browser with scripts takes what is inside for text.
            <noscript inner_html=no_script></noscript>
            <slides::Lecture bench chosen />
            <results::running::Locked bench />
            // A click in here would disturb the experiment that runs.
            <div class="settings-of-bench" inert=is_running>
                <controls::switch::Switch bench />
                <controls::cookie_options::CookieOptions bench />
                <controls::servers::Servers bench />
                <controls::actions::Actions bench />
            </div>
            <status::Status bench />
            <div class="bench" id="bench" tabindex="-1">
                <status::Traffic bench />
                <bench::browser::BrowserHolds bench />
                <bench::wire::OnTheWire bench />
                <bench::server::ServerStores bench />
                <bench::attacker::Attacker bench />
            </div>
            <bench::flow::Flow bench />
            <div class="rest" inert=is_running>
                <bench::server::crowd::Crowd bench />
            </div>
            <guide::questions::Questions bench chosen opened />
            <results::cards::Experiments bench chosen />
            <results::Verdict bench chosen opened />
            <div class="rest" inert=is_running>
                <bench::browser::tamper::Tamper bench />
            </div>
            <guide::notes::Notes bench />
        </main>
        // Where the guestbook appears while a trial needs it.
        <div id=FRAMES></div>
        <results::running::Strip bench />
        <footer class="foot">
            <p>{bench.word(|t| t.page.foot)}</p>
            <p><a href="/api-docs">{bench.word(|t| t.page.api)}</a></p>
        </footer>
    }
    .into_any()
}
