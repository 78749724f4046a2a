//! The catalog: public, the same for everybody, and answered with `304` to whoever has it.

use crate::callers::*;
use axum::{body::Body, http::Method};
use domain::api::Catalog;
use serde_json::json;

const CACHED: &str = "public, max-age=60";

#[tokio::test]
async fn it_is_the_same_for_everybody_and_nobody_is_identified() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    let anonymous = lab.get("api/catalog", &[]).await;
    assert!(lab.steps().await.is_empty());
    let known = alice.send(Method::GET, "api/catalog", &json!(null)).await;
    assert!(lab.steps().await.is_empty(), "nobody looks at the credential");
    let spoiled = lab.get("api/catalog", &[("cookie", "sid=x; token=y"), ("authorization", "Bearer z")]).await;
    assert!(!anonymous.ok::<Catalog>().items.is_empty());
    for answer in [&known, &spoiled] {
        assert_eq!((answer.status, &answer.body), (anonymous.status, &anonymous.body));
        assert_eq!(answer.header("etag"), anonymous.header("etag"));
    }
    assert_eq!(anonymous.header("cache-control"), CACHED);
    assert!(!anonymous.headers.contains_key("vary") && anonymous.set_cookies().is_empty());
    assert!(!lab.exchanges().await.is_empty(), "it is recorded like the rest");
}

#[tokio::test]
async fn whoever_has_it_gets_no_body_but_the_same_tag_and_the_same_minute() {
    let lab = Lab::new();
    let tag = lab.get("api/catalog", &[]).await.header("etag").to_owned();
    assert!(tag.len() > 40 && tag.starts_with('"') && tag.ends_with('"'), "strong: {tag}");
    let lists = ["{}", "W/{}", "\"x\", W/{}", "\"x,y\" ,W/{},", "\t{} ", ", {}", "*"];
    for condition in lists.map(|list| list.replace("{}", &tag)) {
        let answer = lab.get("api/catalog", &[("if-none-match", &condition)]).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{condition}");
        assert_eq!(answer.header("content-length"), "", "it would be the length of what is not sent");
        let head = lab.request(&Method::HEAD, "api/catalog", &[("if-none-match", &condition)]);
        let head = lab.raw(head.body(Body::empty()).unwrap()).await;
        assert_eq!((head.status.as_u16(), head.header("content-length")), (304, ""));
        assert_eq!((answer.header("etag"), answer.header("cache-control")), (tag.as_str(), CACHED));
        assert!(!answer.headers.contains_key("content-type"));
    }
    let bare = tag.trim_matches('"');
    let other = ["\"x\"", bare, &format!("{tag}x"), "", &format!("w/{tag}"), &format!("\"x,{bare}\""), "\""];
    for condition in other {
        assert_eq!(lab.get("api/catalog", &[("if-none-match", condition)]).await.status, 200, "{condition}");
    }
    let twice = lab.get("api/catalog", &[("if-none-match", "\"x\""), ("if-none-match", &tag)]).await;
    assert_eq!(twice.status, 304, "two headers are one list");
}

#[tokio::test]
async fn head_and_other_methods() {
    let lab = Lab::new();
    let get = lab.get("api/catalog", &[]).await;
    let head = lab.raw(lab.request(&Method::HEAD, "api/catalog", &[]).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.body.len()), (get.status, 0));
    assert_eq!((head.header("etag"), head.header("cache-control")), (get.header("etag"), CACHED));
    let tag = [("if-none-match", get.header("etag"))];
    let head = lab.raw(lab.request(&Method::HEAD, "api/catalog", &tag).body(Body::empty()).unwrap()).await;
    assert_eq!(head.status, 304);
    let post = lab.post("api/catalog", json!({})).await;
    post.problem(405);
    assert!(post.header("allow").contains("GET"));
}

#[tokio::test]
async fn an_answer_with_the_balancer_s_cookie_is_not_for_shared_caches() {
    let lab = Lab::new();
    lab.put("control/topology", json!({"nodes": 2, "routing": "sticky"})).await;
    let newcomer = lab.get("api/catalog", &[]).await;
    assert_eq!((newcomer.set_cookies().len(), newcomer.header("cache-control")), (1, "private, max-age=60"));
    let tag = newcomer.header("etag");
    let checked = lab.get("api/catalog", &[("if-none-match", tag)]).await;
    assert_eq!((checked.status.as_u16(), checked.header("cache-control")), (304, "private, max-age=60"));
    let pair = newcomer.set_cookies()[0].split(';').next().unwrap().to_owned();
    let known = lab.get("api/catalog", &[("cookie", &pair)]).await;
    assert_eq!((known.set_cookies().len(), known.header("cache-control")), (0, CACHED));
    assert_eq!(lab.get("api/me", &[]).await.header("cache-control"), "no-store");
}
