//! What stands around the routes.

use crate::guard::guard;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

pub(crate) mod compression;
pub(crate) mod form_redirect;
pub(crate) mod not_found;
pub(crate) mod origin;
pub(crate) mod public_origin;
pub(crate) mod route_name;

/// What every answer has, whoever makes it.
pub(crate) fn guarded(https: bool, mut response: Response) -> Response {
    if response.status() != StatusCode::PERMANENT_REDIRECT {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    guard(response.headers_mut(), https);
    response
}
