//! Orders for the attacker's window, and what its requests look like here.

use crate::{callers::*, events::Stream};
use axum::{body::Body, http::Method};
use domain::{
    attack::{Attack, Comment, Order, Ordered},
    exchange::{Did, Sender},
    view::ServerView,
};
use serde_json::{Value, json};
use std::time::Duration;

/// Opens the window, that is: has it ask for its next order.
fn open(lab: &Lab) -> tokio::task::JoinHandle<Answer> {
    let lab = lab.clone();
    tokio::spawn(async move { lab.next_order(&[]).await })
}

/// Waits until the window asks.
async fn opened(lab: &Lab) -> tokio::task::JoinHandle<Answer> {
    lab.view().await;
    let waiting = open(lab);
    for _ in 0..1000 {
        if lab.view().await.attacker.window {
            return waiting;
        }
        tokio::task::yield_now().await;
    }
    panic!("the window never waits")
}

#[tokio::test]
async fn without_a_window_there_is_nobody_to_attack() {
    let lab = Lab::new();
    let problem = lab.post("control/attacks", json!({"attack": "fetch"})).await.problem(409);
    assert!(problem.detail.contains(&format!("http://127.0.0.1:3666/lab/{}/window", lab.id)), "{}", problem.detail);
    assert!(!lab.view().await.attacker.window);
}

#[tokio::test]
async fn every_attack_on_the_list_reaches_the_window_with_its_address() {
    let lab = Lab::new();
    let mut number = 0;
    for (target, expected) in [
        ("shop", [("form-post", "/api/cart"), ("link", ""), ("fetch", "/api/cart"), ("frame", "")]),
        ("probe", ["form-post", "link", "fetch", "frame"].map(|attack| (attack, "/api/probe"))),
    ] {
        for ((name, below), attack) in expected.into_iter().zip(Attack::ALL) {
            let window = opened(&lab).await;
            let ordered = lab.post("control/attacks", json!({"attack": name, "target": target})).await;
            number += 1;
            assert_eq!(ordered.ok::<Ordered>(), Ordered { n: number });
            let url = format!("http://localhost:3000/lab/{}{below}?window=attack&n={number}", lab.id);
            assert_eq!(window.await.unwrap().ok::<Order>(), Order::Attack { attack, url });
            assert!(lab.view().await.attacker.window, "it will come back");
        }
    }
    for (name, attack) in ["form-post", "link", "fetch", "frame"].into_iter().zip(Attack::ALL) {
        let window = opened(&lab).await;
        let ordered = lab.post("control/attacks", json!({"attack": name, "target": "itself"})).await;
        let Ordered { n } = ordered.ok();
        let url = format!("http://127.0.0.1:3666/lab/{}/port?n={n}", lab.id);
        assert_eq!(window.await.unwrap().ok::<Order>(), Order::Attack { attack, url }, "its own host");
    }
}

#[tokio::test]
async fn what_is_not_on_the_list_is_refused() {
    let lab = Lab::new();
    let _window = opened(&lab).await;
    for body in [
        json!({}),
        json!({"attack": "click"}),
        json!({"attack": "fetch", "target": "elsewhere"}),
        json!({"attack": "fetch", "url": "http://x"}),
        json!({"attack": "fetch", "target": "http://x"}),
        json!("fetch"),
    ] {
        lab.post("control/attacks", body).await.problem(400);
    }
    for body in [json!({"comment": "<script>"}), json!({"comment": {"read": 1}}), json!({"text": "x"}), json!([])] {
        lab.put("control/guestbook", body).await.problem(400);
    }
    let elsewhere = [("sec-fetch-site", "same-site")];
    for (method, below, body) in [
        (Method::POST, "control/attacks", json!({"attack": "fetch"})),
        (Method::DELETE, "control/attacks", Value::Null),
        (Method::PUT, "control/guestbook", json!({"comment": "read"})),
        (Method::POST, "control/loot", json!({"take": "key"})),
        (Method::DELETE, "control/loot", Value::Null),
        (Method::POST, "control/loot/1/replay", Value::Null),
    ] {
        lab.send(method, below, &elsewhere, &body).await.problem(403);
    }
}

#[tokio::test]
async fn of_two_orders_that_wait_the_later_is_carried_out() {
    let lab = Lab::new();
    opened(&lab).await.abort();
    for attack in ["form-post", "link"] {
        lab.post("control/attacks", json!({ "attack": attack })).await.ok::<Ordered>();
    }
    let Order::Attack { attack, url } = lab.next_order(&[]).await.ok() else { panic!("no attack") };
    assert_eq!((attack, url.ends_with("&n=2")), (Attack::Link, true));
}

#[tokio::test(start_paused = true)]
async fn a_window_hears_of_nothing_after_twenty_seconds_and_asks_again() {
    let lab = Lab::new();
    let window = opened(&lab).await;
    assert_eq!(window.await.unwrap().status, 204);
}

#[tokio::test]
async fn a_window_can_be_closed_and_one_that_opens_later_stays_open() {
    let lab = Lab::new();
    let window = opened(&lab).await;
    lab.send(Method::DELETE, "control/attacks", &[], &Value::Null).await.ok::<Value>();
    assert_eq!(window.await.unwrap().ok::<Order>(), Order::Close);
    assert!(!lab.view().await.attacker.window);
    lab.post("control/attacks", json!({"attack": "fetch"})).await.problem(409);
    lab.send(Method::DELETE, "control/attacks", &[], &Value::Null).await.ok::<Value>();
    let window = opened(&lab).await;
    lab.post("control/attacks", json!({"attack": "fetch"})).await.ok::<Ordered>();
    assert!(matches!(window.await.unwrap().ok::<Order>(), Order::Attack { .. }), "no old order is carried out");
}

#[tokio::test]
async fn four_windows_wait_at_the_most_and_only_their_own_page_asks() {
    let lab = Lab::new();
    lab.view().await;
    let windows: Vec<_> = (0..4).map(|_| open(&lab)).collect();
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    lab.next_order(&[]).await.problem(429);
    windows.iter().for_each(tokio::task::JoinHandle::abort);
    for headers in [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")] {
        lab.next_order(&[headers]).await.problem(403);
    }
}

#[tokio::test]
async fn an_attack_that_would_take_the_window_along_is_done_and_the_window_stays() {
    let lab = Lab::new();
    let attacks =
        [("?window=attack&n=7", "200"), ("api/me?n=7&window=attack", "401"), ("api/nothing?window=attack", "404")];
    for (below, instead_of) in attacks {
        for headers in [&[][..], &[("sec-fetch-dest", "document")]] {
            let answer = lab.get(below, headers).await;
            assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0), "{below}");
            let last = lab.exchanges().await.pop().unwrap().steps.pop().unwrap();
            assert_eq!((last.did, &*last.detail), (Did::KeptWindow, instead_of), "the record says so: {below}");
        }
        for dest in ["iframe", "empty"] {
            assert_ne!(lab.get(below, &[("sec-fetch-dest", dest)]).await.status, 204, "{below} {dest}");
        }
    }
    for below in ["", "?window=http://x", "?n=7", "?window=attack%26"] {
        assert_eq!(lab.get(below, &[]).await.status, 200, "{below}");
    }
    let alice = lab.alice(SESSION_COOKIE).await;
    let headers = alice.headers();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let form = lab.form("api/cart?window=attack&n=7", &headers, "item=a+thing+you+never+wanted").await;
    assert_eq!((form.status.as_u16(), form.header("location")), (204, ""));
    assert_eq!(alice.known().await.cart, ["a thing you never wanted"]);
    let form = lab.form("api/cart?n=7", &headers, "item=pen").await;
    assert_eq!(form.header("location"), format!("/lab/{}?outcome=cart-changed", lab.id));
}

#[tokio::test]
async fn what_comes_from_the_attacker_s_site_is_recorded_as_the_attacker_s() {
    let lab = Lab::new();
    lab.view().await;
    for (headers, from) in [
        (vec![("sec-fetch-site", "cross-site")], Sender::Attacker),
        (vec![("sec-fetch-site", "same-site")], Sender::Attacker),
        (vec![("origin", "http://127.0.0.1:3666")], Sender::Attacker),
        (vec![("origin", "http://127.0.0.1:3667")], Sender::Other),
        (vec![("origin", "http://localhost:3000")], Sender::Other),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3666")], Sender::Page),
        (vec![("x-login-lab-attacker", "1")], Sender::Other),
        (vec![], Sender::Other),
    ] {
        lab.get("api/me", &headers).await;
        assert_eq!(lab.exchanges().await.pop().unwrap().from, from, "{headers:?}");
    }
}

#[tokio::test]
async fn the_view_says_where_the_attacker_is() {
    let attacker = Lab::new().view().await.attacker;
    assert_eq!((attacker.origin.as_str(), attacker.same_site), ("http://127.0.0.1:3666", false));
    assert_eq!(attacker.neighbour.as_deref(), Some("http://localhost:3666"));
    assert_eq!(Lab::behind("https://lab.example").view().await.attacker.neighbour, None);
    assert!(!Lab::behind("https://127.0.0.1").view().await.attacker.same_site, "the scheme counts");
    assert!(Lab::behind("http://127.0.0.1").view().await.attacker.same_site);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_stays_away_is_gone_and_its_order_with_it() {
    let lab = Lab::new();
    let window = opened(&lab).await;
    window.abort();
    let _ = window.await;
    assert!(lab.view().await.attacker.window, "it asks again in a moment");
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(!lab.view().await.attacker.window);
    lab.post("control/attacks", json!({"attack": "fetch"})).await.ok::<Ordered>();
    tokio::time::advance(Duration::from_secs(5)).await;
    lab.post("control/attacks", json!({"attack": "fetch"})).await.problem(409);
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(lab.next_order(&[]).await.status, 204, "nobody waits for what was ordered so long ago");
}

#[tokio::test]
async fn the_window_tells_what_its_browser_allows_other_sites() {
    let lab = Lab::new();
    lab.view().await;
    assert_eq!(lab.view().await.attacker.third_party, None);
    for (said, shown) in [
        (json!({"third_party": false}), Some(false)),
        (json!({"third_party": true}), Some(true)),
        (json!({"third_party": null}), None),
    ] {
        let request = lab.request(&Method::POST, "next", &[("content-type", "application/json")]);
        let request = request.body(Body::from(said.to_string())).unwrap();
        let asker = lab.clone();
        let window = tokio::spawn(async move { asker.raw_at_attacker(request).await });
        while !lab.view().await.attacker.window || lab.view().await.attacker.third_party != shown {
            tokio::task::yield_now().await;
        }
        lab.post("control/attacks", json!({"attack": "fetch"})).await.ok::<Ordered>();
        window.await.unwrap().ok::<Order>();
    }
    for wrong in ["x", "{\"third_party\": 1}", "{\"x\": 1}", "[1]"] {
        let request = lab.request(&Method::POST, "next", &[("content-type", "application/json")]);
        lab.raw_at_attacker(request.body(Body::from(wrong)).unwrap()).await.problem(400);
    }
}

#[tokio::test]
async fn the_page_that_the_window_frames_tells_the_attacker_alone_and_nothing_else() {
    let lab = Lab::new();
    let page = lab.get("/embedded", &[("cookie", "sid=x")]).await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; img-src data:; base-uri 'none'; object-src 'none'; \
         form-action 'none'; frame-ancestors http://127.0.0.1:3666"
    );
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(text.contains("data-asks=\"http://127.0.0.1:3666\"") && !text.contains(&lab.id), "{text}");
    let script = lab.get("/embedded.js", &[]).await;
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert!(lab.exchanges().await.is_empty(), "it is no part of the lesson");
    lab.view().await;
    let window = String::from_utf8(lab.get_at_attacker("window", &[]).await.body.to_vec()).unwrap();
    assert!(window.contains("data-embedded=\"http://localhost:3000/embedded\""), "{window}");
}

#[tokio::test]
async fn the_event_stream_hears_of_all_of_it() {
    let lab = Lab::new();
    let mut stream = Stream::open(&lab, "", &[]).await;
    stream.until("view").await;
    let window = open(&lab);
    let seen = async |stream: &mut Stream| {
        serde_json::from_str::<ServerView>(&stream.until("view").await.data).unwrap().attacker
    };
    assert!(seen(&mut stream).await.window);
    window.abort();
    lab.put("control/guestbook", json!({"comment": "act"})).await.ok::<Value>();
    assert_eq!(seen(&mut stream).await.comment, Some(Comment::Act));
    lab.get_at_attacker("port?n=3", &[]).await;
    assert_eq!(seen(&mut stream).await.visits[0].n, 3);
    lab.post_at_attacker("peeked?n=4", "").await;
    assert_eq!(seen(&mut stream).await.visits[1].n, 4);
    lab.post_at_attacker("loot", r#"{"n":5,"cookie":"","storage":null}"#).await;
    assert_eq!(seen(&mut stream).await.visits[2].n, 5);
    lab.post("control/loot", json!({"take": "key"})).await.ok::<Value>();
    assert_eq!(seen(&mut stream).await.loot.len(), 1);
    lab.send(Method::DELETE, "control/loot", &[], &Value::Null).await.ok::<Value>();
    assert_eq!(seen(&mut stream).await.loot.len(), 0);
}
