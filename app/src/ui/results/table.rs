use crate::{
    state::bench::Bench,
    text::Text,
    ui::results::{
        Opened, look_into,
        value::{judged, value},
    },
};
use domain::lesson::{
    experiment::{Axis, Difference, Verdict},
    results::{Cell, Column, Subject, Table},
};
use leptos::prelude::*;

/// One of the tables: rows in which its columns differ, or may, and the others behind a line.
#[component]
pub(super) fn Sheet(bench: Bench, all: Memo<Vec<Table>>, opened: Opened, axis: Axis) -> impl IntoView {
    let t = bench.text();
    let table = Memo::new(move |_| all.with(|tables| tables.iter().find(|table| table.axis == axis).cloned()));
    let columns = table.with_untracked(|table| table.as_ref().map(|table| table.columns.clone()).unwrap_or_default());
    let subjects = move |same: bool| {
        table.with(|table| {
            let rows = table.iter().flat_map(|table| &table.rows).filter(|row| row.is_the_same() == same);
            rows.map(|row| row.subject).collect::<Vec<_>>()
        })
    };
    let (open, folded) = (Memo::new(move |_| subjects(false)), Memo::new(move |_| subjects(true)));
    let is_unfolded = RwSignal::new(false);
    let heads = columns.iter().map(|column| view! { <th scope="col">{t.column(*column)}</th> }).collect_view();
    let span = (columns.len() + 1).to_string();
    let columns = StoredValue::new(columns);
    let rows = move |subjects: Vec<Subject>| {
        let row = |subject| view! { <Row bench table opened subject columns /> };
        subjects.into_iter().map(row).collect_view()
    };
    let other = move || {
        matches!(axis, Axis::Carrier | Axis::Credential).then(|| {
            let (same, differ) = table.with(|table| table.as_ref().map(Table::other_axis)).unwrap_or_default();
            let words = if same.is_empty() && differ.is_empty() {
                t.results().other_axis_open.to_owned()
            } else {
                let differ: Vec<_> = differ.into_iter().map(|subject| t.subject(subject)).collect();
                (t.results().other_axis)(axis, same.len(), &differ)
            };
            view! { <p class="other-axis">{words}</p> }
        })
    };
    view! {
        <div class="sheet results-sheet">
            <table class="figures results-table">
                <caption>{(t.results().table)(axis)}</caption>
                <thead><tr><th scope="col">{t.results().question}</th>{heads}</tr></thead>
                <tbody>{move || rows(open.get())}</tbody>
                <tbody class="fold" hidden=move || folded.with(Vec::is_empty)>
                    <tr>
                        <th scope="rowgroup" colspan=span>
                            <button
                                type="button"
                                class="quiet"
                                aria-expanded=move || if is_unfolded.get() { "true" } else { "false" }
                                on:click=move |_| is_unfolded.update(|is| *is = !*is)
                            >
                                {move || (t.results().folded)(folded.with(Vec::len))}
                            </button>
                        </th>
                    </tr>
                </tbody>
                // On paper they stand there all the same.
                <tbody class="folded" hidden=move || !is_unfolded.get()>{move || rows(folded.get())}</tbody>
            </table>
            {other}
        </div>
    }
    .into_any()
}

#[component]
fn Row(
    bench: Bench,
    table: Memo<Option<Table>>,
    opened: Opened,
    subject: Subject,
    columns: StoredValue<Vec<Column>>,
) -> impl IntoView {
    let t = bench.text();
    let cells = columns.get_value().into_iter().map(|column| {
        let cell = Memo::new(move |_| table.with(|table| table.as_ref()?.cell(subject, column).cloned()));
        let is_busy = move || {
            let experiment = cell.with(|cell| cell.as_ref().map(|cell| cell.experiment));
            let now = bench.experiments.running.get().map(|running| running.now).unwrap_or_default();
            now.into_iter().any(|(one, trial)| Some(one) == experiment && column.has(trial.setting.scheme))
        };
        let is_busy = Memo::new(move |_| is_busy());
        let waiting = move || {
            let left = is_busy.get().then(|| bench.experiments.running.with(|running| running.as_ref()?.waiting))?;
            left.map(|left| view! { <small class="waiting">{(t.results().seconds_left)(left)}</small> })
        };
        let shown = move || {
            let Some(cell) = cell.get() else {
                return view! { <span class="soft">{t.verdict().does_not_apply}</span> }.into_any();
            };
            let (experiment, scheme) = (cell.experiment, cell.scheme);
            view! {
                <button type="button" aria-haspopup="dialog" on:click=move |_| look_into(opened, experiment, scheme)>
                    {found(t, &cell)}
                    <span class="off-screen">{format!(" {}, {}", t.subject(subject), t.column(column))}</span>
                </button>
            }
            .into_any()
        };
        view! { <td data-label=t.column(column) class:busy=move || is_busy.get()>{shown} {waiting}</td> }
    });
    view! { <tr><th scope="row">{t.subject(subject)}</th>{cells.collect_view()}</tr> }.into_any()
}

/// What was found, under which setting if it is not the usual one, and where it is not so.
fn found(t: &'static Text, cell: &Cell) -> AnyView {
    let what = cell.trial.what;
    let headline = match &cell.outcome {
        None => return view! { <span class="soft">{t.results().not_measured}</span> }.into_any(),
        Some(Ok(finding)) => value(t, what, finding),
        Some(Err(_)) => view! { <b class="failed">{t.experiments().failed}</b> }.into_any(),
    };
    let set: Vec<_> = cell.trial.setting.differences();
    // About several servers the column says it already.
    let set = (!set.iter().any(|one| matches!(one, Difference::Servers(..))) && !set.is_empty())
        .then(|| view! { <small>{setting(t, set)}</small> });
    let unlike = (cell.unlike > 0).then_some(Verdict::NotAsPredicted { differ: cell.unlike });
    let otherwise = cell.otherwise.iter().map(|(set, finding)| {
        view! { <small class="otherwise">{setting(t, set.clone())} ": " {(t.experiments().finding)(what, finding)}</small> }
    });
    let question = cell.question.map(|what| view! { <small class="asked">{(t.experiments().what)(what)} ":"</small> });
    view! { {question} {headline} " " {set} " " {judged(t, unlike)} {otherwise.collect_view()} }.into_any()
}

/// A setting in words.
pub(super) fn setting(t: &Text, differences: Vec<Difference>) -> String {
    let words: Vec<_> = differences.into_iter().map(t.experiments().difference).collect();
    if words.is_empty() { t.experiments().usual.to_owned() } else { words.join(", ") }
}
