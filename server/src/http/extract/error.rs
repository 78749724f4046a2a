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

/// The parser repeats a value of the wrong type, and the name of a field or of a choice that there is not, and that may be
/// a password. A field's name is left where it can be one.
pub(super) fn without_value(message: &str) -> String {
    let kinds = ["invalid type", "invalid value", "unknown variant", "unknown field"];
    let Some(kind) = kinds.into_iter().find(|kind| message.starts_with(kind)) else { return message.to_owned() };
    let ends = [", expected ", ", there are no "].map(|end| message.rfind(end));
    let Some(end) = ends.into_iter().flatten().max() else { return kind.to_owned() };
    let name = message[..end].strip_prefix("unknown field `").and_then(|name| name.strip_suffix('`'));
    if name.is_some_and(is_name) { message.to_owned() } else { format!("{kind}{}", &message[end..]) }
}

/// Whether a field may be called so.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
