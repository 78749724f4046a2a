//! The operating system's random numbers, and nothing weaker.

use crate::http::problem::Internal;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Internal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Internal(format!("no random numbers to be had: {error}")))?;
    Ok(bytes)
}

/// 128 random bits as 22 characters of base64url.
pub(crate) fn text() -> Result<String, Internal> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<16>()?))
}
