//! Credentials that nobody gave out.

use crate::{
    browser,
    measure::{
        asking::{marked, me, speaks_of},
        rig::Rig,
    },
};
use domain::{
    claims::{Alg, UnverifiedToken},
    exchange::{Did, Exchange},
    lesson::{
        experiment::{Setting, Trick},
        measured::{Failure, Figure, Measured},
    },
    session::SessionId,
};
use serde_json::{Value, json};

/// A name that points out of wherever keys might lie, to a file with nothing in it.
const ANOTHER_KID: &str = "../../dev/null";

/// Whether a forged credential is accepted. Where it is refused, it has to be for what is wrong with it: refused for
/// anything else, nobody knows what would have come of the forgery.
pub(super) async fn accepted(rig: &Rig, setting: &Setting, trick: Trick) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let genuine = rig.held()?;
    // What is not forged is accepted this way: else a refusal would say nothing about the forgery.
    let unforged = rig.ask_as_thief(&genuine).await?;
    if !speaks_of(&unforged, "alice")? {
        return Err(Failure::TimedOut);
    }
    let forged = forge(rig, &genuine, trick).await?;
    let n = Rig::marker();
    let answer = rig.as_thief(&forged, &marked("api/me", n)).await?;
    let is_accepted = me(&answer)?.is_some();
    if !is_accepted {
        let exchange = rig.recorded_with(n).await?.pop().ok_or(Failure::TimedOut)?;
        refused_for(trick, &exchange)?;
    }
    Ok(Measured::new(is_accepted)
        .with(Figure::StatusGenuine, u64::from(unforged.status))
        .with(Figure::Status, u64::from(answer.status)))
}

/// What the server notes of a credential in which just this is wrong.
const fn wrong(trick: Trick) -> (Did, &'static str) {
    match trick {
        Trick::GuessedId | Trick::OneCharacter => (Did::LookedUp, "not found"),
        Trick::ChangedClaim | Trick::OtherKey | Trick::OldSignature => (Did::Verified, "wrong signature"),
        Trick::AlgNone => (Did::Verified, "alg is not the key's own, HS256"),
        Trick::SwappedKid => (Did::Verified, "no such key"),
    }
}

fn refused_for(trick: Trick, exchange: &Exchange) -> Result<(), Failure> {
    let (did, wrong) = wrong(trick);
    let why = exchange.steps.iter().find(|step| step.did == did).map(|step| &*step.detail);
    match why {
        Some(why) if why == wrong => Ok(()),
        why => Err(Failure::RefusedOtherwise { why: why.unwrap_or_default().to_owned() }),
    }
}

/// Whether the credential says whose it is to somebody without any key. An id is no token: there is nothing in it that
/// could be taken apart.
pub(super) async fn payload_reads(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let payload = UnverifiedToken::read_unverified(&rig.held()?).map(|token| token.payload);
    let says = |claim: &str| payload.as_ref().and_then(|payload| payload.get(claim)?.as_str());
    let read = ["sub", "role"].into_iter().filter_map(|claim| Some(format!("{claim}: {}", says(claim)?)));
    let read: Vec<_> = read.collect();
    let measured = Measured::new(says("sub") == Some("alice"));
    Ok(Measured { read: (!read.is_empty()).then(|| read.join(", ")), ..measured })
}

/// A credential that looks like the genuine one and was given out by nobody.
pub(in crate::measure) async fn forge(rig: &Rig, genuine: &str, trick: Trick) -> Result<String, Failure> {
    match trick {
        Trick::GuessedId => Ok(guess()),
        Trick::OneCharacter => Ok(change_first(genuine)),
        Trick::ChangedClaim => {
            let token = read(genuine)?;
            let mut payload = token.payload.clone();
            set(&mut payload, "role", json!("admin"));
            Ok(token.with_payload(&payload))
        }
        Trick::AlgNone => {
            let mut token = UnverifiedToken { signature: String::new(), ..read(genuine)? };
            set(&mut token.header, "alg", json!("none"));
            Ok(token.with_payload(&token.payload))
        }
        // The same words and the same name of the key: nothing but the key is another.
        Trick::OtherKey => signed(&read(genuine)?, &random_bytes::<32>()).await,
        Trick::SwappedKid => {
            let mut token = read(genuine)?;
            set(&mut token.header, "kid", json!(ANOTHER_KID));
            // What a server would verify with that reads its key from there.
            signed(&token, &[]).await
        }
        Trick::OldSignature => {
            rig.add_to_cart("pen").await?;
            let newer = rig.held()?;
            if newer == genuine {
                return Err(Failure::TimedOut);
            }
            let (said, _) = newer.rsplit_once('.').ok_or(Failure::TimedOut)?;
            let (_, signature) = genuine.rsplit_once('.').ok_or(Failure::TimedOut)?;
            Ok(format!("{said}.{signature}"))
        }
    }
}

fn read(token: &str) -> Result<UnverifiedToken, Failure> {
    UnverifiedToken::read_unverified(token).ok_or(Failure::TimedOut)
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// The token with the signature that whoever has this key would make. Keys of other algorithms are none of this form.
async fn signed(token: &UnverifiedToken, key: &[u8]) -> Result<String, Failure> {
    if token.header["alg"] != Alg::Hs256.name() {
        return Err(Failure::NotHmac);
    }
    let mac = browser::hmac_sha256(key, &token.signing_input()).await.ok_or(Failure::NoSignatures)?;
    Ok(token.signed_with(&mac))
}

/// 128 random bits in the form of an id.
fn guess() -> String {
    SessionId::from_bytes(random_bytes()).reveal().to_owned()
}

fn random_bytes<const N: usize>() -> [u8; N] {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of 256")]
    std::array::from_fn(|_| (browser::random() * 256.0) as u8)
}

/// The first of an id's characters: the last one has bits that mean nothing.
fn change_first(id: &str) -> String {
    let mut characters = id.chars();
    let first = if characters.next() == Some('A') { 'B' } else { 'A' };
    std::iter::once(first).chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exchange::{Request, Response, Sender, Step};

    fn refused(did: Did, detail: &str) -> Exchange {
        let request = Request {
            method: "GET".to_owned(),
            path: "/".to_owned(),
            headers: Vec::new(),
            body: None,
            body_base64: None,
        };
        let response = Response { status: 401, headers: Vec::new(), body: None };
        let steps = vec![Step { did, detail: detail.to_owned().into(), micros: 0.0 }];
        Exchange { id: 0, at: 0, from: Sender::Attacker, node: None, request, response, steps }
    }

    #[test]
    fn a_forgery_that_is_refused_for_something_else_says_nothing() {
        assert_eq!(refused_for(Trick::OtherKey, &refused(Did::Verified, "wrong signature")), Ok(()));
        assert_eq!(refused_for(Trick::SwappedKid, &refused(Did::Verified, "no such key")), Ok(()));
        assert_eq!(refused_for(Trick::GuessedId, &refused(Did::LookedUp, "not found")), Ok(()));
        for (trick, detail) in [(Trick::OtherKey, "for another lab"), (Trick::SwappedKid, "wrong signature")] {
            let why = detail.to_owned();
            assert_eq!(refused_for(trick, &refused(Did::Verified, detail)), Err(Failure::RefusedOtherwise { why }));
        }
        let looked_up = refused(Did::LookedUp, "not the form of an id");
        assert!(refused_for(Trick::GuessedId, &looked_up).is_err());
        assert!(refused_for(Trick::OtherKey, &looked_up).is_err(), "it was not even verified");
    }
}
