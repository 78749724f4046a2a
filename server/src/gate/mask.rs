//! Passwords never reach the record, however a request spells them or breaks them off. Credentials do:
//! they are what the lab shows.

use crate::gate::content::Format;
use http::{HeaderName, header};
use serde_json::Value;

const MASK: &str = "•••";
const UNREADABLE: &str = "(unreadable)";

/// The fields whose values are no secret. Whatever else a body has may be a password under another name.
const PLAIN_FIELDS: [&str; 15] = [
    "username",
    "scheme",
    "cookie",
    "http_only",
    "secure",
    "same_site",
    "max_age",
    "host_prefix",
    "path",
    "lifetime",
    "idle",
    "token_lifetime",
    "refresh",
    "refresh_token",
    "item",
];

/// A body as it may be recorded. What cannot be read is not recorded: a password may be in it.
pub(crate) fn body(format: Format, bytes: &[u8]) -> String {
    match format {
        Format::Form => form(bytes),
        Format::Json | Format::Other => json(bytes),
    }
    .unwrap_or_else(|| UNREADABLE.to_owned())
}

/// A field's name, rather than a body of another kind that was taken for one.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn is_secret(name: &str) -> bool {
    !PLAIN_FIELDS.contains(&name)
}

fn json(bytes: &[u8]) -> Option<String> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    let readable = value.is_object() && mask(&mut value);
    readable.then(|| value.to_string())
}

/// Whether all of it could be read.
fn mask(value: &mut Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter_mut().all(|(name, value)| {
            if is_secret(name) {
                *value = Value::String(MASK.to_owned());
            }
            is_name(name) && mask(value)
        }),
        Value::Array(items) => items.iter_mut().all(mask),
        _ => true,
    }
}

fn form(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok()?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).ok()?;
    if !pairs.iter().all(|(name, _)| is_name(name)) {
        return None;
    }
    let shown = pairs.into_iter().map(|(name, value)| {
        let value = if is_secret(&name) { MASK.to_owned() } else { value };
        format!("{name}={value}")
    });
    Some(shown.collect::<Vec<_>>().join("&"))
}

/// A path with its query: a form that was sent by GET puts its fields there.
pub(crate) fn query(text: &str) -> String {
    let Some((path, query)) = text.split_once('?') else { return text.to_owned() };
    let shown = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") || name.contains('%') => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", shown.collect::<Vec<_>>().join("&"))
}

/// A header's value: `Basic` holds a password, and a referrer may hold a query.
pub(crate) fn header(name: &HeaderName, value: &str) -> String {
    if *name == header::REFERER {
        return query(value);
    }
    if (*name == header::AUTHORIZATION || *name == header::PROXY_AUTHORIZATION)
        && domain::exchange::bearer(value).is_none()
    {
        let scheme = value.split_once(' ').map_or("", |(scheme, _)| scheme);
        return format!("{scheme} {MASK}");
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_masked_and_the_rest_is_shown() {
        let json = body(Format::Json, br#"{"username":"alice","password":"hunter2"}"#);
        assert_eq!(json, r#"{"password":"•••","username":"alice"}"#);
        assert_eq!(body(Format::Form, b"username=alice&password=hunter2"), "username=alice&password=•••");
        assert_eq!(body(Format::Json, br#"{"item":"pen"}"#), r#"{"item":"pen"}"#);
        assert_eq!(body(Format::Json, br#"{"refresh_token":"a~b"}"#), r#"{"refresh_token":"a~b"}"#, "a credential");
    }

    #[test]
    fn no_way_of_breaking_a_login_lets_the_password_through() {
        let bodies: [&[u8]; 11] = [
            br#"{"username":"alice","password":"hunter2"}"#,
            br#"{"{\"password\":\"hunter2\"}":1}"#,
            br#"{"username":"alice","password":"hunter2""#,
            br#"["hunter2"]"#,
            br#""hunter2""#,
            br#"{"username":"alice","Password":"hunter2"}"#,
            br#"{"username":"alice","pw":"hunter2"}"#,
            br#"{"cookie":{"password":"hunter2"}}"#,
            br#"{"password":{"a":["hunter2"]}}"#,
            b"username=alice&password=hunter2&x=\xff",
            b"username=alice&pa%73sword=hunter2&pw=hunter2",
        ];
        for bytes in bodies {
            for format in [Format::Json, Format::Form, Format::Other] {
                let shown = body(format, bytes);
                assert!(!shown.contains("hunter2"), "{shown}");
            }
        }
    }

    #[test]
    fn queries_and_basic_credentials_are_masked_too() {
        assert_eq!(query("/lab/x?scheme=a&password=hunter2"), "/lab/x?scheme=a&password=•••");
        assert_eq!(query("/lab/x?p%61ssword=hunter2"), "/lab/x?p%61ssword=•••");
        assert_eq!(header(&header::AUTHORIZATION, "Basic YTpi"), "Basic •••");
        assert_eq!(header(&header::AUTHORIZATION, "Bearer abc"), "Bearer abc");
    }
}
