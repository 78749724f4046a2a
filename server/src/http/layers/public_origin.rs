//! A page that a browser opens under another host name is sent to the public origin: cookies, localStorage and
//! what counts as another site all hang on the name.

use crate::{
    http::{extract::text, layers::origin::is_one},
    origins::{Origins, as_localhost, is_at_localhost},
};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use url::Host;

/// The way to the public origin, for a browser that opens the page somewhere else; nothing for everybody else.
pub(crate) fn way_there(origins: &Origins, request: &Request) -> Option<Response> {
    let origin = opens_a_page(request).then(|| elsewhere(origins, request.headers())).flatten()?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = HeaderValue::from_str(&format!("{origin}{path}")).ok()?;
    Some((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response())
}

/// Whether a browser asks for the way to a lab, or for a lab's page.
fn opens_a_page(request: &Request) -> bool {
    let mut parts = request.uri().path().split('/').skip(1);
    let is_page =
        matches!((parts.next(), parts.next(), parts.next()), (Some(""), None, None) | (Some("lab"), Some(_), None));
    let headers = request.headers();
    let accepts_pages = || text(headers, header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    is_page
        && matches!(*request.method(), Method::GET | Method::HEAD)
        && (headers.contains_key("sec-fetch-mode") || headers.contains_key("sec-fetch-site") || accepts_pages())
}

/// Where the page should have been asked for, if not here.
fn elsewhere(origins: &Origins, headers: &HeaderMap) -> Option<String> {
    let host = text(headers, header::HOST)?;
    let forwarded = text(headers, "x-forwarded-host");
    match &origins.configured.public {
        Some(public) => {
            let is_public = |host: &str| is_at(public, host);
            // Each proxy of a chain may add its own.
            let is_forwarded = forwarded.is_some_and(|all| all.split(',').map(str::trim).any(is_public));
            (!is_public(host) && !is_forwarded).then(|| public.clone())
        }
        // Behind a proxy, the name that the browser used is not the one that this server hears.
        None if forwarded.is_some() || is_forwarded_https(headers) => None,
        None if !is_at_localhost(&origins.public) => None,
        // The port is the visitor's: it may be forwarded to this one.
        None => as_localhost(&format!("http://{host}"), is_other_loopback),
    }
}

fn is_forwarded_https(headers: &HeaderMap) -> bool {
    let proto = text(headers, "x-forwarded-proto").unwrap_or_default();
    proto.split(',').any(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

/// Whether a host leads to this machine under another name than `localhost`.
fn is_other_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

/// Whether a `Host` names the host and port of an origin. The scheme's own port may be left away.
fn is_at(origin: &str, host: &str) -> bool {
    let scheme = if origin.starts_with("https:") { "https" } else { "http" };
    is_one(origin, &format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origins::{ADDR, ATTACKER_ADDR, Configured};
    use http::HeaderName;

    fn sent_to(public: Option<&str>, headers: &[(&'static str, &'static str)]) -> Option<String> {
        let configured = Configured { public: public.map(str::to_owned), attacker: None };
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        elsewhere(&Origins::new(configured, ADDR, ATTACKER_ADDR), &headers)
    }

    #[test]
    fn without_a_public_origin_the_other_loopback_names_lead_to_localhost_and_a_lan_address_stays() {
        let host = |host| sent_to(None, &[("host", host)]);
        assert_eq!(host("127.0.0.1:3000").as_deref(), Some("http://localhost:3000"));
        assert_eq!(host("127.0.0.1:8080").as_deref(), Some("http://localhost:8080"), "a port that is forwarded");
        assert_eq!(host("[::1]:3000").as_deref(), Some("http://localhost:3000"));
        assert_eq!(host("[::1]").as_deref(), Some("http://localhost"));
        assert_eq!(host("lab.localhost").as_deref(), Some("http://localhost"));
        for name in ["localhost:3000", "localhost", "LOCALHOST:1", "192.168.1.5:3000", "lab.example", "", "["] {
            assert_eq!(host(name), None, "{name}");
        }
        assert_eq!(sent_to(None, &[]), None);
        assert_eq!(sent_to(None, &[("host", "127.0.0.1:3000"), ("x-forwarded-host", "lab.example")]), None);
        let forwarded = |proto| sent_to(None, &[("host", "127.0.0.1:3000"), ("x-forwarded-proto", proto)]);
        assert_eq!(
            (forwarded("https"), forwarded("HTTPS, http")),
            (None, None),
            "there is a proxy, and not at localhost"
        );
        assert!(forwarded("http").is_some());
    }

    #[test]
    fn a_server_that_is_not_at_localhost_sends_nobody_there() {
        for addr in ["127.0.0.2:3000", "192.168.1.5:3000"] {
            let origins = Origins::new(Configured::default(), addr.parse().unwrap(), ATTACKER_ADDR);
            for host in ["127.0.0.2:3000", "127.0.0.1:3000", "[::1]:3000"] {
                let headers = [(header::HOST, HeaderValue::from_static(host))].into_iter().collect();
                assert_eq!(elsewhere(&origins, &headers), None, "{host} at {addr}");
            }
        }
    }

    #[test]
    fn with_a_public_origin_every_other_name_leads_there() {
        let public = Some("https://lab.example");
        let host = |host| sent_to(public, &[("host", host)]);
        for name in ["lab.example", "lab.example:443", "LAB.example"] {
            assert_eq!(host(name), None, "{name}");
        }
        for name in ["localhost:3000", "127.0.0.1", "lab.example:80", "lab.example:8443", "x.lab.example"] {
            assert_eq!(host(name).as_deref(), public, "{name}");
        }
        assert_eq!(sent_to(public, &[("host", "10.0.0.7"), ("x-forwarded-host", "a, lab.example")]), None);
        assert_eq!(sent_to(public, &[("host", "10.0.0.7"), ("x-forwarded-host", "x")]).as_deref(), public);
        assert_eq!(sent_to(public, &[]), None, "nobody said how");
    }
}
