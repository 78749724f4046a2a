//! The operating system's random numbers, and nothing weaker.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no random numbers to be had: {0}")]
pub(crate) struct NoRandom(String);

pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| NoRandom(error.to_string()))?;
    Ok(bytes)
}

/// 128 random bits as 22 characters of base64url.
pub(crate) fn text() -> Result<String, NoRandom> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<16>()?))
}
