//! What a lab keeps of what was measured and seen in it, so that a reload and another tab show the same.

use super::measured::{Entry, same};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Times of the same run differ by less, however they were written: a thousandth of a second is told apart.
const SAME_TIME: f64 = 0.000_5;

/// Everything that is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// The last outcome of each trial.
    pub entries: Vec<Entry>,
    /// The claims that were seen, by their ids.
    pub seen: BTreeSet<String>,
}

/// Whether it is the same trial, run at the same time.
#[must_use]
pub fn same_run(one: &Entry, other: &Entry) -> bool {
    same(&one.trial, &other.trial) && (one.at - other.at).abs() < SAME_TIME
}

impl Saved {
    /// Reads it. What another version of the page has written and this one does not know is left out.
    #[must_use]
    pub fn read(mut document: Map<String, Value>) -> Self {
        let mut list = |name| match document.remove(name) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let entries = list("entries").into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect();
        let seen = list("seen").into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect();
        Self { entries, seen }
    }

    /// Writes it down.
    #[must_use]
    pub fn write(&self) -> Map<String, Value> {
        let entries = self.entries.iter().filter_map(|entry| serde_json::to_value(entry).ok()).collect();
        let seen = self.seen.iter().cloned().map(Value::String).collect();
        let fields = [("entries", Value::Array(entries)), ("seen", Value::Array(seen))];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What came to it since it was like this.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let is_new = |entry: &&Entry| !before.entries.iter().any(|known| same_run(known, entry));
        Self {
            entries: self.entries.iter().filter(is_new).cloned().collect(),
            seen: self.seen.difference(&before.seen).cloned().collect(),
        }
    }

    /// With more. Of two outcomes of a trial the later one counts.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        for entry in more.entries {
            match self.entries.iter_mut().find(|known| same(&known.trial, &entry.trial)) {
                Some(known) if known.at > entry.at => {}
                Some(known) => *known = entry,
                None => self.entries.push(entry),
            }
        }
        self.seen.extend(more.seen);
        self
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.seen.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cookie::{Engine, Origin, Probe},
        exchange::{Exchange, Request, Response},
        lesson::{
            experiment::{Experiment, Finding, Setting, predict, trials},
            measured::{Failure, Figure, Measured},
        },
        scheme::Scheme,
        topology::StoreKind,
    };

    fn entry(at_trial: usize, finding: impl Into<Finding>, at: f64) -> Entry {
        let origin = Origin::parse("http://localhost:3000").unwrap();
        let setting = Setting::usual(Scheme::default(), Engine::Blink, origin);
        let trial = trials(Experiment::ScriptReads, &setting, &[]).swap_remove(at_trial);
        Entry { experiment: Experiment::ScriptReads, trial, outcome: Ok(Measured::new(finding)), at }
    }

    fn saved(entries: &[Entry], seen: &[&str]) -> Saved {
        Saved { entries: entries.to_vec(), seen: seen.iter().map(|id| (*id).to_owned()).collect() }
    }

    /// As it comes back from the server.
    fn again(saved: &Saved) -> Saved {
        let text = serde_json::to_string(&saved.write()).unwrap();
        Saved::read(serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut full = entry(0, false, 1_795_823_456.123);
        full.outcome = Ok(Measured::new(Finding::Probes([1, 191].into())).with(Figure::Knew(2), 7));
        let mut failed = entry(1, true, 2.5);
        failed.outcome = Err(Failure::Refused { status: 503, detail: "later".to_owned() });
        let saved = saved(&[full, failed], &["http-only"]);
        assert_eq!(again(&saved).since(&saved), Saved::default());
        assert_eq!(again(&saved).entries[1], saved.entries[1]);
    }

    #[test]
    fn everything_that_can_be_measured_fits_twice() {
        let origin = Origin::parse("https://login-lab.example.org:8443").unwrap();
        let mut all = Saved::default();
        for (experiment, scheme) in Experiment::ALL.into_iter().flat_map(|one| Scheme::ALL.map(|scheme| (one, scheme)))
        {
            let setting = Setting::usual(scheme, Engine::Blink, origin.clone());
            for trial in trials(experiment, &setting, &StoreKind::SHARED) {
                let finding = match predict(trial.what, &trial.setting).map(|p| p.finding) {
                    Some(Finding::Probes(_)) => Finding::Probes(Probe::all().map(|probe| probe.number).collect()),
                    found => found.unwrap_or(Finding::Micros(1234)),
                };
                let measured = Measured::new(finding).with(Figure::StatusWith, 200).with(Figure::StatusGenuine, 401);
                let outcome = Ok(measured.with(Figure::SecondsLeft, 28_800));
                all.entries.push(Entry { experiment, trial, outcome, at: 1_795_823_456.123 });
            }
        }
        let bytes = serde_json::to_string(&all.write()).unwrap().len();
        assert!(all.entries.len() > 200 && bytes < 256 * 1024, "{bytes} bytes for {}", all.entries.len());
    }

    #[test]
    fn no_exchange_is_written_down() {
        let mut one = entry(0, true, 1.0);
        let exchange = Exchange {
            id: 1,
            at: 1,
            from: crate::exchange::Sender::Page,
            node: Some(1),
            request: Request {
                method: "GET".into(),
                path: "/secret".into(),
                headers: vec![],
                body: None,
                body_base64: None,
            },
            response: Response { status: 200, headers: vec![], body: None },
            steps: vec![],
        };
        one.outcome.as_mut().unwrap().exchanges.push(std::sync::Arc::new(exchange));
        let text = serde_json::to_string(&saved(&[one], &[]).write()).unwrap();
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn two_tabs_that_measured_at_once_lose_nothing() {
        let before = saved(&[entry(0, true, 1.0)], &["a"]);
        let mine = saved(&[entry(0, false, 3.0), entry(1, true, 2.0)], &["a", "b"]);
        let theirs = saved(&[entry(0, true, 2.5), entry(2, true, 2.0)], &["a", "c"]);
        let merged = theirs.with(mine.since(&before));
        assert_eq!(merged.entries, [entry(0, false, 3.0), entry(2, true, 2.0), entry(1, true, 2.0)]);
        assert_eq!(merged.seen, saved(&[], &["a", "b", "c"]).seen);
    }

    #[test]
    fn after_a_reset_only_what_came_since_is_kept() {
        let before = saved(&[entry(0, true, 1.0)], &["a"]);
        assert!(Saved::default().with(before.since(&before)).is_empty());
        let mine = before.clone().with(saved(&[entry(1, true, 2.0)], &["b"]));
        assert_eq!(Saved::default().with(mine.since(&before)), saved(&[entry(1, true, 2.0)], &["b"]));
    }

    #[test]
    fn what_is_not_known_is_left_out_and_the_rest_read() {
        let mut document = saved(&[entry(0, true, 1.0)], &["a"]).write();
        document.insert("more".to_owned(), Value::Null);
        let Some(Value::Array(entries)) = document.get_mut("entries") else { panic!() };
        entries.push(serde_json::json!({"experiment": "of-tomorrow"}));
        assert_eq!(Saved::read(document), saved(&[entry(0, true, 1.0)], &["a"]));
        assert_eq!(Saved::read(Map::new()), Saved::default());
    }
}
