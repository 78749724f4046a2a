use crate::{
    state::{bench::Bench, lazy::Lazy},
    ui::{
        bench::{
            browser::token::countdown,
            server::{nodes::Nodes, users::Users},
        },
        parts::{
            chip::Chip,
            lazily::Lazily,
            place::{Part, Place},
        },
    },
};
use domain::{Seconds, view::Row};
use leptos::prelude::*;

pub(crate) mod crowd;
pub(crate) mod nodes;
pub(crate) mod replication;
pub(crate) mod store;
pub(crate) mod tokens;
mod users;

/// The third place: nodes, session rows, keys, the denylist when it is on, and users.
#[component]
pub(crate) fn ServerStores(bench: Bench) -> impl IntoView {
    let crowd = bench.shows_crowd;
    let has_store = Memo::new(move |_| bench.view.with(|view| view.store.is_some()));
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
                <Lazily bench what=Lazy::Store when=has_store />
                <Sessions bench />
                <Lazily bench what=Lazy::Operations when=has_store />
                <Lazily bench what=Lazy::Keys when=Signal::derive(move || bench.uses_tokens()) />
                <Lazily bench what=Lazy::Denylist when=Signal::derive(move || bench.view.with(|view| view.defences.denylist)) />
                <Users bench />
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
            return t.nodes.silent.to_owned();
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
        store.map_or_else(|| t.server.sessions_how.to_owned(), t.nodes.in_store)
    });
    let empty = move || match (is_silent.get(), bench.uses_tokens()) {
        (true, _) => text.nodes.unknown_while_down,
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
        let has_held = rows.iter().any(|row| row.held.is_some());
        let rows = rows.into_iter().map(|row| view! { <SessionRow bench row /> }).collect_view();
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label=text.server.sessions>
                <table>
                    <caption class="off-screen">{text.server.sessions}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Lazily bench what=Lazy::Held when=Signal::stored(has_held) />
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
