//! The words about the experiments, and about what stands around them: verdict, lecture, questions, attacker.

use super::T;
use domain::{
    attack::FoundIn,
    lesson::{
        experiment::{Axis, Because, Difference, Experiment, Finding, What},
        measured::{Failure, Figure, Measured},
        tally::Ending,
    },
    scheme::Scheme,
};

pub(crate) struct Experiments {
    pub(crate) title: T,
    pub(crate) lede: T,
    /// The title of the frame in which the guestbook is shown.
    pub(crate) guestbook: T,
    pub(crate) filter: T,
    pub(crate) all: T,
    pub(crate) axis: fn(Axis) -> T,
    pub(crate) about: Abouts,
    pub(crate) what: fn(What) -> T,
    pub(crate) finding: fn(What, &Finding) -> String,
    pub(crate) because: fn(Because) -> String,
    pub(crate) difference: fn(Difference) -> String,
    pub(crate) figure: fn(Figure) -> String,
    pub(crate) failure: fn(&Failure) -> String,
    pub(crate) predicted: T,
    pub(crate) measured: T,
    pub(crate) not_run: T,
    pub(crate) failed: T,
    pub(crate) nothing_predicted: T,
    pub(crate) as_predicted: T,
    pub(crate) not_as_predicted: T,
    pub(crate) measured_only: T,
    pub(crate) good: T,
    pub(crate) bad: T,
    /// How many trials are as predicted, of how many.
    pub(crate) count: fn(usize, usize) -> String,
    /// How many trials were run, of how many.
    pub(crate) so_far: fn(usize, usize) -> String,
    pub(crate) run: T,
    pub(crate) run_again: T,
    /// What stands before the host and port that were asked.
    pub(crate) asked: T,
    /// What stands before what was read.
    pub(crate) read: T,
    /// That it takes minutes.
    pub(crate) minutes: T,
    pub(crate) why: T,
    pub(crate) rule: T,
    pub(crate) source: T,
    pub(crate) proves: T,
    pub(crate) trials: T,
    /// Question, predicted, measured, reason, figures.
    pub(crate) columns: [T; 5],
    pub(crate) link: T,
    pub(crate) usual: T,
    /// Where the visitor has set otherwise.
    pub(crate) usual_not_yours: T,
    /// The scheme that a shared result was measured with.
    pub(crate) measured_with: fn(Scheme) -> String,
    pub(crate) not_for: T,
    pub(crate) same_site: T,
    pub(crate) not_kept: fn(&str) -> String,
    pub(crate) running: T,
    /// What is said while something runs.
    pub(crate) under_way: T,
    pub(crate) progress: fn(usize, usize) -> String,
    pub(crate) waiting: fn(u32) -> String,
    pub(crate) stop: T,
    pub(crate) stopping: T,
    pub(crate) locked: T,
    pub(crate) ended: fn(&Ending) -> String,
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
    /// What it does, in one sentence.
    pub(crate) does: fn(Experiment) -> T,
    /// The rule that it shows.
    pub(crate) rule: fn(Experiment) -> T,
    /// What people say: the claim that it puts to the test.
    pub(crate) proves: fn(Experiment) -> T,
}

pub(crate) struct Verdict {
    pub(crate) title: T,
    pub(crate) lede: T,
    pub(crate) run_all: T,
    pub(crate) run_all_how: T,
    pub(crate) does_not_apply: T,
    pub(crate) legend: T,
    pub(crate) close: T,
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

pub(crate) struct Lecture {
    pub(crate) title: T,
    pub(crate) start: T,
    pub(crate) leave: T,
    pub(crate) next: T,
    /// To the next experiment, before this one is told.
    pub(crate) skip: T,
    pub(crate) back: T,
    pub(crate) show_prediction: T,
    pub(crate) show_why: T,
    pub(crate) keys: T,
    pub(crate) of: fn(usize, usize) -> String,
}

pub(crate) struct Attacker {
    pub(crate) title: T,
    pub(crate) remark: fn(usize) -> String,
    pub(crate) how: T,
    pub(crate) found_in: fn(FoundIn) -> T,
    pub(crate) of: fn(Scheme) -> String,
    pub(crate) replay: T,
    pub(crate) replayed: fn(u16) -> String,
    pub(crate) empty: T,
    pub(crate) emptied: T,
    /// The status, and whom the server took the attacker for.
    pub(crate) said: fn(u16, Option<&str>) -> String,
    pub(crate) guestbook_csp: T,
    pub(crate) guestbook_csp_why: T,
}

/// Where the rule of an experiment is written down. The same in every language.
pub(crate) const fn source(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => "RFC 6265bis §5.7 (HttpOnly) · OWASP ASVS 5.0 V3.3.4 · HTML Standard, Web storage",
        Experiment::ScriptActs => "OWASP ASVS 5.0 V3.4.3 (Content Security Policy) · OWASP XSS Prevention",
        Experiment::OtherSite => "RFC 6265bis §5.2, §8.8 (SameSite) · OWASP CSRF Prevention",
        Experiment::Reload => "RFC 6265bis §5.8 · RFC 6750 §2.1",
        Experiment::CookieRules => "RFC 6265bis §5.7, §5.8 and each engine's own practice",
        Experiment::CookieWall => "RFC 6265bis §5.6 (4096 bytes)",
        Experiment::Ports => "RFC 6265bis §8.5 (no isolation by port) · HTML Standard, Web storage (per origin)",
        Experiment::CopyAfterLogout => "OWASP ASVS 5.0 V7.4.1 · RFC 7519 §4.1.4",
        Experiment::RoleChange => "OWASP ASVS 5.0 V7.4.2 · RFC 7519 §4",
        Experiment::Restart => "where the state lies: domain/src/topology.rs",
        Experiment::Expiry => "OWASP ASVS 5.0 V7.3.1, V7.3.2 · RFC 7519 §4.1.4",
        Experiment::Payload => "RFC 7519 §3, §12 · RFC 7515 §2 (base64url)",
        Experiment::Tampered => "RFC 8725 §3.1 · RFC 7515 §5.2 · OWASP ASVS 5.0 V9.1.3",
        Experiment::StoreCopied => "OWASP Session Management · RFC 7518 §3.2",
        Experiment::Fixation => "OWASP ASVS 5.0 V7.2.4",
        Experiment::Growth => "RFC 7519 §4 · RFC 6265bis §5.6",
        Experiment::Cost => "RFC 7515 §5.2: a signature is verified without asking anybody",
        Experiment::Refresh => "RFC 9700 §4.14 (rotation, reuse detection)",
        Experiment::Stateless | Experiment::AnyServer => "RFC 9110 §3.3",
        Experiment::Retry => "RFC 9110 §9.2.2 (idempotent methods)",
        Experiment::Cache => "RFC 9111 §3, §4.3 · RFC 9110 §8.8.3 (ETag)",
        Experiment::Problem => "nginx, HTTP load balancer (round robin) · domain/src/theory.rs",
        Experiment::Sticky => "HAProxy, cookie … insert indirect",
        Experiment::Clustering => "Tomcat, DeltaManager: each write is N−1 messages",
        Experiment::Separate => "Spring Session (one store for all servers) · domain/src/theory.rs",
    }
}

#[cfg(test)]
mod tests {
    use crate::text::Lang;
    use domain::{lesson::experiment::Experiment, lesson::question::Question};
    use std::collections::HashSet;

    #[test]
    fn every_experiment_has_a_question_of_its_own_in_both_languages() {
        for lang in Lang::ALL {
            let about = &lang.text().experiments.about;
            let titles: HashSet<_> = Experiment::ALL.into_iter().map(about.title).collect();
            assert_eq!(titles.len(), Experiment::ALL.len());
            for experiment in Experiment::ALL {
                assert!((about.title)(experiment).ends_with('?'), "{experiment:?}");
                for words in [about.does, about.rule, about.proves] {
                    assert!(words(experiment).chars().count() > 10, "{experiment:?}");
                }
            }
        }
    }
}
