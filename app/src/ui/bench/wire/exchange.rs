use crate::{
    browser::Json,
    state::{bench::Bench, lazy::Lazy},
    text::{Text, figures::decimal},
    ui::parts::{
        chip::Chip,
        lazily::{Lazily, once_shown},
    },
};
use domain::{
    cookie::{AFFINITY, SetCookie, pairs},
    exchange::{Did, Exchange, Sender, Step, bearer, header},
    scheme::Credential,
};
use leptos::prelude::*;
use std::{iter, sync::Arc};

/// One exchange: what it was at a glance, what it carried, what the server did, and all of it on demand.
#[component]
pub(crate) fn ExchangeCard(bench: Bench, exchange: Arc<Exchange>) -> impl IntoView {
    let text = bench.text();
    let route = exchange.request.route().to_owned();
    let is_page = route.is_empty();
    let path = if is_page { exchange.request.path.clone() } else { format!("/{route}") };
    let from = exchange.from;
    let node = exchange.node;
    let status = exchange.response.status;
    let sender = move || sender(text, from);
    let refused = is_refused(&exchange);
    let opened = RwSignal::new(false);
    let steps = exchange.steps.iter().map(|step| view! { <StepLine bench step=step.clone() /> }).collect_view();
    view! {
        <li class="exchange" class:evil=from == Sender::Attacker>
            <p class="line">
                <b>{exchange.request.method.clone()}</b>
                <span class="path">{if is_page { "/lab/…".to_owned() } else { path }}</span>
                {is_page.then(|| view! { <span class="flag">{bench.word(|t| t.wire.page)}</span> })}
                {node.map(|node| view! { <span class="flag">{(text.server.node)(node)}</span> })}
                {move || sender().map(|sender| view! { <span class="flag bad">{sender}</span> })}
                <span class="code" class:good=!refused class:bad=refused>{status}</span>
            </p>
            <Gist bench exchange=exchange.clone() />
            <ol class="steps" aria-label=bench.word(|t| t.wire.steps)>{steps}</ol>
            <details on:toggle=move |_| opened.set(true)>
                <summary>{bench.word(|t| t.wire.open)}</summary>
                <Lazily bench what=Lazy::Exchange(StoredValue::new(exchange)) when=once_shown(opened) />
            </details>
        </li>
    }
    .into_any()
}

/// Who sent it, unless it was the page.
pub(crate) fn sender(t: &Text, from: Sender) -> Option<&'static str> {
    match from {
        Sender::Page => None,
        Sender::Attacker => Some(t.wire.attacker),
        Sender::Crowd => Some(t.wire.crowd),
        Sender::Other => Some(t.wire.other),
    }
}

/// A form is sent back to the page also when it was refused.
pub(crate) fn is_refused(exchange: &Exchange) -> bool {
    exchange.response.status >= 400 || exchange.steps.iter().any(|step| step.did == Did::Refused)
}

#[component]
fn StepLine(bench: Bench, step: Step) -> impl IntoView {
    let did = step.did;
    let time = (step.micros > 0.0).then(|| format!("{} ms", decimal(step.micros / 1000.0, 3)));
    view! {
        <li>
            <span>{(bench.text().did)(did)}</span>
            <small>{(bench.text().detail)(&step.detail)}</small>
            <time>{time}</time>
        </li>
    }
    .into_any()
}

/// The headers that this lab is about: what carried a credential up, what brought one down.
#[component]
fn Gist(bench: Bench, exchange: Arc<Exchange>) -> impl IntoView {
    let mut lines = Vec::new();
    for (name, value) in &exchange.request.headers {
        if let Some(found) = carried(name, value) {
            lines.extend(
                found
                    .into_iter()
                    .map(|(prefix, value)| line(bench, "up", title_case(name), prefix, value, String::new())),
            );
        }
    }
    let none = lines.is_empty().then(
        || view! { <div class="up"><dt>"Cookie"</dt><dd class="empty">{bench.word(|t| t.wire.no_credential)}</dd></div> },
    );
    // The balancer's cookie is no credential, and decides all the same: which node gets the request.
    let cookies = header(&exchange.request.headers, "cookie").flat_map(pairs);
    for (name, value) in cookies.filter(|(name, _)| *name == AFFINITY) {
        lines.push(line(bench, "up", "Cookie", format!("{name}={value}"), String::new(), String::new()));
    }
    for set in header(&exchange.response.headers, "set-cookie").filter_map(SetCookie::parse) {
        let attributes = format!("; {}", set.attributes.join("; "));
        if set.name == AFFINITY {
            lines.push(line(
                bench,
                "down",
                "Set-Cookie",
                format!("{}={}", set.name, set.value),
                String::new(),
                attributes,
            ));
        } else if set.removes() {
            let name = set.name.to_owned();
            // What takes it away, and which one, where several have this name; the rest stands with all headers.
            let which = set
                .attributes
                .iter()
                .filter(|one| one.starts_with("Max-Age=") || one.starts_with("Path=") || **one == "Secure");
            let which = iter::once(&"").chain(which).copied().collect::<Vec<_>>().join("; ");
            lines.push(
                view! { <div class="down"><dt>"Set-Cookie"</dt><dd>{name} "=" <small>{which}</small> " " <em>{bench.word(|t| t.wire.forgets)}</em></dd></div> }
                    .into_any(),
            );
        } else {
            lines.push(line(bench, "down", "Set-Cookie", format!("{}=", set.name), set.value.to_owned(), attributes));
        }
    }
    if let Some(token) = exchange.response.body.as_deref().and_then(access_token) {
        lines.push(
            view! { <div class="down"><dt>"access_token"</dt><dd><Chip bench value=token /> " " <small>{bench.word(|t| t.wire.in_body)}</small></dd></div> }
                .into_any(),
        );
    }
    for challenge in header(&exchange.response.headers, "www-authenticate") {
        lines.push(line(bench, "down", "WWW-Authenticate", challenge.to_owned(), String::new(), String::new()));
    }
    view! { <dl class="headers">{none} {lines}</dl> }.into_any()
}

fn line(bench: Bench, class: &'static str, name: &'static str, prefix: String, value: String, rest: String) -> AnyView {
    let chip = (!value.is_empty()).then(|| view! { <Chip bench value /> });
    view! { <div class=class><dt>{name}</dt><dd>{prefix} {chip}<small>{rest}</small></dd></div> }.into_any()
}

fn title_case(name: &str) -> &'static str {
    if name.eq_ignore_ascii_case("cookie") { "Cookie" } else { "Authorization" }
}

/// The credentials in a request header, each with what stands before it.
pub(crate) fn carried(name: &str, value: &str) -> Option<Vec<(String, String)>> {
    if name.eq_ignore_ascii_case("cookie") {
        let ours = pairs(value).filter(|(name, _)| Credential::of_cookie(name).is_some());
        return Some(ours.map(|(name, value)| (format!("{name}="), value.to_owned())).collect());
    }
    if name.eq_ignore_ascii_case("authorization") {
        return bearer(value).map(|value| vec![("Bearer ".to_owned(), value.to_owned())]);
    }
    None
}

/// The credentials that came down with the answer: in cookies, or in the body.
pub(crate) fn given(exchange: &Exchange) -> Vec<String> {
    let set = header(&exchange.response.headers, "set-cookie").filter_map(SetCookie::parse);
    let set = set.filter(|set| !set.removes() && Credential::of_cookie(set.name).is_some());
    set.map(|set| set.value.to_owned()).chain(exchange.response.body.as_deref().and_then(access_token)).collect()
}

fn access_token(body: &str) -> Option<String> {
    Json::parse(body)?.get("access_token")?.text()
}
