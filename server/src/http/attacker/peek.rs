//! `GET peek`: a page for a frame, which looks into its own localStorage for what the lab's page keeps in its own.

use crate::{
    http::{
        attacker::{Existing, Number, OwnPage, guarded, host, javascript, loot, no_content},
        extract::body,
        html,
        rejection::Rejection,
    },
    process::Process,
};
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use domain::{
    attack::{Purpose, SeenVisit},
    scheme::storage_key,
};
use maud::html;
use std::sync::Arc;

/// The page.
pub(super) async fn page(State(process): State<Arc<Process>>, Existing(lab): Existing, Number(_): Number) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; object-src 'none'; \
         form-action 'none'; frame-ancestors {} http://localhost:* http://127.0.0.1:*",
        process.origins.public
    );
    let key = storage_key(&lab.id);
    let page = html! {
        html lang="en" data-key=(key) { (html::scripted("Peek", "/peek.js", None)) body {} }
    };
    guarded(&policy, html::document(&page))
}

/// `GET /peek.js`.
pub(super) async fn script() -> Response {
    javascript(include_str!("peek.js"))
}

/// `POST peeked`: what it found, or nothing.
pub(super) async fn peeked(_: OwnPage, Existing(lab): Existing, Number(n): Number, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match body::read(body).await {
        Ok(body) => body,
        Err(error) => return Rejection::from(error).into_response(),
    };
    let credential = loot::from_storage(&lab, &String::from_utf8_lossy(&body)).await;
    lab.attacker.saw(SeenVisit { n, host: host(&parts.headers), purpose: Purpose::Peek, credential });
    lab.has_changed();
    no_content()
}
