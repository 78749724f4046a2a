use super::{demo_password_in, is_password, read_cookies, secrets};
use crate::gate::mask::{body, header, path};
use http::{HeaderName, HeaderValue, Uri, header};
use serde_json::Value;
use url::form_urlencoded;

const MASK: &str = "•••";

/// A body, which is an address and a header as well where it can be one. What JSON, a form or cookies have under a password's
/// name is not shown, nor is a demo user's password anywhere; and nothing is changed but by masks.
///
/// # Panics
/// Where that does not hold.
pub fn mask(data: &[u8]) {
    let came = String::from_utf8_lossy(data).into_owned();
    let hidden = came.matches(super::SECRET).count();
    for to_login in [false, true] {
        let shown = body(data, to_login);
        assert!(only_masks(data, &shown), "{came} is shown as {}", shown.escape_ascii());
        let shown = String::from_utf8_lossy(&shown);
        if hidden > 0 && (hidden == in_json(data) || hidden == in_form(data)) {
            assert_eq!(secrets(&shown), 0, "{came} is shown as {shown}");
        }
        shows_no_demo_password(&shown);
        assert!(to_login || shown == came || may_hold_a_password(&came), "{came} is shown as {shown}");
    }
    if let (Ok(text), Ok(uri)) = (std::str::from_utf8(data), Uri::try_from(data)) {
        let shown = path(text);
        assert!(only_masks(data, shown.as_bytes()), "{text} is shown as {shown}");
        if hidden > 0 && hidden == in_form(uri.query().unwrap_or_default().as_bytes()) {
            assert_eq!(secrets(&shown), 0, "{text} is shown as {shown}");
        }
        shows_no_demo_password(&shown);
        assert!(shown == text || may_hold_a_password(text), "{text} is shown as {shown}");
        assert_eq!(header(&header::REFERER, text), shown);
    }
    if HeaderValue::from_bytes(data).is_ok() {
        in_headers(&came);
    }
}

fn in_headers(came: &str) {
    for name in [header::COOKIE, header::AUTHORIZATION, header::USER_AGENT, HeaderName::from_static("x-password")] {
        let shown = header(&name, came);
        shows_no_demo_password(&shown);
        assert!(only_masks(came.as_bytes(), shown.as_bytes()) || shown == format!(" {MASK}"), "{came}, {shown}");
    }
    let shown = header(&header::COOKIE, came);
    let (cookies, shown) = (read_cookies(came), read_cookies(&shown));
    assert_eq!(cookies.len(), shown.len(), "{came}");
    for (came, shown) in cookies.iter().zip(&shown) {
        let is_masked = came.value.is_empty() || shown.value == MASK;
        assert!(is_masked || !is_password(&came.name), "{came:?} is shown as {shown:?}");
        let text = format!("{}{}", came.name, came.value);
        assert!(came == shown || may_hold_a_password(&text), "{came:?} is shown as {shown:?}");
    }
    assert!(header(&header::USER_AGENT, came) == came || may_hold_a_password(came));
    assert_eq!(header(&HeaderName::from_static("x-password"), came), MASK);
}

/// Whether the one is the other with masks in place of some of its parts, as far as it has no dots of its own: then nobody
/// knows where a mask begins.
fn only_masks(came: &[u8], shown: &[u8]) -> bool {
    let (mask, dot) = (MASK.as_bytes(), "•".as_bytes());
    if came.windows(dot.len()).any(|part| part == dot) {
        return true;
    }
    let (mut rest, mut pieces, mut left) = (came, Vec::new(), shown);
    while let Some(at) = left.windows(mask.len()).position(|part| part == mask) {
        pieces.push(&left[..at]);
        left = &left[at + mask.len()..];
    }
    if pieces.is_empty() {
        return came == shown;
    }
    for (index, piece) in pieces.iter().enumerate() {
        let is_here = |at: &usize| rest[*at..].starts_with(piece);
        let at = if index == 0 { Some(0).filter(is_here) } else { (0..=rest.len()).find(is_here) };
        let Some(at) = at else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(left)
}

/// Whether it can be that there is a password's name in it, or a demo user's password.
fn may_hold_a_password(text: &str) -> bool {
    let letters = text.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "");
    text.contains(['%', '\\']) || ["pas", "pwd", "pw"].iter().any(|part| letters.contains(part))
}

/// How often the secret stands below a password's name, read as JSON; of a name that comes twice the last one is read.
fn in_json(data: &[u8]) -> usize {
    fn below(value: &Value, is_secret: bool) -> usize {
        match value {
            Value::String(text) if is_secret => secrets(text),
            Value::Array(all) => all.iter().map(|one| below(one, is_secret)).sum(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| below(value, is_secret || is_password(name))).sum()
            }
            _ => 0,
        }
    }
    serde_json::from_slice(data).map_or(0, |value| below(&value, false))
}

/// The same, read as a form, whose fields stand on lines of their own or have `&` between them. A line without `=` belongs to
/// the one before. What is JSON is no form.
fn in_form(data: &[u8]) -> usize {
    if serde_json::from_slice::<Value>(data).is_ok() {
        return 0;
    }
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for field in data.split(|byte| *byte == b'&') {
        let mut lines = field.split(|byte| b"\r\n".contains(byte));
        fields.push(lines.next().unwrap_or_default().to_vec());
        for line in lines {
            match fields.last_mut() {
                Some(last) if !line.contains(&b'=') => last.extend([b"\n", line].concat()),
                _ => fields.push(line.to_vec()),
            }
        }
    }
    let fields = fields.iter().flat_map(|field| form_urlencoded::parse(field));
    fields.filter(|(name, _)| is_password(name)).map(|(_, value)| secrets(&value)).sum()
}

/// However it is read.
fn shows_no_demo_password(shown: &str) {
    fn in_strings(value: &Value) -> bool {
        match value {
            Value::String(text) => demo_password_in(text).is_some(),
            Value::Array(all) => all.iter().any(in_strings),
            Value::Object(fields) => {
                fields.iter().any(|(name, value)| demo_password_in(name).is_some() || in_strings(value))
            }
            _ => false,
        }
    }
    assert_eq!(demo_password_in(shown), None, "{shown}");
    assert!(!serde_json::from_str(shown).is_ok_and(|value| in_strings(&value)), "{shown}");
    for (name, value) in form_urlencoded::parse(shown.as_bytes()) {
        assert_eq!((demo_password_in(&name), demo_password_in(&value)), (None, None), "{shown}");
    }
}
