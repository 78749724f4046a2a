use crate::{
    state::{bench::Bench, chosen::tally},
    text::Text,
    ui::results::{Opened, look_into, value::value},
};
use domain::{
    lesson::{
        experiment::{Experiment, Verdict},
        tally::{Chosen, Tally},
    },
    scheme::Scheme,
};
use leptos::prelude::*;

/// One experiment with one scheme.
#[component]
pub(crate) fn Cell(
    bench: Bench,
    chosen: Memo<Chosen>,
    opened: Opened,
    experiment: Experiment,
    scheme: Scheme,
) -> impl IntoView {
    let tally = Memo::new(move |_| chosen.with(|chosen| tally(bench, chosen, experiment, scheme)));
    let is_busy = move || {
        bench.experiments.running.with(|r| r.as_ref().is_some_and(|r| r.experiment == experiment && r.scheme == scheme))
    };
    let shown = move || {
        let t = bench.text();
        tally.with(|tally| match tally {
            None => view! { <span class="soft">{t.verdict.does_not_apply}</span> }.into_any(),
            Some(tally) if tally.run == 0 => view! { <span class="soft">{t.verdict.not_run}</span> }.into_any(),
            Some(tally) => {
                let of = format!("{}, {}", (t.experiments.about.title)(experiment), (t.scheme)(scheme));
                view! {
                    <button
                        type="button"
                        aria-haspopup="dialog"
                        on:click=move |_| look_into(opened, experiment, scheme)
                    >
                        {measured(t, tally)}
                        <span class="off-screen">" " {of}</span>
                    </button>
                }
                .into_any()
            }
        })
    };
    view! { <td class:busy=is_busy>{shown}</td> }.into_any()
}

fn measured(t: &Text, tally: &Tally) -> AnyView {
    let headline = match &tally.outcome {
        None => view! { <b class="soft">{t.verdict.partly_run}</b> }.into_any(),
        Some(Ok(finding)) => value(t, tally.what, finding),
        Some(Err(_)) => view! { <b class="failed">{t.experiments.failed}</b> }.into_any(),
    };
    let (class, words) = match tally.verdict {
        _ if tally.unlike > 0 => ("judged unlike", t.experiments.not_as_predicted),
        Some(Verdict::AsPredicted) => ("judged like", t.experiments.as_predicted),
        Some(Verdict::MeasuredOnly) => ("judged", t.experiments.measured_only),
        _ => ("judged", ""),
    };
    let count = (t.experiments.count)(tally.as_predicted, tally.judged);
    let so_far = (tally.run < tally.of).then(|| format!(", {}", (t.experiments.so_far)(tally.run, tally.of)));
    let otherwise = (tally.otherwise > 0).then(|| {
        let words = (t.verdict.otherwise)(tally.otherwise);
        view! { <small>{words}</small> " " }
    });
    view! {
        {headline} " " <span class=class>{words}</span> " " {otherwise} <small class="count">{count} {so_far}</small>
    }
    .into_any()
}
