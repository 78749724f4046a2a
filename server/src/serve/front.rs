//! Between a connection and the router: which host was asked for, for whom, and whether there is room for the answer.

use crate::{
    bounds,
    clients::{Client, ClientShare, Clients},
    config::is_name,
    gate::{exchange::LostAnswer, problem::problem},
    guard::guard,
    http::{answering::Answering, layers::RouteName},
    metrics,
    security::{Event, Whom},
    serve::host,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use std::{
    net::IpAddr,
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use tokio::sync::Semaphore;
use tracing::Instrument as _;
use uuid::Builder;

/// What is answered even where there is no room for anything else.
const HEALTH: &str = "/healthz";

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const TOO_MANY_CONNECTIONS: &str = "too many connections are open: close some";
const UNREAD: &str = "you have not read what you asked for; read it first";

/// The answer was made to be lost on the way.
#[derive(Debug, thiserror::Error)]
#[error("the answer was lost on the way, as a visitor wanted it")]
pub(super) struct Lost(Option<RouteName>, StatusCode);

/// A router, and what it does not know of itself.
#[derive(Clone)]
pub(super) struct Front {
    router: Answering,
    https: bool,
    /// Not in front of the attacker's router: its windows wait there for orders, and nothing is to wait for them.
    pub(super) takes_turns: bool,
    pub(super) clients: Arc<Clients>,
    /// The connections that are still free, of all listeners.
    pub(super) room: Arc<Semaphore>,
}

impl Front {
    pub(super) fn new(router: impl Into<Answering>, https: bool, clients: Arc<Clients>, room: Arc<Semaphore>) -> Self {
        Self { router: router.into(), https, takes_turns: true, clients, room }
    }

    /// An answer, or the error upon which the connection closes with nothing sent.
    pub(super) async fn answer(self, request: Request, peer: Arc<Client>, ip: IpAddr) -> Result<Response, Lost> {
        let id = if self.clients.proxies.have(ip) { given_id(&request) } else { None };
        noted(id.unwrap_or_else(fresh_id), request.method().clone(), self.answer_in_full(request, peer, ip)).await
    }

    async fn answer_in_full(self, mut request: Request, peer: Arc<Client>, ip: IpAddr) -> Result<Response, Lost> {
        if let Err(why) = host::settle(&mut request) {
            return Ok(self.refuse(StatusCode::BAD_REQUEST, why));
        }
        if request.uri().path() == HEALTH {
            return Ok(self.router.answer(request).await);
        }
        // Who asks: who is at the other end, or whom a proxy asks for.
        let is_proxy = self.clients.proxies.have(ip);
        let asks = if is_proxy { self.clients.proxies.forwarded_for(request.headers()) } else { None };
        let client = asks.map_or_else(|| Arc::clone(&peer), |ip| self.clients.of(ip));
        // A proxy's connection is for now that of whom it asks for; the one that this comes by was free for it.
        let free = self.room.available_permits().saturating_add(1);
        let is_another = !Arc::ptr_eq(&client, &peer);
        let Ok(connection) = is_another.then(|| client.connection(free).ok_or(())).transpose() else {
            return Ok(self.no_room(&client, "connections", TOO_MANY_CONNECTIONS));
        };
        // Looked at before anything is done, for what is done cannot be taken back for want of room to say so.
        if !client.may_have_unread(bounds::STREAM_UNREAD) {
            return Ok(self.no_room(&client, "unread answers", UNREAD));
        }
        // Kept here as well, for a request is often gone before the work is done.
        let under_way = if self.takes_turns { client.request().await } else { None };
        if let Some(under_way) = &under_way {
            request.extensions_mut().insert(under_way.clone());
        } else if self.takes_turns {
            return Ok(self.no_room(&client, "requests", "too many of your requests are under way: let some end"));
        }
        request.extensions_mut().insert(Arc::clone(&client));
        let response = self.router.answer(request).await;
        if response.extensions().get::<LostAnswer>().is_some() {
            return Err(Lost(response.extensions().get().cloned(), response.status()));
        }
        let size = response.body().size_hint().exact();
        let bytes = size.map_or(bounds::STREAM_UNREAD, |size| usize::try_from(size).unwrap_or(usize::MAX));
        match client.unread(bytes) {
            Some(share) => Ok(hold(response, size.is_some(), (share, connection)).await),
            None => Ok(self.no_room(&client, "unread answers", UNREAD)),
        }
    }

    /// An answer to somebody for whom there is no connection any more.
    pub(super) async fn answer_briefly(self, mut request: Request, client: Arc<Client>) -> Result<Response, Lost> {
        let method = request.method().clone();
        let answer = async move {
            match host::settle(&mut request) {
                Err(why) => Ok(self.refuse(StatusCode::BAD_REQUEST, why)),
                Ok(()) if request.uri().path() == HEALTH => Ok(self.router.answer(request).await),
                Ok(()) => Ok(self.no_room(&client, "connections", TOO_MANY_CONNECTIONS)),
            }
        };
        noted(fresh_id(), method, answer).await
    }

    fn no_room(&self, client: &Client, bound: &'static str, why: &str) -> Response {
        Event::Braked(bound).log(Whom { client: Some(client), ..Whom::default() });
        self.refuse(StatusCode::SERVICE_UNAVAILABLE, why)
    }

    fn refuse(&self, status: StatusCode, why: &str) -> Response {
        let mut response = problem(status, why).map(Body::from);
        guard(response.headers_mut(), self.https);
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// Gives a request its name, by which the log and the answer call it, and counts the answer.
async fn noted(
    id: String,
    method: Method,
    answer: impl Future<Output = Result<Response, Lost>>,
) -> Result<Response, Lost> {
    let start = Instant::now();
    let mut answered = answer.instrument(tracing::error_span!("request", id)).await;
    // What is lost on the way was answered all the same.
    let (route, status) = match &answered {
        Ok(response) => (response.extensions().get::<RouteName>(), response.status()),
        Err(Lost(route, status)) => (route.as_ref(), *status),
    };
    metrics::answered(&method, route.map(|RouteName(name)| name), status, start.elapsed());
    if let (Ok(response), Ok(id)) = (&mut answered, HeaderValue::try_from(id)) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    answered
}

/// What an answer takes: its bytes, and for whom a proxy asks the connection that they go by.
type Held = (ClientShare, Option<ClientShare>);

/// The answer takes its share as long as it is not sent: each part of it, also when it has left the body.
async fn hold(response: Response, whole: bool, share: Held) -> Response {
    struct Counted(Bytes, #[expect(dead_code, reason = "it is there to be dropped")] Arc<Held>);
    impl AsRef<[u8]> for Counted {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    let share = Arc::new(share);
    let counted = move |bytes| Bytes::from_owner(Counted(bytes, Arc::clone(&share)));
    if whole {
        // What knows its size lies in memory already.
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let body = if bytes.is_empty() { Body::empty() } else { Body::from(counted(bytes)) };
        return Response::from_parts(parts, body);
    }
    response.map(|body| Body::new(body.map_frame(move |frame| frame.map_data(&counted))))
}

/// The name that a proxy gave a request, where it is one. A client's own is none, for anybody can send the same again: so
/// it is to be a trusted one.
fn given_id(request: &Request) -> Option<String> {
    let mut all = request.headers().get_all(X_REQUEST_ID).iter();
    let (Some(one), None) = (all.next(), all.next()) else { return None };
    one.to_str().ok().filter(|id| is_name(id)).map(str::to_owned)
}

/// A name is no secret, and what says so of itself (version 7) is in order of time.
fn fresh_id() -> String {
    let mut random = [0; 10];
    fastrand::fill(&mut random);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ids: &[&[u8]]) -> String {
        let mut request = Request::new(Body::empty());
        for id in ids {
            request.headers_mut().append(X_REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
        }
        given_id(&request).unwrap_or_else(fresh_id)
    }

    #[test]
    fn a_proxy_s_name_is_kept_where_it_is_one_and_else_there_is_a_fresh_one() {
        assert_eq!(of(&[b"edge-7.A_b"]), "edge-7.A_b");
        let long = [b'a'; 65];
        let none: [&[&[u8]]; 7] = [&[], &[b""], &[b"a b"], &[b"a\"b"], &[b"\xff"], &[&long], &[b"a", b"a"]];
        for ids in none {
            let fresh = of(ids);
            assert!(fresh.len() == 32 && fresh.bytes().all(|b| b.is_ascii_hexdigit()), "{ids:?}: {fresh}");
        }
        assert_ne!(of(&[]), of(&[]));
    }
}
