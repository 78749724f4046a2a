//! Problem details (RFC 9457).

use bytes::Bytes;
use domain::api::Problem;
use http::{HeaderValue, Response, StatusCode, header};

/// Why a request was refused, carried beside the response for the record.
#[derive(Clone, Debug)]
pub(crate) struct Why(pub(crate) String);

/// A problem as an answer. `503` and `429` say when to try again.
pub(crate) fn problem(status: StatusCode, detail: impl Into<String>) -> Response<Bytes> {
    let detail = detail.into();
    let body = Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail: detail.clone(),
    };
    let mut response = Response::new(Bytes::from(serde_json::to_vec(&body).unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response.extensions_mut().insert(Why(detail));
    response
}
