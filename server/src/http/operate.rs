//! What whoever operates the process asks it.

use crate::{
    gate::Gate,
    http::{Answer, Rejection, layers::noted},
    metrics::{self, CONTENT_TYPE},
};
use axum::{
    Json, Router,
    extract::State,
    middleware,
    response::{IntoResponse as _, Response},
};
use domain::api::{Ready, StoreAnswers};
use futures::future::join_all;
use http::{StatusCode, header};
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes at the page's address; `/metrics` is among them unless it is told apart.
pub(super) fn routes(metrics_apart: bool) -> OpenApiRouter<Arc<Gate>> {
    let router = OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz));
    if metrics_apart { router } else { router.routes(routes!(metrics)) }
}

/// What is told on an address of its own.
pub(super) fn apart(gate: Arc<Gate>) -> Router {
    Router::<Arc<Gate>>::from(routes(false))
        .fallback(Rejection::nothing_here())
        .with_state(gate)
        .method_not_allowed_fallback(Rejection::method_not_allowed())
        .layer(middleware::from_fn(noted))
}

/// Whether the server is alive.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String)))]
async fn healthz() -> &'static str {
    "ok"
}

/// Whether the stores that all nodes share answer; those that are not configured are left out.
#[utoipa::path(
    get, path = "/readyz",
    responses(
        (status = 200, body = Ready),
        (status = 503, body = Ready, description = "one of them does not answer"),
    ),
)]
async fn readyz(State(gate): State<Arc<Gate>>) -> Response {
    let process = &gate.process;
    let answers = |kind| async move { StoreAnswers { kind, answers: process.stores.answers(kind).await } };
    let stores = join_all(process.stores.configured().map(answers)).await;
    let all = stores.iter().all(|store| store.answers);
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { node: process.node_name.clone(), stores })).into_response()
}

/// What the process counts, and what stands at this moment, for Prometheus (text format 0.0.4).
#[utoipa::path(
    get, path = "/metrics",
    responses((status = 200, body = String, content_type = "text/plain; version=0.0.4; charset=utf-8")),
)]
async fn metrics(State(gate): State<Arc<Gate>>) -> Answer {
    let process = &gate.process;
    let text = metrics::exposition(process.node_name.as_deref().unwrap_or_default(), &process.readings())
        .map_err(|_| Rejection::internal("the metrics cannot be written"))?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}
