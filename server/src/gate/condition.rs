//! What a request asks under a condition.

use ::headers::{HeaderMapExt as _, IfNoneMatch};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use sha2::{Digest, Sha256};

/// Whether `If-None-Match` names this tag (RFC 9110 §13.1.2), weak or strong. What cannot be read names nothing.
pub(crate) fn names(headers: &HeaderMap, tag: &str) -> bool {
    let condition = headers.typed_get::<IfNoneMatch>();
    matches!((condition, tag.parse()), (Some(condition), Ok(tag)) if !condition.precondition_passes(&tag))
}

/// A strong tag of a body: another byte in it is another tag.
pub(crate) fn tag(body: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(body)))
}
