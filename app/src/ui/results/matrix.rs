use crate::{state::bench::Bench, text::Text, ui::results::trials::rows};
use domain::{
    cookie::Probe,
    lesson::{
        experiment::{Experiment, Finding, predict},
        tally::Chosen,
    },
    scheme::Scheme,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// One comparison over all cookies: its name, what was predicted, and what was measured.
struct Column {
    title: &'static str,
    predicted: BTreeSet<usize>,
    measured: BTreeSet<usize>,
}

/// Which cookie of all went where, and which of it is not as predicted.
#[component]
pub(crate) fn Matrix(bench: Bench, chosen: Memo<Chosen>, scheme: Scheme) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let table = move || {
        is_open.get().then(|| {
            let t = bench.text();
            let columns: Vec<_> = rows(bench, chosen, Experiment::CookieRules, scheme)
                .into_iter()
                .filter_map(|(trial, entry)| {
                    let Some(Finding::Probes(predicted)) = predict(trial.what, &trial.setting).map(|p| p.finding)
                    else {
                        return None;
                    };
                    let Finding::Probes(measured) = entry?.outcome.ok()?.finding else { return None };
                    Some(Column { title: (t.experiments().what)(trial.what), predicted, measured })
                })
                .collect();
            shown(t, &columns)
        })
    };
    view! {
        <details class="matrix" open=move || is_open.get()>
            <summary on:click=move |event| {
                event.prevent_default();
                is_open.update(|open| *open = !*open);
            }>{bench.word(|t| t.verdict().matrix)}</summary>
            <p class="note">{bench.word(|t| t.verdict().matrix_how)}</p>
            {table}
        </details>
    }
    .into_any()
}

fn shown(t: &Text, columns: &[Column]) -> AnyView {
    let heads = columns.iter().map(|column| view! { <th scope="col">{column.title}</th> }).collect_view();
    let word = |yes: bool| if yes { t.verdict().yes } else { t.verdict().no };
    let row = |probe: Probe| {
        let cells = columns.iter().map(|column| {
            let measured = column.measured.contains(&probe.number);
            let predicted = column.predicted.contains(&probe.number);
            let words = if measured == predicted {
                word(measured).to_owned()
            } else {
                (t.verdict().matrix_differs)(word(measured), word(predicted))
            };
            view! { <td class:is-yes=measured class:bad={measured != predicted}>{words}</td> }
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row"><code>{attributes(&probe)}</code></th>{cells}</tr> }
    };
    let rows = Probe::all().map(row).collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=t.verdict().matrix>
            <table class="figures">
                <caption class="off-screen">{t.verdict().matrix}</caption>
                <thead><tr><th scope="col">{t.verdict().cookie}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The attributes that a probe has, as `Set-Cookie` spells them.
fn attributes(probe: &Probe) -> String {
    let mut all = Vec::new();
    all.extend(probe.host_prefix.then(|| "__Host-".to_owned()));
    all.extend(probe.http_only.then(|| "HttpOnly".to_owned()));
    all.extend(probe.secure.then(|| "Secure".to_owned()));
    all.push(
        probe.same_site.attribute().map_or_else(|| "SameSite unset".to_owned(), |value| format!("SameSite={value}")),
    );
    all.extend(probe.root.then(|| "Path=/".to_owned()));
    all.extend(probe.max_age.map(|seconds| format!("Max-Age={seconds}")));
    all.join("; ")
}
