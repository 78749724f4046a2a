use crate::{state::bench::Bench, text::figures, ui::parts::place::Part};
use domain::{
    balance::NodeId,
    lesson::copies::in_sight,
    view::{Fate, Message, NodeView, Replication as Cost},
};
use leptos::prelude::*;

/// How long a message moves at the least, in milliseconds: faster ones nobody sees.
const VISIBLE: u64 = 700;

/// What copying the sessions costs, and the messages on their way.
#[component]
pub(crate) fn Replication(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.is_copied());
    move || is_shown.get().then(|| view! { <Shown bench /> })
}

#[component]
fn Shown(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let link = Memo::new(move |_| bench.view.with(|view| view.topology.replication));
    let remark = Signal::derive(move || {
        let link = link.get();
        (text.fleet().replication_how)(link.delay_ms, &figures::percent(link.loss))
    });
    let cost = Memo::new(move |_| bench.view.with(|view| Cost { recent: Vec::new(), ..view.replication.clone() }));
    let transfers = move || {
        let cost = cost.get();
        (cost.transfer_bytes > 0).then(|| {
            let words = (text.fleet().transfers)(cost.transfers, &figures::bytes(cost.transfer_bytes));
            view! { <p class="note">{words}</p> }
        })
    };
    let number = move |pick: fn(&Cost) -> u64| move || figures::count(cost.with(pick));
    view! {
        <Part bench title=|t| t.fleet().replication remark=|_| "" now=remark>
            <div class="replication">
                <Picture bench cost />
                <dl class="counters">
                    <div><dt>{bench.word(|t| t.fleet().messages)}</dt><dd>{number(|cost| cost.messages)}</dd></div>
                    <div><dt>{bench.word(|t| t.fleet().volume)}</dt><dd>{number(|cost| cost.bytes)}</dd></div>
                    <div><dt>{bench.word(|t| t.fleet().lost)}</dt><dd>{number(|cost| cost.lost)}</dd></div>
                    <div><dt>{bench.word(|t| t.fleet().under_way)}</dt><dd>{number(|cost| cost.in_flight)}</dd></div>
                </dl>
            </div>
            {transfers}
            <Messages bench />
        </Part>
    }
    .into_any()
}

/// The picture's size.
const VIEW_BOX: &str = "0 0 240 120";

/// Where a node stands in the picture, of so many.
fn place(id: NodeId, nodes: usize) -> (i32, i32) {
    const PLACES: [&[(i32, i32)]; 5] = [
        &[(120, 60)],
        &[(45, 60), (195, 60)],
        &[(120, 22), (200, 96), (40, 96)],
        &[(50, 24), (190, 24), (190, 96), (50, 96)],
        &[(120, 18), (206, 48), (174, 102), (66, 102), (34, 48)],
    ];
    let places = PLACES.get(nodes.saturating_sub(1)).copied().unwrap_or_default();
    places.get(usize::from(id).saturating_sub(1)).copied().unwrap_or((120, 60))
}

#[component]
fn Picture(bench: Bench, cost: Memo<Cost>) -> impl IntoView {
    let nodes = Memo::new(move |_| {
        bench.view.with(|view| view.nodes.iter().map(|NodeView { id, up, .. }| (*id, *up)).collect::<Vec<_>>())
    });
    let count = move || nodes.with(Vec::len);
    let label = move || {
        let cost = cost.get();
        (bench.text().fleet().picture)(cost.in_flight, cost.lost)
    };
    // What had arrived when the page was loaded does not set out again.
    let old = bench.view.with_untracked(|view| view.replication.recent.last().map_or(0, |message| message.number));
    let messages = Memo::new(move |_| {
        bench.view.with(|view| in_sight(&view.replication.recent, view.nodes.len(), old).cloned().collect::<Vec<_>>())
    });
    let lines = move || {
        let all = nodes.get();
        let line = |(a, b): (NodeId, NodeId)| {
            let ((x1, y1), (x2, y2)) = (place(a, all.len()), place(b, all.len()));
            view! { <line x1=x1.to_string() y1=y1.to_string() x2=x2.to_string() y2=y2.to_string()></line> }
        };
        let pairs = all.iter().flat_map(|(a, _)| all.iter().filter(move |(b, _)| a < b).map(move |(b, _)| (*a, *b)));
        pairs.map(line).collect_view()
    };
    let circles = move || {
        let all = nodes.get();
        let circle = |(id, up): &(NodeId, bool)| {
            let (x, y) = place(*id, all.len());
            view! {
                <g class=if *up { "up" } else { "down" }>
                    <circle cx=x.to_string() cy=y.to_string() r="15"></circle>
                    <text x=x.to_string() y=(y + 5).to_string() text-anchor="middle">{id.to_string()}</text>
                </g>
            }
        };
        all.iter().map(circle).collect_view()
    };
    view! {
        <div class="picture" role="img" aria-label=label>
            <svg viewBox=VIEW_BOX aria-hidden="true">{lines}{circles}</svg>
            <For each=move || messages.get() key=|message| message.number let:message>
                <Dot bench message nodes=Signal::derive(count) />
            </For>
        </div>
    }
    .into_any()
}

/// A message on its way. It is a picture of its own, for a picture's clock starts when it is put into the page.
#[component]
fn Dot(bench: Bench, message: Message, nodes: Signal<usize>) -> impl IntoView {
    let Message { number, from, to, .. } = message;
    let is_lost = Memo::new(move |_| {
        bench.view.with(|view| {
            let recent = &view.replication.recent;
            recent.iter().find(|message| message.number == number).is_some_and(|message| message.fate == Fate::Lost)
        })
    });
    let delay = bench.view.with_untracked(|view| view.topology.replication.delay_ms).max(VISIBLE);
    move || {
        let count = nodes.get();
        let ((x1, y1), (x2, y2)) = (place(from, count), place(to, count));
        // Halfway, for what is lost gets no further.
        let (xm, ym) = (i32::midpoint(x1, x2), i32::midpoint(y1, y2));
        let is_lost = is_lost.get();
        let (xe, ye, ms) = if is_lost { (xm, ym, delay / 2) } else { (x2, y2, delay) };
        let (way, end) = (format!("{ms}ms"), format!("{ms}ms"));
        let cross = is_lost.then(|| {
            let d = format!("M{} {}l10 10m0-10l-10 10", xm - 5, ym - 5);
            view! {
                <path class="cross" d=d>
                    <animate attributeName="opacity" values="0;0;1" keyTimes="0;0.99;1" dur=way.clone() fill="freeze"></animate>
                </path>
            }
        });
        view! {
            <svg class="message" class:lost=is_lost viewBox=VIEW_BOX aria-hidden="true">
                <circle class="moving" cx=x1.to_string() cy=y1.to_string() r="5">
                    <animate attributeName="cx" to=xe.to_string() dur=way.clone() fill="freeze"></animate>
                    <animate attributeName="cy" to=ye.to_string() dur=way.clone() fill="freeze"></animate>
                    <animate attributeName="opacity" to="0" begin=end dur="150ms" fill="freeze"></animate>
                </circle>
                <circle class="still" cx=xm.to_string() cy=ym.to_string() r="5"></circle>
                {cross}
            </svg>
        }
        .into_any()
    }
}

/// The same in words, the newest first.
#[component]
fn Messages(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let recent = Memo::new(move |_| bench.view.with(|view| view.replication.recent.clone()));
    let list = move || {
        let words = text.fleet().message;
        recent.get().iter().rev().map(|message| view! { <li>{words(message)}</li> }).collect_view()
    };
    view! {
        <details class="messages" hidden=move || recent.with(Vec::is_empty)>
            <summary>{move || (text.fleet().last_messages)(recent.with(Vec::len))}</summary>
            <ol>{list}</ol>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_place_of_its_own_in_the_picture() {
        for nodes in 1..=5_u8 {
            let mut places: Vec<_> = (1..=nodes).map(|id| place(id, nodes.into())).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), usize::from(nodes));
            assert!(places.iter().all(|(x, y)| (16..=224).contains(x) && (16..=104).contains(y)));
        }
    }
}
