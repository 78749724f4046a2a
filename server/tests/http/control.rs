//! The bench's guard, and the defence that is the same guard for the lesson.

use crate::callers::*;
use axum::http::Method;
use domain::exchange::Did;
use serde_json::{Value, json};

const ELSEWHERE: [&[(&str, &str)]; 5] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("origin", "http://127.0.0.1:3666")],
    &[("origin", "null")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:3000")],
];
const HERE: [&[(&str, &str)]; 4] = [
    &[],
    &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:3000")],
    &[("sec-fetch-site", "none")],
    &[("origin", "http://localhost:3000")],
];

fn routes() -> Vec<(Method, &'static str, Value)> {
    vec![
        (Method::GET, "control/view", Value::Null),
        (Method::GET, "control/exchanges", Value::Null),
        (Method::GET, "control/cookies", Value::Null),
        (Method::POST, "control/restart", Value::Null),
        (Method::PUT, "control/topology", json!({"nodes": 2})),
        (Method::POST, "control/nodes/1/stop", Value::Null),
        (Method::POST, "control/nodes/1/start", Value::Null),
        (Method::PUT, "control/faults", json!({})),
        (Method::PUT, "control/users/alice", json!({"role": "admin"})),
        (Method::POST, "control/clock", json!({"advance": 1})),
        (Method::PUT, "control/defences", json!({})),
        (Method::POST, "control/keys/rotate", json!({})),
        (Method::POST, "control/reset", Value::Null),
    ]
}

#[tokio::test]
async fn every_control_route_refuses_another_site_and_takes_this_one_and_curl() {
    let lab = Lab::new();
    for (method, route, body) in routes() {
        for headers in ELSEWHERE {
            lab.send(method.clone(), route, headers, &body).await.problem(403);
        }
        for headers in HERE {
            let answer = lab.send(method.clone(), route, headers, &body).await;
            assert_eq!(answer.status, 200, "{route} {headers:?} {answer:?}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    lab.get("control/events", ELSEWHERE[0]).await.problem(403);
}

#[tokio::test]
async fn the_public_origin_is_this_one_too() {
    let lab = Lab::behind("https://lab.example");
    lab.view().await;
    assert_eq!(lab.get("control/view", &[("origin", "https://lab.example")]).await.status, 200);
    lab.get("control/view", &[("origin", "https://lab.example.evil")]).await.problem(403);
}

#[tokio::test]
async fn each_change_answers_with_the_new_view() {
    let lab = Lab::new();
    lab.alice(SESSION_COOKIE).await;
    let view: domain::view::ServerView = lab.put("control/users/alice", json!({"role": "admin"})).await.ok();
    assert_eq!(view.users[0].role, domain::user::Role::Admin);
    assert_eq!(view.rows().next().unwrap().role, domain::user::Role::Admin);
    let view = lab.defend(json!({"check_origin": true})).await;
    assert!(view.defences.check_origin && !view.defences.denylist);
    let view = lab.defend(json!({"denylist": true})).await;
    assert!(view.defences.check_origin, "what is left away stays");
    let view: domain::view::ServerView = lab.post("control/restart", Value::Null).await.ok();
    assert_eq!((view.rows().count(), view.nodes[0].requests, view.nodes[0].up), (0, 0, true));
}

#[tokio::test]
async fn unknown_users_fields_and_types_are_refused() {
    let lab = Lab::new();
    lab.put("control/users/mallory", json!({"role": "admin"})).await.problem(404);
    lab.put("control/users/alice", json!({"role": "root"})).await.problem(400);
    lab.put("control/users/alice", json!({"name": "x"})).await.problem(400);
    lab.put("control/defences", json!({"guestbook_cps": true})).await.problem(400);
    lab.post("control/keys/rotate", json!({"retire": "yes"})).await.problem(400);
    lab.form("control/clock", &[], "advance=5").await.problem(415);
    lab.post("control/clock", json!({"advance": "x".repeat(20_000)})).await.problem(413);
    lab.get("control/nothing", &[]).await.problem(404);
    let answer = lab.get("control/restart", &[]).await;
    answer.problem(405);
    assert_eq!(answer.header("allow"), "POST", "no state changes by GET");
    let retired = lab.request(&Method::POST, "control/keys/rotate", &[]).body(axum::body::Body::empty()).unwrap();
    assert_eq!(lab.raw(retired).await.status, 200, "without a body too");
}

#[tokio::test]
async fn with_the_defence_on_what_changes_something_must_come_from_here() {
    let lab = Lab::new();
    let changes = [
        (Method::POST, "api/login", login("alice", SESSION_COOKIE)),
        (Method::POST, "api/cart", json!({"item": "pen"})),
        (Method::DELETE, "api/cart", Value::Null),
        (Method::POST, "api/logout", Value::Null),
    ];
    let attack = |method: Method, route: &'static str, body: Value, cookie: String, lab: Lab| async move {
        let headers = [("sec-fetch-site", "cross-site"), ("cookie", cookie.as_str())];
        lab.send(method, route, &headers, &body).await
    };
    for (method, route, body) in changes {
        lab.defend(json!({"check_origin": false})).await;
        let cookie = format!("sid={}", lab.alice(SESSION_COOKIE).await.credential());
        let answer = attack(method.clone(), route, body.clone(), cookie, lab.clone()).await;
        assert_eq!(answer.status, 200, "{route}: without the defence the attack works");
        assert!(!lab.steps().await.contains(&Did::CheckedOrigin));
        lab.defend(json!({"check_origin": true})).await;
        let cookie = format!("sid={}", lab.alice(SESSION_COOKIE).await.credential());
        attack(method.clone(), route, body.clone(), cookie.clone(), lab.clone()).await.problem(403);
        assert_eq!(lab.steps().await[0], Did::CheckedOrigin);
        for headers in HERE {
            let with_cookie: Vec<_> = headers.iter().copied().chain([("cookie", cookie.as_str())]).collect();
            let answer = lab.send(method.clone(), route, &with_cookie, &body).await;
            assert_ne!(answer.status, 403, "{route} {headers:?}");
        }
    }
    assert_eq!(lab.get("api/me", ELSEWHERE[0]).await.status, 401, "reading is not stopped by it");
}
