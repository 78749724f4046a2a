use crate::{
    state::bench::Bench,
    text::figures,
    ui::bench::server::crowd::load::{Ends, Load},
};
use domain::{
    crowd::{CrowdResult, Expected, Measure},
    scheme::Credential,
    topology::Strategy,
};
use leptos::prelude::*;

/// Which strategy a crowd was sent on.
pub(crate) fn strategy(result: &CrowdResult) -> Strategy {
    Strategy::of(result.topology, result.request.scheme.credential == Credential::Jwt)
}

/// What the last crowd measured, beside what theory expects.
#[component]
pub(crate) fn Measures(bench: Bench) -> impl IntoView {
    let last = Memo::new(move |_| {
        let is_running = bench.crowd.with(Option::is_some);
        bench.view.with(|view| view.crowd.results.last().filter(|_| !is_running).cloned())
    });
    move || last.get().map(|result| view! { <Shown bench result /> })
}

#[component]
fn Shown(bench: Bench, result: CrowdResult) -> impl IntoView {
    let text = bench.text();
    let strategy = strategy(&result);
    let at = Strategy::ALL.iter().position(|one| *one == strategy).unwrap_or_default();
    let CrowdResult { topology, disturbed, stopped, outcomes, nodes, measures, .. } = result.clone();
    let about = move || (text.crowd().of)(&result);
    let rows = move || measures.iter().map(|measure| line(bench, *measure, strategy)).collect_view();
    let heads = move || text.crowd().measure_columns.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <div class="result">
            <h3>
                {bench.word(|t| t.crowd().result)} ": " {text.servers.names[at]} " "
                <small>{(text.adjust().topology)(&topology)} ". " {about}</small>
            </h3>
            {stopped.then(|| view! { <p class="warning">{bench.word(|t| t.crowd().stopped)}</p> })}
            {disturbed.then(|| view! { <p class="warning">{bench.word(|t| t.crowd().disturbed)}</p> })}
            <div class="charts">
                <Load bench nodes=Signal::stored(nodes) />
                <Ends bench outcomes=Signal::stored(outcomes) />
            </div>
            <div class="scroll" tabindex="0" role="group" aria-label=bench.word(|t| t.crowd().measures)>
                <table class="figures measures">
                    <caption>{bench.word(|t| t.crowd().measures)}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

fn line(bench: Bench, measure: Measure, strategy: Strategy) -> AnyView {
    let t = bench.text().crowd();
    let what = measure.what;
    let number = |number: f64| figures::measured(what, number);
    let expected = measure.expected.map(|expected: Expected| {
        let bounds = if expected.is_exact() {
            t.exactly.to_owned()
        } else {
            (t.between)(&number(expected.low), &number(expected.high))
        };
        view! { {number(expected.value)} " " <small>{bounds}</small> }
    });
    let (mark, words, class) = match measure.within() {
        None => ("", t.no_say, "soft"),
        Some(true) => ("✓ ", t.within, "good"),
        Some(false) => ("✕ ", t.not_as_predicted, "bad"),
    };
    view! {
        <tr>
            <th scope="row">{(t.quantity)(what)}</th>
            <td class="number">{number(measure.measured)}</td>
            <td class="number">{expected}</td>
            <td class=format!("verdict {class}")>{mark} {words}</td>
            <td class="why">{(t.why)(what, strategy)}</td>
        </tr>
    }
    .into_any()
}
