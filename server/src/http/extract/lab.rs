//! The lab of the address.

use crate::{gate::Gate, http::rejection::Rejection, lab::Lab, process::labs::is_lab_id};
use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
};
use std::{collections::HashMap, sync::Arc};

/// The lab of the address, which may be a new one.
pub(crate) struct At(pub(crate) Arc<Lab>);

impl FromRequestParts<Arc<Gate>> for At {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, gate: &Arc<Gate>) -> Result<Self, Self::Rejection> {
        let id = id_of(parts).await.ok_or_else(no_lab)?;
        Ok(Self(gate.process.labs.lab(&id)))
    }
}

/// The id in the address, as it is meant: an encoded letter is that letter (RFC 3986 §6.2.2.2).
pub(crate) async fn id_of(parts: &mut Parts) -> Option<String> {
    let params = Path::<HashMap<String, String>>::from_request_parts(parts, &()).await;
    params.ok().and_then(|Path(mut params)| params.remove("lab")).filter(|id| is_lab_id(id))
}

/// The address names no lab.
fn no_lab() -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, "a lab's id is 22 characters of base64url; / leads to a new lab")
}
