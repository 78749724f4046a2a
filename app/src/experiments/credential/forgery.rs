//! Credentials that nobody gave out.

use crate::{
    browser::{self, Outgoing},
    experiments::{
        Failure, Figure, Measured,
        asking::{me, speaks_of},
        rig::{Rig, good, json},
    },
};
use domain::{
    api::{LoggedIn, Login},
    claims::UnverifiedToken,
    experiment::{Setting, Trick},
    scheme::{Carrier, Credential, Scheme},
    session::SessionId,
    user::demo_password,
};
use serde_json::{Value, json};

/// A name that points out of wherever keys might lie.
const ANOTHER_KID: &str = "../../dev/null";

/// Whether a forged credential is accepted.
pub(super) async fn accepted(rig: &Rig, setting: &Setting, trick: Trick) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let genuine = rig.held()?;
    // What is not forged is accepted this way: else a refusal would say nothing about the forgery.
    if !speaks_of(&rig.ask_as_thief(&genuine).await?, "alice")? {
        return Err(Failure::TimedOut);
    }
    let forged = forge(rig, &genuine, trick).await?;
    let answer = rig.ask_as_thief(&forged).await?;
    Ok(Measured::new(me(&answer)?.is_some()).with(Figure::Status, u64::from(answer.status)))
}

/// Whether the payload says who it is about to somebody without any key.
pub(super) async fn payload_reads(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let read = UnverifiedToken::read_unverified(&rig.held()?);
    Ok(Measured::new(read.is_some_and(|token| token.payload.get("sub").and_then(Value::as_str) == Some("alice"))))
}

async fn forge(rig: &Rig, genuine: &str, trick: Trick) -> Result<String, Failure> {
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
        Trick::OtherKey => other_lab(rig).await,
        Trick::SwappedKid => {
            let mut token = read(genuine)?;
            set(&mut token.header, "kid", json!(ANOTHER_KID));
            Ok(token.with_payload(&token.payload))
        }
        Trick::OldSignature => {
            rig.add_to_cart("pen").await?;
            let newer = rig.held()?;
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

/// 128 random bits in the form of an id.
fn guess() -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of 256")]
    let bytes = std::array::from_fn(|_| (browser::random() * 256.0) as u8);
    SessionId::from_bytes(bytes).reveal().to_owned()
}

/// The first of an id's characters: the last one has bits that mean nothing.
fn change_first(id: &str) -> String {
    let mut characters = id.chars();
    let first = if characters.next() == Some('A') { 'B' } else { 'A' };
    std::iter::once(first).chain(characters).collect()
}

/// A good token from another lab, which has another key.
async fn other_lab(rig: &Rig) -> Result<String, Failure> {
    let scheme = Scheme::new(Credential::Jwt, Carrier::LocalStorage);
    let login = Login::new("alice", &demo_password("alice"), scheme);
    let url = format!("/lab/{}/api/login", guess());
    let outgoing = Outgoing { method: "POST", url, body: json(&login), ..Outgoing::default() };
    let body: LoggedIn = good(&rig.raw(outgoing).await?)?;
    body.access_token.ok_or(Failure::TimedOut)
}
