use crate::{
    state::{bench::Bench, chosen::chosen, stage::Stage},
    ui::parts::behind::{Row, question},
};
use domain::lesson::{claim::Claim, experiment::Experiment};
use leptos::prelude::*;

/// The comparisons that make the contrast. Nobody is to see what was measured before what is predicted.
#[component]
pub(crate) fn Table(bench: Bench, claim: &'static Claim, names: Vec<String>, rows: Memo<Vec<Row>>) -> impl IntoView {
    let text = bench.text();
    let t = &text.guide;
    let first = claim.behind.first().map(|part| part.scheme);
    // Said once where it is the same for all.
    let common = first.filter(|scheme| claim.behind.iter().all(|part| part.scheme == *scheme));
    // What they answer, where it is one question.
    let chosen = untrack(|| chosen(bench));
    let mut questions = claim.behind.iter().map(|part| question(text, &chosen, part));
    let one = questions.next().filter(|one| questions.all(|other| other == *one));
    let lines = claim.behind.iter().zip(names).enumerate().map(|(at, (part, name))| {
        let scheme = (text.scheme)(part.scheme);
        let says_so = common.is_some() || name.eq_ignore_ascii_case(scheme);
        view! {
            <tr>
                <th scope="row">{name} {(!says_so).then(|| view! { " " <small>{scheme}</small> })}</th>
                <Cells bench at experiment=part.experiment rows />
            </tr>
        }
    });
    view! {
        <table class="contrast">
            {common.map(|scheme| view! { <caption>{(text.scheme)(scheme)}</caption> })}
            <thead>
                <tr><th scope="col">{one.unwrap_or(t.case)}</th><th scope="col" class="of-predicted">{t.predicted}</th><th scope="col">{t.measured}</th></tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Cells(bench: Bench, at: usize, experiment: Experiment, rows: Memo<Vec<Row>>) -> impl IntoView {
    let text = bench.text();
    let stage = bench.guide.stage;
    let row = Memo::new(move |_| rows.with(|rows| rows.get(at).cloned().unwrap_or_default()));
    let predicted = move || {
        let is_told = stage.get() >= Stage::Prediction;
        row.with(|row| match row.predicted.join("\n") {
            _ if !is_told => "?".to_owned(),
            none if none.is_empty() => text.experiments().nothing_predicted.to_owned(),
            all => all,
        })
    };
    let is_seen = move || stage.get() >= Stage::Seen;
    let measured = move || {
        if !is_seen() {
            return String::new();
        }
        let running = bench.experiments.running.with(|running| Some(running.as_ref()?.now.first()?.0));
        row.with(|row| match row.measured.join("\n") {
            none if none.is_empty() && running == Some(experiment) => "…".to_owned(),
            none if none.is_empty() => text.guide.not_measured.to_owned(),
            all => all,
        })
    };
    let is_unlike = move || is_seen() && row.with(|row| row.is_unlike);
    let is_like = move || is_seen() && row.with(|row| row.is_whole && !row.is_unlike);
    let judged = move || match (is_like(), is_unlike()) {
        (true, _) => text.experiments().as_predicted,
        (_, true) => text.experiments().not_as_predicted,
        _ => "",
    };
    view! {
        <td class="predicted">{predicted}</td>
        <td class="measured" class:like=is_like class:unlike=is_unlike>{measured} <span class="off-screen">{judged}</span></td>
    }
    .into_any()
}
