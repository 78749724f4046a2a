//! Forms: cookie login without any script.

use crate::callers::*;
use domain::exchange::Did;
use serde_json::json;

const ALICE: &str = "username=alice&password=alice-password&scheme=session-cookie";

#[tokio::test]
async fn a_form_logs_in_and_leads_back_to_the_page_with_the_cookie() {
    for scheme in [SESSION_COOKIE, TOKEN_COOKIE] {
        let lab = Lab::new();
        let body = format!(
            "username=alice&password=alice-password&scheme={scheme}&http_only=false&http_only=true&secure=false\
             &same_site=strict&max_age=&host_prefix=false&path=&lifetime=100&idle=100&token_lifetime=100"
        );
        let answer = lab.form(&format!("api/login?scheme={scheme}&lang=ko&password=x&evil=1"), &[], &body).await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), format!("{}?scheme={scheme}&lang=ko&outcome=logged-in", lab.path("")));
        let [cookie] = answer.set_cookies().try_into().unwrap();
        assert!(cookie.contains("; HttpOnly; SameSite=Strict; Path=/lab/"), "{cookie}");
        assert!(answer.body.is_empty());
        let pair = cookie.split(';').next().unwrap();
        assert_eq!(lab.get("api/me", &[("cookie", pair)]).await.status, 200);
    }
}

#[tokio::test]
async fn the_page_comes_back_with_the_scheme_that_the_form_chose_also_after_a_wrong_password() {
    for (password, outcome) in [("alice-password", "logged-in"), ("wrong", "wrong-login")] {
        let lab = Lab::new();
        let body = format!("username=alice&password={password}&scheme=token-cookie");
        let answer = lab.form("api/login?scheme=session-cookie&lang=ko", &[], &body).await;
        let expected = format!("{}?scheme=token-cookie&lang=ko&outcome={outcome}", lab.path(""));
        assert_eq!(answer.header("location"), expected);
    }
}

#[tokio::test]
async fn what_came_of_it_stands_in_the_address() {
    let lab = Lab::new();
    let outcome = |answer: Answer| {
        assert_eq!(answer.status, 303, "{answer:?}");
        answer.header("location").split_once("outcome=").unwrap().1.to_owned()
    };
    assert_eq!(
        outcome(lab.form("api/login", &[], "username=alice&password=x&scheme=session-cookie").await),
        "wrong-login"
    );
    assert!(lab.steps().await.contains(&Did::Refused));
    assert_eq!(outcome(lab.form("api/login", &[], "username=alice").await), "refused");
    assert_eq!(outcome(lab.form("api/login", &[], &format!("{ALICE}&admin=true")).await), "refused");
    assert_eq!(outcome(lab.form("api/cart", &[], "item=pen").await), "not-logged-in");
    assert_eq!(outcome(lab.form("api/logout", &[], "").await), "not-logged-in");
    let cookie = lab.form("api/login", &[], ALICE).await.set_cookies()[0].split(';').next().unwrap().to_owned();
    let with = [("cookie", cookie.as_str())];
    assert_eq!(outcome(lab.form("api/cart", &with, "item=%EC%97%B0%ED%95%84").await), "cart-changed");
    assert_eq!(outcome(lab.form("api/cart", &with, "item=").await), "refused");
    assert_eq!(lab.view().await.rows().next().unwrap().cart, ["연필"]);
    let out = lab.form("api/logout?lang=en", &with, "").await;
    assert!(out.set_cookies()[0].contains("Max-Age=0"));
    assert_eq!(outcome(out), "logged-out");
    let cookie = lab.form("api/login", &[], ALICE).await.set_cookies()[0].split(';').next().unwrap().to_owned();
    assert_eq!(outcome(lab.form("api/logout-everywhere", &[("cookie", &cookie)], "").await), "logged-out");
}

#[tokio::test]
async fn a_form_cannot_log_in_to_local_storage_and_makes_no_login() {
    let lab = Lab::new();
    for scheme in [SESSION_STORAGE, TOKEN_STORAGE] {
        let answer = lab.form("api/login", &[], &ALICE.replace("session-cookie", scheme.name())).await;
        assert!(answer.header("location").ends_with("outcome=refused"));
        assert!(answer.set_cookies().is_empty());
    }
    assert_eq!(lab.view().await.rows().count(), 0);
}

#[tokio::test]
async fn a_form_of_another_site_is_stopped_by_the_defence() {
    let lab = Lab::new();
    let cookie = format!("sid={}", lab.alice(SESSION_COOKIE).await.credential());
    let headers = [("cookie", cookie.as_str()), ("origin", "http://127.0.0.1:3666")];
    let answer = lab.form("api/cart", &headers, "item=attack").await;
    assert!(answer.header("location").ends_with("outcome=cart-changed"), "without it the attack works");
    lab.defend(json!({"check_origin": true})).await;
    let answer = lab.form("api/cart", &headers, "item=attack").await;
    assert!(answer.header("location").ends_with("outcome=refused"));
    assert_eq!(lab.view().await.rows().next().unwrap().cart.len(), 1);
}
