//! What the buttons around the experiments do: showing one, the lecture, the attacker's loot, the report.

use super::{control, report as tell, steer, switch_to};
use crate::{
    bench::Bench,
    browser,
    experiments::{Chosen, Entry, Slide, Tally},
    report::{Format, Line, Report, Row, question},
    said::Said,
};
use domain::{
    attack::Replayed,
    cookie::SameSite,
    lesson::experiment::{Experiment, Setting, Trial, Verdict, predict},
    scheme::{Carrier, Scheme},
};
use leptos::{prelude::*, task::spawn_local};

/// The element in which the lecture stands, and its heading.
pub(crate) const LECTURE: &str = "lecture-title";

/// An address that opens an experiment with these settings in a lab of its own, whoever follows it; never a
/// credential, and not this lab's id, which would hand the lab over.
pub(crate) fn address_of(set: &Setting, experiment: Experiment) -> String {
    let Setting { scheme, options, .. } = set;
    let mut address = format!("/?scheme={scheme}&experiment={}", experiment.name());
    if scheme.carrier == Carrier::Cookie {
        let flags = [
            (!options.http_only, "&http-only=off"),
            (options.secure, "&secure=on"),
            (options.host_prefix, "&host-prefix=on"),
        ];
        address.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, flag)| flag));
        if options.same_site != SameSite::default() {
            address.push_str("&same-site=");
            address.push_str(options.same_site.name());
        }
    }
    address
}

/// Says in the address which scheme and which experiment is looked at.
pub(super) fn write_address(bench: Bench) {
    let state = bench.experiments;
    let mut query = format!("?scheme={}", bench.scheme.get_untracked());
    let slide = state.lecture.get_untracked().map(|slide| slide.experiment);
    if let Some(experiment) = slide.or(state.linked.get_untracked()) {
        query.push_str("&experiment=");
        query.push_str(experiment.name());
    }
    if slide.is_some() {
        query.push_str("&lecture=1");
    }
    browser::replace_query(&query);
}

/// An experiment's reasons were opened or closed.
pub(crate) fn link_experiment(bench: Bench, experiment: Experiment, open: bool) {
    let linked = bench.experiments.linked;
    if open {
        linked.set(Some(experiment));
    } else if linked.get_untracked() == Some(experiment) {
        linked.set(None);
    }
    write_address(bench);
}

/// Goes to an experiment's card.
pub(crate) fn show_experiment(bench: Bench, experiment: Experiment) {
    bench.experiments.filter.set(None);
    link_experiment(bench, experiment, true);
    // What has just become visible can be scrolled to from the next turn on.
    browser::after(0, move || browser::go_to(&format!("experiment-{}", experiment.name())));
}

/// Goes to an experiment's card, and moves the switch to the scheme that it is to be seen with, which is said. While
/// something runs the switch stays where it is.
pub(crate) fn visit(bench: Bench, experiment: Experiment, scheme: Scheme) {
    let moves = bench.scheme.get_untracked() != scheme;
    if moves && bench.experiments.running.with_untracked(Option::is_none) {
        switch_to(bench, scheme);
    }
    show_experiment(bench, experiment);
}

pub(crate) fn open_lecture(bench: Bench) {
    let first = bench.experiments.linked.get_untracked().unwrap_or(Experiment::ALL[0]);
    show_slide(bench, Slide::of(first));
    browser::after(0, || browser::go_to(LECTURE));
}

pub(crate) fn leave_lecture(bench: Bench) {
    let Some(slide) = bench.experiments.lecture.get_untracked() else { return };
    bench.experiments.lecture.set(None);
    show_experiment(bench, slide.experiment);
}

pub(crate) fn show_slide(bench: Bench, slide: Slide) {
    bench.experiments.lecture.set(Some(slide));
    write_address(bench);
}

/// The attacker sends what it has taken.
pub(crate) fn replay(bench: Bench, loot: u64) {
    spawn_local(async move {
        let Some(answer) = control(bench, "POST", &format!("loot/{loot}/replay"), None).await else { return };
        tell(bench, &answer, |Replayed { status, user }| Said::Replayed { status, user });
    });
}

/// What the attacker has is forgotten.
pub(crate) fn empty_loot(bench: Bench) {
    steer(bench, "DELETE", "loot".to_owned(), None, Said::LootEmptied);
}

/// Lets the visitor keep the verdict as a file.
pub(crate) fn export(bench: Bench, chosen: &Chosen, format: Format) {
    let report = untrack(|| report(bench, chosen));
    let name = format!("login-lab-verdict.{}", format.extension());
    browser::download(&name, format.media_type(), &report.write(format));
}

fn report(bench: Bench, chosen: &Chosen) -> Report {
    let cells = Experiment::ALL.into_iter().flat_map(|one| Scheme::ALL.map(|scheme| (one, scheme)));
    let mut trials: Vec<(Experiment, Trial, Option<Entry>)> = Vec::new();
    for (experiment, scheme) in cells {
        let asked = chosen.trials(experiment, scheme).into_iter();
        trials.extend(asked.map(|trial| (experiment, trial.clone(), bench.experiments.entry(&trial))));
    }
    // What was measured under settings that the visitor has left since is not forgotten.
    let others = bench.experiments.entries.get_untracked().into_iter().filter(|entry| {
        let is_known = trials.iter().any(|(_, trial, _)| *trial == entry.trial);
        !is_known
    });
    let others: Vec<_> = others.map(|entry| (entry.experiment, entry.trial.clone(), Some(entry))).collect();
    trials.extend(others);
    let set = &chosen.set;
    Report {
        time: browser::now(),
        user_agent: browser::user_agent(),
        version: env!("CARGO_PKG_VERSION"),
        origin: bench.boot().origin.clone(),
        settings: serde_json::json!({
            "scheme": set.scheme,
            "cookie": set.options,
            "defences": set.defences,
            "servers": bench.view.with_untracked(|view| view.topology),
            "engine": set.engine,
            "third_party_cookies": set.third_party,
        }),
        verdict: Experiment::ALL.into_iter().map(|one| row(bench, chosen, one)).collect(),
        trials: trials.iter().map(|(one, trial, entry)| line(bench, *one, trial, entry.as_ref())).collect(),
    }
}

/// An experiment's row of the verdict, as the page shows it.
fn row(bench: Bench, chosen: &Chosen, experiment: Experiment) -> Row {
    let t = bench.lang.get_untracked().text();
    let cell = |scheme: Scheme| {
        let Some(tally) = Tally::of(bench.experiments, chosen, experiment, scheme) else {
            return t.verdict.does_not_apply.to_owned();
        };
        if tally.run == 0 {
            return t.verdict.not_run.to_owned();
        }
        let headline = match &tally.outcome {
            None => t.verdict.partly_run.to_owned(),
            Some(Ok(finding)) => (t.experiments.finding)(tally.what, finding),
            Some(Err(_)) => t.experiments.failed.to_owned(),
        };
        let mut notes = vec![(t.experiments.count)(tally.as_predicted, tally.judged)];
        notes.extend((tally.otherwise > 0).then(|| (t.verdict.otherwise)(tally.otherwise)));
        notes.extend((tally.run < tally.of).then(|| (t.experiments.so_far)(tally.run, tally.of)));
        format!("{headline} ({})", notes.join(", "))
    };
    Row {
        experiment: experiment.name(),
        words: (t.experiments.about.title)(experiment),
        cells: Scheme::ALL.map(|scheme| (scheme.name(), cell(scheme))).into(),
    }
}

fn line(bench: Bench, experiment: Experiment, trial: &Trial, entry: Option<&Entry>) -> Line {
    let text = bench.lang.get_untracked().text();
    let t = &text.experiments;
    let predicted = predict(trial.what, &trial.setting);
    let setting: Vec<_> = trial.setting.differences().into_iter().map(t.difference).collect();
    let outcome = entry.map(|entry| &entry.outcome);
    let verdict = entry.and_then(Entry::verdict);
    let figures = match outcome {
        Some(Ok(measured)) => measured.words(text),
        _ => Vec::new(),
    };
    Line {
        experiment: experiment.name(),
        scheme: trial.setting.scheme.name(),
        question: question(trial.what),
        words: (t.what)(trial.what),
        setting: setting.join("; "),
        predicted: predicted.as_ref().map(|p| (t.finding)(trial.what, &p.finding)).unwrap_or_default(),
        because: predicted.map(|p| (t.because)(p.because)).unwrap_or_default(),
        measured: match outcome {
            None => String::new(),
            Some(Ok(measured)) => (t.finding)(trial.what, &measured.finding),
            Some(Err(failure)) => format!("{}: {}", t.failed, (t.failure)(failure)),
        },
        verdict: match &verdict {
            None => String::new(),
            Some(Verdict::AsPredicted) => t.as_predicted.to_owned(),
            Some(Verdict::NotAsPredicted { .. }) => t.not_as_predicted.to_owned(),
            Some(Verdict::MeasuredOnly) => t.measured_only.to_owned(),
        },
        as_predicted: match &verdict {
            None | Some(Verdict::MeasuredOnly) => None,
            Some(verdict) => Some(*verdict == Verdict::AsPredicted),
        },
        measured_with: entry
            .filter(|entry| entry.outcome.is_ok())
            .map_or("", |entry| entry.trial.setting.scheme.name()),
        figures: figures.join("; "),
    }
}
