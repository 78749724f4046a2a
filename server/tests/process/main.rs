//! The program itself: how it starts, and how it stops.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod operate;
mod running;

use running::{EVENTS, LAB, LOGIN, Running, Site, command, whole};
use std::{
    fs,
    io::{BufRead as _, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Command, Output},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

#[test]
fn it_says_where_it_is_and_on_sigterm_ends_open_streams_and_exits_with_0() {
    let site = Site::new("sigterm");
    for signal in ["-TERM", "-INT", "-HUP", "-QUIT"] {
        let mut running = Running::start(command(&site));
        assert!(running.get("/healthz", "").ends_with("\r\n\r\nok"));
        let mut events = running.connect(EVENTS);
        let mut line = String::new();
        while !line.starts_with("event: view") {
            line.clear();
            assert_ne!(events.read_line(&mut line).unwrap(), 0, "the stream is open");
        }
        assert!(running.signal(signal).success());
        let mut rest = String::new();
        events.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("0\r\n\r\n"), "the stream ended properly, it was not cut: {rest:?}");
        assert!(TcpStream::connect(("127.0.0.1", running.port)).is_err());
    }
}

#[test]
fn both_listeners_are_announced_and_go_down_together() {
    let site = Site::new("listeners");
    let mut running = Running::start(command(&site));
    let window = format!("GET {LAB}/window HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
    let ask = |running: &Running| {
        let mut answer = String::new();
        let mut stream = TcpStream::connect(("127.0.0.1", running.attacker)).unwrap();
        write!(stream, "{window}").unwrap();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(ask(&running).starts_with("HTTP/1.1 404"), "no lab is made by asking the attacker");
    let view = running.get(&format!("{LAB}/control/view"), "");
    assert!(view.contains(&format!(r#""origin":"http://127.0.0.1:{}""#, running.attacker)), "{view}");
    assert!(view.contains(&format!(r#""neighbour":"http://localhost:{}""#, running.attacker)), "{view}");
    assert!(ask(&running).starts_with("HTTP/1.1 200"));
    // A window that waits for orders keeps nobody.
    let mut waiting = TcpStream::connect(("127.0.0.1", running.attacker)).unwrap();
    write!(waiting, "POST {LAB}/next HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n").unwrap();
    let waits = || running.get(&format!("{LAB}/control/view"), "").contains(r#""window":true"#);
    assert!((0..1000).any(|_| waits()), "the window waits");
    let asked = std::time::Instant::now();
    assert!(running.signal("-TERM").success());
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    for port in [running.port, running.attacker] {
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}

#[test]
fn the_attacker_takes_another_port_only_where_nobody_asked_for_one() {
    let site = Site::new("fallback");
    // Whoever has the default port already, has it.
    let _taken = TcpListener::bind("127.0.0.1:3666");
    let mut default = command(&site);
    default.env_remove("LOGIN_LAB_ATTACKER_ADDR");
    let running = Running::start(default);
    assert_ne!(running.attacker, 3666);
    assert!(TcpStream::connect(("127.0.0.1", running.attacker)).is_ok());
    let (port, log) = (running.attacker.to_string(), running.log());
    assert!(log.contains("127.0.0.1:3666 is taken") && log.contains(&port), "{log}");

    let mut explicit = command(&site);
    explicit.env("LOGIN_LAB_ATTACKER_ADDR", "127.0.0.1:3666");
    let text = fails(explicit);
    assert!(text.contains("127.0.0.1:3666") && text.contains("--attacker-addr"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn what_is_stolen_is_replayed_through_the_front_door() {
    let site = Site::new("replay");
    let running = Running::start(command(&site));
    let taken = running.send("POST", &format!("{LAB}/control/loot"), "", r#"{"take":"key"}"#);
    assert!(taken.starts_with("HTTP/1.1 200"), "{taken}");
    let replayed = running.send("POST", &format!("{LAB}/control/loot/1/replay"), "", "");
    assert!(replayed.ends_with(r#"{"status":200,"user":"carol"}"#), "{replayed}");
    let record = running.get(&format!("{LAB}/control/exchanges"), "");
    assert!(record.contains(r#""from":"attacker""#) && !record.contains("x-login-lab"), "{record}");
}

#[test]
fn the_built_files_are_served_compressed_and_for_ever() {
    let site = Site::new("files");
    let running = Running::start(command(&site));
    let js = running.get("/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.js", "");
    assert!(js.starts_with("HTTP/1.1 200") && js.ends_with("plain"), "{js}");
    assert!(js.contains("cache-control: public, max-age=31536000, immutable") && js.contains("nosniff"), "{js}");
    assert!(js.contains("content-type: text/javascript"), "{js}");
    assert!(
        running.get("/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.js", "accept-encoding: gzip, br\r\n").ends_with("brotli")
    );
    assert!(running.get("/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.js", "accept-encoding: gzip\r\n").ends_with("gzip"));
    assert!(running.get("/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.wasm", "").contains("content-type: application/wasm"));
    let icon = running.get("/favicon.svg", "");
    assert!(icon.contains("cache-control: public, max-age=300") && icon.contains("image/svg+xml"), "{icon}");
    for path in [
        "/pkg/login-lab.ZZZZZZZZZZZZZZZZZZZZZZ.js",
        "/pkg/",
        "/pkg",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/pkg/..%2f..%2fCargo.toml",
    ] {
        let gone = running.get(path, "");
        assert!(gone.starts_with("HTTP/1.1 404") && gone.contains("application/problem+json"), "{path}: {gone}");
        assert!(gone.contains("cache-control: no-store"), "{gone}");
    }
    let page = running.get("/lab/AAAAAAAAAAAAAAAAAAAAAA", "");
    assert!(page.contains("/pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.js"), "{page}");
}

fn fails(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8(stderr).unwrap();
    assert!(!status.success() && stdout.is_empty());
    assert!(text.starts_with("error: "), "{text}");
    assert!(!text.contains("panicked") && !text.contains("Os {"), "{text}");
    text
}

#[test]
fn what_cannot_be_started_says_in_one_line_what_to_do() {
    let site = Site::new("errors");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut busy = Command::new(env!("CARGO_BIN_EXE_login-lab"));
    busy.arg("--site").arg(&site.0).args(["--addr", &taken.local_addr().unwrap().to_string()]);
    let text = fails(busy);
    assert!(text.contains("--addr") && text.lines().count() == 1, "{text}");

    let with = |args: &[&str]| {
        let mut command = command(&site);
        command.args(args);
        fails(command)
    };
    assert!(with(&["--nonsense"]).contains("--nonsense"));
    assert!(with(&["--max-labs", "0"]).contains("--max-labs"));
    assert!(with(&["--public-origin", "lab.example"]).contains("http(s)://host"));
    assert!(with(&["--attacker-origin", "evil.example/x"]).contains("http(s)://host"));
    for wrong in ["https://x:abc", "http://x:99999", "https://[zz]:1"] {
        assert!(with(&["--public-origin", wrong]).contains("http(s)://host"), "{wrong}");
    }
    assert!(with(&["--trusted-proxy", "proxy.example"]).contains("--trusted-proxy"));
    let missing = with(&["--secret-file", "/nowhere/secret"]);
    assert!(missing.contains("/nowhere/secret") && missing.lines().count() == 1, "{missing}");
    let short = site.0.join("short");
    fs::write(&short, [7; 31]).unwrap();
    let short = with(&["--secret-file", short.to_str().unwrap()]);
    assert!(short.contains("31 bytes") && short.contains("32") && short.lines().count() == 1, "{short}");

    let missing = with(&["--sqlite", "/nowhere/sessions.sqlite"]);
    assert!(missing.contains("/nowhere/sessions.sqlite") && missing.contains("--sqlite"), "{missing}");
    assert_eq!(missing.lines().count(), 1, "{missing}");
    let letter = site.0.join("letter");
    fs::write(&letter, "a letter is no database; ".repeat(100)).unwrap();
    let corrupt = with(&["--sqlite", letter.to_str().unwrap()]);
    assert!(corrupt.contains("not a database") && corrupt.lines().count() == 1, "{corrupt}");

    let mut nowhere = Command::new(env!("CARGO_BIN_EXE_login-lab"));
    nowhere.args(["--site", "/nowhere/site"]);
    let text = fails(nowhere);
    assert!(
        text.contains("/nowhere/site") && text.contains("cargo leptos build") && text.lines().count() == 1,
        "{text}"
    );
}

#[test]
fn no_token_outlives_the_process_also_with_a_secret_file() {
    let site = Site::new("secret");
    let secret = site.0.join("secret");
    fs::write(&secret, [7; 32]).unwrap();
    let start = || {
        let mut command = command(&site);
        command.env("LOGIN_LAB_SECRET_FILE", &secret);
        Running::start(command)
    };
    let mut first = start();
    let body = r#"{"username":"alice","password":"alice-password","scheme":"token-storage"}"#;
    let answer = first.send("POST", &format!("{LAB}/api/login"), "", body);
    let token = answer.split("\"access_token\":\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(first.signal("-TERM").success());
    let me = start().get("/lab/AAAAAAAAAAAAAAAAAAAAAA/api/me", &format!("authorization: Bearer {token}\r\n"));
    assert!(me.starts_with("HTTP/1.1 401") && me.contains("from before this lab began"), "{me}");
    let mut random = command(&site);
    random.env_remove("LOGIN_LAB_SECRET_FILE");
    let me =
        Running::start(random).get("/lab/AAAAAAAAAAAAAAAAAAAAAA/api/me", &format!("authorization: Bearer {token}\r\n"));
    assert!(me.starts_with("HTTP/1.1 401"), "{me}");
}

#[test]
fn a_session_in_sqlite_outlives_the_process() {
    let site = Site::new("sqlite");
    let (secret, file) = (site.0.join("secret"), site.0.join("sessions.sqlite"));
    fs::write(&secret, [7; 32]).unwrap();
    let start = || {
        let mut command = command(&site);
        command.arg("--sqlite").arg(&file).arg("--secret-file").arg(&secret);
        let running = Running::start(command);
        running.choose_sqlite();
        running
    };
    let mut first = start();
    let answer = first.send("POST", &format!("{LAB}/api/login"), "", LOGIN);
    let cookie = answer.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let cookie = format!("cookie: {cookie}\r\n");
    let added = first.send("POST", &format!("{LAB}/api/cart"), &cookie, r#"{"item":"pen"}"#);
    assert!(added.starts_with("HTTP/1.1 200"), "{added}");
    assert!(first.signal("-TERM").success());
    let me = start().get(&format!("{LAB}/api/me"), &cookie);
    assert!(me.starts_with("HTTP/1.1 200") && me.contains("alice") && me.contains("pen"), "{me}");
}

#[test]
fn the_temporary_database_goes_with_the_process_also_when_it_cannot_start() {
    let site = Site::new("temporary");
    let temporary = site.0.join("tmp");
    fs::create_dir(&temporary).unwrap();
    let files = || fs::read_dir(&temporary).unwrap().count();
    let mut started = command(&site);
    started.env("TMPDIR", &temporary);
    let mut running = Running::start(started);
    running.choose_sqlite();
    assert!(running.send("POST", &format!("{LAB}/api/login"), "", LOGIN).starts_with("HTTP/1.1 200"));
    assert_eq!(files(), 1);
    assert!(running.signal("-HUP").success());
    assert_eq!(files(), 0);

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut busy = Command::new(env!("CARGO_BIN_EXE_login-lab"));
    busy.arg("--site").arg(&site.0).args(["--addr", &taken.local_addr().unwrap().to_string()]);
    fails({
        busy.env("TMPDIR", &temporary);
        busy
    });
    assert_eq!(files(), 0);
}

#[test]
fn a_database_that_somebody_else_locks_is_not_ready_and_recovers_by_itself() {
    let site = Site::new("locked");
    let file = site.0.join("sessions.sqlite");
    let mut command = command(&site);
    command.arg("--sqlite").arg(&file);
    let running = Running::start(command);
    running.choose_sqlite();
    let ready = running.get("/readyz", "");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    assert!(ready.ends_with(r#"{"stores":[{"kind":"sqlite","answers":true}]}"#), "{ready}");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let ready = running.get("/readyz", "");
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains(r#""answers":false"#), "{ready}");
    let login = running.send("POST", &format!("{LAB}/api/login"), "", LOGIN);
    assert!(login.starts_with("HTTP/1.1 503") && !login.contains("set-cookie"), "{login}");
    assert!(running.get("/healthz", "").ends_with("ok"), "and yet it is alive");
    drop(other);
    assert!(running.get("/readyz", "").starts_with("HTTP/1.1 200"));
    assert!(running.send("POST", &format!("{LAB}/api/login"), "", LOGIN).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_lost_answer_is_a_connection_that_closes_with_nothing_sent() {
    let site = Site::new("lost");
    let running = Running::start(command(&site));
    let faults = running.send("PUT", &format!("{LAB}/control/faults"), "", r#"{"drop_responses":2}"#);
    assert!(faults.starts_with("HTTP/1.1 200"), "{faults}");
    assert!(running.get(LAB, "").starts_with("HTTP/1.1 200"), "the page is not lost");
    assert_eq!(running.send("POST", &format!("{LAB}/api/login"), "", LOGIN), "");
    assert_eq!(running.get(&format!("{LAB}/api/me"), ""), "");
    assert!(running.get(&format!("{LAB}/api/me"), "").starts_with("HTTP/1.1 401"));
    let view = running.get(&format!("{LAB}/control/view"), "");
    assert!(view.contains(r#""user":"alice""#), "the login whose answer was lost was carried out: {view}");
    let record = running.get(&format!("{LAB}/control/exchanges"), "");
    assert_eq!(record.matches(r#""did":"lost-answer""#).count(), 2, "{record}");
}

#[test]
fn help_names_every_variable_and_the_log_tells_no_secret() {
    let help = Command::new(env!("CARGO_BIN_EXE_login-lab")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for name in [
        "LOGIN_LAB_ADDR",
        "LOGIN_LAB_ATTACKER_ADDR",
        "LOGIN_LAB_ATTACKER_ORIGIN",
        "LOGIN_LAB_PUBLIC_ORIGIN",
        "LOGIN_LAB_SECRET_FILE",
        "LOGIN_LAB_SQLITE",
        "LOGIN_LAB_SITE",
        "LOGIN_LAB_TRUSTED_PROXY",
    ] {
        assert!(help.contains(name), "{help}");
    }
    let site = Site::new("log");
    let mut noisy = command(&site);
    noisy.env("RUST_LOG", "trace");
    let running = Running::start(noisy);
    running.get(
        "/lab/AAAAAAAAAAAAAAAAAAAAAA/api/me",
        "authorization: Bearer secret-of-mine\r\ncookie: sid=secret-of-mine\r\n",
    );
    let text = running.log();
    assert!(!text.contains("secret-of-mine"), "{}", text.split("secret-of-mine").next().unwrap_or_default());
}

/// A test that floods needs many descriptors, and the machine for itself as far as floods go.
fn flooding() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Connects from one of this machine's addresses.
fn connect_from(ip: [u8; 4], port: u16) -> TcpStream {
    use socket2::{Domain, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((ip, 0)).into()).unwrap();
    socket.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into()).unwrap();
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

#[test]
fn started_with_nohup_it_outlives_the_terminal() {
    let site = Site::new("nohup");
    let running = Running::start(under_a_shell("trap '' HUP", &command(&site)));
    let hangup = Command::new("kill").arg("-HUP").arg(running.child.id().to_string()).status().unwrap();
    assert!(hangup.success());
    running.is_alive();
}

/// The same program, started by a shell that does something first.
fn under_a_shell(first: &str, program: &Command) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{first}; exec \"$0\" \"$@\"")).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

#[test]
fn under_floods_from_the_page_s_own_address_the_health_check_is_answered_within_a_second() {
    let _turn = flooding();
    let site = Site::new("floods");
    let file = fs::File::create(site.0.join("pkg/login-lab.Large111.wasm")).unwrap();
    file.set_len(8 * 1024 * 1024).unwrap();
    let running = Running::start(command(&site));
    let lab = |n: usize| format!("/lab/{n:022}");
    for n in 0..16 {
        assert!(running.get(&format!("{}/control/view", lab(n)), "").starts_with("HTTP/1.1 200"));
    }
    let host = "HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let idle = |_| String::new();
    let begun = |_| format!("GET {LAB}/api/me HTTP/1.1\r\nx: ");
    let file = |_| format!("GET /pkg/login-lab.Large111.wasm {host}");
    let stream = |n| format!("GET {}/control/events {host}", lab(n % 16));
    let slow = |n| format!("POST {}/api/login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n", lab(n % 16));
    let floods: [(&str, &dyn Fn(usize) -> String); 5] =
        [("idle", &idle), ("head", &begun), ("file", &file), ("stream", &stream), ("body", &slow)];
    for (name, request) in floods {
        for port in [running.port, running.attacker] {
            let held: Vec<_> = (0..1100).map(|n| connect_and_send(port, &request(n))).collect();
            running.is_alive();
            let mut other = connect_from([127, 0, 0, 2], running.port);
            write!(other, "GET /favicon.svg HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            other.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
            drop(held);
        }
    }
    // Back to normal, for the flood's own address as well.
    while !running.get("/favicon.svg", "").starts_with("HTTP/1.1 200") {}
}

/// Sends what the other end takes of it: one that was refused has closed already.
fn connect_and_send(port: u16, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let _ = stream.write_all(request.as_bytes());
    stream
}

#[test]
fn with_few_descriptors_there_are_fewer_connections_and_no_file_is_missing() {
    let _turn = flooding();
    let site = Site::new("descriptors");
    fs::write(site.0.join("pkg/login-lab.Large111.wasm"), vec![0; 4 * 1024 * 1024]).unwrap();
    let running = Running::start(under_a_shell("ulimit -n 1024", &command(&site)));
    let mut held = Vec::new();
    for n in 0..1024_u16 {
        let [_, source] = (1 + n / 256).to_be_bytes();
        let mut stream = connect_from([127, 0, 0, source], running.port);
        let _ = stream.write_all(b"GET /pkg/login-lab.Large111.wasm HTTP/1.1\r\nhost: localhost\r\n\r\n");
        held.push(stream);
    }
    running.is_alive();
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for stream in &mut held {
        let mut first = [0; 12];
        let said = stream
            .read_exact(&mut first)
            .map_or_else(|_| "closed".to_owned(), |()| String::from_utf8_lossy(&first).into_owned());
        *counts.entry(said).or_default() += 1;
    }
    assert!(counts.get("HTTP/1.1 200").is_some_and(|served| *served >= 300), "{counts:?}");
    assert!(
        counts.keys().all(|said| ["HTTP/1.1 200", "HTTP/1.1 503", "closed"].contains(&said.as_str())),
        "{counts:?}"
    );
    drop(held);
    let log = running.log();
    assert!(log.contains("1024 open files are allowed") && !log.contains("could not be accepted"), "{log}");
}

#[test]
fn a_body_that_is_announced_as_too_large_is_413_at_once_and_not_asked_for() {
    let site = Site::new("announced");
    let running = Running::start(command(&site));
    assert!(running.get(&format!("{LAB}/control/view"), "").starts_with("HTTP/1.1 200"));
    let lab = ["api/login", "api/cart", "api/nonsense", "control/clock"].map(|route| (running.port, route));
    for (port, route) in lab.into_iter().chain([(running.attacker, "peeked?n=1")]) {
        for expect in ["", "expect: 100-continue\r\n"] {
            let asked = Instant::now();
            let mut answer = String::new();
            let request = format!(
                "POST {LAB}/{route} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{expect}\
                 content-length: 1000000000\r\n\r\n"
            );
            Running::connect_to(port, &request).read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 413"), "{route}: {answer}");
            assert!(asked.elapsed() < Duration::from_secs(1), "{route}: {:?}", asked.elapsed());
        }
    }
}

#[test]
fn both_listeners_refuse_a_request_without_one_good_host() {
    let site = Site::new("host");
    let running = Running::start(command(&site));
    for port in [running.port, running.attacker] {
        for hosts in ["", "host: a\r\nhost: a\r\n", "host: a b\r\n"] {
            let mut answer = String::new();
            let request = format!("GET /healthz HTTP/1.1\r\n{hosts}\r\n");
            Running::connect_to(port, &request).read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("application/problem+json"), "{answer}");
        }
    }
}

#[test]
fn the_log_has_security_events_no_colours_and_only_as_many_lines_as_somebody_can_read() {
    let site = Site::new("lines");
    let running = Running::start(command(&site));
    // Each of the 600 that find no room is an event.
    let held: Vec<_> = (0..512).map(|_| connect_and_send(running.port, "")).collect();
    for _ in 0..600 {
        assert!(running.get("/favicon.svg", "").starts_with("HTTP/1.1 503"));
    }
    drop(held);
    let log = running.log();
    let lines = log.matches("event=\"braked\"").count();
    // Of one client; all together have four times as many.
    assert!((50..200).contains(&lines) && log.contains("client=\"127.0.0.1\""), "{lines}: {log}");
    assert!(log.contains("lines were left out") && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn crowds_that_nobody_waits_for_keep_their_client_from_nothing_else_and_can_be_stopped() {
    let site = Site::new("crowds");
    let running = Running::start(command(&site));
    let lab = |n: u8| format!("/lab/{n:022}");
    let body = r#"{"visitors":1,"requests":20000,"rate":10}"#;
    let send =
        |n: u8, what: &str, body: &str| running.send_only("POST", &format!("{}/control/{what}", lab(n)), "", body);
    let crowds = || {
        let metrics = running.get("/metrics", "");
        let line = metrics.lines().find_map(|line| line.strip_prefix("login_lab_crowds "));
        line.expect(&metrics).parse::<usize>().unwrap()
    };
    for n in 0..32 {
        assert!(running.get(&format!("{}/control/view", lab(n)), "").starts_with("HTTP/1.1 200"));
        let waiting = send(n, "crowd", body);
        while crowds() <= n.into() {}
        drop(waiting);
    }
    let begun = Instant::now();
    assert!(running.get(&format!("{}/control/view", lab(32)), "").starts_with("HTTP/1.1 200"));
    let refused = whole(send(32, "crowd", body));
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("32 crowds"), "{refused}");
    assert!(whole(send(0, "crowd/stop", "")).starts_with("HTTP/1.1 200"));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let _again = send(32, "crowd", body);
    while crowds() < 32 {}
}

#[test]
fn however_many_replays_come_from_the_server_s_own_address_each_is_answered() {
    let site = Site::new("replays");
    let running = Running::start(command(&site));
    running.get(LAB, "");
    let post = |what: &str, body: &str| running.send_only("POST", &format!("{LAB}/{what}"), "", body);
    assert!(whole(post("api/login", LOGIN)).starts_with("HTTP/1.1 200"));
    assert!(whole(post("control/loot", r#"{"take":"rows"}"#)).starts_with("HTTP/1.1 200"));
    let replays: Vec<_> = (0..100).map(|_| post("control/loot/1/replay", "")).collect();
    for replay in replays {
        let answer = whole(replay);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""status":200"#), "{answer}");
    }
    assert!(whole(post("control/loot/01/replay", "")).starts_with("HTTP/1.1 404"), "it has one name");
}

#[test]
fn a_log_that_nobody_reads_keeps_nobody_waiting() {
    let site = Site::new("unread-log");
    let (_reader, mut log) = std::io::pipe().unwrap();
    // As much as a pipe holds, so that the next line would wait for the reader.
    log.write_all(" ".repeat(65_536).as_bytes()).unwrap();
    let mut command = command(&site);
    command.stderr(log);
    let mut running = Running::start_with_its_log(command);
    running.get(LAB, "");
    for _ in 0..20 {
        let refused = running.get(&format!("{LAB}/control/view"), "sec-fetch-site: cross-site\r\n");
        assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    }
    running.is_alive();
    assert!(running.signal("-TERM").success(), "and it ends when it is told to");
}
