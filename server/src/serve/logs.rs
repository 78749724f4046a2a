//! The server's own log: on stderr, with warnings and security events unless `RUST_LOG` says otherwise, and never more
//! lines than somebody can read. Nobody waits for whoever reads it.

use crate::{bounds, config::LogFormat, rates::Rates, security};
use std::{
    fmt,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    io::{self, IsTerminal as _, Write},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};
use tracing::{
    Event, Level, Subscriber,
    callsite::Identifier,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

/// How many lines were left out since it was last said.
static LEFT_OUT: AtomicU64 = AtomicU64::new(0);

/// How many lines are still to be written.
static UNWRITTEN: AtomicU64 = AtomicU64::new(0);
/// How long the end of the process waits for them.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The log, as long as it is written.
#[derive(Debug)]
pub struct Log(());

/// Starts the log, on a thread of its own.
///
/// # Errors
/// The system gives no thread.
pub fn log_to_stderr(format: LogFormat) -> io::Result<Log> {
    let (lines, unwritten) = sync_channel::<Vec<u8>>(bounds::LOG_UNWRITTEN);
    thread::Builder::new().name("log".to_owned()).spawn(move || {
        for line in unwritten {
            let _ = io::stderr().write_all(&line);
            UNWRITTEN.fetch_sub(1, Ordering::AcqRel);
        }
    })?;
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("warn,{}=info", security::TARGET)));
    // Colours are for people: in a file they are noise.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(move || Lines(lines.clone()))
        .with_ansi(io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(filter).with(Bounded::default()).with(lines).init();
    Ok(Log(()))
}

impl Drop for Log {
    fn drop(&mut self) {
        let start = Instant::now();
        while UNWRITTEN.load(Ordering::Acquire) > 0 && start.elapsed() < LAST_LINES {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Takes whole lines, and leaves them out where too many are unwritten.
struct Lines(SyncSender<Vec<u8>>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        UNWRITTEN.fetch_add(1, Ordering::AcqRel);
        if self.0.try_send(line.to_vec()).is_err() {
            UNWRITTEN.fetch_sub(1, Ordering::AcqRel);
            LEFT_OUT.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Says from time to time how many lines are left out.
pub(super) async fn say_what_is_left_out() {
    loop {
        tokio::time::sleep(bounds::LOG_LEFT_OUT_EVERY).await;
        say_what_was_left_out();
    }
}

pub(super) fn say_what_was_left_out() {
    let lines = LEFT_OUT.swap(0, Ordering::Relaxed);
    if lines > 0 {
        tracing::warn!(lines, "lines were left out of this log: they were too many");
    }
}

/// Leaves lines out where the same place in the code writes too many, or too many of one client. Who asks for more than
/// warnings gets all of it.
struct Bounded {
    places: Rates<Identifier>,
    /// Of each place, too: so who floods one hides nobody else from it.
    clients: Rates<(Identifier, u64)>,
}

impl Default for Bounded {
    fn default() -> Self {
        Self {
            // As many as there are in the code.
            places: Rates::new(bounds::LOG_LINES, bounds::LOG_LINES_A_SECOND, usize::MAX),
            clients: Rates::new(bounds::CLIENT_LOG_LINES, bounds::CLIENT_LOG_LINES_A_SECOND, bounds::LOGGED_CLIENTS),
        }
    }
}

/// Which client a line is about, as far as it says so: the hash of how it calls that one.
#[derive(Default)]
struct ClientOf(Option<u64>);

impl Visit for ClientOf {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == security::CLIENT && !value.is_empty() {
            self.0 = Some(BuildHasherDefault::<DefaultHasher>::new().hash_one(value));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for Bounded {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN && metadata.target() != security::TARGET {
            return true;
        }
        let mut client = ClientOf::default();
        event.record(&mut client);
        let place = metadata.callsite();
        let share = |client| (place.clone(), client);
        let written = client.0.is_none_or(|client| self.clients.may(share(client), share(0)))
            && self.places.may(place.clone(), place.clone());
        if !written {
            LEFT_OUT.fetch_add(1, Ordering::Relaxed);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::{Client, Clients, Proxies};
    use std::sync::{Arc, Mutex};

    #[test]
    fn who_is_refused_again_and_again_hides_nobody_else_s_refusals_from_the_log() {
        #[derive(Clone, Default)]
        struct Written(Arc<Mutex<Vec<u8>>>);
        impl Write for Written {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let clients = Arc::new(Clients::new(Proxies::default()));
        let refuse = |client: &Arc<Client>| {
            let whom = security::Whom { client: Some(client), ..security::Whom::default() };
            security::Event::CredentialRefused("not found").log(whom);
        };
        let written = Written::default();
        let writer = written.clone();
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Bounded::default()).with(lines), || {
            let flooding = clients.of([10, 0, 0, 1].into());
            (0..10_000).for_each(|_| refuse(&flooding));
            let other = clients.of([10, 0, 0, 2].into());
            (0..5).for_each(|_| refuse(&other));
            // However many they are, the log does not grow with them.
            for n in 0..10_000_u32 {
                refuse(&clients.of(std::net::Ipv4Addr::from_bits(n).into()));
            }
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let of = |client: &str| text.lines().filter(|line| line.contains(client)).count();
        let most = usize::try_from(bounds::CLIENT_LOG_LINES).unwrap();
        assert!((most..most + 20).contains(&of(r#"client="10.0.0.1""#)), "{}", of(r#"client="10.0.0.1""#));
        assert_eq!(of(r#"client="10.0.0.2""#), 5);
        let all = usize::try_from(bounds::LOG_LINES).unwrap();
        assert!((all..2 * all).contains(&text.lines().count()), "{}", text.lines().count());
    }
}
