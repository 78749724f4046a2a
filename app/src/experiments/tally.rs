//! What the trials of an experiment come to, with one scheme.

use super::{Entry, Experiments, Failure, Outcome};
use crate::bench::Bench;
use domain::{
    cookie::CookieOptions,
    lesson::experiment::{Experiment, Finding, Prediction, Setting, Trial, Verdict, What, predict, trials},
    scheme::{Credential, Scheme},
    topology::StoreKind,
    view::Defences,
};
use leptos::prelude::*;

/// What the visitor has chosen. While a run changes it, what was chosen before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chosen {
    /// With the scheme that the switch stands on.
    pub(crate) set: Setting,
    pub(crate) stores: Vec<StoreKind>,
}

/// What a run changes and puts back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) scheme: Scheme,
    pub(crate) options: CookieOptions,
    pub(crate) defences: Defences,
}

impl Chosen {
    pub(crate) fn of(bench: Bench) -> Self {
        let scheme = bench.experiments.kept.get().map_or_else(|| bench.scheme.get(), |kept| kept.scheme);
        Self { set: super::setting(bench, scheme), stores: super::stores(bench) }
    }

    pub(crate) fn trials(&self, experiment: Experiment, scheme: Scheme) -> Vec<Trial> {
        trials(experiment, &Setting { scheme, ..self.set.clone() }, &self.stores)
    }
}

/// A browser's rules about cookies do not know what a cookie holds, so both cookie schemes share the result.
pub(super) fn scheme_of_result(trial: &Trial) -> Scheme {
    let Scheme { carrier, credential } = trial.setting.scheme;
    let credential = if trial.what.is_about_the_carrier_alone() { Credential::SessionId } else { credential };
    Scheme::new(credential, carrier)
}

/// Whether the result of one is the other's, too.
pub(super) fn same(one: &Trial, other: &Trial) -> bool {
    one.what == other.what
        && scheme_of_result(one) == scheme_of_result(other)
        && Setting { scheme: other.setting.scheme, ..one.setting.clone() } == other.setting
}

/// What there is to say about an experiment at a glance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tally {
    /// The question that stands for the experiment.
    pub(crate) what: What,
    pub(crate) predicted: Option<Prediction>,
    pub(crate) outcome: Option<Result<Finding, Failure>>,
    pub(crate) verdict: Option<Verdict>,
    /// All trials, those that were run, those that failed, and what came of the others.
    pub(crate) of: usize,
    pub(crate) run: usize,
    pub(crate) failed: usize,
    pub(crate) as_predicted: usize,
    pub(crate) unlike: usize,
    /// How many of those that were run could be held against a prediction.
    pub(crate) judged: usize,
    /// How many other settings gave another answer to the question that stands for the experiment.
    pub(crate) otherwise: usize,
}

impl Tally {
    /// `None` where the experiment cannot be asked of the scheme.
    pub(crate) fn of(state: Experiments, chosen: &Chosen, experiment: Experiment, scheme: Scheme) -> Option<Self> {
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
            otherwise: 0,
        };
        state.entries.with(|entries| {
            for (at, trial) in trials.iter().enumerate() {
                let found = entries.iter().find(|entry| entry.experiment == experiment && same(&entry.trial, trial));
                if let Some(entry) = found {
                    tally.take(at == 0, trial.what, entry);
                }
            }
        });
        Some(tally)
    }

    fn take(&mut self, is_first: bool, what: What, entry: &Entry) {
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
        } else if what == self.what
            && let (Some(Ok(first)), Ok(other)) = (&self.outcome, &entry.outcome)
        {
            self.otherwise += usize::from(*first != other.finding);
        }
    }

    /// Whether there is a finding to show.
    pub(crate) fn is_measured(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }
}

fn finding(outcome: &Outcome) -> Result<Finding, Failure> {
    outcome.as_ref().map(|measured| measured.finding.clone()).map_err(Clone::clone)
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ending {
    /// The visitor stopped it.
    Stopped,
    /// Nothing was run: what the visitor has could not be looked up, so it could not have been put back.
    NotBegun(Failure),
    /// However it went, not everything could be put back as it was.
    NotPutBack(Failure),
    /// One experiment: its first question. `unlike` is `None` where nothing was predicted.
    One { experiment: Experiment, what: What, finding: Finding, unlike: Option<bool> },
    /// One experiment, whose first question could not be answered.
    Failed { experiment: Experiment, failure: Failure },
    /// Several: all of them, or what a question asks for.
    Many { measured: usize, unlike: usize, failed: usize },
}

impl Ending {
    /// Of a run over these trials.
    pub(crate) fn of(state: Experiments, trials: &[(Experiment, Trial)], stopped: bool) -> Option<Self> {
        if stopped {
            return Some(Self::Stopped);
        }
        let (experiment, first) = trials.first()?;
        let is_one =
            |(of, trial): &(Experiment, Trial)| of == experiment && trial.setting.scheme == first.setting.scheme;
        if !trials.iter().all(is_one) {
            return Some(Self::of_many(state, trials));
        }
        let entry = state.entry(first)?;
        let unlike = match entry.verdict() {
            None | Some(Verdict::MeasuredOnly) => None,
            Some(verdict) => Some(verdict != Verdict::AsPredicted),
        };
        let experiment = *experiment;
        Some(match entry.outcome {
            Ok(measured) => Self::One { experiment, what: first.what, finding: measured.finding, unlike },
            Err(failure) => Self::Failed { experiment, failure },
        })
    }

    fn of_many(state: Experiments, trials: &[(Experiment, Trial)]) -> Self {
        let (mut measured, mut unlike, mut failed) = (0, 0, 0);
        for (_, trial) in trials {
            match state.entry(trial).and_then(|entry| entry.verdict()) {
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
    pub(crate) fn is_bad(&self) -> bool {
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
    use crate::experiments::Measured;
    use domain::cookie::{Engine, Origin};

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
        let owner = Owner::new();
        owner.with(|| {
            let (state, chosen, experiment) = (Experiments::default(), chosen(), Experiment::CopyAfterLogout);
            let tally = || Tally::of(state, &chosen, experiment, Scheme::ALL[0]).unwrap();
            assert!(!tally().is_measured());
            let trials = chosen.trials(experiment, Scheme::ALL[0]);
            state.take(entry(experiment, &trials[0], false));
            state.take(entry(experiment, &trials[1], true));
            let tally = tally();
            assert_eq!((tally.of, tally.run, tally.as_predicted, tally.unlike), (trials.len(), 2, 1, 1));
            assert_eq!((tally.outcome, tally.verdict), (Some(Ok(Finding::No)), Some(Verdict::AsPredicted)));
        });
    }

    #[test]
    fn a_run_of_one_experiment_ends_with_its_first_question_and_one_of_several_with_numbers() {
        let owner = Owner::new();
        owner.with(|| {
            let (state, experiment) = (Experiments::default(), Experiment::ScriptReads);
            let trials: Vec<_> =
                chosen().trials(experiment, Scheme::ALL[0]).into_iter().map(|trial| (experiment, trial)).collect();
            assert_eq!(Ending::of(state, &trials, true), Some(Ending::Stopped));
            state.take(entry(experiment, &trials[0].1, true));
            let one = Ending::of(state, &trials, false).unwrap();
            assert!(one.is_bad(), "not as predicted: {one:?}");
            let acts = chosen().trials(Experiment::ScriptActs, Scheme::ALL[0]).remove(0);
            let two = [trials[0].clone(), (Experiment::ScriptActs, acts)];
            assert_eq!(Ending::of(state, &two, false), Some(Ending::Many { measured: 1, unlike: 1, failed: 1 }));
        });
    }
}
