//! Compression of what is large: the page, the API's description, what feeds the page.
//!
//! Never of what the lesson's API answers. There a token and something that was sent along stand in one small answer,
//! and whoever can have it asked for again and again, and sees how long it is, guesses the token from the length
//! (BREACH). The page itself holds credentials, and repeats addresses that another site can choose. So an answer to a
//! request that comes from another site, as the browser says, is not compressed either. Browsers of today leave that
//! out over plain http alone, where whoever sees the length sees the token as well.
//!
//! What is compressed lies in memory whole, before and after: so its size is known, and a large one is encoded on a
//! thread of its own, never on those that serve. Whoever has many made waits for them alone.

use crate::{bounds, http::extract::text};
use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use futures::{
    StreamExt as _,
    stream::{empty, iter},
};
use http::{HeaderMap, HeaderValue, Method, header};
use std::{convert::Infallible, future::ready, sync::LazyLock, thread::available_parallelism};
use tokio::{runtime::Handle, sync::Semaphore, task::spawn_blocking};
use tower::{Service as _, service_fn};
use tower_http::{CompressionLevel, compression::Compression};

/// Of what an answer's encoding depends.
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, sec-fetch-site");

/// How hard it is tried: for the page a tenth smaller than the default, in the same time.
const QUALITY: CompressionLevel = CompressionLevel::Precise(5);

/// How many large answers are encoded at once: one core is left to those that serve.
static ENCODERS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1))));

/// Compresses what may be, as far as the other side takes it.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let accepted = accepted(request.headers());
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if !is_worth_it(response.headers()) {
        return response;
    }
    response.headers_mut().append(header::VARY, VARY);
    let size = said_size(&response);
    if accepted.is_empty() || size.is_some_and(|size| size > bounds::COMPRESSED) {
        return response;
    }
    let (parts, body) = response.into_parts();
    if is_head {
        // The answer to a GET would have another length, which nobody knows before it is encoded.
        let unknown = Body::from_stream(empty::<Result<Bytes, Infallible>>());
        let mut asked = Response::from_parts(parts.clone(), unknown);
        if let Some(size) = size {
            // What is too small to be worth it is told by that.
            asked.headers_mut().insert(header::CONTENT_LENGTH, size.into());
        }
        let encoded = encoded(accepted, asked).await;
        return if is_encoded(&encoded) { encoded } else { Response::from_parts(parts, body) };
    }
    let whole = match gathered(body).await {
        Ok(whole) => whole,
        Err(body) => return Response::from_parts(parts, body),
    };
    let plain = Response::from_parts(parts.clone(), Body::from(whole.clone()));
    let is_large = whole.len() as u64 > bounds::COMPRESSED_AT_ONCE;
    let encoded = encoded(accepted, Response::from_parts(parts, Body::from(whole))).await;
    if !is_encoded(&encoded) {
        return plain;
    }
    let (parts, body) = encoded.into_parts();
    let bytes = if is_large { read_beside(body).await } else { to_bytes(body, usize::MAX).await.ok() };
    bytes.map_or(plain, |bytes| Response::from_parts(parts, Body::from(bytes)))
}

/// Which encodings the other side takes; none where another site had it ask.
fn accepted(headers: &HeaderMap) -> HeaderMap {
    let is_own = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let named = headers.get_all(header::ACCEPT_ENCODING).iter().filter(|_| is_own);
    named.map(|encoding| (header::ACCEPT_ENCODING, encoding.clone())).collect()
}

/// The answer with a body that is encoded as it is read, or as it was.
async fn encoded(accepted: HeaderMap, response: Response) -> Response {
    let mut accepting = Request::new(Body::empty());
    *accepting.headers_mut() = accepted;
    let status = response.status();
    let mut response = Some(response);
    let answer = service_fn(move |_| ready(Ok::<_, Infallible>(response.take().unwrap_or_default())));
    let Ok(mut response) = Compression::new(answer).quality(QUALITY).call(accepting).await;
    // Where no encoding at all is acceptable this would be 406, but what was asked for is done by now.
    *response.status_mut() = status;
    response.map(Body::new)
}

fn is_encoded(response: &Response) -> bool {
    response.headers().contains_key(header::CONTENT_ENCODING)
}

/// How large it is. Of what answers a HEAD only the header says so.
fn said_size(response: &Response) -> Option<u64> {
    let said = text(response.headers(), header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    said.or_else(|| response.body().size_hint().exact())
}

/// What lies in memory, or is soon at its end; else the body as it was.
async fn gathered(body: Body) -> Result<Bytes, Body> {
    let most = usize::try_from(bounds::COMPRESSED).unwrap_or(usize::MAX);
    let (mut rest, mut size, mut parts) = (body.into_data_stream(), 0_usize, Vec::new());
    while let Some(part) = rest.next().await {
        size = size.saturating_add(part.as_ref().map_or(0, Bytes::len));
        let goes_on = part.is_ok() && size <= most;
        parts.push(part);
        if !goes_on {
            return Err(Body::from_stream(iter(parts).chain(rest)));
        }
    }
    Ok(parts.into_iter().flatten().collect::<Vec<_>>().concat().into())
}

/// Encodes where nobody else waits, once it is this one's turn; to the end, also when the visitor has left.
async fn read_beside(body: Body) -> Option<Bytes> {
    let turn = ENCODERS.acquire().await.ok()?;
    let encoding = spawn_blocking(move || {
        let bytes = Handle::current().block_on(to_bytes(body, usize::MAX));
        drop(turn);
        bytes
    });
    encoding.await.ok()?.ok()
}

/// Pages and JSON. An event stream has to go out piece by piece.
fn is_worth_it(headers: &HeaderMap) -> bool {
    let kind = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let is_ours = ["text/html", "application/json"].iter().any(|ours| kind.starts_with(ours));
    is_ours && !headers.contains_key(header::CONTENT_ENCODING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware, routing::get};
    use futures::FutureExt as _;
    use std::pin::pin;
    use tower::ServiceExt as _;

    async fn ask(method: Method, body: Body) -> Response {
        let body = std::sync::Mutex::new(Some(body));
        let page = move || {
            let body = body.lock().unwrap().take().unwrap();
            async move { ([(header::CONTENT_TYPE, "application/json")], body) }
        };
        let page = std::sync::Arc::new(page);
        let router = Router::new().route("/", get(move || page())).layer(middleware::from_fn(compress));
        let request = Request::builder().method(method).uri("/").header(header::ACCEPT_ENCODING, "gzip");
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn of(bytes: u64) -> Body {
        Body::from(vec![b'x'; usize::try_from(bytes).unwrap()])
    }

    fn streamed(parts: usize) -> Body {
        Body::from_stream(iter(vec![Ok::<_, Infallible>(Bytes::from(vec![b'x'; 1024])); parts]))
    }

    #[tokio::test]
    async fn what_is_compressed_has_a_known_size_and_what_is_huge_stays_as_it_is() {
        for bytes in [100, bounds::COMPRESSED_AT_ONCE, bounds::COMPRESSED_AT_ONCE + 1, bounds::COMPRESSED] {
            let answer = ask(Method::GET, of(bytes)).await;
            assert!(is_encoded(&answer), "{bytes}");
            let size = answer.body().size_hint().exact().expect("its size is known");
            assert!(size < bytes && said_size(&answer) == Some(size), "{bytes}: {size}");
            assert_eq!(to_bytes(answer.into_body(), usize::MAX).await.unwrap().len() as u64, size);
        }
        let huge = ask(Method::GET, of(bounds::COMPRESSED + 1)).await;
        assert!(!is_encoded(&huge) && said_size(&huge) == Some(bounds::COMPRESSED + 1));
    }

    #[tokio::test]
    async fn a_stream_is_compressed_only_when_it_is_soon_at_its_end_and_is_whole_in_any_case() {
        let short = ask(Method::GET, streamed(1024)).await;
        assert!(is_encoded(&short) && said_size(&short).is_some());
        let long = ask(Method::GET, streamed(1025)).await;
        assert!(!is_encoded(&long) && said_size(&long).is_none());
        assert_eq!(to_bytes(long.into_body(), usize::MAX).await.unwrap().len(), 1025 * 1024);
    }

    #[tokio::test]
    async fn a_head_says_no_length_that_a_get_would_not() {
        let head = ask(Method::HEAD, of(1000)).await;
        assert!(is_encoded(&head) && said_size(&head).is_none_or(|size| size == 0));
        assert!(!head.headers().contains_key(header::CONTENT_LENGTH));
        for bytes in [10, bounds::COMPRESSED + 1] {
            let head = ask(Method::HEAD, of(bytes)).await;
            assert!(!is_encoded(&head) && said_size(&head) == Some(bytes), "{bytes}");
        }
    }

    #[tokio::test]
    async fn a_large_answer_waits_for_its_turn_beside_the_threads_that_serve_and_a_small_one_for_nothing() {
        let cores = available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        let all = ENCODERS.acquire_many(u32::try_from(cores).unwrap()).await.unwrap();
        let mut large = pin!(ask(Method::GET, of(bounds::COMPRESSED)));
        assert!(large.as_mut().now_or_never().is_none());
        assert!(is_encoded(&ask(Method::GET, of(1000)).await));
        assert!(large.as_mut().now_or_never().is_none());
        drop(all);
        assert!(is_encoded(&large.await));
    }
}
