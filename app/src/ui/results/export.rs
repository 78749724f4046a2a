use crate::{
    browser,
    state::bench::Bench,
    text::Text,
    ui::results::{counted, table::setting},
};
use domain::{
    lesson::{
        experiment::{Experiment, Trial, Verdict, predict},
        measured::Entry,
        report::{Format, Headings, Line, Report, Sheet, question},
        results::{Cell, Given, Row, Table, advice},
        tally::Chosen,
    },
    scheme::Scheme,
};
use leptos::prelude::*;

/// The results as a file, or on paper.
#[component]
pub(super) fn Export(bench: Bench, chosen: Memo<Chosen>, all: Memo<Vec<Table>>) -> impl IntoView {
    let locked = move || !bench.hydrated.get();
    let button = |format: Format| {
        let words = move || {
            let t = bench.text().verdict();
            match format {
                Format::Markdown => t.markdown,
                Format::Csv => t.csv,
                Format::Json => t.json,
            }
        };
        view! {
            <button type="button" disabled=locked on:click=move |_| {
                all.with_untracked(|tables| export(bench, &chosen.get_untracked(), tables, format));
            }>
                {words}
            </button>
        }
    };
    view! {
        <div class="buttons export" role="group" aria-label=bench.word(|t| t.verdict().export)>
            <span>{bench.word(|t| t.verdict().export)}</span>
            {[Format::Markdown, Format::Csv, Format::Json].map(button).into_iter().collect_view()}
            <button type="button" disabled=locked on:click=move |_| browser::print()>
                {bench.word(|t| t.verdict().print)}
            </button>
        </div>
    }
    .into_any()
}

/// Lets the visitor keep the results as a file.
fn export(bench: Bench, chosen: &Chosen, tables: &[Table], format: Format) {
    let report = untrack(|| report(bench, chosen, tables));
    browser::download(&format.file_name(&report.time), format.media_type(), &report.write(format));
}

fn report(bench: Bench, chosen: &Chosen, tables: &[Table]) -> Report {
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
    let (set, t) = (&chosen.set, bench.text());
    let topology = bench.view.with_untracked(|view| view.topology);
    let (time, user_agent) = (browser::now(), browser::user_agent());
    let (measured, unlike) = bench.experiments.entries.with_untracked(|entries| counted(entries));
    let settings = (t.results().settings)(
        (t.scheme)(set.scheme),
        &setting(t, set.differences()),
        &(t.adjust().topology)(&topology),
    );
    let values = [time.clone(), user_agent.clone(), settings, (t.results().measured)(measured, unlike)];
    Report {
        time,
        user_agent,
        version: env!("CARGO_PKG_VERSION"),
        origin: bench.boot().origin.clone(),
        settings: serde_json::json!({
            "scheme": set.scheme,
            "cookie": set.options,
            "defences": set.defences,
            "servers": topology,
            "engine": set.engine,
            "third_party_cookies": set.third_party,
        }),
        summary: t.results().summary.into_iter().zip(values).collect(),
        advice: advice(tables).iter().map(|given| advised(t, given)).collect(),
        tables: tables.iter().map(|table| sheet(t, table)).collect(),
        trials: trials.iter().map(|(one, trial, entry)| line(bench, *one, trial, entry.as_ref())).collect(),
        headings: Headings {
            title: t.results().report_title,
            advice: t.results().advice_title,
            no_advice: t.results().no_advice,
            comparisons: t.experiments().trials,
            columns: t.results().columns,
        },
    }
}

fn advised(t: &Text, given: &Given) -> String {
    let rows: Vec<_> = given.rests_on.iter().map(|subject| format!("“{}”", t.subject(*subject))).collect();
    format!("{} ({}: {})", (t.results().advice)(given.advice), t.results().rests_on, rows.join(", "))
}

/// A table as the page shows it, in words.
fn sheet(t: &Text, table: &Table) -> Sheet {
    let heads = table.columns.iter().map(|column| t.column(*column).to_owned());
    let row = |row: &Row| {
        let cells = row
            .cells
            .iter()
            .map(|cell| cell.as_ref().map_or_else(|| t.verdict().does_not_apply.to_owned(), |cell| said(t, cell)));
        std::iter::once(t.subject(row.subject).to_owned()).chain(cells).collect()
    };
    Sheet {
        title: (t.results().table)(table.axis).to_owned(),
        columns: std::iter::once(t.results().question.to_owned()).chain(heads).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}

fn said(t: &Text, cell: &Cell) -> String {
    let what = cell.trial.what;
    let mut notes = Vec::new();
    let headline = match &cell.outcome {
        None => return t.results().not_measured.to_owned(),
        Some(Ok(finding)) => (t.experiments().finding)(what, finding),
        Some(Err(_)) => t.experiments().failed.to_owned(),
    };
    let set = cell.trial.setting.differences();
    notes.extend((!set.is_empty()).then(|| setting(t, set)));
    let otherwise = cell.otherwise.iter();
    notes
        .extend(otherwise.map(|(set, finding)| {
            format!("{}: {}", setting(t, set.clone()), (t.experiments().finding)(what, finding))
        }));
    notes.extend((cell.unlike > 0).then(|| t.experiments().not_as_predicted.to_owned()));
    let headline = match cell.question {
        Some(question) => format!("{}: {headline}", (t.experiments().what)(question)),
        None => headline,
    };
    if notes.is_empty() { headline } else { format!("{headline} ({})", notes.join("; ")) }
}

fn line(bench: Bench, experiment: Experiment, trial: &Trial, entry: Option<&Entry>) -> Line {
    let text = bench.text();
    let t = text.experiments();
    let predicted = predict(trial.what, &trial.setting);
    let setting: Vec<_> = trial.setting.differences().into_iter().map(t.difference).collect();
    let outcome = entry.map(|entry| &entry.outcome);
    let verdict = entry.and_then(Entry::verdict);
    let figures = match outcome {
        Some(Ok(measured)) => text.experiments().words(measured),
        _ => Vec::new(),
    };
    Line {
        experiment: experiment.name(),
        scheme: trial.setting.scheme.name(),
        with: (text.scheme)(trial.setting.scheme),
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
