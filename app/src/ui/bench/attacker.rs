use crate::{
    act,
    state::bench::Bench,
    ui::parts::{
        chip::{Chip, short},
        place::Place,
    },
};
use domain::attack::Loot;
use leptos::prelude::*;

/// The fourth place, there as soon as something was taken: what the attacker has.
#[component]
pub(crate) fn Attacker(bench: Bench) -> impl IntoView {
    let is_shown = Memo::new(move |_| bench.has_loot());
    move || is_shown.get().then(|| view! { <Shown bench /> })
}

#[component]
fn Shown(bench: Bench) -> impl IntoView {
    let loot = Memo::new(move |_| bench.view.with(|view| view.attacker.loot.clone()));
    let remark = move || (bench.text().attacker().remark)(loot.with(Vec::len));
    let newest_first = move || loot.get().into_iter().rev().map(|piece| view! { <Piece bench piece /> }).collect_view();
    view! {
        <Place bench id="attacker" title=|t| t.page.attacker remark=Signal::derive(remark)>
            <div class="part">
                <ul class="loot">{newest_first}</ul>
                <p class="buttons">
                    <button type="button" class="quiet" on:click=move |_| act::empty_loot(bench)>
                        {bench.word(|t| t.attacker().empty)}
                    </button>
                </p>
                <p class="note">{bench.word(|t| t.attacker().how)}</p>
            </div>
        </Place>
    }
    .into_any()
}

#[component]
fn Piece(bench: Bench, piece: Loot) -> impl IntoView {
    let Loot { id, found_in, scheme, credential, replayed, .. } = piece;
    let status = move || {
        let t = bench.text().attacker();
        replayed.map(|status| {
            let class = if status < 400 { "flag bad" } else { "flag" };
            view! { " " <span class=class>{(t.replayed)(status)}</span> }
        })
    };
    let label = format!("{}: {}, #{id}", bench.word(|t| t.attacker().replay), short(&credential));
    view! {
        <li>
            <p><Chip bench value=credential /> {status}</p>
            <p class="note">
                {(bench.text().attacker().found_in)(found_in)} " · " {(bench.text().attacker().of)(scheme)}
            </p>
            <button type="button" class="quiet" aria-label=label on:click=move |_| act::replay(bench, id)>{bench.word(|t| t.attacker().replay)}</button>
        </li>
    }
    .into_any()
}
