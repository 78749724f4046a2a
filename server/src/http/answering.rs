//! What answers at a listener, whatever is asked for.

use axum::{Router, extract::Request, response::Response};
use futures::{FutureExt as _, future::BoxFuture};
use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};
use tower::{Service, ServiceExt as _};

type Answered = BoxFuture<'static, Result<Response, Infallible>>;

/// What answers requests. Copying it copies a handle.
#[derive(Clone)]
pub struct Answering(Arc<dyn Fn(Request) -> Answered + Send + Sync>);

impl Answering {
    pub(crate) fn new(answer: impl Fn(Request) -> Answered + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    pub(crate) async fn answer(&self, request: Request) -> Response {
        let Ok(response) = (self.0)(request).await;
        response
    }
}

impl From<Router> for Answering {
    fn from(router: Router) -> Self {
        Self::new(move |request| router.clone().oneshot(request).boxed())
    }
}

impl Service<Request> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        (self.0)(request)
    }
}
