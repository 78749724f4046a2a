use crate::{act, state::bench::Bench, text::Text};
use domain::lesson::press::{Defence, Press};
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
                    <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::VisitAdmin)>
                        {bench.word(|t| t.actions.admin)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::EmptyCart)>
                        {bench.word(|t| t.actions.empty_cart)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::Advance(8 * 3600))>
                        {bench.word(|t| t.actions.eight_hours)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::RotateKeys { retire: false })>
                        {bench.word(|t| t.actions.rotate)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::RotateKeys { retire: true })>
                        {bench.word(|t| t.actions.retire)}
                    </button>
                    <button type="button" disabled=locked on:click=move |_| act::press(bench, Press::Reset)>
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
                        set=move |on| act::press(bench, Press::Defend(Defence::Denylist, on))
                    />
                    <Defence
                        bench
                        on=Signal::derive(move || defences().check_origin)
                        name=|t| t.actions.check_origin
                        why=|t| t.actions.check_origin_why
                        set=move |on| act::press(bench, Press::Defend(Defence::CheckOrigin, on))
                    />
                    <Defence
                        bench
                        on=Signal::derive(move || defences().hash_ids)
                        name=|t| t.actions.hash_ids
                        why=|t| t.actions.hash_ids_why
                        set=move |on| act::press(bench, Press::Defend(Defence::HashIds, on))
                    />
                    <Defence
                        bench
                        on=Signal::derive(move || defences().guestbook_csp)
                        name=|t| t.attacker.guestbook_csp
                        why=|t| t.attacker.guestbook_csp_why
                        set=move |on| act::press(bench, Press::Defend(Defence::GuestbookCsp, on))
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
