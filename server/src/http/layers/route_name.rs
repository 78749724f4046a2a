//! Which route took a request, for whoever counts.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use std::sync::Arc;

/// Stands on a response: the route's pattern, such as `/lab/{lab}/api/me`.
#[derive(Clone, Debug)]
pub(crate) struct RouteName(pub(crate) Arc<str>);

/// Answers, and notes it, unless a router further in has done so already and knows it better.
pub(crate) async fn noted(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let (Some(matched), None) = (matched, response.extensions().get::<RouteName>()) {
        response.extensions_mut().insert(RouteName(matched.as_str().into()));
    }
    response
}
