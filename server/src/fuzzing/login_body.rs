use crate::http::extract::body::object;
use domain::api::Login;
use serde_json::Value;

/// A body as JSON. What is read is what stands there, of an object without lists and with known fields alone; an answer that
/// refuses it repeats no value, and nothing that the record hides.
///
/// # Panics
/// Where that does not hold.
pub fn login_body(data: &[u8]) {
    match object::<Login>(data) {
        Ok(login) => {
            let whole = serde_json::from_slice(data).unwrap_or(Value::Null);
            let said = serde_json::to_value(&login).unwrap_or(Value::Null);
            assert!(whole.is_object() && stands_in(&whole, &said), "{whole} was read as {said}");
            assert!(object::<Login>(said.to_string().as_bytes()).is_ok_and(|again| again == login), "{said}");
            let in_bounds = [&login.username, &login.password].iter().all(|text| (1..=128).contains(&text.len()))
                && [login.lifetime, login.idle, login.token_lifetime].iter().all(|n| (1..=31_536_000).contains(n))
                && login.cookie.max_age.is_none_or(|seconds| seconds <= 34_560_000);
            assert!(in_bounds || login.check().is_err(), "{said}");
            assert!(format!("{login:?}").len() < 200, "its name and password are not shown");
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.contains("unknown field") || super::secrets(&said) == 0, "{said}");
            let recorded = crate::gate::mask::body(data, true);
            let recorded = String::from_utf8_lossy(&recorded);
            assert!(super::secrets(&said) == 0 || super::secrets(&recorded) > 0, "{said}, recorded as {recorded}");
            assert_eq!(super::demo_password_in(&said), None, "{said}");
        }
    }
}

/// Whether all of an object stands in another one.
fn stands_in(came: &Value, said: &Value) -> bool {
    match came {
        Value::Object(fields) => {
            fields.iter().all(|(name, value)| said.get(name).is_some_and(|said| stands_in(value, said)))
        }
        value => value == said,
    }
}
