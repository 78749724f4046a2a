//! Labs know nothing of each other.

use crate::callers::*;
use axum::{body::Body, http::Method};
use domain::scheme::Scheme;
use serde_json::{Value, json};

#[tokio::test]
async fn a_credential_of_one_lab_is_none_in_another() {
    for scheme in Scheme::ALL {
        let here = Lab::new();
        let there = here.another();
        let mut caller = here.alice(scheme).await;
        caller.add("pen").await;
        let abroad = Caller { lab: there.clone(), ..caller.clone() };
        for (method, route) in [
            (Method::GET, "api/me"),
            (Method::POST, "api/cart"),
            (Method::POST, "api/logout"),
            (Method::POST, "api/logout-everywhere"),
        ] {
            let body = if route == "api/cart" { json!({"item": "stolen"}) } else { Value::Null };
            let answer = abroad.send(method, route, &body).await;
            answer.problem(401);
            assert_eq!(answer.header("www-authenticate"), r#"Bearer realm="login-lab", error="invalid_token""#);
        }
        assert_eq!(caller.known().await.cart, ["pen"], "{scheme}");
        assert!(there.view().await.rows().next().is_none());
    }
}

#[tokio::test]
async fn what_is_done_in_one_lab_is_not_seen_in_another() {
    let here = Lab::new();
    let there = here.another();
    let caller = there.alice(SESSION_COOKIE).await;
    let before = there.view().await;
    let seen = there.exchanges().await.len();
    here.put("control/users/alice", json!({"role": "admin", "disabled": true})).await.ok::<Value>();
    here.defend(json!({"denylist": true, "hash_ids": true, "check_origin": true})).await;
    here.advance(10_000).await;
    here.post("control/keys/rotate", json!({"retire": true})).await.ok::<Value>();
    here.post("control/restart", Value::Null).await.ok::<Value>();
    here.post("control/reset", Value::Null).await.ok::<Value>();
    let after = there.view().await;
    assert!(after.now - before.now < 5_000);
    assert_eq!((after.users, after.defences, after.keys), (before.users, before.defences, before.keys));
    assert_eq!(there.exchanges().await.len(), seen);
    assert!(caller.is_known().await);
}

#[tokio::test]
async fn only_an_id_of_the_right_form_leads_to_a_lab() {
    let lab = Lab::new();
    for id in [
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAA%2F",
        "..%2F..%2Fetc%2Fpasswd000",
        "AAAAAAAAAAAAAAAAAAAAA%00",
    ] {
        for below in ["", "/api/me", "/control/view"] {
            lab.get(&format!("/lab/{id}{below}"), &[]).await.problem(404);
        }
    }
}

#[tokio::test]
async fn the_root_leads_to_a_new_lab_each_time_and_keeps_the_query() {
    let lab = Lab::new();
    let one = lab.get("/?scheme=token-cookie&lang=ko", &[]).await;
    let two = lab.get("/", &[]).await;
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
    let (path, query) = one.header("location").split_once('?').unwrap();
    assert_eq!(query, "scheme=token-cookie&lang=ko");
    assert_eq!(path.len(), "/lab/".len() + 22);
    assert_ne!(path, two.header("location"));
    assert_eq!(lab.get(path, &[]).await.status, 200);
}

#[tokio::test]
async fn a_person_at_a_wrong_address_is_shown_the_way_in_their_language_and_a_program_gets_a_problem() {
    let lab = Lab::new();
    let browser = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    for (language, way) in [("en", "To a new lab"), ("ko-KR,ko;q=0.9", "새 실험실로 가기")] {
        for address in ["/lab/too-short", "/nowhere", "/lab/too-short/api/me"] {
            let answer = lab.get(address, &[browser, ("accept-language", language)]).await;
            let html = String::from_utf8(answer.body.to_vec()).unwrap();
            assert!(answer.status == 404 && html.contains(way) && html.contains("href=\"/\""), "{address}: {html}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        }
    }
    let chosen = lab.get("/nowhere", &[browser, ("accept-language", "en"), ("cookie", "theme=dark; lang=ko")]).await;
    assert!(
        String::from_utf8(chosen.body.to_vec()).unwrap().contains("새 실험실로 가기"),
        "what was chosen on the page"
    );
    let head = lab.request(&Method::HEAD, "/nowhere", &[browser]).body(Body::empty()).unwrap();
    assert_eq!(lab.raw(head).await.header("content-type"), "text/html; charset=utf-8", "as GET says");
    lab.get("/lab/too-short", &[("accept", "*/*")]).await.problem(404);
    // Another site's link to a lab that is gone, as a course's page has one: it can be had again, but by a click.
    let gone = "/lab/AAAAAAAAAAAAAAAAAAAAAA?experiment=%22steal%22";
    let answer = lab.get(gone, &[browser, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]).await;
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(answer.status == 404 && html.contains(&format!("href=\"{gone}\"")), "{html}");
    let click = [browser, ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")];
    assert_eq!(lab.get(gone, &click).await.status, 200);
    lab.get("api/nothing", &[browser]).await.problem(404);
}
