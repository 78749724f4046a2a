//! Passwords never reach the record, however a request spells them or breaks them off. Credentials do:
//! they are what the lab shows.

use crate::body::Format;
use axum::http::{HeaderName, header};
use serde_json::Value;

const MASK: &str = "•••";
const UNREADABLE: &str = "(unreadable)";

/// The fields of a login whose values are no secret.
const LOGIN_FIELDS: [&str; 14] = [
    "username", "scheme", "cookie", "http_only", "secure", "same_site", "max_age", "host_prefix", "path",
    "lifetime", "idle", "token_lifetime", "item", "retire",
];

/// A body as it may be recorded. What cannot be read is not recorded: a password may be in it.
pub(crate) fn body(path: &str, format: Format, bytes: &[u8]) -> String {
    // A login may also lie in what misses the login's address.
    let strict = !path.ends_with("/api/cart");
    match format {
        Format::Form => form(bytes, strict),
        Format::Json | Format::Other => json(bytes, strict),
    }
    .unwrap_or_else(|| UNREADABLE.to_owned())
}

fn is_secret(name: &str, strict: bool) -> bool {
    name.to_ascii_lowercase().contains("pass") || (strict && !LOGIN_FIELDS.contains(&name))
}

fn json(bytes: &[u8], strict: bool) -> Option<String> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    if !value.is_object() {
        return None;
    }
    mask(&mut value, strict);
    Some(value.to_string())
}

fn mask(value: &mut Value, strict: bool) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_secret(name, strict) {
                    *value = Value::String(MASK.to_owned());
                } else {
                    mask(value, strict);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, strict)),
        _ => {}
    }
}

fn form(bytes: &[u8], strict: bool) -> Option<String> {
    std::str::from_utf8(bytes).ok()?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).ok()?;
    let shown = pairs.into_iter().map(|(name, value)| {
        let value = if is_secret(&name, strict) { MASK.to_owned() } else { value };
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

    const LOGIN: &str = "/lab/x/api/login";

    #[test]
    fn a_password_is_masked_and_the_rest_is_shown() {
        let json = body(LOGIN, Format::Json, br#"{"username":"alice","password":"hunter2"}"#);
        assert_eq!(json, r#"{"password":"•••","username":"alice"}"#);
        assert_eq!(body(LOGIN, Format::Form, b"username=alice&password=hunter2"), "username=alice&password=•••");
        assert_eq!(body("/lab/x/api/cart", Format::Json, br#"{"item":"pen"}"#), r#"{"item":"pen"}"#);
    }

    #[test]
    fn no_way_of_breaking_a_login_lets_the_password_through() {
        let bodies: [&[u8]; 9] = [
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
        for path in [LOGIN, "/lab/x/api/logn"] {
            for bytes in bodies {
                for format in [Format::Json, Format::Form, Format::Other] {
                    let shown = body(path, format, bytes);
                    assert!(!shown.contains("hunter2") || format == Format::Form && shown.contains("hunter2\"")
                        && !bytes.starts_with(b"username"), "{shown}");
                }
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
