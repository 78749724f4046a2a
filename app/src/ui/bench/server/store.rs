use crate::{
    state::bench::Bench,
    text::figures,
    ui::parts::{chip::Chip, place::Part},
};
use domain::view::{HeldAs, OperationView, Row, StoreView};
use leptos::prelude::*;

/// The store that all nodes share: which, where, whether it answers.
#[component]
pub(crate) fn Store(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.view.with(|view| view.store.is_some()));
    move || is_shown.get().then(|| view! { <Shown bench /> })
}

#[component]
fn Shown(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let store = Memo::new(move |_| {
        bench.view.with(|view| {
            let of = |store: &StoreView| (store.kind, store.address.clone(), store.available, store.listable);
            view.store.as_ref().map(of)
        })
    });
    let faults = Memo::new(move |_| bench.view.with(|view| view.faults));
    let inside = move || {
        let t = text;
        store.get().map(|(kind, address, available, listable)| {
            let faults = faults.get();
            let slowed = (faults.store_delay_ms > 0).then(|| {
                view! { <span class="flag bad">{(t.fleet().slowed)(faults.store_delay_ms)}</span> }
            });
            let outage = (!available).then(|| {
                let played = if faults.store_down { t.fleet().down_played } else { "" };
                view! { <p class="warning">{t.fleet().down_note} " " {played}</p> }
            });
            view! {
                <div class="store" class:down=!available>
                    <p class="head">
                        <b>{(t.servers.stores)(kind)}</b>
                        <code>{address}</code>
                        <span class="flag" class:on=available class:bad=!available>
                            {if available { t.fleet().available } else { t.fleet().down }}
                        </span>
                        {slowed}
                    </p>
                    {outage}
                    {(!listable).then(|| view! { <p class="note">{t.fleet().unlistable}</p> })}
                </div>
            }
        })
    };
    view! { <Part bench title=|t| t.fleet().store remark=|_| "">{inside}</Part> }.into_any()
}

/// What the store literally holds, a row to open each.
#[component]
pub(crate) fn Held(bench: Bench) -> impl IntoView {
    let rows = bench.view.with_untracked(|view| view.rows().cloned().collect::<Vec<_>>());
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|row| {
            let Row { key, held, .. } = row;
            held.map(|held| view! { <OneHeld bench key held /> })
        })
        .collect();
    view! { <div class="held-as">{rows}</div> }.into_any()
}

#[component]
fn OneHeld(bench: Bench, key: String, held: HeldAs) -> impl IntoView {
    let text = bench.text();
    let HeldAs { key: own_key, value, ttl } = held;
    let ttl = ttl.map(|ttl| {
        view! { <div><dt>{bench.word(|t| t.fleet().held_ttl)}</dt><dd>{(text.fleet().ttl)(ttl)}</dd></div> }
    });
    view! {
        <details>
            <summary><Chip bench value=key /> " " {bench.word(|t| t.fleet().held_as)}</summary>
            <dl>
                <div><dt>{bench.word(|t| t.fleet().held_key)}</dt><dd><code>{own_key}</code></dd></div>
                <div><dt>{bench.word(|t| t.fleet().held_value)}</dt><dd><code>{value}</code></dd></div>
                {ttl}
            </dl>
        </details>
    }
    .into_any()
}

/// What a shared store was asked, and how long it took.
#[component]
pub(crate) fn Operations(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let operations = Memo::new(move |_| {
        bench.view.with(|view| {
            let asked = |operation: &&OperationView| operation.count > 0 || operation.failed > 0;
            view.store.is_some().then(|| view.operations.iter().filter(asked).copied().collect::<Vec<_>>())
        })
    });
    let is_shown = Memo::new(move |_| operations.with(Option::is_some));
    let table = move || {
        let t = text.fleet();
        let operations = operations.get().unwrap_or_default();
        if operations.is_empty() {
            return view! { <p class="empty">{t.no_operations}</p> }.into_any();
        }
        let heads = t.operation_columns.map(|name| view! { <th scope="col">{name}</th> });
        let row = |view: OperationView| {
            view! {
                <tr>
                    <th scope="row">{(t.operation)(view.operation)}</th>
                    <td class="number">{figures::count(view.count)}</td>
                    <td class="number" class:bad={view.failed > 0}>{figures::count(view.failed)}</td>
                    <td class="number">{figures::time(view.mean_micros)}</td>
                    <td class="number">{figures::time(view.slowest_micros)}</td>
                </tr>
            }
        };
        let rows = operations.into_iter().map(row).collect_view();
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label=t.operations>
                <table class="figures">
                    <caption class="off-screen">{t.operations}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    move || {
        is_shown.get().then(|| {
            view! { <Part bench title=|t| t.fleet().operations remark=|t| t.fleet().operations_how>{table}</Part> }
        })
    }
}
