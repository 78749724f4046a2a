//! The bodies of the lesson's requests and answers, for the server and the page alike.

use crate::{
    Seconds,
    claims::Alg,
    cookie::CookieOptions,
    scheme::{Credential, Scheme},
    topology::StoreKind,
    user::{Role, User},
    view::{Arrived, Faults},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest time that may be asked for: a year.
pub const LONGEST: Seconds = 365 * 24 * 60 * 60;
/// The most bytes of a name, and of a password.
pub const NAME_BYTES: usize = 128;

/// `POST api/login`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// Who.
    pub username: String,
    /// The password: of a demo user, the name and `-password`.
    pub password: String,
    /// Which credential, in which carrier.
    pub scheme: Scheme,
    /// How the cookie is set, for the `-cookie` schemes.
    #[serde(default)]
    pub cookie: CookieOptions,
    /// Seconds after which a session ends in any case.
    #[serde(default = "lifetime")]
    pub lifetime: Seconds,
    /// Seconds after which an unused session ends.
    #[serde(default = "idle")]
    pub idle: Seconds,
    /// Seconds until a token's `exp`.
    #[serde(default = "token_lifetime")]
    pub token_lifetime: Seconds,
    /// Whether a refresh token comes with the token, for JWTs only; it lives for `lifetime`.
    #[serde(default)]
    pub refresh: bool,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

/// The default `lifetime`: eight hours.
#[must_use]
pub const fn lifetime() -> Seconds {
    28_800
}

/// The default `idle`: a quarter of an hour.
#[must_use]
pub const fn idle() -> Seconds {
    900
}

/// The default `token_lifetime`: a quarter of an hour.
#[must_use]
pub const fn token_lifetime() -> Seconds {
    900
}

/// A login asks for something that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// A time is zero or over a year.
    #[error("lifetime, idle and token_lifetime are 1 to 31536000 seconds")]
    Time,
    /// `max_age` is over what a browser takes.
    #[error("max_age is at most 34560000 seconds (400 days), or null")]
    MaxAge,
    /// The name or password is empty or too long.
    #[error("username and password are 1 to {NAME_BYTES} bytes")]
    Name,
    /// A refresh token for a session id.
    #[error("a refresh token goes with a JWT: choose token-cookie or token-storage, or leave refresh away")]
    Refresh,
}

impl Login {
    /// A login with everything else as by default.
    #[must_use]
    pub fn new(username: &str, password: &str, scheme: Scheme) -> Self {
        Self {
            username: username.to_owned(),
            password: password.to_owned(),
            scheme,
            cookie: CookieOptions::default(),
            lifetime: lifetime(),
            idle: idle(),
            token_lifetime: token_lifetime(),
            refresh: false,
        }
    }

    /// Whether its numbers and texts are within bounds.
    ///
    /// # Errors
    /// [`LoginError`], which says the bound.
    pub fn check(&self) -> Result<(), LoginError> {
        if [&self.username, &self.password].iter().any(|text| text.is_empty() || text.len() > NAME_BYTES) {
            return Err(LoginError::Name);
        }
        if [self.lifetime, self.idle, self.token_lifetime].iter().any(|time| !(1..=LONGEST).contains(time)) {
            return Err(LoginError::Time);
        }
        if self.cookie.max_age.is_some_and(|max_age| max_age > crate::cookie::MAX_AGE) {
            return Err(LoginError::MaxAge);
        }
        if self.refresh && self.scheme.credential != Credential::Jwt {
            return Err(LoginError::Refresh);
        }
        Ok(())
    }
}

/// The answer to a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedIn {
    /// Who is logged in.
    pub user: User,
    /// With which scheme.
    pub scheme: Scheme,
    /// The token or the id, for the `-storage` schemes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// `Bearer`, beside an `access_token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// Seconds for which the credential lives if it is not used.
    pub expires_in: Seconds,
    /// The refresh token, where one was asked for and the scheme is a `-storage` one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Says so when the cookie is over 4096 bytes and the browser will drop it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// `POST api/refresh`. With the token in the cookie `refresh`, the body is empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

impl fmt::Debug for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresh(…)")
    }
}

/// The answer to `POST api/refresh`: a new token, and a new refresh token, for the old one is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refreshed {
    /// The new token, where the refresh token came in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// `Bearer`, beside an `access_token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// Seconds until the new token's `exp`.
    pub expires_in: Seconds,
    /// The next refresh token, where this one came in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Says so when the cookie is over 4096 bytes and the browser will drop it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// `POST api/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceOrder {
    /// 1 to 64 bytes without control characters.
    pub item: String,
}

/// The answer to `POST api/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlacedOrder {
    /// The order's number in this lab.
    pub order: u64,
    /// What was ordered.
    pub item: String,
}

/// The answer to `GET api/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Orders {
    /// Your orders, oldest first.
    pub orders: Vec<PlacedOrder>,
}

/// The answer to `GET api/catalog`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Catalog {
    /// What the shop sells.
    pub items: Vec<String>,
}

/// The query of `PUT` and `DELETE api/probes`: which cookies of `domain::cookie::Probe::all()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ProbeRange {
    /// the number of the first
    pub from: usize,
    /// the number after the last, at most 32 more and at most 192
    pub to: usize,
}

/// The answer to `api/probe`: the names of the probe cookies that came along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProbesArrived {
    /// In the order in which they came.
    pub arrived: Vec<String>,
}

/// The answer to `GET api/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// Who you are.
    pub user: User,
    /// What is in your cart.
    pub cart: Vec<String>,
    /// How you came.
    pub scheme: Scheme,
    /// Seconds for which the credential lives if it is not used.
    pub expires_in: Seconds,
}

/// `POST api/cart`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddItem {
    /// 1 to 64 bytes without control characters.
    pub item: String,
}

/// The answer to both `cart` routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cart {
    /// What is in it now.
    pub cart: Vec<String>,
    /// The new token, with a JWT that came as Bearer: the token is where the state is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// `Bearer`, beside an `access_token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// Seconds for which the credential lives if it is not used.
    pub expires_in: Seconds,
    /// Says so when the cookie is over 4096 bytes and the browser will drop it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// The answer to `logout` and `logout-everywhere`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedOut {
    /// Whether the credential is dead now. With a JWT and no denylist it is not: a copy works until `exp`.
    pub revoked: bool,
}

/// The answer to `GET api/admin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminArea {
    /// Who is let in.
    pub user: User,
    /// What only an admin sees: everybody's name and role.
    pub users: Vec<User>,
}

/// An error (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What kind of problem; `about:blank` when the status says it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind, in words.
    pub title: String,
    /// The status code.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
}

/// `PUT control/users/{name}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeUser {
    /// The new role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether they may log in no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// `POST control/clock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Advance {
    /// Seconds by which the lab's clock goes forward: 1 to a year.
    pub advance: Seconds,
}

/// `PUT control/defences`: what is left away stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeDefences {
    /// Requests that change something must come from the lab's own origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_origin: Option<bool>,
    /// Ended tokens are remembered until they would have died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denylist: Option<bool>,
    /// The store keeps only SHA-256 of each session id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_ids: Option<bool>,
    /// The guestbook's page has a content security policy that lets no foreign script run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guestbook_csp: Option<bool>,
}

/// The longest extra time that a store is made to take: ten seconds. Over 300 ms nobody waits for it.
pub const LONGEST_FAULT: u64 = 10_000;

/// `PUT control/faults`: what is left away stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetFaults {
    /// So many of the next answers of the lesson are lost on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_responses: Option<u32>,
    /// The session store answers nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_down: Option<bool>,
    /// The session store takes this much longer, in milliseconds: at most 10000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_delay_ms: Option<u64>,
    /// The answer to `GET api/me` allows the browser to keep it for a minute, instead of `no-store`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me_cacheable: Option<bool>,
    /// A caching proxy stands before the nodes. Taken away, it forgets what it kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_cache: Option<bool>,
}

impl SetFaults {
    /// The faults after this change; `None` when the delay is over its bound.
    #[must_use]
    pub fn on(self, faults: Faults) -> Option<Faults> {
        let changed = Faults {
            drop_responses: self.drop_responses.unwrap_or(faults.drop_responses),
            store_down: self.store_down.unwrap_or(faults.store_down),
            store_delay_ms: self.store_delay_ms.unwrap_or(faults.store_delay_ms),
            me_cacheable: self.me_cacheable.unwrap_or(faults.me_cacheable),
            proxy_cache: self.proxy_cache.unwrap_or(faults.proxy_cache),
        };
        (changed.store_delay_ms <= LONGEST_FAULT).then_some(changed)
    }
}

/// `POST control/keys/rotate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RotateKeys {
    /// Whether the old keys stop verifying, which ends every token signed with them.
    pub retire: bool,
    /// The new key's algorithm; left away, it is that of the key which signs now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<Alg>,
}

/// `PUT control/results`: what was measured in this lab, as the page keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeepResults {
    /// The version that was read before.
    pub version: u64,
    /// Whatever the page keeps, at most 512 KiB; the server does not look into it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub results: serde_json::Map<String, serde_json::Value>,
}

/// The answer to `GET control/results`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptResults {
    /// Goes on with each change.
    pub version: u64,
    /// What was kept; `null` where nothing was.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub results: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The answer to `PUT control/results`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultsVersion {
    /// The new one.
    pub version: u64,
}

/// The answer to `GET /readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ready {
    /// What the process is called among several, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Every shared store that is configured.
    pub stores: Vec<StoreAnswers>,
}

/// Whether a store does its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreAnswers {
    /// Which one.
    pub kind: StoreKind,
    /// Whether it answers in time.
    pub answers: bool,
}

/// The answer to `GET control/cookies`: what came along with just this request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArrivedCookies {
    /// Every cookie, in the order in which it came.
    pub cookies: Vec<Arrived>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_of_three_fields_has_the_documented_defaults() {
        let login: Login =
            serde_json::from_str(r#"{"username":"alice","password":"alice-password","scheme":"session-cookie"}"#)
                .unwrap();
        assert_eq!((login.lifetime, login.idle, login.token_lifetime), (28_800, 900, 900));
        assert_eq!(login, Login::new("alice", "alice-password", Scheme::default()));
        assert_eq!(login.check(), Ok(()));
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let error =
            serde_json::from_str::<Login>(r#"{"username":"a","password":"b","scheme":"session-cookie","admin":true}"#)
                .unwrap_err()
                .to_string();
        assert!(error.contains("admin"), "{error}");
    }

    #[test]
    fn absurd_times_are_refused_with_their_bounds() {
        let login = Login::new("alice", "p", Scheme::default());
        for (lifetime, idle, token_lifetime) in [(0, 1, 1), (1, 0, 1), (1, 1, 0), (u64::MAX, 1, 1), (1, LONGEST + 1, 1)]
        {
            assert_eq!(Login { lifetime, idle, token_lifetime, ..login.clone() }.check(), Err(LoginError::Time));
        }
        let mut long = login;
        long.cookie.max_age = Some(u64::MAX);
        assert_eq!(long.check(), Err(LoginError::MaxAge));
    }

    #[test]
    fn debug_shows_no_password() {
        let login = Login::new("alice", "hunter2", Scheme::default());
        assert!(!format!("{login:?}").contains("hunter2"));
    }
}
