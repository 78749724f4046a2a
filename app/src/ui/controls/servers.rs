use crate::{act, state::bench::Bench, ui::controls::adjust::Adjust};
use domain::{
    scheme::Credential,
    topology::{StoreKind, Strategy},
};
use leptos::prelude::*;

/// Which strategy the servers follow at this moment.
pub(crate) fn strategy(bench: Bench) -> Strategy {
    let is_token = bench.scheme.get().credential == Credential::Jwt;
    Strategy::of(bench.view.with(|view| view.topology), is_token)
}

/// The shared stores that can be had here, the best one first.
pub(crate) fn shared_stores(bench: Bench) -> Vec<StoreKind> {
    bench.view.with(|view| {
        let is_there = |kind: &StoreKind| view.stores.iter().any(|offer| offer.kind == *kind && offer.available);
        StoreKind::SHARED.into_iter().filter(is_there).collect()
    })
}

/// The third choice, beside the credential and the carrier: how several servers share logins.
#[component]
pub(crate) fn Servers(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let now = Memo::new(move |_| strategy(bench));
    let at = move || Strategy::ALL.iter().position(|one| *one == now.get()).unwrap_or_default();
    let offered = Memo::new(move |_| shared_stores(bench));
    let chosen = RwSignal::new(None::<StoreKind>);
    // The one that is used, else the one that was picked here, else the best.
    let shared = Memo::new(move |_| {
        let used = Some(bench.view.with(|view| view.topology.store)).filter(|kind| kind.is_shared());
        used.or_else(|| chosen.get()).or_else(|| offered.with(|offered| offered.first().copied()))
    });
    view! {
        <section class="servers" id="servers" aria-labelledby="servers-title">
            <div class="line">
                <h2 id="servers-title">{bench.word(|t| t.servers.title)}</h2>
                <div class="presets" role="group" aria-label=bench.word(|t| t.servers.presets)>
                    {Strategy::ALL
                        .into_iter()
                        .enumerate()
                        .map(|(index, strategy)| view! { <Preset bench index strategy now shared /> })
                        .collect_view()}
                </div>
                <Shared bench offered shared chosen />
            </div>
            <p class="what">
                {move || text.servers.what[at()]} " "
                <b>{bench.word(|t| t.servers.attempt_label)}</b> " "
                {move || text.servers.attempt[at()]}
            </p>
            <Adjust bench />
        </section>
    }
    .into_any()
}

#[component]
fn Preset(
    bench: Bench,
    index: usize,
    strategy: Strategy,
    now: Memo<Strategy>,
    shared: Memo<Option<StoreKind>>,
) -> impl IntoView {
    let text = bench.text();
    let is_on = move || now.get() == strategy;
    let is_missing = move || strategy == Strategy::Separate && shared.get().is_none();
    view! {
        <button
            type="button"
            aria-pressed=move || if is_on() { "true" } else { "false" }
            disabled=move || !bench.hydrated.get() || is_missing()
            title=move || is_missing().then_some(text.servers.no_shared)
            on:click=move |_| act::adopt(bench, strategy, shared.get_untracked().unwrap_or(StoreKind::Sqlite))
        >
            {text.servers.names[index]}
        </button>
    }
    .into_any()
}

/// Which store *Separate storage* means, where there is a choice.
#[component]
fn Shared(
    bench: Bench,
    offered: Memo<Vec<StoreKind>>,
    shared: Memo<Option<StoreKind>>,
    chosen: RwSignal<Option<StoreKind>>,
) -> impl IntoView {
    let name = move || shared.get().map_or("", StoreKind::name);
    let options = move || {
        let option = |kind: StoreKind| {
            view! { <option value=kind.name() selected=move || shared.get() == Some(kind)>{(bench.text().servers.stores)(kind)}</option> }
        };
        offered.get().into_iter().map(option).collect_view()
    };
    view! {
        <span class="pick" hidden=move || offered.with(Vec::len) < 2>
            <label for="shared-store">{bench.word(|t| t.servers.shared)}</label>
            <select
                id="shared-store"
                disabled=move || !bench.hydrated.get()
                prop:value=name
                on:change=move |event| {
                    let name = event_target_value(&event);
                    let Some(kind) = StoreKind::SHARED.into_iter().find(|kind| kind.name() == name) else { return };
                    chosen.set(Some(kind));
                    if bench.view.with_untracked(|view| view.topology.store.is_shared()) {
                        act::adopt(bench, Strategy::Separate, kind);
                    }
                }
            >
                {options}
            </select>
        </span>
    }
    .into_any()
}
