use crate::{act, state::bench::Bench, text::Text};
use domain::{
    lesson::press::{Defence, Press},
    view::Defences as Flags,
};
use leptos::prelude::*;

/// What the server can do against attackers, each on or off.
#[component]
pub(crate) fn Defences(bench: Bench) -> impl IntoView {
    view! {
        <fieldset class="defences" id="defences" disabled=move || !bench.hydrated.get()>
            <legend class="off-screen">{bench.word(|t| t.actions.defences)}</legend>
            <One bench of=Defence::Denylist get=|on| on.denylist name=|t| t.actions.denylist why=|t| t.actions.denylist_why />
            <One bench of=Defence::CheckOrigin get=|on| on.check_origin name=|t| t.actions.check_origin why=|t| t.actions.check_origin_why />
            <One bench of=Defence::HashIds get=|on| on.hash_ids name=|t| t.actions.hash_ids why=|t| t.actions.hash_ids_why />
            <One bench of=Defence::GuestbookCsp get=|on| on.guestbook_csp name=|t| t.actions.guestbook_csp why=|t| t.actions.guestbook_csp_why />
        </fieldset>
    }
    .into_any()
}

#[component]
fn One(
    bench: Bench,
    of: Defence,
    get: fn(Flags) -> bool,
    name: fn(&'static Text) -> &'static str,
    why: fn(&'static Text) -> &'static str,
) -> impl IntoView {
    let on = move || get(bench.view.with(|view| view.defences));
    view! {
        <div class="defence">
            <label>
                <input
                    type="checkbox"
                    prop:checked=on
                    checked=get(bench.view.with_untracked(|view| view.defences))
                    on:change=move |event| act::press(bench, Press::Defend(of, event_target_checked(&event)))
                />
                {bench.word(name)}
            </label>
            <small>{bench.word(why)}</small>
        </div>
    }
    .into_any()
}
