use crate::{
    act,
    state::bench::{Bench, held},
    ui::bench::browser::token::Token,
};
use domain::claims::UnverifiedToken;
use leptos::prelude::*;

/// A field in which the credential can be changed before it is sent.
#[component]
pub(crate) fn Tamper(bench: Bench) -> impl IntoView {
    let text = bench.text();
    let value = RwSignal::new(String::new());
    let current = move || bench.browser.with(|browser| held(browser).first().map(|held| held.value.clone()));
    let locked = move || !bench.hydrated.get();
    let empty = move || value.with(|value| value.trim().is_empty());
    let is_jwt = move || value.with(|value| UnverifiedToken::read_unverified(value.trim()).is_some());
    // What is not printable ASCII cannot stand in a header at all; the browser would refuse to send it.
    let unsendable = move || value.with(|value| !value.trim().chars().all(|c| c.is_ascii_graphic() || c == ' '));
    // What was changed can be read before it is sent, which is a lesson, too.
    let token = Memo::new(move |_| value.with(|value| is_jwt().then(|| value.trim().to_owned())));
    let opened = move || token.get().map(|token| view! { <Token bench token /> });
    view! {
            <p class="note">{bench.word(|t| t.tamper().lede)}</p>
            <form on:submit=move |event| {
                event.prevent_default();
                act::send_tampered(bench, value.get_untracked().trim().to_owned());
            }>
                <label for="tampered">{bench.word(|t| t.tamper().field)}</label>
                <textarea
                    id="tampered"
                    rows="3"
                    spellcheck="false"
                    autocapitalize="none"
                    maxlength="16000"
                    disabled=locked
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                ></textarea>
                <div class="buttons">
                    <button
                        type="button"
                        disabled=move || locked() || current().is_none()
                        on:click=move |_| value.set(current().unwrap_or_default())
                    >
                        {bench.word(|t| t.tamper().take)}
                    </button>
                    <button type="button" disabled=empty on:click=move |_| value.update(|value| *value = flip(value))>
                        {bench.word(|t| t.tamper().flip)}
                    </button>
                    <button type="button" disabled=move || !is_jwt() on:click=move |_| value.update(claim_admin)>
                        {bench.word(|t| t.tamper().admin)}
                    </button>
                    <button type="button" disabled=move || !is_jwt() on:click=move |_| value.update(claim_none)>
                        {bench.word(|t| t.tamper().none)}
                    </button>
                    <button class="primary" disabled=move || empty() || unsendable()>{bench.word(|t| t.tamper().send)}</button>
                </div>
                <p class="note">
                    {move || if unsendable() {
                        text.tamper().not_ascii
                    } else if empty() && current().is_none() {
                        text.tamper().nothing
                    } else {
                        text.tamper().how
                    }}
                </p>
                {opened}
            </form>
    }
    .into_any()
}

/// Changes the third character from the end: of an id, or of a JWT's signature. It shows in the chip, and the
/// last one would not do, for some of its bits stand for nothing.
fn flip(value: &str) -> String {
    let count = value.chars().count();
    let place = count.saturating_sub(3);
    value.chars().enumerate().map(|(at, c)| if at == place { other(c) } else { c }).collect()
}

fn other(c: char) -> char {
    if c == 'A' { 'B' } else { 'A' }
}

fn claim_admin(value: &mut String) {
    if let Some(mut token) = UnverifiedToken::read_unverified(value.trim()) {
        if let Some(role) = token.payload.get_mut("role") {
            *role = "admin".into();
        }
        let payload = token.payload.clone();
        *value = token.with_payload(&payload);
    }
}

fn claim_none(value: &mut String) {
    if let Some(mut token) = UnverifiedToken::read_unverified(value.trim()) {
        if let Some(alg) = token.header.get_mut("alg") {
            *alg = "none".into();
        }
        // As in the real attack: no algorithm, so no signature.
        token.signature.clear();
        let payload = token.payload.clone();
        *value = token.with_payload(&payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_changed_and_the_length_stays() {
        for value in ["abcdefghij", "a.b.AAAA", "A", "가나다"] {
            let changed = flip(value);
            assert_eq!(changed.chars().count(), value.chars().count());
            assert_eq!(changed.chars().zip(value.chars()).filter(|(a, b)| a != b).count(), 1, "{value}");
        }
    }
}
