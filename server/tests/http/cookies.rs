//! What stands in `Set-Cookie`, when a cookie is set and when it is cleared.

use crate::callers::*;
use axum::http::Method;
use domain::exchange::Did;
use serde_json::{Value, json};

fn with(scheme: domain::scheme::Scheme, cookie: Value) -> Value {
    let mut login = login("alice", scheme);
    login["cookie"] = cookie;
    login
}

/// The attributes as a set, without the pair.
fn attributes(set_cookie: &str) -> Vec<String> {
    let mut all: Vec<_> = set_cookie.split("; ").skip(1).map(ToOwned::to_owned).collect();
    all.sort();
    all
}

#[tokio::test]
async fn each_option_is_in_the_header_and_clearing_has_the_same_attributes() {
    let lab_path = format!("Path={}", Lab::new().path(""));
    let table = [
        (json!({}), "sid", vec!["HttpOnly", "SameSite=Lax", &lab_path]),
        (json!({"http_only": false}), "sid", vec!["SameSite=Lax", &lab_path]),
        (json!({"secure": true}), "sid", vec!["HttpOnly", "SameSite=Lax", "Secure", &lab_path]),
        (json!({"same_site": "strict"}), "sid", vec!["HttpOnly", "SameSite=Strict", &lab_path]),
        (json!({"same_site": "none"}), "sid", vec!["HttpOnly", "SameSite=None", &lab_path]),
        (json!({"same_site": "unset"}), "sid", vec!["HttpOnly", &lab_path]),
        (json!({"path": "/"}), "sid", vec!["HttpOnly", "Path=/", "SameSite=Lax"]),
        (json!({"max_age": 60}), "sid", vec!["HttpOnly", "Max-Age=60", "SameSite=Lax", &lab_path]),
        (json!({"host_prefix": true}), "__Host-sid", vec!["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]),
    ];
    for (options, name, expected) in table {
        for scheme in [SESSION_COOKIE, TOKEN_COOKIE] {
            let name = if scheme == TOKEN_COOKIE { name.replace("sid", "token") } else { name.to_owned() };
            let lab = Lab::new();
            let mut caller = lab.caller(scheme);
            let [set] = caller.log_in_with(with(scheme, options.clone())).await.set_cookies().try_into().unwrap();
            assert!(set.starts_with(&format!("{name}=")), "{set}");
            let mut expected: Vec<_> = expected.iter().map(|text| (*text).to_owned()).collect();
            expected.sort();
            assert_eq!(attributes(&set), expected, "{options}");
            let [cleared] = caller.log_out().await.set_cookies().try_into().unwrap();
            assert!(cleared.starts_with(&format!("{name}=;")), "{cleared}");
            let mut gone = attributes(&cleared);
            assert!(
                gone.contains(&"Max-Age=0".to_owned())
                    && gone.iter().any(|a| a.starts_with("Expires=Thu, 01 Jan 1970"))
            );
            gone.retain(|a| !a.starts_with("Max-Age") && !a.starts_with("Expires"));
            expected.retain(|a| !a.starts_with("Max-Age"));
            assert_eq!(gone, expected, "{options}");
            assert!(!caller.is_known().await);
        }
    }
}

#[tokio::test]
async fn behind_https_a_cookie_is_secure_unasked() {
    let lab = Lab::behind("https://lab.example");
    let mut caller = lab.caller(SESSION_COOKIE);
    let set = caller.log_in_with(login("alice", SESSION_COOKIE)).await.set_cookies();
    assert!(set[0].contains("; Secure;"), "{set:?}");
    let cleared = caller.log_out().await.set_cookies();
    assert!(cleared[0].contains("; Secure;"), "{cleared:?}");
}

#[tokio::test]
async fn a_login_that_moves_the_cookie_clears_it_where_it_was() {
    let lab = Lab::new();
    let mut caller = lab.alice(SESSION_COOKIE).await;
    let cookies = caller.log_in_with(with(SESSION_COOKIE, json!({"path": "/"}))).await.set_cookies();
    assert_eq!(cookies.len(), 2);
    assert!(
        cookies.iter().any(|c| c.starts_with("sid=;") && c.contains(&format!("Path={};", lab.path("")))),
        "{cookies:?}"
    );
    assert!(cookies.iter().any(|c| !c.starts_with("sid=;") && c.ends_with("Path=/")), "{cookies:?}");
}

#[tokio::test]
async fn logging_out_with_a_credential_that_is_no_good_says_so_and_clears_it_all_the_same() {
    let lab = Lab::new();
    for (cookie, status) in [("sid=AAAAAAAAAAAAAAAAAAAAAA", 401), ("token=a.b.c", 401), ("sid=a; sid=b", 400)] {
        for route in ["api/logout", "api/logout-everywhere"] {
            let answer = lab.send(Method::POST, route, &[("cookie", cookie)], &Value::Null).await;
            answer.problem(status);
            let cookies = answer.set_cookies();
            for path in [format!("Path={};", lab.path("")), "Path=/;".to_owned()] {
                assert!(cookies.iter().any(|c| c.contains(&path)), "{path} in {cookies:?}");
            }
            assert!(lab.steps().await.contains(&Did::ClearedCookie));
        }
    }
}

#[tokio::test]
async fn a_cookie_over_4096_bytes_is_sent_and_the_answer_and_the_record_say_what_becomes_of_it() {
    let lab = Lab::new();
    let mut caller = lab.alice(TOKEN_COOKIE).await;
    for _ in 0..60 {
        let answer = caller.add(&"x".repeat(64)).await;
        let body: Value = answer.ok();
        let pair = answer.set_cookies()[0].split(';').next().unwrap().to_owned();
        let too_large = pair.len() - 1 > 4096;
        assert_eq!(body.get("warning").is_some(), too_large);
        assert_eq!(lab.steps().await.contains(&Did::CookieTooLarge), too_large);
        if too_large {
            return;
        }
    }
    panic!("the cookie never became too large");
}

#[tokio::test]
async fn a_cart_change_renews_the_token_s_cookie_with_the_options_of_the_login() {
    let lab = Lab::new();
    let mut caller = lab.caller(TOKEN_COOKIE);
    let options = json!({"http_only": false, "same_site": "strict", "max_age": 60});
    let set = caller.log_in_with(with(TOKEN_COOKIE, options)).await.set_cookies();
    let renewed = caller.add("pen").await.set_cookies();
    assert_eq!(attributes(&set[0]), attributes(&renewed[0]));
}

#[tokio::test]
async fn the_page_learns_of_cookies_that_no_script_sees() {
    let lab = Lab::new();
    lab.view().await;
    let headers = [("cookie", "sid=a; lang=ko"), ("cookie", "sid=b"), ("sec-fetch-site", "same-origin")];
    let arrived: domain::api::ArrivedCookies = lab.get("control/cookies", &headers).await.ok();
    let pairs: Vec<_> = arrived.cookies.iter().map(|c| (c.name.as_str(), c.value.as_str())).collect();
    assert_eq!(pairs, [("sid", "a"), ("lang", "ko"), ("sid", "b")]);
}
