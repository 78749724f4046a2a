//! Every way of passing off a token that was not issued here, or not for this, or not for now.

use crate::auth::token::*;
use domain::{claims::UnverifiedToken, cookie::CookieOptions, user::Role};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use proptest::prelude::*;
use serde_json::json;

const SECRET: &[u8] = b"a secret of at least thirty-two bytes";
const NOW: Seconds = 1000;

fn keys() -> Vec<Key> {
    vec![Key::derive(SECRET, "here", 1), Key::derive(SECRET, "here", 2)]
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: audience("here"),
        sub: "alice".to_owned(),
        role: Role::User,
        cart: vec!["연필".to_owned()],
        cookie: CookieOptions::default(),
        iat: NOW,
        exp: NOW + 100,
        jti: "0".to_owned(),
        login: "l".to_owned(),
        family: None,
    }
}

fn check(token: &str) -> Result<Claims, BadToken> {
    verifier().verify(token)
}

fn verifier() -> Verifier {
    Verifier { keys: keys().into(), audience: audience("here").into(), began: Arc::default(), now: NOW }
}

/// Signed with the right key, whatever stands in it.
fn signed(header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &keys()[0].material.signs).unwrap()
}

fn header() -> Header {
    Header { typ: Some(TOKEN_TYPE.into()), kid: Some("1".into()), ..Header::new(Algorithm::HS256) }
}

fn raw(header: &Value, payload: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(payload))
}

fn payload() -> Value {
    serde_json::to_value(claims()).unwrap()
}

#[test]
fn what_was_issued_is_believed_with_either_key() {
    for key in keys() {
        assert_eq!(check(&issue(&claims(), &key).unwrap()), Ok(claims()));
    }
    assert_eq!(check(&signed(&header(), &payload())), Ok(claims()));
}

#[test]
fn alg_none_is_never_believed_however_it_is_spelt() {
    for alg in ["none", "None", "NONE", "nOnE", "", "HS384", "RS256"] {
        let header = json!({"alg": alg, "typ": TOKEN_TYPE, "kid": "1"});
        for signature in ["", "AAAA"] {
            assert_eq!(check(&raw(&header, &payload(), signature)), Err(BadToken::Algorithm(Alg::Hs256)), "{alg}");
        }
    }
    assert_eq!(
        check(&raw(&json!({"typ": TOKEN_TYPE, "kid": "1"}), &payload(), "")),
        Err(BadToken::Algorithm(Alg::Hs256))
    );
}

#[test]
fn another_algorithm_of_the_same_family_with_the_right_key_is_refused() {
    let other = Header { alg: Algorithm::HS512, ..header() };
    assert_eq!(check(&signed(&other, &payload())), Err(BadToken::Algorithm(Alg::Hs256)));
}

/// A key of each algorithm.
async fn one_of_each() -> Vec<Key> {
    let mut keys = Vec::new();
    for (kid, alg) in (1..).zip(Alg::ALL) {
        let made = Material::make(alg, None).await.unwrap();
        keys.push(made.map_or_else(|| Key::derive(SECRET, "here", kid), |material| Key::of(material, kid)));
    }
    keys
}

#[tokio::test]
async fn a_key_of_any_algorithm_believes_what_it_signed_and_nothing_that_another_one_did() {
    let keys = one_of_each().await;
    let verifier = Verifier { keys: keys.clone().into(), ..verifier() };
    for (key, alg) in keys.iter().zip(Alg::ALL) {
        assert_eq!(key.alg(), alg);
        let token = issue(&claims(), key).unwrap();
        let header = UnverifiedToken::read_unverified(&token).unwrap().header;
        assert_eq!((&header["alg"], &header["kid"]), (&json!(alg.name()), &json!(key.kid)));
        assert_eq!(verifier.verify(&token), Ok(claims()));
        for other in keys.iter().filter(|other| other.alg() != alg) {
            let renamed = Key { kid: other.kid.clone(), ..key.clone() };
            let refused = Err(BadToken::Algorithm(other.alg()));
            assert_eq!(verifier.verify(&issue(&claims(), &renamed).unwrap()), refused, "{alg:?}");
        }
    }
    let fresh = one_of_each().await;
    for other in &fresh[1..] {
        assert_eq!(verifier.verify(&issue(&claims(), other).unwrap()), Err(BadToken::Signature), "a pair is random");
    }
}

#[tokio::test]
async fn what_is_signed_by_hmac_with_a_public_key_is_never_believed() {
    let keys = one_of_each().await;
    let verifier = Verifier { keys: keys.clone().into(), ..verifier() };
    for key in &keys[1..] {
        let public = key.material.verifies.try_get_as_bytes().unwrap();
        let header = Header { kid: Some(key.kid.clone()), ..header() };
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(public)).unwrap();
        // Whoever followed the token's alg would believe it.
        let (said, signature) = token.rsplit_once('.').unwrap();
        let secret = DecodingKey::from_secret(public);
        assert!(crypto::verify(signature, said.as_bytes(), &secret, Algorithm::HS256).unwrap());
        assert_eq!(verifier.verify(&token), Err(BadToken::Algorithm(key.alg())));
        let read = UnverifiedToken::read_unverified(&token).unwrap();
        let own = json!({"alg": key.alg().name(), "typ": TOKEN_TYPE, "kid": key.kid});
        assert_eq!(verifier.verify(&raw(&own, &read.payload, signature)), Err(BadToken::Signature));
        let none = json!({"alg": "none", "typ": TOKEN_TYPE, "kid": key.kid});
        assert_eq!(verifier.verify(&raw(&none, &read.payload, "")), Err(BadToken::Algorithm(key.alg())));
    }
}

#[test]
fn a_changed_payload_does_not_fit_the_old_signature() {
    let token = issue(&claims(), &keys()[0]).unwrap();
    let mut admin = payload();
    admin["role"] = json!("admin");
    let forged = UnverifiedToken::read_unverified(&token).unwrap().with_payload(&admin);
    assert_eq!(check(&forged), Err(BadToken::Signature));
}

#[test]
fn another_lab_s_key_is_another_key() {
    let elsewhere = Key::derive(SECRET, "elsewhere", 1);
    assert_eq!(check(&issue(&claims(), &elsewhere).unwrap()), Err(BadToken::Signature));
    let other_secret = Key::derive(b"another secret of thirty-two bytes!!", "here", 1);
    assert_eq!(check(&issue(&claims(), &other_secret).unwrap()), Err(BadToken::Signature));
}

#[test]
fn kid_chooses_among_the_known_keys_and_nothing_else() {
    let with = |kid: Option<&str>| signed(&Header { kid: kid.map(Into::into), ..header() }, &payload());
    assert_eq!(check(&with(None)), Err(BadToken::NoKey));
    assert_eq!(check(&with(Some("2"))), Err(BadToken::Signature), "swapped");
    for kid in ["3", "", "../../dev/null", "1' OR '1'='1", "01"] {
        assert_eq!(check(&with(Some(kid))), Err(BadToken::UnknownKey), "{kid}");
    }
    assert_eq!(
        check(&raw(&json!({"alg": "HS256", "typ": TOKEN_TYPE, "kid": 1}), &payload(), "")),
        Err(BadToken::NoKey)
    );
}

#[test]
fn another_type_of_jwt_is_refused_and_the_long_spelling_is_not() {
    let with = |typ: Option<&str>| signed(&Header { typ: typ.map(Into::into), ..header() }, &payload());
    for typ in [None, Some("JWT"), Some("id+jwt"), Some(""), Some("at+jwt "), Some("application/jwt")] {
        assert_eq!(check(&with(typ)), Err(BadToken::Type), "{typ:?}");
    }
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert!(check(&with(Some(typ))).is_ok(), "{typ}");
    }
}

#[test]
fn a_token_never_brings_its_own_key_nor_asks_to_be_understood() {
    let jku = Header { jku: Some("https://evil.example/jwks".into()), ..header() };
    assert_eq!(check(&signed(&jku, &payload())), Err(BadToken::Member("jku")));
    let x5u = Header { x5u: Some("https://evil.example/x".into()), ..header() };
    assert_eq!(check(&signed(&x5u, &payload())), Err(BadToken::Member("x5u")));
    let x5c = Header { x5c: Some(vec!["AAAA".into()]), ..header() };
    assert_eq!(check(&signed(&x5c, &payload())), Err(BadToken::Member("x5c")));
    let crit = Header { crit: Some(vec!["exp".into()]), ..header() };
    assert_eq!(check(&signed(&crit, &payload())), Err(BadToken::Member("crit")));
    let jwk = json!({"alg": "HS256", "typ": TOKEN_TYPE, "kid": "1", "jwk": {"kty": "oct", "k": "AAAA"}});
    assert_eq!(check(&raw(&jwk, &payload(), "")), Err(BadToken::Member("jwk")));
}

#[test]
fn issuer_and_audience_are_ours() {
    let with = |name: &str, value: Value| {
        let mut payload = payload();
        payload[name] = value;
        check(&signed(&header(), &payload))
    };
    assert_eq!(with("iss", json!("somebody")), Err(BadToken::Issuer));
    assert_eq!(with("aud", json!(audience("elsewhere"))), Err(BadToken::Audience));
    assert!(with("aud", json!([audience("here"), "everybody"])).is_err());
    assert!(with("iss", json!(7)).is_err());
}

#[test]
fn every_claim_is_there_and_of_its_type() {
    for name in ["iss", "aud", "sub", "iat", "exp", "jti", "role", "login"] {
        let mut missing = payload();
        missing.as_object_mut().unwrap().remove(name);
        assert!(check(&signed(&header(), &missing)).is_err(), "without {name}");
        let mut wrong = payload();
        wrong[name] = json!({"a": 1});
        assert!(check(&signed(&header(), &wrong)).is_err(), "{name} of another type");
    }
    for exp in [json!(-1), json!(1e300), json!("1100"), json!(null)] {
        let mut wrong = payload();
        wrong["exp"] = exp;
        assert!(check(&signed(&header(), &wrong)).is_err());
    }
}

#[test]
fn it_is_dead_at_exp_and_not_alive_before_nbf() {
    let at = |exp: Seconds, nbf: Value| {
        let mut payload = payload();
        payload["exp"] = json!(exp);
        payload["nbf"] = nbf;
        check(&signed(&header(), &payload)).map(|_| ())
    };
    assert_eq!(at(NOW + 1, Value::Null), Ok(()));
    assert_eq!(at(NOW, Value::Null), Err(BadToken::Expired));
    assert_eq!(at(NOW - 1, Value::Null), Err(BadToken::Expired));
    assert_eq!(at(NOW + 10, json!(NOW)), Ok(()));
    assert_eq!(at(NOW + 10, json!(NOW + 1)), Err(BadToken::NotYet));
    for nbf in [json!("1000"), json!(-1), json!({})] {
        assert_eq!(at(NOW + 10, nbf), Err(BadToken::Claims));
    }
}

#[test]
fn nothing_from_before_the_lab_nor_from_its_future_is_believed_or_counts_as_signed_here() {
    let at = |iat, jti: &str| {
        let token = issue(&Claims { iat, jti: jti.to_owned(), ..claims() }, &keys()[0]).unwrap();
        let verifier = Verifier { began: Beginning { at: NOW - 10, jti: "5".to_owned() }.into(), ..verifier() };
        assert_eq!(verifier.verify(&token).is_ok(), verifier.signed_here(&token).is_some());
        verifier.verify(&token).map(|_| ())
    };
    assert_eq!(at(NOW - 11, "6"), Err(BadToken::BeforeTheLab), "an earlier second");
    assert_eq!(at(NOW - 10, "5"), Err(BadToken::BeforeTheLab), "the same second, and an earlier name");
    assert_eq!(at(NOW - 10, "6"), Ok(()), "the same second, and a later name");
    assert_eq!(at(NOW, "4"), Err(BadToken::BeforeTheLab), "the clock was ahead, and is as far again");
    assert_eq!(at(NOW + 1, "6"), Err(BadToken::Future));
    assert_eq!(at(NOW, "6"), Ok(()));
}

#[test]
fn what_is_over_still_counts_as_signed_here() {
    let over = Claims { exp: NOW, ..claims() };
    assert_eq!(verifier().signed_here(&issue(&over, &keys()[0]).unwrap()), Some(over));
}

#[test]
fn a_character_that_no_token_has_is_refused_wherever_it_stands() {
    let token = issue(&claims(), &keys()[0]).unwrap();
    for place in [0, 1, token.len() / 2, token.len()] {
        for character in ['=', '+', '/', ' ', '\n', '\0', '"', 'é', '%'] {
            let mut odd = token.clone();
            let place = (0..=place).rev().find(|at| odd.is_char_boundary(*at)).unwrap();
            odd.insert(place, character);
            assert_eq!(check(&odd), Err(BadToken::Characters), "{character:?} at {place}");
        }
    }
}

#[test]
fn what_is_no_utf_8_is_no_token_also_where_nobody_looks_at_it() {
    let token = issue(&claims(), &keys()[0]).unwrap();
    let [header, payload] = [0, 1].map(|at| URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap());
    let with = |bytes: &[u8], member: &[u8]| [&b"{"[..], member, b",", &bytes[1..]].concat();
    for (member, expected) in
        [(&b"\"other\":\"\xec\x97\xb0\""[..], Ok(())), (b"\"other\":\"\x94\"", Err(BadToken::Malformed))]
    {
        let signed = |header: &[u8], payload: &[u8]| sign_as_it_stands(header, payload, &keys()[0]).unwrap();
        assert_eq!(check(&signed(&header, &with(&payload, member))).map(drop), expected);
        assert_eq!(check(&signed(&with(&header, member), &payload)).map(drop), expected);
    }
}

#[test]
fn the_same_signature_has_one_spelling_only() {
    let token = issue(&claims(), &keys()[0]).unwrap();
    let (rest, last) = token.split_at(token.len() - 1);
    for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        assert_eq!(check(&format!("{rest}{other}")).is_ok(), last.starts_with(other), "{other}");
    }
}

#[test]
fn the_wrong_number_of_parts_and_sheer_size_are_refused() {
    let token = issue(&claims(), &keys()[0]).unwrap();
    for text in [String::new(), ".".into(), "..".into(), "a.b".into(), format!("{token}."), format!("{token}.a")] {
        assert_eq!(check(&text), Err(BadToken::Malformed), "{text}");
    }
    assert_eq!(check(&"a".repeat(TOKEN_BYTES + 1)), Err(BadToken::TooLong));
    let heavy = Claims { cart: vec!["\"".repeat(64); 200], ..claims() };
    assert_eq!(issue(&heavy, &keys()[0]), None, "what would be refused is not issued");
}

proptest! {
    #[test]
    fn nothing_but_what_was_issued_is_believed(text in "[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_-]{0,40}){0,3}|.{0,60}") {
        prop_assert!(check(&text).is_err());
    }

    #[test]
    fn one_changed_character_breaks_it(at: prop::sample::Index, to in "[A-Za-z0-9_.-]") {
        let token = issue(&claims(), &keys()[0]).unwrap();
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assert!(changed == token || check(&changed).is_err());
    }
}
