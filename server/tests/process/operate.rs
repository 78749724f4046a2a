//! What whoever operates the program sees of it.

use crate::running::{EVENTS, LAB, LOGIN, Running, Site, command};
use std::io::BufRead as _;

/// The value of a line of the metrics, 0 where there is none.
fn value(metrics: &str, line: &str) -> u64 {
    let found = metrics.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    found.map_or(0, |value| value.parse().expect(value))
}

#[test]
fn the_metrics_count_requests_operations_events_brakes_and_what_stands() {
    let site = Site::new("metrics");
    let running = Running::start(command(&site));
    let login = running.send("POST", &format!("{LAB}/api/login"), "", LOGIN);
    assert!(login.starts_with("HTTP/1.1 200"), "{login}");
    running.get(&format!("{LAB}/api/me"), "cookie: sid=AAAAAAAAAAAAAAAAAAAAAA\r\n");
    running.get("/pkg/nothing-of-this-name", "");
    let mut events = running.connect(EVENTS);
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    let answer = running.get("/metrics", "");
    let head = "content-type: text/plain; version=0.0.4; charset=utf-8\r\n";
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(head), "{answer}");
    for (line, is) in [
        (r#"login_lab_requests_total{method="POST",route="/lab/{lab}/api/login",status="200"}"#, 1),
        (r#"login_lab_requests_total{method="GET",route="/lab/{lab}/api/me",status="401"}"#, 1),
        (r#"login_lab_requests_total{method="GET",route="other",status="404"}"#, 1),
        (r#"login_lab_request_seconds_count{route="/lab/{lab}/api/login"}"#, 1),
        (r#"login_lab_store_operation_seconds_count{store="memory",operation="create",outcome="answered"}"#, 1),
        (r#"login_lab_security_events_total{event="logged-in"}"#, 1),
        (r#"login_lab_security_events_total{event="credential-refused"}"#, 1),
        ("login_lab_labs", 1),
        ("login_lab_labs_lived_in", 1),
        ("login_lab_event_streams", 1),
        ("login_lab_memory_sessions", 1),
        ("login_lab_crowds", 0),
    ] {
        assert_eq!(value(&answer, line), is, "{line}: {answer}");
    }
    assert!(value(&answer, "process_open_fds") > 5 && value(&answer, "process_resident_memory_bytes") > 1_000_000);
    let mut wrong = String::new();
    for _ in 0..11 {
        wrong = running.send("POST", &format!("{LAB}/api/login"), "", &LOGIN.replace("alice-p", "bob-p"));
    }
    assert!(wrong.starts_with("HTTP/1.1 429"), "{wrong}");
    let answer = running.get("/metrics", "");
    assert_eq!(value(&answer, r#"login_lab_brakes_total{bound="wrong passwords for one name"}"#), 1, "{answer}");
}

#[test]
fn no_label_of_the_metrics_comes_from_a_visitor() {
    let site = Site::new("labels");
    let running = Running::start(command(&site));
    let series = |metrics: &str| metrics.lines().filter(|line| line.contains('{')).count();
    let mut seen = Vec::new();
    for round in ["first", "second", "third"] {
        for n in 0..20 {
            running.send("POST", &format!("/lab/{round:A<20}{n:02}/api/x{round}{n}"), "", "{}");
            running.send(&format!("M{round}{n}"), &format!("/{round}{n}"), "", "");
            running.get(&format!("{LAB}/api/me"), &format!("authorization: Bearer {round}{n}\r\n"));
        }
        let metrics = running.get("/metrics", "");
        assert!(!metrics.contains("first") && !metrics.contains("third") && !metrics.contains("AAAA"), "{metrics}");
        seen.push(series(&metrics));
    }
    assert!(seen[0] > 10 && seen[1] == seen[2], "{seen:?}");
}

#[test]
fn the_metrics_can_be_told_on_an_address_of_their_own_and_nowhere_else() {
    let site = Site::new("apart");
    let mut command = command(&site);
    command.args(["--metrics-addr", "127.0.0.1:0", "--node-name", "shop-2"]);
    let mut running = Running::start(command);
    assert!(running.get("/metrics", "").starts_with("HTTP/1.1 404"));
    assert!(!running.get("/openapi.json", "").contains("/metrics"));
    let port = running.metrics.unwrap();
    let apart = Running::ask(port, "/metrics");
    assert!(apart.contains(r#"node="shop-2""#), "{apart}");
    assert!(Running::ask(port, LAB).starts_with("HTTP/1.1 404"), "no lab is made there");
    for header in
        ["x-content-type-options: nosniff", "content-security-policy: default-src 'none'", "cache-control: no-store"]
    {
        assert!(apart.contains(header), "{header}: {apart}");
    }
    assert!(running.get("/readyz", "").contains(r#"{"node":"shop-2","#));
    assert!(running.signal("-TERM").success());
}

#[test]
fn a_json_log_has_an_object_a_line_with_the_request_s_name_and_no_credential() {
    let site = Site::new("json");
    let mut command = command(&site);
    command.args(["--log-format", "json", "--trusted-proxy", "127.0.0.1"]);
    let running = Running::start(command);
    let named = "x-request-id: edge-7\r\nx-forwarded-for: 203.0.113.9\r\n";
    let login = running.send("POST", &format!("{LAB}/api/login"), named, LOGIN);
    assert!(login.contains("x-request-id: edge-7\r\n"), "{login}");
    let me =
        running.get(&format!("{LAB}/api/me"), "x-request-id: edge-8\r\nauthorization: Bearer this-is-a-secret\r\n");
    assert!(me.contains("x-request-id: edge-8\r\n") && me.starts_with("HTTP/1.1 401"), "{me}");
    let wrong = running.send("POST", &format!("{LAB}/api/login"), "", &LOGIN.replace("alice-p", "bob-p"));
    assert!(wrong.starts_with("HTTP/1.1 401"), "{wrong}");
    let id = login.split("set-cookie: sid=").nth(1).and_then(|rest| rest.split(';').next()).expect(&login);
    let cookie = format!("cookie: sid={id}\r\n");
    assert!(running.get(&format!("{LAB}/api/admin"), &cookie).starts_with("HTTP/1.1 403"));
    assert!(running.send("POST", &format!("{LAB}/api/logout"), &cookie, "").starts_with("HTTP/1.1 20"));
    let metrics = running.get("/metrics", &cookie);
    assert!(!metrics.contains(id), "{metrics}");
    let log = running.log();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let of = |event: &str| lines.iter().find(|line| line["event"] == event).unwrap_or_else(|| panic!("{event}: {log}"));
    let logged_in = of("logged-in");
    assert_eq!((&logged_in["user"], &logged_in["client"]), (&"alice".into(), &"203.0.113.9".into()), "{logged_in}");
    assert_eq!(logged_in["span"]["id"], "edge-7", "{logged_in}");
    assert_eq!(of("credential-refused")["span"]["id"], "edge-8");
    for event in ["login-refused", "not-allowed", "revoked"] {
        assert_eq!(of(event)["lab"], logged_in["lab"], "{log}");
    }
    let lab = LAB.strip_prefix("/lab/").unwrap();
    assert!(!log.contains(lab), "of a lab only a hash: {log}");
    assert!(!log.contains(id) && !log.contains("secret") && !log.contains("alice-password"), "{log}");
}

#[test]
fn who_is_no_trusted_proxy_does_not_name_its_requests() {
    let site = Site::new("names");
    let running = Running::start(command(&site));
    let answer = running.get("/healthz", "x-request-id: mine\r\n");
    let name = answer.split("x-request-id: ").nth(1).and_then(|rest| rest.split("\r\n").next()).expect(&answer);
    assert!(name != "mine" && name.len() == 32, "{name}");
}
