//! The API's description, made from the routes themselves.

use crate::{callers::*, described::*};
use axum::{body::Body, http::Method};
use serde_json::{Value, json};

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
        ("get", "/control/results"),
        ("put", "/control/results"),
    ];
    let paths = document["paths"].as_object().unwrap();
    for (method, below) in contract {
        let operation = &paths[&format!("/lab/{{lab}}{below}")][method];
        assert!(operation["summary"].is_string() && operation["responses"].is_object(), "{method} {below}");
    }
    let operations: usize = paths.values().map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(
        operations,
        contract.len() + 6,
        "and /, /healthz, /readyz, /metrics, /guide/{{lang}} and /embedded, and nothing else"
    );
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
            let path = path
                .replace("{lab}", &lab.id)
                .replace("{lang}", "en")
                .replace("{name}", "alice")
                .replace("{node}", "1");
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
            "put control/results KeepResults",
            "put control/topology ChangeTopology",
            "put control/users/{name} ChangeUser",
        ]
        .map(|body| format!("{body} {json}")),
    );
    expected.sort();
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn every_error_of_every_route_is_described_as_a_problem_document() {
    let document = document(&Lab::new()).await;
    for Operation { method, path, says } in operations(&document) {
        for (status, response) in says["responses"].as_object().unwrap() {
            assert!(!response["description"].as_str().unwrap_or_default().is_empty(), "{method} {path} {status}");
            if status.starts_with(['4', '5']) && path != "/readyz" {
                let problem = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
                assert_eq!(
                    response["content"],
                    json!({"application/problem+json": problem}),
                    "{method} {path} {status}"
                );
            }
        }
    }
}

#[tokio::test]
async fn nothing_in_the_document_is_null_but_a_default() {
    fn check(value: &Value, name: &str) {
        assert!(!value.is_null() || name.ends_with("/default"), "{name}");
        let fields = value.as_object().into_iter().flatten().map(|(field, value)| (field.clone(), value));
        let items = value.as_array().into_iter().flatten().enumerate().map(|(n, item)| (n.to_string(), item));
        fields.chain(items).for_each(|(below, value)| check(value, &format!("{name}/{below}")));
    }
    check(&document(&Lab::new()).await, "");
}

#[tokio::test]
async fn what_a_route_takes_says_what_it_refuses() {
    let document = document(&Lab::new()).await;
    for operation in operations(&document) {
        let mut expected = vec![];
        if operation.path.contains("{lab}") {
            expected.push(404);
            assert_eq!(operation.says["parameters"][0]["name"], "lab");
        }
        if operation.is("bench") {
            expected.push(403);
        }
        if operation.is("lesson") {
            expected.extend([408, 413, 502]);
        }
        if operation.path != "/healthz" {
            expected.extend([400, 503]);
        }
        let changes = operation.below().is_some() && operation.method != Method::GET;
        if changes && !operation.path.ends_with("/probe") {
            expected.extend([400, 408, 413, 415]);
        }
        if operation.says["security"].is_array() {
            expected.extend([400, 401]);
        }
        for status in expected {
            assert!(operation.answers(status).is_object(), "{} {} {status}", operation.method, operation.path);
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_is_answered_as_it_is_described() {
    let lab = Lab::new();
    lab.defend(json!({"check_origin": true})).await;
    let document = document(&lab).await;
    let mut short = lab.clone();
    "short".clone_into(&mut short.id);
    let twice = [("cookie", "sid=a"), ("authorization", "Bearer b")];
    let typed = |kind| [("content-type", kind), ("sec-fetch-site", "same-origin")];
    for operation in operations(&document) {
        let Some(below) = operation.below() else { continue };
        let send = async |lab: &Lab, headers: &[(&str, &str)], body: String| {
            let request = lab.request(&operation.method, &below, headers).body(Body::from(body)).unwrap();
            let answer = lab.raw(request).await;
            let (status, name) = (answer.status.as_u16(), format!("{} {below}", operation.method));
            assert!(operation.answers(status).is_object(), "{name}: {answer:?}");
            if status >= 400 {
                answer.problem(status);
            }
            status
        };
        assert_eq!(send(&short, &[], String::new()).await, 404, "{below}");
        if operation.is("bench") {
            assert_eq!(send(&lab, &[("sec-fetch-site", "cross-site")], String::new()).await, 403, "{below}");
        } else if operation.answers(403).is_object() && !operation.method.is_safe() {
            assert_eq!(send(&lab, &[("origin", "http://evil.example")], String::new()).await, 403, "{below}");
        }
        let over = if below == "control/results" { 600_000 } else { 20_000 };
        if operation.body().is_some() {
            assert_eq!(send(&lab, &typed("text/plain"), "x".to_owned()).await, 415, "{below}");
            for body in ["null", "1", "{", r#"{"nobody": 1}"#] {
                assert_eq!(send(&lab, &typed("application/json"), body.to_owned()).await, 400, "{below} {body}");
            }
            assert_eq!(send(&lab, &typed("application/json"), "x".repeat(over)).await, 413, "{below}");
        } else if operation.answers(415).is_object() {
            assert_eq!(send(&lab, &typed("text/plain"), "x".to_owned()).await, 415, "{below}");
            assert_eq!(send(&lab, &typed("application/json"), "[\"x\"".to_owned()).await, 400, "{below}");
        }
        if operation.is("lesson") || operation.answers(415).is_object() {
            assert_eq!(send(&lab, &typed("application/json"), "x".repeat(over)).await, 413, "{below}");
        }
        if operation.body().is_none() && operation.says["security"].is_array() {
            assert_eq!(send(&lab, &[], String::new()).await, 401, "{below}");
            assert_eq!(send(&lab, &twice, String::new()).await, 400, "{below}");
        }
    }
}

#[tokio::test]
async fn the_bounds_and_nulls_of_each_body_are_the_server_s_own() {
    let lab = Lab::new();
    let document = document(&lab).await;
    let mut bounds = 0;
    for operation in operations(&document) {
        let Some(schema) = operation.body() else { continue };
        let below = operation.below().unwrap();
        let send = async |pointer: &str, value: Value| {
            let mut body = smallest(&document, schema);
            *pointer[1..].split('/').fold(&mut body, |value, name| &mut value[name]) = value.clone();
            let answer = lab.send(operation.method.clone(), &below, &[], &body).await;
            (answer.status.as_u16(), format!("{below} {pointer} {value}"))
        };
        for (pointer, field) in fields(&document, schema, "") {
            let (status, what) = send(&pointer, Value::Null).await;
            assert_eq!(status == 400, !takes_null(&field), "{what}");
            assert!(!is_integer(&field) || field["maximum"].is_u64(), "{what}: up to where?");
            // Not the large crowds, which take their time.
            if let Some(most) = field["maximum"].as_u64().filter(|most| *most >= u32::MAX.into()) {
                let (status, what) = send(&pointer, json!(most)).await;
                assert!(matches!(status, 200 | 409), "{what}: {status}");
            }
            let mut over = vec![];
            let one_more =
                |most: u64| most.checked_add(1).map_or(json!(18_446_744_073_709_551_616.0), |more| json!(more));
            over.extend(field["maximum"].as_u64().map(one_more));
            over.extend(field["minimum"].as_u64().filter(|least| *least > 0).map(|least| json!(least - 1)));
            over.extend(field["maxLength"].as_u64().map(|most| json!("x".repeat(usize::try_from(most).unwrap() + 1))));
            over.extend(field["minLength"].as_u64().map(|_| json!("")));
            over.extend(field["pattern"].as_str().map(|_| json!("\u{87}")));
            for value in over {
                let (status, what) = send(&pointer, value).await;
                assert!(matches!(status, 400 | 422), "{what}: {status}");
                bounds += 1;
            }
        }
    }
    assert!(bounds > 25, "{bounds}");
}

#[tokio::test]
async fn a_number_in_an_address_says_how_large_it_may_be() {
    for operation in operations(&document(&Lab::new()).await) {
        for parameter in operation.says["parameters"].as_array().into_iter().flatten() {
            let is_open = is_integer(&parameter["schema"]) && !parameter["schema"]["maximum"].is_u64();
            assert!(!is_open, "{} {}: {parameter}", operation.method, operation.path);
        }
    }
}

#[tokio::test]
async fn an_item_is_described_without_control_characters() {
    let document = document(&Lab::new()).await;
    for body in ["AddItem", "PlaceOrder"] {
        let item = &document["components"]["schemas"][body]["properties"]["item"];
        assert_eq!(item["pattern"], r"^[^\u0000-\u001f\u007f-\u009f]+$", "{body}");
    }
}

#[tokio::test]
async fn answers_are_what_their_schemas_say() {
    let lab = Lab::new();
    let document = document(&lab).await;
    let mut alice = lab.alice(SESSION_COOKIE).await;
    alice.add("pen").await;
    lab.get("api/me", &[]).await;
    lab.put("control/topology", json!({"store": "sqlite"})).await.ok::<Value>();
    lab.alice(TOKEN_STORAGE).await.add("pen").await;
    lab.post("control/nodes/1/stop", Value::Null).await.ok::<Value>();
    lab.get("api/me", &[]).await.problem(503);
    lab.post("control/restart", Value::Null).await.ok::<Value>();
    let mut seen = 0;
    for operation in operations(&document).iter().filter(|operation| operation.ends()) {
        let Some(schema) = operation.answers(200)["content"].get("application/json") else { continue };
        let Some(below) = operation.below() else { continue };
        let body = operation.body().map_or(Value::Null, |schema| smallest(&document, schema));
        let answer = lab.send(operation.method.clone(), &below, &[], &body).await;
        if answer.status == 200 {
            assert_eq!(misfit(&document, &schema["schema"], &answer.json()), None, "{below}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
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
