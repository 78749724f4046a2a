//! The lab of the address.

use crate::{
    clients::Client,
    gate::Gate,
    http::{
        Rejection,
        layers::origin::{self, CameFrom},
    },
    lab::Lab,
    process::labs::is_lab_id,
    security::{Event, Whom},
};
use axum::extract::{FromRequestParts, OriginalUri, Path};
use http::{StatusCode, request::Parts};
use std::sync::Arc;

/// The lab of the address, which may be a new one.
pub(crate) struct At(pub(crate) Arc<Lab>);

impl FromRequestParts<Arc<Gate>> for At {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, gate: &Arc<Gate>) -> Result<Self, Self::Rejection> {
        let id = id_of(parts).ok_or_else(|| {
            Rejection::new(StatusCode::NOT_FOUND, "a lab's id is 22 characters of base64url; / leads to a new lab")
        })?;
        let labs = &gate.process.labs;
        if let Some(lab) = labs.existing(&id) {
            return Ok(Self(lab));
        }
        if !is_visit(parts, gate.process.public_origin()) {
            let detail = "there is no such lab, or nobody used it for long: open its page, which makes a fresh one";
            return Err(Rejection::new(StatusCode::NOT_FOUND, detail));
        }
        let client = parts.extensions.get::<Arc<Client>>();
        if client.is_some_and(|client| !client.may_make_lab()) {
            Event::Braked("new labs").log(Whom { client: client.map(Arc::as_ref), ..Whom::default() });
            let detail = "too many new labs from your address: wait a second";
            return Err(Rejection::new(StatusCode::TOO_MANY_REQUESTS, detail));
        }
        Ok(Self(labs.lab(&id)))
    }
}

/// Whether a request may make a lab: a browser that opens the page, not led there by another site, or a program.
fn is_visit(parts: &Parts, public_origin: Option<&str>) -> bool {
    match origin::came_from(&parts.headers, public_origin.as_slice()) {
        CameFrom::NoBrowser => true,
        CameFrom::Elsewhere(_) => false,
        CameFrom::Here(_) => {
            let is_page = path(parts).split('/').count() == 3;
            is_page && parts.headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
        }
    }
}

/// The whole path, of which a nested route sees a part.
fn path(parts: &Parts) -> &str {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri).path()
}

/// The id in the address, as it is meant: an encoded letter is that letter (RFC 3986 §6.2.2.2). Whatever stands behind
/// it is judged by others.
pub(crate) fn id_of(parts: &Parts) -> Option<String> {
    let segment = path(parts).strip_prefix("/lab/")?.split('/').next()?;
    // What means something else in a form is in no id.
    if segment.contains(['=', '&', '+']) {
        return None;
    }
    let (id, _) = url::form_urlencoded::parse(segment.as_bytes()).next()?;
    is_lab_id(&id).then(|| id.into_owned())
}

/// The segment of an address that is read besides the lab. One that is no UTF-8 names nothing.
pub(crate) struct Segment(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        path.map(|Path((_, segment))| Self(segment)).map_err(|_| Rejection::nothing_here())
    }
}
