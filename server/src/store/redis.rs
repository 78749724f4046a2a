//! Redis: one store for all nodes, and for every process that uses the same one. Only this file knows the library.

use super::{
    Backend, Found, Namespace, PATIENCE, Revision, SessionKey, SessionStore, StoreError, breaker::Breaker, json, lock,
    revision::Revised, row,
};
use async_trait::async_trait;
use domain::{
    Seconds,
    session::{Change, Session},
    view::{HeldAs, Row},
};
use redis::{
    Client, ConnectionInfo, FromRedisValue, IntoConnectionInfo as _, ProtocolVersion, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
    io::tcp::TcpSettings,
};
use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How often a change is tried again when somebody else changed the row in between. Each time somebody got on, so
/// it takes this many others to use them up.
const TRIES: usize = 1000;

/// The way to one Redis, for all labs. It connects when first asked, and again when that broke or did not answer.
pub(crate) struct Redis {
    client: Client,
    script: Script,
    patience: Duration,
    breaker: Arc<Breaker>,
    connection: Mutex<Option<Arc<ConnectionManager>>>,
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("address", &Backend::address(self)).finish_non_exhaustive()
    }
}

/// Gives the connection up unless the call that it stands for came to its end. Nobody knows whether a
/// connection that did not answer ever will, and the system may take minutes to find out.
struct InUse<'a> {
    redis: &'a Redis,
    connection: Arc<ConnectionManager>,
    since: Instant,
    answered: bool,
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        // A visitor who went away says nothing about the connection.
        if !self.answered && self.since.elapsed() * 2 > self.redis.patience {
            self.redis.forget(&self.connection);
        }
    }
}

impl Redis {
    /// Reads an address such as `redis://127.0.0.1:6379`. `None` when it is none.
    pub(crate) fn new(url: &str) -> Option<Self> {
        Self::with_patience(url, PATIENCE)
    }

    /// With so much time for an answer.
    pub(super) fn with_patience(url: &str, patience: Duration) -> Option<Self> {
        let info: ConnectionInfo = url.into_connection_info().ok()?;
        if !info.addr().is_supported() {
            return None;
        }
        // With RESP3 the library hears of a broken connection at once, and not from the next visitor's request.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let info = info.set_redis_settings(settings).set_tcp_settings(TcpSettings::default().set_nodelay(true));
        let client = Client::open(info).ok()?;
        let script = Script::new(include_str!("redis/session.lua"));
        Some(Self { client, script, patience, breaker: Breaker::new("Redis"), connection: Mutex::default() })
    }

    fn connect(&self) -> Result<InUse<'_>, StoreError> {
        let mut held = lock(&self.connection);
        let connection = if let Some(connection) = &*held {
            Arc::clone(connection)
        } else {
            // Our own patience rules; these keep the library from trying in the background for longer than that.
            let config = ConnectionManagerConfig::new()
                .set_number_of_retries(1)
                .set_min_delay(Duration::from_millis(10))
                .set_max_delay(Duration::from_millis(50))
                .set_connection_timeout(Some(self.patience))
                .set_response_timeout(Some(self.patience));
            let connection = ConnectionManager::new_lazy_with_config(self.client.clone(), config);
            Arc::clone(held.insert(Arc::new(connection.map_err(|error| failed(&error))?)))
        };
        drop(held);
        Ok(InUse { redis: self, connection, since: Instant::now(), answered: false })
    }

    fn forget(&self, connection: &Arc<ConnectionManager>) {
        lock(&self.connection).take_if(|held| Arc::ptr_eq(held, connection));
    }
}

impl InUse<'_> {
    fn done<T>(&mut self, answer: Result<T, RedisError>) -> Result<T, StoreError> {
        self.answered = true;
        let is_broken = |error: &RedisError| error.is_io_error() || error.is_unrecoverable_error();
        match &answer {
            Err(error) if is_broken(error) => self.redis.forget(&self.connection),
            Err(error) if error.is_timeout() => {}
            // Also when it says that it cannot.
            _ => self.redis.breaker.heard(),
        }
        answer.map_err(|error| failed(&error))
    }
}

#[async_trait]
impl Backend for Redis {
    fn part(self: Arc<Self>, namespace: Namespace) -> Arc<dyn SessionStore> {
        Arc::new(RedisStore::new(self, &namespace))
    }

    /// Host and port, or the socket's path.
    fn address(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    fn breaker(&self) -> Option<&Arc<Breaker>> {
        Some(&self.breaker)
    }

    async fn write(&self) -> Result<(), StoreError> {
        let mut in_use = self.connect()?;
        let mut connection = ConnectionManager::clone(&in_use.connection);
        let answer =
            redis::cmd("SET").arg("login-lab:ready").arg(1).arg("EX").arg(60).exec_async(&mut connection).await;
        in_use.done(answer)
    }
}

/// The error's kind is logged, and not its words: nobody knows what a server puts there.
fn failed(error: &RedisError) -> StoreError {
    tracing::debug!(kind = ?error.kind(), code = ?error.code(), "Redis did not do what it was asked");
    // Nobody knows what became of something that was on its way when the connection broke.
    let is_unknown = error.is_timeout() || error.is_connection_dropped();
    if is_unknown && !error.is_connection_refusal() { StoreError::Timeout } else { StoreError::Unavailable }
}

/// The part of a Redis that belongs to one lab's population.
#[derive(Debug)]
pub(crate) struct RedisStore {
    redis: Arc<Redis>,
    index: String,
    prefix: String,
    room: usize,
}

impl RedisStore {
    pub(crate) fn new(redis: Arc<Redis>, namespace: &Namespace) -> Self {
        Self { redis, index: namespace.index(), prefix: namespace.prefix(), room: namespace.population.room() }
    }

    async fn ask<T: FromRedisValue>(&self, operation: &str, now: Seconds, args: &[&str]) -> Result<T, StoreError> {
        let mut call = self.redis.script.key(&self.index);
        call.arg(operation).arg(&self.prefix).arg(now).arg(args);
        let attempt = async || {
            let mut in_use = self.redis.connect().map_err(|error| (error, false))?;
            let mut connection = ConnectionManager::clone(&in_use.connection);
            let answer = call.invoke_async(&mut connection).await;
            let refused = answer.as_ref().err().is_some_and(RedisError::is_connection_refusal);
            in_use.done(answer).map_err(|error| (error, refused))
        };
        match attempt().await {
            // The library may only remember that it was refused a while ago. Nothing was sent.
            Err((_, true)) => attempt().await.map_err(|(error, _)| error),
            answer => answer.map_err(|(error, _)| error),
        }
    }

    /// Has live rows become others: of these, or of all there are if none is named. What they become follows from what
    /// lies there, and is tried again when somebody else changed one of them in between.
    async fn change<T>(
        &self,
        names: &[&SessionKey],
        now: Seconds,
        change: impl Fn(Vec<(SessionKey, Session)>) -> Result<Changed<T>, StoreError>,
    ) -> Result<T, StoreError> {
        let only = names.iter().map(|name| name.reveal()).collect::<Vec<_>>().join(" ");
        // The first time for looking: no mark is empty.
        let (mut args, mut said) = (vec![only.clone(), String::new()], None);
        for _ in 0..TRIES {
            let words: Vec<&str> = args.iter().map(String::as_str).collect();
            let (mark, names, values): (String, Vec<String>, Vec<String>) = self.ask("change", now, &words).await?;
            if let (true, Some(said)) = (mark.is_empty(), said.take()) {
                return Ok(said);
            }
            let rows = names.into_iter().zip(values);
            let rows = rows.filter_map(|(name, value)| Some((SessionKey(name), read(&value, now)?)));
            let (changed, what) = change(rows.collect())?;
            if changed.is_empty() {
                return Ok(what);
            }
            (args, said) = (vec![only.clone(), mark], Some(what));
            for (key, becomes) in changed {
                match becomes {
                    Revised::Gone => args.extend([key.0, String::new(), String::new()]),
                    Revised::As(to, session) => args.extend([key.0, to.0, json(&session)?]),
                }
            }
        }
        Err(StoreError::Busy)
    }
}

/// What is to become of rows, and what is said of it.
type Changed<T> = (Vec<(SessionKey, Revised)>, T);

/// Reads a value. What is no session is no login either.
fn read(json: &str, now: Seconds) -> Option<Session> {
    serde_json::from_str::<Session>(json).ok().filter(|session| session.is_live(now))
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let (value, room) = (json(&session)?, self.room.to_string());
        match self.ask::<String>("create", now, &[key.reveal(), &value, &room]).await?.as_str() {
            "exists" => Err(StoreError::Exists),
            "full" => Err(StoreError::Full),
            _ => Ok(()),
        }
    }

    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found {
        let touch = if touch { "1" } else { "0" };
        let value: Option<String> = self.ask("load", now, &[key.reveal(), touch]).await?;
        Ok(value.and_then(|value| read(&value, now)))
    }

    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        let update = |mut rows: Vec<(SessionKey, Session)>| {
            let Some((key, mut session)) = rows.pop() else { return Ok((vec![], None)) };
            session.apply(change, now)?;
            Ok((vec![(key.clone(), Revised::As(key, session.clone()))], Some(session)))
        };
        self.change(&[key], now, update).await
    }

    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        let rotate = |mut rows: Vec<(SessionKey, Session)>| {
            if rows.iter().any(|(key, _)| key == new) {
                return Err(StoreError::Exists);
            }
            let Some((old, session)) = rows.pop() else { return Ok((vec![], None)) };
            let session = session.moved(fresh.clone());
            Ok((vec![(old, Revised::As(new.clone(), session.clone()))], Some(session)))
        };
        self.change(&[old, new], now, rotate).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        Ok(self.ask::<usize>("delete", 0, &[key.reveal()]).await? > 0)
    }

    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let revise = |rows: Vec<(SessionKey, Session)>| {
            let revised = revision.of_all(rows.iter().map(|(key, session)| (key, session)), now)?;
            let count = revised.len();
            Ok((revised, count))
        };
        self.change(&[], now, revise).await
    }

    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        let rows: Vec<(String, String, i64)> = self.ask("rows", now, &[]).await?;
        let held = |(name, value, ttl): (String, String, i64)| {
            let session = read(&value, now)?;
            let held = HeldAs { key: format!("{}{name}", self.prefix), value, ttl: u64::try_from(ttl).ok() };
            Some(row(&SessionKey(name), &session, Some(held)))
        };
        Ok(rows.into_iter().filter_map(held).collect())
    }

    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        self.ask("sweep", now, &[]).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.ask::<usize>("clear", 0, &[]).await.map(drop)
    }
}

#[cfg(test)]
mod tests;
