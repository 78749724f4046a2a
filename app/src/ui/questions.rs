use crate::{act, bench::Bench};
use domain::{experiment::Experiment, scheme::Scheme};
use leptos::prelude::*;

/// The experiments that answer each question, and the scheme (by its place in the switch) that it is about.
pub(crate) const ASKED: [(&[Experiment], usize); 8] = [
    (&[Experiment::ScriptReads], 0),
    (&[Experiment::OtherSite, Experiment::Ports, Experiment::CookieRules], 0),
    (&[Experiment::ScriptReads, Experiment::OtherSite], 3),
    (&[Experiment::Payload, Experiment::Tampered], 3),
    (&[Experiment::CopyAfterLogout], 3),
    (&[Experiment::OtherSite], 3),
    (&[Experiment::Problem], 0),
    (&[Experiment::Stateless], 0),
];

/// What people ask, answered shortly and then shown.
#[component]
pub(crate) fn Questions(bench: Bench) -> impl IntoView {
    let one = |(at, (experiments, scheme)): (usize, (&'static [Experiment], usize))| {
        let scheme = Scheme::ALL[scheme];
        let words = move || bench.text().questions.all[at];
        let buttons = experiments.iter().map(|experiment| view! { <Ask bench experiment=*experiment scheme /> });
        view! {
            <details>
                <summary>{move || words().0}</summary>
                <p>{move || words().1}</p>
                <p class="buttons">
                    {buttons.collect_view()}
                    <small>{move || (bench.text().scheme)(scheme)}</small>
                </p>
            </details>
        }
    };
    view! {
        <section class="questions" id="questions" aria-labelledby="questions-title">
            <h2 id="questions-title">{bench.word(|t| t.questions.title)}</h2>
            <p class="lede">{bench.word(|t| t.questions.lede)}</p>
            <div class="sheet">{ASKED.into_iter().enumerate().map(one).collect_view()}</div>
        </section>
    }
    .into_any()
}

/// Runs an experiment that answers a question.
#[component]
fn Ask(bench: Bench, experiment: Experiment, scheme: Scheme) -> impl IntoView {
    let words = move || {
        let t = bench.text();
        let minutes = if experiment.takes_minutes(scheme.carrier) { t.experiments.minutes } else { "" };
        format!("{}: {} {minutes}", t.questions.run, (t.experiments.about.title)(experiment)).trim_end().to_owned()
    };
    view! {
        <button
            type="button"
            disabled=move || !bench.hydrated.get()
            aria-disabled=move || bench.experiments.is_running().then_some("true")
            on:click=move |_| act::ask(bench, experiment, scheme)
        >
            {words}
        </button>
        " "
    }
    .into_any()
}
