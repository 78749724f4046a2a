//! Each key of a lab has an algorithm of its own, and none of them believes another.

use crate::callers::*;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    attack::Loot,
    claims::{Alg, UnverifiedToken},
    crowd::CrowdResult,
    exchange::Did,
    view::ServerView,
};
use serde_json::{Value, json};

async fn rotate(lab: &Lab, change: Value) -> ServerView {
    lab.post("control/keys/rotate", change).await.ok()
}

fn token_of(caller: &Caller) -> UnverifiedToken {
    UnverifiedToken::read_unverified(&caller.credential()).unwrap()
}

/// What is answered to a token, and what the record says of verifying it.
async fn answered(lab: &Lab, token: &str) -> (u16, String) {
    let answer = lab.get("api/me", &[("authorization", &format!("Bearer {token}"))]).await;
    let steps = lab.exchanges().await.pop().unwrap().steps;
    let verified = steps.into_iter().find(|step| step.did == Did::Verified).unwrap();
    (answer.status.as_u16(), verified.detail.into_owned())
}

#[tokio::test]
async fn each_key_keeps_its_own_algorithm_and_a_reset_begins_with_hs256() {
    let lab = Lab::new();
    let mut callers = vec![lab.alice(TOKEN_STORAGE).await];
    for (kid, alg) in [("2", Alg::EdDsa), ("3", Alg::Rs256), ("4", Alg::Hs256), ("5", Alg::Rs256)] {
        let view = rotate(&lab, json!({"alg": alg})).await;
        assert_eq!(view.alg(), alg);
        callers.push(lab.alice(TOKEN_COOKIE).await);
        let token = token_of(callers.last().unwrap());
        assert_eq!((&token.header["kid"], &token.header["alg"]), (&json!(kid), &json!(alg.name())));
        let steps = lab.exchanges().await.pop().unwrap().steps;
        let signed = steps.into_iter().find(|step| step.did == Did::SignedToken).unwrap();
        assert_eq!(signed.detail, format!("key {kid}, {}", alg.name()));
        for caller in &callers {
            assert!(caller.is_known().await, "{alg:?}");
        }
    }
    let view = rotate(&lab, json!({})).await;
    let keys = view.keys.iter().map(|key| (key.alg.name(), key.bits, key.signs)).collect::<Vec<_>>();
    let [hmac, ed, rsa] = [("HS256", 256, false), ("EdDSA", 256, false), ("RS256", 2048, false)];
    assert_eq!(keys, [hmac, ed, rsa, hmac, rsa, ("RS256", 2048, true)], "left away, it stays what it is");
    rotate(&lab, json!({"alg": "EdDSA", "retire": true})).await;
    for caller in &callers {
        assert!(!caller.is_known().await);
    }
    let view: ServerView = lab.post("control/reset", Value::Null).await.ok();
    assert_eq!(view.keys.iter().map(|key| key.alg).collect::<Vec<_>>(), [Alg::Hs256]);
}

#[tokio::test]
async fn a_token_names_no_algorithm_but_its_key_s_own() {
    let lab = Lab::new();
    rotate(&lab, json!({"alg": "EdDSA"})).await;
    let ed = lab.alice(TOKEN_STORAGE).await.credential();
    rotate(&lab, json!({"alg": "RS256"})).await;
    let rsa = lab.alice(TOKEN_STORAGE).await.credential();
    assert_eq!(answered(&lab, &rsa).await, (200, "valid".to_owned()));

    let read = |token: &str| UnverifiedToken::read_unverified(token).unwrap();
    let kid = |token: &str| read(token).header["kid"].as_str().unwrap().to_owned();
    let with = |token: &str, name: &str, value: &str| {
        let mut token = read(token);
        token.header[name] = json!(value);
        token.with_payload(&token.payload)
    };
    let not = |alg: &str| (401, format!("alg is not the key's own, {alg}"));
    for alg in ["none", "HS256", "EdDSA", "RS384", "PS256", "rs256", ""] {
        let named = with(&rsa, "alg", alg);
        let (said, _) = named.rsplit_once('.').unwrap();
        for token in [&named, &format!("{said}.")] {
            assert_eq!(answered(&lab, token).await, not("RS256"), "{alg}");
        }
    }
    assert_eq!(answered(&lab, &with(&ed, "kid", &kid(&rsa))).await, not("RS256"));
    assert_eq!(answered(&lab, &with(&rsa, "kid", &kid(&ed))).await, not("EdDSA"));
    assert_eq!(answered(&lab, &with(&ed, "kid", "1")).await, not("HS256"));
    // What names the right algorithm has to have its signature, too.
    let (said, _) = rsa.rsplit_once('.').unwrap();
    for signature in
        [read(&ed).signature, URL_SAFE_NO_PAD.encode([7; 32]), URL_SAFE_NO_PAD.encode([0; 256]), String::new()]
    {
        assert_eq!(answered(&lab, &format!("{said}.{signature}")).await, (401, "wrong signature".to_owned()));
    }
}

#[tokio::test]
async fn an_unknown_algorithm_is_refused_and_nothing_has_changed() {
    let lab = Lab::new();
    for alg in [json!("none"), json!("RS384"), json!("hs256"), json!(""), json!(7)] {
        lab.post("control/keys/rotate", json!({"alg": alg, "retire": true})).await.problem(400);
    }
    assert_eq!(lab.view().await.keys.iter().map(|key| key.kid.as_str()).collect::<Vec<_>>(), ["1"]);
}

#[tokio::test]
async fn with_each_algorithm_a_stolen_key_forges_and_a_crowd_logs_in() {
    for alg in Alg::ALL {
        let lab = Lab::new();
        rotate(&lab, json!({"alg": alg, "retire": true})).await;
        let loot: Vec<Loot> = lab.post("control/loot", json!({"take": "key"})).await.ok::<ServerView>().attacker.loot;
        let forged = &loot[0].credential;
        assert_eq!(UnverifiedToken::read_unverified(forged).unwrap().header["alg"], alg.name());
        assert_eq!(answered(&lab, forged).await, (200, "valid".to_owned()));
        let crowd = json!({"visitors": 4, "requests": 12, "scheme": "token-cookie", "write_fraction": 0.5});
        let result: CrowdResult = lab.post("control/crowd", crowd).await.ok();
        assert_eq!((result.logins, result.outcomes.known), (4, 12), "{result:?}");
    }
}

#[tokio::test]
async fn of_many_that_a_lab_asks_for_at_once_each_is_made() {
    let lab = Lab::new();
    let asked = (0..6).map(|_| lab.post("control/keys/rotate", json!({"alg": "RS256"})));
    for answer in futures::future::join_all(asked).await {
        answer.ok::<ServerView>();
    }
    let kids = lab.view().await.keys.into_iter().map(|key| key.kid).collect::<Vec<_>>();
    assert_eq!(kids, ["1", "2", "3", "4", "5", "6", "7"]);
}
