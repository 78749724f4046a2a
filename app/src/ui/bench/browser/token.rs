use crate::state::bench::Bench;
use domain::{Seconds, claims::UnverifiedToken};
use leptos::prelude::*;
use serde_json::Value;

/// A JWT, opened: header, payload, signature, each claim with what it means.
#[component]
pub(crate) fn Token(bench: Bench, token: String) -> impl IntoView {
    let Some(read) = UnverifiedToken::read_unverified(&token) else {
        return view! { <p class="note">{bench.word(|t| t.token.opaque)}</p> }.into_any();
    };
    let left = read.seconds("exp").map(|exp| view! { <Left bench exp /> });
    view! {
        <details class="token">
            <summary>{bench.word(|t| t.token.open)} " " {left}</summary>
            <p class="note">{bench.word(|t| t.token.anyone)}</p>
            <p class="caption">{bench.word(|t| t.token.header)}</p>
            <Claims bench of=read.header.clone() />
            <p class="caption">{bench.word(|t| t.token.payload)}</p>
            <Claims bench of=read.payload.clone() />
            <p class="caption">{bench.word(|t| t.token.signature)}</p>
            <p class="kv">{read.signature.clone()}</p>
            <p class="note">{bench.word(|t| t.token.signature_why)}</p>
        </details>
    }
    .into_any()
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
                        <small>{(bench.text().token.claim)(&meant)}</small>
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
