//! What the trials of an experiment come to, with one scheme.

use super::{
    experiment::{Experiment, Finding, Prediction, Setting, Trial, Verdict, What, predict, trials},
    measured::{Entry, Failure, Measured, entry, same},
};
use crate::{scheme::Scheme, topology::StoreKind};

/// What the visitor has chosen. While a run changes it, what was chosen before.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// With the scheme that the switch stands on.
    pub set: Setting,
    /// The shared stores that can be had.
    pub stores: Vec<StoreKind>,
}

impl Chosen {
    /// The trials of an experiment with this scheme.
    #[must_use]
    pub fn trials(&self, experiment: Experiment, scheme: Scheme) -> Vec<Trial> {
        trials(experiment, &Setting { scheme, ..self.set.clone() }, &self.stores)
    }
}

/// What there is to say about an experiment at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The question that stands for the experiment.
    pub what: What,
    /// What the rules say.
    pub predicted: Option<Prediction>,
    /// What came of it.
    pub outcome: Option<Result<Finding, Failure>>,
    /// What it is beside the prediction.
    pub verdict: Option<Verdict>,
    /// All trials, those that were run, those that failed, and what came of the others.
    pub of: usize,
    /// Those that were run.
    pub run: usize,
    /// So many have none.
    pub failed: usize,
    /// Those that are as predicted.
    pub as_predicted: usize,
    /// Whether it is unlike the prediction; `None` where nothing was predicted.
    pub unlike: usize,
    /// How many of those that were run could be held against a prediction.
    pub judged: usize,
}

impl Tally {
    /// `None` where the experiment cannot be asked of the scheme.
    #[must_use]
    pub fn of(entries: &[Entry], chosen: &Chosen, experiment: Experiment, scheme: Scheme) -> Option<Self> {
        let trials = chosen.trials(experiment, scheme);
        let first = trials.first()?;
        let mut tally = Self {
            what: first.what,
            predicted: predict(first.what, &first.setting),
            outcome: None,
            verdict: None,
            of: trials.len(),
            run: 0,
            failed: 0,
            as_predicted: 0,
            unlike: 0,
            judged: 0,
        };
        for (at, trial) in trials.iter().enumerate() {
            let found = entries.iter().find(|entry| entry.experiment == experiment && same(&entry.trial, trial));
            if let Some(entry) = found {
                tally.take(at == 0, entry);
            }
        }
        Some(tally)
    }

    fn take(&mut self, is_first: bool, entry: &Entry) {
        let verdict = entry.verdict();
        self.run += 1;
        match verdict {
            None => self.failed += 1,
            Some(Verdict::AsPredicted) => self.as_predicted += 1,
            Some(Verdict::NotAsPredicted { .. }) => self.unlike += 1,
            Some(Verdict::MeasuredOnly) => {}
        }
        self.judged = self.as_predicted + self.unlike;
        if is_first {
            self.verdict = verdict;
            self.outcome = Some(finding(&entry.outcome));
        }
    }

    /// Whether there is a finding to show.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }
}

fn finding(outcome: &Result<Measured, Failure>) -> Result<Finding, Failure> {
    outcome.as_ref().map(|measured| measured.finding.clone()).map_err(Clone::clone)
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The visitor stopped it.
    Stopped,
    /// Nothing was run: what the visitor has could not be looked up, so it could not have been put back.
    NotBegun(Failure),
    /// However it went, not everything could be put back as it was.
    NotPutBack(Failure),
    /// One experiment in which all answers were the same: its first question. `unlike` is `None` where nothing was predicted.
    One {
        /// The experiment.
        experiment: Experiment,
        /// What happened.
        what: What,
        /// The answer.
        finding: Finding,
        /// Whether it is unlike the prediction; `None` where nothing was predicted.
        unlike: Option<bool>,
    },
    /// One experiment, whose first question could not be answered.
    Failed {
        /// The experiment.
        experiment: Experiment,
        /// Why there is none.
        failure: Failure,
    },
    /// Several: all of them, or what a question asks for.
    Many {
        /// So many have a finding.
        measured: usize,
        /// Whether it is unlike the prediction; `None` where nothing was predicted.
        unlike: usize,
        /// So many have none.
        failed: usize,
    },
}

impl Ending {
    /// Of a run over these trials.
    #[must_use]
    pub fn of(entries: &[Entry], trials: &[(Experiment, Trial)], stopped: bool) -> Option<Self> {
        if stopped {
            return Some(Self::Stopped);
        }
        let (experiment, first) = trials.first()?;
        let is_one =
            |(of, trial): &(Experiment, Trial)| of == experiment && trial.setting.scheme == first.setting.scheme;
        if !trials.iter().all(is_one) {
            return Some(Self::of_many(entries, trials));
        }
        let entry = entry(entries, first)?;
        // One answer does not stand for others that differ from it.
        let answer = |entry: &Entry| entry.outcome.as_ref().ok().map(|measured| measured.finding.clone());
        let differs = |(_, trial): &(Experiment, Trial)| {
            self::entry(entries, trial).and_then(answer).is_some_and(|other| Some(other) != answer(entry))
        };
        if trials.iter().any(differs) {
            return Some(Self::of_many(entries, trials));
        }
        let unlike = match entry.verdict() {
            None | Some(Verdict::MeasuredOnly) => None,
            Some(verdict) => Some(verdict != Verdict::AsPredicted),
        };
        let experiment = *experiment;
        Some(match &entry.outcome {
            Ok(measured) => Self::One { experiment, what: first.what, finding: measured.finding.clone(), unlike },
            Err(failure) => Self::Failed { experiment, failure: failure.clone() },
        })
    }

    fn of_many(entries: &[Entry], trials: &[(Experiment, Trial)]) -> Self {
        let (mut measured, mut unlike, mut failed) = (0, 0, 0);
        for (_, trial) in trials {
            match entry(entries, trial).and_then(Entry::verdict) {
                None => failed += 1,
                Some(verdict) => {
                    measured += 1;
                    unlike += usize::from(matches!(verdict, Verdict::NotAsPredicted { .. }));
                }
            }
        }
        Self::Many { measured, unlike, failed }
    }

    /// Whether it is bad news: not what was found, but that it is not as predicted or could not be measured.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        match self {
            Self::Stopped => false,
            Self::One { unlike, .. } => *unlike == Some(true),
            Self::NotBegun(_) | Self::NotPutBack(_) | Self::Failed { .. } => true,
            Self::Many { unlike, failed, .. } => unlike + failed > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::{Engine, Origin};

    fn chosen() -> Chosen {
        let origin = Origin::parse("http://localhost:3000").unwrap();
        Chosen { set: Setting::usual(Scheme::ALL[0], Engine::Blink, origin), stores: Vec::new() }
    }

    fn entry(experiment: Experiment, trial: &Trial, finding: impl Into<Finding>) -> Entry {
        Entry { experiment, trial: trial.clone(), outcome: Ok(Measured::new(finding)), at: 0.0 }
    }

    #[test]
    fn both_cookie_schemes_share_what_the_browser_does_with_cookies_and_nothing_else() {
        let [session, _, token, _] = Scheme::ALL;
        let of = |experiment, scheme| chosen().trials(experiment, scheme).remove(0);
        assert!(same(&of(Experiment::CookieRules, session), &of(Experiment::CookieRules, token)));
        assert!(!same(&of(Experiment::ScriptReads, session), &of(Experiment::ScriptReads, token)));
    }

    #[test]
    fn a_tally_counts_what_was_run_and_its_first_trial_stands_for_it() {
        let (chosen, experiment) = (chosen(), Experiment::CopyAfterLogout);
        let tally = |entries: &[Entry]| Tally::of(entries, &chosen, experiment, Scheme::ALL[0]).unwrap();
        assert!(!tally(&[]).is_measured());
        let trials = chosen.trials(experiment, Scheme::ALL[0]);
        let entries = [entry(experiment, &trials[0], false), entry(experiment, &trials[1], true)];
        let tally = tally(&entries);
        assert_eq!((tally.of, tally.run, tally.as_predicted, tally.unlike), (trials.len(), 2, 1, 1));
        assert_eq!((tally.outcome, tally.verdict), (Some(Ok(Finding::No)), Some(Verdict::AsPredicted)));
    }

    #[test]
    fn a_run_of_one_experiment_ends_with_its_first_question_and_one_of_several_with_numbers() {
        let experiment = Experiment::ScriptReads;
        let trials: Vec<_> =
            chosen().trials(experiment, Scheme::ALL[0]).into_iter().map(|trial| (experiment, trial)).collect();
        assert_eq!(Ending::of(&[], &trials, true), Some(Ending::Stopped));
        let entries = [entry(experiment, &trials[0].1, true)];
        let one = Ending::of(&entries, &trials, false).unwrap();
        assert!(one.is_bad(), "not as predicted: {one:?}");
        let both = [entries[0].clone(), entry(experiment, &trials[1].1, false)];
        assert!(
            matches!(Ending::of(&both, &trials, false), Some(Ending::Many { measured: 2, .. })),
            "where the answers differ none of them stands for all"
        );
        let acts = chosen().trials(Experiment::ScriptActs, Scheme::ALL[0]).remove(0);
        let two = [trials[0].clone(), (Experiment::ScriptActs, acts)];
        assert_eq!(Ending::of(&entries, &two, false), Some(Ending::Many { measured: 1, unlike: 1, failed: 1 }));
    }
}
