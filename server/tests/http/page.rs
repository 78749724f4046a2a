//! The page as the server renders it: for whoever a cookie says, and nobody else.

use crate::callers::*;
use app::boot::Boot;
use axum::http::Method;
use domain::{
    cookie::Engine,
    scheme::{Carrier, Credential, Scheme},
    view::{RenderedFor, ServerView},
};
use serde_json::{Value, json};

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// What the page starts from, as it stands in the document.
fn boot(answer: &Answer) -> Boot {
    let text = text(answer);
    let (_, rest) = text.split_once(r#"id="boot">"#).expect("the boot data");
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

async fn open(caller: &Caller, query: &str) -> Boot {
    let headers = caller.headers();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    boot(&caller.lab.get(query, &headers).await)
}

#[tokio::test]
async fn it_knows_you_by_a_cookie_and_never_by_what_lies_in_local_storage() {
    for scheme in [SESSION_COOKIE, TOKEN_COOKIE] {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        caller.add("pen").await;
        let boot = open(&caller, "").await;
        match boot.rendered_for {
            RenderedFor::Known { user, cart } => assert_eq!((user.name.as_str(), cart.len()), ("alice", 1)),
            other => panic!("{scheme}: {other:?}"),
        }
        assert_eq!(boot.scheme, scheme);
        assert_eq!(boot.arrived[0].value, caller.credential());
    }
    for scheme in [SESSION_STORAGE, TOKEN_STORAGE] {
        let lab = Lab::new();
        lab.alice(scheme).await;
        // A page request carries no Authorization header: no script has run yet.
        assert_eq!(open(&lab.caller(scheme), "").await.rendered_for, RenderedFor::Nobody);
    }
}

#[tokio::test]
async fn over_https_the_page_proposes_secure_and_the_prefix_and_an_address_may_say_otherwise() {
    let (here, https) = (Lab::new(), Lab::behind("https://lab.example"));
    for (lab, query, expected) in [
        (&here, "", (false, false)),
        (&https, "", (true, true)),
        (&https, "?host-prefix=off", (true, false)),
        (&here, "?host-prefix=on", (false, true)),
    ] {
        let options = open(&lab.caller(SESSION_COOKIE), query).await.options;
        assert_eq!((options.secure, options.host_prefix), expected, "{query}");
    }
    let page = text(&https.get("?host-prefix=off", &[]).await);
    let (_, secure) = page.split_once(r#"name="secure" value="true""#).expect("a box for Secure");
    let secure = secure.split_once('>').unwrap().0;
    assert!(secure.contains("checked") && secure.contains("disabled"), "over https it is always said: {secure}");
}

#[tokio::test]
async fn a_credential_that_is_no_good_is_refused_and_the_page_comes_all_the_same() {
    let lab = Lab::new();
    for cookie in ["sid=AAAAAAAAAAAAAAAAAAAAAA", "token=x", "sid=a; sid=b"] {
        let page = lab.get("", &[("cookie", cookie)]).await;
        assert_eq!(boot(&page).rendered_for, RenderedFor::Refused, "{cookie}");
    }
}

#[tokio::test]
async fn while_the_store_is_out_of_reach_the_page_comes_all_the_same_and_says_so() {
    let lab = Lab::new();
    lab.put("control/topology", json!({"store": "sqlite"})).await.ok::<ServerView>();
    let caller = lab.alice(SESSION_COOKIE).await;
    lab.put("control/faults", json!({"store_down": true})).await.ok::<ServerView>();
    assert_eq!(open(&caller, "").await.rendered_for, RenderedFor::Untold);
    assert_eq!(open(&lab.caller(SESSION_COOKIE), "").await.rendered_for, RenderedFor::Nobody);
    lab.put("control/faults", json!({"store_down": false})).await.ok::<ServerView>();
    assert!(matches!(open(&caller, "").await.rendered_for, RenderedFor::Known { .. }));
}

#[tokio::test]
async fn while_every_node_is_stopped_the_page_comes_all_the_same_and_a_node_can_be_started() {
    let lab = Lab::new();
    let callers = [lab.alice(SESSION_COOKIE).await, lab.alice(Scheme::new(Credential::Jwt, Carrier::Cookie)).await];
    lab.send(Method::POST, "control/nodes/1/stop", &[], &Value::Null).await.ok::<ServerView>();
    for caller in &callers {
        let boot = open(caller, "").await;
        assert_eq!(boot.rendered_for, RenderedFor::Untold, "nobody is there who could check a signature, either");
        assert!(boot.view.nodes.iter().all(|node| !node.up));
        caller.me().await.problem(503);
    }
    assert_eq!(open(&lab.caller(SESSION_COOKIE), "").await.rendered_for, RenderedFor::Nobody);
    let page = lab.get("", &[]).await;
    assert!(page.status == 200 && !page.headers.contains_key("x-node"), "no node has answered");
    lab.get("guestbook", &[]).await.problem(503);
    lab.send(Method::POST, "control/nodes/1/start", &[], &Value::Null).await.ok::<ServerView>();
    assert!(matches!(open(&callers[1], "").await.rendered_for, RenderedFor::Known { .. }));
}

#[tokio::test]
async fn the_nonce_is_new_each_time_and_on_every_script() {
    let lab = Lab::new();
    let mut nonces = Vec::new();
    for _ in 0..3 {
        let page = lab.get("", &[]).await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let text = text(&page);
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("application/json"), "{tag}");
        }
        assert!(!text.contains("style=\""), "no inline style passes the policy");
        nonces.push(nonce);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn settings_come_from_the_address_then_the_cookies_then_the_browser() {
    let lab = Lab::new();
    let ask = |query: &'static str, headers: Vec<(&'static str, &'static str)>| {
        let lab = lab.clone();
        async move { boot(&lab.get(query, &headers).await) }
    };
    assert_eq!(ask("?lang=ko", vec![("cookie", "lang=en")]).await.lang.tag(), "ko");
    assert_eq!(ask("", vec![("cookie", "lang=ko"), ("accept-language", "en")]).await.lang.tag(), "ko");
    assert_eq!(ask("", vec![("accept-language", "ko-KR,ko;q=0.9,en;q=0.8")]).await.lang.tag(), "ko");
    assert_eq!(ask("", vec![]).await.lang.tag(), "en");
    assert_eq!(ask("", vec![("cookie", "theme=dark")]).await.theme.map(app::boot::Theme::name), Some("dark"));
    for scheme in Scheme::ALL {
        let page = lab.get(&format!("?scheme={scheme}&outcome=logged-out"), &[]).await;
        assert_eq!(boot(&page).scheme, scheme);
        assert_eq!(boot(&page).outcome.map(domain::lesson::said::Outcome::name), Some("logged-out"));
    }
    assert_eq!(ask("", vec![("user-agent", "Mozilla/5.0 Firefox/153.0")]).await.engine, Engine::Gecko);
}

#[tokio::test]
async fn the_origin_is_where_the_visitor_is_and_a_forged_host_puts_nothing_into_the_page() {
    let lab = Lab::new();
    assert_eq!(boot(&lab.get("", &[]).await).origin, "http://localhost:3000");
    assert_eq!(boot(&Lab::behind("https://lab.example").get("", &[]).await).origin, "https://lab.example");
    let request = axum::http::Request::builder().uri(lab.path("")).header("host", "\"><script>alert(1)</script>");
    let page = lab.raw(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(boot(&page).origin, "http://localhost");
}

#[tokio::test]
async fn nothing_that_was_sent_before_breaks_out_of_the_page() {
    let lab = Lab::new();
    let evil = "</script><script>alert(1)</script><!--";
    let mut caller = lab.alice(SESSION_COOKIE).await;
    caller.add(evil).await;
    lab.get("api/me", &[("x-evil", evil), ("cookie", "a=</script><script>alert(2)</script>")]).await;
    let headers = format!("sid={}; b=</script><script>alert(3)</script>", caller.credential());
    let page = lab.get("", &[("cookie", &headers)]).await;
    assert!(!text(&page).contains("<script>alert"));
    assert_eq!(boot(&page).view.rows().next().unwrap().cart, [evil]);
}

#[tokio::test]
async fn head_says_the_length_that_get_has_or_none() {
    let lab = Lab::new();
    for below in ["", "guestbook", "api/catalog", "/openapi.json", "/api-docs", "control/cookies"] {
        let get = lab.get(below, &[]).await;
        let head = lab.request(&Method::HEAD, below, &[]).body(axum::body::Body::empty()).unwrap();
        let head = lab.raw(head).await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{below}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{below}");
        let length = head.header("content-length");
        // The page shows the requests before it, and there is one more.
        let is_longer = below.is_empty() && length.parse::<usize>().is_ok_and(|length| length > get.body.len());
        assert!(is_longer || length == get.body.len().to_string(), "{below}: {length}");
    }
}

#[tokio::test]
async fn of_a_large_record_the_newest_come_with_the_page_and_the_rest_stays_behind() {
    let lab = Lab::new();
    let filler = "x".repeat(12 * 1024);
    for _ in 0..100 {
        lab.get("api/me", &[("x-filler", &filler)]).await;
    }
    let page = lab.get("", &[]).await;
    assert!(page.body.len() < 1024 * 1024, "{}", page.body.len());
    assert_eq!(page.header("content-length"), page.body.len().to_string());
    let (shown, all) = (boot(&page).exchanges, lab.exchanges().await);
    let before = &all[..all.len() - 1];
    assert!(shown.len() > 30 && shown.len() < 60, "{}", shown.len());
    assert_eq!(shown, before[before.len() - shown.len()..]);
}
