//! The words about the experiments, and about what stands around them: verdict, attacker.

use super::T;
use domain::{
    attack::FoundIn,
    lesson::{
        experiment::{Because, Difference, Experiment, Finding, What},
        measured::{Failure, Figure, Measured},
    },
    scheme::Scheme,
};

pub(crate) struct Experiments {
    /// The title of the frame in which the guestbook is shown.
    pub(crate) guestbook: T,
    pub(crate) about: Abouts,
    pub(crate) what: fn(What) -> T,
    pub(crate) finding: fn(What, &Finding) -> String,
    pub(crate) because: fn(Because) -> String,
    pub(crate) difference: fn(Difference) -> String,
    pub(crate) figure: fn(Figure) -> String,
    pub(crate) failure: fn(&Failure) -> String,
    pub(crate) not_run: T,
    pub(crate) failed: T,
    pub(crate) nothing_predicted: T,
    pub(crate) as_predicted: T,
    pub(crate) not_as_predicted: T,
    pub(crate) measured_only: T,
    pub(crate) good: T,
    pub(crate) bad: T,
    /// What stands before the host and port that were asked.
    pub(crate) asked: T,
    /// What stands before what was read.
    pub(crate) read: T,
    pub(crate) trials: T,
    /// Question, predicted, measured, reason, figures.
    pub(crate) columns: [T; 5],
    pub(crate) usual: T,
    /// The scheme that a shared result was measured with.
    pub(crate) measured_with: fn(Scheme) -> String,
    pub(crate) running: T,
    pub(crate) waiting: fn(u32) -> String,
    pub(crate) stop: T,
    pub(crate) stopping: T,
}

impl Experiments {
    /// The figures of a finding as they are shown, and what was read.
    pub(crate) fn words(&self, measured: &Measured) -> Vec<String> {
        let figure = |(figure, n): &(Figure, u64)| format!("{}: {}", (self.figure)(*figure), figure.value(*n));
        let asked = measured.asked.iter().map(|asked| format!("{}: {asked}", self.asked));
        let figures = measured.figures.iter().map(figure);
        let read = measured.read.iter().map(|read| format!("{}: {read}", self.read));
        asked.chain(figures).chain(read).collect()
    }
}

/// What each experiment is.
pub(crate) struct Abouts {
    /// Its question.
    pub(crate) title: fn(Experiment) -> T,
    /// The rule that it shows.
    pub(crate) rule: fn(Experiment) -> T,
}

pub(crate) struct Verdict {
    pub(crate) lede: T,
    pub(crate) run_all: T,
    pub(crate) run_all_how: T,
    pub(crate) does_not_apply: T,
    pub(crate) legend: T,
    pub(crate) exchanges: fn(usize) -> String,
    pub(crate) export: T,
    pub(crate) markdown: T,
    pub(crate) csv: T,
    pub(crate) json: T,
    pub(crate) print: T,
    pub(crate) matrix: T,
    pub(crate) matrix_how: T,
    pub(crate) cookie: T,
    pub(crate) matrix_differs: fn(&str, &str) -> String,
    pub(crate) growth: T,
    pub(crate) growth_how: T,
    pub(crate) request_bytes: T,
    pub(crate) row_bytes: T,
    pub(crate) items: T,
    pub(crate) as_table: T,
    pub(crate) yes: T,
    pub(crate) no: T,
}

pub(crate) struct Attacker {
    pub(crate) remark: fn(usize) -> String,
    pub(crate) how: T,
    pub(crate) found_in: fn(FoundIn) -> T,
    pub(crate) of: fn(Scheme) -> String,
    pub(crate) replay: T,
    pub(crate) replayed: fn(u16) -> String,
    pub(crate) empty: T,
}

#[cfg(test)]
mod tests {
    use crate::text::Lang;
    use domain::lesson::experiment::Experiment;
    use std::collections::HashSet;

    #[test]
    fn every_experiment_has_a_question_of_its_own_in_both_languages() {
        for lang in Lang::ALL {
            let about = &lang.text().experiments().about;
            let titles: HashSet<_> = Experiment::ALL.into_iter().map(about.title).collect();
            assert_eq!(titles.len(), Experiment::ALL.len());
            for experiment in Experiment::ALL {
                assert!((about.title)(experiment).ends_with('?'), "{experiment:?}");
                assert!((about.rule)(experiment).chars().count() > 10, "{experiment:?}");
            }
        }
    }
}
