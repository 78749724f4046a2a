//! The lesson: what logging in, being known, shopping and logging out are on the wire.

use crate::{
    error::{LessonError, method_not_allowed, not_found},
    forms, guestbook, origin,
    origin::CameFrom,
    page,
    visit::Visit,
};
use axum::{
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use domain::exchange::Did;
use std::time::Instant;
use utoipa_axum::{router::OpenApiRouter, routes};

mod admin;
mod cart;
mod catalog;
mod credential;
mod login;
mod logout;
mod me;
mod orders;
mod probes;
mod refresh;

pub(crate) use orders::KEY_BYTES;

/// The lesson's routes, on every node the same.
pub(crate) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(page::page))
        .routes(routes!(guestbook::guestbook))
        .routes(routes!(login::login))
        .routes(routes!(me::me))
        .routes(routes!(refresh::refresh))
        .routes(routes!(cart::add, cart::empty))
        .routes(routes!(logout::logout))
        .routes(routes!(logout::everywhere))
        .routes(routes!(admin::admin))
        .routes(routes!(catalog::catalog))
        .routes(routes!(orders::place, orders::list, orders::cancel))
        .routes(routes!(probes::set, probes::clear))
        .layer(middleware::from_fn(check_origin))
        .layer(middleware::from_fn(forms::way_back))
        // It changes nothing and leads nowhere, so it may be asked from everywhere and in every way.
        .routes(routes!(probes::arrived, probes::arrived_with_form))
}

/// The lesson as one service: what it does not know it refuses, and that is recorded too.
pub(crate) fn service(router: axum::Router) -> axum::Router {
    router.fallback(not_found).method_not_allowed_fallback(method_not_allowed)
}

/// The defence that a visitor can switch on: a request that changes something must come from here.
async fn check_origin(visit: Visit, request: Request, next: Next) -> Result<Response, LessonError> {
    if request.method().is_safe() || !visit.lab.world(|world| world.defences.check_origin) {
        return Ok(next.run(request).await);
    }
    let start = Instant::now();
    let came_from = origin::came_from(request.headers(), visit.server.public_origin());
    let said = match &came_from {
        CameFrom::Here(said) | CameFrom::Elsewhere(said) => said.as_str(),
        CameFrom::NoBrowser => "no browser",
    };
    visit.steps.took(start, Did::CheckedOrigin, said);
    match came_from {
        CameFrom::Elsewhere(said) => Err(LessonError::Elsewhere(said)),
        CameFrom::Here(_) | CameFrom::NoBrowser => Ok(next.run(request).await),
    }
}
