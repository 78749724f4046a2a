//! Refresh tokens: used once each, and a copy that is used ends them all.

use crate::callers::*;
use axum::{body::Body, http::Method};
use domain::{
    api::{LoggedIn, Me, Refreshed},
    claims::UnverifiedToken,
    exchange::Did,
    scheme::{Carrier, Scheme},
    session::RefreshToken,
};
use serde_json::{Value, json};

mod meanwhile;

const TOKENS: [Scheme; 2] = [TOKEN_COOKIE, TOKEN_STORAGE];

/// Somebody who keeps a token and a refresh token, where the scheme has them.
#[derive(Clone)]
struct Holder {
    lab: Lab,
    scheme: Scheme,
    access: String,
    refresh: String,
}

impl Holder {
    fn headers(&self) -> (&'static str, String) {
        match self.scheme.carrier {
            Carrier::Cookie => ("cookie", format!("token={}", self.access)),
            Carrier::LocalStorage => ("authorization", format!("Bearer {}", self.access)),
        }
    }

    /// With everything that a browser sends along.
    async fn send(&self, method: Method, below: &str, body: &Value) -> Answer {
        let (name, mut value) = self.headers();
        if self.scheme.carrier == Carrier::Cookie {
            value = format!("{value}; refresh={}", self.refresh);
        }
        self.lab.send(method, below, &[(name, &value)], body).await
    }

    /// With the token along, and keeps what comes.
    async fn refresh(&mut self) -> Answer {
        let (name, value) = self.headers();
        let answer = ask(&self.lab, self.scheme, &self.refresh, &[(name, &value)]).await;
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let cookies = answer.set_cookies();
        let cookie = |name: &str| {
            let pair = cookies.iter().filter_map(|set| set.split(';').next()?.strip_prefix(&format!("{name}=")));
            pair.filter(|value| !value.is_empty()).map(str::to_owned).next_back()
        };
        let from_body = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        self.access = from_body("access_token").or(cookie("token")).unwrap_or(self.access.clone());
        self.refresh = from_body("refresh_token").or(cookie("refresh")).unwrap_or(self.refresh.clone());
    }

    async fn me(&self) -> Answer {
        self.send(Method::GET, "api/me", &Value::Null).await
    }

    fn claims(&self) -> Value {
        UnverifiedToken::read_unverified(&self.access).unwrap().payload
    }
}

async fn ask(lab: &Lab, scheme: Scheme, refresh: &str, headers: &[(&str, &str)]) -> Answer {
    match scheme.carrier {
        Carrier::LocalStorage => {
            lab.send(Method::POST, "api/refresh", headers, &json!({ "refresh_token": refresh })).await
        }
        Carrier::Cookie => {
            let cookie = format!("refresh={refresh}");
            let headers: Vec<_> = headers.iter().copied().chain([("cookie", cookie.as_str())]).collect();
            lab.raw(lab.request(&Method::POST, "api/refresh", &headers).body(Body::empty()).unwrap()).await
        }
    }
}

fn with_refresh(name: &str, scheme: Scheme) -> Value {
    let mut body = login(name, scheme);
    body["refresh"] = json!(true);
    body
}

async fn log_in(lab: &Lab, name: &str, scheme: Scheme) -> Holder {
    let answer = lab.post("api/login", with_refresh(name, scheme)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut holder = Holder { lab: lab.clone(), scheme, access: String::new(), refresh: String::new() };
    holder.keep(&answer);
    assert!(RefreshToken::parse(&holder.refresh).is_some(), "{answer:?}");
    holder
}

#[tokio::test]
async fn a_login_gives_one_only_where_it_was_asked_for_and_goes_with_a_jwt() {
    let lab = Lab::new();
    for scheme in Scheme::ALL {
        let plain = lab.post("api/login", login("alice", scheme)).await;
        assert!(!plain.body.windows(13).any(|part| part == b"refresh_token"), "{scheme}");
        assert!(plain.set_cookies().iter().all(|cookie| !cookie.starts_with("refresh=")), "{scheme}");
    }
    for scheme in [SESSION_COOKIE, SESSION_STORAGE] {
        let problem = lab.post("api/login", with_refresh("alice", scheme)).await.problem(422);
        assert!(problem.detail.contains("a refresh token goes with a JWT"));
    }
    let mut wrong = with_refresh("alice", TOKEN_STORAGE);
    wrong["refresh"] = json!("yes");
    lab.post("api/login", wrong).await.problem(400);
}

#[tokio::test]
async fn as_a_cookie_it_is_guarded_and_goes_to_the_lesson_s_routes_only() {
    for (lab, secure) in [(Lab::new(), ""), (Lab::behind("https://lab.example"), " Secure;")] {
        let mut body = with_refresh("alice", TOKEN_COOKIE);
        body["lifetime"] = json!(1000);
        let answer = lab.post("api/login", body).await;
        assert_eq!(answer.ok::<LoggedIn>().refresh_token, None);
        let set = answer.set_cookies().into_iter().find(|cookie| cookie.starts_with("refresh=")).unwrap();
        let path = lab.path("api");
        let attributes = format!("; HttpOnly; SameSite=Strict;{secure} Path={path}; Max-Age=1000");
        assert!(set.ends_with(&attributes), "{set}");
        let mut holder =
            Holder { lab: lab.clone(), scheme: TOKEN_COOKIE, access: String::new(), refresh: String::new() };
        holder.keep(&answer);
        lab.advance(400).await;
        let renewed = holder.refresh().await.set_cookies();
        let renewed = renewed.iter().find(|cookie| cookie.starts_with("refresh=")).unwrap();
        let age: u64 = renewed.rsplit_once("Max-Age=").unwrap().1.parse().unwrap();
        assert!((590..=600).contains(&age), "the family lives no longer than at first: {renewed}");
    }
}

#[tokio::test]
async fn it_gives_a_new_token_with_what_is_true_now_and_the_cart_of_the_old_one() {
    for scheme in TOKENS {
        let lab = Lab::new();
        let mut alice = log_in(&lab, "alice", scheme).await;
        let added = alice.send(Method::POST, "api/cart", &json!({"item": "pen"})).await;
        alice.keep(&added);
        lab.put("control/users/alice", json!({"role": "admin"})).await;
        let before = alice.clone();
        lab.advance(900).await;
        before.me().await.problem(401);
        let answer = alice.refresh().await;
        let refreshed: Refreshed = answer.ok();
        assert_eq!(refreshed.expires_in, 900);
        assert_eq!(refreshed.access_token.is_some(), scheme == TOKEN_STORAGE);
        assert_eq!(refreshed.token_type.as_deref(), refreshed.access_token.as_ref().map(|_| "Bearer"));
        assert_eq!(refreshed.refresh_token.is_some(), scheme == TOKEN_STORAGE);
        assert_eq!(answer.set_cookies().len(), if scheme == TOKEN_STORAGE { 0 } else { 2 });
        assert!(lab.steps().await.contains(&Did::RefreshedToken));
        assert!(before.refresh != alice.refresh && before.claims()["jti"] != alice.claims()["jti"]);
        let me: Me = alice.me().await.ok();
        assert_eq!((me.user.role.name(), me.cart.as_slice()), ("admin", &["pen".to_owned()][..]), "{scheme}");
        assert_eq!(alice.refresh().await.status, 200, "and so on");
    }
}

#[tokio::test]
async fn without_the_old_token_the_cart_is_empty() {
    for scheme in TOKENS {
        let lab = Lab::new();
        let mut alice = log_in(&lab, "alice", scheme).await;
        let added = alice.send(Method::POST, "api/cart", &json!({"item": "pen"})).await;
        alice.keep(&added);
        // Signed here, but of another login: its cart is not this one's.
        let mut other = log_in(&lab, "alice", TOKEN_STORAGE).await;
        let added = other.send(Method::POST, "api/cart", &json!({"item": "book"})).await;
        other.keep(&added);
        let bearer = format!("Bearer {}", other.access);
        let answer = ask(&lab, scheme, &alice.refresh, &[("authorization", &bearer)]).await;
        alice.keep(&answer);
        assert_eq!(answer.status, 200);
        assert!(alice.me().await.ok::<Me>().cart.is_empty());
    }
}

#[tokio::test]
async fn one_that_is_used_twice_ends_all_of_the_login() {
    for scheme in TOKENS {
        let lab = Lab::new();
        let mut alice = log_in(&lab, "alice", scheme).await;
        let mut other = log_in(&lab, "alice", scheme).await;
        let stolen = alice.refresh.clone();
        assert_eq!(alice.refresh().await.status, 200);
        let answer = ask(&lab, scheme, &stolen, &[]).await;
        assert!(answer.problem(401).detail.contains("used before or is not genuine"));
        assert!(answer.header("www-authenticate").contains("invalid_token"));
        assert!(lab.steps().await.contains(&Did::EndedFamily));
        let cleared = answer.set_cookies().iter().any(|c| c.starts_with("refresh=;") && c.contains("Max-Age=0"));
        assert_eq!(cleared, scheme == TOKEN_COOKIE);
        let problem = alice.refresh().await.problem(401);
        assert!(problem.detail.contains("no such refresh token"), "the newest is dead, too");
        assert_eq!(other.refresh().await.status, 200, "another login goes on");
        assert_eq!(lab.view().await.rows().filter(|row| row.refresh).count(), 1);
        assert_eq!(alice.me().await.status, 200, "the token lives until exp: that is what a token is");
    }
}

#[tokio::test]
async fn a_secret_that_was_never_given_ends_the_login_and_is_not_said_to_have_been_used() {
    let lab = Lab::new();
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    let forged = format!("{}~AAAAAAAAAAAAAAAAAAAAAA", alice.refresh.split_once('~').unwrap().0);
    let problem = ask(&lab, TOKEN_STORAGE, &forged, &[]).await.problem(401);
    assert!(problem.detail.contains("not genuine") && !problem.detail.contains("twice"), "{}", problem.detail);
    assert!(alice.refresh().await.problem(401).detail.contains("no such"));
}

#[tokio::test]
async fn of_two_at_once_one_wins_and_the_login_ends() {
    for store in ["memory", "sqlite"] {
        let lab = Lab::new();
        lab.put("control/topology", json!({ "store": store })).await.ok::<Value>();
        let alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
        let at_once = (0..8).map(|_| {
            let alice = alice.clone();
            tokio::spawn(async move { ask(&alice.lab, alice.scheme, &alice.refresh, &[]).await })
        });
        let answers: Vec<_> = futures::future::join_all(at_once).await.into_iter().map(Result::unwrap).collect();
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!((won.len(), answers.iter().filter(|answer| answer.status == 401).count()), (1, 7), "{store}");
        let next = won[0].ok::<Refreshed>().refresh_token.unwrap();
        ask(&lab, TOKEN_STORAGE, &next, &[]).await.problem(401);
        assert_eq!(lab.view().await.rows().count(), 0, "{store}");
    }
}

#[tokio::test]
async fn on_a_node_that_knows_nothing_of_it_it_is_refused_and_kept() {
    let lab = Lab::new();
    let mut alice = log_in(&lab, "alice", TOKEN_COOKIE).await;
    lab.put("control/topology", json!({"nodes": 2})).await.ok::<Value>();
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..4 {
        let answer = alice.refresh().await;
        if answer.status == 200 {
            taken += 1;
        } else {
            answer.problem(401);
            assert!(answer.set_cookies().is_empty(), "the other node still has it");
            refused += 1;
        }
    }
    assert_eq!((refused, taken), (2, 2));
}

#[tokio::test]
async fn a_refresh_token_and_its_family_s_id_pass_for_no_login() {
    for hash_ids in [false, true] {
        let lab = Lab::new();
        lab.defend(json!({ "hash_ids": hash_ids })).await;
        let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
        let family = alice.claims()["family"].as_str().unwrap().to_owned();
        for value in [family.clone(), alice.refresh.clone()] {
            let (sid, bearer) = (format!("sid={value}"), format!("Bearer {value}"));
            for headers in [[("cookie", sid.as_str())], [("authorization", bearer.as_str())]] {
                for (method, below) in [
                    (Method::GET, "api/me"),
                    (Method::POST, "api/cart"),
                    (Method::POST, "api/logout"),
                    (Method::POST, "api/logout-everywhere"),
                ] {
                    let body = if below == "api/cart" { json!({"item": "pen"}) } else { Value::Null };
                    lab.send(method, below, &headers, &body).await.problem(401);
                }
                let as_bob = lab.send(Method::POST, "api/login", &headers, &login("bob", TOKEN_STORAGE)).await;
                assert_eq!(as_bob.status, 200);
                let again = lab.send(Method::POST, "api/login", &headers, &login("alice", TOKEN_STORAGE)).await;
                assert_eq!(again.status, 200);
            }
        }
        let session = lab.alice(SESSION_STORAGE).await;
        let posed = format!("{}~{family}", session.credential());
        assert!(ask(&lab, TOKEN_STORAGE, &posed, &[]).await.problem(401).detail.contains("no such"));
        assert!(session.is_known().await, "and a session is no refresh token");
        assert_eq!(alice.refresh().await.status, 200, "nothing of this ended it");
    }
}

#[tokio::test]
async fn the_row_shows_the_hash_and_the_page_what_it_is() {
    let lab = Lab::new();
    lab.put("control/topology", json!({"store": "sqlite"})).await.ok::<Value>();
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    for _ in 0..2 {
        let view = lab.view().await;
        let rows: Vec<_> = view.rows().collect();
        assert_eq!((rows.len(), rows[0].user.as_str(), rows[0].refresh), (1, "alice", true));
        let secret = alice.refresh.split_once('~').unwrap().1;
        let held = rows[0].held.as_ref().unwrap();
        assert!(held.value.contains("refresh=") && !held.value.contains(secret), "{}", held.value);
        assert_eq!(alice.refresh().await.status, 200);
    }
    lab.alice(SESSION_STORAGE).await;
    assert_eq!(lab.view().await.rows().filter(|row| !row.refresh).count(), 1);
}

#[tokio::test]
async fn logging_out_ends_it_also_when_the_token_is_over_already() {
    for scheme in TOKENS {
        for (passes, status) in [(0, 200), (900, 401)] {
            let lab = Lab::new();
            let mut alice = log_in(&lab, "alice", scheme).await;
            let mut other = log_in(&lab, "alice", scheme).await;
            lab.advance(passes + 1).await;
            let answer = alice.send(Method::POST, "api/logout", &Value::Null).await;
            assert_eq!(answer.status.as_u16(), status, "{answer:?}");
            assert!(lab.steps().await.contains(&Did::EndedFamily), "{scheme}");
            let cleared = answer.set_cookies().iter().any(|c| c.starts_with("refresh=;") && c.contains("Max-Age=0"));
            assert_eq!(cleared, scheme == TOKEN_COOKIE, "{scheme}");
            alice.refresh().await.problem(401);
            assert_eq!(other.refresh().await.status, 200, "another login goes on");
        }
    }
}

#[tokio::test]
async fn its_cookie_alone_leads_a_logout_and_a_login_to_it() {
    let lab = Lab::new();
    let logins = [login("bob", TOKEN_COOKIE), with_refresh("bob", TOKEN_STORAGE), login("alice", SESSION_COOKIE)];
    for to in [None].into_iter().chain(logins.map(Some)) {
        let mut alice = log_in(&lab, "alice", TOKEN_COOKIE).await;
        let cookie = format!("refresh={}", alice.refresh);
        let headers = [("cookie", cookie.as_str())];
        let answer = match &to {
            None => lab.send(Method::POST, "api/logout", &headers, &Value::Null).await,
            Some(to) => lab.send(Method::POST, "api/login", &headers, to).await,
        };
        assert_eq!(answer.status, if to.is_none() { 401 } else { 200 });
        assert!(lab.steps().await.contains(&Did::EndedFamily), "{to:?}");
        let cleared = answer.set_cookies().iter().any(|c| c.starts_with("refresh=;") && c.contains("Max-Age=0"));
        assert!(cleared, "{to:?}");
        alice.refresh().await.problem(401);
    }
    let alice = log_in(&lab, "alice", TOKEN_COOKIE).await;
    let cookie = format!("refresh={}", alice.refresh);
    let answer = lab.send(Method::POST, "api/login", &[("cookie", &cookie)], &with_refresh("bob", TOKEN_COOKIE)).await;
    assert!(answer.set_cookies().iter().all(|c| !c.starts_with("refresh=;")), "what is set is not cleared");
    ask(&lab, TOKEN_COOKIE, &alice.refresh, &[]).await.problem(401);
}

#[tokio::test]
async fn logging_out_of_a_session_ends_the_refresh_token_beside_it() {
    for route in ["api/logout", "api/logout-everywhere"] {
        let lab = Lab::new();
        let (session, mut bob) = (lab.alice(SESSION_COOKIE).await, log_in(&lab, "bob", TOKEN_COOKIE).await);
        let cookies = format!("sid={}; refresh={}", session.credential(), bob.refresh);
        let answer = lab.send(Method::POST, route, &[("cookie", &cookies)], &Value::Null).await;
        assert_eq!(answer.status, 200);
        assert!(answer.set_cookies().iter().any(|c| c.starts_with("refresh=;")), "{route}");
        bob.refresh().await.problem(401);
    }
}

#[tokio::test]
async fn a_new_login_that_replaces_it_ends_it() {
    for scheme in TOKENS {
        for (to, passes) in [(scheme, 0), (SESSION_STORAGE, 0), (TOKEN_STORAGE, 1000)] {
            let lab = Lab::new();
            let mut alice = log_in(&lab, "alice", scheme).await;
            lab.advance(passes + 1).await;
            let answer = alice.send(Method::POST, "api/login", &login("alice", to)).await;
            assert_eq!(answer.status, 200);
            let cleared = answer.set_cookies().iter().any(|c| c.starts_with("refresh=;"));
            assert_eq!(cleared, scheme == TOKEN_COOKIE, "{scheme} to {to}");
            ask(&lab, scheme, &alice.refresh, &[]).await.problem(401);
            let answer = alice.send(Method::POST, "api/login", &with_refresh("alice", scheme)).await;
            assert!(answer.set_cookies().iter().all(|c| !c.starts_with("refresh=;")), "what is set is not cleared");
            alice.keep(&answer);
            assert_eq!(alice.refresh().await.status, 200);
        }
    }
}

#[tokio::test]
async fn what_ends_all_logins_of_a_user_ends_these_too() {
    for route in ["api/logout-everywhere", "disabled", "control/reset", "control/restart"] {
        let lab = Lab::new();
        let (mut alice, mut bob) =
            (log_in(&lab, "alice", TOKEN_STORAGE).await, log_in(&lab, "bob", TOKEN_STORAGE).await);
        let answer = match route {
            "disabled" => lab.put("control/users/alice", json!({"disabled": true})).await,
            control if control.starts_with("control") => lab.post(control, json!({})).await,
            everywhere => lab.alice(SESSION_STORAGE).await.send(Method::POST, everywhere, &Value::Null).await,
        };
        assert_eq!(answer.status, 200, "{route}");
        alice.refresh().await.problem(401);
        let goes_on = bob.refresh().await.status == 200;
        assert_eq!(goes_on, !route.starts_with("control"), "{route}");
    }
}

#[tokio::test]
async fn it_lives_for_the_lifetime_of_the_login_and_no_longer() {
    let lab = Lab::new();
    let mut body = with_refresh("alice", TOKEN_STORAGE);
    (body["lifetime"], body["idle"]) = (json!(1000), json!(1));
    let given: LoggedIn = lab.post("api/login", body).await.ok();
    lab.advance(900).await;
    let first = ask(&lab, TOKEN_STORAGE, &given.refresh_token.unwrap(), &[]).await.ok::<Refreshed>();
    assert!((90..=100).contains(&first.expires_in), "its token lives no longer, either: {}", first.expires_in);
    let claims = UnverifiedToken::read_unverified(first.access_token.as_ref().unwrap()).unwrap();
    assert_eq!(claims.seconds("exp").unwrap() - claims.seconds("iat").unwrap(), first.expires_in);
    lab.advance(100).await;
    let bearer = format!("Bearer {}", first.access_token.unwrap());
    lab.get("api/me", &[("authorization", &bearer)]).await.problem(401);
    ask(&lab, TOKEN_STORAGE, &first.refresh_token.unwrap(), &[]).await.problem(401);
}

#[tokio::test]
async fn a_cookie_that_is_too_large_is_sent_with_a_warning() {
    let lab = Lab::new();
    let mut alice = log_in(&lab, "alice", TOKEN_COOKIE).await;
    let fits: Refreshed = alice.refresh().await.ok();
    assert_eq!(fits.warning, None);
    for _ in 0..50 {
        let added = alice.send(Method::POST, "api/cart", &json!({"item": "x".repeat(64)})).await;
        alice.keep(&added);
    }
    let refreshed: Refreshed = alice.refresh().await.ok();
    assert!(refreshed.warning.unwrap().contains("over 4096"));
    assert!(lab.steps().await.contains(&Did::CookieTooLarge));
}

#[tokio::test]
async fn whatever_else_comes_is_refused_in_plain_words_and_ends_nothing() {
    let lab = Lab::new();
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    let nothing = lab.raw(lab.request(&Method::POST, "api/refresh", &[]).body(Body::empty()).unwrap()).await;
    assert!(nothing.problem(401).detail.contains("no refresh token"));
    assert!(!nothing.header("www-authenticate").contains("error"));
    let unknown = "AAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAA";
    for value in [unknown, "", "~", "a.b.c", &"x".repeat(10_000), "\u{0}", &alice.refresh[..44], &alice.access] {
        let answer = ask(&lab, TOKEN_STORAGE, value, &[]).await;
        answer.problem(401);
        assert!(answer.header("www-authenticate").contains("invalid_token"), "{value}");
    }
    for body in [json!({"refresh_token": 1}), json!({"refresh_token": "a", "x": 1}), json!("a")] {
        lab.post("api/refresh", body).await.problem(400);
    }
    let twice = format!(r#"{{"refresh_token":"{0}","refresh_token":"{0}"}}"#, alice.refresh);
    let json = [("content-type", "application/json")];
    lab.raw(lab.request(&Method::POST, "api/refresh", &json).body(Body::from(twice)).unwrap()).await.problem(400);
    let plain = [("content-type", "text/plain")];
    lab.raw(lab.request(&Method::POST, "api/refresh", &plain).body(Body::from("x")).unwrap()).await.problem(415);
    lab.post("api/refresh", json!({"refresh_token": "x".repeat(17_000)})).await.problem(413);
    lab.get("api/refresh", &[]).await.problem(405);
    let cookie = format!("refresh={}", alice.refresh);
    let both = ask(&lab, TOKEN_STORAGE, &alice.refresh, &[("cookie", &cookie)]).await;
    assert!(both.problem(400).detail.contains('2'));
    let two = format!("{cookie}; {cookie}");
    lab.raw(lab.request(&Method::POST, "api/refresh", &[("cookie", &two)]).body(Body::empty()).unwrap())
        .await
        .problem(400);
    lab.put("control/faults", json!({"store_down": true})).await;
    alice.refresh().await.problem(503);
    lab.put("control/faults", json!({"store_down": false})).await;
    assert_eq!(alice.refresh().await.status, 200, "nothing of this used it up");
}

#[tokio::test]
async fn a_checked_origin_is_checked_here_too() {
    let lab = Lab::new();
    let mut alice = log_in(&lab, "alice", TOKEN_COOKIE).await;
    lab.defend(json!({"check_origin": true})).await;
    ask(&lab, TOKEN_COOKIE, &alice.refresh, &[("sec-fetch-site", "cross-site")]).await.problem(403);
    assert_eq!(alice.refresh().await.status, 200);
}

#[tokio::test]
async fn without_a_script_a_form_refreshes_the_cookies() {
    let lab = Lab::new();
    let form = "username=alice&password=alice-password&scheme=token-cookie&refresh=true";
    let answer = lab.form("api/login", &[], form).await;
    assert_eq!(answer.status, 303);
    let mut alice = Holder { lab: lab.clone(), scheme: TOKEN_COOKIE, access: String::new(), refresh: String::new() };
    alice.keep(&answer);
    let cookie = format!("refresh={}", alice.refresh);
    let answer = lab.form("api/refresh", &[("cookie", &cookie)], "").await;
    assert!(answer.status == 303 && answer.header("location").contains("outcome=logged-in"), "{answer:?}");
    assert_eq!(answer.set_cookies().len(), 2);
}

#[tokio::test]
async fn sixty_four_rows_are_the_most_and_a_refused_login_leaves_none() {
    let lab = Lab::new();
    for _ in 0..64 {
        log_in(&lab, "alice", TOKEN_STORAGE).await;
    }
    lab.post("api/login", with_refresh("alice", TOKEN_STORAGE)).await.problem(429);
    assert_eq!(lab.view().await.rows().count(), 64);
    let mut full = lab.another().alice(SESSION_STORAGE).await;
    for _ in 0..200 {
        full.add(&"\"".repeat(64)).await;
    }
    full.log_in_with(with_refresh("alice", TOKEN_STORAGE)).await.problem(422);
    assert_eq!(full.lab.view().await.rows().filter(|row| row.refresh).count(), 0);
    assert_eq!(full.known().await.cart.len(), 200, "what came along is as it was");
}

#[tokio::test]
async fn a_login_that_is_refused_for_want_of_room_ends_nothing() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let mut alice = lab.alice(TOKEN_STORAGE).await;
    alice.add("pen").await;
    for _ in 0..64 {
        lab.alice(SESSION_STORAGE).await;
    }
    for body in [with_refresh("alice", TOKEN_STORAGE), login("alice", SESSION_STORAGE), login("bob", SESSION_STORAGE)] {
        alice.send(Method::POST, "api/login", &body).await.problem(429);
        assert_eq!(alice.known().await.cart, ["pen"]);
    }
    assert_eq!(lab.view().await.rows().count(), 64);
}

#[tokio::test]
async fn a_row_that_a_login_ends_makes_room_for_its_own() {
    let lab = Lab::new();
    for _ in 0..62 {
        lab.alice(SESSION_STORAGE).await;
    }
    let (session, mut alice) = (lab.alice(SESSION_STORAGE).await, log_in(&lab, "alice", TOKEN_STORAGE).await);
    let answer = alice.send(Method::POST, "api/login", &with_refresh("alice", TOKEN_STORAGE)).await;
    assert_eq!(answer.status, 200, "in the place of its refresh tokens");
    let before = alice.clone();
    alice.keep(&answer);
    ask(&lab, TOKEN_STORAGE, &before.refresh, &[]).await.problem(401);
    assert_eq!(alice.refresh().await.status, 200);
    let as_bob = session.send(Method::POST, "api/login", &with_refresh("bob", TOKEN_STORAGE)).await;
    assert_eq!(as_bob.status, 200, "in the place of the session");
    assert!(!session.is_known().await);
    assert_eq!(lab.view().await.rows().count(), 64);
}

#[tokio::test]
async fn with_the_denylist_a_logout_with_any_token_of_a_refreshed_login_ends_them_all() {
    for scheme in TOKENS {
        for leaving in 0..3 {
            let lab = Lab::new();
            let elsewhere = log_in(&lab, "alice", scheme).await;
            let first = log_in(&lab, "alice", scheme).await;
            lab.advance(300).await;
            let mut second = first.clone();
            assert_eq!(second.refresh().await.status, 200);
            let mut third = second.clone();
            let without = ask(&lab, scheme, &third.refresh, &[]).await;
            third.keep(&without);
            lab.defend(json!({"denylist": true})).await;
            let tokens = [first, second, third];
            assert_eq!(tokens[leaving].send(Method::POST, "api/logout", &Value::Null).await.status, 200);
            let check = async |when: &str| {
                for (n, token) in tokens.iter().enumerate() {
                    let (name, value) = token.headers();
                    let answer = lab.get("api/me", &[(name, &value)]).await;
                    assert_eq!(answer.status, 401, "{when}: token {n} after a logout with {leaving}: {answer:?}");
                }
            };
            check("at once").await;
            let (name, value) = elsewhere.headers();
            assert_eq!(lab.get("api/me", &[(name, &value)]).await.status, 200);
            lab.advance(700).await;
            check("when the first would have died").await;
            lab.advance(300).await;
            assert!(lab.view().await.denylist.is_empty());
        }
    }
}

#[tokio::test]
async fn with_the_denylist_a_logout_with_a_token_that_is_over_ends_the_later_ones_of_its_login() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let first = log_in(&lab, "alice", TOKEN_STORAGE).await;
    lab.advance(600).await;
    let mut second = first.clone();
    assert_eq!(second.refresh().await.status, 200);
    lab.advance(400).await;
    assert_eq!(second.me().await.status, 200);
    first.send(Method::POST, "api/logout", &Value::Null).await.problem(401);
    second.me().await.problem(401);
    second.refresh().await.problem(401);
}

#[tokio::test]
async fn a_change_of_the_cart_keeps_the_way_to_the_family() {
    let lab = Lab::new();
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    let before = alice.claims()["family"].clone();
    let added = alice.send(Method::POST, "api/cart", &json!({"item": "pen"})).await;
    alice.keep(&added);
    assert_eq!(alice.claims()["family"], before);
    assert_eq!(lab.exchanges().await.len(), 2);
    alice.refresh().await;
    let recorded = lab.exchanges().await.pop().unwrap();
    assert!(recorded.request.body.unwrap().contains('~'), "shown like every credential");
}
