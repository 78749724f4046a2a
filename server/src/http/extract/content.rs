//! How a body is written.

use axum::http::{HeaderMap, header};

/// What a `Content-Type` says, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
    Other,
}

/// How the body of a request with these headers is written.
pub(crate) fn format(headers: &HeaderMap) -> Format {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else { return Format::Other };
    let essence = first.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Format::Json
    } else if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Format::Form
    } else {
        Format::Other
    }
}
