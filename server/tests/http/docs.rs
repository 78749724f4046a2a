//! The API's description, made from the routes themselves.

use crate::callers::*;
use axum::{body::Body, http::Method};
use serde_json::Value;

#[tokio::test]
async fn the_document_lists_every_route_of_the_contract() {
    let lab = Lab::new();
    let document: Value = lab.get("/openapi.json", &[]).await.ok();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let contract = [
        ("get", ""),
        ("post", "/api/login"),
        ("get", "/api/me"),
        ("post", "/api/cart"),
        ("delete", "/api/cart"),
        ("post", "/api/logout"),
        ("post", "/api/logout-everywhere"),
        ("get", "/api/admin"),
        ("post", "/api/refresh"),
        ("get", "/api/catalog"),
        ("get", "/api/orders"),
        ("post", "/api/orders"),
        ("delete", "/api/orders"),
        ("put", "/api/probes"),
        ("delete", "/api/probes"),
        ("get", "/api/probe"),
        ("post", "/api/probe"),
        ("get", "/control/view"),
        ("get", "/control/events"),
        ("get", "/control/exchanges"),
        ("get", "/control/cookies"),
        ("post", "/control/restart"),
        ("put", "/control/topology"),
        ("post", "/control/nodes/{node}/stop"),
        ("post", "/control/nodes/{node}/start"),
        ("put", "/control/faults"),
        ("put", "/control/users/{name}"),
        ("post", "/control/clock"),
        ("put", "/control/defences"),
        ("post", "/control/keys/rotate"),
        ("get", "/guestbook"),
        ("post", "/control/attacks"),
        ("delete", "/control/attacks"),
        ("put", "/control/guestbook"),
        ("post", "/control/loot"),
        ("delete", "/control/loot"),
        ("post", "/control/loot/{id}/replay"),
        ("post", "/control/crowd"),
        ("post", "/control/crowd/stop"),
        ("post", "/control/reset"),
    ];
    let paths = document["paths"].as_object().unwrap();
    for (method, below) in contract {
        let operation = &paths[&format!("/lab/{{lab}}{below}")][method];
        assert!(operation["summary"].is_string() && operation["responses"].is_object(), "{method} {below}");
    }
    let operations: usize = paths.values().map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(operations, contract.len() + 4, "and /, /healthz, /readyz and /embedded, and nothing else");
}

#[tokio::test]
async fn every_documented_operation_is_there() {
    let lab = Lab::new();
    let document: Value = lab.get("/openapi.json", &[]).await.ok();
    for (path, item) in document["paths"].as_object().unwrap() {
        // The stream does not end, and there is no loot yet to be replayed.
        for method in item.as_object().unwrap().keys().filter(|_| !path.ends_with("/events") && !path.contains("{id}"))
        {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let path = path.replace("{lab}", &lab.id).replace("{name}", "alice").replace("{node}", "1");
            let answer = lab.raw(lab.request(&method, &path, &[]).body(Body::empty()).unwrap()).await;
            assert!(!matches!(answer.status.as_u16(), 404 | 405), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_schema_that_is_referred_to_is_in_the_document() {
    let lab = Lab::new();
    let document: Value = lab.get("/openapi.json", &[]).await.ok();
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    for name in [
        "Login",
        "LoggedIn",
        "Me",
        "Cart",
        "LoggedOut",
        "AdminArea",
        "Problem",
        "ServerView",
        "Exchange",
        "Scheme",
        "Ready",
        "ChangeTopology",
        "SetFaults",
    ] {
        assert!(schemas.contains_key(name), "{name}");
    }
    assert_eq!(schemas["Scheme"]["enum"].as_array().unwrap().len(), 4);
}

/// The schemas that a part of the document refers to.
fn references(part: &Value) -> Vec<String> {
    let text = part.to_string();
    let names = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

#[tokio::test]
async fn each_route_with_a_body_says_which() {
    let lab = Lab::new();
    let document: Value = lab.get("/openapi.json", &[]).await.ok();
    let mut bodies = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
                let below = path.strip_prefix("/lab/{lab}/").unwrap();
                bodies.push(format!("{method} {below} {} {kind}", references(content).join(" ")));
            }
        }
    }
    bodies.sort();
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let mut expected = vec![format!("post api/cart AddItem {form}"), format!("post api/login Login {form}")];
    expected.extend(
        [
            "post api/cart AddItem",
            "post api/login Login",
            "post api/orders PlaceOrder",
            "post api/refresh Refresh",
            "post control/attacks Attacking",
            "post control/clock Advance",
            "post control/crowd CrowdRequest",
            "post control/keys/rotate RotateKeys",
            "post control/loot Take",
            "put control/defences ChangeDefences",
            "put control/faults SetFaults",
            "put control/guestbook Sign",
            "put control/topology ChangeTopology",
            "put control/users/{name} ChangeUser",
        ]
        .map(|body| format!("{body} {json}")),
    );
    expected.sort();
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn it_is_readable_without_a_script() {
    let lab = Lab::new();
    let answer = lab.get("/api-docs", &[]).await;
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(text.contains("<code>POST /lab/{lab}/api/login</code>") && text.contains("/pkg/login-lab.css"));
    assert!(!text.contains("<script") && !text.contains("style="));
}
