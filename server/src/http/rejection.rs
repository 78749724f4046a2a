//! The one place that says which status an error of a lower room is answered with (RFC 9110 §15).

use crate::{
    auth::{core_work::NotDone, random::NoRandom},
    crowd::NoCrowd,
    gate::{
        identify::{AuthError, TokenTooLarge},
        problem::problem,
    },
    http::extract::error::BodyError,
    lab::{LabError, denylist::DenylistFull, guesses::TooManyGuesses, orders::OrderError, results::NotKept},
    process::replay::NoReplay,
    store::StoreError,
};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use domain::{api::LoginError, user::CartError};
use http::{HeaderName, HeaderValue, StatusCode, header};

/// What is answered to a request that is refused: a problem document.
#[derive(Clone, Debug)]
pub(crate) struct Rejection {
    status: StatusCode,
    detail: String,
    /// A header of its own.
    header: Option<(HeaderName, HeaderValue)>,
}

impl Rejection {
    /// What is refused with this status; the detail says what to do.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), header: None }
    }

    /// Nothing lies at this address.
    pub(crate) fn nothing_here() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is nothing at this address; /api-docs lists what there is")
    }

    /// The address takes other methods.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "this address takes other methods; see Allow")
    }

    /// Nobody is logged in by this. RFC 6750 §3: without a credential no error code, for there was none to be wrong.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail).challenging(r#"Bearer realm="login-lab""#)
    }

    /// More came than can be meant.
    pub(crate) fn ambiguous(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail).challenging(r#"Bearer realm="login-lab", error="invalid_request""#)
    }

    /// The login is good, and not good enough.
    pub(crate) fn not_allowed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail).challenging(r#"Bearer realm="login-lab", error="insufficient_scope""#)
    }

    /// Something in here broke. It is logged, never sent.
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something broke; the server's log says what")
    }

    fn said(status: StatusCode, error: impl std::fmt::Display) -> Self {
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            Self::internal(error)
        } else {
            Self::new(status, error.to_string())
        }
    }

    fn challenging(self, challenge: &'static str) -> Self {
        Self { header: Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))), ..self }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = problem(self.status, self.detail).map(Body::from);
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<AuthError> for Rejection {
    fn from(error: AuthError) -> Self {
        let detail = error.to_string();
        match error {
            AuthError::Missing => Self::unauthorized(detail),
            AuthError::Unusable(_) => {
                Self::unauthorized(detail).challenging(r#"Bearer realm="login-lab", error="invalid_token""#)
            }
            AuthError::TooMany(_) => Self::ambiguous(detail),
            AuthError::Store(error) => error.into(),
        }
    }
}

impl From<LabError> for Rejection {
    fn from(error: LabError) -> Self {
        let status = match error {
            LabError::UnknownUser | LabError::UnknownNode => StatusCode::NOT_FOUND,
            LabError::Advance
            | LabError::EndOfTime
            | LabError::Fault
            | LabError::NotConfigured(_)
            | LabError::Topology(_) => StatusCode::UNPROCESSABLE_ENTITY,
            LabError::Denylist(full) => return full.into(),
            LabError::Store(error) => return error.into(),
        };
        Self::new(status, error.to_string())
    }
}

impl From<TooManyGuesses> for Rejection {
    fn from(error: TooManyGuesses) -> Self {
        let seconds = HeaderValue::from(error.wait.as_secs().saturating_add(1));
        let header = Some((header::RETRY_AFTER, seconds));
        Self { header, ..Self::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()) }
    }
}

/// Errors that are answered with a status and their own words; those that broke in here are internal.
macro_rules! answered_with {
    ($($error:ident { $($what:pat => $status:ident,)+ })+) => {$(
        impl From<$error> for Rejection {
            fn from(error: $error) -> Self {
                match &error {
                    $($what => Self::said(StatusCode::$status, &error),)+
                }
            }
        }
    )+};
}

answered_with! {
    BodyError {
        BodyError::Broken | BodyError::Unreadable(_) => BAD_REQUEST,
        BodyError::TooSlow => REQUEST_TIMEOUT,
        BodyError::TooLarge(_) => PAYLOAD_TOO_LARGE,
        BodyError::Type(_) => UNSUPPORTED_MEDIA_TYPE,
    }
    // What could be read and cannot be done (RFC 9110 §15.5.21).
    CartError { _ => UNPROCESSABLE_ENTITY, }
    LoginError { _ => UNPROCESSABLE_ENTITY, }
    OrderError { _ => UNPROCESSABLE_ENTITY, }
    TokenTooLarge { _ => UNPROCESSABLE_ENTITY, }
    DenylistFull { _ => TOO_MANY_REQUESTS, }
    NoRandom { _ => INTERNAL_SERVER_ERROR, }
    StoreError {
        StoreError::Cart(_) => UNPROCESSABLE_ENTITY,
        StoreError::Full => TOO_MANY_REQUESTS,
        StoreError::Exists => INTERNAL_SERVER_ERROR,
        StoreError::Timeout | StoreError::Unavailable | StoreError::Busy => SERVICE_UNAVAILABLE,
    }
    NotDone {
        NotDone::Broken(_) => INTERNAL_SERVER_ERROR,
        NotDone::Busy(_) => SERVICE_UNAVAILABLE,
    }
    NoReplay {
        NoReplay::Header => UNPROCESSABLE_ENTITY,
        NoReplay::NoFront | NoReplay::NoAnswer => SERVICE_UNAVAILABLE,
    }
    NotKept {
        NotKept::Stale(_) => CONFLICT,
        NotKept::TooLarge => PAYLOAD_TOO_LARGE,
        NotKept::Full => SERVICE_UNAVAILABLE,
    }
    NoCrowd {
        NoCrowd::OneRuns => CONFLICT,
        NoCrowd::TooMany => SERVICE_UNAVAILABLE,
        NoCrowd::Bounds(_) => UNPROCESSABLE_ENTITY,
        NoCrowd::Died => INTERNAL_SERVER_ERROR,
    }
}
