use crate::{act, bench::Bench};
use domain::scheme::Scheme;
use leptos::prelude::*;

/// The switch: two questions, four answers. A real radio group; its form is the login's.
#[component]
pub(crate) fn Switch(bench: Bench) -> impl IntoView {
    let text = move || bench.text();
    view! {
        <fieldset class="switch" id="switch">
            <legend>{move || text().switch.legend}</legend>
            <p class="lead">{move || text().switch.lead}</p>
            <div class="grid">
                <span class="axis corner"></span>
                <span class="axis column">
                    <b>{move || text().switch.cookie}</b>
                    <small>{move || text().switch.cookie_how}</small>
                </span>
                <span class="axis column">
                    <b>{move || text().switch.storage}</b>
                    <small>{move || text().switch.storage_how}</small>
                </span>
                <span class="axis row">
                    <b>{move || text().switch.session}</b>
                    <small>{move || text().switch.session_how}</small>
                </span>
                <Choice bench at=0 />
                <Choice bench at=1 />
                <span class="axis row">
                    <b>{move || text().switch.jwt}</b>
                    <small>{move || text().switch.jwt_how}</small>
                </span>
                <Choice bench at=2 />
                <Choice bench at=3 />
            </div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Choice(bench: Bench, at: usize) -> impl IntoView {
    let scheme = Scheme::ALL[at];
    let text = move || bench.text();
    let chosen = move || bench.scheme.get() == scheme;
    let hint = format!("hint-{scheme}");
    view! {
        <label class="choice" class:chosen=chosen>
            <input
                type="radio"
                name="scheme"
                form="login"
                value=scheme.name()
                aria-describedby=hint.clone()
                checked=bench.scheme.get_untracked() == scheme
                prop:checked=chosen
                on:change=move |_| act::switch_to(bench, scheme)
            />
            <span>
                <b>{move || (text().scheme)(scheme)}</b>
            </span>
            <small id=hint aria-hidden="true">{move || text().switch.hints[at]}</small>
        </label>
    }
    .into_any()
}
