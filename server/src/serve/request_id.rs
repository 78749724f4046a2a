//! The name of a request, the same from the edge to the log: a proxy's, or one of our own.

use crate::config::is_name;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::Span;
use uuid::Builder;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's name. A client's own is none, for anybody can send the same again: only that of a trusted proxy counts.
#[derive(Clone, Debug)]
pub(super) struct RequestId(String);

impl RequestId {
    pub(super) fn fresh() -> Self {
        // A name is no secret, and what says so of itself (version 7) is in order of time.
        let mut random = [0; 10];
        fastrand::fill(&mut random);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        Self(Builder::from_unix_timestamp_millis(millis, &random).into_uuid().simple().to_string())
    }

    /// The one that a proxy gave it: letters, digits, `-`, `_` and `.`, at most 64. Else a fresh one.
    pub(super) fn of(request: &Request) -> Self {
        let mut all = request.headers().get_all(X_REQUEST_ID).iter();
        let (Some(one), None) = (all.next(), all.next()) else { return Self::fresh() };
        one.to_str().ok().filter(|id| is_name(id)).map_or_else(Self::fresh, |id| Self(id.to_owned()))
    }

    /// What the lines of the log stand in.
    pub(super) fn span(&self) -> Span {
        tracing::error_span!("request", id = self.0)
    }

    pub(super) fn stand_on(self, headers: &mut HeaderMap) {
        if let Ok(id) = HeaderValue::try_from(self.0) {
            headers.insert(X_REQUEST_ID, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn of(ids: &[&[u8]]) -> String {
        let mut request = Request::new(Body::empty());
        for id in ids {
            request.headers_mut().append(X_REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
        }
        RequestId::of(&request).0
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
