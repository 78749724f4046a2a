//! Where a request comes from, as far as the browser tells (Fetch Metadata, else `Origin`).
//!
//! Guards the bench's routes always, and the lesson's where the visitor has switched `check_origin` on.

use axum::http::{HeaderMap, header};

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

/// Reads it from the headers. Where a header comes more than once, each must pass.
pub(crate) fn came_from(headers: &HeaderMap, public_origin: Option<&str>) -> CameFrom {
    let mut said = Vec::new();
    let sites: Vec<_> = headers.get_all("sec-fetch-site").iter().map(|v| v.to_str().unwrap_or("?")).collect();
    for site in &sites {
        let text = format!("Sec-Fetch-Site: {site}");
        if !matches!(*site, "same-origin" | "none") {
            return CameFrom::Elsewhere(text);
        }
        said.push(text);
    }
    if sites.is_empty() {
        for origin in headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().unwrap_or("?");
            let text = format!("Origin: {origin}");
            if !is_ours(origin, headers, public_origin) {
                return CameFrom::Elsewhere(text);
            }
            said.push(text);
        }
    }
    if said.is_empty() { CameFrom::NoBrowser } else { CameFrom::Here(said.join(", ")) }
}

fn is_ours(origin: &str, headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    if public_origin.is_some_and(|ours| ours.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn judged(headers: &[(&'static str, &'static str)]) -> CameFrom {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            });
        came_from(&headers, Some("https://lab.example"))
    }

    #[test]
    fn only_this_origin_and_no_browser_at_all_are_let_through() {
        assert_eq!(judged(&[("host", "localhost:3000")]), CameFrom::NoBrowser);
        let here = |h: &[_]| matches!(judged(h), CameFrom::Here(_));
        assert!(here(&[("sec-fetch-site", "same-origin")]));
        assert!(here(&[("sec-fetch-site", "none")]));
        assert!(here(&[("host", "localhost:3000"), ("origin", "http://localhost:3000")]));
        assert!(here(&[("host", "internal:80"), ("origin", "https://lab.example")]));
        let elsewhere = |h: &[_]| matches!(judged(h), CameFrom::Elsewhere(_));
        assert!(elsewhere(&[("sec-fetch-site", "cross-site")]));
        assert!(elsewhere(&[("sec-fetch-site", "same-site")]));
        assert!(elsewhere(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
        assert!(elsewhere(&[("host", "localhost:3000"), ("origin", "http://localhost:3666")]));
        assert!(elsewhere(&[("host", "localhost:3000"), ("origin", "null")]));
        assert!(elsewhere(&[
            ("host", "localhost:3000"),
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://localhost:3000")
        ]));
    }
}
