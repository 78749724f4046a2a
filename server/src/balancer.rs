//! Picks a node for each request of the lesson and forwards it.

use crate::{
    cookie::SetCookies,
    error::problem,
    lab::Lab,
    server::Server,
    visit::{Steps, Visit},
};
use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::balance::NodeId;
use std::sync::Arc;
use tower::ServiceExt as _;

/// Forwards a request to a node. Returns what came back and from which node; `None` when none was up.
pub(crate) async fn forward(
    server: &Arc<Server>,
    lab: &Arc<Lab>,
    steps: &Steps,
    mut request: Request,
) -> (Response, Option<NodeId>) {
    let Some(node) = lab.pick(None) else {
        return (problem(StatusCode::SERVICE_UNAVAILABLE, "no node is up: start one"), None);
    };
    let cookies = SetCookies::default();
    let visit = Visit {
        server: Arc::clone(server),
        lab: Arc::clone(lab),
        node: Arc::clone(&node),
        steps: steps.clone(),
        cookies: cookies.clone(),
        headers: request.headers().clone(),
    };
    request.extensions_mut().insert(visit);
    let answer = server.lesson().oneshot(request);
    let mut response = tokio::select! {
        biased;
        () = node.stopped() => {
            let lost = problem(StatusCode::BAD_GATEWAY, "the node stopped before it answered: try again");
            return (lost, Some(node.id));
        }
        Ok(response) = answer => response.into_response(),
    };
    node.count_request();
    for cookie in cookies.take() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    (response, Some(node.id))
}
