//! One claim at a time, for a room full of people: the claim, what is predicted, what is seen, and why.

use crate::{
    act,
    browser::{self, Key},
    state::{bench::Bench, boot::Room, chosen::chosen, stage::Stage},
    ui::{
        parts::{
            behind::{Row, row},
            tour::Tour,
        },
        slides::{table::Table, words::Words},
    },
};
use domain::lesson::claim::{self, Claim};
use leptos::prelude::*;

mod table;
mod words;

/// The heading of a slide.
const TITLE: &str = "slide-title";

/// The slide, where one is shown.
#[component]
pub(crate) fn Slides(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.room.get() == Room::Slides && bench.guide.tells.get());
    // What is measured with the claim on the slide.
    let rows = Memo::new(move |_| {
        let shown = if is_shown.get() { bench.guide.on_slide().behind } else { &[] };
        let chosen = chosen(bench);
        shown.iter().map(|part| row(bench, &chosen, part)).collect::<Vec<_>>()
    });
    Effect::new(move |was: Option<()>| {
        if was.is_none() {
            browser::on_key(move |key| pressed(bench, rows, key));
        }
    });
    // Named by its id, which can be compared.
    let claim = Memo::new(move |_| is_shown.get().then(|| bench.guide.on_slide().id));
    // The focus goes to the heading, so that a screen reader says which claim it is, and Space is the next step.
    Effect::new(move || {
        if claim.get().is_some() {
            browser::after(0, || browser::go_to(TITLE));
        }
    });
    move || claim.get().and_then(claim::named).map(|claim| view! { <Slide bench claim rows /> })
}

fn is_whole(rows: &[Row]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.is_whole)
}

/// Whether the key meant the slides.
fn pressed(bench: Bench, rows: Memo<Vec<Row>>, key: Key) -> bool {
    if bench.room.get_untracked() != Room::Slides {
        return false;
    }
    match key {
        Key::Left => act::step_back(bench),
        Key::Right | Key::Space => act::step(bench, rows.with_untracked(|rows| is_whole(rows))),
        Key::Escape => act::leave_slides(bench),
    }
    true
}

#[component]
fn Slide(bench: Bench, claim: &'static Claim, rows: Memo<Vec<Row>>) -> impl IntoView {
    let text = bench.text();
    let t = text.slides();
    let stage = bench.guide.stage;
    let words = Words::of(bench, claim);
    let (chapter, at, of) = claim.place();
    let glosses = words.glosses.into_iter().map(|(term, meant)| view! { <p><dfn>{term}</dfn> ": " {meant}</p> });
    let sources = claim.sources.iter().map(|(name, url)| view! { <a href=*url rel="external">{*name}</a> " " });
    let is_asked = move || stage.get() < Stage::Reason;
    let has_rows = !claim.behind.is_empty();
    view! {
        <section class="slide" id="slides" aria-label=text.page.slides>
            <header>
                <p class="where"><b>{(text.guide.chapter)(chapter)}</b> " · " {(t.of)(at, of)}</p>
                <button type="button" class="quiet" on:click=move |_| act::leave_slides(bench)>{t.leave}</button>
            </header>
            <div class="said" id=SAID tabindex="-1">
                <h2 id=TITLE tabindex="-1">{words.claim}</h2>
                <div class="glosses" hidden=move || !is_asked()>{glosses.collect_view()}</div>
                <div aria-live="polite">
                    {has_rows.then(|| view! { <Table bench claim names=words.rows rows /> })}
                    <div class="reason" hidden=is_asked>
                        <p class="look">{words.look}</p>
                        <p>{words.why}</p>
                        <p class="sources">{sources.collect_view()}</p>
                    </div>
                </div>
            </div>
            <Tour bench />
            <Buttons bench claim rows />
        </section>
    }
    .into_any()
}

/// What scrolls where a slide does not fit, as on a phone.
const SAID: &str = "slide-said";

#[component]
fn Buttons(bench: Bench, claim: &'static Claim, rows: Memo<Vec<Row>>) -> impl IntoView {
    let text = bench.text();
    let t = text.slides();
    let stage = bench.guide.stage;
    let next = claim.beside(1);
    let to_next = move || {
        let chapter = next.map(|next| next.place().0).filter(|chapter| *chapter != claim.place().0);
        chapter.map_or_else(|| t.next.to_owned(), |chapter| (t.next_chapter)((text.guide.chapter)(chapter)))
    };
    let is_measured = move || rows.with(|rows| is_whole(rows));
    let words = move || match stage.get().after(claim) {
        Some(Stage::Prediction) => t.show_prediction.to_owned(),
        Some(Stage::Seen) if claim.behind.is_empty() => text.guide.try_it.to_owned(),
        Some(Stage::Seen) if is_measured() => t.show.to_owned(),
        Some(Stage::Seen) => text.guide.measure.to_owned(),
        Some(_) => text.guide.why.to_owned(),
        None => to_next(),
    };
    let is_told = move || stage.get().after(claim).is_none();
    // A button that is disabled would drop the focus.
    let is_end = move || (is_told() && next.is_none()).then_some("true");
    let is_start = move || (stage.get().before(claim).is_none() && claim.beside(-1).is_none()).then_some("true");
    let is_busy = move || (bench.experiments.is_running() || bench.guide.tour.with(Option::is_some)).then_some("true");
    let can_be_tried = !claim.play.is_empty();
    // Until it was tried once, the step itself does so.
    let hides_try = move || !can_be_tried || claim.behind.is_empty() && stage.get() < Stage::Seen;
    let hides_measure = move || claim.behind.is_empty() || stage.get() < Stage::Seen;
    view! {
        <footer>
            <button type="button" aria-disabled=is_start on:click=move |_| act::step_back(bench)>{t.back}</button>
            <button
                type="button"
                class="primary"
                aria-disabled=is_end
                on:click=move |_| act::step(bench, untrack(is_measured))
            >
                {words}
            </button>
            <button type="button" hidden=hides_try aria-disabled=is_busy on:click=move |_| act::try_it(bench, claim.id.to_owned(), claim.tries_in_window())>
                {text.guide.try_it}
            </button>
            <button
                type="button"
                hidden=hides_measure
                aria-disabled=is_busy
                on:click=move |_| {
                    if untrack(is_busy).is_none() {
                        act::measure_claim(bench, claim.id.to_owned(), claim.measures_in_window());
                    }
                }
            >
                {move || if is_measured() { t.measure_again } else { text.guide.measure }}
            </button>
            <button
                type="button"
                class="quiet"
                hidden=move || is_told() || next.is_none()
                on:click=move |_| act::turn(bench, 1)
            >
                {t.skip}
            </button>
            <small>{t.keys}</small>
        </footer>
    }
    .into_any()
}
