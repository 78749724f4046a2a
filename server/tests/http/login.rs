//! Logging in: always a new credential, and the one that came along ends.

use crate::callers::*;
use axum::http::Method;
use domain::{
    exchange::Did,
    scheme::{Carrier, Scheme},
};
use serde_json::{Value, json};

#[tokio::test]
async fn logging_in_again_gives_a_new_credential_keeps_the_cart_and_ends_the_old_session() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        caller.add("pen").await;
        let old = caller.clone();
        caller.log_in("alice").await;
        assert_ne!(old.credential(), caller.credential());
        assert_eq!(caller.known().await.cart, ["pen"], "{scheme}");
        assert_eq!(old.is_known().await, !old.is_session(), "{scheme}");
        assert_eq!(lab.view().await.rows().count(), usize::from(caller.is_session()));
    }
}

#[tokio::test]
async fn logging_in_as_somebody_else_ends_the_old_login_and_starts_with_nothing() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        caller.add("pen").await;
        let old = caller.clone();
        caller.log_in("bob").await;
        let me = caller.known().await;
        assert_eq!((me.user.name.as_str(), me.cart.len()), ("bob", 0), "{scheme}");
        assert_eq!(old.is_known().await, !old.is_session(), "{scheme}");
    }
}

#[tokio::test]
async fn with_the_denylist_the_old_jwt_ends_too() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let mut caller = lab.alice(TOKEN_COOKIE).await;
    let old = caller.clone();
    caller.log_in("alice").await;
    assert!(!old.is_known().await && caller.is_known().await);
}

#[tokio::test]
async fn changing_the_scheme_ends_the_login_of_the_other_one() {
    let lab = Lab::new();
    let mut caller = lab.alice(SESSION_COOKIE).await;
    let old = caller.clone();
    let answer = caller.log_in_with(login("alice", TOKEN_COOKIE)).await;
    assert!(!old.is_known().await);
    let cookies = answer.set_cookies();
    assert!(cookies.iter().any(|c| c.starts_with("token=ey")), "{cookies:?}");
    assert!(cookies.iter().any(|c| c.starts_with("sid=;") && c.contains("Max-Age=0")), "{cookies:?}");
}

#[tokio::test]
async fn the_cart_of_the_same_user_comes_along_into_any_other_scheme_and_no_further() {
    for from in Scheme::ALL {
        for to in Scheme::ALL {
            let lab = Lab::new();
            let mut caller = lab.alice(from).await;
            caller.act(Method::POST, "api/cart", &json!({"item": "pen"})).await;
            caller.log_in_with(login("alice", to)).await;
            // The page's script takes out of localStorage what a cookie replaced.
            caller.token = caller.token.filter(|_| to.carrier == Carrier::LocalStorage);
            assert_eq!(caller.known().await.cart, ["pen"], "{from} to {to}");
            caller.log_in_with(login("bob", from)).await;
            caller.token = caller.token.filter(|_| from.carrier == Carrier::LocalStorage);
            assert!(caller.known().await.cart.is_empty(), "{to} to {from}, as bob");
        }
    }
}

#[tokio::test]
async fn a_failed_login_leaves_the_old_one_alone() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        let mut wrong = login("bob", scheme);
        wrong["password"] = json!("nonsense");
        let answer = caller.log_in_with(wrong).await;
        answer.problem(401);
        assert!(answer.set_cookies().is_empty());
        assert_eq!(caller.known().await.user.name, "alice");
    }
}

#[tokio::test]
async fn wrong_password_unknown_name_and_disabled_user_are_told_alike_and_only_the_record_knows_better() {
    let lab = Lab::new();
    lab.put("control/users/bob", json!({"disabled": true})).await.ok::<Value>();
    let (mut told, mut recorded) = (Vec::new(), Vec::new());
    for (name, password) in [("alice", "wrong"), ("nobody", "alice-password"), ("bob", "bob-password")] {
        let body = json!({"username": name, "password": password, "scheme": "session-cookie"});
        let answer = lab.post("api/login", body).await;
        assert_eq!(answer.problem(401).detail, "wrong name or password");
        let steps = lab.exchanges().await.pop().unwrap().steps;
        assert!(steps[0].micros > 1000.0, "the work was done");
        told.push((answer.body, steps.iter().map(|step| step.did).collect::<Vec<_>>()));
        recorded.push(steps[0].detail.clone());
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
    assert_eq!(recorded, ["wrong", "wrong", "right, but the user is disabled"]);
}

#[tokio::test]
async fn a_credential_that_is_no_good_is_no_obstacle_to_logging_in() {
    let lab = Lab::new();
    let stale = "cookie";
    for value in ["sid=AAAAAAAAAAAAAAAAAAAAAA", "sid=x; token=y; sid=z", "token=a.b.c", "__Host-sid=x"] {
        let answer = lab.send(Method::POST, "api/login", &[(stale, value)], &login("alice", SESSION_COOKIE)).await;
        assert_eq!(answer.status, 200, "{value}");
        let cookies = answer.set_cookies();
        assert_eq!(cookies.iter().filter(|c| !c.contains("Max-Age=0")).count(), 1);
        // What remains in the jar is the new cookie alone.
        for name in value.split("; ").map(|pair| pair.split('=').next().unwrap()) {
            let path = if name.starts_with("__Host-") { "Path=/;" } else { "Path=/; " };
            let cleared = |c: &&String| c.starts_with(&format!("{name}=;")) && c.contains(path.trim());
            assert!(cookies.iter().any(|c| cleared(&c)), "{name} in {cookies:?}");
        }
    }
}

#[tokio::test]
async fn both_cookies_that_came_along_are_ended_and_cleared() {
    let lab = Lab::new();
    let (a, b) = (lab.alice(SESSION_COOKIE).await, lab.alice(TOKEN_COOKIE).await);
    let both = format!("sid={}; token={}", a.credential(), b.credential());
    let answer = lab.send(Method::POST, "api/login", &[("cookie", &both)], &login("carol", SESSION_STORAGE)).await;
    assert_eq!(answer.status, 200);
    assert!(!a.is_known().await);
    assert_eq!(answer.set_cookies().len(), 2, "each is known, so one header does for each");
}

#[tokio::test]
async fn limits_asked_for_are_limits_given_and_absurd_ones_are_refused() {
    let lab = Lab::new();
    let with = |scheme: Scheme, name: &str, value: Value| {
        let mut login = login("alice", scheme);
        login[name] = value;
        login
    };
    let logged_in: Value = lab.post("api/login", with(SESSION_STORAGE, "idle", json!(7))).await.ok();
    assert_eq!(logged_in["expires_in"], 7);
    let logged_in: Value = lab.post("api/login", with(SESSION_STORAGE, "lifetime", json!(5))).await.ok();
    assert_eq!(logged_in["expires_in"], 5);
    let logged_in: Value = lab.post("api/login", with(TOKEN_STORAGE, "token_lifetime", json!(9))).await.ok();
    assert_eq!(logged_in["expires_in"], 9);
    for name in ["lifetime", "idle", "token_lifetime"] {
        for value in [json!(0), json!(u64::MAX), json!(31_536_001)] {
            lab.post("api/login", with(SESSION_COOKIE, name, value)).await.problem(422);
        }
        for value in [json!(-1), json!(1.5), json!("1"), json!(1e40), Value::Null] {
            lab.post("api/login", with(SESSION_COOKIE, name, value)).await.problem(400);
        }
    }
    lab.post("api/login", with(SESSION_COOKIE, "cookie", json!({"max_age": u64::MAX}))).await.problem(422);
    lab.post("api/login", with(SESSION_COOKIE, "password", json!("x".repeat(129)))).await.problem(422);
    assert!(!lab.steps().await.contains(&Did::CheckedPassword), "what is refused anyhow costs no work");
}

#[tokio::test]
async fn a_cookie_whose_name_only_looks_like_ours_is_nobody_s_login() {
    let lab = Lab::new();
    for scheme in [SESSION_COOKIE, TOKEN_COOKIE] {
        let alice = lab.alice(scheme).await;
        let (name, value) = alice.cookie.clone().unwrap();
        for odd in ["\u{2000}", "\u{a0}", "\u{85}", "\u{feff}", "\u{3000}"] {
            for name in [format!("{odd}{name}"), format!("{odd}__Host-{name}"), format!("{name}{odd}")] {
                let cookie = format!("{name}={value}");
                lab.get("api/me", &[("cookie", &cookie)]).await.problem(401);
                assert!(lab.steps().await.contains(&Did::FoundNothing), "{name:?}");
                let beside = format!("{cookie}; {}={value}", alice.cookie.as_ref().unwrap().0);
                assert_eq!(lab.get("api/me", &[("cookie", &beside)]).await.status, 200, "{name:?} beside ours");
            }
        }
    }
}

#[tokio::test]
async fn a_foreign_cookie_disturbs_neither_the_login_nor_the_way_to_its_node_whatever_its_bytes() {
    let lab = Lab::new();
    lab.put("control/topology", json!({"nodes": 3, "routing": "sticky"})).await.ok::<Value>();
    for foreign in ["shop_name=서울책방".as_bytes(), b"x=\xff\xfe", b"\xe2\x80", b"=", b"a=\"b, c\"", b"lbx=1"] {
        let answer = lab.post("api/login", login("alice", SESSION_COOKIE)).await;
        let ours: Vec<_> = answer.set_cookies().iter().map(|set| set.split(';').next().unwrap().to_owned()).collect();
        assert!(ours.iter().any(|pair| pair.starts_with("lb=")), "{ours:?}");
        for at_front in [true, false] {
            let ours = ours.join("; ");
            let all = if at_front { [foreign, ours.as_bytes()] } else { [ours.as_bytes(), foreign] };
            let cookie = axum::http::HeaderValue::from_bytes(&all.join(&b"; "[..])).unwrap();
            for _ in 0..3 {
                let mut request = lab.request(&Method::GET, "api/me", &[]).body(axum::body::Body::empty()).unwrap();
                request.headers_mut().insert("cookie", cookie.clone());
                let answer = lab.raw(request).await;
                assert_eq!((answer.status.as_u16(), answer.header("x-node")), (200, node_of(&ours)), "{foreign:?}");
            }
        }
    }
}

/// The node that the balancer's cookie names.
fn node_of(cookies: &str) -> &str {
    cookies.split("; ").find_map(|pair| pair.strip_prefix("lb=")).unwrap()
}
