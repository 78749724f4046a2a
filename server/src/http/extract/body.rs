//! Reading what a request brings: JSON or a form, bounded in size and time.

use crate::{
    bounds,
    http::{
        Rejection,
        extract::{
            error::{BodyError, without_value},
            form,
        },
    },
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a whole body of at most so many bytes. One that is announced as larger is not waited for, nor asked for with
/// `100 Continue` (RFC 9110 §10.1.1).
pub(crate) async fn read(most: usize, body: Body) -> Result<Bytes, BodyError> {
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

/// What a request brought in its body, as JSON. A route may do without one, which is an object without fields then, or take a
/// form as well.
pub(crate) struct Input<T, const MAY_BE_ABSENT: bool = false, const MAY_BE_FORM: bool = false>(pub(crate) T);

/// Of a route that can do without a body.
pub(crate) type MaybeInput<T> = Input<T, true>;
/// Of a route that takes a form as well.
pub(crate) type FormInput<T> = Input<T, false, true>;
/// Of a route that takes none: nothing, or an object without fields.
pub(crate) type NoInput = MaybeInput<NoFields>;
/// The same, where a form with nothing but a button is sent, too.
pub(crate) type NoFormInput = Input<NoForm, true, true>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFields {}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoForm {}

impl<T, S, const MAY_BE_ABSENT: bool, const MAY_BE_FORM: bool> FromRequest<S> for Input<T, MAY_BE_ABSENT, MAY_BE_FORM>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let bytes = read(bounds::BODY_BYTES, body).await?;
        let value = if bytes.is_empty() && MAY_BE_ABSENT {
            object(b"{}")?
        } else if is("application/json", &parts.headers) {
            object(&bytes)?
        } else if MAY_BE_FORM && is_form(&parts.headers) {
            form::object(&bytes)?
        } else {
            return Err(BodyError::Type(MAY_BE_FORM).into());
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
pub(crate) fn object_with_lists<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
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
    use domain::api::{ChangeDefences, Login};

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
