//! What a token says (RFC 7519), and reading it without believing it.

use crate::{
    Seconds,
    cookie::CookieOptions,
    user::{Role, User},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The media type of the lab's access tokens, checked so that no other JWT passes for one (RFC 9068 §2.1).
pub const TOKEN_TYPE: &str = "at+jwt";
/// The longest text that is looked at as a token; the largest that the lab issues is well below it.
pub const TOKEN_BYTES: usize = 32 * 1024;

/// The algorithm of a key. A key has one, and a token of it that names another is not believed (RFC 8725 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Alg {
    /// HMAC with SHA-256 (RFC 7518 §3.2): whoever verifies can sign, too.
    #[default]
    #[serde(rename = "HS256")]
    Hs256,
    /// Ed25519 (RFC 8037 §3.1).
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    #[serde(rename = "RS256")]
    Rs256,
}

impl Alg {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hs256, Self::EdDsa, Self::Rs256];

    /// What tokens call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    /// The bits of its keys: HMAC needs at least as many as its hash has (RFC 7518 §3.2), RSA at least 2048 (§3.3).
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Hs256 | Self::EdDsa => 256,
            Self::Rs256 => 2048,
        }
    }
}

/// The claims of the lab's tokens. With a JWT the login's state lies here, in the browser's hands; the
/// signature keeps it from being changed, not from being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it (RFC 7519 §4.1.1): `login-lab`.
    pub iss: String,
    /// Whom it is for (§4.1.3): `login-lab:{lab}`, so that no other lab takes it.
    pub aud: String,
    /// Whom it speaks of (§4.1.2): the user's name.
    pub sub: String,
    /// What the user may do, as it was when the token was issued.
    pub role: Role,
    /// The cart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cart: Vec<String>,
    /// How the cookie was set, where that is not the default; a JWT has nobody else to remember it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cookie: CookieOptions,
    /// When it was issued (§4.1.6).
    pub iat: Seconds,
    /// Dead from this second on (§4.1.4).
    pub exp: Seconds,
    /// Its own name (§4.1.7): a `UUIDv7`, so that names sort by when they were given.
    pub jti: String,
    /// The login that it belongs to: 128 random bits that all tokens of one login bear.
    pub login: String,
    /// The family of the refresh token that came with it, so that a logout ends that one too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
}

fn is_default(options: &CookieOptions) -> bool {
    *options == CookieOptions::default()
}

impl Claims {
    /// Who it says you are.
    #[must_use]
    pub fn user(&self) -> User {
        User { name: self.sub.clone(), role: self.role }
    }

    /// Whether it may still be used at this second: it is dead at `exp`.
    #[must_use]
    pub fn is_live(&self, now: Seconds) -> bool {
        now < self.exp
    }

    /// By what it can be ended.
    #[must_use]
    pub fn names(&self) -> Names<'_> {
        Names { user: &self.sub, login: &self.login, jti: &self.jti }
    }
}

/// By what a token can be ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names<'a> {
    /// Its user.
    pub user: &'a str,
    /// Its login.
    pub login: &'a str,
    /// Its own name.
    pub jti: &'a str,
}

/// When a lab began. A lab that is made anew does not know what its namesake had ended, so no token from before is
/// good in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Beginning {
    /// The second, by the lab's clock.
    pub at: Seconds,
    /// A token's name, given at that moment: those given before it sort before it.
    pub jti: String,
}

impl Beginning {
    /// Whether a token of this time and name is from before. The name tells also where the clock does not: in the
    /// very second, and where the lab before this one had set its clock ahead.
    #[must_use]
    pub fn is_after(&self, iat: Seconds, jti: &str) -> bool {
        iat < self.at || jti <= self.jti.as_str()
    }
}

/// Header, payload and signature of a token, still encoded (RFC 7515 §3.1). **Nothing in it has been verified.**
#[must_use]
pub fn parts(token: &str) -> Option<(&str, &str, &str)> {
    let mut parts = token.split('.');
    let found = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(found)
}

/// A part of a token as text (RFC 7515 §2, base64url without padding).
#[must_use]
pub fn decode(part: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// What a token says that decides about it. **Nothing of it has been verified.**
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The key that it says it was signed with.
    pub kid: String,
    /// Its user.
    pub user: String,
    /// Its own name.
    pub jti: String,
    /// Its login.
    pub login: String,
    /// When it was issued.
    pub iat: Seconds,
    /// When it is dead.
    pub exp: Option<Seconds>,
}

/// The three parts of a token as anybody can read them. **Nothing in it has been verified.**
#[derive(Clone, Debug, PartialEq)]
pub struct UnverifiedToken {
    /// The decoded header.
    pub header: Value,
    /// The decoded payload.
    pub payload: Value,
    /// The signature, still encoded.
    pub signature: String,
}

impl UnverifiedToken {
    /// Takes a token apart without verifying anything: for showing, never for deciding.
    /// `None` when it is not three dot-separated parts with JSON objects in the first two.
    #[must_use]
    pub fn read_unverified(token: &str) -> Option<Self> {
        let (header, payload, signature) = parts(token)?;
        let read = |part| object(&decode(part)?);
        Some(Self { header: read(header)?, payload: read(payload)?, signature: signature.to_owned() })
    }

    /// A claim that holds seconds since the epoch.
    #[must_use]
    pub fn seconds(&self, claim: &str) -> Option<Seconds> {
        self.payload.get(claim)?.as_u64()
    }

    /// The same token with another payload and **the old signature**: what an attacker without the key can do.
    #[must_use]
    pub fn with_payload(&self, payload: &Value) -> String {
        let said = Self { payload: payload.clone(), ..self.clone() }.signing_input();
        format!("{said}.{}", self.signature)
    }

    /// What a signature covers: header and payload, as they stand in the token.
    #[must_use]
    pub fn signing_input(&self) -> String {
        format!("{}.{}", encode(&self.header), encode(&self.payload))
    }

    /// The same token with these bytes for a signature, made with whatever key.
    #[must_use]
    pub fn signed_with(&self, signature: &[u8]) -> String {
        format!("{}.{}", self.signing_input(), URL_SAFE_NO_PAD.encode(signature))
    }
}

fn object(part: &str) -> Option<Value> {
    let json: Value = serde_json::from_str(part).ok()?;
    json.is_object().then_some(json)
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn claims() -> Claims {
        Claims {
            iss: "login-lab".into(),
            aud: "login-lab:x".into(),
            sub: "alice".into(),
            role: Role::User,
            cart: Vec::new(),
            cookie: CookieOptions::default(),
            iat: 100,
            exp: 200,
            jti: "j".into(),
            login: "l".into(),
            family: None,
        }
    }

    #[test]
    fn an_algorithm_is_written_as_tokens_call_it() {
        for alg in Alg::ALL {
            assert_eq!(json!(alg), alg.name());
        }
    }

    #[test]
    fn a_token_is_dead_at_exp_and_not_a_second_later() {
        assert!(claims().is_live(199));
        assert!(!claims().is_live(200));
    }

    #[test]
    fn a_lab_s_beginning_is_after_every_token_of_its_namesake_and_before_all_of_its_own() {
        let began = Beginning { at: 100, jti: "m".into() };
        assert!(began.is_after(99, "z"), "an earlier second");
        assert!(began.is_after(100, "l") && began.is_after(100, "m"), "the same second, an earlier name");
        assert!(!began.is_after(100, "n"));
        assert!(began.is_after(5000, "l"), "the clock was ahead then");
    }

    #[test]
    fn what_is_empty_or_default_costs_no_bytes_in_the_token() {
        let json = serde_json::to_string(&claims()).unwrap();
        assert!(!json.contains("cart") && !json.contains("cookie") && !json.contains("family"), "{json}");
        assert_eq!(serde_json::from_str::<Claims>(&json).unwrap(), claims());
    }

    #[test]
    fn anybody_reads_a_token_and_a_changed_payload_keeps_the_old_signature() {
        let token = format!(
            "{}.{}.sig",
            encode(&serde_json::json!({"alg": "HS256"})),
            encode(&serde_json::json!({"role": "user"}))
        );
        let read = UnverifiedToken::read_unverified(&token).unwrap();
        assert_eq!(read.payload["role"], "user");
        let forged =
            UnverifiedToken::read_unverified(&read.with_payload(&serde_json::json!({"role": "admin"}))).unwrap();
        assert_eq!((forged.payload["role"].as_str(), forged.signature.as_str()), (Some("admin"), "sig"));
    }

    #[test]
    fn what_is_signed_anew_says_the_same_with_another_signature() {
        let token = format!("{}.{}.sig", encode(&json!({"alg": "HS256"})), encode(&json!({"role": "user"})));
        let read = UnverifiedToken::read_unverified(&token).unwrap();
        assert_eq!(format!("{}.sig", read.signing_input()), token);
        let anew = UnverifiedToken::read_unverified(&read.signed_with(&[0xFB, 0xFF])).unwrap();
        assert_eq!(anew, UnverifiedToken { signature: "-_8".to_owned(), ..read });
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reading_panic(text in "[A-Za-z0-9_.\\-]{0,80}|.{0,80}") {
            let _ = UnverifiedToken::read_unverified(&text);
        }
    }
}
