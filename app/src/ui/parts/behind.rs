//! What was predicted and measured of a comparison behind a claim.

use crate::{state::bench::Bench, text::Text};
use domain::lesson::{
    experiment::{Trial, Verdict, predict},
    part::Part,
    tally::Chosen,
};

/// A row of the comparisons behind a claim, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    pub(crate) predicted: Vec<String>,
    pub(crate) measured: Vec<String>,
    /// Whether something did not turn out as predicted, or could not be measured.
    pub(crate) is_unlike: bool,
    /// Whether all of it was measured.
    pub(crate) is_whole: bool,
}

/// What the comparisons of a row answer: their own question where it is one, else the experiment's.
pub(crate) fn question(t: &Text, chosen: &Chosen, part: &Part) -> &'static str {
    let mut whats = part.of(chosen.trials(part.experiment, part.scheme)).into_iter().map(|trial| trial.what);
    let first = whats.next();
    match first {
        Some(what) if whats.all(|other| other == what) => (t.experiments().what)(what),
        _ => (t.experiments().about.title)(part.experiment),
    }
}

/// As things are set now.
pub(crate) fn row(bench: Bench, chosen: &Chosen, part: &Part) -> Row {
    let t = bench.text();
    let trials = part.of(chosen.trials(part.experiment, part.scheme));
    let is_alone = trials.len() == 1;
    let mut row = Row { is_whole: true, ..Row::default() };
    for trial in &trials {
        let named =
            |words: String| if is_alone { words } else { format!("{}: {words}", (t.experiments().what)(trial.what)) };
        row.predicted.extend(predicted(t, trial).map(named));
        let Some(entry) = bench.experiments.entry(trial) else {
            row.is_whole = false;
            continue;
        };
        row.measured.push(named(match &entry.outcome {
            Ok(measured) => (t.experiments().finding)(trial.what, &measured.finding),
            Err(failure) => (t.experiments().failure)(failure),
        }));
        row.is_unlike |= matches!(entry.verdict(), None | Some(Verdict::NotAsPredicted { .. }));
    }
    row
}

fn predicted(t: &Text, trial: &Trial) -> Option<String> {
    let prediction = predict(trial.what, &trial.setting)?;
    Some((t.experiments().finding)(trial.what, &prediction.finding))
}
