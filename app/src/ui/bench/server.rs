use crate::{
    state::{bench::Bench, lazy::Lazy},
    ui::{
        bench::{
            browser::token::countdown,
            server::{
                nodes::Nodes,
                store::{Held, Operations, Store},
                users::Users,
            },
        },
        parts::{
            chip::Chip,
            lazily::Lazily,
            place::{Part, Place},
        },
    },
};
use domain::{
    Seconds,
    view::{Denied, KeyView, Row},
};
use leptos::prelude::*;

pub(crate) mod crowd;
mod nodes;
pub(crate) mod replication;
mod store;
mod users;

/// The third place: nodes, session rows, keys, users, and the denylist when it is on.
#[component]
pub(crate) fn ServerStores(bench: Bench) -> impl IntoView {
    let crowd = bench.shows_crowd;
    let uses_tokens = Memo::new(move |_| bench.uses_tokens());
    let tab = move |of_crowd: bool, name: &'static str| {
        let id = if of_crowd { "crowd" } else { "stored" };
        view! {
            <button
                type="button"
                role="tab"
                id=id
                aria-selected=move || if crowd.get() == of_crowd { "true" } else { "false" }
                on:click=move |_| crowd.set(of_crowd)
            >
                {name}
            </button>
        }
    };
    view! {
        <Place bench id="server" title=|t| t.server.title remark=Signal::derive(move || summary(bench))>
            <div class="tabs" role="tablist" aria-label=bench.word(|t| t.server.title)>
                {tab(false, bench.word(|t| t.server.now))} {tab(true, bench.word(|t| t.server.crowd))}
            </div>
            <div hidden=move || crowd.get()>
                <Nodes bench />
                <Lazily bench what=Lazy::Replication when=Signal::derive(move || bench.is_copied()) />
                <Store bench />
                <Sessions bench />
                <Operations bench />
                {move || uses_tokens.get().then(|| view! { <Keys bench /> })}
                <Users bench />
                <Denylist bench />
            </div>
            <div hidden=move || !crowd.get()>
                <Lazily bench what=Lazy::Crowd when=crowd />
            </div>
        </Place>
    }
    .into_any()
}

/// How much the server stores.
pub(crate) fn summary(bench: Bench) -> String {
    let t = bench.text();
    bench.view.with(|view| {
        // Nobody can tell how many there are in a store that does not answer.
        if view.store.as_ref().is_some_and(|store| !store.available) {
            return t.fleet.silent.to_owned();
        }
        let bytes = view.rows().map(|row| row.bytes).sum();
        (t.server.summary)(view.logins().len(), view.rows().count(), bytes)
    })
}

/// The table of sessions, of the one node or of the store that all nodes share. What several nodes hold each for
/// itself stands beside the node.
#[component]
fn Sessions(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.view.with(|view| view.store.is_some() || view.nodes.len() == 1));
    move || is_shown.get().then(|| view! { <SessionTable bench /> })
}

#[component]
fn SessionTable(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let rows = Memo::new(move |_| bench.view.with(|view| view.rows().cloned().collect::<Vec<_>>()));
    let is_silent =
        Memo::new(move |_| bench.view.with(|view| view.store.as_ref().is_some_and(|store| !store.available)));
    let remark = Signal::derive(move || {
        let t = text;
        let store = bench.view.with(|view| view.store.as_ref().map(|store| store.kind));
        store.map_or_else(|| t.server.sessions_how.to_owned(), t.fleet.in_store)
    });
    let empty = move || match (is_silent.get(), bench.uses_tokens()) {
        (true, _) => text.fleet.unknown_while_down,
        (false, true) => text.server.no_sessions_jwt,
        (false, false) => text.server.no_sessions,
    };
    let hashed = move || bench.view.with(|view| view.defences.hash_ids);
    let table = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="empty">{empty}</p> }.into_any();
        }
        let heads = text.server.columns.map(|name| view! { <th scope="col">{name}</th> });
        let held = rows.clone();
        let rows = rows.into_iter().map(|row| view! { <SessionRow bench row /> }).collect_view();
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label=text.server.sessions>
                <table>
                    <caption class="off-screen">{text.server.sessions}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Held bench rows=held />
        }
        .into_any()
    };
    view! {
        <Part bench title=|t| t.server.sessions remark=|_| "" now=remark>
            {table}
            <p class="note" hidden=move || !hashed()>{bench.word(|t| t.server.hashed)}</p>
        </Part>
    }
    .into_any()
}

#[component]
fn SessionRow(bench: Bench, row: Row) -> impl IntoView {
    let text = bench.text();
    let until = move |end: Seconds| {
        move || match end.saturating_sub(bench.now.get()) {
            0 => text.server.over.to_owned(),
            left => countdown(left),
        }
    };
    let role = row.role;
    let cart = row.cart.join(", ");
    view! {
        <tr>
            <td><Chip bench value=row.key /></td>
            <td>{row.user}</td>
            <td>{(text.role)(role)}</td>
            <td>{move || if cart.is_empty() { text.server.cart_empty.to_owned() } else { cart.clone() }}</td>
            <td class="number">{until(row.idle_until)}</td>
            <td class="number">{until(row.expires_at)}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Keys(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let keys = move || {
        let keys = bench.view.with(|view| view.keys.clone());
        keys.into_iter()
            .map(|KeyView { kid, alg, bits, signs }| {
                view! {
                    <li class="kv">
                        {(text.server.key)(&kid, &alg, bits)} " "
                        <span class="flag" class:on=signs>
                            {if signs { text.server.signs } else { text.server.verifies }}
                        </span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Part bench
            title=|t| t.server.keys
            remark=|t| t.server.keys_how
        >
            <ul class="plain">{keys}</ul>
            <p class="note">{bench.word(|t| t.server.secret)}</p>
        </Part>
    }
    .into_any()
}

#[component]
fn Denylist(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let entries = Memo::new(move |_| bench.view.with(|view| view.defences.denylist.then(|| view.denylist.clone())));
    let list = move |entries: Vec<Denied>| {
        if entries.is_empty() {
            return view! { <p class="empty">{text.server.denylist_empty}</p> }.into_any();
        }
        let entries = entries
            .into_iter()
            .map(|entry| {
                let end = entry.expires_at;
                let what = match entry.user {
                    Some(user) => (text.server.denylist_all)(&user),
                    None => entry.jti,
                };
                view! {
                    <li class="kv">
                        {what} " "
                        <small>{text.server.gone_in} " " {move || countdown(end.saturating_sub(bench.now.get()))}</small>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="plain">{entries}</ul> }.into_any()
    };
    move || {
        entries.get().map(|entries| {
            view! {
                <Part bench
                    title=|t| t.server.denylist
                    remark=|t| t.server.denylist_how
                >
                    {move || list(entries.clone())}
                </Part>
            }
        })
    }
}
