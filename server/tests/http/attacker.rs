//! The attacker's own listener: a fixed list, and loot that never leaves its lab.

use crate::callers::*;
use axum::{body::Body, http::Method};
use domain::{
    attack::{FoundIn, LOOT, Loot, Purpose, VISITS},
    scheme::{Scheme, storage_key},
};
use serde_json::{Value, json};

const PATHS: [(Method, &str); 7] = [
    (Method::GET, "window"),
    (Method::POST, "next"),
    (Method::POST, "loot"),
    (Method::GET, "port?n=1"),
    (Method::POST, "port?n=1"),
    (Method::GET, "peek?n=1"),
    (Method::POST, "peeked?n=1"),
];

fn delivery(n: u64, cookie: &str, storage: Option<&str>) -> String {
    json!({ "n": n, "cookie": cookie, "storage": storage }).to_string()
}

async fn loot(lab: &Lab) -> Vec<Loot> {
    lab.view().await.attacker.loot
}

/// The credential as a script finds it: in `document.cookie`, or in localStorage.
fn found(caller: &Caller) -> (String, Option<String>) {
    (caller.cookie.as_ref().map(|(name, value)| format!("{name}={value}")).unwrap_or_default(), caller.token.clone())
}

#[tokio::test]
async fn nothing_is_there_but_what_is_on_the_list() {
    let lab = Lab::new();
    lab.view().await;
    let elsewhere =
        ["", "api/me", "api/cart", "control/view", "guestbook", "window/x", "/", "/healthz", "/openapi.json"];
    for below in elsewhere {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let request = lab.request(&method, below, &[]).body(Body::empty()).unwrap();
            lab.raw_at_attacker(request).await.problem(404);
        }
    }
    for (_, below) in PATHS {
        for other in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            if !PATHS.contains(&(other.clone(), below)) {
                let request = lab.request(&other, below, &[]).body(Body::empty()).unwrap();
                lab.raw_at_attacker(request).await.problem(405);
            }
        }
    }
}

#[tokio::test]
async fn a_lab_that_is_not_there_is_not_made() {
    let lab = Lab::new();
    let mut short = lab.clone();
    short.id = "short".into();
    for (method, below) in PATHS {
        for lab in [&lab, &short] {
            let request = lab.request(&method, below, &[("content-type", "text/plain")]);
            lab.raw_at_attacker(request.body(Body::from(delivery(1, "", None))).unwrap()).await.problem(404);
        }
    }
}

#[tokio::test]
async fn every_answer_is_guarded_and_sets_no_cookie() {
    let lab = Lab::new();
    lab.view().await;
    for below in ["window", "port?n=1", "peek?n=1", "/window.js", "/peek.js", "nothing", "port"] {
        let answer = lab.get_at_attacker(below, &[("cookie", "sid=x")]).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{below}");
        assert_eq!(answer.header("cache-control"), "no-store", "{below}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{below}: {policy}");
        assert!(policy.contains("object-src 'none'") && policy.contains("base-uri 'none'"), "{below}: {policy}");
        assert!(answer.set_cookies().is_empty(), "{below}");
        let shared = if below == "port?n=1" { "cross-origin" } else { "same-origin" };
        assert_eq!(answer.header("cross-origin-resource-policy"), shared, "{below}");
    }
    assert!(lab.get_at_attacker("/window.js", &[]).await.header("content-type").starts_with("text/javascript"));
    let peek = lab.get_at_attacker("peek?n=1", &[]).await;
    assert!(
        peek.header("content-security-policy").contains("frame-ancestors http://localhost:3000 http://localhost:*")
    );
    assert!(String::from_utf8_lossy(&peek.body).contains(&format!("data-key=\"{}\"", storage_key(&lab.id))));
}

#[tokio::test]
async fn the_window_says_what_it_is_in_the_visitor_s_language() {
    let lab = Lab::new();
    lab.view().await;
    let text = async |lang| {
        let answer = lab.get_at_attacker("window", &[("accept-language", lang)]).await;
        String::from_utf8(answer.body.to_vec()).unwrap()
    };
    let english = text("en").await;
    assert!(english.contains("<html lang=\"en\" ") && english.contains("another site") && english.contains("close"));
    let korean = text("ko-KR").await;
    assert!(korean.contains("<html lang=\"ko\" ") && korean.contains("다른 사이트") && korean.contains("닫아도"));
}

#[tokio::test]
async fn what_a_script_delivers_is_loot_if_it_is_a_credential_of_this_lab() {
    for (n, scheme) in (1..).zip(Scheme::ALL) {
        let lab = Lab::new();
        let alice = lab.alice(scheme).await;
        let (cookie, storage) = found(&alice);
        let text = delivery(n, &format!("theme=dark; {cookie}; lang=ko"), storage.as_deref());
        for _ in 0..2 {
            assert_eq!(lab.post_at_attacker("loot", &text).await.status, 204);
        }
        let attacker = lab.view().await.attacker;
        let [loot] = attacker.loot.as_slice() else { panic!("{scheme}: {:?}", attacker.loot) };
        let found_in = if cookie.is_empty() { FoundIn::LocalStorage } else { FoundIn::DocumentCookie };
        assert_eq!((loot.found_in, loot.scheme, &loot.credential), (found_in, scheme, &alice.credential()));
        let visits: Vec<_> = attacker.visits.iter().map(|visit| (visit.n, visit.purpose, visit.credential)).collect();
        assert_eq!(visits, [(n, Purpose::Deliver, true); 2]);
        assert_eq!(attacker.visits[0].host, "localhost:3000");
    }
}

#[tokio::test]
async fn what_is_no_credential_of_this_lab_is_dropped_and_yet_the_visit_is_seen() {
    let here = Lab::new();
    here.view().await;
    let there = here.another();
    for scheme in Scheme::ALL {
        let (cookie, storage) = found(&there.alice(scheme).await);
        here.post_at_attacker("loot", &delivery(7, &cookie, storage.as_deref())).await;
        let headers = [("cookie", cookie.as_str())];
        here.get_at_attacker("port?n=8", &headers).await;
        here.post_at_attacker("peeked?n=9", storage.as_deref().unwrap_or_default()).await;
    }
    let invented = delivery(7, "sid=AAAAAAAAAAAAAAAAAAAAAA; token=a.b.c; other=x", Some("anything at all"));
    here.post_at_attacker("loot", &invented).await;
    let attacker = here.view().await.attacker;
    assert_eq!(attacker.loot, []);
    assert_eq!(attacker.visits.len(), 13);
    assert!(attacker.visits.iter().all(|visit| !visit.credential));
    let everything = serde_json::to_string(&here.view().await).unwrap() + &here.another().id;
    for row in there.view().await.rows() {
        assert!(!everything.contains(&row.key));
    }
    assert_eq!(there.view().await.attacker.visits, []);
}

#[tokio::test]
async fn a_credential_that_is_over_is_dropped_but_a_token_stays_what_it_is() {
    let lab = Lab::new();
    for (scheme, pieces) in [(SESSION_COOKIE, 0), (TOKEN_COOKIE, 1)] {
        let mut alice = lab.alice(scheme).await;
        let (cookie, _) = found(&alice);
        alice.log_out().await;
        lab.advance(1000).await;
        lab.post_at_attacker("loot", &delivery(1, &cookie, None)).await;
        assert_eq!(loot(&lab).await.len(), pieces, "{scheme}");
    }
}

#[tokio::test]
async fn looking_a_session_up_for_the_attacker_does_not_prolong_it() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    let before = lab.view().await;
    lab.advance(600).await;
    lab.post_at_attacker("loot", &delivery(1, &found(&alice).0, None)).await;
    let after = lab.view().await;
    assert_eq!(after.attacker.loot.len(), 1);
    assert_eq!(after.rows().next().unwrap().idle_until, before.rows().next().unwrap().idle_until);
    assert_eq!(after.operations, before.operations, "and the store's statistics are the visitors'");
}

#[tokio::test]
async fn a_delivery_of_any_other_form_is_refused() {
    let lab = Lab::new();
    lab.view().await;
    for text in ["", "x", "[]", "{}", r#"{"n":1}"#, r#"{"n":-1,"cookie":""}"#, r#"{"n":1,"cookie":"","more":1}"#] {
        lab.post_at_attacker("loot", text).await.problem(400);
    }
    lab.post_at_attacker("loot", &delivery(1, &"x".repeat(20_000), None)).await.problem(413);
    lab.post_at_attacker("peeked?n=1", &"x".repeat(20_000)).await.problem(413);
    let json = lab.request(&Method::POST, "loot", &[("content-type", "application/json")]);
    lab.raw_at_attacker(json.body(Body::from(delivery(1, "", None))).unwrap()).await.problem(415);
    for query in ["", "?n=", "?n=x", "?n=-1", "?m=1", "?n=1&n=2", "?n=1&x=2"] {
        lab.get_at_attacker(&format!("port{query}"), &[]).await.problem(400);
        lab.get_at_attacker(&format!("peek{query}"), &[]).await.problem(400);
        lab.post_at_attacker(&format!("peeked{query}"), "").await.problem(400);
    }
    for elsewhere in [("sec-fetch-site", "cross-site"), ("origin", "https://localhost:3000"), ("origin", "null")] {
        let elsewhere = lab.request(&Method::POST, "peeked?n=1", &[elsewhere]);
        lab.raw_at_attacker(elsewhere.body(Body::empty()).unwrap()).await.problem(403);
    }
    assert_eq!(lab.view().await.attacker.visits, []);
}

#[tokio::test]
async fn a_port_sees_the_cookies_that_come_and_a_peek_what_lies_there() {
    let lab = Lab::new();
    let (cookie, _) = found(&lab.alice(SESSION_COOKIE).await);
    let (_, storage) = found(&lab.alice(TOKEN_STORAGE).await);
    assert_eq!(lab.get_at_attacker("port?n=1", &[]).await.status, 204);
    assert_eq!(lab.get_at_attacker("port?n=2", &[("cookie", &cookie)]).await.status, 204);
    assert_eq!(lab.post_at_attacker("peeked?n=3", "").await.status, 204);
    assert_eq!(lab.post_at_attacker("peeked?n=4", &storage.unwrap()).await.status, 204);
    let attacker = lab.view().await.attacker;
    let visits: Vec<_> = attacker.visits.iter().map(|visit| (visit.n, visit.purpose, visit.credential)).collect();
    let expected =
        [(1, Purpose::Port, false), (2, Purpose::Port, true), (3, Purpose::Peek, false), (4, Purpose::Peek, true)];
    assert_eq!(visits, expected);
    let found: Vec<_> = attacker.loot.iter().map(|loot| (loot.found_in, loot.scheme)).collect();
    assert_eq!(found, [(FoundIn::CookieHeader, SESSION_COOKIE), (FoundIn::LocalStorage, TOKEN_STORAGE)]);
}

#[tokio::test]
async fn of_loot_and_of_visits_the_oldest_goes() {
    let lab = Lab::new();
    let take = json!({"take": "key"});
    for _ in 0..LOOT + 3 {
        lab.post("control/loot", take.clone()).await.ok::<Value>();
    }
    let ids: Vec<_> = loot(&lab).await.iter().map(|loot| loot.id).collect();
    assert_eq!(ids, (4..=LOOT as u64 + 3).collect::<Vec<_>>());
    for n in 1..=VISITS + 3 {
        lab.get_at_attacker(&format!("port?n={n}"), &[]).await;
    }
    let visits: Vec<_> = lab.view().await.attacker.visits.iter().map(|visit| visit.n).collect();
    assert_eq!(visits, (4..=VISITS as u64 + 3).collect::<Vec<_>>());
}

#[tokio::test]
async fn copied_rows_are_loot_even_as_hashes_and_a_copied_key_forges_an_admin() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    let (cookie, _) = found(&alice);
    lab.post_at_attacker("loot", &delivery(1, &cookie, None)).await;
    lab.post("control/loot", json!({"take": "rows"})).await.ok::<Value>();
    let [row] = loot(&lab).await.try_into().expect("one credential is one piece of loot, wherever it is found");
    assert_eq!((row.found_in, row.scheme, row.credential), (FoundIn::Store, SESSION_COOKIE, alice.credential()));
    lab.defend(json!({"hash_ids": true})).await;
    lab.post("control/loot", json!({"take": "rows"})).await.ok::<Value>();
    let hash = loot(&lab).await.pop().unwrap();
    assert_eq!(hash.credential.len(), 43);

    lab.post("control/loot", json!({"take": "key"})).await.ok::<Value>();
    let forged = loot(&lab).await.pop().unwrap();
    assert_eq!((forged.found_in, forged.scheme), (FoundIn::Key, TOKEN_STORAGE));
    let admin = Caller { token: Some(forged.credential), ..lab.caller(TOKEN_STORAGE) };
    assert_eq!(admin.known().await.user.name, "carol");
    assert_eq!(admin.send(Method::GET, "api/admin", &Value::Null).await.status, 200);
    lab.post("control/loot", json!({"take": "everything"})).await.problem(400);
    lab.post("control/loot", json!({"take": "key", "more": 1})).await.problem(400);
}

#[tokio::test]
async fn a_reset_and_a_clearing_leave_nothing_taken() {
    let lab = Lab::new();
    let fill = async || {
        lab.post("control/loot", json!({"take": "key"})).await.ok::<Value>();
        lab.get_at_attacker("port?n=1", &[]).await;
        lab.put("control/guestbook", json!({"comment": "read"})).await.ok::<Value>();
    };
    fill().await;
    let view = lab.send(Method::DELETE, "control/loot", &[], &Value::Null).await;
    let view: domain::view::ServerView = view.ok();
    assert!(view.attacker.loot.is_empty() && view.attacker.visits.is_empty() && view.attacker.comment.is_some());
    fill().await;
    lab.post("control/reset", Value::Null).await.ok::<Value>();
    let attacker = lab.view().await.attacker;
    assert!(attacker.loot.is_empty() && attacker.visits.is_empty() && attacker.comment.is_none());
    fill().await;
    assert_eq!(loot(&lab).await[0].id, 3, "nobody takes new loot for old");
}
