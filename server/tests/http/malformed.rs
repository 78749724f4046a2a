//! Nothing that anybody sends makes the server fail.

use crate::callers::*;
use axum::{
    body::Body,
    http::{HeaderValue, Method},
};
use serde_json::json;

#[tokio::test]
async fn whatever_stands_in_a_body_is_refused_in_plain_words() {
    let lab = Lab::new();
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    let table: Vec<(&str, &[u8], &str, u16, &str)> = vec![
        ("api/login", b"", json, 400, "EOF"),
        ("api/login", b"{", json, 400, "EOF"),
        ("api/login", b"null", json, 400, "expected struct Login"),
        ("api/login", b"[]", json, 400, ""),
        ("api/login", br#"{"username":"a"}"#, json, 400, "missing field"),
        ("api/login", br#"{"username":"a","password":"b","scheme":"basic"}"#, json, 400, "session-cookie"),
        ("api/login", br#"{"username":"a","password":"b","scheme":"session-cookie","admin":true}"#, json, 400, "admin"),
        (
            "api/login",
            br#"{"username":"a","password":"b","scheme":"session-cookie","cookie":{"domain":"x"}}"#,
            json,
            400,
            "domain",
        ),
        (
            "api/login",
            br#"{"username":"a","password":"b","scheme":"session-cookie","cookie":{"path":"/x"}}"#,
            json,
            400,
            "",
        ),
        (
            "api/login",
            br#"{"username":"a","username":"b","password":"b","scheme":"session-cookie"}"#,
            json,
            400,
            "duplicate",
        ),
        ("api/login", br#"{"username":"","password":"","scheme":"session-cookie"}"#, json, 422, "1 to 128"),
        ("api/login", b"{\"username\":\"\xff\"}", json, 400, ""),
        ("api/login", br#"{"username":"a"}"#, "text/plain", 415, "application/json"),
        ("api/login", br#"{"username":"a"}"#, "multipart/form-data; boundary=x", 415, "application/json"),
        ("api/cart", b"{}", json, 400, "item"),
        ("api/cart", br#"{"item":1}"#, json, 400, "string"),
        ("api/cart", br#"{"item":"pen","price":0}"#, json, 400, "price"),
        ("api/cart", br#"{"item":""}"#, json, 422, "1 to 64"),
        ("control/clock", br#"{"advance":1e99}"#, json, 400, ""),
        ("control/clock", b"advance=1", form, 415, "application/json"),
        ("control/keys/rotate", b"retire", json, 400, ""),
    ];
    for (route, body, kind, status, says) in table {
        let request = lab.request(&Method::POST, route, &[("content-type", kind)]);
        let problem = lab.raw(request.body(Body::from(body.to_vec())).unwrap()).await.problem(status);
        assert!(problem.detail.contains(says), "{route}: {} says not {says}", problem.detail);
    }
    let no_type = lab.request(&Method::POST, "api/cart", &[]).body(Body::from(r#"{"item":"pen"}"#)).unwrap();
    lab.raw(no_type).await.problem(415);
    let deep = "[".repeat(16_000);
    let request = lab.request(&Method::POST, "api/login", &[("content-type", "application/json")]);
    lab.raw(request.body(Body::from(deep)).unwrap()).await.problem(400);
}

#[tokio::test]
async fn every_method_is_answered_on_every_address() {
    let lab = Lab::new();
    let addresses = [
        "",
        "api",
        "api/",
        "api/login",
        "api/me",
        "api/cart",
        "api/logout",
        "api/logout-everywhere",
        "api/admin",
        "api/catalog",
        "api/orders",
        "api/probes",
        "api/probe",
        "api/refresh",
        "api/x/y/z",
        "control/view",
        "control/exchanges",
        "control/cookies",
        "control/restart",
        "control/users/alice",
        "control/clock",
        "control/defences",
        "control/keys/rotate",
        "control/reset",
        "control/x",
        "/",
        "/healthz",
        "/openapi.json",
        "/api-docs",
        "/nothing",
        "/lab",
        "/lab/",
        "/pkg/x.js",
        "/%00",
        "/lab/%ff%fe/api/me",
    ];
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"];
    for below in addresses {
        for method in methods {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = lab.raw(lab.request(&method, below, &[]).body(Body::empty()).unwrap()).await;
            assert!(answer.status.as_u16() < 500, "{method} {below}: {answer:?}");
            if answer.status.is_client_error() && method != Method::HEAD {
                let problem = answer.problem(answer.status.as_u16());
                assert!(problem.status != 405 || !answer.header("allow").is_empty(), "{method} {below}");
            }
            assert!(!answer.headers.contains_key("access-control-allow-origin"));
            // The probe may be asked in every way.
            let is_refused = answer.status.is_client_error() || below == "api/probe";
            assert!(method != Method::TRACE || is_refused, "{below}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn head_works_where_get_does() {
    let lab = Lab::new();
    for below in ["", "api/me", "control/view", "/healthz", "/openapi.json", "/api-docs"] {
        let (get, head) = (Method::GET, Method::HEAD);
        let get = lab.raw(lab.request(&get, below, &[]).body(Body::empty()).unwrap()).await;
        let head = lab.raw(lab.request(&head, below, &[]).body(Body::empty()).unwrap()).await;
        assert_eq!((get.status, get.header("content-type")), (head.status, head.header("content-type")), "{below}");
        assert!(head.body.is_empty());
    }
}

#[tokio::test]
async fn odd_headers_make_nothing_fail() {
    let lab = Lab::new();
    let odd = [
        ("cookie", &b"\xff\xfe=\xff; ;;; =; sid"[..]),
        ("cookie", b"sid=\xff\xfe"),
        ("authorization", b"Bearer \xff\xfe"),
        ("authorization", b"\xff"),
        ("content-type", b"\xff"),
        ("content-length", b"nonsense"),
        ("host", b"\xff"),
        ("origin", b"\xff"),
        ("sec-fetch-site", b"\xff"),
        ("accept-language", b";;;q=\xff"),
        ("user-agent", b"\xff"),
        ("last-event-id", b"\xff"),
        ("referer", b"\xff?\xff"),
    ];
    for (name, value) in odd {
        for (method, below) in
            [(Method::GET, ""), (Method::GET, "api/me"), (Method::POST, "api/login"), (Method::GET, "control/view")]
        {
            let mut request = lab.request(&method, below, &[]).body(Body::empty()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
            let answer = lab.raw(request).await;
            assert!(answer.status.as_u16() < 500, "{name} {below}: {answer:?}");
        }
    }
    assert!(!lab.exchanges().await.is_empty());
}

#[tokio::test]
async fn odd_queries_make_nothing_fail() {
    let lab = Lab::new();
    for query in ["?scheme=%ff&lang=%00", "?outcome=%3Cscript%3E", "?scheme", "?&&&=&", "?lang=ko&lang=en&lang=xx"] {
        let page = lab.get(query, &[]).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(!String::from_utf8_lossy(&page.body).contains("<script>alert"));
        let answer = lab.form(&format!("api/logout{query}"), &[], "").await;
        assert_eq!(answer.status, 303, "{query}");
    }
    let home = lab.get("/?x=%0d%0aset-cookie:%20a=b", &[]).await;
    assert_eq!(home.status, 303);
    assert!(home.set_cookies().is_empty());
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_refused_in_plain_words() {
    let lab = Lab::new();
    for query in ["after=x", "after=-1", "after=1&after=2", "after=", "after=18446744073709551616", "after=%ff"] {
        let problem = lab.get(&format!("control/exchanges?{query}"), &[]).await.problem(400);
        assert!(problem.detail.contains("?after="), "{query}: {}", problem.detail);
    }
    for query in ["", "?", "?after=0", "?after=18446744073709551615"] {
        assert_eq!(lab.get(&format!("control/exchanges{query}"), &[]).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn numbers_at_the_edge_make_nothing_overflow() {
    let lab = Lab::new();
    for _ in 0..100 {
        lab.advance(31_536_000).await;
    }
    for scheme in domain::scheme::Scheme::ALL {
        let mut body = login("alice", scheme);
        for name in ["lifetime", "idle", "token_lifetime"] {
            body[name] = json!(31_536_000);
        }
        body["cookie"] = json!({"max_age": 34_560_000});
        assert_eq!(lab.post("api/login", body).await.status, 200);
    }
    lab.view().await;
}

#[tokio::test]
async fn a_route_that_takes_no_body_refuses_what_is_no_empty_object() {
    let lab = Lab::new();
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let routes = [
        (Method::POST, "api/logout"),
        (Method::POST, "api/logout-everywhere"),
        (Method::DELETE, "api/cart"),
        (Method::DELETE, "api/orders?number=1"),
        (Method::PUT, "api/probes?n=1"),
        (Method::DELETE, "api/probes?n=1"),
        (Method::POST, "control/restart"),
        (Method::POST, "control/reset"),
        (Method::POST, "control/nodes/1/stop"),
        (Method::POST, "control/nodes/1/start"),
        (Method::DELETE, "control/attacks"),
        (Method::DELETE, "control/loot"),
        (Method::POST, "control/loot/1/replay"),
        (Method::POST, "control/crowd/stop"),
    ];
    for (method, route) in routes {
        let send = async |kind: &str, body: &str| {
            let request = lab.request(&method, route, &[("content-type", kind)]);
            lab.raw(request.body(Body::from(body.to_owned())).unwrap()).await
        };
        for body in ["[\"x\"", "[]", "{", "null", "{\"x\":1}"] {
            send(json, body).await.problem(400);
        }
        send("text/plain", "{}").await.problem(415);
        if !route.starts_with("api/logout") {
            send(form, "x=1").await.problem(415);
        }
        for (kind, body) in [("text/plain", ""), (json, ""), (json, "{}")] {
            let answer = send(kind, body).await;
            let said = String::from_utf8_lossy(&answer.body);
            assert!(answer.status != 415 && !said.contains("the body"), "{method} {route} {kind} {body}: {said}");
        }
    }
    for route in ["api/logout", "api/logout-everywhere"] {
        let alice = lab.alice(SESSION_COOKIE).await;
        let cookie = format!("sid={}", alice.credential());
        let refused = lab.form(route, &[("cookie", &cookie)], "x=1").await;
        assert!(refused.header("location").ends_with("outcome=refused"), "{refused:?}");
        let done = lab.form(route, &[("cookie", &cookie)], "").await;
        assert!(done.header("location").ends_with("outcome=logged-out"), "{done:?}");
    }
}
