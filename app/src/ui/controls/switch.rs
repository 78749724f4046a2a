use crate::{act, state::bench::Bench, text::Text};
use domain::{
    lesson::press::Press,
    scheme::{Carrier, Credential, Scheme},
};
use leptos::prelude::*;

/// The switch: who remembers you, and where it is kept. A real radio group; its form is the login's.
#[component]
pub(crate) fn Switch(bench: Bench) -> impl IntoView {
    let t = bench.text();
    let attached: Vec<_> = Carrier::ALL.into_iter().filter(|carrier| *carrier != Carrier::Cookie).collect();
    let columns = Carrier::ALL.map(|carrier| view! { <span class="col">{(t.switch.carrier)(carrier)}</span> });
    let rows = Credential::ALL.map(|credential| {
        let cells = Carrier::ALL.map(|carrier| view! { <Choice bench scheme=Scheme::new(credential, carrier) /> });
        let (name, how) = (t.switch.credential)(credential);
        view! {
            <span class="row"><b>{name}</b> <small>{how}</small></span>
            {cells.into_iter().collect_view()}
        }
    });
    view! {
        <fieldset class="switch" id="switch">
            <legend class="off-screen">{t.switch.legend}</legend>
            <span></span>
            <span class="by">{t.switch.cookie_how}</span>
            <span class="by script" data-columns=attached.len().to_string()>{t.switch.storage_how}</span>
            <span class="corner">{t.switch.lead}</span>
            {columns.into_iter().collect_view()}
            {rows.into_iter().collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Choice(bench: Bench, scheme: Scheme) -> impl IntoView {
    let t: &'static Text = bench.text();
    let chosen = move || bench.scheme.get() == scheme;
    view! {
        <label class:chosen=chosen>
            <input
                type="radio"
                id=format!("scheme-{scheme}")
                name="scheme"
                form="login"
                value=scheme.name()
                aria-label=(t.scheme)(scheme)
                checked=bench.scheme.get_untracked() == scheme
                prop:checked=chosen
                on:change=move |_| act::press(bench, Press::Switch(scheme))
            />
            <span aria-hidden="true">{(t.switch.usual)(scheme)}</span>
        </label>
    }
    .into_any()
}
