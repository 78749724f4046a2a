//! The forms of the lesson: flat fields, as HTML sends them. Of a repeated field the last value counts, so
//! that a hidden `false` before a checkbox stands for its absence.

use crate::http::extract::error::{BodyError, is_name, without_value};
use domain::{Seconds, cookie::SameSite};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Reads a form as the object that JSON would have. Fields that it cannot have are refused by name.
pub(crate) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    let (mut object, mut cookie) = (Map::new(), Map::new());
    for (name, text) in fields(bytes)? {
        let wrong = || unreadable(format!("the field {name} has a value that it cannot have"));
        let value = value(&name, text).ok_or_else(wrong)?;
        let is_cookie_s = matches!(&*name, "http_only" | "secure" | "host_prefix" | "same_site" | "max_age" | "path");
        if is_cookie_s { &mut cookie } else { &mut object }.insert(name, value);
    }
    if !cookie.is_empty() && object.insert("cookie".to_owned(), cookie.into()).is_some() {
        return Err(unreadable("there is no field cookie"));
    }
    serde_json::from_value(object.into()).map_err(|error| unreadable(without_value(&error.to_string())))
}

/// The text of a field as the JSON that it stands for.
fn value(name: &str, text: String) -> Option<Value> {
    match (name, text.as_str()) {
        // An empty field stands for `null`.
        ("max_age" | "path", "") => Some(Value::Null),
        ("max_age" | "lifetime" | "idle" | "token_lifetime", number) => Some(json!(number.parse::<Seconds>().ok()?)),
        ("http_only" | "secure" | "host_prefix" | "refresh", "true" | "on") => Some(json!(true)),
        ("http_only" | "secure" | "host_prefix" | "refresh", switch) => {
            (switch == "false").then_some(Value::Bool(false))
        }
        ("same_site", named) => SameSite::ALL.iter().any(|one| one.name() == named).then(|| json!(named)),
        ("path", path) => (path == "/").then(|| json!(path)),
        _ => Some(text.into()),
    }
}

fn fields(bytes: &[u8]) -> Result<BTreeMap<String, String>, BodyError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    // Another kind of body, whose text is not to be repeated: a password may be in it. What has no `=` may be the rest
    // of a value with a bare `&` in it.
    let all_named = text.split('&').all(|pair| pair.is_empty() || pair.contains('='));
    if !all_named || !fields.iter().all(|(name, _)| is_name(name)) {
        return Err(unreadable("there is a field that no form of ours has"));
    }
    Ok(fields.into_iter().collect())
}

fn unreadable(why: impl Into<String>) -> BodyError {
    BodyError::Unreadable(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{api::Login, cookie::CookiePath, scheme::Scheme};

    fn login(rest: &str) -> Result<Login, BodyError> {
        object(format!("username=alice&password=alice-password&scheme=session-cookie{rest}").as_bytes())
    }

    #[test]
    fn three_fields_do_and_the_rest_is_as_by_default() {
        assert_eq!(login("").unwrap(), Login::new("alice", "alice-password", Scheme::default()));
    }

    #[test]
    fn a_hidden_false_before_a_checkbox_stands_for_its_absence() {
        assert!(!login("&http_only=false").unwrap().cookie.http_only);
        assert!(login("&http_only=false&http_only=true").unwrap().cookie.http_only);
        assert!(login("&secure=false&secure=on").unwrap().cookie.secure);
    }

    #[test]
    fn every_field_is_read() {
        let read = login(
            "&http_only=false&secure=true&same_site=none&max_age=60&host_prefix=true&path=%2F&lifetime=1&idle=2&token_lifetime=3&refresh=false&refresh=true",
        )
        .unwrap();
        let cookie = read.cookie;
        assert!(!cookie.http_only && cookie.secure && cookie.host_prefix);
        assert_eq!((cookie.same_site, cookie.max_age, cookie.path), (SameSite::None, Some(60), Some(CookiePath::Root)));
        assert_eq!((read.lifetime, read.idle, read.token_lifetime, read.refresh), (1, 2, 3, true));
    }

    #[test]
    fn empty_means_null_and_nonsense_is_refused_by_name() {
        assert_eq!(login("&max_age=&path=").unwrap().cookie.max_age, None);
        for (rest, name) in
            [("&admin=true", "admin"), ("&secure=yes", "secure"), ("&max_age=-1", "max_age"), ("&path=/x", "path")]
        {
            let error = login(rest).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(object::<Login>(b"username=alice").is_err());
        assert!(object::<Login>(b"username=\xff").is_err());
    }
    #[test]
    fn the_rest_of_a_password_with_a_bare_ampersand_in_it_is_not_repeated() {
        for rest in ["my&hunter8", "my&hunter8&x=1", "my&x=1&hunter8"] {
            let form = format!("username=alice&password={rest}&scheme=session-cookie");
            let error = object::<Login>(form.as_bytes()).unwrap_err().to_string();
            assert!(!error.contains("hunter8") && error.contains("no form of ours"), "{error}");
        }
    }
}
