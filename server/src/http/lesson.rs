//! The lesson: what logging in, being known, shopping and logging out are on the wire.

use crate::{
    bounds,
    gate::{Arrival, Gate, Lesson, visit::Visit},
    http::{
        At,
        extract::body,
        layers::{
            form_redirect,
            origin::{self, CameFrom},
            route_name::RouteName,
        },
        rejection::{Rejection, method_not_allowed, nothing_here},
    },
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::MethodRouter,
};
use domain::exchange::Did;
use futures::FutureExt as _;
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
#[derive(Default)]
pub(crate) struct Places {
    all: HashMap<String, Place>,
    docs: OpenApi,
}

/// An address of the lesson.
struct Place {
    name: RouteName,
    methods: MethodRouter,
    /// It changes nothing and leads nowhere, so it may be asked from everywhere and in every way.
    is_open: bool,
}

impl Places {
    pub(crate) fn new() -> Self {
        let mut places = Self::default();
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
            places.add(API, shop, false);
        }
        places.add(API, routes!(probes::arrived, probes::arrived_with_form), true);
        for page in [routes!(page::page), routes!(guestbook::guestbook)] {
            places.add("", page, false);
        }
        places
    }

    fn add(&mut self, below: &str, answers: UtoipaMethodRouter, is_open: bool) {
        let methods = answers.2.clone().fallback(method_not_allowed()).with_state(());
        let router = OpenApiRouter::<()>::new().routes(answers);
        let router = if below.is_empty() { router } else { OpenApiRouter::new().nest(below, router) };
        let (_, docs) = router.split_for_parts();
        for path in docs.paths.paths.keys() {
            let place = Place { name: RouteName(path.as_str().into()), methods: methods.clone(), is_open };
            self.all.insert(below_lab(path).to_owned(), place);
        }
        self.docs.merge(docs);
    }

    /// What is documented of it.
    pub(crate) fn docs(&self) -> OpenApi {
        self.docs.clone()
    }

    async fn answer(&self, request: Request) -> Response {
        let Some(place) = self.all.get(below_lab(request.uri().path())) else {
            return nothing_here().into_response();
        };
        let mut response = if place.is_open {
            place.answer(request).await
        } else {
            form_redirect::way_back(request, |request| place.check_origin(request)).await
        };
        response.extensions_mut().insert(place.name.clone());
        response
    }
}

/// What comes after a lab's own address.
fn below_lab(path: &str) -> &str {
    let rest = path.strip_prefix("/lab/").unwrap_or_default();
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
}

impl Place {
    async fn answer(&self, request: Request) -> Response {
        self.methods.clone().oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
    }

    /// The defence that a visitor can switch on: a request that changes something must come from here.
    async fn check_origin(&self, request: Request) -> Response {
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
        match came_from {
            CameFrom::Elsewhere(said) => {
                let detail = format!("the request came from elsewhere ({said}) and the lab checks the origin");
                Rejection::new(StatusCode::FORBIDDEN, detail).into_response()
            }
            CameFrom::Here(_) | CameFrom::NoBrowser => self.answer(request).await,
        }
    }
}

/// The lesson for the gate: what it does not know it refuses, and that is recorded too.
pub(crate) fn service(places: Places) -> Lesson {
    let places = Arc::new(places);
    Arc::new(move |request: axum::http::Request<Bytes>| {
        let places = Arc::clone(&places);
        async move { whole(places.answer(request.map(Body::from)).await).await }.boxed()
    })
}

/// Whether an address belongs to the lesson's API, whatever lies there.
pub(crate) fn is_api(path: &str) -> bool {
    below_lab(path).starts_with("/api/")
}

/// Takes a request through the gate, its body read.
pub(crate) async fn take(gate: &Arc<Gate>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let lab = match At::of(&parts, gate) {
        Ok(At(lab)) => lab,
        Err(rejection) => return rejection.into_response(),
    };
    let arrival = async move {
        let body = match body::read(bounds::BODY_BYTES, body).await {
            Ok(body) => Ok(body),
            Err(error) => Err(whole(Rejection::from(error).into_response()).await),
        };
        (parts, body) as Arrival
    };
    let answer = Arc::clone(gate).take(lab, arrival).await;
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
