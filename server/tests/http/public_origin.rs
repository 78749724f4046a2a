//! A page that is opened under another host name.

use crate::callers::*;
use axum::{
    body::Body,
    http::{Method, Request},
};

async fn opened(lab: &Lab, method: Method, path: &str, host: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path).header("host", host);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    lab.raw(request.body(Body::empty()).unwrap()).await
}

const BROWSER: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

#[tokio::test]
async fn a_browser_is_sent_to_the_public_origin_with_path_and_query_and_nothing_is_recorded() {
    let lab = Lab::new();
    let page = format!("/lab/{}", lab.id);
    for path in ["/", "/?lang=ko", &page, &format!("{page}?scheme=token-cookie&lang=ko")] {
        for headers in [&BROWSER[..], &[("sec-fetch-mode", "navigate")], &[("sec-fetch-site", "none")]] {
            for method in [Method::GET, Method::HEAD] {
                let answer = opened(&lab, method, path, "127.0.0.1:3000", headers).await;
                assert_eq!(answer.status, 307, "{path}");
                assert_eq!(answer.header("location"), format!("http://localhost:3000{path}"));
                assert_eq!(answer.header("cache-control"), "no-store");
            }
        }
    }
    assert_eq!(lab.exchanges().await, []);
    let lab = Lab::behind("https://lab.example");
    let answer = opened(&lab, Method::GET, &page, "10.0.0.7:3000", &BROWSER).await;
    assert_eq!(answer.header("location"), format!("https://lab.example{page}"));
    let proxied = [BROWSER[0], ("x-forwarded-host", "lab.example")];
    assert_eq!(opened(&lab, Method::GET, &page, "10.0.0.7:3000", &proxied).await.status, 200);
}

#[tokio::test]
async fn nothing_else_is_sent_anywhere() {
    let lab = Lab::behind("https://lab.example");
    let page = format!("/lab/{}", lab.id);
    assert_eq!(opened(&lab, Method::GET, &page, "127.0.0.1:3000", &[]).await.status, 200, "curl");
    assert_eq!(opened(&lab, Method::GET, &page, "127.0.0.1:3000", &[("accept", "*/*")]).await.status, 200);
    assert_eq!(opened(&lab, Method::GET, &page, "lab.example", &BROWSER).await.status, 200);
    assert_eq!(opened(&lab, Method::POST, &page, "127.0.0.1:3000", &BROWSER).await.status, 405);
    let browser = [("sec-fetch-mode", "cors"), ("sec-fetch-site", "same-origin"), BROWSER[0]];
    for below in ["api/me", "api/probe", "control/view", "control/cookies", "guestbook", "/healthz", "/api-docs", "//"]
    {
        let path = lab.path(below);
        assert_ne!(opened(&lab, Method::GET, &path, "127.0.0.1:3000", &browser).await.status, 307, "{path}");
    }
    let nowhere = Request::get(&page).header("accept", "text/html").body(Body::empty()).unwrap();
    assert_eq!(lab.raw(nowhere).await.status, 200);
}
