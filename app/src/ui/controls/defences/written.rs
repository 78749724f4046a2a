use crate::{act::named, state::bench::Bench};
use domain::lesson::press::{Defence, Press};
use leptos::prelude::*;

/// What the server can do against attackers, each on or off.
#[component]
pub(crate) fn Defences(bench: Bench) -> impl IntoView {
    let t = bench.lang.actions();
    let all = [
        (Defence::Denylist, t.denylist, t.denylist_why),
        (Defence::CheckOrigin, t.check_origin, t.check_origin_why),
        (Defence::HashIds, t.hash_ids, t.hash_ids_why),
        (Defence::GuestbookCsp, t.guestbook_csp, t.guestbook_csp_why),
    ];
    let one = move |(of, name, why): (Defence, &'static str, &'static str)| {
        let is_on = bench.view.with_untracked(|view| of.of(view.defences));
        view! {
            <div class="defence">
                <label><input type="checkbox" checked=is_on data-set=named::name(&Press::Defend(of, true)) /> {name}</label>
                <small>{why}</small>
            </div>
        }
    };
    view! {
        <fieldset class="defences" id="defences" disabled data-wakes>
            <legend class="off-screen">{t.defences}</legend>
            {all.map(one)}
        </fieldset>
    }
    .into_any()
}
