//! The server's own log: on stderr, with warnings and security events unless `RUST_LOG` says otherwise, and never more
//! lines than somebody can read. Nobody waits for whoever reads it.

use crate::{bounds, config::LogFormat, security};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{
    io::{self, IsTerminal as _, Write},
    num::NonZeroU32,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};
use tracing::{Event, Level, Subscriber, callsite::Identifier};
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
    let default = || EnvFilter::new(format!("warn,{}=info", security::TARGET));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| default());
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

/// Says how many lines were left out since it was last said, if any.
pub(super) fn say_what_was_left_out() {
    let lines = LEFT_OUT.swap(0, Ordering::Relaxed);
    if lines > 0 {
        tracing::warn!(lines, "lines were left out of this log: they were too many");
    }
}

/// Leaves lines out where the same place in the code writes too many. Who asks for more than warnings gets all of it.
struct Bounded(DefaultKeyedRateLimiter<Identifier>);

impl Default for Bounded {
    fn default() -> Self {
        let at_once = NonZeroU32::new(bounds::LOG_LINES).unwrap_or(NonZeroU32::MIN);
        let a_second = NonZeroU32::new(bounds::LOG_LINES_A_SECOND).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_second(a_second).allow_burst(at_once)))
    }
}

impl<S: Subscriber> Layer<S> for Bounded {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let counts = *metadata.level() <= Level::WARN || metadata.target() == security::TARGET;
        let written = !counts || self.0.check_key(&metadata.callsite()).is_ok();
        if !written {
            LEFT_OUT.fetch_add(1, Ordering::Relaxed);
        }
        written
    }
}
