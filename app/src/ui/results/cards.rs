use crate::{act, state::bench::Bench, ui::results::card::Card};
use domain::{
    lesson::{
        experiment::{Axis, Experiment},
        tally::Chosen,
    },
    scheme::Carrier,
};
use leptos::prelude::*;

/// The experiments: what is predicted, what was measured, and the buttons that run them.
#[component]
pub(crate) fn Experiments(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    view! {
        <section class="experiments" id="experiments" aria-labelledby="experiments-title">
            <header class="heading">
                <h2 id="experiments-title">{bench.word(|t| t.experiments.title)}</h2>
                <button type="button" class="quiet" disabled=move || !bench.hydrated.get() on:click=move |_| act::open_lecture(bench)>
                    {bench.word(|t| t.lecture.start)}
                </button>
            </header>
            <p class="lede">{bench.word(|t| t.experiments.lede)}</p>
            <p class="note">{bench.word(|t| t.verdict.legend)}</p>
            <Beforehand bench chosen />
            <Filter bench />
            <div class="experiment-cards">
                {Experiment::ALL.map(|experiment| view! { <Card bench chosen experiment /> }).into_iter().collect_view()}
            </div>
        </section>
    }
    .into_any()
}

/// What has to be known before anything is run.
#[component]
fn Beforehand(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    let same_site = Memo::new(move |_| bench.view.with(|view| view.attacker.same_site));
    let not_kept = Memo::new(move |_| {
        chosen.with(|chosen| chosen.set.not_kept().filter(|_| chosen.set.scheme.carrier == Carrier::Cookie))
    });
    move || {
        let t = bench.text();
        let same_site = same_site.get().then(|| t.experiments.same_site.to_owned());
        let not_kept = not_kept.get().map(|rule| (t.experiments.not_kept)((t.rule)(rule)));
        [same_site, not_kept].into_iter().flatten().map(|words| view! { <p class="warning">{words}</p> }).collect_view()
    }
}

#[component]
fn Filter(bench: Bench) -> impl IntoView {
    let button = |axis: Option<Axis>| {
        let filter = bench.experiments.filter;
        let words = move || {
            let t = &bench.text().experiments;
            axis.map_or(t.all, t.axis)
        };
        view! {
            <button
                type="button"
                disabled=move || !bench.hydrated.get()
                aria-pressed=move || if filter.get() == axis { "true" } else { "false" }
                on:click=move |_| filter.set(axis)
            >
                {words}
            </button>
        }
    };
    let all = [None].into_iter().chain(Axis::ALL.map(Some)).map(button).collect_view();
    view! { <div class="filter" role="group" aria-label=bench.word(|t| t.experiments.filter)>{all}</div> }.into_any()
}
