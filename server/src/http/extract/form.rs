//! The forms of the lesson: flat fields, as HTML sends them. Of a repeated field the last value counts, so
//! that a hidden `false` before a checkbox stands for its absence.

use crate::http::extract::error::BodyError;
use domain::{
    Seconds,
    api::{AddItem, Login},
    cookie::{CookiePath, SameSite},
};
use std::{collections::BTreeMap, str::FromStr};

/// Can be read from a form.
pub(crate) trait FromForm: Sized {
    /// Reads it; unknown fields are refused by name.
    fn from_form(bytes: &[u8]) -> Result<Self, BodyError>;
}

/// The fields of a form that have not been asked for yet.
struct Form {
    fields: BTreeMap<String, String>,
    /// Whether each field came with a `=`. What did not may be the rest of a value with a bare `&` in it.
    all_named: bool,
}

impl Form {
    fn parse(bytes: &[u8]) -> Result<Self, BodyError> {
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))?;
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).map_err(|e| unreadable(&e.to_string()))?;
        let all_named = text.split('&').all(|pair| pair.is_empty() || pair.contains('='));
        Ok(Self { fields: pairs.into_iter().collect(), all_named })
    }

    fn text(&mut self, name: &str) -> Result<String, BodyError> {
        self.fields.remove(name).ok_or_else(|| unreadable(&format!("the field {name} is missing")))
    }

    /// Nothing when the field is absent.
    fn value<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, BodyError> {
        let Some(text) = self.fields.remove(name) else { return Ok(None) };
        read(&text).map(Some).ok_or_else(|| unreadable(&format!("the field {name} has a value that it cannot have")))
    }

    fn end(self) -> Result<(), BodyError> {
        match self.fields.keys().next() {
            None => Ok(()),
            // Another kind of body, whose text is not to be repeated: a password may be in it.
            Some(name)
                if !self.all_named
                    || name.len() > 32
                    || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                Err(unreadable("there is a field that no form of ours has"))
            }
            Some(name) => Err(unreadable(&format!("there is no field {name}"))),
        }
    }
}

fn unreadable(why: &str) -> BodyError {
    BodyError::Unreadable(why.to_owned())
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "true" | "on" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<Seconds> {
    text.parse().ok()
}

/// An empty field stands for `null`.
fn or_null<T>(read: impl FnOnce(&str) -> Option<T>) -> impl FnOnce(&str) -> Option<Option<T>> {
    |text| if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

impl FromForm for Login {
    fn from_form(bytes: &[u8]) -> Result<Self, BodyError> {
        let mut form = Form::parse(bytes)?;
        let scheme = form.text("scheme")?;
        let scheme = FromStr::from_str(&scheme)
            .map_err(|error: domain::scheme::UnknownScheme| unreadable(&error.to_string()))?;
        let mut login = Self::new(&form.text("username")?, &form.text("password")?, scheme);
        let mut cookie = login.cookie;
        cookie.http_only = form.value("http_only", switch)?.unwrap_or(cookie.http_only);
        cookie.secure = form.value("secure", switch)?.unwrap_or(cookie.secure);
        cookie.host_prefix = form.value("host_prefix", switch)?.unwrap_or(cookie.host_prefix);
        cookie.same_site = form.value("same_site", same_site)?.unwrap_or(cookie.same_site);
        cookie.max_age = form.value("max_age", or_null(number))?.unwrap_or(cookie.max_age);
        cookie.path =
            form.value("path", or_null(|text| (text == "/").then_some(CookiePath::Root)))?.unwrap_or(cookie.path);
        login.cookie = cookie;
        login.lifetime = form.value("lifetime", number)?.unwrap_or(login.lifetime);
        login.idle = form.value("idle", number)?.unwrap_or(login.idle);
        login.token_lifetime = form.value("token_lifetime", number)?.unwrap_or(login.token_lifetime);
        login.refresh = form.value("refresh", switch)?.unwrap_or(login.refresh);
        form.end()?;
        Ok(login)
    }
}

fn same_site(text: &str) -> Option<SameSite> {
    SameSite::ALL.into_iter().find(|same_site| same_site.name() == text)
}

/// The body of a route that takes none, where a form with nothing but a button is sent, too.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoForm {}

impl FromForm for NoForm {
    fn from_form(bytes: &[u8]) -> Result<Self, BodyError> {
        Form::parse(bytes)?.end()?;
        Ok(Self {})
    }
}

impl FromForm for AddItem {
    fn from_form(bytes: &[u8]) -> Result<Self, BodyError> {
        let mut form = Form::parse(bytes)?;
        let item = form.text("item")?;
        form.end()?;
        Ok(Self { item })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::scheme::Scheme;

    fn login(rest: &str) -> Result<Login, BodyError> {
        Login::from_form(format!("username=alice&password=alice-password&scheme=session-cookie{rest}").as_bytes())
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
        assert!(Login::from_form(b"username=alice").is_err());
        assert!(Login::from_form(b"username=\xff").is_err());
    }
    #[test]
    fn the_rest_of_a_password_with_a_bare_ampersand_in_it_is_not_repeated() {
        for rest in ["my&hunter8", "my&hunter8&x=1", "my&x=1&hunter8"] {
            let form = format!("username=alice&password={rest}&scheme=session-cookie");
            let error = Login::from_form(form.as_bytes()).unwrap_err().to_string();
            assert!(!error.contains("hunter8") && error.contains("no form of ours"), "{error}");
        }
    }
}
