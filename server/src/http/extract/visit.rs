//! The visit that the gate made of a request of the lesson.

use crate::{gate::visit::Visit, http::rejection::Rejection};
use axum::{extract::FromRequestParts, http::request::Parts};

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // The gate puts it there; a request that did not come through it is a mistake in here.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Rejection::internal("a request passed the gate by"))
    }
}
