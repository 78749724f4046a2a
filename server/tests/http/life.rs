//! The whole life of a login, the same in every scheme where the scheme makes no difference.

use crate::callers::*;
use axum::http::Method;
use domain::{
    api::{Cart, LoggedOut},
    exchange::Did,
    scheme::{Carrier, Credential, Scheme},
    user::Role,
};
use serde_json::{Value, json};

#[tokio::test]
async fn each_scheme_logs_in_is_known_shops_and_logs_out() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let mut caller = lab.caller(scheme);
        assert_eq!(caller.me().await.status, 401, "{scheme}");
        let logged_in = caller.log_in("alice").await;
        assert_eq!((logged_in.user.name.as_str(), logged_in.user.role), ("alice", Role::User));
        assert_eq!((logged_in.scheme, logged_in.expires_in), (scheme, 900));
        let cart: Cart = caller.add("pen").await.ok();
        assert_eq!(cart.cart, ["pen"]);
        let cart: Cart = caller.add("연필").await.ok();
        assert_eq!(cart.cart, ["pen", "연필"]);
        let me = caller.known().await;
        assert_eq!((me.cart, me.scheme), (vec!["pen".to_owned(), "연필".to_owned()], scheme));
        let emptied: Cart = caller.act(Method::DELETE, "api/cart", &Value::Null).await.ok();
        assert!(emptied.cart.is_empty());
        let copy = caller.clone();
        let LoggedOut { revoked } = caller.log_out().await.ok();
        assert_eq!(revoked, caller.is_session(), "{scheme}");
        assert_eq!(caller.cookie, None, "the browser was told to forget it");
        assert_eq!(copy.is_known().await, !revoked, "{scheme}: a copy of a JWT outlives the logout");
    }
}

#[tokio::test]
async fn the_credential_goes_where_the_carrier_says_and_nowhere_else() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let answer = lab.post("api/login", login("alice", scheme)).await;
        let body: Value = answer.json();
        match scheme.carrier {
            Carrier::Cookie => {
                assert!(body.get("access_token").is_none() && body.get("token_type").is_none(), "{body}");
                let [cookie] = answer.set_cookies().try_into().unwrap();
                let value = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
                assert!(!body.to_string().contains(&value));
            }
            Carrier::LocalStorage => {
                assert_eq!(body["token_type"], "Bearer");
                assert!(answer.set_cookies().is_empty());
                assert_eq!(body["access_token"].as_str().unwrap().contains('.'), scheme.credential == Credential::Jwt);
            }
        }
    }
}

#[tokio::test]
async fn a_session_s_state_is_a_row_and_a_jwt_s_state_is_the_jwt() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        let before = caller.credential();
        caller.add("pen").await;
        let rows = lab.view().await.nodes[0].sessions.clone();
        if caller.is_session() {
            assert_eq!(before, caller.credential(), "the id stays");
            assert_eq!((rows[0].key.as_str(), rows[0].cart.as_slice()), (before.as_str(), &["pen".to_owned()][..]));
        } else {
            assert_ne!(before, caller.credential(), "there is a new token");
            assert!(rows.is_empty());
        }
    }
}

#[tokio::test]
async fn shopping_does_not_prolong_a_jwt_but_gives_it_a_new_name() {
    let lab = Lab::new();
    let mut caller = lab.alice(TOKEN_STORAGE).await;
    let read =
        |caller: &Caller| domain::claims::UnverifiedToken::read_unverified(&caller.credential()).unwrap().payload;
    let before = read(&caller);
    lab.advance(100).await;
    let cart: Cart = caller.add("pen").await.ok();
    let after = read(&caller);
    assert_eq!(before["exp"], after["exp"]);
    assert!(cart.expires_in <= 800);
    assert!(after["iat"].as_u64() >= before["iat"].as_u64().map(|iat| iat + 100));
    assert!(before["jti"].as_str() < after["jti"].as_str());
}

#[tokio::test]
async fn a_restart_loses_sessions_and_keeps_jwts() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let caller = lab.alice(scheme).await;
        assert_eq!(lab.post("control/restart", Value::Null).await.status, 200);
        assert_eq!(caller.is_known().await, !caller.is_session(), "{scheme}");
    }
}

#[tokio::test]
async fn a_reset_ends_every_login_and_empties_the_lab_but_goes_on_counting() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let caller = lab.alice(scheme).await;
        lab.put("control/users/bob", json!({"role": "admin"})).await;
        lab.advance(1000).await;
        let last = lab.exchanges().await.last().unwrap().id;
        let view: domain::view::ServerView = lab.post("control/reset", Value::Null).await.ok();
        assert_eq!(view.rows().count(), 0);
        assert_eq!(view.users[1].role, Role::User);
        assert!(lab.exchanges().await.is_empty());
        assert!(!caller.is_known().await, "{scheme}");
        assert_eq!(lab.exchanges().await[0].id, last + 1);
    }
}

#[tokio::test]
async fn a_role_change_is_felt_at_once_with_a_session_and_with_a_jwt_only_at_the_next_login() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        assert_eq!(caller.send(Method::GET, "api/admin", &Value::Null).await.status, 403);
        lab.put("control/users/alice", json!({"role": "admin"})).await.ok::<Value>();
        let admin = caller.send(Method::GET, "api/admin", &Value::Null).await;
        assert_eq!(admin.status == 200, caller.is_session(), "{scheme}");
        caller.log_in("alice").await;
        assert_eq!(caller.send(Method::GET, "api/admin", &Value::Null).await.status, 200);
        lab.put("control/users/alice", json!({"role": "user"})).await.ok::<Value>();
        let stale = caller.send(Method::GET, "api/admin", &Value::Null).await;
        assert_eq!(stale.status == 200, !caller.is_session(), "{scheme}: the JWT still says admin");
        lab.advance(900).await;
        assert_eq!(caller.send(Method::GET, "api/admin", &Value::Null).await.status, 401, "and dies with it");
    }
}

#[tokio::test]
async fn a_disabled_user_has_no_session_left_and_cannot_log_in() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let caller = lab.alice(scheme).await;
        lab.put("control/users/alice", json!({"disabled": true})).await.ok::<Value>();
        assert_eq!(caller.is_known().await, !caller.is_session(), "{scheme}");
        lab.post("api/login", login("alice", scheme)).await.problem(401);
        lab.put("control/users/alice", json!({"disabled": false})).await.ok::<Value>();
        assert_eq!(lab.post("api/login", login("alice", scheme)).await.status, 200);
    }
}

#[tokio::test]
async fn with_the_denylist_a_jwt_can_be_ended_too() {
    for scheme in [TOKEN_COOKIE, TOKEN_STORAGE] {
        let lab = Lab::new();
        lab.defend(json!({"denylist": true})).await;
        let mut caller = lab.alice(scheme).await;
        let copy = caller.clone();
        assert!(copy.is_known().await);
        assert!(lab.steps().await.contains(&Did::CheckedDenylist));
        assert_eq!(caller.log_out().await.ok::<LoggedOut>(), LoggedOut { revoked: true });
        let said = lab.steps().await.into_iter().filter(|did| *did == Did::Denied).count();
        assert_eq!(said, 1, "it is said once");
        assert!(!copy.is_known().await);
        let view = lab.view().await;
        assert_eq!(view.denylist.len(), 1);
        assert!(!serde_json::to_string(&view).unwrap().contains(&copy.credential()), "never the token's bytes");
        lab.advance(900).await;
        assert!(lab.view().await.denylist.is_empty(), "it lies there until exp and no longer");
    }
}

/// Alice's tokens in the order in which one login gave them: at first, with a changed cart, and by a new login of the
/// same user that the token came along with, which is to live `lifetime` seconds.
async fn tokens_of_one_login(lab: &Lab, lifetime: u64) -> [Caller; 3] {
    let first = lab.alice(TOKEN_STORAGE).await;
    let mut shopped = first.clone();
    shopped.add("pen").await.ok::<Cart>();
    let mut again = shopped.clone();
    let mut body = login("alice", TOKEN_STORAGE);
    body["token_lifetime"] = json!(lifetime);
    again.log_in_with(body).await.ok::<Value>();
    [first, shopped, again]
}

#[tokio::test]
async fn with_the_denylist_a_logout_with_any_token_of_a_login_ends_them_all_until_the_last_is_dead() {
    for lifetime in [60, 900, 5000] {
        for leaving in 0..3 {
            let lab = Lab::new();
            let tokens = tokens_of_one_login(&lab, lifetime).await;
            let elsewhere = lab.alice(TOKEN_STORAGE).await;
            lab.defend(json!({"denylist": true})).await;
            for token in &tokens {
                assert!(token.is_known().await, "nothing has ended yet");
            }
            assert_eq!(tokens[leaving].clone().log_out().await.ok::<LoggedOut>(), LoggedOut { revoked: true });
            for (n, token) in tokens.iter().enumerate() {
                assert!(!token.is_known().await, "token {n} after a logout with token {leaving}");
            }
            assert!(elsewhere.is_known().await, "another browser's login lives on");
            assert_eq!(lab.view().await.denylist.len(), 1, "one entry a login");
            for seconds in [61, 840] {
                lab.advance(seconds).await;
                for (n, token) in tokens.iter().enumerate() {
                    assert!(!token.is_known().await, "token {n} comes back after {seconds} s of {lifetime}");
                }
            }
            lab.advance(4200).await;
            assert!(lab.view().await.denylist.is_empty());
        }
    }
}

#[tokio::test]
async fn without_the_denylist_a_logout_ends_no_token_of_a_login() {
    let lab = Lab::new();
    let tokens = tokens_of_one_login(&lab, 900).await;
    assert_eq!(tokens[2].clone().log_out().await.ok::<LoggedOut>(), LoggedOut { revoked: false });
    for token in tokens {
        assert!(token.is_known().await);
    }
}

#[tokio::test]
async fn with_the_denylist_a_new_login_ends_every_token_of_the_one_that_came_along_and_not_itself() {
    for name in ["alice", "bob"] {
        let lab = Lab::new();
        lab.defend(json!({"denylist": true})).await;
        let first = lab.alice(TOKEN_STORAGE).await;
        let mut shopped = first.clone();
        shopped.add("pen").await.ok::<Cart>();
        let mut again = first.clone();
        again.log_in(name).await;
        assert!(!first.is_known().await && !shopped.is_known().await, "{name}");
        assert!(again.is_known().await);
        again.add("mug").await.ok::<Cart>();
        assert!(again.is_known().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_token_of_a_cart_under_way_outlives_the_end_of_its_login() {
    for end in ["logout", "retired", "reset"].repeat(7) {
        let lab = Lab::new();
        lab.defend(json!({"denylist": true})).await;
        let alice = lab.alice(TOKEN_STORAGE).await;
        let shopping: Vec<_> = (0..8)
            .map(|_| {
                let mut alice = alice.clone();
                tokio::spawn(async move {
                    alice.add("pen").await;
                    alice
                })
            })
            .collect();
        match end {
            "logout" => alice.clone().log_out().await,
            "retired" => lab.post("control/keys/rotate", json!({"retire": true})).await,
            _ => lab.post("control/reset", Value::Null).await,
        }
        .ok::<Value>();
        for shopper in shopping {
            assert!(!shopper.await.unwrap().is_known().await, "{end}");
        }
    }
}

#[tokio::test]
async fn a_lab_made_anew_believes_no_token_from_before_it() {
    let lab = Lab::new();
    let (early, mut ahead) = (lab.alice(TOKEN_STORAGE).await, lab.caller(TOKEN_STORAGE));
    lab.advance(1000).await;
    ahead.log_in("alice").await;
    // Of the same secret, so that keys of one name are the same: as after a restart.
    let anew = Lab::new();
    anew.view().await;
    for caller in [&early, &ahead] {
        let (name, value) = caller.headers().pop().unwrap();
        anew.get("api/me", &[(name, &value)]).await.problem(401);
    }
    assert!(anew.exchanges().await.iter().all(|exchange| exchange.steps.iter().any(|step| step.did == Did::Verified)));
    anew.advance(1000).await;
    let (name, value) = ahead.headers().pop().unwrap();
    anew.get("api/me", &[(name, &value)]).await.problem(401);
    assert!(anew.alice(TOKEN_STORAGE).await.is_known().await);
    assert!(ahead.is_known().await, "where it was given it holds");
    assert!(anew.view().await.began.at > 0);
}

#[tokio::test]
async fn after_a_reset_no_token_from_before_comes_back_however_far_the_clock_was_ahead() {
    for ahead in [0, 1000] {
        let lab = Lab::new();
        if ahead > 0 {
            lab.advance(ahead).await;
        }
        let token = lab.alice(TOKEN_STORAGE).await;
        lab.post("control/reset", Value::Null).await.ok::<Value>();
        assert!(!token.is_known().await);
        if ahead > 0 {
            lab.advance(ahead).await;
        }
        assert!(!token.is_known().await);
    }
}

#[tokio::test]
async fn switching_the_denylist_off_forgets_it_and_nobody_looks() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let mut caller = lab.alice(TOKEN_STORAGE).await;
    let copy = caller.clone();
    caller.log_out().await;
    lab.defend(json!({"denylist": false})).await;
    assert!(copy.is_known().await);
    assert!(!lab.steps().await.contains(&Did::CheckedDenylist));
}

#[tokio::test]
async fn logging_out_everywhere_ends_every_session_of_this_user_and_of_nobody_else() {
    let lab = Lab::new();
    let (mut here, phone) = (lab.alice(SESSION_COOKIE).await, lab.alice(SESSION_STORAGE).await);
    let token = lab.alice(TOKEN_STORAGE).await;
    let mut bob = lab.caller(SESSION_COOKIE);
    bob.log_in("bob").await;
    let out: LoggedOut = here.act(Method::POST, "api/logout-everywhere", &Value::Null).await.ok();
    assert!(out.revoked);
    assert!(!phone.is_known().await && bob.is_known().await);
    assert!(token.is_known().await, "nobody can take a JWT back");
    let out: LoggedOut = token.send(Method::POST, "api/logout-everywhere", &Value::Null).await.ok();
    assert!(!out.revoked);
}

#[tokio::test]
async fn with_the_denylist_logging_out_everywhere_ends_every_jwt_so_far_and_none_after() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let (mut here, phone) = (lab.alice(TOKEN_COOKIE).await, lab.alice(TOKEN_STORAGE).await);
    let mut bob = lab.caller(TOKEN_STORAGE);
    bob.log_in("bob").await;
    let out: LoggedOut = here.act(Method::POST, "api/logout-everywhere", &Value::Null).await.ok();
    assert!(out.revoked);
    assert!(!phone.is_known().await && bob.is_known().await);
    assert!(lab.alice(TOKEN_STORAGE).await.is_known().await);
    lab.put("control/users/bob", json!({"disabled": true})).await.ok::<Value>();
    assert!(!bob.is_known().await, "disabling a user ends their tokens as well");
}

#[tokio::test]
async fn with_hash_ids_no_row_holds_an_id_and_nobody_is_logged_out() {
    for scheme in [SESSION_COOKIE, SESSION_STORAGE] {
        let lab = Lab::new();
        let before = lab.alice(scheme).await;
        let view = lab.defend(json!({"hash_ids": true})).await;
        let after = lab.alice(scheme).await;
        assert_eq!(view.rows().count(), 1);
        assert!(before.is_known().await && after.is_known().await);
        let text = serde_json::to_string(&lab.view().await).unwrap();
        assert!(!text.contains(&before.credential()) && !text.contains(&after.credential()));
        lab.post("control/restart", Value::Null).await;
        lab.alice(scheme).await;
        assert_eq!(lab.view().await.rows().next().unwrap().key.len(), 43, "also after a restart");
        let view = lab.defend(json!({"hash_ids": false})).await;
        assert_eq!(view.rows().count(), 0, "a hash cannot be turned back");
    }
}

#[tokio::test]
async fn rotated_keys_still_verify_until_they_are_retired() {
    let lab = Lab::new();
    let old = lab.alice(TOKEN_STORAGE).await;
    lab.post("control/keys/rotate", json!({})).await.ok::<Value>();
    let new = lab.alice(TOKEN_STORAGE).await;
    assert!(old.is_known().await && new.is_known().await);
    let keys = lab.view().await.keys;
    assert_eq!(keys.iter().map(|k| (k.kid.as_str(), k.signs)).collect::<Vec<_>>(), [("1", false), ("2", true)]);
    lab.post("control/keys/rotate", json!({"retire": true})).await.ok::<Value>();
    assert!(!old.is_known().await && !new.is_known().await);
    assert!(lab.alice(TOKEN_STORAGE).await.is_known().await);
}

#[tokio::test]
async fn the_admin_area_shows_everybody_to_an_admin() {
    let lab = Lab::new();
    let mut carol = lab.caller(SESSION_COOKIE);
    carol.log_in("carol").await;
    let area: domain::api::AdminArea = carol.send(Method::GET, "api/admin", &Value::Null).await.ok();
    assert_eq!((area.user.name.as_str(), area.users.len()), ("carol", 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn logins_under_way_while_a_user_is_changed_end_up_as_the_user_is() {
    for change in [json!({"disabled": true}), json!({"role": "admin"})] {
        let lab = Lab::new();
        let logins: Vec<_> = (0..24)
            .map(|n| {
                let lab = lab.clone();
                tokio::spawn(async move { lab.post("api/login", login("alice", Scheme::ALL[n % 2])).await })
            })
            .collect();
        let mut changed = false;
        for login in logins {
            assert!(matches!(login.await.unwrap().status.as_u16(), 200 | 401));
            if !changed {
                changed = true;
                lab.put("control/users/alice", change.clone()).await.ok::<Value>();
            }
        }
        let view = lab.view().await;
        if change["disabled"] == true {
            assert_eq!(view.rows().count(), 0);
        } else {
            assert_eq!(view.rows().count(), 24);
            assert!(view.rows().all(|row| row.role == Role::Admin));
        }
    }
}
