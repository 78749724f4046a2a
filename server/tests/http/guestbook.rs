//! The guestbook: a lesson page that forgets to escape what one visitor wrote.

use crate::callers::*;
use axum::http::Method;
use domain::{
    exchange::{Did, Sender},
    scheme::{Scheme, storage_key},
};
use serde_json::json;

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.body.to_vec()).unwrap()
}

#[tokio::test]
async fn it_is_rendered_for_whom_the_credential_says_and_recorded() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let alice = lab.alice(scheme).await;
        let headers = alice.headers();
        let mut headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        headers.push(("sec-fetch-site", "same-origin"));
        let page = text(&lab.get("guestbook?n=17", &headers).await);
        assert!(page.contains("data-rendered-for=\"alice\"") && page.contains("logged in as alice"), "{page}");
        let exchange = lab.exchanges().await.pop().unwrap();
        assert_eq!((exchange.request.route(), exchange.from), ("guestbook", Sender::Page));
        assert_eq!(exchange.steps.last().map(|step| step.did), Some(Did::Rendered));
    }
    let lab = Lab::new();
    for cookie in ["", "sid=AAAAAAAAAAAAAAAAAAAAAA", "sid=a; token=b"] {
        assert!(text(&lab.get("guestbook", &[("cookie", cookie)]).await).contains("data-rendered-for=\"nobody\""));
    }
    let korean = text(&lab.get("guestbook?lang=ko", &[]).await);
    assert!(korean.contains("<html lang=\"ko\"") && korean.contains("방명록"));
    lab.send(Method::POST, "guestbook", &[], &json!({})).await.problem(405);
}

#[tokio::test]
async fn only_a_comment_of_the_list_is_a_script_and_it_knows_only_this_lab() {
    let lab = Lab::new();
    assert!(!text(&lab.get("guestbook", &[]).await).contains("<script"));
    for (comment, has) in [
        ("read", format!("http://127.0.0.1:3666/lab/{}/loot", lab.id)),
        ("act", format!("/lab/{}/api/cart", lab.id)),
        ("ports", "http://localhost:3666".to_owned()),
    ] {
        let view = lab.put("control/guestbook", json!({ "comment": comment })).await.ok::<serde_json::Value>();
        assert_eq!(view["attacker"]["comment"], comment);
        let page = text(&lab.get("guestbook?n=17&x=%3Cscript%3Ealert(1)%3C/script%3E", &[]).await);
        assert_eq!(page.matches("<script>document.documentElement.dataset.ran = ''").count(), 1, "{page}");
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.contains(&has) && !page.contains("{{"), "{page}");
        assert!(comment == "ports" || page.contains(&storage_key(&lab.id)), "{page}");
    }
    lab.put("control/guestbook", json!({ "comment": null })).await.ok::<serde_json::Value>();
    assert!(!text(&lab.get("guestbook", &[]).await).contains("<script"));
    assert!(!text(&lab.another().get("guestbook", &[]).await).contains("<script"));
}

#[tokio::test]
async fn its_policy_lets_the_script_run_or_not_as_the_defence_says() {
    let lab = Lab::new();
    let policy = async || lab.get("guestbook", &[]).await.header("content-security-policy").to_owned();
    let lax = policy().await;
    assert!(lax.contains("default-src 'self' 'unsafe-inline'; connect-src *; frame-src *;"), "{lax}");
    lab.defend(json!({"guestbook_csp": true})).await;
    let strict = policy().await;
    assert!(strict.starts_with("default-src 'none'; style-src 'self';") && !strict.contains("unsafe"), "{strict}");
    assert!(!strict.contains("script-src") && !strict.contains("connect-src") && !strict.contains('*'), "{strict}");
    for policy in [lax, strict] {
        for directive in ["frame-ancestors 'self'", "object-src 'none'", "base-uri 'none'"] {
            assert!(policy.contains(directive), "{policy}");
        }
    }
    let page = lab.get("", &[]).await;
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "the page itself as ever");
}
