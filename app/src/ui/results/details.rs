use crate::{
    state::bench::Bench,
    ui::{
        bench::wire::exchange::ExchangeCard,
        results::{
            Opened,
            matrix::Matrix,
            trials::{Trials, rows},
        },
    },
};
use domain::{
    exchange::Exchange,
    lesson::{
        experiment::{Experiment, does_not_apply},
        tally::Chosen,
    },
    scheme::Scheme,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The dialog's id.
pub(super) const DIALOG: &str = "verdict-details";

/// What stands behind a cell: its trials, and what went over the wire for each.
#[component]
pub(super) fn Details(bench: Bench, chosen: Memo<Chosen>, opened: Opened) -> impl IntoView {
    let content = move || {
        let (experiment, scheme) = opened.get()?;
        does_not_apply(experiment, scheme).is_none().then(|| view! { <Shown bench chosen experiment scheme /> })
    };
    view! {
        <dialog id=DIALOG class="details" aria-labelledby="verdict-details-title" on:close=move |_| opened.set(None)>
            <form method="dialog">
                <button>{bench.word(|t| t.page.close)}</button>
            </form>
            {content}
        </dialog>
    }
    .into_any()
}

#[component]
fn Shown(bench: Bench, chosen: Memo<Chosen>, experiment: Experiment, scheme: Scheme) -> impl IntoView {
    let text = bench.text();
    // What is looked into stays open while other trials run.
    let trials = Memo::new(move |_| rows(bench, chosen, experiment, scheme));
    let of_trials = move || {
        let t = text;
        let trials = trials.get().into_iter();
        let with_exchanges = trials.filter_map(|(trial, entry)| {
            let exchanges = entry?.outcome.ok()?.exchanges;
            let title = (t.experiments().what)(trial.what);
            let settings = trial.setting.differences().into_iter().map(t.experiments().difference).collect::<Vec<_>>();
            let settings = if settings.is_empty() { t.experiments().usual.to_owned() } else { settings.join(", ") };
            Some(view! { <Wire bench title settings exchanges /> })
        });
        with_exchanges.collect_view()
    };
    let is_matrix = experiment == Experiment::CookieRules;
    view! {
        <h3 id="verdict-details-title">{(text.experiments().about.title)(experiment)}</h3>
        <p class="lede">{(text.scheme)(scheme)} ". " {(text.experiments().about.rule)(experiment)}</p>
        <Trials bench chosen experiment scheme=Signal::stored(scheme) />
        {is_matrix.then(|| view! { <Matrix bench chosen scheme /> })}
        {of_trials}
    }
    .into_any()
}

/// The exchanges of one trial, shown on demand.
#[component]
fn Wire(bench: Bench, title: &'static str, settings: String, exchanges: Vec<Arc<Exchange>>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let count = exchanges.len();
    let list = move || {
        let exchanges = exchanges.clone();
        is_open.get().then(|| {
            let cards = exchanges.into_iter().map(|exchange| view! { <ExchangeCard bench exchange /> }).collect_view();
            view! { <ol class="exchanges" tabindex="0" aria-label=title>{cards}</ol> }
        })
    };
    view! {
        <details class="wire" open=move || is_open.get()>
            <summary on:click=move |event| {
                event.prevent_default();
                is_open.update(|open| *open = !*open);
            }>{title} " " <small>{settings} " · " {(bench.text().verdict().exchanges)(count)}</small></summary>
            {list}
        </details>
    }
    .into_any()
}
