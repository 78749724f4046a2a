//! A recorded request as a command for curl, so that anybody can send just the same one again.

use crate::{
    exchange::{Did, Exchange, Request},
    user::{DEMO_USERS, demo_password},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fmt::Write as _;

/// What a recorded password looks like.
pub const MASKED: &str = "•••";

/// Headers that belong to a connection or a body, so that curl has to make its own; and the record's word that there
/// were more.
const CURLS_OWN: [&str; 13] = [
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "http2-settings",
    "expect",
    "accept-encoding",
    "…",
];

/// What curl adds where nobody says otherwise; the last one only to a body.
const ADDED: [&str; 3] = ["user-agent", "accept", "content-type"];

/// The command that sends the same request to `origin` again. In a login that was accepted, a demo user's password,
/// which stands on the page, is filled in where the record masks it; what was refused is refused with the mask, too.
#[must_use]
pub fn curl(exchange: &Exchange, origin: &str) -> String {
    let request = &unmasked(exchange);
    let body = body(request);
    let mut words = vec!["curl".to_owned(), "-i".to_owned()];
    if request.path.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    if ["/.", "/%2e", "/%2E"].into_iter().any(|dot| request.path.contains(dot)) {
        words.push("--path-as-is".to_owned());
    }
    words.push(quote(&format!("{origin}{}", request.path)));
    match (request.method.as_str(), &body) {
        ("HEAD", None) => words.push("--head".to_owned()),
        // With a body there is no `--head`, and without it curl waits for the body that a length announces.
        ("HEAD", Some(_)) => {
            words.extend(["-X", "HEAD", "--ignore-content-length", "-H", "'connection: close'"].map(Into::into));
        }
        ("GET", None) | ("POST", Some(_)) => {}
        (method, _) => words.extend(["-X".to_owned(), quote(method)]),
    }
    let mut header = |text: &str| words.extend(["-H".to_owned(), quote(text)]);
    for (name, value) in &request.headers {
        let is_curls_own = CURLS_OWN.iter().any(|own| name.eq_ignore_ascii_case(own));
        match value.as_str() {
            _ if is_curls_own => {}
            "" => header(&format!("{name};")),
            value => header(&format!("{name}: {value}")),
        }
    }
    for added in &ADDED[..if body.is_some() { 3 } else { 2 }] {
        if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(added)) {
            header(&format!("{added}:"));
        }
    }
    match body {
        None => words.join(" "),
        Some(Body::Text(text)) => format!("{} --data-raw {}", words.join(" "), quote(&text)),
        Some(Body::Bytes(bytes)) => {
            format!("printf '{}' | {} --data-binary @-", octal(&bytes), words.join(" "))
        }
    }
}

/// A body as a command takes it: as an argument, or through a pipe.
enum Body {
    Text(String),
    Bytes(Vec<u8>),
}

fn body(request: &Request) -> Option<Body> {
    match (&request.body, &request.body_base64) {
        (Some(text), _) => {
            let text = text.clone();
            // No argument has a NUL, and a terminal acts on some others.
            let is_plain = text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t');
            Some(if is_plain { Body::Text(text) } else { Body::Bytes(text.into_bytes()) })
        }
        (None, Some(base64)) => STANDARD.decode(base64).ok().map(Body::Bytes),
        (None, None) => None,
    }
}

/// The request with the password that it had, as far as the page knows it.
fn unmasked(exchange: &Exchange) -> Request {
    let mut request = exchange.request.clone();
    let accepted = exchange.response.status < 400 && !exchange.steps.iter().any(|step| step.did == Did::Refused);
    let is_named = |name: &str| request.body.as_deref().unwrap_or(&request.path).contains(name);
    let user = DEMO_USERS.iter().find(|(name, _)| accepted && request.route() == "api/login" && is_named(name));
    if let Some((name, _)) = user {
        let password = demo_password(name);
        request.path = request.path.replace(MASKED, &password);
        request.body = request.body.map(|body| body.replace(MASKED, &password));
    }
    request
}

/// Bytes as POSIX's `printf` writes them.
fn octal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphabetic() {
            all.push(char::from(*byte));
        } else {
            // Writing into a String does not fail.
            let _ = write!(all, "\\{byte:03o}");
        }
        all
    })
}

/// A word for a POSIX shell, whatever it has in it.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests;
