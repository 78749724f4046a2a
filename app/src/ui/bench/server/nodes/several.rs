//! What a node shows where there are several, or where it is stopped.

use crate::{
    act,
    state::bench::Bench,
    text::{Text, figures},
    ui::parts::{bar::Bar, chip::Chip},
};
use domain::{
    balance::NodeId,
    lesson::{
        copies::{ShownRow, copies},
        press::{Press, Server},
    },
    topology::StoreKind,
    view::Row,
};
use leptos::prelude::*;

fn several(bench: Bench) -> bool {
    bench.view.with(|view| view.nodes.len() > 1)
}

fn is_up(bench: Bench, id: NodeId) -> bool {
    bench.view.with(|view| view.nodes.iter().any(|node| node.id == id && node.up))
}

/// Its share of the requests, and the button that stops or starts it.
#[component]
pub(crate) fn Load(bench: Bench, id: NodeId) -> impl IntoView {
    let is_up = Memo::new(move |_| is_up(bench, id));
    let is_shown = Memo::new(move |_| several(bench) || !is_up.get());
    let share = Signal::derive(move || {
        bench.view.with(|view| {
            let requests = view.nodes.iter().find(|node| node.id == id).map_or(0, |node| node.requests);
            figures::fraction(requests, view.nodes.iter().map(|node| node.requests).sum())
        })
    });
    move || is_shown.get().then(|| view! { <Bar share /> <Switch bench id is_up /> })
}

/// One button that stops the node or starts it, so that it keeps the focus.
#[component]
fn Switch(bench: Bench, id: NodeId, is_up: Memo<bool>) -> impl IntoView {
    let name = move || {
        let fleet = bench.text().fleet();
        if is_up.get() { (fleet.stop_node)(id) } else { (fleet.start_node)(id) }
    };
    let word = move || {
        let fleet = bench.text().fleet();
        if is_up.get() { fleet.stop } else { fleet.start }
    };
    view! {
        <button
            type="button"
            class="small"
            disabled=move || !bench.hydrated.get()
            aria-label=name
            on:click=move |_| act::press(bench, if is_up.get_untracked() { Press::StopServer(Server::Number(id)) } else { Press::StartServer(id) })
        >
            {word}
        </button>
    }
    .into_any()
}

/// What lies in the memory of one of several nodes, and what should and does not.
#[component]
pub(crate) fn Rows(bench: Bench, id: NodeId) -> impl IntoView {
    let text = bench.text();
    let is_several = Memo::new(move |_| several(bench));
    let is_up = Memo::new(move |_| is_up(bench, id));
    let rows = Memo::new(move |_| {
        bench.view.with(|view| match view.topology.store {
            StoreKind::Replicated => copies(&view.nodes, id),
            StoreKind::Memory => {
                let own = view.nodes.iter().filter(|node| node.id == id).flat_map(|node| node.sessions.clone());
                own.map(|row| ShownRow::Here { row, differs: false }).collect()
            }
            _ => Vec::new(),
        })
    });
    let is_shared = Memo::new(move |_| bench.view.with(|view| view.store.is_some()));
    let crowd = Memo::new(move |_| {
        bench.view.with(|view| view.nodes.iter().find(|node| node.id == id).map_or(0, |node| node.crowd_sessions))
    });
    let list = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="empty">{text.fleet().knows_nobody}</p> }.into_any();
        }
        let rows = rows.into_iter().map(|copy| view! { <OneRow bench copy /> }).collect_view();
        view! { <ul class="rows" aria-label=(text.fleet().rows_of)(id)>{rows}</ul> }.into_any()
    };
    move || {
        (is_several.get() && is_up.get() && !is_shared.get()).then(|| {
            view! {
                {list}
                <small class="of-crowd" hidden=move || crowd.get() == 0>{move || (text.fleet().crowd_rows)(crowd.get())}</small>
            }
        })
    }
}

/// Picks a word.
type Pick = fn(&'static Text) -> &'static str;

#[component]
fn OneRow(bench: Bench, copy: ShownRow) -> impl IntoView {
    let (row, mark, class): (_, Option<Pick>, _) = match copy {
        ShownRow::Here { row, differs: false } => (row, None, ""),
        ShownRow::Here { row, differs: true } => (row, Some(|t| t.fleet().differs), "odd"),
        ShownRow::Missing(row) => (row, Some(|t| t.fleet().missing), "odd missing"),
    };
    let Row { key, user, cart, .. } = row;
    let what =
        if class.contains("missing") || cart.is_empty() { user } else { format!("{user} · {}", cart.join(", ")) };
    view! {
        <li class=class>
            <Chip bench value=key /> " " <span>{what}</span> " "
            {mark.map(|mark| view! { <span class="flag bad">{bench.word(mark)}</span> })}
        </li>
    }
    .into_any()
}
