use crate::{
    browser, measure,
    state::{
        bench::Bench,
        boot::Room,
        chosen::{chosen, tables},
    },
    ui::{
        results::{advice::Advised, details::Details, export::Export, growth::Growth, table::Sheet},
        status::Status,
    },
};
use domain::{
    lesson::{
        experiment::{Experiment, Verdict},
        measured::Entry,
        results::TABLES,
        tally::Chosen,
    },
    scheme::Scheme,
};
use leptos::prelude::*;

mod advice;
pub(crate) mod chips;
mod details;
mod export;
mod growth;
mod live;
pub(crate) mod matrix;
pub(crate) mod running;
mod table;
pub(crate) mod trials;
pub(crate) mod value;

/// Which experiment with which scheme is looked into.
pub(crate) type Opened = RwSignal<Option<(Experiment, Scheme)>>;

/// Looks into it.
pub(crate) fn look_into(opened: Opened, experiment: Experiment, scheme: Scheme) {
    opened.set(Some((experiment, scheme)));
    browser::open_dialog(details::DIALOG);
}

/// What it all comes to, as it was measured here.
#[component]
pub(crate) fn Results(bench: Bench) -> impl IntoView {
    let chosen = Memo::new(move |_| chosen(bench));
    let opened = Opened::new(None);
    view! {
        <section class="room verdicts" id="results" aria-labelledby="verdict-title" hidden=move || bench.room.get() != Room::Results>
            <header>
                <h2 id="verdict-title">{bench.word(|t| t.page.results)}</h2>
                <Status bench />
            </header>
            <Shown bench chosen opened />
        </section>
    }
    .into_any()
}

#[component]
fn Shown(bench: Bench, chosen: Memo<Chosen>, opened: Opened) -> impl IntoView {
    let state = bench.experiments;
    let locked = move || !bench.hydrated.get();
    let all = Memo::new(move |_| chosen.with(|chosen| tables(bench, chosen)));
    let sheets = TABLES.map(|axis| view! { <Sheet bench all opened axis /> });
    view! {
        <p class="lede">{bench.word(|t| t.verdict().lede)}</p>
        <div class="buttons">
            <button
                type="button"
                class="primary"
                disabled=locked
                aria-disabled=move || state.is_running().then_some("true")
                on:click=move |_| {
                    if !state.running.with_untracked(Option::is_some) {
                        measure::run_all(bench);
                    }
                }
            >
                {bench.word(|t| t.verdict().run_all)}
            </button>
            <small>{bench.word(|t| t.verdict().run_all_how)}</small>
        </div>
        <Summary bench />
        <Advised bench all />
        {sheets.into_iter().collect_view()}
        <p class="note">{bench.word(|t| t.verdict().legend)}</p>
        <Growth bench />
        <Export bench chosen all />
        <Details bench chosen opened />
    }
    .into_any()
}

/// How many comparisons are measured, and how many of them are not as predicted.
fn counted(entries: &[Entry]) -> (usize, usize) {
    let verdicts = entries.iter().filter_map(Entry::verdict);
    verdicts.fold((0, 0), |(measured, unlike), verdict| {
        (measured + 1, unlike + usize::from(matches!(verdict, Verdict::NotAsPredicted { .. })))
    })
}

#[component]
fn Summary(bench: Bench) -> impl IntoView {
    let numbers = Memo::new(move |_| bench.experiments.entries.with(|entries| counted(entries)));
    let words = move || {
        let (measured, unlike) = numbers.get();
        (bench.text().results().measured)(measured, unlike)
    };
    let is_none = move || numbers.get().0 == 0;
    view! { <p class="summary" class:bad=move || { numbers.get().1 > 0 } hidden=is_none>{words}</p> }.into_any()
}
