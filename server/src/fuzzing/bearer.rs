use super::{lines, text_of};
use crate::{auth::presented::presented, gate::mask};
use domain::{
    scheme::{Carrier, Credential},
    session::{RefreshToken, SessionId},
};
use http::{HeaderMap, header};

/// Lines as `Authorization` headers. Just those of the scheme `Bearer` bring a credential, each one, as it stands there; an id
/// has one spelling; and of any other scheme the record shows no more than its name.
///
/// # Panics
/// Where that does not hold.
pub fn bearer(data: &[u8]) {
    let headers = lines(&header::AUTHORIZATION, data);
    let mut expected = Vec::new();
    for text in headers.values().map(text_of) {
        let (scheme, rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
        let is_bearer = scheme.to_lowercase() == "bearer" && rest.starts_with(' ');
        let shown = mask::header(&header::AUTHORIZATION, &text);
        assert_eq!(super::demo_password_in(&shown), None, "{shown}");
        if is_bearer {
            let value = rest.trim_matches(' ').to_owned();
            assert_eq!(domain::exchange::bearer(&format!("Bearer {value}")), Some(value.as_str()));
            assert!(super::demo_password_in(&text).is_some() || shown == text || text.contains(['%', '\\']), "{shown}");
            expected.push(value);
        } else {
            assert!(is_token(shown.strip_suffix(" •••").unwrap_or(&shown)), "{text} is shown as {shown}");
            assert!(shown.ends_with(" •••") && text.starts_with(shown.trim_end_matches(" •••")), "{shown}");
        }
    }
    let all = presented(&headers, &[]);
    assert_eq!(all.iter().map(|one| &one.value).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    for one in &all {
        let is_jwt = one.scheme.credential == Credential::Jwt;
        assert_eq!((one.scheme.carrier, one.cookie.as_ref()), (Carrier::LocalStorage, None));
        assert_eq!(is_jwt, one.value.contains('.'));
        let id = SessionId::parse(&one.value);
        if let Some(id) = &id {
            assert!(id.reveal() == one.value && one.value.len() == 22 && !is_jwt, "{}", one.value);
        }
        if let Some(token) = RefreshToken::parse(&one.value) {
            assert!(token.reveal() == one.value && id.is_none() && !is_jwt, "{}", one.value);
        }
    }
    assert!(presented(&HeaderMap::new(), &[]).is_empty());
}

/// A scheme's name is a token (RFC 9110 §5.6.2), or there is none.
fn is_token(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
