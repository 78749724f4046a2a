//! What answers at a listener, whatever is asked for.

use axum::{Router, extract::Request, response::Response};
use futures::{FutureExt as _, future::BoxFuture};
use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll},
};
use tower::{Service, ServiceExt as _};

type Answer = dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync;

/// What answers requests. Copying it copies a handle.
#[derive(Clone)]
pub struct Answering(Arc<Answer>);

impl Answering {
    pub(crate) fn new(answer: impl Fn(Request) -> BoxFuture<'static, Response> + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    pub(crate) fn answer(&self, request: Request) -> BoxFuture<'static, Response> {
        (self.0)(request)
    }
}

impl From<Router> for Answering {
    fn from(router: Router) -> Self {
        Self::new(move |request| {
            let answer = router.clone().oneshot(request);
            answer.map(|answer| answer.unwrap_or_else(|never: Infallible| match never {})).boxed()
        })
    }
}

impl Service<Request> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.answer(request).map(Ok).boxed()
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answering")
    }
}
