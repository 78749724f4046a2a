//! What a request asks under a condition.

use ::headers::{HeaderMapExt as _, IfNoneMatch};
use http::HeaderMap;

/// Whether `If-None-Match` names this tag (RFC 9110 §13.1.2). It is compared weakly: `W/` makes no difference.
/// What cannot be read names nothing.
pub(crate) fn names(headers: &HeaderMap, tag: &str) -> bool {
    let condition = headers.typed_get::<IfNoneMatch>();
    matches!((condition, tag.parse()), (Some(condition), Ok(tag)) if !condition.precondition_passes(&tag))
}
