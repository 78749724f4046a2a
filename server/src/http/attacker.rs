//! The attacker's own listener: another site, with nothing on it but what the experiments need. All of it is a
//! fixed list; it sets no cookie and makes no lab.

use crate::{
    http::{
        Rejection,
        extract::{self, lab::id_of},
        html,
        layers::{guarded, noted, origin},
    },
    lab::Lab,
    process::Process,
};
use axum::{
    Router,
    extract::FromRequestParts,
    middleware,
    response::Response,
    routing::{get, post},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use std::{future::ready, sync::Arc};

mod loot;
mod peek;
mod window;

/// What everything here may do that says nothing else: nothing.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn router(process: &Arc<Process>) -> Router {
    let https = process.origins.attacker.starts_with("https://");
    Router::new()
        .route("/lab/{lab}/window", get(window::page))
        .route("/lab/{lab}/next", post(window::next))
        .route("/window.js", get(html::javascript(include_str!("attacker/window.js"))))
        .route("/lab/{lab}/loot", post(loot::deliver))
        .route("/lab/{lab}/port", get(loot::port).post(loot::port))
        .route("/lab/{lab}/peek", get(peek::page))
        .route("/lab/{lab}/peeked", post(loot::peeked))
        .route("/peek.js", get(html::javascript(include_str!("attacker/peek.js"))))
        .fallback(Rejection::new(
            StatusCode::NOT_FOUND,
            "there is nothing at this address; this is the attacker's site, the lab is another",
        ))
        .with_state(Arc::clone(process))
        .method_not_allowed_fallback(Rejection::method_not_allowed())
        .layer(middleware::from_fn(noted))
        .layer(middleware::map_response(move |mut response: Response| {
            let policy = HeaderValue::from_static(NOTHING);
            response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
            ready(guarded(https, response))
        }))
}

/// A lab that is there already.
struct Existing(Arc<Lab>);

impl FromRequestParts<Arc<Process>> for Existing {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, process: &Arc<Process>) -> Result<Self, Rejection> {
        let lab = id_of(parts).and_then(|id| process.labs.existing(&id));
        lab.map(Self).ok_or_else(|| {
            Rejection::new(StatusCode::NOT_FOUND, "there is no such lab to attack; open the lab's own page first")
        })
    }
}

/// The number of the guestbook's frame, for which something is done.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    n: u64,
}

impl FromRequestParts<Arc<Process>> for Number {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Process>) -> Result<Self, Rejection> {
        extract::query(parts.uri.query(), "the query is the number of the guestbook's frame: ?n=1")
    }
}

/// Only the attacker's own pages ask this, or programs.
struct OwnPage;

impl FromRequestParts<Arc<Process>> for OwnPage {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, process: &Arc<Process>) -> Result<Self, Rejection> {
        let came_from = origin::came_from(&parts.headers, &process.origins.of_configured_attacker());
        came_from.or_refuse("; only the attacker's own page may do this").map(|()| Self)
    }
}
