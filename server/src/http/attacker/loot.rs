//! What the attacker gets: what a script in the guestbook could read, what lay in a frame's localStorage, and which
//! cookies come along to another port or host.

use crate::{
    auth::presented,
    bounds,
    http::{
        Answer, Rejection,
        attacker::{Existing, Number, OwnPage},
        extract::{self, body},
    },
    lab::Lab,
};
use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use domain::{
    attack::{FoundIn, Purpose, SeenVisit},
    cookie::pairs,
    scheme::{Carrier, Credential, Scheme},
};
use http::{HeaderMap, StatusCode};

/// What is delivered.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivery {
    n: u64,
    cookie: String,
    storage: Option<String>,
}

/// `POST loot`: keeps what is a credential of this lab, and drops the rest.
pub(super) async fn deliver(Existing(lab): Existing, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    if !body::is("text/plain", &parts.headers) {
        return Err(Rejection::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send text/plain, with JSON in it"));
    }
    let body = body::read(bounds::BODY_BYTES, body).await?;
    let Ok(Delivery { n, cookie, storage }) = body::object(&body) else {
        let detail = r#"send {"n":1,"cookie":"…","storage":null}, and nothing else"#;
        return Err(Rejection::new(StatusCode::BAD_REQUEST, detail));
    };
    let mut credential = from_cookies(&lab, FoundIn::DocumentCookie, pairs(&cookie)).await;
    if let Some(value) = storage {
        credential |= from_storage(&lab, &value).await;
    }
    Ok(saw(&lab, n, &parts.headers, Purpose::Deliver, credential))
}

/// `POST peeked`: what a frame found in its localStorage, or nothing.
pub(super) async fn peeked(_: OwnPage, Existing(lab): Existing, Number { n }: Number, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = body::read(bounds::BODY_BYTES, body).await?;
    let credential = from_storage(&lab, &String::from_utf8_lossy(&body)).await;
    Ok(saw(&lab, n, &parts.headers, Purpose::Peek, credential))
}

/// `GET` or `POST port`: which cookies a browser attaches for another port, and for another host.
pub(super) async fn port(Existing(lab): Existing, Number { n }: Number, headers: HeaderMap) -> Response {
    let cookies = presented::cookies(&headers);
    let pairs = cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.value.as_str()));
    let credential = from_cookies(&lab, FoundIn::CookieHeader, pairs).await;
    saw(&lab, n, &headers, Purpose::Port, credential)
}

/// Notes who came, and answers with nothing; any page may know that it came.
fn saw(lab: &Lab, n: u64, headers: &HeaderMap, purpose: Purpose, credential: bool) -> Response {
    let host = extract::host(headers).unwrap_or_default().to_owned();
    lab.attacker.saw(SeenVisit { n, host, purpose, credential });
    lab.has_changed();
    (StatusCode::NO_CONTENT, [("cross-origin-resource-policy", "cross-origin")]).into_response()
}

/// Keeps the credentials among these cookies. Whether there was one.
async fn from_cookies<'a>(lab: &Lab, found_in: FoundIn, cookies: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    let ours = cookies.filter_map(|(name, value)| Some((Credential::of_cookie(name)?, value)));
    let mut any = false;
    for (credential, value) in ours.take(bounds::LOOT_COOKIES) {
        any |= lab.loot(found_in, Scheme::new(credential, Carrier::Cookie), value).await;
    }
    any
}

/// Keeps what lay in localStorage, if it is a credential. Whether it is.
async fn from_storage(lab: &Lab, value: &str) -> bool {
    let scheme = Scheme::new(Credential::of_bearer(value), Carrier::LocalStorage);
    lab.loot(FoundIn::LocalStorage, scheme, value).await
}
