use crate::{act, state::bench::Bench, text::Text};
use domain::api::ChangeDefences;
use leptos::prelude::*;

/// What is needed less often: other requests, the clock, the key, the defences.
#[component]
pub(crate) fn More(bench: Bench) -> impl IntoView {
    let locked = move || !bench.hydrated.get();
    let defences = move || bench.view.with(|view| view.defences);
    view! {
        <details class="more">
            <summary>{bench.word(|t| t.actions.more)}</summary>
            <div class="panel">
                <div class="buttons">
                    <button type="button" disabled=locked on:click=move |_| act::visit_admin(bench)>
                        {bench.word(|t| t.actions.admin)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::empty_cart(bench)>
                        {bench.word(|t| t.actions.empty_cart)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::advance(bench, 8 * 3600)>
                        {bench.word(|t| t.actions.eight_hours)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::rotate_keys(bench, false)>
                        {bench.word(|t| t.actions.rotate)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::rotate_keys(bench, true)>
                        {bench.word(|t| t.actions.retire)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::reset(bench)>
                        {bench.word(|t| t.actions.reset)}
                    </button>
                </div>
                <fieldset class="defences" disabled=locked>
                    <legend>{bench.word(|t| t.actions.defences)}</legend>
                    <Defence
                        bench
                        on=Signal::derive(move || defences().denylist)
                        name=|t| t.actions.denylist
                        why=|t| t.actions.denylist_why
                        set=move |on| act::set_defences(bench, ChangeDefences { denylist: Some(on), ..Default::default() }, on)
                    />
                    <Defence
                        bench
                        on=Signal::derive(move || defences().check_origin)
                        name=|t| t.actions.check_origin
                        why=|t| t.actions.check_origin_why
                        set=move |on| act::set_defences(bench, ChangeDefences { check_origin: Some(on), ..Default::default() }, on)
                    />
                    <Defence
                        bench
                        on=Signal::derive(move || defences().hash_ids)
                        name=|t| t.actions.hash_ids
                        why=|t| t.actions.hash_ids_why
                        set=move |on| act::set_defences(bench, ChangeDefences { hash_ids: Some(on), ..Default::default() }, on)
                    />
                    <Defence
                        bench
                        on=Signal::derive(move || defences().guestbook_csp)
                        name=|t| t.attacker.guestbook_csp
                        why=|t| t.attacker.guestbook_csp_why
                        set=move |on| act::set_defences(bench, ChangeDefences { guestbook_csp: Some(on), ..Default::default() }, on)
                    />
                </fieldset>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Defence(
    bench: Bench,
    on: Signal<bool>,
    name: fn(&'static Text) -> &'static str,
    why: fn(&'static Text) -> &'static str,
    set: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <div class="defence">
            <label>
                <input type="checkbox" prop:checked=on checked=on.get_untracked() on:change=move |event| set(event_target_checked(&event)) />
                {bench.word(name)}
            </label>
            <small>{bench.word(why)}</small>
        </div>
    }
    .into_any()
}
