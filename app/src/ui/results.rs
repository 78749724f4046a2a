use crate::{
    browser, measure,
    state::{
        bench::{Bench, Room},
        chosen,
    },
    ui::results::{cell::Cell, details::Details, export::Export, growth::Growth},
};
use domain::{
    lesson::{
        experiment::{Axis, Experiment},
        tally::{Chosen, Tally},
    },
    scheme::Scheme,
};
use leptos::prelude::*;

mod cell;
pub(crate) mod chips;
mod details;
mod export;
mod growth;
mod live;
pub(crate) mod matrix;
pub(crate) mod running;
pub(crate) mod trials;
pub(crate) mod value;

/// Which experiment with which scheme is looked into.
pub(crate) type Opened = RwSignal<Option<(Experiment, Scheme)>>;

/// Looks into it.
pub(crate) fn look_into(opened: Opened, experiment: Experiment, scheme: Scheme) {
    opened.set(Some((experiment, scheme)));
    browser::open_dialog(details::DIALOG);
}

/// Every experiment with every scheme, as it was measured here.
#[component]
pub(crate) fn Results(bench: Bench, chosen: Memo<Chosen>, opened: Opened) -> impl IntoView {
    let state = bench.experiments;
    let locked = move || !bench.hydrated.get();
    view! {
        <section class="room verdicts" id="results" aria-labelledby="verdict-title" hidden=move || bench.room.get() != Room::Results>
            <h2 id="verdict-title">{bench.word(|t| t.verdict.title)}</h2>
            <p class="lede">{bench.word(|t| t.verdict.lede)}</p>
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
                    {bench.word(|t| t.verdict.run_all)}
                </button>
                <small>{bench.word(|t| t.verdict.run_all_how)}</small>
            </div>
            <Summary bench chosen />
            <div class="sheet scroll" tabindex="0" role="group" aria-labelledby="verdict-title">
                <table class="figures verdict-table">
                    <caption class="off-screen">{bench.word(|t| t.verdict.title)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{bench.word(|t| t.verdict.experiment)}</th>
                            {Scheme::ALL
                                .map(|scheme| view! { <th scope="col">{(bench.text().scheme)(scheme)}</th> })
                                .into_iter()
                                .collect_view()}
                        </tr>
                    </thead>
                    {Axis::ALL.map(|axis| view! { <Group bench chosen opened axis /> }).into_iter().collect_view()}
                </table>
            </div>
            <p class="note">{bench.word(|t| t.verdict.legend)}</p>
            <Growth bench />
            <Export bench chosen />
            <Details bench chosen opened />
        </section>
    }
    .into_any()
}

/// How much of the table is measured, and how much of that is not as predicted.
#[component]
fn Summary(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    let numbers = Memo::new(move |_| {
        chosen.with(|chosen| {
            let cells = Experiment::ALL.into_iter().flat_map(|one| Scheme::ALL.map(|scheme| (one, scheme)));
            let tallies = cells.filter_map(|(one, scheme)| chosen::tally(bench, chosen, one, scheme));
            tallies
                .filter(Tally::is_measured)
                .fold((0, 0), |(measured, unlike), tally| (measured + 1_usize, unlike + usize::from(tally.unlike > 0)))
        })
    });
    let words = move || {
        let (measured, unlike) = numbers.get();
        (bench.text().verdict.summary)(measured, unlike)
    };
    view! { <p class="summary" class:bad=move || { numbers.get().1 > 0 }>{words}</p> }.into_any()
}

/// The experiments of an axis.
#[component]
fn Group(bench: Bench, chosen: Memo<Chosen>, opened: Opened, axis: Axis) -> impl IntoView {
    let rows = Experiment::ALL.into_iter().filter(|one| one.axis() == axis).map(|experiment| {
        let cells = Scheme::ALL.map(|scheme| view! { <Cell bench chosen opened experiment scheme /> });
        view! {
            <tr>
                <th scope="row">{(bench.text().experiments.about.title)(experiment)}</th>
                {cells.into_iter().collect_view()}
            </tr>
        }
    });
    view! {
        <tbody>
            <tr class="axis-row">
                <th scope="rowgroup" colspan="5"><span>{(bench.text().experiments.axis)(axis)}</span></th>
            </tr>
            {rows.collect_view()}
        </tbody>
    }
    .into_any()
}
