use crate::{state::bench::Bench, text::figures, ui::parts::bar::Bar};
use domain::crowd::{NodeLoad, Outcomes};
use leptos::prelude::*;

/// The crowd that is on its way: how far it is, which node has how much of it, and what comes of it.
#[component]
pub(crate) fn Running(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.crowd.with(Option::is_some));
    move || is_shown.get().then(|| view! { <Shown bench /> })
}

#[component]
fn Shown(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let done = move || bench.crowd.with(|crowd| crowd.as_ref().map_or(0, |crowd| crowd.outcomes.all()));
    let all = move || bench.crowd.with(|crowd| crowd.as_ref().map_or(1, |crowd| crowd.request.requests));
    let logins = move || bench.crowd.with(|crowd| crowd.as_ref().map_or(0, |crowd| crowd.logins));
    let nodes = move || bench.crowd.with(|crowd| crowd.as_ref().map(|crowd| crowd.nodes.clone()).unwrap_or_default());
    let outcomes = Signal::derive(move || {
        bench.crowd.with(|crowd| crowd.as_ref().map(|crowd| crowd.outcomes).unwrap_or_default())
    });
    view! {
        <div class="running">
            <h3>{bench.word(|t| t.crowd().running)}</h3>
            <p class="how-far">
                <progress max=move || all().to_string() value=move || done().to_string() aria-label=bench.word(|t| t.crowd().running)></progress>
                <span>{move || (text.crowd().progress)(done(), all(), logins())}</span>
            </p>
            <div class="charts">
                <Load bench nodes=Signal::derive(nodes) />
                <Ends bench outcomes />
            </div>
            <p class="note">{bench.word(|t| t.crowd().watch)}</p>
        </div>
    }
    .into_any()
}

/// Each node's share of a crowd.
#[component]
pub(crate) fn Load(bench: Bench, nodes: Signal<Vec<NodeLoad>>) -> impl IntoView {
    let text = bench.text();
    let rows = move || {
        let t = text;
        let nodes = nodes.get();
        let all = nodes.iter().map(|node| node.requests).sum();
        let row = |NodeLoad { id, up, requests }: NodeLoad| {
            let share = figures::fraction(requests, all);
            view! {
                <tr>
                    <th scope="row">
                        {(t.server.node)(id)} {(!up).then(|| view! { " " <span class="flag bad">{t.server.stopped}</span> })}
                    </th>
                    <td class="wide"><Bar share=Signal::stored(share) /> " " <small>{figures::share(requests, all)}</small></td>
                    <td class="number">{figures::count(requests)}</td>
                </tr>
            }
        };
        nodes.into_iter().map(row).collect_view()
    };
    let heads = move || text.crowd().load_columns.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <table class="figures load">
            <caption>{bench.word(|t| t.crowd().load)}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The counts in the order of their names.
fn counts(outcomes: &Outcomes) -> [u64; 6] {
    let Outcomes { known, refused, cut_off, unavailable, failed, mistaken } = *outcomes;
    [known, refused, cut_off, unavailable, failed, mistaken]
}

/// What came of the requests: a bar in parts, and the same in words and numbers.
#[component]
pub(crate) fn Ends(bench: Bench, outcomes: Signal<Outcomes>) -> impl IntoView {
    let text = bench.text();
    let label = move || {
        let t = text;
        let all = outcomes.get().all();
        let parts = t.crowd().outcome.into_iter().zip(counts(&outcomes.get())).filter(|(_, n)| *n > 0);
        let parts: Vec<_> = parts.map(|(name, n)| format!("{name} {}", figures::share(n, all))).collect();
        format!("{}: {}", t.crowd().outcomes, parts.join(", "))
    };
    let segments = move || {
        let parts = figures::stacked(&counts(&outcomes.get()));
        let segment = |(index, (x, width)): (usize, (f64, f64))| {
            view! { <rect class=format!("o{index}") x=format!("{x:.2}%") width=format!("{width:.2}%") height="100%"></rect> }
        };
        parts.into_iter().enumerate().map(segment).collect_view()
    };
    let rows = move || {
        let t = text;
        let all = outcomes.get().all();
        let row = |(index, (name, n)): (usize, (&'static str, u64))| {
            view! {
                <tr>
                    <th scope="row"><i class=format!("swatch o{index}") aria-hidden="true"></i>{name}</th>
                    <td class="number">{figures::count(n)} " " <small>{figures::share(n, all)}</small></td>
                </tr>
            }
        };
        // What never happened is not worth a line, but for the two that everybody asks about.
        let counted = t.crowd().outcome.into_iter().zip(counts(&outcomes.get())).enumerate();
        counted.filter(|(index, (_, n))| *n > 0 || matches!(index, 0 | 5)).map(row).collect_view()
    };
    let heads = move || text.crowd().outcome_columns.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <div class="ends">
            <table class="figures">
                <caption>{bench.word(|t| t.crowd().outcomes)}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <svg class="stack" role="img" aria-label=label>{segments}</svg>
        </div>
    }
    .into_any()
}
