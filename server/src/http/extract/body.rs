//! Reading what a request brings: JSON or a form, bounded in size and time.

use crate::{
    bounds,
    http::{
        extract::{
            error::{BodyError, without_value},
            form,
        },
        rejection::Rejection,
    },
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
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
    read_at_most(bounds::BODY_BYTES, body).await
}

async fn read_at_most(most: usize, body: Body) -> Result<Bytes, BodyError> {
    if usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX) > most {
        return Err(BodyError::TooLarge(most / 1024));
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, most).collect()).await {
        Err(_) => Err(BodyError::TooSlow),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge(most / 1024)),
        Ok(Err(_)) => Err(BodyError::Broken),
    }
}

/// Whether a body is of this type, as the one `Content-Type` says.
pub(crate) fn is(kind: &str, headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else { return false };
    let essence = first.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(kind)
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    is("application/x-www-form-urlencoded", headers)
}

/// What a body can be read into.
pub(crate) trait FromBody: DeserializeOwned {
    /// Whether a request without a body stands for an object without fields.
    const MAY_BE_ABSENT: bool;
    /// Whether a form may send it.
    const MAY_BE_FORM: bool;
    /// Bytes of it.
    const BYTES: usize = bounds::BODY_BYTES;
    /// Whether lists may be in it.
    const MAY_HOLD_LISTS: bool = false;
}

/// The body of a route that takes none: nothing, or an object without fields.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFields {}

/// The same, where a form with nothing but a button is sent, too.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoForm {}

macro_rules! from_body {
    ($(absent: $absent:literal, form: $form:literal: $($body:ty),+;)+) => {$($(
        impl FromBody for $body {
            const MAY_BE_ABSENT: bool = $absent;
            const MAY_BE_FORM: bool = $form;
        }
    )+)+};
}

from_body! {
    absent: false, form: false: Advance, Attacking, ChangeDefences, ChangeTopology, ChangeUser, PlaceOrder, SetFaults, Sign, Take;
    absent: true, form: false: Asking, CrowdRequest, NoFields, Refresh, RotateKeys;
    absent: false, form: true: AddItem, Login;
    absent: true, form: true: NoForm;
}

/// What a request brought in its body.
pub(crate) struct Input<T>(pub(crate) T);

impl<T: FromBody, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = read_at_most(T::BYTES, body).await?;
        let value = if bytes.is_empty() && T::MAY_BE_ABSENT {
            object(b"{}")?
        } else if is("application/json", &parts.headers) {
            if T::MAY_HOLD_LISTS { object_with_lists(&bytes)? } else { object(&bytes)? }
        } else if T::MAY_BE_FORM && is_form(&parts.headers) {
            form::object(&bytes)?
        } else {
            return Err(BodyError::Type(T::MAY_BE_FORM).into());
        };
        Ok(Self(value))
    }
}

/// Reads an object. What is derived for a struct would take a list of its fields as well; no body has a list.
pub(crate) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    let unreadable = |error: serde_json::Error| BodyError::Unreadable(without_value(&error.to_string()));
    // First as a whole: of what is no JSON nobody knows what is a name.
    let whole: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
    let value = serde_json::from_slice(bytes).map_err(unreadable)?;
    let is_plain = whole.is_object() && !has_list(&whole);
    is_plain.then_some(value).ok_or_else(|| BodyError::Unreadable("send an object, and no list in it".to_owned()))
}

/// Reads an object that may hold lists. What is derived for a struct would take a list of its fields as well.
fn object_with_lists<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(BodyError::Unreadable("send an object".to_owned()));
    }
    serde_json::from_slice(bytes).map_err(|error| BodyError::Unreadable(without_value(&error.to_string())))
}

fn has_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(fields) => fields.values().any(has_list),
        _ => false,
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
    fn an_error_repeats_the_name_of_a_field_only_where_it_can_be_one_and_no_name_of_a_choice() {
        let said = |text: &str| object::<Login>(text.as_bytes()).unwrap_err().to_string();
        for text in [
            r#"{"cookie":{"same_site":"hunter2"}}"#,
            r#"{"{\"password\":\"hunter2\"}":1}"#,
            r#"{"hunter2, expected x":1}"#,
            r#"{"hunter2-hunter2":1}"#,
        ] {
            let said = said(text);
            assert!(!said.contains("hunter2") && said.contains("expected one of"), "{said}");
        }
        let broken = said(r#"{"hunter2","admin":1}"#);
        assert!(!broken.contains("hunter2"), "of what is no JSON nothing is repeated: {broken}");
        let none = object::<NoFields>(br#"{"hunter2, there are no fields":1}"#).err().unwrap().to_string();
        assert!(!none.contains("hunter2") && none.contains("there are no fields"), "{none}");
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
