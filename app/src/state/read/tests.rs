use super::*;
use domain::claims::UnverifiedToken;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// What is read of a text is what `serde` makes of it: the names of the fields cannot drift apart.
fn same<T: Read + DeserializeOwned + PartialEq + Debug>(text: &str) -> T {
    match (read::<T>(text), serde_json::from_str::<T>(text)) {
        (Some(read), Ok(expected)) => {
            assert_eq!(read, expected);
            read
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn again<T: Read + DeserializeOwned + PartialEq + Debug + Serialize>(value: &T) {
    assert_eq!(&same::<T>(&serde_json::json!(value).to_string()), value);
}

const TOPOLOGY: &str =
    r#"{"nodes":3,"routing":"sticky","store":"redis","replication":{"delay_ms":50,"loss":0.25,"seed":7}}"#;

fn view() -> String {
    let row = r#"{"key":"k","user":"alice","role":"admin","cart":["pen","연필"],"created_at":1,"idle_until":2,"expires_at":3,
        "bytes":4,"held":{"key":"a","value":"b","ttl":5},"refresh":true}"#;
    let bare =
        r#"{"key":"k","user":"bob","role":"user","cart":[],"created_at":1,"idle_until":2,"expires_at":3,"bytes":4}"#;
    let outcomes = r#"{"known":1,"refused":2,"cut_off":3,"unavailable":4,"failed":5,"mistaken":6}"#;
    let asked = r#"{"visitors":10,"requests":20,"scheme":"token-storage","write_fraction":0.2,"seed":3,"rate":null}"#;
    let loads = r#"[{"id":1,"up":true,"requests":9}]"#;
    format!(
        r#"{{"number":12,"now":1790000000,"began":{{"at":1789999999,"jti":"j"}},"topology":{TOPOLOGY},
        "nodes":[{{"id":1,"up":true,"requests":4294967296,"sessions":[{row},{bare}],"crowd_sessions":8}}],
        "store":{{"kind":"redis","address":"127.0.0.1:6379","available":true,"listable":false,"sessions":[{row}],"operations":7}},
        "operations":[{{"operation":"rotate","count":1,"failed":0,"mean_micros":1.5,"slowest_micros":2.5}}],
        "replication":{{"messages":1,"bytes":2,"lost":3,"in_flight":4,"transfers":5,"transfer_bytes":6,
            "recent":[{{"number":1,"from":1,"to":2,"bytes":3,"removes":true,"fate":"in-flight"}}]}},
        "faults":{{"drop_responses":1,"store_down":true,"store_delay_ms":2,"me_cacheable":false,"proxy_cache":true}},
        "crowd":{{"running":{{"request":{asked},"topology":{TOPOLOGY},"logins":1,"outcomes":{outcomes},"nodes":{loads},"elapsed_ms":5}},
            "results":[{{"request":{asked},"topology":{TOPOLOGY},"disturbed":true,"stopped":false,"logins":2,"outcomes":{outcomes},
                "nodes":{loads},"measures":[{{"what":"load-gini","measured":0.5,"expected":{{"value":0.5,"low":0.25,"high":0.75}}}},
                {{"what":"rows","measured":3.0}}],"took_ms":6}}]}},
        "keys":[{{"kid":"k","alg":"HS256","bits":256,"signs":true}}],
        "users":[{{"name":"alice","role":"user","disabled":false}}],
        "denylist":[{{"jti":"j","login":"l","expires_at":4}},{{"jti":"j","user":"u","expires_at":4}}],
        "defences":{{"check_origin":true,"denylist":false,"hash_ids":true,"guestbook_csp":true}},
        "attacker":{{"origin":"http://127.0.0.1:3666","neighbour":"http://localhost:3666","same_site":true,"window":true,
            "third_party":false,"comment":"ports","loot":[{{"id":1,"at":2,"found_in":"cookie-header","scheme":"session-cookie",
            "credential":"c","replayed":401}}],"visits":[{{"n":1,"host":"h","purpose":"peek","credential":true}}]}},
        "stores":[{{"kind":"sqlite","available":true,"how":"built in"}}]}}"#
    )
}

const EXCHANGE: &str = r#"{"id":5,"at":6,"from":"other","node":2,"request":{"method":"POST","path":"/lab/x/api/login",
    "headers":[["cookie","a=b"],["accept","*/*"]],"body":"{}"},"response":{"status":200,"headers":[["set-cookie","sid=x"]],
    "body":"\"쿠키\""},"steps":[{"did":"created-session","detail":"memory","micros":12.5}]}"#;

#[test]
fn all_that_the_page_starts_from_is_read() {
    let view = view();
    let rest = r#""outcome":"logged-in","build":"b","origin":"http://localhost:3000","engine":"webkit","options":{"http_only":false,
        "secure":true,"same_site":"unset","max_age":60,"host_prefix":true,"path":"/"},"claim":"http-only","no_such_claim":true,
        "has_results":true,"room":"slides","tells":true"#;
    for rendered_for in [
        r#"{"known":{"user":{"name":"alice","role":"user"},"cart":["pen"]}}"#,
        r#""nobody""#,
        r#""refused""#,
        r#""untold""#,
    ] {
        let text = format!(
            r#"{{"lab":"l","lang":"ko","theme":"dark","scheme":"token-cookie","rendered_for":{rendered_for},
            "arrived":[{{"name":"sid","value":"x"}}],"view":{view},"exchanges":[{EXCHANGE}],{rest}}}"#
        );
        again(&same::<Boot>(&text));
    }
    assert!(read::<Boot>("{}").is_none() && read::<Boot>("no JSON").is_none() && read::<ServerView>("[]").is_none());
}

#[test]
fn what_may_be_left_away_may_be() {
    again(&same::<Exchange>(
        r#"{"id":5,"at":6,"from":"page","node":null,"request":{"method":"GET","path":"/","headers":[]},
        "response":{"status":503,"headers":[]},"steps":[]}"#,
    ));
    again(&same::<domain::api::Cart>(r#"{"cart":["pen"],"expires_in":5}"#));
    again(&same::<LoggedIn>(
        r#"{"user":{"name":"a","role":"user"},"scheme":"session-storage","access_token":"t","expires_in":1}"#,
    ));
    again(&same::<Problem>(r#"{"type":"about:blank","title":"t","status":401,"detail":"d"}"#));
    again(&Replayed { status: 200, user: None });
    again(&ArrivedCookies { cookies: Vec::new() });
    again(&Defences::default());
}

#[test]
fn every_name_is_known() {
    fn each<T: Read + DeserializeOwned + PartialEq + Debug + Serialize + Copy>(all: &[T]) {
        all.iter().for_each(again);
    }
    each(&Did::ALL);
    each(&Quantity::ALL);
    each(&StoreKind::ALL);
    each(&Operation::ALL);
    each(&SameSite::ALL);
    each(&Outcome::ALL);
    each(&Scheme::ALL);
    each(&Lang::ALL);
    each(&[Theme::Light, Theme::Dark]);
    each(&[Room::Desk, Room::Results, Room::Slides]);
    each(&[Engine::Blink, Engine::Gecko, Engine::WebKit]);
    each(&[Sender::Page, Sender::Attacker, Sender::Crowd, Sender::Other]);
    each(&[Fate::InFlight, Fate::Arrived, Fate::Lost]);
    each(&[Comment::Read, Comment::Act, Comment::Ports]);
    each(&[Purpose::Deliver, Purpose::Port, Purpose::Peek]);
    each(&[FoundIn::DocumentCookie, FoundIn::LocalStorage, FoundIn::CookieHeader, FoundIn::Store, FoundIn::Key]);
    each(&[Routing::RoundRobin, Routing::Sticky]);
}

#[test]
fn of_a_token_is_told_what_it_says() {
    let payload = serde_json::json!({ "sub": "alice", "jti": "j", "login": "l", "iat": 5, "exp": 9, "cart": ["연필"] });
    let token = UnverifiedToken {
        header: serde_json::json!({ "kid": "k" }),
        payload: payload.clone(),
        signature: "s".to_owned(),
    };
    let read = facts(&token.with_payload(&payload)).unwrap();
    assert_eq!(
        (read.kid.as_str(), read.user.as_str(), read.login.as_str(), read.jti.as_str()),
        ("k", "alice", "l", "j")
    );
    assert_eq!((read.iat, read.exp), (5, Some(9)));
    assert!(facts("no.token").is_none() && facts("").is_none());
}
