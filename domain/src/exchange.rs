//! One recorded request and its response, and what the server did in between.

use crate::{Seconds, balance::NodeId};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A number that grows by one from exchange to exchange of a lab.
pub type ExchangeId = u64;

/// Who sent a request, as far as its headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Sender {
    /// The lab's own page in a browser.
    Page,
    /// Another site, or what was stolen by it.
    Attacker,
    /// A simulated visitor.
    Crowd,
    /// Anything else: curl, a test, another program.
    Other,
}

/// One request of the lesson and its answer, as the server saw them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchange {
    /// Its number in this lab.
    pub id: ExchangeId,
    /// When it was answered, by the lab's clock.
    pub at: Seconds,
    /// Who sent it.
    pub from: Sender,
    /// The node that answered; `null` when none was up.
    pub node: Option<NodeId>,
    /// What came.
    pub request: Request,
    /// What went back.
    pub response: Response,
    /// What the server did, in order.
    pub steps: Vec<Step>,
}

/// A header's name and value, as received or sent.
pub type Header = (String, String);

/// What came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// All headers, in order.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub headers: Vec<Header>,
    /// The body as it came, where it is text; a password's value alone is masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body in base64, where it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

/// What went back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// All headers, in order.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<String>>))]
    pub headers: Vec<Header>,
    /// The body where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// One thing that the server did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// What.
    pub did: Did,
    /// With what: a name, a number, a key; never a secret of the server.
    pub detail: Cow<'static, str>,
    /// How long it took, in microseconds; 0 where there was nothing to wait for.
    pub micros: f64,
}

impl Step {
    /// How long it took, in whole microseconds.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a time below zero is none, and none is as long"
    )]
    pub fn whole_micros(&self) -> u64 {
        self.micros.round() as u64
    }
}

/// The kinds of things that a server does with a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Did {
    /// Chose the node by the balancer's cookie (detail: which, and why).
    Routed,
    /// No credential came along.
    FoundNothing,
    /// Found a credential in a cookie (detail: its name).
    FoundCookie,
    /// Found a credential in the Authorization header (detail: session id or JWT).
    FoundBearer,
    /// Found more than one credential and took none.
    FoundTooMany,
    /// Looked a session up in the store (detail: `found`, or why not).
    LookedUp,
    /// Verified a token's signature and claims (detail: `valid`, or why not).
    Verified,
    /// Looked a token up in the denylist (detail: `not listed` or `listed`).
    CheckedDenylist,
    /// Knows who it is (detail: name and role).
    Identified,
    /// Compared the password with its Argon2id hash (detail: `right` or `wrong`).
    CheckedPassword,
    /// Compared no password (detail: why none had to be).
    SparedPassword,
    /// Compared where the request came from (detail: what the browser said).
    CheckedOrigin,
    /// Wrote a new row (detail: the store).
    CreatedSession,
    /// Changed a row (detail: what).
    UpdatedSession,
    /// Deleted rows (detail: how many).
    DeletedSession,
    /// Signed a new token (detail: key and algorithm).
    SignedToken,
    /// Put a token on the denylist (detail: how long it lies there).
    Denied,
    /// Asked the browser to keep a cookie (detail: its name and bytes).
    SetCookie,
    /// Asked the browser to forget a cookie (detail: its name).
    ClearedCookie,
    /// The cookie is too large and browsers drop it without a word (detail: bytes).
    CookieTooLarge,
    /// Exchanged a refresh token for a new token and a new refresh token (detail: how long the family lives on).
    RefreshedToken,
    /// Ended all refresh tokens of a login (detail: why).
    EndedFamily,
    /// Placed an order (detail: its number).
    PlacedOrder,
    /// Placed no second order, and answered as it had before (detail: the order's number).
    ReplayedAnswer,
    /// Rendered the page (detail: for whom).
    Rendered,
    /// Refused the request (detail: why).
    Refused,
    /// Did all of it, and lost the answer on the way: whoever asked does not learn what came of it.
    LostAnswer,
    /// Answered an attack with 204 in place of its own status (detail: which), so that the attacker's window stays
    /// where it is.
    KeptWindow,
    /// The caching proxy answered with its copy, and no node was asked (detail: how many seconds old it is).
    ProxyAnswered,
    /// The caching proxy kept the node's answer (detail: for how many seconds it is fresh).
    ProxyKept,
    /// The caching proxy let it through, and kept nothing of it.
    ProxyPassed,
}

impl Did {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::Routed,
        Self::FoundNothing,
        Self::FoundCookie,
        Self::FoundBearer,
        Self::FoundTooMany,
        Self::LookedUp,
        Self::Verified,
        Self::CheckedDenylist,
        Self::Identified,
        Self::CheckedPassword,
        Self::SparedPassword,
        Self::CheckedOrigin,
        Self::CreatedSession,
        Self::UpdatedSession,
        Self::DeletedSession,
        Self::SignedToken,
        Self::Denied,
        Self::SetCookie,
        Self::ClearedCookie,
        Self::CookieTooLarge,
        Self::RefreshedToken,
        Self::EndedFamily,
        Self::PlacedOrder,
        Self::ReplayedAnswer,
        Self::Rendered,
        Self::Refused,
        Self::LostAnswer,
        Self::KeptWindow,
        Self::ProxyAnswered,
        Self::ProxyKept,
        Self::ProxyPassed,
    ];

    /// Its name in the API and in `Server-Timing`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Routed => "routed",
            Self::FoundNothing => "found-nothing",
            Self::FoundCookie => "found-cookie",
            Self::FoundBearer => "found-bearer",
            Self::FoundTooMany => "found-too-many",
            Self::LookedUp => "looked-up",
            Self::Verified => "verified",
            Self::CheckedDenylist => "checked-denylist",
            Self::Identified => "identified",
            Self::CheckedPassword => "checked-password",
            Self::SparedPassword => "spared-password",
            Self::CheckedOrigin => "checked-origin",
            Self::CreatedSession => "created-session",
            Self::UpdatedSession => "updated-session",
            Self::DeletedSession => "deleted-session",
            Self::SignedToken => "signed-token",
            Self::Denied => "denied",
            Self::SetCookie => "set-cookie",
            Self::ClearedCookie => "cleared-cookie",
            Self::CookieTooLarge => "cookie-too-large",
            Self::RefreshedToken => "refreshed-token",
            Self::EndedFamily => "ended-family",
            Self::PlacedOrder => "placed-order",
            Self::ReplayedAnswer => "replayed-answer",
            Self::Rendered => "rendered",
            Self::Refused => "refused",
            Self::LostAnswer => "lost-answer",
            Self::KeptWindow => "kept-window",
            Self::ProxyAnswered => "proxy-answered",
            Self::ProxyKept => "proxy-kept",
            Self::ProxyPassed => "proxy-passed",
        }
    }
}

impl Request {
    /// The path below the lab, without the query: `api/me`; empty for the page itself.
    #[must_use]
    pub fn route(&self) -> &str {
        route(&self.path)
    }
}

/// What stands below the lab in a path with its query: `api/me`; empty for the page itself.
#[must_use]
pub fn route(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    path.strip_prefix("/lab/").map_or(path, |rest| rest.split_once('/').map_or("", |(_, route)| route))
}

/// The values of a header, whatever the case of its name.
pub fn header<'a>(headers: &'a [Header], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The value of an `Authorization: Bearer …` header (RFC 6750 §2.1). The scheme's case does not matter.
#[must_use]
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, value) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| value.trim_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_s_name_is_what_the_api_says() {
        for did in [
            Did::FoundNothing,
            Did::LookedUp,
            Did::SetCookie,
            Did::CookieTooLarge,
            Did::RefreshedToken,
            Did::EndedFamily,
            Did::PlacedOrder,
            Did::ReplayedAnswer,
            Did::LostAnswer,
            Did::KeptWindow,
            Did::ProxyAnswered,
            Did::ProxyKept,
            Did::ProxyPassed,
        ] {
            assert_eq!(serde_json::to_value(did).unwrap(), did.name());
        }
    }

    #[test]
    fn the_route_is_what_stands_below_the_lab() {
        let route = |path: &str| {
            Request { method: "GET".into(), path: path.into(), headers: vec![], body: None, body_base64: None }
                .route()
                .to_owned()
        };
        assert_eq!(route("/lab/x/api/me?a=b"), "api/me");
        assert_eq!(route("/lab/x"), "");
        assert_eq!(route("/lab/x?scheme=token-cookie"), "");
    }

    #[test]
    fn bearer_is_read_whatever_its_case_and_nothing_else_is() {
        assert_eq!(bearer("bearer abc"), Some("abc"));
        assert_eq!(bearer("Bearer  abc "), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("Bearer"), None);
    }
}
