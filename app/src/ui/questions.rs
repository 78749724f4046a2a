use crate::{act, bench::Bench};
use domain::{experiment::Experiment, scheme::Scheme};
use leptos::prelude::*;

/// The experiment that answers each question, and the scheme (by its place in the switch) that it is about.
pub(crate) const ASKED: [(Experiment, usize); 8] = [
    (Experiment::ScriptReads, 0),
    (Experiment::OtherSite, 0),
    (Experiment::ScriptReads, 3),
    (Experiment::Tampered, 3),
    (Experiment::CopyAfterLogout, 3),
    (Experiment::OtherSite, 3),
    (Experiment::Problem, 0),
    (Experiment::Stateless, 0),
];

/// What people ask, answered shortly and then shown.
#[component]
pub(crate) fn Questions(bench: Bench) -> impl IntoView {
    let one = |(at, (experiment, scheme)): (usize, (Experiment, usize))| {
        let scheme = Scheme::ALL[scheme];
        let words = move || bench.text().questions.all[at];
        let button =
            move || format!("{}: {}", bench.text().questions.run, (bench.text().experiments.about.title)(experiment));
        view! {
            <details>
                <summary>{move || words().0}</summary>
                <p>{move || words().1}</p>
                <p class="buttons">
                    <button
                        type="button"
                        disabled=move || !bench.hydrated.get()
                        aria-disabled=move || bench.experiments.is_running().then_some("true")
                        on:click=move |_| act::ask(bench, experiment, scheme)
                    >
                        {button}
                    </button>
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
