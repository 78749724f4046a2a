use crate::http::extract::{
    body::{NoForm, object as json},
    form::object,
};
use domain::api::{AddItem, Login};
use url::form_urlencoded;

const NAMES: [&str; 13] = [
    "username",
    "password",
    "scheme",
    "lifetime",
    "idle",
    "token_lifetime",
    "refresh",
    "http_only",
    "secure",
    "host_prefix",
    "same_site",
    "max_age",
    "path",
];

/// A body as a form. Each field is read as the last of its name says, and no other name is taken; JSON says the same; an answer
/// that refuses it repeats no value, nor what may be the rest of one.
///
/// # Panics
/// Where that does not hold.
pub fn form_body(data: &[u8]) {
    let fields: Vec<_> = form_urlencoded::parse(data).into_owned().collect();
    let last = |name: &str| fields.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    let only = |names: &[&str]| fields.iter().all(|(name, _)| names.contains(&name.as_str()));
    match object::<Login>(data) {
        Ok(login) => {
            assert!(only(&NAMES), "{fields:?}");
            assert_eq!(last("username"), Some(login.username.as_str()));
            assert_eq!(last("password"), Some(login.password.as_str()));
            assert_eq!(last("scheme"), Some(login.scheme.name()));
            let number = |name: &str, usual: u64| last(name).map_or(Some(usual), |text| text.parse().ok());
            assert_eq!(number("lifetime", 28_800), Some(login.lifetime));
            assert_eq!(number("idle", 900), Some(login.idle));
            assert_eq!(number("token_lifetime", 900), Some(login.token_lifetime));
            let cookie = login.cookie;
            let max_age = last("max_age").filter(|text| !text.is_empty());
            assert_eq!(max_age.map(str::parse), cookie.max_age.map(Ok));
            assert_eq!(last("path").filter(|path| !path.is_empty()), cookie.path.map(|_| "/"));
            assert_eq!(last("same_site").unwrap_or("lax"), cookie.same_site.name());
            let is_on = |name: &str, usual: bool| last(name).map_or(usual, |text| text == "true" || text == "on");
            assert_eq!(is_on("refresh", false), login.refresh);
            assert_eq!(is_on("http_only", true), cookie.http_only);
            assert_eq!(is_on("secure", false), cookie.secure);
            assert_eq!(is_on("host_prefix", false), cookie.host_prefix);
            let as_json = serde_json::to_vec(&login).unwrap_or_default();
            assert!(json::<Login>(&as_json).is_ok_and(|again| again == login), "{}", as_json.escape_ascii());
        }
        Err(error) => repeats_names_alone(&error.to_string(), data, &fields),
    }
    match object::<AddItem>(data) {
        Ok(AddItem { item }) => assert!(only(&["item"]) && last("item") == Some(&item), "{item}"),
        Err(error) => repeats_names_alone(&error.to_string(), data, &fields),
    }
    let is_text = std::str::from_utf8(data).is_ok();
    assert_eq!(object::<NoForm>(data).is_ok(), is_text && fields.is_empty(), "{fields:?}");
}

/// Of what came an answer says the name of a field, if it can be one and every field has a value.
fn repeats_names_alone(said: &str, data: &[u8], fields: &[(String, String)]) {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let all_named = data.split(|byte| *byte == b'&').all(|field| field.is_empty() || field.contains(&b'='));
    let is_named = fields.iter().any(|(name, _)| is_name(name) && super::secrets(name) > 0);
    assert!(super::secrets(said) == 0 || (all_named && is_named), "{said}");
    assert_eq!(super::demo_password_in(said), None, "{said}");
}
