//! The lesson: what logging in, being known, shopping and logging out are on the wire.

use crate::{
    gate::{Arrival, Gate, Lesson, visit::Visit},
    http::{
        extract::body,
        layers::{
            form_redirect,
            origin::{self, CameFrom},
            route_name,
        },
        rejection::{Rejection, method_not_allowed, nothing_here},
    },
    lab::Lab,
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use domain::exchange::Did;
use std::{convert::Infallible, sync::Arc, time::Instant};
use tower::{ServiceExt as _, service_fn, util::BoxCloneSyncService};
use utoipa_axum::{router::OpenApiRouter, routes};

mod admin;
mod cart;
mod catalog;
mod credential;
mod guestbook;
mod login;
mod logout;
mod me;
mod orders;
mod page;
mod probes;
mod refresh;

pub(crate) use orders::KEY_BYTES;

const API: &str = "/lab/{lab}/api";

/// The lesson's routes, on every node the same.
pub(crate) fn routes() -> OpenApiRouter {
    let api = OpenApiRouter::new()
        .routes(routes!(login::login))
        .routes(routes!(me::me))
        .routes(routes!(refresh::refresh))
        .routes(routes!(cart::add, cart::empty))
        .routes(routes!(logout::logout))
        .routes(routes!(logout::everywhere))
        .routes(routes!(admin::admin))
        .routes(routes!(catalog::catalog))
        .routes(routes!(orders::place, orders::list, orders::cancel))
        .routes(routes!(probes::set, probes::clear));
    let probe = OpenApiRouter::new().routes(routes!(probes::arrived, probes::arrived_with_form));
    OpenApiRouter::new()
        .routes(routes!(page::page))
        .routes(routes!(guestbook::guestbook))
        .nest(API, api)
        .layer(middleware::from_fn(check_origin))
        .layer(middleware::from_fn(form_redirect::way_back))
        // It changes nothing and leads nowhere, so it may be asked from everywhere and in every way.
        .nest(API, probe)
}

/// The lesson as one service: what it does not know it refuses, and that is recorded too.
pub(crate) fn service(router: Router) -> Lesson {
    let router = router
        .fallback(nothing_here)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(route_name::noted));
    BoxCloneSyncService::new(service_fn(move |mut request: axum::http::Request<Bytes>| {
        // A path that is matched once more would be called by both.
        request.extensions_mut().remove::<MatchedPath>();
        let router = router.clone();
        async move {
            let answer = router.oneshot(request.map(Body::from)).await;
            Ok(whole(answer.unwrap_or_else(|never: Infallible| match never {})).await)
        }
    }))
}

/// Takes a request through the gate, its body read.
pub(crate) async fn take(gate: Arc<Gate>, lab: Arc<Lab>, request: Request) -> Response {
    let arrival = async move {
        let (parts, body) = request.into_parts();
        let body = match body::read(body).await {
            Ok(body) => Ok(body),
            Err(error) => Err(whole(Rejection::from(error).into_response()).await),
        };
        (parts, body) as Arrival
    };
    let answer = gate.take(lab, arrival).await;
    if answer.status() == StatusCode::NOT_MODIFIED {
        // Of a body whose length is known the router would say the length.
        return answer.map(|_| Body::from_stream(futures::stream::empty::<Result<Bytes, Infallible>>()));
    }
    answer.map(Body::from)
}

/// Everything that the lesson answers lies in memory already, or is about to.
async fn whole(response: Response) -> axum::http::Response<Bytes> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(parts, body)
}

/// The defence that a visitor can switch on: a request that changes something must come from here.
async fn check_origin(visit: Visit, request: Request, next: Next) -> Result<Response, Rejection> {
    if request.method().is_safe() || !visit.lab.world(|world| world.defences.check_origin) {
        return Ok(next.run(request).await);
    }
    let start = Instant::now();
    let came_from = origin::came_from(request.headers(), visit.process.public_origin().as_slice());
    let said = match &came_from {
        CameFrom::Here(said) | CameFrom::Elsewhere(said) => said.as_str(),
        CameFrom::NoBrowser => "no browser",
    };
    visit.steps.took(start, Did::CheckedOrigin, said);
    match came_from {
        CameFrom::Elsewhere(said) => Err(Rejection::new(
            StatusCode::FORBIDDEN,
            format!("the request came from elsewhere ({said}) and the lab checks the origin"),
        )),
        CameFrom::Here(_) | CameFrom::NoBrowser => Ok(next.run(request).await),
    }
}
