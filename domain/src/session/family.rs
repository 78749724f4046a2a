//! Refresh tokens: one row stands for all of a login's, each of which is used once.

use super::SessionId;
use crate::{Seconds, scheme::Carrier};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the server remembers about the refresh tokens of one login: which one is next, and what the tokens are
/// like that it is exchanged for. That it has to remember anything is the price of a token that can be ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// The hash of the secret in the one refresh token that has not been used yet.
    pub next: String,
    /// The login's id, which all its tokens bear.
    #[serde(default)]
    pub login: String,
    /// Where the tokens go.
    pub carrier: Carrier,
    /// Seconds until a token's `exp`.
    pub token_lifetime: Seconds,
}

/// A refresh token: which family it belongs to, and a secret that is used once.
///
/// It is written `{family}~{secret}`, which is neither a session id nor a JWT. Its `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// What the store finds the family by.
    pub family: SessionId,
    /// As random and as long as a session id.
    pub secret: SessionId,
}

impl RefreshToken {
    const SEPARATOR: char = '~';

    /// Reads what a request brought. `None` when it does not even have the form of a refresh token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (family, secret) = text.split_once(Self::SEPARATOR)?;
        Some(Self { family: SessionId::parse(family)?, secret: SessionId::parse(secret)? })
    }

    /// The token itself. It is a secret.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{}{}", self.family.reveal(), Self::SEPARATOR, self.secret.reveal())
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::Credential;

    #[test]
    fn a_refresh_token_reads_back_and_passes_for_nothing_else() {
        let token = RefreshToken { family: SessionId::from_bytes([1; 16]), secret: SessionId::from_bytes([2; 16]) };
        let text = token.reveal();
        assert_eq!(RefreshToken::parse(&text), Some(token.clone()));
        assert_eq!((SessionId::parse(&text), Credential::of_bearer(&text)), (None, Credential::SessionId));
        assert!(!format!("{token:?}").contains(token.secret.reveal()));
        let family = token.family.reveal();
        for other in ["", "~", family, &format!("{family}~"), &format!("{text}~"), &format!("{text}x"), "a.b.c"] {
            assert_eq!(RefreshToken::parse(other), None, "{other}");
        }
    }
}
