//! The bounds of this server: how much of each thing a client, a lab and the process may have.
//!
//! They stand here and nowhere else, so that one look shows them all. This file imports nothing of the others.

use std::time::Duration;

// Connections.

/// The process: connections at once, of both listeners; fewer where there are fewer descriptors.
pub(crate) const CONNECTIONS: u32 = 1024;
/// A client: connections at once. It gets no more than are still free, either.
pub(crate) const CLIENT_CONNECTIONS: usize = 512;
/// A listener: connections that the system keeps until they are accepted.
pub(crate) const BACKLOG: u32 = 4096;
/// A listener: connections over a bound, at once. They get one short answer each; the oldest makes room for the newest.
pub(crate) const RESERVE_LANE: usize = 128;
/// A connection over a bound: how long its one request's head may take, and then its answer.
pub(crate) const RESERVE_PATIENCE: Duration = Duration::from_secs(1);
/// A connection: how long a request's head may take, and how long it may lie idle.
pub(crate) const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// A connection: how long the other end may take nothing of an answer.
pub(crate) const WRITE_PATIENCE: Duration = Duration::from_secs(10);
/// A connection that ends: how long what still comes is read and thrown away, so that the answer is not lost with it.
pub(crate) const LINGER: Duration = Duration::from_secs(1);
/// A connection that ends: how many bytes of it.
pub(crate) const LINGER_BYTES: u64 = 256 * 1024;
/// A connection: bytes of one request's head, which has at most 100 lines, and of the answer that are given to it ahead of the other end.
pub(crate) const CONNECTION_BUFFER: usize = 64 * 1024;
/// A connection: bytes of the answer that the system takes ahead of the other end.
pub(crate) const UNSENT: u32 = 64 * 1024;
/// A request: bytes of `Host`.
pub(crate) const HOST_BYTES: usize = 255;

// Descriptors.

/// A connection: descriptors that it may need, its own and a file's.
pub(crate) const CONNECTION_DESCRIPTORS: u64 = 2;
/// The process: descriptors for all the rest: listeners, stores, the log.
pub(crate) const OTHER_DESCRIPTORS: u64 = 64;
/// The process: the most descriptors that it asks for.
pub(crate) const DESCRIPTORS: u64 = 65_536;

// A client's shares.

/// A client: requests that are worked on at once. More wait, so that nobody else's wait behind them.
pub(crate) const CLIENT_REQUESTS: usize = 32;
/// A request: how long it waits for that.
pub(crate) const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// A client: event streams at once.
pub(crate) const CLIENT_STREAMS: usize = 128;
/// A client: bytes of answers that it has not read yet.
pub(crate) const CLIENT_UNREAD: usize = 64 * 1024 * 1024;
/// The process: bytes of answers that nobody has read yet.
pub(crate) const UNREAD: usize = 256 * 1024 * 1024;
/// An answer without a known size, such as a file or a stream: what counts of it, for so much is buffered.
pub(crate) const STREAM_UNREAD: usize = 64 * 1024;
/// A client: passwords that wait to be checked.
pub(crate) const CLIENT_PASSWORDS: usize = 48;
/// A client: labs that it may make at once.
pub(crate) const CLIENT_LABS: u32 = 300;
/// A client: labs that it may make in a second after that.
pub(crate) const CLIENT_LABS_A_SECOND: u32 = 3;
/// The process: clients of which it is remembered how many labs they made.
pub(crate) const LAB_MAKERS: usize = 4096;

// The log.

/// One place in the code: lines of the log at once.
pub(crate) const LOG_LINES: u32 = 200;
/// One place in the code: lines in a second after that.
pub(crate) const LOG_LINES_A_SECOND: u32 = 50;
/// How often it is said how many lines were left out.
pub(crate) const LOG_LEFT_OUT_EVERY: Duration = Duration::from_secs(10);
/// A line of the log: characters of what a visitor sent.
pub(crate) const LOG_CHARS: usize = 200;
