//! What is read from a request.

use crate::{bounds, gate::visit::Visit, http::Rejection};
use app::text::Lang;
use axum::extract::FromRequestParts;
use http::{
    HeaderMap, StatusCode,
    header::{self, AsHeaderName},
    request::Parts,
};
use serde::de::DeserializeOwned;
use std::str::FromStr;

pub(crate) mod body;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod lab;

/// A header's value, where it is text.
pub(crate) fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The language that was chosen, else the one that the browser prefers.
pub(crate) fn lang(chosen: Option<Lang>, headers: &HeaderMap) -> Lang {
    let preferred = || text(headers, header::ACCEPT_LANGUAGE).and_then(Lang::accepted);
    chosen.or_else(preferred).unwrap_or_default()
}

/// To which host and port a request came. That is the visitor's own claim, so only the form of one passes.
pub(crate) fn host(headers: &HeaderMap) -> Option<&str> {
    let is_host = |host: &&str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
        (1..=bounds::HOST_BYTES).contains(&host.len()) && host.bytes().all(fits)
    };
    text(headers, header::HOST).filter(is_host)
}

/// A number in its only spelling: `01` or `+1` would parse as well.
pub(crate) fn number<T: FromStr + ToString>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

/// What the query says, or what it should.
pub(crate) fn query<T: DeserializeOwned>(query: Option<&str>, should: &str) -> Result<T, Rejection> {
    let read = serde_urlencoded::from_str(query.unwrap_or_default());
    read.map_err(|_| Rejection::new(StatusCode::BAD_REQUEST, should))
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // The gate puts it there; a request that did not come through it is a mistake in here.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Rejection::internal("a request passed the gate by"))
    }
}
