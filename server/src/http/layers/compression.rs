//! Compression of what is large: the page, the API's description, what feeds the page.
//!
//! Never of what the lesson's API answers. There a token and something that was sent along stand in one small answer,
//! and whoever can have it asked for again and again, and sees how long it is, guesses the token from the length
//! (BREACH). The page itself holds credentials, and repeats addresses that another site can choose. So an answer to a
//! request that comes from another site, as the browser says, is not compressed either. Browsers of today leave that
//! out over plain http alone, where whoever sees the length sees the token as well.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use std::{convert::Infallible, future::ready};
use tower::{Service as _, service_fn};
use tower_http::compression::Compression;

/// Of what an answer's encoding depends.
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, sec-fetch-site");

/// Compresses what may be, as far as the other side takes it.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_own = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let mut accepting = Request::new(Body::empty());
    for encoding in headers.get_all(header::ACCEPT_ENCODING).iter().filter(|_| is_own) {
        accepting.headers_mut().append(header::ACCEPT_ENCODING, encoding.clone());
    }
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if !is_worth_it(response.headers()) {
        return response;
    }
    if is_head && accepting.headers().contains_key(header::ACCEPT_ENCODING) {
        // GET may be compressed, and then has another length (RFC 9110 §8.6).
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from_stream(futures::stream::empty::<Result<Bytes, Infallible>>());
    }
    response.headers_mut().append(header::VARY, VARY);
    let status = response.status();
    let mut response = Some(response);
    let answer = service_fn(move |_| ready(Ok::<_, Infallible>(response.take().unwrap_or_default())));
    let Ok(mut response) = Compression::new(answer).call(accepting).await;
    // Where no encoding at all is acceptable this would be 406, but what was asked for is done by now.
    *response.status_mut() = status;
    response.map(Body::new)
}

/// Pages and JSON. An event stream has to go out piece by piece.
fn is_worth_it(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/html", "application/json"].iter().any(|ours| kind.starts_with(ours))
}
