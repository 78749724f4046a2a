//! The bounds of this server: how much of each thing a client, a lab and the process may have.
//!
//! They stand here and nowhere else, so that one look shows them all. This file imports nothing of the others.

use std::time::Duration;

// Connections.

/// The process: connections at once, of both listeners; fewer where there are fewer descriptors.
pub(crate) const CONNECTIONS: usize = 3072;
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
/// A client: event streams at once. A room full of people may be one client.
pub(crate) const CLIENT_STREAMS: usize = 256;
/// A client: bytes of answers that it has not read yet.
pub(crate) const CLIENT_UNREAD: usize = 64 * 1024 * 1024;
/// The process: bytes of answers that nobody has read yet.
pub(crate) const UNREAD: usize = 256 * 1024 * 1024;
/// An answer without a known size, such as a file or a stream: what counts of it, for so much is buffered.
pub(crate) const STREAM_UNREAD: usize = 64 * 1024;
/// A client: passwords that wait to be checked.
pub(crate) const CLIENT_PASSWORDS: usize = 48;
/// A client: keys that are made or wait for it.
pub(crate) const CLIENT_KEYS_MADE: usize = 32;
/// A client: crowds under way. A room full of people may be one client.
pub(crate) const CLIENT_CROWDS: usize = 32;
/// A client: labs that it may make at once.
pub(crate) const CLIENT_LABS: u32 = 300;
/// A client: labs that it may make in a second after that.
pub(crate) const CLIENT_LABS_A_SECOND: u32 = 3;
/// The process: clients of which it is remembered how many labs they made.
pub(crate) const LAB_MAKERS: usize = 4096;

// Compression.

/// An answer: bytes beyond which it is not compressed.
pub(crate) const COMPRESSED: u64 = 1024 * 1024;
/// An answer: bytes beyond which it is compressed on a thread beside those that serve; one at a time for each core but one.
pub(crate) const COMPRESSED_AT_ONCE: u64 = 32 * 1024;

// The log.

/// One place in the code: lines of the log at once.
pub(crate) const LOG_LINES: u32 = 200;
/// One place in the code: lines in a second after that.
pub(crate) const LOG_LINES_A_SECOND: u32 = 50;
/// A client, of one place in the code: lines of the log at once.
pub(crate) const CLIENT_LOG_LINES: u32 = 50;
/// A client, of one place in the code: lines in a second after that.
pub(crate) const CLIENT_LOG_LINES_A_SECOND: u32 = 10;
/// The process: clients of which it is remembered what they had written into the log; more have one share together.
pub(crate) const LOGGED_CLIENTS: usize = 4096;
/// The process: lines of the log that wait to be written; what comes on top of them is left out, and counted.
pub(crate) const LOG_UNWRITTEN: usize = 1024;
/// How often it is said how many lines were left out.
pub(crate) const LOG_LEFT_OUT_EVERY: Duration = Duration::from_secs(10);
/// A line of the log: characters of what a visitor sent.
pub(crate) const LOG_CHARS: usize = 200;

// A request.

/// A request: bytes of its body.
pub(crate) const BODY_BYTES: usize = 16 * 1024;
/// A request: credentials, refresh tokens among them, for each may cost several questions to a store.
pub(crate) const REQUEST_CREDENTIALS: usize = 8;

// Work.

/// The process: requests of the lesson under way.
pub(crate) const REQUESTS: usize = 1024;
/// A lab: requests of the lesson under way.
pub(crate) const LAB_REQUESTS: usize = 256;
/// The process: requests of all crowds under way, so that visitors come through however many crowds there are.
pub(crate) const CROWD_REQUESTS: usize = 16;
/// The process: passwords that are checked or wait for it; one a core is worked on. A client has no more than are left.
pub(crate) const PASSWORDS: usize = 256;
/// The process: key pairs that are made or wait for it; one is worked on, a lab has one of them, and a client no more than
/// are left.
pub(crate) const KEYS_MADE: usize = 64;
/// A lab: passwords that are checked or wait for it.
pub(crate) const LAB_PASSWORDS: usize = 24;
/// A lab and a name: wrong passwords before it rests.
pub(crate) const WRONG_PASSWORDS: u32 = 10;
/// How long a wrong password counts, from the first.
pub(crate) const WRONG_PASSWORDS_WITHIN: Duration = Duration::from_mins(1);

// The record.

/// The process: exchanges that are kept of all labs; the oldest of the client that brought most goes.
pub(crate) const EXCHANGES: usize = 200_000;
/// The process: bytes of them.
pub(crate) const RECORD: usize = 256 * 1024 * 1024;
/// A lab: exchanges that are kept; the oldest goes.
pub(crate) const LAB_EXCHANGES: usize = 200;
/// A lab: bytes of them.
pub(crate) const LAB_RECORD: usize = 4 * 1024 * 1024;
/// A page: about the bytes of the newest exchanges that come with it.
pub(crate) const PAGE_RECORD: usize = 512 * 1024;
/// An exchange: bytes of headers that are recorded of either side.
pub(crate) const RECORDED_HEADERS: usize = 64 * 1024;
/// An exchange: bytes of the answer's body that are recorded.
pub(crate) const RECORDED_ANSWER: usize = 64 * 1024;
/// An exchange: steps that are recorded.
pub(crate) const RECORDED_STEPS: usize = 64;

// A lab.

/// A lab: event streams.
pub(crate) const LAB_STREAMS: usize = 32;
/// A lab: live logins, on all of its servers together.
pub(crate) const LAB_LOGINS: usize = 64;
/// A lab: entries of the denylist.
pub(crate) const LAB_DENYLIST: usize = 1024;
/// A lab: keys that verify; with one more the oldest goes.
pub(crate) const LAB_KEYS: usize = 8;
/// A lab: orders.
pub(crate) const LAB_ORDERS: usize = 100;
/// A lab: answers that its caching proxy keeps; the oldest goes.
pub(crate) const LAB_COPIES: usize = 16;
/// An answer that the caching proxy keeps: bytes of its body and of its address.
pub(crate) const COPY_BYTES: usize = 2 * 1024;
/// A lab: idempotency keys that are remembered; of those whose orders were cancelled the oldest goes.
pub(crate) const LAB_IDEMPOTENCY_KEYS: usize = 100;
/// A lab: windows of the attacker that wait for an order.
pub(crate) const LAB_WINDOWS: usize = 4;
/// A delivery to the attacker: cookies that are looked at.
pub(crate) const LOOT_COOKIES: usize = 16;

/// A lab: bytes of the results that the page keeps in it, and of a request that brings them.
pub(crate) const LAB_RESULTS: usize = 512 * 1024;
/// The process: bytes of the results of all labs. A client, in whichever labs, has no more than are left.
pub(crate) const RESULTS: usize = 128 * 1024 * 1024;

// Stores.

/// A lab: questions to a store that others ask, too; more wait within the patience.
pub(crate) const LAB_STORE_QUESTIONS: usize = 16;
/// A lab: what a store may have done for nobody and is to be taken back.
pub(crate) const LAB_UNDOS: usize = 256;
/// A node of a lab: rows that are remembered as dead while news of them may be under way.
pub(crate) const LAB_DEAD: usize = 2048;
/// A lab: replication messages under way; what comes on top of them is lost, and counted.
pub(crate) const LAB_MESSAGES: usize = 100_000;
/// A lab: bytes of what they say, which counts once to however many nodes it goes.
pub(crate) const LAB_MESSAGE_BYTES: usize = 8 * 1024 * 1024;
/// The process: labs whose rows are still to be cleared out of a store.
pub(crate) const NAMESPACES_TO_CLEAR: usize = 4096;
/// The process: jobs that wait for `SQLite`.
pub(crate) const SQLITE_JOBS: usize = 1024;
/// The process: rows in the `SQLite` file, looked at every ten minutes; the oldest go.
pub(crate) const SQLITE_ROWS: i64 = 100_000;
/// The process: connections to memcached.
pub(crate) const MEMCACHED_CONNECTIONS: usize = 32;
