//! What answers at a listener, whatever is asked for.

use axum::{Router, extract::Request, response::Response};
use futures::{FutureExt as _, future::BoxFuture};
use std::{convert::Infallible, sync::Arc};
use tower::ServiceExt as _;

/// What answers requests. Copying it copies a handle.
#[derive(Clone)]
pub struct Answering(Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>);

impl Answering {
    pub(crate) fn new(answer: impl Fn(Request) -> BoxFuture<'static, Response> + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    /// The answer to a request.
    pub fn answer(&self, request: Request) -> impl Future<Output = Response> + Send + use<> {
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
