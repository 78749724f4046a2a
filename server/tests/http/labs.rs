//! Who makes a lab, which lab goes, and how its address is read.

use crate::callers::*;
use axum::{body::Body, http::Method};
use server::Settings;
use std::time::Duration;

#[tokio::test]
async fn only_a_visit_makes_a_lab() {
    let lab = Lab::new();
    let refused: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")],
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
        &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
        &[("origin", "http://evil.example")],
    ];
    for headers in refused {
        for route in ["", "api/catalog", "api/me", "guestbook"] {
            lab.another().get(route, headers).await.problem(404);
        }
    }
    let visit = [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")];
    lab.another().get("api/me", &visit).await.problem(404);
    for headers in [&visit[..], &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")], &[]] {
        let made = lab.another();
        assert_eq!(made.get("", headers).await.status, 200, "{headers:?}");
        made.get("api/me", &[("sec-fetch-site", "cross-site")]).await.problem(401);
    }
    lab.another().get("api/me", &[]).await.problem(401);
}

#[tokio::test]
async fn however_many_labs_are_made_up_a_lab_with_a_login_stays() {
    let lab = Lab::of(Settings::without_site(vec![7; 32], None).with_labs(10, Duration::from_hours(1)));
    let alice = lab.alice(SESSION_STORAGE).await;
    for _ in 0..100 {
        lab.another().get("api/catalog", &[("sec-fetch-site", "cross-site")]).await.problem(404);
        assert_eq!(lab.another().get("api/catalog", &[]).await.status, 200);
    }
    assert!(alice.is_known().await);
}

#[tokio::test]
async fn an_encoded_letter_of_the_id_is_that_letter() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_STORAGE).await;
    let encoded = format!("/lab/%41{}", &lab.id[1..]);
    let bearer = format!("Bearer {}", alice.credential());
    for route in ["api/me", "control/view", "", "guestbook"] {
        let path = if route.is_empty() { encoded.clone() } else { format!("{encoded}/{route}") };
        assert_eq!(lab.get(&path, &[("authorization", &bearer)]).await.status, 200, "{path}");
    }
    lab.get(&format!("/lab/%2e{}/api/me", &lab.id[1..]), &[]).await.problem(404);
}

#[tokio::test]
async fn a_slash_behind_the_address_leads_to_the_page() {
    let lab = Lab::new();
    for (path, to) in [("", ""), ("?scheme=token-cookie", "?scheme=token-cookie")] {
        let answer = lab.get(&format!("/lab/{}/{path}", lab.id), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, &*format!("/lab/{}{to}", lab.id)));
    }
}

#[tokio::test]
async fn what_is_no_utf_8_behind_the_id_is_not_there_and_the_id_is_still_right() {
    let lab = Lab::new();
    lab.view().await;
    let asked = [
        (Method::GET, "api/me%ff"),
        (Method::GET, "control/%ff"),
        (Method::POST, "control/nodes/%ff/stop"),
        (Method::POST, "control/loot/%ff/replay"),
    ];
    for (method, route) in asked {
        let request = lab.request(&method, route, &[]).body(Body::empty()).unwrap();
        let detail = lab.raw(request).await.problem(404).detail;
        assert!(!detail.contains("22 characters"), "{route}: {detail}");
    }
    let id = &lab.id;
    for segment in ["%ff".to_owned(), format!("{id}=x"), format!("{id}="), format!("&{id}"), format!("{id}%3D")] {
        lab.get(&format!("/lab/{segment}/api/me"), &[]).await.problem(404);
    }
}
