//! What the visitor sees: a component a file, named for the thing on the page.
#![expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#![allow(unreachable_pub, reason = "the component macro makes the types of the properties public")]

mod bench;
mod controls;
mod guide;
mod head;
pub(crate) mod later;
mod parts;
mod results;
mod slides;
mod status;

use crate::{
    measure::FRAMES,
    state::{
        bench::{Bench, Room},
        lazy::{Fetched, Lazy},
    },
    ui::parts::fold::Fold,
};
use leptos::prelude::*;
use parts::lazily::Lazily;

/// Whether there is something that the lab keeps, or is to keep.
fn has_results(bench: Bench) -> bool {
    bench.keeps_results.get()
        || bench.experiments.entries.with(|entries| !entries.is_empty())
        || bench.guide.seen.with(|seen| !seen.is_empty())
}

/// The page below `<body>`.
#[component]
pub(crate) fn Page(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let no_script = format!("<p class=\"banner\">{}</p>", text.page.no_script);
    // A click would disturb what runs.
    let is_busy = move || bench.experiments.is_running() || bench.guide.tour.with(Option::is_some);
    let scheme = Signal::derive(move || (text.scheme)(bench.scheme.get()).to_owned());
    let servers = Signal::derive(move || controls::servers::summary(bench));
    // Which place is open where only one has room.
    let open = RwSignal::new("wire");
    let is_on_slides = move || bench.room.get() == Room::Slides;
    // Where the slides do not come, the desk is there again.
    Effect::new(move || {
        if is_on_slides() && matches!(bench.files.of(Lazy::Slides).get(), Fetched::Failed) {
            bench.room.set(Room::Desk);
        }
    });
    view! {
        <a class="skip" href="#bench">{bench.word(|t| t.page.skip)}</a>
        <head::Head bench />
        <Lazily bench what=Lazy::Slides when=Signal::derive(is_on_slides) />
        // Beside a slide stand its places, and what was said last.
        <main
            class="desk"
            class:alone=move || !bench.guide.is_open.get()
            class:beside=is_on_slides
            hidden=move || bench.room.get() == Room::Results
        >
            // Raw, for a browser with scripts takes what is inside for text.
            <noscript inner_html=no_script></noscript>
            <div class="settings" inert=is_busy>
                <Fold bench id="where" title=text.switch.lead now=scheme><controls::switch::Switch bench /></Fold>
                <Fold bench id="how-many" title=text.servers.title now=servers><controls::servers::Servers bench /></Fold>
            </div>
            <div class="dock">
                <guide::sentence::Sentence bench />
                <controls::actions::Actions bench is_busy=Signal::derive(is_busy) />
                <status::Status bench />
            </div>
            <bench::flow::Flow bench />
            <bench::cells::Cells bench open />
            <div class="bench" id="bench" tabindex="-1" data-open=open>
                <status::Traffic bench />
                <bench::browser::BrowserHolds bench />
                <bench::wire::OnTheWire bench />
                <bench::server::ServerStores bench />
                <Lazily bench what=Lazy::Attacker when=Signal::derive(move || bench.has_loot()) />
            </div>
        </main>
        <guide::Guide bench />
        <Lazily bench what=Lazy::Results when=Signal::derive(move || bench.room.get() == Room::Results) />
        // Where the guestbook appears while a script runs in it.
        <div id=FRAMES></div>
        <Lazily bench what=Lazy::Saved when=Signal::derive(move || has_results(bench)) />
        <Lazily bench what=Lazy::Strip when=Signal::derive(move || bench.experiments.is_running()) />
    }
    .into_any()
}
