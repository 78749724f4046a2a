//! Whom the server does not take for anybody (RFC 6750 §3.1), in its exact words.

use crate::callers::*;
use axum::http::Method;
use domain::{
    api::Me,
    exchange::Did,
    scheme::{Carrier, Scheme},
};
use serde_json::{Value, json};

const NO_CODE: &str = r#"Bearer realm="login-lab""#;
const INVALID_TOKEN: &str = r#"Bearer realm="login-lab", error="invalid_token""#;
const INVALID_REQUEST: &str = r#"Bearer realm="login-lab", error="invalid_request""#;
const TOO_LITTLE: &str = r#"Bearer realm="login-lab", error="insufficient_scope""#;

const ROUTES: [(Method, &str); 6] = [
    (Method::GET, "api/me"),
    (Method::POST, "api/cart"),
    (Method::DELETE, "api/cart"),
    (Method::POST, "api/logout"),
    (Method::POST, "api/logout-everywhere"),
    (Method::GET, "api/admin"),
];

#[track_caller]
fn refused(answer: &Answer, status: u16, challenge: &str) {
    answer.problem(status);
    assert_eq!(answer.header("www-authenticate"), challenge);
}

async fn ask(lab: &Lab, method: &Method, route: &str, headers: &[(&str, &str)]) -> Answer {
    let body = if (method, route) == (&Method::POST, "api/cart") { json!({"item": "pen"}) } else { Value::Null };
    lab.send(method.clone(), route, headers, &body).await
}

#[tokio::test]
async fn without_a_credential_there_is_no_error_code() {
    let lab = Lab::new();
    for headers in [
        vec![],
        vec![("authorization", "Basic YTpi")],
        vec![("cookie", "lang=ko; SID=x")],
        vec![("authorization", "Bearer")],
    ] {
        for (method, route) in &ROUTES {
            refused(&ask(&lab, method, route, &headers).await, 401, NO_CODE);
            assert!(lab.steps().await.contains(&Did::FoundNothing));
        }
    }
}

#[tokio::test]
async fn a_credential_that_is_no_good_is_invalid_never_anonymous() {
    let lab = Lab::new();
    let bad = [
        ("cookie", "sid=AAAAAAAAAAAAAAAAAAAAAA"),
        ("cookie", "sid="),
        ("cookie", "sid=../../etc/passwd"),
        ("cookie", "__Host-sid=AAAAAAAAAAAAAAAAAAAAAA"),
        ("cookie", "token=eyJhbGciOiJub25lIn0.e30."),
        ("cookie", "token=x"),
        ("authorization", "Bearer AAAAAAAAAAAAAAAAAAAAAA"),
        ("authorization", "bearer a.b.c"),
        ("authorization", "BEARER \u{e9}"),
    ];
    for (name, value) in bad {
        for (method, route) in &ROUTES {
            refused(&ask(&lab, method, route, &[(name, value)]).await, 401, INVALID_TOKEN);
        }
    }
}

#[tokio::test]
async fn more_than_one_credential_is_too_many_even_when_each_is_good() {
    let lab = Lab::new();
    let (cookie, bearer) = (lab.alice(SESSION_COOKIE).await.credential(), lab.alice(TOKEN_STORAGE).await.credential());
    let (sid, authorization) = (format!("sid={cookie}"), format!("Bearer {bearer}"));
    let twice = format!("{sid}; {sid}");
    let pairs = [
        vec![("cookie", sid.as_str()), ("authorization", authorization.as_str())],
        vec![("cookie", twice.as_str())],
        vec![("cookie", sid.as_str()), ("cookie", sid.as_str())],
        vec![("authorization", authorization.as_str()), ("authorization", authorization.as_str())],
        vec![("cookie", "sid=a; token=b")],
        vec![("cookie", "sid=a; __Host-sid=b")],
    ];
    for headers in pairs {
        for (method, route) in &ROUTES {
            refused(&ask(&lab, method, route, &headers).await, 400, INVALID_REQUEST);
            assert!(lab.steps().await.contains(&Did::FoundTooMany));
        }
    }
    assert_eq!(lab.view().await.rows().count(), 1, "nothing happened to the session");
}

#[tokio::test]
async fn too_little_right_is_told_so() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let caller = lab.alice(scheme).await;
        refused(&caller.send(Method::GET, "api/admin", &Value::Null).await, 403, TOO_LITTLE);
    }
}

#[tokio::test]
async fn whoever_has_a_copy_is_let_in_whatever_carries_it() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let caller = lab.alice(scheme).await;
        let value = caller.credential();
        let name = scheme.credential.cookie_name(false);
        let (carrier, header, line) = match scheme.carrier {
            Carrier::Cookie => (Carrier::LocalStorage, "authorization", format!("Bearer {value}")),
            Carrier::LocalStorage => (Carrier::Cookie, "cookie", format!("{name}={value}")),
        };
        let answer = lab.get("api/me", &[(header, &line)]).await;
        let me: Me = answer.ok();
        assert_eq!((me.user.name.as_str(), me.scheme), ("alice", Scheme { carrier, ..scheme }));
        assert!(caller.is_known().await);
    }
}

#[tokio::test]
async fn a_forged_role_is_noticed() {
    let lab = Lab::new();
    let caller = lab.alice(TOKEN_STORAGE).await;
    let token = domain::claims::UnverifiedToken::read_unverified(&caller.credential()).unwrap();
    let mut payload = token.payload.clone();
    payload["role"] = json!("admin");
    let bearer = format!("Bearer {}", token.with_payload(&payload));
    refused(&lab.get("api/admin", &[("authorization", &bearer)]).await, 401, INVALID_TOKEN);
}
