//! What the visitor sees: a component a file, named for the thing on the page.
#![expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#![allow(unreachable_pub, reason = "the component macro makes the types of the properties public")]

mod bench;
mod controls;
pub(crate) mod guide;
mod head;
pub(crate) mod later;
mod parts;
mod results;
mod slides;
mod status;

use crate::{
    measure::FRAMES,
    state::{
        bench::Bench,
        boot::Room,
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

/// The parts of the page below `<body>`, from top to bottom.
pub(crate) const PARTS: [fn(Bench) -> AnyView; 3] = [top, desk, beside];

/// Title, rooms, language, theme; and the slides, where they are shown.
fn top(bench: Bench) -> AnyView {
    let is_on_slides = is_on_slides(bench);
    // Where the slides do not come, the desk is there again.
    Effect::new(move || {
        if is_on_slides.get() && matches!(bench.files.of(Lazy::Slides).get(), Fetched::Failed) {
            bench.room.set(Room::Desk);
        }
    });
    view! {
        <a class="skip" href="#bench">{bench.word(|t| t.page.skip)}</a>
        <head::Head bench />
        <Lazily bench what=Lazy::Slides when=is_on_slides />
    }
    .into_any()
}

/// What is chosen, what is pressed, and the places where it is seen.
fn desk(bench: Bench) -> AnyView {
    let text = bench.text();
    let scheme = Signal::derive(move || (text.scheme)(bench.scheme.get()).to_owned());
    let servers = Signal::derive(move || controls::servers::summary(bench));
    // Which place is open where only one has room.
    let open = RwSignal::new("wire");
    let is_on_slides = is_on_slides(bench);
    view! {
        // Beside a slide stand its places, and what was said last.
        <main
            class="desk"
            class:alone=move || !bench.guide.is_open.get()
            class:beside=move || is_on_slides.get()
            hidden=move || bench.room.get() == Room::Results
        >
            {no_script(bench)}
            <div class="settings" inert=move || bench.is_busy()>
                <Fold bench id="where" title=text.desk.lead now=scheme><controls::switch::Switch bench /></Fold>
                <Fold bench id="how-many" title=text.servers.title now=servers><controls::servers::Servers bench /></Fold>
            </div>
            <div class="dock">
                <guide::sentence::Sentence bench />
                <controls::actions::Actions bench />
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
    }
    .into_any()
}

/// What is said to who has no scripts.
#[cfg(feature = "ssr")]
fn no_script(bench: Bench) -> impl IntoView {
    let words = format!("<p class=\"banner\">{}</p>", bench.lang.pages().no_script);
    // Raw, for a browser with scripts takes what is inside for text.
    view! { <noscript inner_html=words></noscript> }
}

#[cfg(not(feature = "ssr"))]
fn no_script(_: Bench) {}

/// The guide, the results, and what has no place of its own.
fn beside(bench: Bench) -> AnyView {
    view! {
        <guide::Guide bench />
        <Lazily bench what=Lazy::Results when=Signal::derive(move || bench.room.get() == Room::Results) />
        // Where the guestbook appears while a script runs in it.
        <div id=FRAMES></div>
        <Lazily bench what=Lazy::Saved when=Signal::derive(move || has_results(bench)) />
        <Lazily bench what=Lazy::Strip when=Signal::derive(move || bench.experiments.is_running()) />
    }
    .into_any()
}

fn is_on_slides(bench: Bench) -> Signal<bool> {
    Signal::derive(move || bench.room.get() == Room::Slides)
}
