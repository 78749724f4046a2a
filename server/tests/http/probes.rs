//! The probes: cookies with every combination of attributes, written as they are.

use crate::callers::*;
use axum::{body::Body, http::Method};
use domain::{
    api::ProbesArrived,
    cookie::{Probe, SameSite, SetCookie},
    exchange::Did,
};
use std::collections::HashSet;

async fn ask(lab: &Lab, method: Method, below: &str) -> Answer {
    lab.raw(lab.request(&method, below, &[]).body(Body::empty()).unwrap()).await
}

fn attributes(probe: &Probe) -> HashSet<String> {
    let flags = [(probe.http_only, "HttpOnly"), (probe.secure, "Secure")];
    let flags = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name.to_owned());
    let same_site =
        (probe.same_site != SameSite::Unset).then(|| format!("SameSite={}", probe.same_site.attribute().unwrap()));
    let path = probe.root.then(|| "Path=/".to_owned());
    flags.chain(same_site).chain(path).collect()
}

#[tokio::test]
async fn all_probes_are_set_verbatim_and_cleared_with_the_same_attributes() {
    for lab in [Lab::new(), Lab::behind("https://lab.example")] {
        let all: Vec<_> = Probe::all().collect();
        for from in (0..all.len()).step_by(32) {
            let range = format!("api/probes?from={from}&to={}", from + 32);
            let (set, cleared) = (ask(&lab, Method::PUT, &range).await, ask(&lab, Method::DELETE, &range).await);
            assert_eq!((set.status.as_u16(), cleared.status.as_u16()), (204, 204));
            let (set, cleared) = (set.set_cookies(), cleared.set_cookies());
            assert_eq!((set.len(), cleared.len()), (32, 32), "one header a probe");
            for ((probe, set), cleared) in all[from..].iter().zip(&set).zip(&cleared) {
                let (set, cleared) = (SetCookie::parse(set).unwrap(), SetCookie::parse(cleared).unwrap());
                assert_eq!((set.name, set.value), (probe.name().as_str(), "1"));
                assert_eq!((cleared.name, cleared.value, cleared.removes()), (set.name, "", true));
                let own = attributes(probe);
                let written: HashSet<_> = set.attributes.iter().map(ToString::to_string).collect();
                let age = probe.max_age.map(|age| format!("Max-Age={age}"));
                assert_eq!(written, own.iter().cloned().chain(age).collect(), "{set:?}");
                let same = |a: &&&str| !a.starts_with("Max-Age") && !a.starts_with("Expires");
                assert_eq!(
                    cleared.attributes.iter().filter(same).map(ToString::to_string).collect::<HashSet<_>>(),
                    own
                );
            }
        }
    }
}

#[tokio::test]
async fn at_most_thirty_two_that_there_are_are_set_at_once() {
    let lab = Lab::new();
    for method in [Method::PUT, Method::DELETE] {
        for range in ["0&to=33", "0&to=0", "5&to=4", "190&to=193", "192&to=193", "18446744073709551615&to=0"] {
            let answer = ask(&lab, method.clone(), &format!("api/probes?from={range}")).await;
            assert!(answer.set_cookies().is_empty());
            assert!(answer.problem(422).detail.contains("32"), "{range}");
        }
        for query in [
            "",
            "?",
            "?from=0",
            "?from=0&to=1&to=2",
            "?from=0&to=1&x=1",
            "?from=-1&to=1",
            "?from=a&to=b",
            "?from=0&to=99999999999999999999",
            "?from=%ff&to=1",
        ] {
            ask(&lab, method.clone(), &format!("api/probes{query}")).await.problem(400);
        }
    }
    ask(&lab, Method::PUT, "api/probes?from=160&to=192").await;
    assert_eq!(lab.steps().await, [Did::SetCookie], "and nobody is identified");
    ask(&lab, Method::POST, "api/probes?from=0&to=1").await.problem(405);
}

#[tokio::test]
async fn what_came_along_is_told_and_nothing_else() {
    let lab = Lab::new();
    let cookie = "p3=1; sid=x; __Host-p20=1; p192=1; p01=1; p20=1; __Host-p3=1; px=1";
    let headers = [("cookie", cookie), ("cookie", "p3=2")];
    let expected = ["p3", "__Host-p20", "p3"];
    assert!(Probe::all().nth(20).unwrap().host_prefix && !Probe::all().nth(3).unwrap().host_prefix);
    assert_eq!(lab.get("api/probe?from=link", &headers).await.ok::<ProbesArrived>().arrived, expected);
    assert!(lab.steps().await.is_empty(), "nobody is identified");
    let form = lab.form("api/probe?x", &headers, "anything=at&all").await;
    assert_eq!(form.ok::<ProbesArrived>().arrived, expected, "a form is not sent back to the page");
    assert!(lab.form("api/probe", &[], "\u{ff}=%ff").await.ok::<ProbesArrived>().arrived.is_empty());
    let nothing = lab.raw(lab.request(&Method::POST, "api/probe", &[]).body(Body::empty()).unwrap()).await;
    assert!(nothing.ok::<ProbesArrived>().arrived.is_empty());
    lab.form("api/probe", &[], &"x".repeat(17_000)).await.problem(413);
    ask(&lab, Method::PUT, "api/probe").await.problem(405);
}

#[tokio::test]
async fn asking_is_open_to_every_site_and_setting_is_not() {
    let lab = Lab::new();
    lab.defend(serde_json::json!({"check_origin": true})).await;
    let elsewhere = [("sec-fetch-site", "cross-site")];
    assert_eq!(lab.form("api/probe", &elsewhere, "").await.status, 200);
    let set = lab.request(&Method::PUT, "api/probes?from=0&to=1", &elsewhere).body(Body::empty()).unwrap();
    let answer = lab.raw(set).await;
    answer.problem(403);
    assert!(answer.set_cookies().is_empty());
}
