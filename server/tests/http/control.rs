//! The bench's guard, and the defence that is the same guard for the lesson.

use crate::{callers::*, described::*};
use axum::{
    body::Body,
    http::{Method, Request},
};
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

#[tokio::test]
async fn every_control_route_refuses_another_site_and_takes_this_one_and_curl() {
    let lab = Lab::new();
    let document = document(&lab).await;
    let routes: Vec<_> = operations(&document).into_iter().filter(|route| route.path.contains("/control/")).collect();
    assert!(routes.len() > 20 && routes.iter().all(|route| route.is("bench")));
    for route in &routes {
        let (method, below) = (&route.method, route.below().unwrap());
        let body = route.body().map_or(Value::Null, |schema| smallest(&document, schema));
        for headers in ELSEWHERE {
            lab.send(method.clone(), &below, headers, &body).await.problem(403);
        }
        for headers in HERE {
            let request = lab.request(method, &below, headers).header("content-type", "application/json");
            let sent = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
            let answer = lab.open(request.body(sent).unwrap()).await;
            // There is neither a window to attack with nor any loot to be used.
            let expected = match below.as_str() {
                "control/attacks" if method == Method::POST => 409,
                "control/loot/1/replay" => 404,
                // The version that was read is the first one's.
                "control/results" if method == Method::PUT && !headers.is_empty() => 409,
                _ => 200,
            };
            assert_eq!(answer.status(), expected, "{method} {below} {headers:?}");
            assert!(answer.headers()["cache-control"].to_str().unwrap().starts_with("no-"), "{below}");
        }
    }
}

#[tokio::test]
async fn a_public_origin_is_the_only_one_by_scheme_host_and_port() {
    let lab = Lab::behind("https://lab.example");
    lab.view().await;
    let ask = async |host: &str, origin: &str| {
        let request = Request::get(lab.path("control/view")).header("host", host).header("origin", origin);
        lab.raw(request.body(Body::empty()).unwrap()).await
    };
    for host in ["lab.example", "10.0.0.7:3000"] {
        assert_eq!(ask(host, "https://lab.example").await.status, 200);
    }
    for origin in ["https://lab.example.evil", "https://lab.example:8443", "http://lab.example", "http://evil.example"]
    {
        for host in ["lab.example", "evil.example", "lab.example:8443"] {
            ask(host, origin).await.problem(403);
        }
    }
}

#[tokio::test]
async fn without_a_public_origin_it_is_the_host_that_was_asked_by_plain_http() {
    let lab = Lab::new();
    lab.view().await;
    for (origin, status) in [
        ("http://localhost:3000", 200),
        ("https://localhost:3000", 403),
        ("http://localhost", 403),
        ("http://localhost:3000.evil.example", 403),
    ] {
        assert_eq!(lab.get("control/view", &[("origin", origin)]).await.status, status, "{origin}");
    }
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
