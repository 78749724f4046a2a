//! The targets of `make fuzz`: each takes any bytes, and panics where what it holds does not. Built for tests and with the
//! feature `fuzzing` only; the tests run all of `fuzz/corpus/` and `fuzz/regressions/`.

use domain::{
    cookie::pairs,
    user::{DEMO_USERS, demo_password},
    view::Arrived,
};
use http::{HeaderMap, HeaderName, HeaderValue};

pub use self::{
    bearer::bearer, cookie_header::cookie_header, curl::curl, form_body::form_body, login_body::login_body, mask::mask,
    sse_resume::sse_resume, token::token,
};

mod bearer;
mod cookie_header;
mod curl;
mod form_body;
mod login_body;
mod mask;
mod sse_resume;
#[cfg(test)]
mod tests;
mod token;

/// A target.
pub type Target = fn(&[u8]);

/// Every target, with the name of its folders.
pub const TARGETS: [(&str, Target); 8] = [
    ("bearer", bearer),
    ("cookie_header", cookie_header),
    ("curl", curl),
    ("form_body", form_body),
    ("login_body", login_body),
    ("mask", mask),
    ("sse_resume", sse_resume),
    ("token", token),
];

/// What stands for a password that is not to be seen.
const SECRET: &str = "hunter2";

/// Each line as one header of this name: what fits into none is left away, and no more of them than one request may have.
fn lines(name: &HeaderName, data: &[u8]) -> HeaderMap {
    let values = data.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line.trim_ascii()).ok());
    values.take(100).map(|value| (name.clone(), value)).collect()
}

fn text_of(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn read_cookies(text: &str) -> Vec<Arrived> {
    pairs(text).map(|(name, value)| Arrived { name: name.to_owned(), value: value.to_owned() }).collect()
}

/// Whether a field of this name holds a password, told in another way than the mask does.
fn is_password(name: &str) -> bool {
    let letters = name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "");
    ["pas", "pwd"].iter().any(|part| letters.contains(part)) || letters == "pw"
}

/// A demo user's password in this text.
fn demo_password_in(text: &str) -> Option<String> {
    DEMO_USERS.iter().map(|(name, _)| demo_password(name)).find(|password| text.contains(password))
}

/// How often the secret stands in it.
fn secrets(text: &str) -> usize {
    text.matches(SECRET).count()
}
