use crate::state::bench::Bench;
use domain::scheme::{Carrier, Credential, Scheme};
use leptos::prelude::*;

/// The switch: who remembers you, and where it is kept. A real radio group; its form is the login's.
#[component]
pub(crate) fn Switch(bench: Bench) -> impl IntoView {
    let t = bench.lang.switch();
    let attached: Vec<_> = Carrier::ALL.into_iter().filter(|carrier| *carrier != Carrier::Cookie).collect();
    let columns = Carrier::ALL.map(|carrier| view! { <span class="col">{(t.carrier)(carrier)}</span> });
    let rows = Credential::ALL.map(|credential| {
        let cells = Carrier::ALL.map(|carrier| view! { <Choice bench scheme=Scheme::new(credential, carrier) /> });
        let (name, how) = (t.credential)(credential);
        view! {
            <span class="row"><b>{name}</b> <small>{how}</small></span>
            {cells.into_iter().collect_view()}
        }
    });
    view! {
        <fieldset class="switch" id="switch">
            <legend class="off-screen">{t.legend}</legend>
            <span></span>
            <span class="by">{t.cookie_how}</span>
            <span class="by script" data-columns=attached.len().to_string()>{t.storage_how}</span>
            <span class="corner">{bench.text().desk.lead}</span>
            {columns.into_iter().collect_view()}
            {rows.into_iter().collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Choice(bench: Bench, scheme: Scheme) -> impl IntoView {
    view! {
        <label>
            <input
                type="radio"
                id=format!("scheme-{scheme}")
                name="scheme"
                form="login"
                value=scheme.name()
                aria-label=(bench.text().scheme)(scheme)
                checked=bench.scheme.get_untracked() == scheme
                data-set="scheme"
            />
            <span aria-hidden="true">{(bench.lang.switch().usual)(scheme)}</span>
        </label>
    }
    .into_any()
}
