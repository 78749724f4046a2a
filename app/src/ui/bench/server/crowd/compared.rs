use crate::{
    state::bench::Bench,
    text::{Text, figures},
    ui::bench::server::crowd::measures::strategy,
};
use domain::{
    crowd::{CrowdResult, Quantity},
    topology::Strategy,
};
use leptos::prelude::*;

/// The strategies under each other, each by the crowds that were sent on it: three servers beside five.
#[component]
pub(crate) fn Compared(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let results = Memo::new(move |_| bench.view.with(|view| view.crowd.results.clone()));
    let rows = move || {
        let t = text;
        let row = |name: &'static str, class: &'static str, cells: Vec<String>| {
            let cells = cells.into_iter().map(|cell| view! { <td class=class>{cell}</td> }).collect_view();
            view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
        };
        let rows = |(index, one): (usize, Strategy)| {
            let name = t.servers.names[index];
            let sent: Vec<_> =
                results.with(|all| all.iter().filter(|result| strategy(result) == one).map(|r| cells(t, r)).collect());
            if sent.is_empty() {
                let none = vec![t.crowd().not_run.to_owned(); t.crowd().compared_columns.len() - 1];
                return vec![row(name, "not-run", none)];
            }
            sent.into_iter().map(|cells| row(name, "number", cells)).collect()
        };
        Strategy::ALL.into_iter().enumerate().flat_map(rows).collect_view()
    };
    let heads = move || text.crowd().compared_columns.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <h3 id="compared-title">{bench.word(|t| t.crowd().compared)}</h3>
        <p class="lede">{bench.word(|t| t.crowd().compared_lede)}</p>
        <div class="sheet scroll" tabindex="0" role="group" aria-labelledby="compared-title">
            <table class="figures compared">
                <caption class="off-screen">{bench.word(|t| t.crowd().compared)}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cells(t: &Text, result: &CrowdResult) -> Vec<String> {
    let measured = |what: Quantity| {
        let measure = result.measures.iter().find(|measure| measure.what == what);
        measure.map_or_else(|| "–".to_owned(), |measure| figures::measured(what, measure.measured))
    };
    vec![
        (t.adjust().topology)(&result.topology),
        measured(Quantity::KnownShare),
        measured(Quantity::LoginsLost),
        (t.crowd().messages)(&measured(Quantity::Messages), &measured(Quantity::MessageBytes)),
        measured(Quantity::StoreOperations),
        measured(Quantity::LoadGini),
        measured(Quantity::LatencyMedian),
    ]
}
