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

/// The strategies side by side, each by the last crowd that was sent on it.
#[component]
pub(crate) fn Compared(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let results = Memo::new(move |_| bench.view.with(|view| view.crowd.results.clone()));
    let rows = move || {
        let t = text;
        let row = |(index, one): (usize, Strategy)| {
            let cells = results
                .with(|results| results.iter().rev().find(|result| strategy(result) == one).map(|r| cells(t, r)));
            let cells = match cells {
                Some(cells) => {
                    cells.into_iter().map(|cell| view! { <td class="number">{cell}</td> }.into_any()).collect_view()
                }
                None => (1..t.crowd.compared_columns.len())
                    .map(|_| view! { <td class="not-run">{t.crowd.not_run}</td> }.into_any())
                    .collect_view(),
            };
            view! { <tr><th scope="row">{t.servers.names[index]}</th>{cells}</tr> }
        };
        Strategy::ALL.into_iter().enumerate().map(row).collect_view()
    };
    let heads = move || text.crowd.compared_columns.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <h3 id="compared-title">{bench.word(|t| t.crowd.compared)}</h3>
        <p class="lede">{bench.word(|t| t.crowd.compared_lede)}</p>
        <div class="sheet scroll" tabindex="0" role="group" aria-labelledby="compared-title">
            <table class="figures compared">
                <caption class="off-screen">{bench.word(|t| t.crowd.compared)}</caption>
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
        (t.servers.topology)(&result.topology),
        measured(Quantity::KnownShare),
        measured(Quantity::LoginsLost),
        (t.crowd.messages)(&measured(Quantity::Messages), &measured(Quantity::MessageBytes)),
        measured(Quantity::StoreOperations),
        measured(Quantity::LoadGini),
        measured(Quantity::LatencyMedian),
    ]
}
