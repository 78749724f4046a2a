//! What the command says, and that a shell and the real curl send just that where there are any.

use super::*;
use crate::exchange::{Header, Response, Sender, Step};
use proptest::prelude::*;
use std::{
    io::{Read, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
};

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Request {
    let text = (!body.is_empty()).then(|| String::from_utf8(body.to_vec()));
    Request {
        method: method.into(),
        path: path.into(),
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: text.clone().and_then(Result::ok),
        body_base64: text.and_then(Result::err).map(|bytes| STANDARD.encode(bytes.as_bytes())),
    }
}

fn answered(request: Request, status: u16, did: &[Did]) -> Exchange {
    let response = Response { status, headers: Vec::new(), body: None };
    let steps = did.iter().map(|did| Step { did: *did, detail: "".into(), micros: 0.0 }).collect();
    Exchange { id: 1, at: 0, from: Sender::Page, node: Some(1), request, response, steps }
}

fn curl(request: &Request, origin: &str) -> String {
    super::curl(&answered(request.clone(), 200, &[]), origin)
}

const AGENT: [(&str, &str); 2] = [("accept", "*/*"), ("user-agent", "x")];

#[test]
fn a_login_can_be_repeated_with_the_demo_password_filled_in() {
    let headers =
        [&AGENT[..], &[("content-type", "application/json"), ("host", "h"), ("content-length", "9")]].concat();
    let body = r#"{"username":"bob","password":"•••","scheme":"token-storage"}"#;
    let login = request("POST", "/lab/x/api/login", &headers, body.as_bytes());
    assert_eq!(
        curl(&login, "http://localhost:3000"),
        r#"curl -i http://localhost:3000/lab/x/api/login -H 'accept: */*' -H 'user-agent: x' -H 'content-type: application/json' --data-raw '{"username":"bob","password":"bob-password","scheme":"token-storage"}'"#
    );
    for refused in [answered(login.clone(), 401, &[]), answered(login, 303, &[Did::Refused])] {
        let command = super::curl(&refused, "http://h");
        assert!(command.contains(r#""password":"•••""#), "what was refused was another password: {command}");
    }
    let cart = request("POST", "/lab/x/api/cart", &AGENT, r#"{"item":"•••, alice"}"#.as_bytes());
    assert!(curl(&cart, "http://h").contains(r#"{"item":"•••, alice"}"#), "no login");
}

#[test]
fn no_value_breaks_out_of_its_quotes() {
    let evil = request("GET", "/", &[&AGENT[..], &[("cookie", "sid=a'; rm -rf /; '")]].concat(), b"");
    assert!(curl(&evil, "http://h").ends_with(r"-H 'cookie: sid=a'\''; rm -rf /; '\'''"));
}

#[test]
fn what_curl_would_add_or_do_by_itself_is_said_otherwise() {
    let said = |method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]| {
        let command = curl(&request(method, path, headers, body), "http://h");
        command.strip_prefix("curl -i ").map(str::to_owned).unwrap_or(command)
    };
    assert_eq!(said("HEAD", "/a", &AGENT, b""), "http://h/a --head -H 'accept: */*' -H 'user-agent: x'");
    assert_eq!(said("GET", "/a", &[], b""), "http://h/a -H user-agent: -H accept:");
    assert_eq!(said("PUT", "/a", &AGENT, b""), "http://h/a -X PUT -H 'accept: */*' -H 'user-agent: x'");
    assert!(said("POST", "/a", &AGENT, b"@x\ny").ends_with("-H content-type: --data-raw '@x\ny'"));
    assert!(said("GET", "/a", &AGENT, b"x").contains("-X GET"));
    assert!(said("GET", "/a/../b?x={1}", &AGENT, b"").starts_with("--globoff --path-as-is 'http://h/a/../b?x={1}'"));
    assert!(said("GET", "/a", &[("x-empty", "")], b"").contains("-H 'x-empty;'"));
    let bytes = said("POST", "/a", &AGENT, b"-a%\xff\0'\r");
    assert!(bytes.starts_with(r"printf '\055a\045\377\000\047\015' | curl -i "), "{bytes}");
    assert!(bytes.ends_with(" --data-binary @-"));
}

/// A request as it came over the line.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    line: String,
    headers: Vec<Header>,
    body: Vec<u8>,
}

fn read(mut stream: TcpStream) -> Came {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(all[..end].to_vec()).unwrap();
            let mut lines = head.split("\r\n").map(str::to_owned);
            let line = lines.next().unwrap();
            let headers: Vec<Header> = lines
                .map(|line| line.split_once(':').map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned())).unwrap())
                .collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let length: usize = length.map_or(0, |(_, length)| length.parse().unwrap());
            if all.len() >= end + 4 + length {
                // As an answer to HEAD may, it announces a body; and to anything else it has one.
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n");
                if !line.starts_with("HEAD ") {
                    let _ = stream.write_all(b"ok");
                }
                return Came { line, headers, body: all[end + 4..].to_vec() };
            }
        }
        let n = stream.read(&mut buffer).unwrap();
        assert!(n > 0, "broke off");
        all.extend_from_slice(&buffer[..n]);
    }
}

/// What the command makes a shell and curl send; `None` where there is no curl.
fn sent(request: &Request) -> Option<Came> {
    Command::new("curl").arg("--version").stdout(Stdio::null()).status().ok()?;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let command = curl(request, &format!("http://{}", listener.local_addr().unwrap()));
    let came = std::thread::spawn(move || read(listener.accept().unwrap().0));
    let shell = Command::new("sh").arg("-c").arg(&command).env("CURL_HOME", "/nowhere").env("NO_PROXY", "*").output();
    let shell = shell.unwrap();
    assert!(shell.status.success(), "{command}: {shell:?}");
    Some(came.join().unwrap())
}

fn any_request() -> impl Strategy<Value = Request> {
    let method = prop::sample::select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"]);
    let path = "/lab/x/[a-z./{}!$&'()*+,;=:@~%-]{0,12}(\\?[a-z0-9{}&'=/?%@]{0,12})?"
        .prop_filter("no address", |path| !path.contains("//"))
        .prop_map(|path| path.replace('%', "%25"));
    let name =
        prop::sample::select(vec!["cookie", "accept", "user-agent", "content-type", "x-a", "x-b", "authorization"]);
    let value = "([!-~]([ -~]{0,10}[!-~])?)?";
    let headers = prop::collection::btree_map(name, value, 0..5);
    let body = prop_oneof![
        Just(Vec::new()),
        "\\PC{0,20}".prop_map(String::into_bytes),
        "[@\n\t'\"\\\\%$`a-]{0,12}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..24),
    ];
    (method, path, headers, body).prop_map(|(method, path, headers, body)| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        request(method, &path, &headers, &body)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn curl_sends_just_what_was_recorded(recorded in any_request()) {
        if let Some(mut came) = sent(&recorded) {
            prop_assert_eq!(&came.line, &format!("{} {} HTTP/1.1", recorded.method, recorded.path));
            came.headers.retain(|(name, _)| !CURLS_OWN.contains(&name.as_str()));
            came.headers.sort();
            let mut headers = recorded.headers.clone();
            headers.sort();
            prop_assert_eq!(came.headers, headers);
            let body = match (&recorded.body, &recorded.body_base64) {
                (Some(text), _) => text.clone().into_bytes(),
                (None, Some(base64)) => STANDARD.decode(base64).unwrap(),
                (None, None) => Vec::new(),
            };
            prop_assert_eq!(came.body, body);
        }
    }
}
