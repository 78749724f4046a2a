//! The mark in the address of what the attacker's window asks for. Its answer leaves the window where it is.

use http::{StatusCode, header, request::Parts, response};

/// What stands in the query.
pub(crate) const MARK: &str = "window=attack";

/// Whether this is an attack that would take the attacker's whole window along: not a frame and not a `fetch`. A browser
/// that does not say is taken at the address's word.
pub(crate) fn would_take_the_window(parts: &Parts) -> bool {
    let is_marked = parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == MARK));
    is_marked && parts.headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

/// What is answered instead, once everything is done as ever: 204, at which a browser stays on its page. Were the
/// window taken along and led back, Firefox would let the shop's cookies go along with whatever the attacker's page
/// embeds from then on (its navigation heuristic), and nothing could be measured a second time.
pub(crate) fn stay(parts: &mut response::Parts) {
    parts.status = StatusCode::NO_CONTENT;
    for name in [header::LOCATION, header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        parts.headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn only_the_mark_itself_is_read() {
        let reads = |query: &str| {
            let request = Request::builder().uri(format!("/lab/x?{query}")).body(()).unwrap();
            would_take_the_window(&request.into_parts().0)
        };
        for query in ["window=attack", "n=7&window=attack&x=y"] {
            assert!(reads(query), "{query}");
        }
        for query in ["", "n=7", "window=", "window=attacks", "window=attack%26", "xwindow=attack"] {
            assert!(!reads(query), "{query}");
        }
    }
}
