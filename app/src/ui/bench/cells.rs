use crate::{
    state::bench::{Bench, held},
    ui::{
        bench::wire::exchange::{carried, given, is_refused},
        parts::chip::Chip,
    },
};
use leptos::prelude::*;

/// The places at a glance, a cell each, where there is room for one of them only: a cell opens its place.
#[component]
pub(crate) fn Cells(
    bench: Bench,
    /// The place that is open.
    open: RwSignal<&'static str>,
) -> impl IntoView {
    let t = bench.text();
    let chips =
        move |values: Vec<String>| values.into_iter().map(|value| view! { <Chip bench value /> }).collect_view();
    let holds = Memo::new(move |_| bench.browser.with(held).into_iter().map(|held| held.value).collect::<Vec<_>>());
    let last = Memo::new(move |_| bench.exchanges.with(|all| all.last().cloned()));
    let wire = move || {
        last.get().map(|exchange| {
            let refused = is_refused(&exchange);
            let headers = exchange.request.headers.iter();
            let brought = headers.filter_map(|(name, value)| carried(name, value)).flatten().map(|(_, value)| value);
            // A login brings it down; every other request takes it up.
            let given = given(&exchange);
            let seen = if given.is_empty() { brought.collect() } else { given };
            view! {
                <span>
                    {exchange.request.method.clone()} " "
                    <span class="code" class:good=!refused class:bad=refused>{exchange.response.status}</span>
                </span>
                {chips(seen)}
            }
        })
    };
    let nodes = move || {
        let hit = last.with(|last| last.as_ref().and_then(|exchange| exchange.node));
        let nodes = bench.view.with(|view| view.nodes.iter().map(|node| (node.id, node.up)).collect::<Vec<_>>());
        // One alone needs no number.
        let several = if nodes.len() > 1 { nodes } else { Vec::new() };
        several
            .into_iter()
            .map(|(id, up)| view! { <i class:hit={hit == Some(id)} class:down=!up>{id.to_string()}</i> })
            .collect_view()
    };
    let rows =
        Memo::new(move |_| bench.view.with(|view| view.logins().into_iter().map(str::to_owned).collect::<Vec<_>>()));
    let loot = Memo::new(move |_| {
        bench.view.with(|view| view.attacker.loot.iter().map(|piece| piece.credential.clone()).collect::<Vec<_>>())
    });
    let cell = move |id: &'static str, title: &'static str, inside: AnyView| {
        view! {
            <button
                type="button"
                class=format!("cell {id}")
                aria-controls=id
                aria-expanded=move || if open.get() == id { "true" } else { "false" }
                on:click=move |_| open.set(id)
            >
                <b>{title}</b>
                {inside}
            </button>
        }
    };
    view! {
        <div class="cells">
            {cell("browser", t.browser.title, (move || chips(holds.get())).into_any())}
            {cell("wire", t.wire.title, wire.into_any())}
            {cell("server", t.server.title, view! { <span class="numbers">{nodes}</span> {move || chips(rows.get())} }.into_any())}
            {move || {
                let loot = loot.get();
                (!loot.is_empty()).then(|| cell("attacker", t.page.attacker, chips(loot).into_any()))
            }}
        </div>
    }
    .into_any()
}
