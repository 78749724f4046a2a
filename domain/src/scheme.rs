//! The two questions, and their four answers.
//!
//! *What proves you* ([`Credential`]) decides where the state is; *who attaches it* ([`Carrier`]) decides
//! who can read it and who can make the browser send it. No property belongs to a pair of the two.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What proves who you are, and with it: who remembers you.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An opaque id; the server keeps the row that it points to.
    #[default]
    SessionId,
    /// A signed token (RFC 7519); it carries the state itself.
    Jwt,
}

/// Where the browser keeps the credential, and with it: who attaches it to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// A cookie: the browser attaches it by itself (RFC 6265bis).
    Cookie,
    /// `localStorage`: a script attaches it as `Authorization: Bearer` (RFC 6750).
    LocalStorage,
}

impl Credential {
    /// All of them, in the page's order.
    pub const ALL: [Self; 2] = [Self::SessionId, Self::Jwt];
}

impl Carrier {
    /// All of them, in the page's order.
    pub const ALL: [Self; 2] = [Self::Cookie, Self::LocalStorage];
}

/// One answer to both questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub struct Scheme {
    /// What proves you.
    pub credential: Credential,
    /// Who attaches it.
    pub carrier: Carrier,
}

impl Scheme {
    /// All four, in the order of the page's switch: by row, a row per credential.
    pub const ALL: [Self; 4] = [
        Self::new(Credential::SessionId, Carrier::Cookie),
        Self::new(Credential::SessionId, Carrier::LocalStorage),
        Self::new(Credential::Jwt, Carrier::Cookie),
        Self::new(Credential::Jwt, Carrier::LocalStorage),
    ];

    /// The scheme of these two answers.
    #[must_use]
    pub const fn new(credential: Credential, carrier: Carrier) -> Self {
        Self { credential, carrier }
    }

    /// Its name in the API: `session-cookie`, `session-storage`, `token-cookie` or `token-storage`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match (self.credential, self.carrier) {
            (Credential::SessionId, Carrier::Cookie) => "session-cookie",
            (Credential::SessionId, Carrier::LocalStorage) => "session-storage",
            (Credential::Jwt, Carrier::Cookie) => "token-cookie",
            (Credential::Jwt, Carrier::LocalStorage) => "token-storage",
        }
    }
}

impl Default for Scheme {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Scheme {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Self::ALL.map(Self::name))).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Scheme {}

/// The text names no scheme.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such scheme; choose session-cookie, session-storage, token-cookie or token-storage")]
pub struct UnknownScheme;

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(name: &str) -> Result<Self, UnknownScheme> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name).ok_or(UnknownScheme)
    }
}

impl From<Scheme> for &'static str {
    fn from(scheme: Scheme) -> Self {
        scheme.name()
    }
}

impl TryFrom<String> for Scheme {
    type Error = UnknownScheme;

    fn try_from(name: String) -> Result<Self, UnknownScheme> {
        name.parse()
    }
}

impl Credential {
    /// The cookie that carries it: `sid` or `token`, with `__Host-` where asked.
    #[must_use]
    pub const fn cookie_name(self, host_prefix: bool) -> &'static str {
        match (self, host_prefix) {
            (Self::SessionId, false) => "sid",
            (Self::SessionId, true) => "__Host-sid",
            (Self::Jwt, false) => "token",
            (Self::Jwt, true) => "__Host-token",
        }
    }

    /// Which credential a cookie of this name carries, if any.
    #[must_use]
    pub fn of_cookie(name: &str) -> Option<Self> {
        match name {
            "sid" | "__Host-sid" => Some(Self::SessionId),
            "token" | "__Host-token" => Some(Self::Jwt),
            _ => None,
        }
    }

    /// Which credential a Bearer value is: a JWT has dots, a session id has none.
    #[must_use]
    pub fn of_bearer(value: &str) -> Self {
        if value.contains('.') { Self::Jwt } else { Self::SessionId }
    }
}

/// Where the page keeps the credential of the two `-storage` schemes in `localStorage`.
#[must_use]
pub fn storage_key(lab: &str) -> String {
    format!("login-lab:{lab}:token")
}

/// Where the page keeps the refresh token of a `-storage` scheme in `localStorage`.
#[must_use]
pub fn refresh_key(lab: &str) -> String {
    format!("login-lab:{lab}:refresh")
}

/// The cookie that carries a refresh token. Its path is the lesson's routes, so that a logout and a login end it also
/// when the token is gone.
pub const REFRESH_COOKIE: &str = "refresh";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_is_found_again_by_its_name() {
        for scheme in Scheme::ALL {
            assert_eq!(scheme.name().parse(), Ok(scheme));
            let json = serde_json::to_string(&scheme).unwrap();
            assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), scheme);
        }
    }

    #[test]
    fn the_four_schemes_are_the_product_of_the_two_axes() {
        for credential in [Credential::SessionId, Credential::Jwt] {
            for carrier in [Carrier::Cookie, Carrier::LocalStorage] {
                assert_eq!(Scheme::ALL.iter().filter(|s| **s == Scheme::new(credential, carrier)).count(), 1);
            }
        }
    }

    #[test]
    fn an_unknown_scheme_is_refused_with_the_names_to_choose_from() {
        let error = serde_json::from_str::<Scheme>("\"basic\"").unwrap_err().to_string();
        assert!(error.contains("session-cookie") && error.contains("token-storage"), "{error}");
    }

    #[test]
    fn a_cookie_name_tells_its_credential_with_and_without_the_host_prefix() {
        for credential in [Credential::SessionId, Credential::Jwt] {
            for prefix in [false, true] {
                assert_eq!(Credential::of_cookie(credential.cookie_name(prefix)), Some(credential));
            }
        }
        assert_eq!(Credential::of_cookie("lang"), None);
        assert_eq!(Credential::of_cookie("SID"), None, "cookie names are case-sensitive");
    }
}
