//! The record: what is in it, and what never is.

use crate::callers::*;
use axum::{
    body::Body,
    http::{HeaderValue, Method},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::exchange::{Did, Sender, header};
use serde_json::{Value, json};

#[tokio::test]
async fn a_request_is_recorded_as_received_and_its_answer_as_sent() {
    let lab = Lab::new();
    let mut caller = lab.alice(SESSION_COOKIE).await;
    let answer = caller.add("연필").await;
    let exchange = lab.exchanges().await.pop().unwrap();
    assert_eq!((exchange.request.method.as_str(), exchange.request.route()), ("POST", "api/cart"));
    assert_eq!(exchange.request.body.as_deref(), Some(r#"{"item":"연필"}"#));
    let cookie = format!("sid={}", caller.credential());
    assert_eq!(header(&exchange.request.headers, "cookie").collect::<Vec<_>>(), [cookie]);
    assert_eq!(exchange.response.status, 200);
    assert_eq!(exchange.response.body.as_deref().map(str::as_bytes), Some(&answer.body[..]));
    for (name, value) in &answer.headers {
        let value = value.to_str().unwrap();
        assert!(header(&exchange.response.headers, name.as_str()).any(|recorded| recorded == value), "{name}");
    }
    assert_eq!((exchange.node, answer.header("x-node")), (Some(1), "1"));
    let did: Vec<_> = exchange.steps.iter().map(|step| step.did).collect();
    assert_eq!(did, [Did::FoundCookie, Did::LookedUp, Did::Identified, Did::UpdatedSession]);
    assert!(answer.header("server-timing").starts_with("found-cookie;dur=0.000, looked-up;dur="));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn of_a_header_that_is_no_utf_8_each_byte_is_shown() {
    let lab = Lab::new();
    lab.view().await;
    let mut request = lab.request(&Method::GET, "api/me", &[]).body(Body::empty()).unwrap();
    request.headers_mut().insert("x-name", HeaderValue::from_bytes(b"caf\xe9").unwrap());
    request.headers_mut().insert("x-utf-8", HeaderValue::from_bytes("café".as_bytes()).unwrap());
    assert_eq!(lab.raw(request).await.status, 401);
    let exchange = lab.exchanges().await.pop().unwrap();
    for name in ["x-name", "x-utf-8"] {
        assert_eq!(header(&exchange.request.headers, name).collect::<Vec<_>>(), ["café"], "{name}");
    }
}

#[tokio::test]
async fn the_steps_tell_what_each_scheme_costs_the_server() {
    let lab = Lab::new();
    lab.alice(SESSION_STORAGE).await.me().await;
    assert_eq!(lab.steps().await, [Did::FoundBearer, Did::LookedUp, Did::Identified]);
    lab.alice(TOKEN_COOKIE).await.me().await;
    assert_eq!(lab.steps().await, [Did::FoundCookie, Did::Verified, Did::Identified]);
    lab.alice(TOKEN_STORAGE).await.add("pen").await;
    assert_eq!(lab.steps().await, [Did::FoundBearer, Did::Verified, Did::Identified, Did::SignedToken]);
    lab.alice(SESSION_COOKIE).await.log_out().await;
    let expected = [Did::FoundCookie, Did::LookedUp, Did::Identified, Did::DeletedSession, Did::ClearedCookie];
    assert_eq!(lab.steps().await, expected);
}

#[tokio::test]
async fn what_is_refused_is_recorded_with_the_reason() {
    let lab = Lab::new();
    let asked = [(Method::GET, "api/nothing", 404), (Method::PUT, "api/me", 405), (Method::POST, "api/cart", 415)];
    for (method, route, status) in asked {
        let request = lab.request(&method, route, &[]).body(Body::from("x")).unwrap();
        lab.raw(request).await.problem(status);
        let exchange = lab.exchanges().await.pop().unwrap();
        assert_eq!((exchange.request.route(), exchange.response.status), (route, status));
        assert_eq!(exchange.steps.last().map(|step| step.did), Some(Did::Refused));
    }
}

#[tokio::test]
async fn the_page_is_recorded_without_its_text_and_the_bench_not_at_all() {
    let lab = Lab::new();
    lab.get("?scheme=token-cookie", &[]).await;
    lab.view().await;
    lab.get("", &[("accept", "text/html")]).await;
    let exchanges = lab.exchanges().await;
    assert_eq!(exchanges.len(), 2);
    assert_eq!(exchanges[0].response.body, None);
    assert!(exchanges[0].steps.iter().any(|step| step.did == Did::Rendered && step.detail == "for nobody"));
}

#[tokio::test]
async fn the_sender_is_who_the_browser_says() {
    let lab = Lab::new();
    lab.view().await;
    let said = [
        (vec![("sec-fetch-site", "same-origin")], Sender::Page),
        (vec![("sec-fetch-site", "none")], Sender::Page),
        (vec![("sec-fetch-site", "cross-site")], Sender::Attacker),
        (vec![("sec-fetch-site", "same-site")], Sender::Attacker),
        (vec![], Sender::Other),
    ];
    for (headers, sender) in said {
        lab.get("api/me", &headers).await;
        assert_eq!(lab.exchanges().await.pop().unwrap().from, sender);
    }
}

#[tokio::test]
async fn two_hundred_exchanges_are_kept_and_their_numbers_grow_by_one() {
    let lab = Lab::new();
    for _ in 0..210 {
        lab.get("api/me", &[]).await;
    }
    let ids: Vec<_> = lab.exchanges().await.iter().map(|exchange| exchange.id).collect();
    assert_eq!(ids, (11..=210).collect::<Vec<_>>());
}

#[tokio::test]
async fn no_password_is_anywhere_in_the_record_however_it_was_sent() {
    const PASSWORD: &str = "hunter2hunter2";
    let lab = Lab::new();
    let json = json!({"username": "alice", "password": PASSWORD, "scheme": "session-cookie"}).to_string();
    let form = format!("username=alice&password={PASSWORD}&scheme=session-cookie");
    let bodies: Vec<Vec<u8>> = vec![
        json.clone().into(),
        form.clone().into(),
        json[..json.len() - 1].into(),
        format!("[{json}]").into(),
        format!(r#"{{"username":"alice","password":["{PASSWORD}"],"scheme":"session-cookie"}}"#).into(),
        format!(r#"{{"username":"alice","pasword":"{PASSWORD}"}}"#).into(),
        format!(r#"{{"username":"alice","Password":"{PASSWORD}"}}"#).into(),
        format!("username=alice&pw={PASSWORD}&scheme=x").into(),
        [form.as_bytes(), b"&x=\xff"].concat(),
        [json.as_bytes(), b"\xff"].concat(),
    ];
    // What is no object may be a password as a whole only where one is asked for.
    let bare = ["\"{}\"", "[\"{}\"]", "{}", "{} {}"].map(|text| text.replace("{}", PASSWORD).into_bytes());
    let types = ["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data"];
    for route in ["api/login", "api/logn", "api/me", "api/cart", "api/logout"] {
        for body in bodies.iter().chain(bare.iter().filter(|_| route == "api/login")) {
            for kind in types {
                let request = lab.request(&Method::POST, route, &[("content-type", kind)]);
                let answer = lab.raw(request.body(Body::from(body.clone())).unwrap()).await;
                assert!(answer.status.as_u16() < 500, "{answer:?}");
            }
        }
    }
    lab.get(&format!("api/login?username=alice&password={PASSWORD}"), &[]).await;
    lab.get(&format!("api/me?p%61ss={PASSWORD}&PW={PASSWORD}"), &[("x-password", PASSWORD)]).await;
    lab.get("api/me", &[("referer", &format!("http://x/?password={PASSWORD}"))]).await;
    let record = lab.get("control/exchanges", &[]).await;
    let text = String::from_utf8(record.body.to_vec()).unwrap();
    assert!(text.contains("•••"));
    let exchanges: Vec<domain::exchange::Exchange> = serde_json::from_str(&text).unwrap();
    for base64 in exchanges.iter().filter_map(|exchange| exchange.request.body_base64.as_ref()) {
        assert!(!String::from_utf8_lossy(&STANDARD.decode(base64).unwrap()).contains(PASSWORD));
    }
    assert!(
        !text.contains(PASSWORD),
        "{}",
        text.split(PASSWORD)
            .next()
            .unwrap()
            .chars()
            .rev()
            .take(300)
            .collect::<String>()
            .chars()
            .rev()
            .collect::<String>()
    );
    let view: Value = lab.get("control/view", &[]).await.ok();
    assert!(!view.to_string().contains(PASSWORD));
}

#[tokio::test]
async fn no_demo_user_s_password_is_in_the_record_wherever_a_request_put_it() {
    let lab = Lab::new();
    let json = "application/json";
    for spelt in ["alice-password", "%61lice-password", "alice%2dpassword", "\\u0061lice-password"] {
        let bodies =
            [format!(r#"{{"item":"{spelt}"}}"#), format!("item={spelt}"), spelt.to_owned(), format!("[{spelt}")];
        for (route, body) in
            ["api/cart", "api/login", "api/x"].iter().flat_map(|route| bodies.iter().map(move |b| (route, b)))
        {
            let request = lab.request(&Method::POST, route, &[("content-type", json)]);
            lab.raw(request.body(Body::from(body.clone())).unwrap()).await;
        }
        lab.get(
            "api/me",
            &[("x-a", spelt), ("cookie", &format!("a={spelt}")), ("authorization", &format!("Bearer {spelt}"))],
        )
        .await;
        if !spelt.contains('\\') {
            lab.get(&format!("api/{spelt}?a={spelt}"), &[("referer", &format!("http://x/{spelt}"))]).await;
        }
    }
    let text = String::from_utf8(lab.get("control/exchanges", &[]).await.body.to_vec()).unwrap();
    assert!(!text.contains("lice-password") && !text.contains("lice%2dpassword"), "{text}");
}

#[tokio::test]
async fn a_body_is_recorded_byte_for_byte_whatever_it_is() {
    let lab = Lab::new();
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let bodies: [(&str, &str, &[u8]); 8] = [
        ("api/cart", json, br#"{"item":"pen","item":"mug"}"#),
        ("api/orders", json, br#" {"item" : 1e2, "n":-0.0 }"#),
        ("api/cart", form, b"item=a%26b+c%20d&&item="),
        ("api/cart", json, br#"["pen"]"#),
        ("api/cart", "text/plain", b"@pen\n\r\n\0"),
        ("api/login", json, br#"{"username":"a","lifetime":1.50,"username":"b"}"#),
        ("api/orders", json, b"\xff\xfe\x00{"),
        ("api/nothing", "x", "연필".as_bytes()),
    ];
    for (route, kind, body) in bodies {
        let request = lab.request(&Method::POST, route, &[("content-type", kind)]);
        let answer = lab.raw(request.body(Body::from(body)).unwrap()).await;
        let recorded = lab.exchanges().await.pop().unwrap();
        assert_eq!(recorded.response.status, answer.status.as_u16());
        let (text, base64) = (recorded.request.body, recorded.request.body_base64);
        match std::str::from_utf8(body) {
            Ok(body) => assert_eq!((text.as_deref(), base64), (Some(body), None)),
            Err(_) => assert_eq!((text, base64), (None, Some(STANDARD.encode(body)))),
        }
    }
}
