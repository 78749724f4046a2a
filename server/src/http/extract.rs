//! What is read from a request.

use crate::http::rejection::Rejection;
use axum::http::{HeaderMap, StatusCode, header::AsHeaderName};
use serde::de::DeserializeOwned;

pub(crate) mod body;
pub(crate) mod form;
pub(crate) mod lab;
pub(crate) mod visit;

/// A header's value, where it is text.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What the query says, or what it should.
pub(crate) fn query<T: DeserializeOwned>(query: Option<&str>, should: &str) -> Result<T, Rejection> {
    let read = serde_urlencoded::from_str(query.unwrap_or_default());
    read.map_err(|_| Rejection::new(StatusCode::BAD_REQUEST, should))
}
