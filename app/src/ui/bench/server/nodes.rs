use crate::{
    state::{
        bench::{Bench, held},
        lazy::Lazy,
    },
    text::figures,
    ui::parts::{lazily::Lazily, place::Part},
};
use domain::{balance::NodeId, scheme::Credential, topology::StoreKind, view::NodeView};
use leptos::prelude::*;

pub(crate) mod several;

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
            StoreKind::Replicated => t.nodes.copied,
            _ => t.nodes.shared,
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
            <p class="note" hidden=move || !has_no_row()>{bench.word(|t| t.nodes.knows_nobody_jwt)}</p>
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
            (false, _) => format!("{} · {}", t.server.stopped, t.nodes.memory_gone),
            (true, false) => (t.server.requests)(requests),
            (true, true) => {
                let load = (t.nodes.load)(requests, &figures::share(requests, all()));
                format!("{} · {load}", t.nodes.up)
            }
        }
    };
    view! {
        <li class="node" class:hit=was_asked class:down=move || !is_up.get()>
            <div class="head">
                <b>{(text.server.node)(id)}</b>
                <small>
                    {load}
                    {move || (is_several.get() && was_asked()).then(|| view! { <em>{text.nodes.answered}</em> })}
                </small>
                <Lazily bench what=Lazy::Load(id) when=Signal::derive(move || is_several.get() || !is_up.get()) />
            </div>
            <Lazily bench what=Lazy::Rows(id) when=is_several />
        </li>
    }
    .into_any()
}
