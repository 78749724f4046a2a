use crate::{
    state::bench::Bench,
    text::Text,
    ui::results::{
        chips,
        value::{judged, measured, predicted},
    },
};
use domain::{
    lesson::{
        experiment::{Experiment, Trial, predict},
        measured::Entry,
        tally::Chosen,
    },
    scheme::Scheme,
};
use leptos::prelude::*;

/// The trials of an experiment with a scheme, each with what came of it.
pub(crate) fn rows(
    bench: Bench,
    chosen: Memo<Chosen>,
    experiment: Experiment,
    scheme: Scheme,
) -> Vec<(Trial, Option<Entry>)> {
    with_entries(bench, chosen.with(|chosen| chosen.trials(experiment, scheme)))
}

/// Each with what came of it.
pub(crate) fn with_entries(bench: Bench, trials: Vec<Trial>) -> Vec<(Trial, Option<Entry>)> {
    let with_entry = |trial: Trial| {
        let entry = bench.experiments.entry(&trial);
        (trial, entry)
    };
    trials.into_iter().map(with_entry).collect()
}

/// Every comparison of an experiment: question and setting, predicted, measured, why, figures.
#[component]
pub(crate) fn Trials(
    bench: Bench,
    chosen: Memo<Chosen>,
    experiment: Experiment,
    scheme: Signal<Scheme>,
) -> impl IntoView {
    let rows = move || body(bench.text(), &rows(bench, chosen, experiment, scheme.get()));
    view! { <Table bench><tbody>{rows}</tbody></Table> }.into_any()
}

/// The table in which comparisons stand. Where it is narrow, each stands as a list of its own.
#[component]
pub(crate) fn Table(bench: Bench, children: Children) -> impl IntoView {
    let heads = move || bench.text().experiments().columns.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <div class="scroll trials" tabindex="0" role="group" aria-label=bench.word(|t| t.experiments().trials)>
            <table class="figures">
                <caption class="off-screen">{bench.word(|t| t.experiments().trials)}</caption>
                <thead><tr>{heads}</tr></thead>
                {children()}
            </table>
        </div>
    }
    .into_any()
}

/// The rows of these comparisons.
pub(crate) fn body(t: &Text, rows: &[(Trial, Option<Entry>)]) -> AnyView {
    rows.iter().map(|(trial, entry)| row(t, trial, entry.as_ref())).collect_view().into_any()
}

fn row(t: &Text, trial: &Trial, entry: Option<&Entry>) -> AnyView {
    let prediction = predict(trial.what, &trial.setting);
    let outcome = entry.map(|entry| entry.outcome.as_ref().map(|measured| &measured.finding));
    let [_, predicted_label, measured_label, why, figures_label] = t.experiments().columns;
    let because = prediction.as_ref().map(|prediction| (t.experiments().because)(prediction.because));
    view! {
        <tr>
            <th scope="row">{(t.experiments().what)(trial.what)} {chips::setting(t, &trial.setting)}</th>
            <td data-label=predicted_label>{predicted(t, trial.what, prediction.as_ref(), false)}</td>
            <td data-label=measured_label>
                {measured(t, trial.what, outcome)} " " {judged(t, entry.and_then(Entry::verdict))}
                {entry.map(|entry| measured_with(t, trial, entry))}
            </td>
            <td class="why" data-label=why>{because}</td>
            <td class="why" data-label=figures_label>{entry.map(|entry| figures(t, entry))}</td>
        </tr>
    }
    .into_any()
}

/// What is about the browser alone is measured with one scheme for both that use a cookie: then, with which.
fn measured_with(t: &Text, trial: &Trial, entry: &Entry) -> Option<AnyView> {
    let scheme = entry.trial.setting.scheme;
    let is_other = scheme != trial.setting.scheme && entry.outcome.is_ok();
    is_other.then(|| view! { <p class="note">{(t.experiments().measured_with)(scheme)}</p> }.into_any())
}

/// Each figure in a line.
fn figures(t: &Text, entry: &Entry) -> Option<AnyView> {
    let words = t.experiments().words(entry.outcome.as_ref().ok()?);
    let lines = words.into_iter().map(|words| view! { <span class="figure">{words}</span> });
    Some(lines.collect_view().into_any())
}
