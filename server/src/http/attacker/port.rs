//! `GET` or `POST port`: which cookies a browser attaches for another port, and for another host.

use crate::auth::presented;
use crate::http::attacker::{Existing, Number, host, loot, no_content};
use axum::{http::HeaderMap, response::Response};
use domain::attack::{FoundIn, Purpose, SeenVisit};

/// Notes whether this lab's credential came along.
pub(super) async fn port(Existing(lab): Existing, Number { n }: Number, headers: HeaderMap) -> Response {
    let cookies = presented::cookies(&headers);
    let pairs = cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.value.as_str()));
    let credential = loot::from_cookies(&lab, FoundIn::CookieHeader, pairs).await;
    lab.attacker.saw(SeenVisit { n, host: host(&headers), purpose: Purpose::Port, credential });
    lab.has_changed();
    no_content()
}
