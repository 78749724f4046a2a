//! `POST loot`: what a script in the guestbook could read.

use crate::http::attacker::{Existing, host, no_content};
use crate::{
    bounds,
    http::{extract::body, rejection::Rejection},
    lab::Lab,
};
use axum::{extract::Request, http::StatusCode, response::Response};
use domain::{
    attack::{FoundIn, Purpose, SeenVisit},
    cookie::pairs,
    scheme::{Carrier, Credential, Scheme},
};

/// What is delivered.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivery {
    n: u64,
    cookie: String,
    storage: Option<String>,
}

/// Keeps what is a credential of this lab, and drops the rest.
pub(super) async fn deliver(Existing(lab): Existing, request: Request) -> Result<Response, Rejection> {
    let (parts, body) = request.into_parts();
    if !body::is("text/plain", &parts.headers) {
        return Err(Rejection::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send text/plain, with JSON in it"));
    }
    let body = body::read(body).await?;
    let Ok(Delivery { n, cookie, storage }) = body::object(&body) else {
        let detail = r#"send {"n":1,"cookie":"…","storage":null}, and nothing else"#;
        return Err(Rejection::new(StatusCode::BAD_REQUEST, detail));
    };
    let mut credential = from_cookies(&lab, FoundIn::DocumentCookie, pairs(&cookie)).await;
    if let Some(value) = storage {
        credential |= from_storage(&lab, &value).await;
    }
    lab.attacker.saw(SeenVisit { n, host: host(&parts.headers), purpose: Purpose::Deliver, credential });
    lab.has_changed();
    Ok(no_content())
}

/// Keeps the credentials among these cookies. Whether there was one.
pub(super) async fn from_cookies<'a>(
    lab: &Lab,
    found_in: FoundIn,
    cookies: impl Iterator<Item = (&'a str, &'a str)>,
) -> bool {
    let ours = cookies.filter_map(|(name, value)| Some((Credential::of_cookie(name)?, value)));
    let mut any = false;
    for (credential, value) in ours.take(bounds::LOOT_COOKIES) {
        any |= lab.loot(found_in, Scheme::new(credential, Carrier::Cookie), value).await;
    }
    any
}

/// Keeps what lay in localStorage, if it is a credential. Whether it is.
pub(super) async fn from_storage(lab: &Lab, value: &str) -> bool {
    let scheme = Scheme::new(Credential::of_bearer(value), Carrier::LocalStorage);
    lab.loot(FoundIn::LocalStorage, scheme, value).await
}
