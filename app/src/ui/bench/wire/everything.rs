use crate::{act, state::bench::Bench};
use domain::{
    exchange::{Exchange, Header},
    lesson::curl::curl,
};
use leptos::prelude::*;
use std::sync::Arc;

/// All of an exchange, and a command that repeats it.
#[component]
pub(crate) fn Everything(bench: Bench, exchange: Arc<Exchange>) -> impl IntoView {
    let first = format!("{} {}", exchange.request.method, exchange.request.path);
    let request = &exchange.request;
    let body = request.body.clone().or_else(|| Some(format!("base64: {}", request.body_base64.as_ref()?)));
    // Each exchange has one, so it says of which it is.
    let label = format!("{}: {first}, #{}", bench.word(|t| t.wire.curl), exchange.id);
    let command = curl(&exchange, &bench.boot().origin);
    view! {
        <h3>{bench.word(|t| t.wire.request)}</h3>
        <p class="kv">{first}</p>
        <Headers of=exchange.request.headers.clone() />
        <Body bench body />
        <h3>{bench.word(|t| t.wire.response)}</h3>
        <p class="kv">{exchange.response.status}</p>
        <Headers of=exchange.response.headers.clone() />
        <Body bench body=exchange.response.body.clone() />
        <button type="button" class="quiet" aria-label=label on:click=move |_| act::copy(bench, command.clone())>
            {bench.word(|t| t.wire.curl)}
        </button>
    }
    .into_any()
}

#[component]
fn Headers(of: Vec<Header>) -> impl IntoView {
    let lines = of.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    view! { <dl class="headers raw">{lines}</dl> }.into_any()
}

#[component]
fn Body(bench: Bench, body: Option<String>) -> impl IntoView {
    match body {
        Some(body) => view! { <pre tabindex="0">{body}</pre> }.into_any(),
        None => view! { <p class="empty">{bench.text().wire.no_body}</p> }.into_any(),
    }
}
