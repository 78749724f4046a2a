//! The lesson: what logging in, being known, shopping and logging out are on the wire.

use crate::{
    bounds,
    gate::{Arrival, Gate, Lesson, visit::Visit},
    http::{
        Answer, At, Rejection,
        extract::body,
        layers::{
            RouteName, form_redirect,
            origin::{self, CameFrom},
        },
    },
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts as _, Request, State},
    response::{IntoResponse as _, Response},
    routing::MethodRouter,
};
use domain::exchange::Did;
use futures::FutureExt as _;
use http::StatusCode;
use std::{collections::HashMap, convert::Infallible, sync::Arc, time::Instant};
use tower::ServiceExt as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter},
    routes,
};

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

/// What the lesson answers, by where it lies below a lab; on every node the same.
type Places = HashMap<String, Place>;

/// An address of the lesson.
struct Place {
    name: RouteName,
    methods: MethodRouter,
    /// It changes nothing and leads nowhere, so it may be asked from everywhere and in every way.
    is_open: bool,
}

/// The lesson for the gate, and what is documented of it. What it does not know it refuses, and that is recorded too.
pub(crate) fn lesson() -> (Lesson, OpenApi) {
    let (mut places, mut docs) = (Places::new(), OpenApi::default());
    for shop in [
        routes!(login::login),
        routes!(me::me),
        routes!(refresh::refresh),
        routes!(cart::add, cart::empty),
        routes!(logout::logout),
        routes!(logout::everywhere),
        routes!(admin::admin),
        routes!(catalog::catalog),
        routes!(orders::place, orders::list, orders::cancel),
        routes!(probes::set, probes::clear),
    ] {
        docs.merge(add(&mut places, API, shop, false));
    }
    docs.merge(add(&mut places, API, routes!(probes::arrived, probes::arrived_with_form), true));
    for page in [routes!(page::page), routes!(guestbook::guestbook)] {
        docs.merge(add(&mut places, "", page, false));
    }
    let places = Arc::new(places);
    let lesson: Lesson = Arc::new(move |request: http::Request<Bytes>| {
        let places = Arc::clone(&places);
        async move { whole(answer(&places, request).await).await }.boxed()
    });
    (lesson, docs)
}

fn add(places: &mut Places, below: &str, answers: UtoipaMethodRouter, is_open: bool) -> OpenApi {
    let methods = answers.2.clone().fallback(Rejection::method_not_allowed()).with_state(());
    let router = OpenApiRouter::<()>::new().routes(answers);
    let router = if below.is_empty() { router } else { OpenApiRouter::new().nest(below, router) };
    let docs = router.into_openapi();
    for path in docs.paths.paths.keys() {
        let place = Place { name: RouteName(path.as_str().into()), methods: methods.clone(), is_open };
        places.insert(below_lab(path).to_owned(), place);
    }
    docs
}

async fn answer(places: &Places, request: http::Request<Bytes>) -> Response {
    let Some(place) = places.get(below_lab(request.uri().path())) else {
        return Rejection::nothing_here().into_response();
    };
    let mut response = if place.is_open {
        place.answer(request).await
    } else {
        form_redirect::way_back(request, |request| place.check_origin(request)).await
    };
    response.extensions_mut().insert(place.name.clone());
    response
}

/// What comes after a lab's own address.
fn below_lab(path: &str) -> &str {
    let rest = path.strip_prefix("/lab/").unwrap_or_default();
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
}

impl Place {
    async fn answer(&self, request: http::Request<Bytes>) -> Response {
        self.methods.clone().oneshot(request.map(Body::from)).await.unwrap_or_else(|never: Infallible| match never {})
    }

    /// The defence that a visitor can switch on: a request that changes something must come from here.
    async fn check_origin(&self, request: http::Request<Bytes>) -> Response {
        let visit = request.extensions().get::<Visit>().filter(|_| !request.method().is_safe());
        let Some(visit) = visit.filter(|visit| visit.lab.world(|world| world.defences.check_origin)) else {
            return self.answer(request).await;
        };
        let start = Instant::now();
        let came_from = origin::came_from(request.headers(), visit.process.public_origin().as_slice());
        let said = match &came_from {
            CameFrom::Here(said) | CameFrom::Elsewhere(said) => said.as_str(),
            CameFrom::NoBrowser => "no browser",
        };
        visit.steps.took(start, Did::CheckedOrigin, said.to_owned());
        match came_from.or_refuse(" and the lab checks the origin") {
            Ok(()) => self.answer(request).await,
            Err(refused) => refused.into_response(),
        }
    }
}

/// Whether an address belongs to the lesson's API, whatever lies there.
pub(crate) fn is_api(path: &str) -> bool {
    below_lab(path).starts_with("/api/")
}

/// Takes a request of the lesson through the gate, whatever it asks for, its body read.
pub(crate) async fn take(State(gate): State<Arc<Gate>>, request: Request) -> Answer {
    let (mut parts, body) = request.into_parts();
    let At(lab) = At::from_request_parts(&mut parts, &gate).await?;
    let arrival = async move {
        let body = match body::read(bounds::BODY_BYTES, body).await {
            Ok(body) => Ok(body),
            Err(error) => Err(whole(Rejection::from(error).into_response()).await),
        };
        (parts, body) as Arrival
    };
    let answer = gate.take(lab, arrival).await;
    if answer.status() == StatusCode::NOT_MODIFIED {
        // Of a body whose length is known the router would say the length.
        return Ok(answer.map(|_| Body::from_stream(futures::stream::empty::<Result<Bytes, Infallible>>())));
    }
    Ok(answer.map(Body::from))
}

/// Everything that the lesson answers lies in memory already, or is about to.
async fn whole(response: Response) -> http::Response<Bytes> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(parts, body)
}
