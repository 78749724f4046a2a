//! Tokens: issuing them, and believing only those that were issued here. `jsonwebtoken`, used here and in `token/` alone,
//! is laxer than what is wanted (leeway, `exp == now`, `typ`, `crit`), so each of these is checked here.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Seconds,
    claims::{Alg, Beginning, Claims, TOKEN_BYTES, TOKEN_TYPE},
};
use jsonwebtoken::Header;
use serde_json::Value;
use std::sync::Arc;

mod key;
#[cfg(test)]
mod tests;

pub(crate) use key::{Key, Material};

pub(crate) const ISSUER: &str = "login-lab";
/// Header members that would let the token choose its own key, or that would have to be understood.
const REFUSED_MEMBERS: [&str; 7] = ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit"];

pub(crate) fn audience(lab: &str) -> String {
    format!("{ISSUER}:{lab}")
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadToken {
    #[error("over {TOKEN_BYTES} bytes")]
    TooLong,
    #[error("a character that no token has")]
    Characters,
    #[error("not three parts of base64url with JSON objects in the first two")]
    Malformed,
    #[error("the header says {0}, which is never followed")]
    Member(&'static str),
    #[error("typ is not {TOKEN_TYPE}")]
    Type,
    #[error("no kid")]
    NoKey,
    #[error("no such key")]
    UnknownKey,
    #[error("alg is not the key's own, {}", .0.name())]
    Algorithm(Alg),
    #[error("wrong signature")]
    Signature,
    #[error("issued by somebody else")]
    Issuer,
    #[error("for another lab")]
    Audience,
    #[error("a claim is missing or has the wrong type")]
    Claims,
    #[error("from before this lab began")]
    BeforeTheLab,
    #[error("issued later than it is now")]
    Future,
    #[error("expired")]
    Expired,
    #[error("not to be used yet")]
    NotYet,
}

/// Signs a token. `None` when it would be over [`TOKEN_BYTES`], or when the library fails.
pub(crate) fn issue(claims: &Claims, key: &Key) -> Option<String> {
    let header =
        Header { typ: Some(TOKEN_TYPE.to_owned()), kid: Some(key.kid.clone()), ..Header::new(key.algorithm()) };
    jsonwebtoken::encode(&header, claims, &key.material.signs)
        .inspect_err(|error| tracing::error!(%error, "a token could not be signed"))
        .ok()
        .filter(|token| token.len() <= TOKEN_BYTES)
}

/// Signs these bytes as header and payload, whatever they are: for the fuzzing, which would never get past the signature
/// else.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn sign_as_it_stands(header: &[u8], payload: &[u8], key: &Key) -> Option<String> {
    let said = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = jsonwebtoken::crypto::sign(said.as_bytes(), &key.material.signs, key.algorithm()).ok()?;
    Some(format!("{said}.{signature}"))
}

/// What a lab holds its tokens against.
#[derive(Clone, Debug)]
pub(crate) struct Verifier {
    pub(crate) keys: Arc<Vec<Key>>,
    pub(crate) audience: Arc<str>,
    /// When it began.
    pub(crate) began: Arc<Beginning>,
    /// This second, by its clock.
    pub(crate) now: Seconds,
}

/// It is never issued, and honoured all the same (RFC 7519 §4.1.5).
#[derive(serde::Deserialize)]
struct NotBefore {
    nbf: Option<Seconds>,
}

impl Verifier {
    /// Verifies a token at this second. The cheap questions come first, and nothing of the payload is believed before
    /// the signature holds.
    pub(crate) fn verify(&self, token: &str) -> Result<Claims, BadToken> {
        let (NotBefore { nbf }, claims) = self.signed(token)?;
        if !claims.is_live(self.now) {
            Err(BadToken::Expired)
        } else if nbf.is_some_and(|nbf| self.now < nbf) {
            Err(BadToken::NotYet)
        } else {
            Ok(claims)
        }
    }

    /// What a token says that was signed in this lab, be it expired or not. It lets nobody in any more.
    pub(crate) fn signed_here(&self, token: &str) -> Option<Claims> {
        self.signed(token).ok().map(|(_, claims)| claims)
    }

    fn signed(&self, token: &str) -> Result<(NotBefore, Claims), BadToken> {
        if token.len() > TOKEN_BYTES {
            return Err(BadToken::TooLong);
        }
        if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
            return Err(BadToken::Characters);
        }
        let (said, signature) = token.rsplit_once('.').ok_or(BadToken::Malformed)?;
        let (header, payload) = said.split_once('.').ok_or(BadToken::Malformed)?;
        if payload.contains('.') {
            return Err(BadToken::Malformed);
        }
        let header: Value = serde_json::from_str(&object(header)?).map_err(|_| BadToken::Malformed)?;
        let key = key_of(&header, &self.keys)?;
        let (verifies, algorithm) = (&key.material.verifies, key.algorithm());
        let holds = jsonwebtoken::crypto::verify(signature, said.as_bytes(), verifies, algorithm);
        if !holds.map_err(|_| BadToken::Malformed)? {
            return Err(BadToken::Signature);
        }
        let payload = object(payload)?;
        let why = |error: serde_json::Error| if error.is_data() { BadToken::Claims } else { BadToken::Malformed };
        let not_before: NotBefore = serde_json::from_str(&payload).map_err(why)?;
        let claims: Claims = serde_json::from_str(&payload).map_err(why)?;
        if claims.iss != ISSUER {
            Err(BadToken::Issuer)
        } else if *claims.aud != *self.audience {
            Err(BadToken::Audience)
        } else if self.began.is_after(claims.iat, &claims.jti) {
            Err(BadToken::BeforeTheLab)
        } else if self.now < claims.iat {
            Err(BadToken::Future)
        } else {
            Ok((not_before, claims))
        }
    }
}

/// The header's questions (RFC 8725 §3.1, §3.10, §3.11).
fn key_of<'a>(header: &Value, keys: &'a [Key]) -> Result<&'a Key, BadToken> {
    if let Some(member) = REFUSED_MEMBERS.into_iter().find(|member| header.get(member).is_some()) {
        return Err(BadToken::Member(member));
    }
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or_default();
    let prefixed = typ.split_at_checked(12).filter(|(prefix, _)| prefix.eq_ignore_ascii_case("application/"));
    let typ = prefixed.map_or(typ, |(_, typ)| typ);
    if !typ.eq_ignore_ascii_case(TOKEN_TYPE) {
        return Err(BadToken::Type);
    }
    let kid = header.get("kid").and_then(Value::as_str).ok_or(BadToken::NoKey)?;
    let key = keys.iter().find(|key| key.kid == kid).ok_or(BadToken::UnknownKey)?;
    // The key says the algorithm, and the token only whether it is that one.
    if header.get("alg").and_then(Value::as_str) == Some(key.alg().name()) {
        Ok(key)
    } else {
        Err(BadToken::Algorithm(key.alg()))
    }
}

/// A part of a token, decoded: a JSON object, and UTF-8 also where nobody looks at it (RFC 7519 §7.2). A list would be read as
/// the fields of a struct.
fn object(part: &str) -> Result<String, BadToken> {
    let json = URL_SAFE_NO_PAD.decode(part).ok().and_then(|json| String::from_utf8(json).ok());
    json.filter(|json| json.trim_ascii_start().starts_with('{')).ok_or(BadToken::Malformed)
}
