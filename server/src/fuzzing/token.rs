use crate::auth::token::{BadToken, Key, Verifier, audience, issue, sign_as_it_stands};
use domain::{
    Seconds,
    claims::{Beginning, Claims, UnverifiedToken},
};
use serde_json::Value;

const SERVER_SECRET: &[u8] = b"a secret of at least thirty-two bytes";
const NOW: Seconds = 1000;
const BEGAN: Seconds = 10;

fn key(lab: &str, kid: u64) -> Key {
    Key::derive(SERVER_SECRET, lab, kid)
}

fn verifier(now: Seconds) -> Verifier {
    let began = Beginning { at: BEGAN, jti: "0".to_owned() };
    let keys = vec![key("here", 1), key("here", 2)].into();
    Verifier { keys, audience: audience("here").into(), began: began.into(), now }
}

/// A token; or two lines, its header and its payload, which are signed with the lab's own key. Of tokens just what was issued is
/// believed, in just that spelling; of what is signed just what our header and claims allow, at no other time, and by no other
/// key.
///
/// # Panics
/// Where that does not hold.
pub fn token(data: &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => signed(&data[..at], &data[at + 1..]),
        None => unsigned(&String::from_utf8_lossy(data)),
    }
}

fn unsigned(text: &str) {
    let verified = verifier(NOW).verify(text);
    if let Ok(claims) = &verified {
        let issued = [1, 2].map(|kid| issue(claims, &key("here", kid)));
        assert!(issued.iter().flatten().any(|issued| issued == text), "{text} was not issued");
    }
    let here = verifier(NOW).signed_here(text);
    assert!(here.is_some() || verified.is_err());
    if let Some(read) = UnverifiedToken::read_unverified(text) {
        assert!(read.header.is_object() && read.payload.is_object() && text.ends_with(&read.signature));
        let again = UnverifiedToken::read_unverified(&read.with_payload(&read.payload));
        assert!(again.is_some_and(|again| again.signature == read.signature), "{text}");
    } else {
        assert!(verified.is_err() && here.is_none());
    }
}

fn signed(header: &[u8], payload: &[u8]) {
    let by = |key: &Key| sign_as_it_stands(header, payload, key).unwrap_or_default();
    let token = by(&key("here", 1));
    let verified = verifier(NOW).verify(&token);
    let read = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or(Value::Null);
    let (header, payload) = (read(header), read(payload));
    if let Ok(claims) = &verified {
        is_ours(&header, &payload, claims);
        assert_eq!(verifier(NOW).signed_here(&token).as_ref(), Some(claims));
        assert_eq!(verifier(claims.exp).verify(&token), Err(BadToken::Expired));
        assert_eq!(verifier(claims.exp).signed_here(&token).as_ref(), Some(claims));
        for other in [key("here", 2), key("elsewhere", 1), Key::derive(b"another secret", "here", 1)] {
            assert_eq!(verifier(NOW).verify(&by(&other)), Err(BadToken::Signature));
        }
        let elsewhere = Verifier { audience: audience("elsewhere").into(), ..verifier(NOW) };
        assert_eq!(elsewhere.verify(&token), Err(BadToken::Audience));
        let anew = Verifier { keys: vec![key("here", 2)].into(), ..verifier(NOW) };
        assert_eq!(anew.verify(&token), Err(BadToken::UnknownKey));
        let later = Beginning { at: NOW, jti: claims.jti.clone() };
        assert_eq!(Verifier { began: later.into(), ..verifier(NOW) }.verify(&token), Err(BadToken::BeforeTheLab));
    } else if verifier(NOW).signed_here(&token).is_some() {
        assert!(matches!(verified, Err(BadToken::Expired | BadToken::NotYet)), "{verified:?}");
    }
    if let Ok(claims) = serde_json::from_value::<Claims>(payload) {
        let iss = "login-lab".to_owned();
        let claims = Claims { iss, aud: audience("here"), iat: NOW, exp: NOW + 1, jti: "1".to_owned(), ..claims };
        let issued = issue(&claims, &key("here", 2));
        assert!(issued.is_none_or(|token| verifier(NOW).verify(&token) == Ok(claims)), "what was issued is believed");
    }
}

/// Whether header and payload may be believed, told in another way than the verifier does.
fn is_ours(header: &Value, payload: &Value, claims: &Claims) {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    assert_eq!((text(header, "alg"), text(header, "kid")), ("HS256".to_owned(), "1".to_owned()));
    let typ = text(header, "typ").to_ascii_lowercase();
    assert!(typ == "at+jwt" || typ == "application/at+jwt", "{header}");
    for member in ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit"] {
        assert!(header.get(member).is_none(), "{header}");
    }
    assert_eq!((text(payload, "iss"), text(payload, "aud")), ("login-lab".to_owned(), "login-lab:here".to_owned()));
    let seconds = |name: &str| payload[name].as_u64();
    assert!(seconds("exp").is_some_and(|exp| exp > NOW), "{payload}");
    assert!(seconds("iat").is_some_and(|iat| (BEGAN..=NOW).contains(&iat)), "{payload}");
    let nbf = payload.get("nbf").filter(|nbf| !nbf.is_null());
    assert!(nbf.is_none_or(|nbf| nbf.as_u64().is_some_and(|nbf| nbf <= NOW)), "{payload}");
    assert!(text(payload, "jti").as_str() > "0", "{payload}");
    let read = serde_json::from_value::<Claims>(payload.clone());
    assert!(read.is_ok_and(|read| read == *claims), "{payload}");
}
