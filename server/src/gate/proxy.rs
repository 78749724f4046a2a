//! A caching proxy before the nodes, where `faults.proxy_cache` puts one: a shared cache as RFC 9111 has it.
//!
//! It keeps one answer for an address. What a node allows nobody else to have it lets through, and says so in
//! `Cache-Status` (RFC 9211).

use crate::{
    bounds,
    gate::{Gate, condition, visit::Steps},
    lab::{Lab, copies::Kept},
};
use ::headers::{CacheControl, HeaderMapExt as _};
use bytes::Bytes;
use domain::{Seconds, balance::NodeId, exchange::Did};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use std::sync::Arc;

impl Gate {
    /// Answers with a copy that is fresh, or forwards and keeps what may be kept. Returns the answer and the node that it
    /// comes from; `None` when no node was asked.
    pub(super) async fn by_proxy(
        &self,
        lab: &Arc<Lab>,
        steps: &Steps,
        mut request: Request<Bytes>,
    ) -> (Response<Bytes>, Option<NodeId>) {
        if !lab.world(|world| world.faults.proxy_cache) {
            return self.forward(lab, steps, request).await;
        }
        let address = request.uri().path_and_query().map_or_else(String::new, |path| path.as_str().to_owned());
        if request.method() != Method::GET {
            let is_safe = request.method().is_safe();
            let (mut response, node) = self.forward(lab, steps, request).await;
            // What a change made old is not given out any more (RFC 9111 §4.4).
            if !is_safe && !response.status().is_client_error() && !response.status().is_server_error() {
                lab.world(|world| world.copies.forget(&address));
            }
            passed(&mut response, steps, "fwd=method");
            return (response, node);
        }
        let asked = Asked::of(request.headers());
        let kept = lab.world(|world| {
            let now = world.now();
            world.copies.get(&address).map(|kept| (kept.clone(), kept.age(now)))
        });
        let why = match kept {
            Some((kept, age)) if age < kept.fresh_for.min(asked.oldest) => {
                steps.note(Did::ProxyAnswered, age.to_string());
                let left = kept.fresh_for.saturating_sub(age);
                let mut response = asked.unless_known(kept);
                response.headers_mut().insert(header::AGE, HeaderValue::from(age));
                tell(&mut response, &format!("hit; ttl={left}"));
                return (response, None);
            }
            Some((kept, age)) if age >= kept.fresh_for => "fwd=stale",
            Some(_) => "fwd=request",
            None => "fwd=uri-miss",
        };
        // What the proxy is to keep it needs whole; whether the visitor has it already it can tell by itself.
        request.headers_mut().remove(header::IF_NONE_MATCH);
        let (mut response, node) = self.forward(lab, steps, request).await;
        let fits = response.body().len() + address.len() <= bounds::COPY_BYTES;
        let Some(fresh_for) = asked.may_keep(&response).filter(|_| fits) else {
            passed(&mut response, steps, why);
            return (response, node);
        };
        steps.note(Did::ProxyKept, fresh_for.to_string());
        let (headers, body) = (response.headers().clone(), response.body().clone());
        let kept = lab.world(|world| {
            let kept = Kept { headers, body, since: world.now(), fresh_for };
            // It may have been taken away meanwhile.
            if world.faults.proxy_cache {
                world.copies.keep(address, kept.clone());
            }
            kept
        });
        let mut response = asked.unless_known(kept);
        tell(&mut response, &format!("{why}; stored"));
        (response, node)
    }
}

/// What a request asks of a cache.
struct Asked {
    /// How old the copy may be, in seconds: `no-cache` wants none.
    oldest: Seconds,
    no_store: bool,
    has_authorization: bool,
    headers: HeaderMap,
}

impl Asked {
    fn of(headers: &HeaderMap) -> Self {
        let control = control(headers);
        let oldest = if control.no_cache() { 0 } else { control.max_age().map_or(Seconds::MAX, |age| age.as_secs()) };
        let condition = headers.get(header::IF_NONE_MATCH).cloned();
        Self {
            oldest,
            no_store: control.no_store(),
            has_authorization: headers.contains_key(header::AUTHORIZATION),
            headers: condition.map(|tags| (header::IF_NONE_MATCH, tags)).into_iter().collect(),
        }
    }

    /// For how long an answer may be kept for everybody (RFC 9111 §3, §3.5); `None` when it may not.
    fn may_keep(&self, response: &Response<Bytes>) -> Option<Seconds> {
        let control = control(response.headers());
        let is_barred = self.no_store
            || response.status() != StatusCode::OK
            || control.no_store()
            || control.private()
            || control.no_cache()
            // A cookie is somebody's, and one copy for an address cannot differ by what was asked.
            || [header::SET_COOKIE, header::VARY].iter().any(|name| response.headers().contains_key(name));
        let is_for_all = control.public() || control.s_max_age().is_some() || control.must_revalidate();
        let fresh_for = control.s_max_age().or(control.max_age())?.as_secs();
        (!is_barred && fresh_for > 0 && (is_for_all || !self.has_authorization)).then_some(fresh_for)
    }

    /// The answer, or that the visitor has it.
    fn unless_known(&self, kept: Kept) -> Response<Bytes> {
        let tag = kept.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        let is_known = tag.is_some_and(|tag| condition::names(&self.headers, tag));
        let mut response = Response::new(kept.body);
        *response.headers_mut() = kept.headers;
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Bytes::new();
            // It describes what is not sent (RFC 9110 §15.4.5).
            response.headers_mut().remove(header::CONTENT_TYPE);
        }
        response
    }
}

/// It went to a node, and nothing is kept of it.
fn passed(response: &mut Response<Bytes>, steps: &Steps, why: &str) {
    steps.note(Did::ProxyPassed, "");
    tell(response, why);
}

fn tell(response: &mut Response<Bytes>, status: &str) {
    if let Ok(status) = HeaderValue::try_from(format!("login-lab; {status}")) {
        response.headers_mut().insert(HeaderName::from_static("cache-status"), status);
    }
}

/// What `Cache-Control` says; what cannot be read says nothing.
fn control(headers: &HeaderMap) -> CacheControl {
    headers.typed_get().unwrap_or_else(CacheControl::new)
}
