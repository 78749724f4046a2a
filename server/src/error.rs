//! What is answered when something does not go: problem details (RFC 9457).

use crate::{
    body::BodyError,
    denylist::DenylistFull,
    lab::OrderError,
    replay::NoReplay,
    store::{StoreError, Stores},
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    api::{LoginError, Problem},
    cookie::Probe,
    crowd::CrowdError,
    topology::{StoreKind, TopologyError},
};

/// Why a request was refused, carried beside the response for the wire record.
#[derive(Clone, Debug)]
pub(crate) struct Why(pub(crate) String);

/// A problem answer.
pub(crate) fn problem(status: StatusCode, detail: impl Into<String>) -> Response {
    let detail = detail.into();
    let body = Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail: detail.clone(),
    };
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response.extensions_mut().insert(Why(detail));
    response
}

/// Nothing lies at this address.
pub(crate) async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "there is nothing at this address; /api-docs lists what there is")
}

/// The address takes other methods.
pub(crate) async fn method_not_allowed() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "this address takes other methods; see Allow")
}

/// Something in here broke. It is logged, never sent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Internal(pub(crate) String);

/// Why a request of the lesson is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LessonError {
    #[error("no credential came along: log in first")]
    NoCredential,
    #[error("{0} credentials came along and none was taken: send one cookie or one Authorization: Bearer")]
    TooMany(usize),
    #[error("no refresh token came along: send it in the body, or as the cookie {}", domain::scheme::REFRESH_COOKIE)]
    NoRefresh,
    #[error("{0} refresh tokens came along and none was taken: send one, in the body or as a cookie")]
    TooManyRefresh(usize),
    #[error("the credential cannot be used: {0}; log in again")]
    Unusable(String),
    #[error("this needs the role admin; the role is taken from the session or the token")]
    NotAllowed,
    #[error("wrong name or password")]
    WrongLogin,
    #[error("without a script nobody can attach what lies in localStorage: choose a cookie for a form")]
    NeedsScript,
    #[error("the request came from elsewhere ({0}) and the lab checks the origin")]
    Elsewhere(String),
    #[error("too many logins at once: try again in a second")]
    Busy,
    #[error("the token would be over {} bytes: empty the cart first", domain::claims::TOKEN_BYTES)]
    TokenTooLarge,
    #[error("send one Idempotency-Key at most, of 1 to 128 visible ASCII characters")]
    IdempotencyKey,
    #[error("say which order: ?order=1, a number and nothing else; without a query all of yours are cancelled")]
    OrderQuery,
    #[error("say which probes: ?from=0&to=32, both of them numbers, and nothing else")]
    ProbeQuery,
    #[error("from is less than to, at most {} at once, and there are {}", domain::cookie::PROBE_BATCH, Probe::all().count())]
    ProbeRange,
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Login(#[from] LoginError),
    #[error(transparent)]
    Denylist(#[from] DenylistFull),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error("something broke; the server's log says what")]
    Internal(#[from] Internal),
}

impl LessonError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoCredential | Self::NoRefresh | Self::Unusable(_) | Self::WrongLogin => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) | Self::TooManyRefresh(_) | Self::IdempotencyKey | Self::OrderQuery | Self::ProbeQuery => {
                StatusCode::BAD_REQUEST
            }
            Self::NotAllowed | Self::Elsewhere(_) => StatusCode::FORBIDDEN,
            Self::NeedsScript | Self::TokenTooLarge | Self::Login(_) | Self::ProbeRange | Self::Order(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Denylist(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(error) => store_status(*error),
            Self::Body(error) => error.status(),
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// RFC 6750 §3: without a credential no error code, for there was none to be wrong.
    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::NoCredential | Self::NoRefresh | Self::WrongLogin => Some(r#"Bearer realm="login-lab""#),
            Self::Unusable(_) => Some(r#"Bearer realm="login-lab", error="invalid_token""#),
            Self::TooMany(_) | Self::TooManyRefresh(_) => Some(r#"Bearer realm="login-lab", error="invalid_request""#),
            Self::NotAllowed => Some(r#"Bearer realm="login-lab", error="insufficient_scope""#),
            _ => None,
        }
    }
}

fn store_status(error: StoreError) -> StatusCode {
    match error {
        StoreError::Full => StatusCode::TOO_MANY_REQUESTS,
        StoreError::Cart(_) => StatusCode::UNPROCESSABLE_ENTITY,
        StoreError::Timeout | StoreError::Unavailable | StoreError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        StoreError::Exists => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for LessonError {
    fn into_response(self) -> Response {
        match &self {
            Self::Internal(error) => tracing::error!(%error, "a request of the lesson failed"),
            Self::Store(error) if store_status(*error).is_server_error() => {
                // It may be played, or this lab's own load. Who finds a store out of reach says so, once.
                tracing::debug!(%error, "a session store failed");
            }
            _ => {}
        }
        let mut response = problem(self.status(), self.to_string());
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// Why a request of the bench is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    #[error("there is no user of this name; GET control/view lists them")]
    UnknownUser,
    #[error("say ?after= once, with the number of an exchange, or leave it away")]
    After,
    #[error("advance is 1 to {} seconds", domain::api::LONGEST)]
    Advance,
    #[error("the clock went forward by 100 years in all, and that is the most; reset the lab")]
    EndOfTime,
    #[error("this lab has 32 event streams open, and that is the most: close one")]
    Streams,
    #[error("there is no node of this number; GET control/view lists them")]
    UnknownNode,
    #[error("{} is not configured here: {}", .0.name(), Stores::how_to_get(*.0))]
    NotConfigured(StoreKind),
    #[error("store_delay_ms is at most {}", domain::api::LONGEST_FAULT)]
    Fault,
    #[error("a crowd is under way, and one at a time is the most: wait for its end, or stop it")]
    CrowdRuns,
    #[error("open the attacker's window first: {0}")]
    NoWindow(String),
    #[error("there is no loot of this number; GET control/view lists what was taken")]
    UnknownLoot,
    #[error(transparent)]
    Replay(#[from] NoReplay),
    #[error(transparent)]
    Crowd(#[from] CrowdError),
    #[error(transparent)]
    Topology(#[from] TopologyError),
    #[error(transparent)]
    Denylist(#[from] DenylistFull),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error("something broke; the server's log says what")]
    Internal(#[from] Internal),
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::UnknownUser | Self::UnknownNode | Self::UnknownLoot => StatusCode::NOT_FOUND,
            Self::After => StatusCode::BAD_REQUEST,
            Self::Advance | Self::EndOfTime | Self::Topology(_) | Self::NotConfigured(_) | Self::Fault => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Crowd(_) | Self::Replay(NoReplay::Header) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::CrowdRuns | Self::NoWindow(_) => StatusCode::CONFLICT,
            Self::Replay(NoReplay::NoFront | NoReplay::NoAnswer) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Streams | Self::Denylist(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(error) => store_status(*error),
            Self::Body(error) => error.status(),
            Self::Internal(error) => {
                tracing::error!(%error, "a request of the bench failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        problem(status, self.to_string())
    }
}
