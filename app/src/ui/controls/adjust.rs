use crate::{act, state::bench::Bench, text::Text};
use domain::{
    api::LONGEST_FAULT,
    balance::Routing,
    lesson::press::Press,
    topology::{ChangeTopology, LONGEST_DELAY, Link, NODES, StoreKind, Topology},
};
use leptos::prelude::*;

const ROUTINGS: [(&str, Routing); 2] = [("round-robin", Routing::RoundRobin), ("sticky", Routing::Sticky)];

/// Every screw of the arrangement: nodes, routing, store, and what can go wrong between them.
#[component]
pub(crate) fn Adjust(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let locked = move || !bench.hydrated.get();
    let topology = Memo::new(move |_| bench.view.with(|view| view.topology));
    let nodes = move || topology.get().nodes;
    let routing =
        move || ROUTINGS.iter().find(|(_, routing)| *routing == topology.get().routing).map_or("", |(name, _)| *name);
    view! {
            <fieldset class="screws" disabled=locked>
                <span class="pick">
                    <label for="nodes">{bench.word(|t| t.adjust().nodes)}</label>
                    <select
                        id="nodes"
                        prop:value=move || nodes().to_string()
                        on:change=move |event| {
                            let nodes = event_target_value(&event).parse().ok();
                            act::press(bench, Press::Arrange(ChangeTopology { nodes, ..ChangeTopology::default() }));
                        }
                    >
                        {(1..=NODES)
                            .map(|n| view! { <option value=n.to_string() selected=move || nodes() == n>{n}</option> })
                            .collect_view()}
                    </select>
                </span>
                <span class="pick">
                    <label for="routing">{bench.word(|t| t.adjust().routing)}</label>
                    <select
                        id="routing"
                        prop:value=routing
                        on:change=move |event| {
                            let name = event_target_value(&event);
                            let routing = ROUTINGS.into_iter().find(|(one, _)| *one == name).map(|(_, routing)| routing);
                            act::press(bench, Press::Arrange(ChangeTopology { routing, ..ChangeTopology::default() }));
                        }
                    >
                        {ROUTINGS
                            .map(|(name, one)| {
                                view! {
                                    <option value=name selected=move || topology.get().routing == one>
                                        {(text.adjust().routings)(one)}
                                    </option>
                                }
                            })}
                    </select>
                </span>
                <Store bench topology />
                <Links bench topology />
                <Faults bench topology />
            </fieldset>
            <Missing bench />
    }
    .into_any()
}

fn is_available(bench: Bench, kind: StoreKind) -> bool {
    bench.view.with(|view| view.stores.iter().any(|offer| offer.kind == kind && offer.available))
}

#[component]
fn Store(bench: Bench, topology: Memo<Topology>) -> impl IntoView {
    let text = bench.text();
    view! {
        <span class="pick">
            <label for="store">{bench.word(|t| t.adjust().store)}</label>
            <select
                id="store"
                prop:value=move || topology.get().store.name()
                on:change=move |event| {
                    let name = event_target_value(&event);
                    let store = StoreKind::ALL.into_iter().find(|kind| kind.name() == name);
                    act::press(bench, Press::Arrange(ChangeTopology { store, ..ChangeTopology::default() }));
                }
            >
                {StoreKind::ALL
                    .map(|kind| {
                        view! {
                            <option
                                value=kind.name()
                                selected=move || topology.get().store == kind
                                disabled=move || !is_available(bench, kind)
                            >
                                {(text.servers.stores)(kind)}
                                {move || (!is_available(bench, kind)).then(|| format!(" ({})", text.adjust().not_here))}
                            </option>
                        }
                    })}
            </select>
        </span>
    }
    .into_any()
}

/// The stores that cannot be had here, and how they could.
#[component]
fn Missing(bench: Bench) -> impl IntoView {
    let missing = Memo::new(move |_| {
        bench.view.with(|view| view.stores.iter().filter(|offer| !offer.available).cloned().collect::<Vec<_>>())
    });
    let list = move || {
        let t = bench.text();
        let one = |offer: domain::view::StoreOffer| {
            let name = (t.servers.stores)(offer.kind);
            view! { <li><b>{name}</b> ": " {t.adjust().not_here} " · " <span class="how">{(t.detail)(&offer.how)}</span></li> }
        };
        missing.get().into_iter().map(one).collect_view()
    };
    view! { <ul class="missing" hidden=move || missing.with(Vec::is_empty)>{list}</ul> }.into_any()
}

/// A number that is sent when it has been entered. One that is out of bounds is brought back into them.
#[component]
fn Number(
    bench: Bench,
    id: &'static str,
    label: fn(&'static Text) -> &'static str,
    value: Signal<u64>,
    most: u64,
    step: u64,
    set: fn(Bench, u64),
) -> impl IntoView {
    // Only a change of this very number may overwrite what is being entered.
    let value = Memo::new(move |_| value.get());
    view! {
        <span class="pick">
            <label for=id>{bench.word(label)}</label>
            <input
                type="number"
                id=id
                min="0"
                max=most.to_string()
                step=step.to_string()
                inputmode="numeric"
                value=value.get_untracked().to_string()
                prop:value=move || value.get().to_string()
                on:change=move |event| {
                    let entered: f64 = event_target_value(&event).parse().unwrap_or(0.0);
                    set(bench, whole(entered).min(most));
                }
            />
        </span>
    }
    .into_any()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is below 0 becomes 0")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "0 to 100")]
fn set_link(bench: Bench, delay_ms: Option<u64>, percent: Option<u64>) {
    let link = bench.view.with_untracked(|view| view.topology.replication);
    let loss = percent.map_or(link.loss, |percent| percent as f64 / 100.0);
    let replication = Link { delay_ms: delay_ms.unwrap_or(link.delay_ms), loss, ..link };
    act::press(bench, Press::Arrange(ChangeTopology { replication: Some(replication), ..ChangeTopology::default() }));
}

#[component]
fn Links(bench: Bench, topology: Memo<Topology>) -> impl IntoView {
    let link = move || topology.get().replication;
    let is_shown = Memo::new(move |_| topology.get().store == StoreKind::Replicated);
    move || {
        is_shown.get().then(|| {
            view! {
                <Number
                    bench
                    id="delay"
                    label=|t| t.adjust().delay
                    value=Signal::derive(move || link().delay_ms)
                    most=LONGEST_DELAY
                    step=50
                    set=|bench, delay| set_link(bench, Some(delay), None)
                />
                <Number
                    bench
                    id="loss"
                    label=|t| t.adjust().loss
                    value=Signal::derive(move || whole(link().loss * 100.0))
                    most=100
                    step=5
                    set=|bench, percent| set_link(bench, None, Some(percent))
                />
            }
        })
    }
}

#[component]
fn Faults(bench: Bench, topology: Memo<Topology>) -> impl IntoView {
    let text = bench.text();
    let is_shown = Memo::new(move |_| topology.get().store.is_shared());
    let faults = Memo::new(move |_| bench.view.with(|view| view.faults));
    move || {
        is_shown.get().then(|| {
            view! {
                <button type="button" on:click=move |_| act::press(bench, Press::StopStore(!faults.get_untracked().store_down))>
                    {move || if faults.get().store_down { text.adjust().start_store } else { text.adjust().stop_store }}
                </button>
                <Number
                    bench
                    id="store-delay"
                    label=|t| t.adjust().store_delay
                    value=Signal::derive(move || faults.get().store_delay_ms)
                    most=LONGEST_FAULT
                    step=50
                    set=|bench, milliseconds| act::press(bench, Press::SlowStore(milliseconds))
                />
                <small class="wide">
                    {bench.word(|t| t.adjust().outage)} " " {bench.word(|t| t.adjust().store_delay_note)}
                </small>
            }
        })
    }
}
