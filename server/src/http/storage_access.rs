//! `GET /embedded`: a page for a frame on the attacker's site. It tells that site one thing, which each site can find
//! out for itself: whether this browser lets what is embedded have its cookies. Predictions need it, for it is a setting
//! of the browser's, not a rule.

use crate::{gate::Gate, http::html};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use maud::html;
use std::sync::Arc;

/// Where it is.
pub(crate) const PATH: &str = "/embedded";
/// Where its script is.
pub(crate) const SCRIPT: &str = "/embedded.js";

/// The page.
#[utoipa::path(
    get, path = "/embedded", tag = "server",
    responses((status = 200, content_type = "text/html", description = "a page for the attacker's window to frame"))
)]
pub(crate) async fn page(State(gate): State<Arc<Gate>>) -> Response {
    let attacker = &gate.process.origins.attacker;
    let policy = format!(
        "default-src 'none'; script-src 'self'; img-src data:; base-uri 'none'; object-src 'none'; form-action 'none'; \
         frame-ancestors {attacker}"
    );
    let page = html! {
        html lang="en" data-asks=(attacker) { (html::scripted("Embedded", SCRIPT, None)) body {} }
    };
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::from_str(&policy) {
        Ok(policy) => ([(header::CONTENT_SECURITY_POLICY, policy), no_store], html::document(&page)).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Its script.
pub(crate) async fn script() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, include_str!("storage_access.js")).into_response()
}
