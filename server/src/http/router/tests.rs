//! What is seen from inside while a request is under way.

use super::{Answering, Server};
use crate::{
    bounds::LAB_DENYLIST,
    lab::{Lab, World},
    origins::Configured,
    process::Settings,
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use domain::{
    api::{LONGEST, LoggedIn, Login},
    claims::Claims,
    scheme::Scheme,
};
use http_body_util::BodyExt as _;

const LAB: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn server() -> Server {
    Server::new(Settings::without_site(vec![7; 32], None))
}

fn login() -> Request<Body> {
    let login = Login::new("alice", "alice-password", Scheme::default());
    Request::post(format!("/lab/{LAB}/api/login"))
        .header("content-type", "application/json")
        .body(Body::from(serde_json::to_vec(&login).unwrap()))
        .unwrap()
}

#[tokio::test]
async fn a_request_under_way_when_its_node_stops_is_answered_with_502_and_leaves_nothing_behind() {
    let Server { process, router, .. } = server();
    let held = process.passwords.hold().await;
    let under_way = tokio::spawn(router.answer(login()));
    while process.passwords.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let lab = process.labs.lab(LAB);
    lab.restart().await;
    let response = under_way.await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(response.headers()["x-node"], "1");
    assert!(!response.headers().contains_key("set-cookie"));
    drop(held);
    assert_eq!(lab.view().await.rows().count(), 0);
    assert_eq!(lab.record.all()[0].response.status, 502);
    assert_eq!(router.answer(login()).await.status(), StatusCode::OK, "the next one is answered again");
}

#[tokio::test]
async fn with_no_node_up_the_answer_is_503_and_the_bench_still_shows_the_lab() {
    let Server { process, router, .. } = server();
    let lab = process.labs.lab(LAB);
    lab.stop_node(1).await.unwrap();
    let response = router.answer(login()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "1");
    assert!(!response.headers().contains_key("x-node"));
    let view = lab.view().await;
    assert!(!view.nodes[0].up);
    assert_eq!(lab.record.all()[0].node, None);
}

#[tokio::test]
async fn what_is_not_recorded_is_answered_as_what_is() {
    let answers = async |is_recording| {
        let Server { process, router, .. } =
            Server::new(Settings { is_recording, ..Settings::without_site(vec![7; 32], None) });
        let response = router.answer(login()).await;
        let headers: Vec<_> = response.headers().keys().cloned().collect();
        (response.status(), headers, process.labs.lab(LAB).record.all().len())
    };
    let (status, headers, recorded) = answers(true).await;
    assert_eq!((status, recorded), (StatusCode::OK, 1));
    assert_eq!(answers(false).await, (status, headers, 0));
}

async fn post(router: &Answering, route: &str, bearer: &str, body: String) -> (StatusCode, Vec<u8>) {
    let request = Request::post(format!("/lab/{LAB}/api/{route}")).header("content-type", "application/json");
    let request = if bearer.is_empty() { request } else { request.header("authorization", bearer) };
    let response = router.answer(request.body(Body::from(body)).unwrap()).await;
    let status = response.status();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn a_retired_token_stays_dead_when_its_lab_is_dropped_and_made_anew() {
    let Server { process, router, .. } =
        Server::new(Settings { max_labs: 1, ..Settings::without_site(vec![7; 32], None) });
    let login = serde_json::to_string(&Login::new("alice", "alice-password", Scheme::ALL[3])).unwrap();
    let (_, body) = post(&router, "login", "", login).await;
    let bearer = format!("Bearer {}", serde_json::from_slice::<LoggedIn>(&body).unwrap().access_token.unwrap());
    let cart = || post(&router, "cart", &bearer, r#"{"item":"pen"}"#.to_owned());
    assert_eq!(cart().await.0, StatusCode::OK);
    let lab = process.labs.lab(LAB);
    lab.world(|world| world.keys.rotate(true, None));
    assert_eq!(cart().await.0, StatusCode::UNAUTHORIZED);
    while !lab.closed.is_cancelled() {
        process.labs.lab("BBBBBBBBBBBBBBBBBBBBBB");
    }
    let (status, body) = cart().await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(String::from_utf8_lossy(&body).contains("from before this lab began"));
    assert_eq!(process.labs.lab(LAB).world(|world| world.keys.signing().kid), "1", "which is called the same");
}

/// Leaves room for so many more entries.
fn fill_denylist(lab: &Lab, claims: &Claims, room: usize) {
    lab.world(|world| {
        world.defences.denylist = true;
        let now = world.now();
        let mut other = Claims { exp: now + LONGEST, ..claims.clone() };
        for n in room..LAB_DENYLIST {
            other.login = n.to_string();
            world.denylist.deny(&other, other.jti.clone(), now).unwrap();
        }
    });
}

#[tokio::test]
async fn with_a_full_denylist_a_logout_is_refused_and_the_login_is_as_it_was() {
    let Server { process, router, .. } = server();
    let login = Login::new("alice", "alice-password", Scheme::ALL[3]);
    let login = serde_json::to_string(&login).unwrap();
    let (_, body) = post(&router, "login", "", login.clone()).await;
    let token = serde_json::from_slice::<LoggedIn>(&body).unwrap().access_token.unwrap();
    let lab = process.labs.lab(LAB);
    let claims = lab.world(World::verifier).verify(&token).unwrap();
    fill_denylist(&lab, &claims, 0);
    let bearer = format!("Bearer {token}");
    let with_refresh = login.replace(r#""refresh":false"#, r#""refresh":true"#);
    let session = login.replace("token-storage", "session-storage");
    assert!(with_refresh != login && session != login);
    let logins = [login, with_refresh, session].map(|login| ("login", login));
    for (route, body) in ["logout", "logout-everywhere"].map(|route| (route, String::new())).into_iter().chain(logins) {
        let (status, _) = post(&router, route, &bearer, body).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{route}");
    }
    assert_eq!(lab.view().await.rows().count(), 0, "a login that is refused leaves no row");
    assert!(!lab.world(|world| world.denylist.lists(&claims)));
}

#[tokio::test]
async fn a_login_for_which_the_denylist_has_too_little_room_ends_none_of_those_that_came_along() {
    let Server { process, router, .. } = server();
    let lab = process.labs.lab(LAB);
    let mut tokens = vec![];
    for name in ["alice", "bob"] {
        let login = Login::new(name, &format!("{name}-password"), Scheme::ALL[3]);
        let (_, body) = post(&router, "login", "", serde_json::to_string(&login).unwrap()).await;
        tokens.push(serde_json::from_slice::<LoggedIn>(&body).unwrap().access_token.unwrap());
    }
    let claims = tokens.iter().map(|token| lab.world(World::verifier).verify(token).unwrap()).collect::<Vec<_>>();
    fill_denylist(&lab, &claims[0], 1);
    let (mut both, cookie) = (login(), format!("token={}", tokens[0]));
    both.headers_mut().insert("cookie", cookie.parse().unwrap());
    both.headers_mut().insert("authorization", format!("Bearer {}", tokens[1]).parse().unwrap());
    assert_eq!(router.answer(both).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(claims.iter().all(|claims| !lab.world(|world| world.denylist.lists(claims))));
}

#[tokio::test]
async fn behind_a_proxy_the_attacker_s_page_is_its_own_under_both_of_its_names_and_no_other_site_s() {
    let configured = Configured {
        public: Some("https://localhost:8443".to_owned()),
        attacker: Some("https://127.0.0.1:8444".to_owned()),
    };
    let Server { router, attacker, .. } =
        Server::new(Settings { configured, ..Settings::without_site(vec![7; 32], None) });
    let view = Request::get(format!("/lab/{LAB}/control/view")).body(Body::empty()).unwrap();
    assert_eq!(router.answer(view).await.status(), StatusCode::OK);
    for (origin, status) in [
        ("https://127.0.0.1:8444", StatusCode::NO_CONTENT),
        ("https://localhost:8444", StatusCode::NO_CONTENT),
        ("https://localhost:8443", StatusCode::FORBIDDEN),
        ("http://localhost:8444", StatusCode::FORBIDDEN),
        ("https://evil.example", StatusCode::FORBIDDEN),
    ] {
        let peeked = Request::post(format!("/lab/{LAB}/peeked?n=1"))
            .header("host", "localhost:8444")
            .header("origin", origin)
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty())
            .unwrap();
        assert_eq!(attacker.answer(peeked).await.status(), status, "{origin}");
    }
}
