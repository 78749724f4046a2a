//! The routes, and what stands in front of them.

use crate::{
    auth::random,
    gate::Gate,
    http::{
        Answer, Rejection,
        answering::Answering,
        assets, attacker, control, docs, guide, html,
        layers::{compression, guarded, not_found::Person, noted, public_origin},
        lesson, operate, storage_access,
    },
    process::{Process, Settings},
};
use axum::{
    Router,
    extract::{RawQuery, Request, State},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{any, get},
};
use futures::FutureExt as _;
use http::{HeaderValue, StatusCode, Uri, header};
use std::{convert::Infallible, future::ready, sync::Arc};
use tower::ServiceExt as _;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A server: its state, and the routers of its listeners.
pub struct Server {
    /// What all labs share.
    pub process: Arc<Process>,
    /// The page's.
    pub router: Answering,
    /// The attacker's.
    pub attacker: Answering,
    /// What an operator asks on an address of its own.
    pub metrics: Answering,
}

impl Server {
    /// A server of these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        // Rendering needs it; that it is there already is no error.
        let _ = leptos_axum::generate_route_list(|| ());
        let process = Arc::new(Process::new(settings));
        let (lesson, lesson_docs) = lesson::lesson();
        let gate = Gate::new(Arc::clone(&process), lesson);
        let (router, mut documented) = OpenApiRouter::new()
            .routes(routes!(home))
            .merge(operate::routes(process.metrics_apart))
            .routes(routes!(guide::told))
            .routes(routes!(storage_access::page))
            .merge(control::routes(&process))
            .split_for_parts();
        documented.merge(lesson_docs);
        let router = router
            .merge(docs::routes::<Arc<Gate>>(documented, &process.assets))
            .route("/lab/{lab}", any(lesson::take))
            // What comes below it is never compressed.
            .layer(middleware::from_fn(compression::compress))
            .route(storage_access::SCRIPT, get(html::javascript(include_str!("storage_access.js"))))
            .route("/lab/{lab}/", get(without_slash))
            .route("/lab/{lab}/guestbook", any(lesson::take))
            .with_state(Arc::clone(&gate))
            .method_not_allowed_fallback(Rejection::method_not_allowed());
        let router = match &process.site {
            Some(site) => router.fallback_service(assets::files(site)),
            None => router.fallback(Rejection::nothing_here()),
        };
        let (router, page) = (router.layer(middleware::from_fn(noted)), Arc::clone(&gate));
        let router = Answering::new(move |request| answer(Arc::clone(&page), router.clone(), request).boxed());
        let attacker = attacker::router(&process).into();
        let https = process.is_https();
        let metrics =
            operate::apart(gate).layer(middleware::map_response(move |response| ready(guarded(https, response))));
        Self { process, router, attacker, metrics: metrics.into() }
    }
}

/// What stands around every route at the page's address: who opens the page under another name is sent to its own, and
/// people who followed a wrong address are shown the way.
async fn answer(gate: Arc<Gate>, router: Router, request: Request) -> Response {
    let process = &gate.process;
    let https = process.is_https();
    if let Some(way) = public_origin::way_there(&process.origins, &request) {
        return guarded(https, way);
    }
    let person = Person::asking(&request);
    let response = if lesson::is_api(request.uri().path()) {
        lesson::take(State(Arc::clone(&gate)), request).await.into_response()
    } else {
        router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
    };
    let response = match person {
        Some(person) => person.answered(response, &process.assets.css),
        None => response,
    };
    guarded(https, response)
}

/// The page's address has no slash at its end.
async fn without_slash(uri: Uri) -> Redirect {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&format!("{}{query}", uri.path().trim_end_matches('/')))
}

/// To a new lab.
#[utoipa::path(get, path = "/", responses((status = 303, description = "to a new lab; the query stays")))]
async fn home(RawQuery(query): RawQuery) -> Answer {
    let id = random::text()?;
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let to = HeaderValue::from_str(&format!("/lab/{id}{query}"))
        .map_err(|_| Rejection::new(StatusCode::BAD_REQUEST, "the query has characters that an address cannot have"))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

#[cfg(test)]
mod tests;
