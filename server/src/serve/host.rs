//! `Host` (RFC 9112 §3.2): which of a server's names was asked for. Much hangs on it, so it is looked at before all else.

use crate::bounds;
use axum::http::{HeaderValue, Request, Version, header};
use std::net::Ipv6Addr;

/// Checks it. Where the target of the request names the host, that one counts (§3.2.2) and stands in `Host` afterwards.
pub(super) fn settle<B>(request: &mut Request<B>) -> Result<(), &'static str> {
    const NOT_HERE: &str = "the target of the request is no address of this server";
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if is_host(host.as_bytes()) => {}
        // Before 1.1 there was none.
        (None, None) if request.version() < Version::HTTP_11 => {}
        (None, None) => return Err("the request has no Host"),
        (Some(_), None) => return Err("Host is no host and port"),
        _ => return Err("the request has more than one Host"),
    }
    let uri = request.uri();
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Ok(()) };
    let host = HeaderValue::from_str(authority.as_str()).ok();
    let host = host.filter(|host| matches!(scheme, "http" | "https") && is_host(host.as_bytes())).ok_or(NOT_HERE)?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().map_err(|_| NOT_HERE)?;
    request.headers_mut().insert(header::HOST, host);
    Ok(())
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2.2); an http address without a host is none (§4.2.1).
fn is_host(text: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(text) else { return false };
    let (is_host, port) = if let Some((address, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        (address.parse::<Ipv6Addr>().is_ok(), rest.strip_prefix(':').or(rest.is_empty().then_some("")))
    } else {
        let (name, port) = text.split_once(':').unwrap_or((text, ""));
        (is_name(name), Some(port))
    };
    let is_port =
        |port: &str| port.is_empty() || port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    text.len() <= bounds::HOST_BYTES && is_host && port.is_some_and(is_port)
}

/// `reg-name`, which an IPv4 address is as well.
fn is_name(text: &str) -> bool {
    let is_escape = |rest: &str| rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&b);
    !text.is_empty() && text.bytes().all(fits) && text.split('%').skip(1).all(is_escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(
        version: Version,
        target: &str,
        hosts: &[&'static str],
    ) -> Result<(String, Option<String>), &'static str> {
        let mut request = Request::builder().version(version).uri(target).body(()).unwrap();
        for host in hosts {
            request.headers_mut().append(header::HOST, HeaderValue::from_static(host));
        }
        settle(&mut request)?;
        let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap().to_owned());
        Ok((request.uri().to_string(), host))
    }

    #[test]
    fn a_request_has_one_host_and_it_is_a_host_with_or_without_a_port() {
        for host in
            ["localhost", "localhost:3000", "LAB.example.", "a_b", "127.0.0.1:80", "[::1]", "[::1]:3000", "x:", "%41b"]
        {
            assert!(settled(Version::HTTP_11, "/", &[host]).is_ok(), "{host}");
        }
        for host in [
            "",
            "a b",
            "a/b",
            "user@host",
            "a:b",
            "a:99999",
            "a:80:80",
            "a:+80",
            ":80",
            "[::1",
            "[zz]:1",
            "[::1]80",
            "::1",
            "%4",
            "%zz",
            "a\tb",
            "a#b",
            "a?b",
            "http://a",
            "[]",
        ] {
            assert!(settled(Version::HTTP_11, "/", &[host]).is_err(), "{host}");
        }
        assert!(settled(Version::HTTP_11, "/", &[]).is_err());
        assert!(settled(Version::HTTP_11, "/", &["a", "a"]).is_err());
        assert!(settled(Version::HTTP_10, "/", &[]).is_ok() && settled(Version::HTTP_10, "/", &["a b"]).is_err());
        let long = HeaderValue::from_str(&"a".repeat(256)).unwrap();
        assert!(!is_host(long.as_bytes()) && !is_host("가".as_bytes()) && !is_host(b"\xff"));
    }

    #[test]
    fn what_the_target_names_counts_and_replaces_the_host() {
        let settled = |target: &str| settled(Version::HTTP_11, target, &["evil.example"]);
        let expected = Ok(("/lab/x?y=1".to_owned(), Some("lab.example:80".to_owned())));
        assert_eq!(settled("http://lab.example:80/lab/x?y=1"), expected);
        assert_eq!(settled("http://lab.example"), Ok(("/".to_owned(), Some("lab.example".to_owned()))));
        assert_eq!(settled("*").unwrap().0, "*");
        for target in ["http://user:pw@lab.example/", "ftp://lab.example/", "http://lab.example:99999/"] {
            assert!(settled(target).is_err(), "{target}");
        }
        assert!(
            super::tests::settled(Version::HTTP_11, "http://lab.example/", &[]).is_err(),
            "and yet Host has to be there"
        );
    }
}
