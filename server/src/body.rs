//! Reading what a request brings: JSON or a form, bounded in size and time.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use serde::de::DeserializeOwned;
use std::time::Duration;

pub(crate) use form::FromForm;

mod form;

/// The most bytes that a request's body has.
pub(crate) const BODY_BYTES: usize = 16 * 1024;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is wrong with a body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is over 16 KiB, and that is the most")]
    TooLarge,
    #[error("the body did not come within 10 seconds")]
    TooSlow,
    #[error("the body broke off")]
    Broken,
    #[error("send application/json{}", if *.form { " or application/x-www-form-urlencoded" } else { "" })]
    Type {
        /// Whether a form would do too.
        form: bool,
    },
    #[error("the body cannot be read: {0}")]
    Unreadable(String),
}

impl BodyError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Type { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }
}

/// Reads a whole body within the bounds. One that is announced as too large is not waited for, nor asked for with
/// `100 Continue`.
pub(crate) async fn read(body: Body) -> Result<Bytes, BodyError> {
    if usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX) > BODY_BYTES {
        return Err(BodyError::TooLarge);
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, BODY_BYTES).collect()).await {
        Err(_) => Err(BodyError::TooSlow),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::Broken),
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
    Other,
}

/// How the body of a request with these headers is written.
pub(crate) fn format(headers: &HeaderMap) -> Format {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else { return Format::Other };
    let essence = first.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Format::Json
    } else if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Format::Form
    } else {
        Format::Other
    }
}

/// A body of the lesson: JSON or a form.
pub(crate) struct Fields<T> {
    pub(crate) value: T,
    /// Whether a form sent it.
    pub(crate) form: bool,
}

impl<T: DeserializeOwned + FromForm, S: Send + Sync> FromRequest<S> for Fields<T> {
    type Rejection = crate::error::LessonError;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let format = format(&parts.headers);
        let bytes = read(body).await?;
        let value = match format {
            Format::Json => json(&bytes)?,
            Format::Form => T::from_form(&bytes)?,
            Format::Other => return Err(BodyError::Type { form: true }.into()),
        };
        Ok(Self { value, form: format == Format::Form })
    }
}

/// A body of the lesson that no form sends: JSON.
pub(crate) struct Strict<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Strict<T> {
    type Rejection = crate::error::LessonError;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(only_json(request).await?))
    }
}

/// As [`Strict`]; nothing at all stands for the default.
pub(crate) struct StrictOrNothing<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for StrictOrNothing<T> {
    type Rejection = crate::error::LessonError;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(json_or_nothing(request).await?))
    }
}

/// A body of the bench: JSON.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = crate::error::ControlError;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(only_json(request).await?))
    }
}

/// As [`JsonBody`]; nothing at all stands for the default.
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = crate::error::ControlError;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(json_or_nothing(request).await?))
    }
}

async fn only_json<T: DeserializeOwned>(request: Request) -> Result<T, BodyError> {
    let (parts, body) = request.into_parts();
    let bytes = read(body).await?;
    if format(&parts.headers) == Format::Json { json(&bytes) } else { Err(BodyError::Type { form: false }) }
}

async fn json_or_nothing<T: DeserializeOwned + Default>(request: Request) -> Result<T, BodyError> {
    let (parts, body) = request.into_parts();
    let bytes = read(body).await?;
    match format(&parts.headers) {
        _ if bytes.is_empty() => Ok(T::default()),
        Format::Json => json(&bytes),
        _ => Err(BodyError::Type { form: false }),
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    serde_json::from_slice(bytes).map_err(|error| BodyError::Unreadable(without_value(&error.to_string())))
}

/// The parser repeats a value of the wrong type, and that may be a password.
fn without_value(message: &str) -> String {
    let kind = ["invalid type", "invalid value"].into_iter().find(|kind| message.starts_with(kind));
    match (kind, message.rsplit_once(", expected ")) {
        (Some(kind), Some((_, expected))) => format!("{kind}, expected {expected}"),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::api::Login;

    #[test]
    fn an_error_says_what_is_expected_and_never_what_came() {
        let said = |text: &str| json::<Login>(text.as_bytes()).unwrap_err().to_string();
        for text in
            ["\"hunter2\"", r#"{"username":"a","password":["hunter2"]}"#, r#"{"lifetime":"hunter2, expected x"}"#]
        {
            let said = said(text);
            assert!(!said.contains("hunter2") && said.contains("expected"), "{said}");
        }
        assert!(!said(r#"{"password":12345678}"#).contains("12345678"));
        assert!(said(r#"{"admin":true}"#).contains("admin"));
    }
}
