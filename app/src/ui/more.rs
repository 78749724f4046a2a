use crate::{act, bench::Bench};
use domain::api::ChangeDefences;
use leptos::prelude::*;

/// What is needed less often: other requests, the clock, the key, the defences.
#[component]
pub(crate) fn More(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    let locked = move || !bench.hydrated.get();
    let defences = move || bench.view.with(|view| view.defences);
    view! {
        <details class="more">
            <summary>{move || text().actions.more}</summary>
            <div class="panel">
                <div class="buttons">
                    <button type="button" disabled=locked on:click=move |_| act::visit_admin(bench)>
                        {move || text().actions.admin}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::empty_cart(bench)>
                        {move || text().actions.empty_cart}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::advance(bench, 8 * 3600)>
                        {move || text().actions.eight_hours}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::rotate_keys(bench, false)>
                        {move || text().actions.rotate}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::rotate_keys(bench, true)>
                        {move || text().actions.retire}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::reset(bench)>
                        {move || text().actions.reset}
                    </button>
                </div>
                <fieldset class="defences" disabled=locked>
                    <legend>{move || text().actions.defences}</legend>
                    <Defence
                        on=Signal::derive(move || defences().denylist)
                        name=Signal::derive(move || text().actions.denylist)
                        why=Signal::derive(move || text().actions.denylist_why)
                        set=move |on| act::set_defences(bench, ChangeDefences { denylist: Some(on), ..Default::default() }, on)
                    />
                    <Defence
                        on=Signal::derive(move || defences().check_origin)
                        name=Signal::derive(move || text().actions.check_origin)
                        why=Signal::derive(move || text().actions.check_origin_why)
                        set=move |on| act::set_defences(bench, ChangeDefences { check_origin: Some(on), ..Default::default() }, on)
                    />
                    <Defence
                        on=Signal::derive(move || defences().hash_ids)
                        name=Signal::derive(move || text().actions.hash_ids)
                        why=Signal::derive(move || text().actions.hash_ids_why)
                        set=move |on| act::set_defences(bench, ChangeDefences { hash_ids: Some(on), ..Default::default() }, on)
                    />
                </fieldset>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Defence(
    on: Signal<bool>,
    name: Signal<&'static str>,
    why: Signal<&'static str>,
    set: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <div class="defence">
            <label>
                <input type="checkbox" prop:checked=on checked=on.get_untracked() on:change=move |event| set(event_target_checked(&event)) />
                {name}
            </label>
            <small>{why}</small>
        </div>
    }
    .into_any()
}
