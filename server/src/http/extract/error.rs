//! Why a body is not read.

/// What is wrong with a body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// The most, in KiB.
    #[error("the body is over {0} KiB, and that is the most")]
    TooLarge(usize),
    #[error("the body did not come within 10 seconds")]
    TooSlow,
    #[error("the body broke off")]
    Broken,
    /// Whether a form would do too.
    #[error("send application/json{}", if *.0 { " or application/x-www-form-urlencoded" } else { "" })]
    Type(bool),
    #[error("the body cannot be read: {0}")]
    Unreadable(String),
}

/// The parser repeats a value of the wrong type, and that may be a password.
pub(super) fn without_value(message: &str) -> String {
    let kind = ["invalid type", "invalid value"].into_iter().find(|kind| message.starts_with(kind));
    match (kind, message.rsplit_once(", expected ")) {
        (Some(kind), Some((_, expected))) => format!("{kind}, expected {expected}"),
        _ => message.to_owned(),
    }
}
