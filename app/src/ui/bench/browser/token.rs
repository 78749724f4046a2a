use crate::{
    state::{bench::Bench, lazy::Lazy, read::facts},
    ui::parts::lazily::{Lazily, once_shown},
};
use domain::{Seconds, claims::UnverifiedToken};
use leptos::prelude::*;
use serde_json::Value;

/// A JWT, to be opened.
#[component]
pub(crate) fn Token(bench: Bench, token: String) -> impl IntoView {
    let Some(told) = facts(&token) else {
        return view! { <p class="note">{bench.word(|t| t.token.opaque)}</p> }.into_any();
    };
    let left = told.exp.map(|exp| view! { <Left bench exp /> });
    // Of its own, and not looked at by all: a signal keeps whoever has looked at it until it changes.
    let opened = RwSignal::new(bench.opens_tokens.get_untracked());
    let open = move |_| {
        opened.set(true);
        bench.opens_tokens.set(true);
    };
    view! {
        <details class="token" on:toggle=open>
            <summary>{bench.word(|t| t.token.open)} " " {left}</summary>
            <Lazily bench what=Lazy::Token(StoredValue::new(token)) when=once_shown(opened) />
        </details>
    }
    .into_any()
}

/// What is in it: header, payload, signature, each claim with what it means.
#[component]
pub(crate) fn Opened(bench: Bench, token: String) -> impl IntoView {
    let text = bench.text().opened_token();
    let read = UnverifiedToken::read_unverified(&token)?;
    let inside = view! {
        <p class="note">{text.anyone}</p>
        <p class="caption">{text.header}</p>
        <Claims bench of=read.header />
        <p class="caption">{text.payload}</p>
        <Claims bench of=read.payload />
        <p class="caption">{text.signature}</p>
        <p class="kv">{read.signature}</p>
        <p class="note">{text.signature_why}</p>
    };
    Some(inside.into_any())
}

#[component]
fn Claims(bench: Bench, of: Value) -> impl IntoView {
    let rows: Vec<_> = of
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let (name, meant) = (name.clone(), name.clone());
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <code>{value.to_string()}</code>
                        <small>{(bench.text().opened_token().claim)(&meant)}</small>
                    </dd>
                </div>
            }
        })
        .collect();
    view! { <dl class="claims">{rows}</dl> }.into_any()
}

#[component]
fn Left(bench: Bench, exp: Seconds) -> impl IntoView {
    let words = move || match exp.saturating_sub(bench.now.get()) {
        0 => bench.text().token.over.to_owned(),
        left => format!("{} {}", countdown(left), bench.text().token.left),
    };
    view! { <span class="left">{words}</span> }.into_any()
}

/// `9:05`, or `7:59:58` from an hour on.
pub(crate) fn countdown(seconds: Seconds) -> String {
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_shows_hours_only_when_there_are_some() {
        assert_eq!(countdown(0), "0:00");
        assert_eq!(countdown(65), "1:05");
        assert_eq!(countdown(3600), "1:00:00");
        assert_eq!(countdown(28_799), "7:59:59");
    }
}
