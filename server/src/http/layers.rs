//! What stands around the routes.

use crate::guard::guard;
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use std::sync::Arc;

pub(crate) mod compression;
pub(crate) mod form_redirect;
pub(crate) mod not_found;
pub(crate) mod origin;
pub(crate) mod public_origin;

/// Stands on a response, for whoever counts: the pattern of the route that took it, such as `/lab/{lab}/api/me`.
#[derive(Clone, Debug)]
pub(crate) struct RouteName(pub(crate) Arc<str>);

/// Answers, and notes which route did, unless a router further in has done so already and knows it better.
pub(crate) async fn noted(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let (Some(matched), None) = (matched, response.extensions().get::<RouteName>()) {
        response.extensions_mut().insert(RouteName(matched.as_str().into()));
    }
    response
}

/// What every answer has, whoever makes it.
pub(crate) fn guarded(https: bool, mut response: Response) -> Response {
    if response.status() != StatusCode::PERMANENT_REDIRECT {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    guard(response.headers_mut(), https);
    response
}
