//! A client of memcached's meta commands (memcached 1.6.12 and newer), as far as sessions need them.
//!
//! A connection belongs to one call at a time. A call that is given up takes its connection along, so that
//! no answer is ever read by somebody who did not ask.

use crate::{
    bounds,
    store::{StoreError, breaker::Breaker, lock},
};
use futures::FutureExt as _;
use std::{
    fmt, io,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpStream, UnixStream},
    sync::Semaphore,
};
use tokio_util::either::Either;

/// The most questions that are sent before the answers are read. With more, both sides could wait for each other.
const AT_ONCE: usize = 64;
/// The longest line of an answer.
const LINE: u64 = 2048;
/// The most bytes of a value: memcached's own default.
const VALUE: usize = 1024 * 1024;

/// Where a memcached is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MemcachedAddress {
    Tcp { host: String, port: u16 },
    Unix(PathBuf),
}

impl MemcachedAddress {
    /// Reads `host:port`, with or without `memcached://` in front, or `unix:///path`.
    fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix://") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        let text = ["memcached://", "memcache://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
        let (host, port) = text.strip_suffix('/').unwrap_or(text).rsplit_once(':')?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).filter(|host| host.contains(':'));
        let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
        let host = bare.or(Some(host).filter(|host| plain && !host.is_empty()))?;
        Some(Self::Tcp { host: host.to_owned(), port: port.parse().ok().filter(|port| *port > 0)? })
    }
}

impl fmt::Display for MemcachedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What one asks.
#[derive(Clone, Debug)]
pub(super) enum Ask<'a> {
    Get(&'a str),
    /// Only the flags.
    Flags(&'a str),
    Set {
        key: &'a str,
        value: &'a str,
        flags: u32,
        expires: u64,
        only: Only,
    },
    Delete {
        key: &'a str,
        version: Option<u64>,
    },
}

/// When a value is written: whatever lies there, when there is none yet, or while it is still this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    Always,
    IfNew,
    If(u64),
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Item(Item),
    Flags(u32),
    Done,
    /// There is one already, or it is another version.
    Refused,
    Missing,
    /// It is not able to: it has no memory left, for example.
    Unable,
}

impl Said {
    pub(super) fn item(self) -> Option<Item> {
        if let Self::Item(item) = self { Some(item) } else { None }
    }

    pub(super) fn flags(&self) -> Option<u32> {
        if let Self::Flags(flags) = self { Some(*flags) } else { None }
    }
}

/// What lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) value: String,
    /// Another one after each change.
    pub(super) version: u64,
    /// A number of ours that it keeps beside the value.
    pub(super) flags: u32,
    /// Seconds until memcached drops it; `None` if it never does.
    pub(super) ttl: Option<u64>,
}

type Connection = BufReader<Either<TcpStream, UnixStream>>;

/// The way to one memcached, for all labs.
#[derive(Debug)]
pub(crate) struct Memcached {
    pub(super) address: MemcachedAddress,
    idle: Mutex<Vec<Connection>>,
    room: Semaphore,
    pub(super) breaker: Arc<Breaker>,
}

impl Memcached {
    /// Reads `host:port` or `unix:///path`. `None` when it is neither.
    pub(crate) fn new(address: &str) -> Option<Self> {
        let (address, room) = (MemcachedAddress::parse(address)?, Semaphore::new(bounds::MEMCACHED_CONNECTIONS));
        Some(Self { address, idle: Mutex::default(), room, breaker: Breaker::new("memcached") })
    }

    /// Asks, in this order, and returns as many answers.
    pub(super) async fn ask(&self, asks: &[Ask<'_>]) -> Result<Vec<Said>, StoreError> {
        let _place = self.room.acquire().await.map_err(|_| StoreError::Unavailable)?;
        let failed = |error: io::Error, as_what| {
            tracing::debug!(%error, "memcached did not do what it was asked");
            // If one connection is broken, so are most likely those that lie idle.
            lock(&self.idle).clear();
            as_what
        };
        let connection = self.connect().await.map_err(|error| failed(error, StoreError::Unavailable))?;
        // Once something is sent, nobody knows what was done.
        let said = self.ask_on(connection, asks).await.map_err(|error| failed(error, StoreError::Timeout))?;
        if said.contains(&Said::Unable) { Err(StoreError::Unavailable) } else { Ok(said) }
    }

    async fn ask_on(&self, mut connection: Connection, asks: &[Ask<'_>]) -> io::Result<Vec<Said>> {
        let mut answers = Vec::with_capacity(asks.len());
        for asks in asks.chunks(AT_ONCE) {
            let mut sent = Vec::new();
            for ask in asks {
                ask.write(&mut sent)?;
            }
            connection.write_all(&sent).await?;
            connection.flush().await?;
            for _ in asks {
                answers.push(read(&mut connection).await?);
                self.breaker.heard();
            }
        }
        lock(&self.idle).push(connection);
        Ok(answers)
    }

    async fn connect(&self) -> io::Result<Connection> {
        loop {
            let Some(mut connection) = lock(&self.idle).pop() else { break };
            // Nothing was asked on it, so whatever can be read is its end, or nonsense.
            if connection.fill_buf().now_or_never().is_none() {
                return Ok(connection);
            }
        }
        let stream = match &self.address {
            MemcachedAddress::Tcp { host, port } => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                Either::Left(stream)
            }
            MemcachedAddress::Unix(path) => Either::Right(UnixStream::connect(path).await?),
        };
        Ok(BufReader::new(stream))
    }
}

impl Ask<'_> {
    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        use io::Write as _;
        let (Self::Get(key) | Self::Flags(key) | Self::Set { key, .. } | Self::Delete { key, .. }) = self;
        // A space or a line's end in a key would be the beginning of another command.
        if key.is_empty() || key.len() > 250 || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(io::Error::other("no key for memcached"));
        }
        match self {
            Self::Get(key) => write!(to, "mg {key} v c t f\r\n"),
            Self::Flags(key) => write!(to, "mg {key} f\r\n"),
            Self::Set { key, value, flags, expires, only } => {
                write!(to, "ms {key} {} F{flags} T{expires}", value.len())?;
                match only {
                    Only::Always => {}
                    Only::IfNew => write!(to, " ME")?,
                    Only::If(version) => write!(to, " C{version}")?,
                }
                write!(to, "\r\n{value}\r\n")
            }
            Self::Delete { key, version: Some(version) } => write!(to, "md {key} C{version}\r\n"),
            Self::Delete { key, version: None } => write!(to, "md {key}\r\n"),
        }
    }
}

/// Reads one answer, and no more of it than can be right.
async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Said> {
    let mut line = Vec::new();
    (&mut *from).take(LINE).read_until(b'\n', &mut line).await?;
    let line = line.strip_suffix(b"\r\n").ok_or_else(|| io::Error::other("no line"))?;
    let line = str::from_utf8(line).map_err(|_| io::Error::other("no text"))?;
    let mut words = line.split(' ');
    match words.next().unwrap_or_default() {
        "HD" => Ok(number(words, 'f').map_or(Said::Done, Said::Flags)),
        "NS" | "EX" => Ok(Said::Refused),
        "NF" | "EN" => Ok(Said::Missing),
        "SERVER_ERROR" => Ok(Said::Unable),
        "VA" => {
            let bytes = words.next().and_then(|bytes| bytes.parse::<usize>().ok()).filter(|bytes| *bytes <= VALUE);
            let bytes = bytes.ok_or_else(|| io::Error::other("no length"))?;
            let version = number(words.clone(), 'c').ok_or_else(|| io::Error::other("no version"))?;
            let (flags, ttl) = (number(words.clone(), 'f').unwrap_or_default(), number(words, 't'));
            let mut value = vec![0; bytes + 2];
            from.read_exact(&mut value).await?;
            if !value.ends_with(b"\r\n") {
                return Err(io::Error::other("a value without its end"));
            }
            value.truncate(bytes);
            // What is no text is none of ours, and no session.
            let value = String::from_utf8(value).unwrap_or_default();
            Ok(Said::Item(Item { value, version, flags, ttl }))
        }
        _ => Err(io::Error::other("no answer that is known")),
    }
}

/// The number behind this letter.
fn number<T: std::str::FromStr>(mut words: std::str::Split<'_, char>, letter: char) -> Option<T> {
    words.find_map(|word| word.strip_prefix(letter)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn answer(bytes: &[u8]) -> io::Result<Said> {
        read(&mut BufReader::new(bytes)).await
    }

    #[tokio::test]
    async fn answers_are_read_to_their_end() {
        let item = Item { value: "a\r\nb".into(), version: 7, flags: 9, ttl: Some(30) };
        assert_eq!(answer(b"VA 4 c7 t30 f9\r\na\r\nb\r\n").await.unwrap(), Said::Item(item.clone()));
        assert_eq!(answer(b"HD f4294967295\r\n").await.unwrap(), Said::Flags(u32::MAX));
        assert_eq!(answer(b"SERVER_ERROR out of memory\r\n").await.unwrap(), Said::Unable);
        assert_eq!(
            answer(b"VA 4 c7 t-1\r\na\r\nb\r\n").await.unwrap(),
            Said::Item(Item { flags: 0, ttl: None, ..item })
        );
        for (line, said) in [("HD", Said::Done), ("NS", Said::Refused), ("EX", Said::Refused), ("EN", Said::Missing)] {
            assert_eq!(answer(format!("{line}\r\n").as_bytes()).await.unwrap(), said);
        }
    }

    #[tokio::test]
    async fn nonsense_is_an_error_and_never_an_answer() {
        let long = format!("VA {}\r\n", "9".repeat(5000));
        for bytes in [
            "",
            "HD",
            "HD\n",
            "ERROR\r\n",
            "VA\r\n",
            "VA -1 c1\r\n",
            "VA 3 c1\r\nab",
            "VA 1 t3\r\na\r\n",
            "VA 1 c1\r\nabc",
            "VA 99999999999 c1\r\n",
            "HDX\r\n",
            "VALUE k 0 1\r\na\r\nEND\r\n",
            &long,
        ] {
            assert!(answer(bytes.as_bytes()).await.is_err(), "{bytes}");
        }
    }

    #[test]
    fn no_key_can_be_a_second_command() {
        for key in ["", "a b", "a\r\nflush_all", "é", &"x".repeat(251)] {
            assert!(Ask::Get(key).write(&mut Vec::new()).is_err(), "{key}");
        }
    }

    #[test]
    fn an_address_is_host_and_port_or_a_socket() {
        for (text, shown) in [
            ("127.0.0.1:11211", "127.0.0.1:11211"),
            ("memcached://cache.example:1/", "cache.example:1"),
            ("memcache://[::1]:11211", "[::1]:11211"),
            ("unix:///run/memcached.sock", "/run/memcached.sock"),
        ] {
            assert_eq!(MemcachedAddress::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "localhost", "localhost:", ":11211", "h:0", "h:99999", "user:secret@h:1", "unix://x", "h:1/x"]
        {
            assert_eq!(MemcachedAddress::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), head in "(VA|HD|EN) [0-9]{0,3} [ct][0-9-]{0,3}\r\n") {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let _ = runtime.block_on(answer(&bytes));
            let _ = runtime.block_on(answer(&[head.as_bytes(), &bytes].concat()));
        }
    }
}
