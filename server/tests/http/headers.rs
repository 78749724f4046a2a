//! The headers that guard every response.

use crate::callers::*;
use axum::{body::Body, http::Method};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
    frame-ancestors 'none'";

async fn every_kind_of_response(lab: &Lab) -> Vec<(&'static str, Answer)> {
    let addresses = [
        "",
        "api/me",
        "api/nothing",
        "control/view",
        "control/nothing",
        "/",
        "/healthz",
        "/openapi.json",
        "/api-docs",
        "/nothing",
        "/lab/short",
        "/pkg/nothing.js",
    ];
    let mut all = Vec::new();
    for below in addresses {
        all.push((below, lab.get(below, &[]).await));
        let options = lab.request(&Method::OPTIONS, below, &[]).body(Body::empty()).unwrap();
        all.push((below, lab.raw(options).await));
    }
    all.push(("cross-site", lab.get("control/view", &[("sec-fetch-site", "cross-site")]).await));
    all.push(("form", lab.form("api/logout", &[], "").await));
    all.push(("too large", lab.form("api/login", &[], &"x".repeat(20_000)).await));
    all
}

#[tokio::test]
async fn every_response_has_them() {
    let lab = Lab::new();
    for (what, answer) in every_kind_of_response(&lab).await {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
        assert!(answer.header("strict-transport-security").is_empty(), "{what}: over http it means nothing");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        let policy = answer.header("content-security-policy");
        if what.is_empty() && answer.status == 200 {
            assert!(policy.contains("'nonce-"));
        } else {
            assert_eq!(policy, POLICY, "{what}");
        }
    }
}

#[tokio::test]
async fn over_https_browsers_are_told_to_come_back_by_https() {
    let lab = Lab::behind("https://lab.example");
    for (what, answer) in every_kind_of_response(&lab).await {
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{what}");
    }
}
