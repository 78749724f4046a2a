//! A finding as it is shown: its words, and whether it is good news, as a mark, a colour and in words.

use crate::text::Text;
use domain::lesson::{
    experiment::{Finding, Prediction, Verdict, What, better},
    measured::Failure,
};
use leptos::prelude::*;

/// A finding.
pub(crate) fn value(t: &Text, what: What, finding: &Finding) -> AnyView {
    let t = t.experiments();
    let words = (t.finding)(what, finding);
    let (class, mark, meant) = match better(what, finding) {
        None => ("value", "", ""),
        Some(true) => ("value good", "▲", t.good),
        Some(false) => ("value bad", "▼", t.bad),
    };
    let mark = (!mark.is_empty()).then(|| view! { <i aria-hidden="true">{mark}</i> });
    let meant = (!meant.is_empty()).then(|| view! { <span class="off-screen">{format!(" ({meant})")}</span> });
    view! { <b class=class>{words} {meant} {mark}</b> }.into_any()
}

/// A prediction; its reason stands with it where there is room.
pub(crate) fn predicted(t: &Text, what: What, prediction: Option<&Prediction>, with_reason: bool) -> AnyView {
    let Some(prediction) = prediction else {
        return view! { <span class="soft">{t.experiments().nothing_predicted}</span> }.into_any();
    };
    let reason = with_reason.then(|| view! { " " <small>{(t.experiments().because)(prediction.because)}</small> });
    view! { {value(t, what, &prediction.finding)} {reason} }.into_any()
}

/// What was measured, if anything was.
pub(crate) fn measured(t: &Text, what: What, outcome: Option<Result<&Finding, &Failure>>) -> AnyView {
    match outcome {
        None => view! { <span class="soft">{t.experiments().not_run}</span> }.into_any(),
        Some(Ok(finding)) => value(t, what, finding),
        Some(Err(failure)) => {
            view! { <b class="failed">{t.experiments().failed}</b> " " <small>{(t.experiments().failure)(failure)}</small> }
                .into_any()
        }
    }
}

/// Whether it is as predicted, marked and in words.
pub(crate) fn judged(t: &Text, verdict: Option<Verdict>) -> AnyView {
    let (class, words) = match verdict {
        None => return ().into_any(),
        Some(Verdict::AsPredicted) => ("judged like", t.experiments().as_predicted),
        Some(Verdict::NotAsPredicted { .. }) => ("judged unlike", t.experiments().not_as_predicted),
        Some(Verdict::MeasuredOnly) => ("judged", t.experiments().measured_only),
    };
    view! { <span class=class>{words}</span> }.into_any()
}
