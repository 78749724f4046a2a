use crate::{act, state::bench::Bench};
use domain::{lesson::press::Press, scheme::Scheme};
use leptos::prelude::*;

/// The switch: two questions, four answers. A real radio group; its form is the login's.
#[component]
pub(crate) fn Switch(bench: Bench) -> impl IntoView {
    view! {
        <fieldset class="switch" id="switch">
            <legend>{bench.word(|t| t.switch.legend)}</legend>
            <div class="grid">
                <span class="axis corner">{bench.word(|t| t.switch.lead)}</span>
                <span class="axis column">
                    <b>{bench.word(|t| t.switch.cookie)}</b>
                    <small>{bench.word(|t| t.switch.cookie_how)}</small>
                </span>
                <span class="axis column">
                    <b>{bench.word(|t| t.switch.storage)}</b>
                    <small>{bench.word(|t| t.switch.storage_how)}</small>
                </span>
                <span class="axis row">
                    <b>{bench.word(|t| t.switch.session)}</b>
                    <small>{bench.word(|t| t.switch.session_how)}</small>
                </span>
                <Choice bench at=0 />
                <Choice bench at=1 />
                <span class="axis row">
                    <b>{bench.word(|t| t.switch.jwt)}</b>
                    <small>{bench.word(|t| t.switch.jwt_how)}</small>
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
    let text = bench.text();
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
                on:change=move |_| act::press(bench, Press::Switch(scheme))
            />
            <span>
                <b>{(text.scheme)(scheme)}</b>
            </span>
            <small id=hint aria-hidden="true">{text.switch.hints[at]}</small>
        </label>
    }
    .into_any()
}
