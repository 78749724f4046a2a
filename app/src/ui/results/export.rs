use crate::{
    browser,
    state::{bench::Bench, chosen::tally},
};
use domain::{
    lesson::{
        experiment::{Experiment, Trial, Verdict, predict},
        measured::Entry,
        report::{Format, Line, Report, Row, question},
        tally::Chosen,
    },
    scheme::Scheme,
};
use leptos::prelude::*;

/// The verdict as a file, or on paper.
#[component]
pub(super) fn Export(bench: Bench, chosen: Memo<Chosen>) -> impl IntoView {
    let locked = move || !bench.hydrated.get();
    let button = |format: Format| {
        let words = move || {
            let t = &bench.text().verdict;
            match format {
                Format::Markdown => t.markdown,
                Format::Csv => t.csv,
                Format::Json => t.json,
            }
        };
        view! {
            <button type="button" disabled=locked on:click=move |_| export(bench, &chosen.get_untracked(), format)>
                {words}
            </button>
        }
    };
    view! {
        <div class="buttons export" role="group" aria-label=bench.word(|t| t.verdict.export)>
            <span>{bench.word(|t| t.verdict.export)}</span>
            {[Format::Markdown, Format::Csv, Format::Json].map(button).into_iter().collect_view()}
            <button type="button" disabled=locked on:click=move |_| browser::print()>
                {bench.word(|t| t.verdict.print)}
            </button>
        </div>
    }
    .into_any()
}

/// Lets the visitor keep the verdict as a file.
fn export(bench: Bench, chosen: &Chosen, format: Format) {
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
    let t = bench.text();
    let cell = |scheme: Scheme| {
        let Some(tally) = tally(bench, chosen, experiment, scheme) else {
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
    let text = bench.text();
    let t = &text.experiments;
    let predicted = predict(trial.what, &trial.setting);
    let setting: Vec<_> = trial.setting.differences().into_iter().map(t.difference).collect();
    let outcome = entry.map(|entry| &entry.outcome);
    let verdict = entry.and_then(Entry::verdict);
    let figures = match outcome {
        Some(Ok(measured)) => text.experiments.words(measured),
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
