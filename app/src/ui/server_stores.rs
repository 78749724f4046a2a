use crate::{
    bench::Bench,
    ui::{
        chip::Chip,
        place::{Part, Place},
        token::countdown,
        users::Users,
    },
};
use domain::{
    Seconds,
    scheme::Credential,
    view::{Denied, KeyView, NodeView, Row},
};
use leptos::prelude::*;

/// The third place: nodes, session rows, keys, users, and the denylist when it is on.
#[component]
pub(crate) fn ServerStores(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let remark = move || {
        let (rows, bytes) = bench.view.with(|view| (view.rows().count(), view.rows().map(|row| row.bytes).sum()));
        (text().server.summary)(rows, bytes)
    };
    view! {
        <Place bench id="server" title=|t| t.server.title remark=Signal::derive(remark)>
            <Nodes bench />
            <Sessions bench />
            <Keys bench />
            <Users bench />
            <Denylist bench />
        </Place>
    }
    .into_any()
}

#[component]
fn Nodes(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let last = move || bench.exchanges.with(|all| all.last().and_then(|exchange| exchange.node));
    let nodes = move || {
        bench.view.with(|view| {
            view.nodes
                .iter()
                .map(|NodeView { id, up, requests, .. }| {
                    let (id, up, requests) = (*id, *up, *requests);
                    view! {
                        <li class="node" class:hit=move || last() == Some(id) class:down=!up>
                            <b>{(text().server.node)(id)}</b>
                            <small>{if up { (text().server.requests)(requests) } else { text().server.stopped.to_owned() }}</small>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Part bench
            title=|t| t.server.nodes
            remark=|t| t.server.nodes_how
        >
            <ul class="nodes">{nodes}</ul>
        </Part>
    }
    .into_any()
}

#[component]
fn Sessions(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let rows = Memo::new(move |_| bench.view.with(|view| view.rows().cloned().collect::<Vec<_>>()));
    let empty = move || {
        let jwt = bench
            .browser
            .with(|browser| crate::bench::held(browser).iter().any(|held| held.scheme.credential == Credential::Jwt));
        if jwt { text().server.no_sessions_jwt } else { text().server.no_sessions }
    };
    let hashed = move || bench.view.with(|view| view.defences.hash_ids);
    let table = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="empty">{empty}</p> }.into_any();
        }
        let heads = text().server.columns.map(|name| view! { <th scope="col">{name}</th> });
        let rows = rows.into_iter().map(|row| view! { <SessionRow bench row /> }).collect_view();
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label=text().server.sessions>
                <table>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <Part bench
            title=|t| t.server.sessions
            remark=|t| t.server.sessions_how
        >
            {table}
            <p class="note" hidden=move || !hashed()>{bench.word(|t| t.server.hashed)}</p>
        </Part>
    }
    .into_any()
}

#[component]
fn SessionRow(bench: Bench, row: Row) -> impl IntoView {
    let text = move || bench.text();
    let until = move |end: Seconds| {
        move || match end.saturating_sub(bench.now.get()) {
            0 => text().server.over.to_owned(),
            left => countdown(left),
        }
    };
    let role = row.role;
    let cart = row.cart.join(", ");
    view! {
        <tr>
            <td><Chip bench value=row.key /></td>
            <td>{row.user}</td>
            <td>{move || (text().role)(role)}</td>
            <td>{move || if cart.is_empty() { text().server.cart_empty.to_owned() } else { cart.clone() }}</td>
            <td class="number">{until(row.idle_until)}</td>
            <td class="number">{until(row.expires_at)}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Keys(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let keys = move || {
        let keys = bench.view.with(|view| view.keys.clone());
        keys.into_iter()
            .map(|KeyView { kid, alg, bits, signs }| {
                view! {
                    <li class="kv">
                        {(text().server.key)(&kid, &alg, bits)} " "
                        <span class="flag" class:on=signs>
                            {if signs { text().server.signs } else { text().server.verifies }}
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
    let text = move || bench.text();
    let entries = Memo::new(move |_| bench.view.with(|view| view.defences.denylist.then(|| view.denylist.clone())));
    let list = move |entries: Vec<Denied>| {
        if entries.is_empty() {
            return view! { <p class="empty">{text().server.denylist_empty}</p> }.into_any();
        }
        let entries = entries
            .into_iter()
            .map(|entry| {
                let end = entry.expires_at;
                let what = match entry.user {
                    Some(user) => (text().server.denylist_all)(&user),
                    None => entry.jti,
                };
                view! {
                    <li class="kv">
                        {what} " "
                        <small>{text().server.gone_in} " " {move || countdown(end.saturating_sub(bench.now.get()))}</small>
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
