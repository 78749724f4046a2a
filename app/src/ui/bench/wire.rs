use crate::{
    state::bench::Bench,
    ui::{bench::wire::exchange::ExchangeCard, parts::place::Place},
};
use leptos::prelude::*;

pub(crate) mod everything;
pub(crate) mod exchange;

/// How many exchanges are shown before one asks for all.
const FEW: usize = 12;

/// The second place: every exchange that the server recorded, newest first.
#[component]
pub(crate) fn OnTheWire(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let all = RwSignal::new(false);
    let shown = move || {
        let most = if all.get() { usize::MAX } else { FEW };
        bench.exchanges.with(|exchanges| exchanges.iter().rev().take(most).cloned().collect::<Vec<_>>())
    };
    let count = move || bench.exchanges.with(Vec::len);
    view! {
        <Place bench
            id="wire"
            title=|t| t.wire.title
            remark=Signal::derive(move || text.wire.how.to_owned())
        >
            <p class="empty part" hidden=move || count() != 0>{bench.word(|t| t.wire.empty)}</p>
            <ol class="exchanges" aria-label=bench.word(|t| t.wire.title)>
                <For each=shown key=|exchange| exchange.id let:exchange>
                    <ExchangeCard bench exchange />
                </For>
            </ol>
            <button type="button" class="quiet all" hidden=move || all.get() || count() <= FEW on:click=move |_| all.set(true)>
                {move || (text.wire.all)(count())}
            </button>
        </Place>
    }
    .into_any()
}
