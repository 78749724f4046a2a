//! The program as the tests start it, ask it and end it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Once,
    thread::JoinHandle,
    time::{Duration, Instant},
};

pub(crate) const LAB: &str = "/lab/AAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const LOGIN: &str = r#"{"username":"alice","password":"alice-password","scheme":"session-cookie"}"#;
pub(crate) const EVENTS: &str = "GET /lab/AAAAAAAAAAAAAAAAAAAAAA/control/events HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A directory with an empty page in it, which goes away with the test.
pub(crate) struct Site(pub(crate) PathBuf);

impl Site {
    pub(crate) fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(path.join("pkg")).unwrap();
        for file in [
            "login-lab.AbCdEf12AbCdEf12AbCdEf.js",
            "login-lab.AbCdEf12AbCdEf12AbCdEf.wasm",
            "login-lab.AbCdEf12AbCdEf12AbCdEf.css",
            "other.js",
        ] {
            fs::write(path.join("pkg").join(file), "plain").unwrap();
        }
        fs::write(path.join("pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.js.br"), "brotli").unwrap();
        fs::write(path.join("pkg/login-lab.AbCdEf12AbCdEf12AbCdEf.js.gz"), "gzip").unwrap();
        fs::write(path.join("favicon.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
        Self(path)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn command(site: &Site) -> Command {
    let_children_be_hung_up();
    let mut command = Command::new(env!("CARGO_BIN_EXE_login-lab"));
    command.arg("--site").arg(&site.0).args(["--addr", "127.0.0.1:0"]).env_remove("RUST_LOG");
    command.env("LOGIN_LAB_ATTACKER_ADDR", "127.0.0.1:0");
    // One that is killed leaves its temporary file.
    command.env("TMPDIR", &site.0);
    command
}

/// Tests that were themselves started with nohup would hand on that SIGHUP is ignored. What is handled instead is as
/// usual again in a program that they start.
pub(crate) fn let_children_be_hung_up() {
    use tokio::{runtime, signal::unix};
    static HANDLED: Once = Once::new();
    HANDLED.call_once(|| {
        let runtime = runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let _entered = runtime.enter();
        // The handler stays when this goes.
        drop(unix::signal(unix::SignalKind::hangup()).unwrap());
    });
}

/// The program while it runs; killed if a test forgets it.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) port: u16,
    pub(crate) attacker: u16,
    /// Where the metrics are, if they are apart.
    pub(crate) metrics: Option<u16>,
    /// Reads what it writes to its log.
    log: Option<JoinHandle<String>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stderr(Stdio::piped());
        let mut running = Self::start_with_its_log(command);
        let mut log = running.child.stderr.take().unwrap();
        running.log = Some(std::thread::spawn(move || {
            let mut text = String::new();
            let _ = log.read_to_string(&mut text);
            text
        }));
        running
    }

    /// Its log goes where the command says.
    pub(crate) fn start_with_its_log(mut command: Command) -> Self {
        let is_apart = command.get_args().any(|arg| arg == "--metrics-addr");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let mut port = |before: &str| {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(before).expect(&line).trim_end_matches("/metrics").parse().unwrap()
        };
        let (page, attacker) = (port("Login Lab: http://localhost:"), port("Attacker: http://127.0.0.1:"));
        let metrics = is_apart.then(|| port("Metrics: http://127.0.0.1:"));
        Self { child, port: page, attacker, metrics, log: None }
    }

    pub(crate) fn connect(&self, request: &str) -> BufReader<TcpStream> {
        Self::connect_to(self.port, request)
    }

    pub(crate) fn connect_to(port: u16, request: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "{request}").unwrap();
        BufReader::new(stream)
    }

    pub(crate) fn get(&self, path: &str, headers: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n");
        let mut answer = String::new();
        self.connect(&request).read_to_string(&mut answer).unwrap();
        answer
    }

    /// What is at this address of another port.
    pub(crate) fn ask(port: u16, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut answer = String::new();
        Self::connect_to(port, &request).read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends JSON and reads what comes until the connection ends.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        whole(self.send_only(method, path, headers, body))
    }

    /// Sends JSON, and leaves the answer to be read.
    pub(crate) fn send_only(&self, method: &str, path: &str, headers: &str, body: &str) -> BufReader<TcpStream> {
        self.connect(&format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// The health check is answered within a second, whatever else goes on.
    pub(crate) fn is_alive(&self) {
        let asked = Instant::now();
        let answer = self.get("/healthz", "");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
        // Twice as long, for the tests share one machine.
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    }

    /// Ends it, and returns what it wrote to its log.
    pub(crate) fn log(mut self) -> String {
        assert!(self.signal("-TERM").success());
        self.log.take().unwrap().join().unwrap()
    }

    /// Keeps the lab's sessions in `SQLite`.
    pub(crate) fn choose_sqlite(&self) {
        let chosen = self.send("PUT", &format!("{LAB}/control/topology"), "", r#"{"store":"sqlite"}"#);
        assert!(chosen.starts_with("HTTP/1.1 200"), "{chosen}");
    }

    pub(crate) fn signal(&mut self, name: &str) -> std::process::ExitStatus {
        assert!(Command::new("kill").arg(name).arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

/// Reads an answer to its end.
pub(crate) fn whole(mut asked: BufReader<TcpStream>) -> String {
    let mut answer = String::new();
    asked.read_to_string(&mut answer).unwrap();
    answer
}
