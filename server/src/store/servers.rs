//! Real servers for the tests: a Redis and a memcached of their own, on free ports, that keep nothing.

use std::{
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

/// Which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    Redis,
    Memcached,
}

/// A server, killed with the test.
#[derive(Debug)]
pub(super) struct StoreServer {
    program: Program,
    pub(super) port: u16,
    running: Mutex<Option<RunningServer>>,
}

/// The shell that the server runs under. It kills the server as soon as its input ends, and so also when the
/// test's process goes in a way that drops nothing.
#[derive(Debug)]
struct RunningServer {
    shell: Child,
    pid: String,
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

const UNDER_A_SHELL: &str = r#""$@" >/dev/null 2>&1 & echo $!; cat >/dev/null; kill -KILL $!; wait 2>/dev/null"#;

impl Program {
    fn arguments(self, port: u16) -> Vec<String> {
        let arguments = match self {
            Self::Redis => {
                format!("redis-server --bind 127.0.0.1 --port {port} --appendonly no --maxmemory 64mb --save")
            }
            // It refuses to run as root, and ignores the user otherwise.
            Self::Memcached => format!("memcached -l 127.0.0.1 -U 0 -u nobody -m 64 -p {port}"),
        };
        let empty = (self == Self::Redis).then(String::new);
        arguments.split(' ').map(String::from).chain(empty).collect()
    }

    fn is_there(self) -> bool {
        let name = &self.arguments(0)[0];
        Command::new(name).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    }
}

impl StoreServer {
    pub(super) fn start(program: Program) -> Self {
        assert!(
            program.is_there(),
            "{} is not on PATH; scripts/servers.sh installs it, or says how",
            program.arguments(0)[0]
        );
        for _ in 0..10 {
            // Somebody else may take the port before the server does.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let server = Self { program, port, running: Mutex::default() };
            server.start_again();
            if server.is_up() {
                return server;
            }
        }
        panic!("{program:?} does not start");
    }

    /// One for all tests that leave it as it is.
    pub(super) fn shared(program: Program) -> &'static Self {
        static REDIS: OnceLock<StoreServer> = OnceLock::new();
        static MEMCACHED: OnceLock<StoreServer> = OnceLock::new();
        let cell = match program {
            Program::Redis => &REDIS,
            Program::Memcached => &MEMCACHED,
        };
        cell.get_or_init(|| Self::start(program))
    }

    /// Starts on the same port, empty, and waits until it answers.
    pub(super) fn start_again(&self) {
        let mut shell = Command::new("sh")
            .args(["-c", UNDER_A_SHELL, "sh"])
            .args(self.program.arguments(self.port))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pid = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut pid).unwrap();
        *self.running() = Some(RunningServer { shell, pid: pid.trim().to_owned() });
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.is_up() && Instant::now() < deadline && self.signal("-0") {
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn is_up(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<RunningServer>> {
        crate::lock::lock(&self.running)
    }

    fn signal(&self, signal: &str) -> bool {
        let running = self.running();
        let pid = &running.as_ref().expect("it runs").pid;
        Command::new("kill").args([signal, pid]).stderr(Stdio::null()).status().unwrap().success()
    }

    pub(super) fn kill(&self) {
        *self.running() = None;
        assert!(!self.is_up());
    }

    /// It takes connections, as the system does that for it, and says nothing.
    pub(super) fn freeze(&self) {
        assert!(self.signal("-STOP"));
        // The signal is sent; on a busy machine a thread may still be answering.
        while !self.is_frozen() {
            std::thread::yield_now();
        }
    }

    /// Whether every thread has stopped, where the system tells.
    fn is_frozen(&self) -> bool {
        let running = self.running();
        let pid = &running.as_ref().expect("it runs").pid;
        let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return true };
        threads.flatten().all(|thread| {
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            // Behind the name, which stands in brackets: T for stopped.
            stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('T'))
        })
    }

    pub(super) fn thaw(&self) {
        assert!(self.signal("-CONT"));
    }

    /// As the program's settings take it.
    pub(super) fn url(&self) -> String {
        match self.program {
            Program::Redis => format!("redis://127.0.0.1:{}", self.port),
            Program::Memcached => format!("127.0.0.1:{}", self.port),
        }
    }
}
