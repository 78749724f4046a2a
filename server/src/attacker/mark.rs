//! The mark in the address of what the attacker's window asks for. A page that is opened with it leads the window
//! back to where it came from.

use crate::{lab::Lab, server::Server};
use axum::http::{HeaderMap, HeaderValue, request::Parts};
use std::fmt;

/// `window=attack&n=7` in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    n: Option<u64>,
}

impl Mark {
    /// The mark of the attack of this number.
    pub(crate) const fn new(n: u64) -> Self {
        Self { n: Some(n) }
    }

    /// Reads a query. Of the number nothing but a number is kept.
    pub(crate) fn of(query: &str) -> Option<Self> {
        let value = |wanted: &str| query.split('&').find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='));
        (value("window") == Some("attack")).then(|| Self { n: value("n").and_then(|n| n.parse().ok()) })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("window=attack")?;
        self.n.map_or(Ok(()), |n| write!(f, "&n={n}"))
    }
}

/// What sends the attacker's window back, on an answer that took the whole window along.
pub(crate) fn way_back(server: &Server, lab: &Lab, parts: &Parts) -> Option<HeaderValue> {
    Mark::of(parts.uri.query()?)?;
    let to = format!("0; url={}/lab/{}/window", server.origins().attacker, lab.id);
    takes_the_window(&parts.headers).then(|| HeaderValue::from_str(&to).ok()).flatten()
}

/// Not a frame and not a `fetch`. A browser that does not say is taken at the address's word.
fn takes_the_window(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mark_itself_is_read_and_written() {
        let read = |query| Mark::of(query).map(|mark| mark.to_string());
        assert_eq!(read("window=attack&n=7").as_deref(), Some("window=attack&n=7"));
        assert_eq!(read("lang=ko&n=7&window=attack&x=y").as_deref(), Some("window=attack&n=7"));
        for query in ["window=attack", "window=attack&n=", "window=attack&n=<script>", "window=attack&n=-1"] {
            assert_eq!(read(query).as_deref(), Some("window=attack"), "{query}");
        }
        for query in ["", "n=7", "window=", "window=attacks", "window=other&window=attack", "xwindow=attack"] {
            assert_eq!(read(query), None, "{query}");
        }
    }
}
