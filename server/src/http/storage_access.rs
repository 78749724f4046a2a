//! `GET /embedded`: a page for a frame on the attacker's site. It tells that site one thing, which each site can find
//! out for itself: whether this browser lets what is embedded have its cookies. Predictions need it, for it is a setting
//! of the browser's, not a rule.

use crate::{
    gate::Gate,
    http::{Answer, html},
};
use axum::extract::State;
use maud::html;
use std::sync::Arc;

/// Where it is, and where its script is.
pub(crate) const PATH: &str = "/embedded";
pub(crate) const SCRIPT: &str = "/embedded.js";

/// The page.
#[utoipa::path(
    get, path = "/embedded",
    responses(
        (status = 200, content_type = "text/html", description = "a page for the attacker's window to frame"),
    ),
)]
pub(crate) async fn page(State(gate): State<Arc<Gate>>) -> Answer {
    let attacker = &gate.process.origins.attacker;
    let policy = format!(
        "default-src 'none'; script-src 'self'; img-src data:; base-uri 'none'; object-src 'none'; form-action 'none'; \
         frame-ancestors {attacker}"
    );
    let page = html! {
        html lang="en" data-asks=(attacker) { (html::scripted("Embedded", SCRIPT, None)) body {} }
    };
    html::guarded(&policy, &page)
}
