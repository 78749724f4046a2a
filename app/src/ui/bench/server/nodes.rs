use crate::{
    act,
    state::bench::{Bench, held},
    text::{Text, figures},
    ui::parts::{bar::Bar, chip::Chip, place::Part},
};
use domain::{
    balance::NodeId,
    lesson::{
        copies::{ShownRow, copies},
        press::{Press, Server},
    },
    scheme::Credential,
    topology::StoreKind,
    view::{NodeView, Row},
};
use leptos::prelude::*;

/// The nodes: what each does, and what lies in its memory.
#[component]
pub(crate) fn Nodes(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let ids = Memo::new(move |_| bench.view.with(|view| view.nodes.iter().map(|node| node.id).collect::<Vec<_>>()));
    let is_several = Memo::new(move |_| ids.with(Vec::len) > 1);
    let store = Memo::new(move |_| bench.view.with(|view| view.topology.store));
    let remark = Signal::derive(move || {
        let t = text;
        match store.get() {
            StoreKind::Memory => t.server.nodes_how,
            StoreKind::Replicated => t.fleet.nodes_copied,
            _ => t.fleet.nodes_shared,
        }
        .to_owned()
    });
    let has_no_row = move || {
        is_several.get()
            && !store.get().is_shared()
            && bench.view.with(|view| view.rows().next().is_none())
            && bench.browser.with(|browser| held(browser).iter().any(|held| held.scheme.credential == Credential::Jwt))
    };
    view! {
        <Part bench title=|t| t.server.nodes remark=|_| "" now=remark>
            <ul class="nodes" class:several=is_several>
                <For each=move || ids.get() key=|id| *id let:id>
                    <Node bench id is_several />
                </For>
            </ul>
            <p class="note" hidden=move || !has_no_row()>{bench.word(|t| t.fleet.knows_nobody_jwt)}</p>
        </Part>
    }
    .into_any()
}

#[component]
fn Node(bench: Bench, id: NodeId, is_several: Memo<bool>) -> impl IntoView {
    let text = bench.text();
    let node = Memo::new(move |_| bench.view.with(|view| view.nodes.iter().find(|node| node.id == id).cloned()));
    let requests = move || node.with(|node: &Option<NodeView>| node.as_ref().map_or(0, |node| node.requests));
    let is_up = Memo::new(move |_| node.with(|node| node.as_ref().is_some_and(|node| node.up)));
    let was_asked = move || bench.exchanges.with(|all| all.last().and_then(|exchange| exchange.node)) == Some(id);
    let all = move || bench.view.with(|view| view.nodes.iter().map(|node| node.requests).sum());
    let store = Memo::new(move |_| bench.view.with(|view| view.topology.store));
    let load = move || {
        let t = text;
        // Asked first: of two sources with a third one behind both, only the first one asked is sure to wake this.
        let requests = requests();
        match (is_up.get(), is_several.get()) {
            (false, _) if store.get().is_shared() => t.server.stopped.to_owned(),
            (false, _) => format!("{} · {}", t.server.stopped, t.fleet.memory_gone),
            (true, false) => (t.server.requests)(requests),
            (true, true) => {
                let load = (t.fleet.load)(requests, &figures::share(requests, all()));
                format!("{} · {load}", t.fleet.up)
            }
        }
    };
    let fleet = move || {
        (is_several.get() || !is_up.get()).then(|| {
            view! {
                <Bar share=Signal::derive(move || figures::fraction(requests(), all())) />
                <Switch bench id is_up />
            }
        })
    };
    let rows = move || is_several.get().then(|| view! { <Rows bench id is_up /> });
    view! {
        <li class="node" class:hit=was_asked class:down=move || !is_up.get()>
            <div class="head">
                <b>{(text.server.node)(id)}</b>
                <small>
                    {load}
                    {move || (is_several.get() && was_asked()).then(|| view! { <em>{text.fleet.answered}</em> })}
                </small>
                {fleet}
            </div>
            {rows}
        </li>
    }
    .into_any()
}

/// One button that stops the node or starts it, so that it keeps the focus.
#[component]
fn Switch(bench: Bench, id: NodeId, is_up: Memo<bool>) -> impl IntoView {
    let name = move || {
        let fleet = &bench.text().fleet;
        if is_up.get() { (fleet.stop_node)(id) } else { (fleet.start_node)(id) }
    };
    let word = move || {
        let fleet = &bench.text().fleet;
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
fn Rows(bench: Bench, id: NodeId, is_up: Memo<bool>) -> impl IntoView {
    let text = bench.text();
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
            return view! { <p class="empty">{text.fleet.knows_nobody}</p> }.into_any();
        }
        let rows = rows.into_iter().map(|copy| view! { <OneRow bench copy /> }).collect_view();
        view! { <ul class="rows" aria-label=(text.fleet.rows_of)(id)>{rows}</ul> }.into_any()
    };
    move || {
        (is_up.get() && !is_shared.get()).then(|| {
            view! {
                {list}
                <small class="of-crowd" hidden=move || crowd.get() == 0>{move || (text.fleet.crowd_rows)(crowd.get())}</small>
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
        ShownRow::Here { row, differs: true } => (row, Some(|t| t.fleet.differs), "odd"),
        ShownRow::Missing(row) => (row, Some(|t| t.fleet.missing), "odd missing"),
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
