use crate::{
    state::bench::{Bench, held},
    ui::{
        bench::{
            server::summary,
            wire::exchange::{carried, is_refused, sender},
        },
        parts::chip::Chip,
    },
};
use domain::exchange::Exchange;
use leptos::prelude::*;

/// The bench in three lines: a run is watched from wherever the visitor looks.
#[component]
pub(super) fn Live(bench: Bench) -> impl IntoView {
    let credentials = Memo::new(move |_| {
        let all = bench.browser.with(held).into_iter();
        all.map(|held| held.value).collect::<Vec<_>>()
    });
    let last = Memo::new(move |_| bench.exchanges.with(|all| all.last().cloned()));
    let holds = move || match credentials.get() {
        none if none.is_empty() => bench.text().browser.nothing.into_any(),
        all => all.into_iter().map(|value| view! { <Chip bench value /> " " }).collect_view().into_any(),
    };
    let wire = move || last.get().map(|exchange| at_a_glance(bench, &exchange));
    view! {
        <dl class="live">
            <div class="browser"><dt>{bench.word(|t| t.browser.title)}</dt><dd>{holds}</dd></div>
            <div class="wire"><dt>{bench.word(|t| t.wire.title)}</dt><dd>{wire}</dd></div>
            <div class="server"><dt>{bench.word(|t| t.server.title)}</dt><dd>{move || summary(bench)}</dd></div>
        </dl>
    }
    .into_any()
}

/// What was asked, with which credential, and how it was answered.
fn at_a_glance(bench: Bench, exchange: &Exchange) -> AnyView {
    let route = exchange.request.route();
    let route = if route.is_empty() { "/lab/…".to_owned() } else { format!("/{route}") };
    let refused = is_refused(exchange);
    let brought = exchange.request.headers.iter().filter_map(|(name, value)| carried(name, value)).flatten();
    let brought = brought.map(
        |(prefix, value)| view! { <span class="kv"><span class="how">{prefix}</span><Chip bench value /></span> " " },
    );
    let brought = brought.collect_view();
    let from = sender(bench.text(), exchange.from).map(|sender| view! { <span class="flag bad">{sender}</span> " " });
    view! {
        // Where it is narrow, what was asked is cut and not how it was answered.
        <span class="asked">
            {from} <b>{exchange.request.method.clone()}</b> " " <span class="path">{route}</span> " " {brought}
        </span>
        <span class="code" class:good=!refused class:bad=refused>{exchange.response.status}</span>
    }
    .into_any()
}
