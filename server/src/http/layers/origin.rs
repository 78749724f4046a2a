//! Where a request comes from, as far as the browser tells (Fetch Metadata, else `Origin`).
//!
//! Guards the bench's routes always, and the lesson's where the visitor has switched `check_origin` on.

use crate::{
    http::{Rejection, extract::text},
    origins,
};
use http::{HeaderMap, StatusCode, header};

/// Where a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CameFrom {
    /// This origin, or the visitor's own hand. Says what the browser said.
    Here(String),
    /// No browser, or one that says nothing: nobody's cookies can be abused by it.
    NoBrowser,
    /// Another origin. Says what the browser said.
    Elsewhere(String),
}

impl CameFrom {
    /// Refuses what came from elsewhere; `why` ends the sentence.
    pub(crate) fn or_refuse(&self, why: &str) -> Result<(), Rejection> {
        let Self::Elsewhere(said) = self else { return Ok(()) };
        Err(Rejection::new(StatusCode::FORBIDDEN, format!("the request came from elsewhere ({said}){why}")))
    }
}

/// Reads it from the headers. Where a header comes more than once, each must pass. Configured origins are the only
/// ones that are ours, whatever `Host` says.
pub(crate) fn came_from(headers: &HeaderMap, configured: &[&str]) -> CameFrom {
    let all = |name: &'static str| headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
    let sites =
        all("sec-fetch-site").map(|site| (format!("Sec-Fetch-Site: {site}"), matches!(site, "same-origin" | "none")));
    // With a configured origin it is known what this header has to say, so it is checked even where the other passes.
    let is_checked = !configured.is_empty() || !headers.contains_key("sec-fetch-site");
    let origins = all("origin").filter(|_| is_checked);
    let origins = origins.map(|origin| (format!("Origin: {origin}"), is_ours(origin, headers, configured)));
    let mut said = Vec::new();
    for (text, passes) in sites.chain(origins) {
        if !passes {
            return CameFrom::Elsewhere(text);
        }
        said.push(text);
    }
    if said.is_empty() { CameFrom::NoBrowser } else { CameFrom::Here(said.join(", ")) }
}

/// Without a configured origin, ours is where the request was sent to. By plain http, for that is what this server
/// speaks: one behind a proxy that ends TLS has to be told its origin.
fn is_ours(origin: &str, headers: &HeaderMap, configured: &[&str]) -> bool {
    if configured.is_empty() {
        text(headers, header::HOST).is_some_and(|host| is_one(origin, &format!("http://{host}")))
    } else {
        configured.iter().any(|ours| is_one(origin, ours))
    }
}

/// Whether two texts are one origin.
pub(super) fn is_one(one: &str, other: &str) -> bool {
    origins::parse(one).is_some_and(|one| Some(one) == origins::parse(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    type Headers<'a> = &'a [(&'static str, &'static str)];

    fn judged(headers: Headers, configured: Option<&str>) -> CameFrom {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        came_from(&map, configured.as_slice())
    }

    #[test]
    fn only_this_origin_and_no_browser_at_all_are_let_through() {
        assert_eq!(judged(&[("host", "localhost:3000")], None), CameFrom::NoBrowser);
        let here: [Headers; 6] = [
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("host", "localhost:3000"), ("origin", "http://localhost:3000")],
            &[("host", "LocalHost:3000"), ("origin", "http://localhost:3000")],
            &[("host", "lab.example:80"), ("origin", "http://lab.example")],
            &[("host", "[::1]:3000"), ("origin", "http://[::1]:3000")],
        ];
        for headers in here {
            assert!(matches!(judged(headers, None), CameFrom::Here(_)), "{headers:?}");
        }
        let elsewhere: [Headers; 10] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("host", "localhost:3000"), ("origin", "http://localhost:3666")],
            &[("host", "localhost:3000"), ("origin", "https://localhost:3000")],
            &[("host", "localhost:3000"), ("origin", "null")],
            &[("host", "localhost:3000"), ("origin", "http://localhost:3000/")],
            &[("host", "localhost:3000"), ("origin", "http://localhost:3000"), ("origin", "http://evil.example")],
            &[("host", "localhost:3000"), ("sec-fetch-site", "cross-site"), ("origin", "http://localhost:3000")],
            &[("origin", "null")],
        ];
        for headers in elsewhere {
            assert!(matches!(judged(headers, None), CameFrom::Elsewhere(_)), "{headers:?}");
        }
    }

    #[test]
    fn a_configured_origin_is_the_only_one_by_scheme_host_and_port() {
        let judged = |headers: Headers| judged(headers, Some("https://lab.example"));
        assert!(matches!(judged(&[("host", "internal:80"), ("origin", "https://lab.example")]), CameFrom::Here(_)));
        assert!(matches!(judged(&[("origin", "https://LAB.example:443")]), CameFrom::Here(_)));
        for origin in ["http://lab.example", "https://lab.example:8443", "https://x.lab.example", "http://evil.example"]
        {
            for host in ["lab.example", "evil.example", "x.lab.example", "lab.example:8443"] {
                let headers = [("host", host), ("origin", origin)];
                assert!(matches!(judged(&headers), CameFrom::Elsewhere(_)), "{headers:?}");
            }
        }
    }
    #[test]
    fn with_a_configured_origin_no_fetch_metadata_makes_up_for_another_origin() {
        let judged = |origin, configured| judged(&[("sec-fetch-site", "same-origin"), ("origin", origin)], configured);
        let ours = "https://lab.example";
        assert!(matches!(judged("http://evil.example", Some(ours)), CameFrom::Elsewhere(_)));
        assert!(matches!(judged("null", Some(ours)), CameFrom::Elsewhere(_)));
        assert!(matches!(judged(ours, Some(ours)), CameFrom::Here(_)));
        assert!(matches!(judged("http://evil.example", None), CameFrom::Here(_)));
    }
}
