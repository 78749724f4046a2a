//! Reading what a request brings: JSON or a form, bounded in size and time.

use crate::{
    bounds,
    http::extract::content::{Format, format},
    http::{
        extract::{
            error::BodyError,
            form::{FromForm, NoForm},
        },
        rejection::Rejection,
    },
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use domain::{
    api::{AddItem, Advance, ChangeDefences, ChangeUser, Login, PlaceOrder, Refresh, RotateKeys, SetFaults},
    attack::{Asking, Attacking, Sign, Take},
    crowd::CrowdRequest,
    topology::ChangeTopology,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a whole body within the bounds. One that is announced as too large is not waited for, nor asked for with
/// `100 Continue` (RFC 9110 §10.1.1).
pub(crate) async fn read(body: Body) -> Result<Bytes, BodyError> {
    if usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX) > bounds::BODY_BYTES {
        return Err(BodyError::TooLarge);
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, bounds::BODY_BYTES).collect()).await {
        Err(_) => Err(BodyError::TooSlow),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::Broken),
    }
}

/// What a body can be read into.
pub(crate) trait FromBody: DeserializeOwned {
    /// The fields of a form; `None` where no form sends this.
    fn from_form(_: &[u8]) -> Option<Result<Self, BodyError>> {
        None
    }

    /// What a request without a body stands for; `None` where there has to be one.
    fn absent() -> Option<Self> {
        None
    }
}

/// The body of a route that takes none: nothing, or an object without fields.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFields {}

impl FromBody for NoForm {
    fn from_form(bytes: &[u8]) -> Option<Result<Self, BodyError>> {
        Some(FromForm::from_form(bytes))
    }

    fn absent() -> Option<Self> {
        Some(Self {})
    }
}

macro_rules! from_body {
    (json: $($json:ty),+; or_nothing: $($or_nothing:ty),+; or_form: $($or_form:ty),+) => {
        $(impl FromBody for $json {})+
        $(impl FromBody for $or_nothing {
            fn absent() -> Option<Self> {
                Some(Self::default())
            }
        })+
        $(impl FromBody for $or_form {
            fn from_form(bytes: &[u8]) -> Option<Result<Self, BodyError>> {
                Some(FromForm::from_form(bytes))
            }
        })+
    };
}

from_body! {
    json: Advance, Attacking, ChangeDefences, ChangeTopology, ChangeUser, PlaceOrder, SetFaults, Sign, Take;
    or_nothing: Asking, CrowdRequest, NoFields, Refresh, RotateKeys;
    or_form: AddItem, Login
}

/// What a request brought in its body.
pub(crate) struct Input<T> {
    pub(crate) value: T,
    /// Whether a form sent it.
    pub(crate) form: bool,
}

impl<T: FromBody, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = read(body).await?;
        if bytes.is_empty()
            && let Some(value) = T::absent()
        {
            return Ok(Self { value, form: false });
        }
        match (format(&parts.headers), T::from_form(b"")) {
            (Format::Json, _) => Ok(Self { value: object(&bytes)?, form: false }),
            (Format::Form, Some(_)) => {
                let value = T::from_form(&bytes).unwrap_or(Err(BodyError::Type(false)))?;
                Ok(Self { value, form: true })
            }
            (_, form) => Err(BodyError::Type(form.is_some()).into()),
        }
    }
}

/// Reads an object. What is derived for a struct would take a list of its fields as well; no body has a list.
pub(crate) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    let read = serde_json::from_slice(bytes);
    let value = read.map_err(|error| BodyError::Unreadable(without_value(&error.to_string())))?;
    let is_plain = serde_json::from_slice(bytes).is_ok_and(|whole: Value| whole.is_object() && !has_list(&whole));
    is_plain.then_some(value).ok_or_else(|| BodyError::Unreadable("send an object, and no list in it".to_owned()))
}

fn has_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(fields) => fields.values().any(has_list),
        _ => false,
    }
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
        let said = |text: &str| object::<Login>(text.as_bytes()).unwrap_err().to_string();
        for text in
            ["\"hunter2\"", r#"{"username":"a","password":["hunter2"]}"#, r#"{"lifetime":"hunter2, expected x"}"#]
        {
            let said = said(text);
            assert!(!said.contains("hunter2") && said.contains("expected"), "{said}");
        }
        assert!(!said(r#"{"password":12345678}"#).contains("12345678"));
        assert!(said(r#"{"admin":true}"#).contains("admin"));
    }

    #[test]
    fn a_list_is_no_object_at_any_depth() {
        for text in [
            r#"["alice","alice-password","session-storage"]"#,
            r#"{"username":"a","password":"b","scheme":"session-cookie","cookie":[true,false]}"#,
        ] {
            assert!(object::<Login>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(object::<ChangeDefences>(b"[true]").is_err() && object::<ChangeDefences>(b"[]").is_err());
        assert!(object::<ChangeDefences>(b"{}").is_ok());
    }
}
