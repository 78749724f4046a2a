//! memcached: one store for all nodes, and for every process that uses the same one. Only this file and those
//! below it know it.
//!
//! A cache has no transactions and cannot say what it holds. Each row is an item of its own, written only over
//! the version that was read. What rows there are stands in one more item, the index. A row is put on the
//! index before it holds a session: until then it is claimed, and whoever wants it waits. So the index never
//! lacks a row, except when memcached evicts it; then those logins go on, but nobody finds them by their user.

use super::{Namespace, Population, Promise, SessionKey, SessionStore, StoreError, row};
use client::{Address, Ask, Client, Item, Only, Said};
use domain::{
    Seconds,
    session::{Change, Session},
    view::{HeldAs, Row},
};
use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

mod client;

/// How often something is tried again because somebody else was quicker. Each time somebody got on.
const TRIES: usize = 1000;
/// For how many seconds a row may be claimed. Whoever claims one needs milliseconds.
const CLAIM: u64 = 5;
/// The longest name of a row: ids have 22 characters, their hashes 43.
const NAME: usize = 64;
/// How a claimed row begins; the user's name follows. A session begins with a brace.
const CLAIMED: &str = "claimed for ";
/// How long one waits before looking again whether a claimed row has been filled.
const A_MOMENT: Duration = Duration::from_millis(1);
/// How long an operation of several steps goes on by itself when nobody waits for it any more.
const TO_THE_END: Duration = Duration::from_secs(5);
/// Above this, memcached takes an expiry for a date.
const MONTH: u64 = 30 * 24 * 60 * 60;

/// The way to one memcached, for all labs.
#[derive(Debug)]
pub(crate) struct Memcached(Client);

impl Memcached {
    /// Reads `host:port` or `unix:///path`. `None` when it is neither.
    pub(crate) fn new(address: &str) -> Option<Self> {
        Some(Self(Client::new(Address::parse(address)?)))
    }

    /// Host and port, or the socket's path.
    pub(crate) fn address(&self) -> String {
        self.0.address.to_string()
    }

    /// Whether it answers.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.0.ask(&[Ask::Nothing]).await.map(drop)
    }
}

/// The part of a memcached that belongs to one lab's population.
#[derive(Clone, Debug)]
pub(crate) struct MemcachedStore(Arc<Part>);

#[derive(Debug)]
struct Part {
    memcached: Arc<Memcached>,
    index: String,
    prefix: String,
    room: usize,
}

/// What lies under a row's key.
enum Held {
    Session(Session),
    /// It is about to be filled, for this user.
    Claimed(String),
    /// No session that can be read, and so no login.
    Other,
}

impl Held {
    fn read(value: &str) -> Self {
        match value.strip_prefix(CLAIMED) {
            Some(user) => Self::Claimed(user.to_owned()),
            None => serde_json::from_str(value).map_or(Self::Other, Self::Session),
        }
    }
}

/// What is known of the rows there are, oldest first.
struct Index {
    names: Vec<String>,
    item: Option<Item>,
}

/// The expiry of something that lives so many seconds more. memcached's clock ticks once a second, so it may
/// be a second early: it gets one more. The lab's clock judges in any case.
fn expires(seconds: Seconds) -> u64 {
    let seconds = seconds.saturating_add(1);
    if seconds <= MONTH {
        return seconds;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    now.saturating_add(seconds).min(i32::MAX.unsigned_abs().into())
}

fn json(session: &Session) -> Result<String, StoreError> {
    serde_json::to_string(session).map_err(|_| StoreError::Unavailable)
}

impl Part {
    async fn ask(&self, ask: Ask<'_>) -> Result<Said, StoreError> {
        self.memcached.0.ask(&[ask]).await?.pop().ok_or(StoreError::Unavailable)
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        Ok(match self.ask(Ask::Get(key)).await? {
            Said::Item(item) => Some(item),
            _ => None,
        })
    }

    /// Several rows in one go.
    async fn get_all(&self, names: &[String]) -> Result<Vec<Option<Item>>, StoreError> {
        let keys: Vec<_> = names.iter().map(|name| self.key(name)).collect();
        let asks: Vec<_> = keys.iter().map(|key| Ask::Get(key)).collect();
        let said = self.memcached.0.ask(&asks).await?;
        Ok(said.into_iter().map(|said| if let Said::Item(item) = said { Some(item) } else { None }).collect())
    }

    /// A row, when nobody is about to fill it any more.
    async fn settled(&self, name: &str) -> Result<Option<(Held, u64)>, StoreError> {
        for _ in 0..TRIES {
            let Some(item) = self.get(&self.key(name)).await? else { return Ok(None) };
            match Held::read(&item.value) {
                Held::Claimed(_) => tokio::time::sleep(A_MOMENT).await,
                held => return Ok(Some((held, item.version))),
            }
        }
        Err(StoreError::Timeout)
    }

    async fn live(&self, name: &str, now: Seconds) -> Result<Option<(Session, u64)>, StoreError> {
        Ok(match self.settled(name).await? {
            Some((Held::Session(session), version)) if session.is_live(now) => Some((session, version)),
            _ => None,
        })
    }

    async fn swap(&self, name: &str, version: u64, session: &Session, now: Seconds) -> Result<Said, StoreError> {
        let (key, value, expires) = (self.key(name), json(session)?, expires(session.expires_in(now)));
        self.ask(Ask::Set { key: &key, value: &value, expires, only: Only::If(version) }).await
    }

    /// Changes a live row, unless there is nothing to change.
    async fn change<E>(
        &self,
        name: &str,
        now: Seconds,
        change: impl Fn(&mut Session) -> Result<bool, E>,
    ) -> Result<Option<Session>, StoreError>
    where
        StoreError: From<E>,
    {
        for _ in 0..TRIES {
            let Some((mut session, version)) = self.live(name, now).await? else { return Ok(None) };
            if !change(&mut session)? {
                return Ok(Some(session));
            }
            match self.swap(name, version, &session, now).await? {
                Said::Done => return Ok(Some(session)),
                Said::Missing => return Ok(None),
                _ => {}
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Takes a key that no live row has, and returns the claim's version.
    async fn claim(&self, name: &str, user: &str, now: Seconds) -> Result<u64, StoreError> {
        let (key, value) = (self.key(name), format!("{CLAIMED}{user}"));
        for _ in 0..TRIES {
            let claim = Ask::Set { key: &key, value: &value, expires: CLAIM, only: Only::IfNew };
            let said = self.memcached.0.ask(&[claim, Ask::Get(&key)]).await?;
            let [said, Said::Item(item)] = said.as_slice() else { continue };
            if *said == Said::Done {
                return Ok(item.version);
            }
            match Held::read(&item.value) {
                Held::Session(session) if session.is_live(now) => return Err(StoreError::Exists),
                Held::Claimed(_) => tokio::time::sleep(A_MOMENT).await,
                _ => drop(self.ask(Ask::Delete { key: &key, version: Some(item.version) }).await?),
            }
        }
        Err(StoreError::Timeout)
    }

    /// Gives a claimed key back. Where that fails, it goes by itself after a while.
    async fn release(&self, name: &str, claim: u64) {
        let _ = self.ask(Ask::Delete { key: &self.key(name), version: Some(claim) }).await;
    }

    async fn index(&self) -> Result<Index, StoreError> {
        let item = self.get(&self.index).await?;
        let is_ours = |name: &&str| name.len() <= NAME && name.bytes().all(|b| b.is_ascii_graphic());
        let names = item.iter().flat_map(|item| item.value.split_ascii_whitespace()).filter(is_ours);
        Ok(Index { names: names.map(String::from).collect(), item })
    }

    /// Whether it was written; if not, somebody else was quicker.
    async fn write_index(&self, before: &Index, names: &[String], lasts: Seconds) -> Result<bool, StoreError> {
        let value = names.join("\n");
        // It outlives every row.
        let left = before.item.as_ref().and_then(|item| item.ttl).unwrap_or_default();
        let expires = expires(left.max(lasts));
        let said = match &before.item {
            Some(item) if names.is_empty() => {
                self.ask(Ask::Delete { key: &self.index, version: Some(item.version) }).await?
            }
            Some(item) => {
                let only = Only::If(item.version);
                self.ask(Ask::Set { key: &self.index, value: &value, expires, only }).await?
            }
            None => self.ask(Ask::Set { key: &self.index, value: &value, expires, only: Only::IfNew }).await?,
        };
        Ok(said == Said::Done)
    }

    /// Puts a claimed row on the index: last, or behind another. It is written even when it stands there, so
    /// that whoever is about to take it away notices.
    async fn enlist(&self, name: &str, place: Place<'_>, lasts: Seconds, now: Seconds) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            let index = self.index().await?;
            let mut names = index.names.clone();
            names.retain(|other| other != name);
            let at = match place {
                Place::Last if names.len() >= self.room => {
                    if self.tidy(None, Some(now)).await? == 0 {
                        return Err(StoreError::Full);
                    }
                    continue;
                }
                Place::Last => names.len(),
                Place::Behind(other) => names.iter().position(|name| name == other).map_or(names.len(), |at| at + 1),
            };
            names.insert(at, name.to_owned());
            if self.write_index(&index, &names, lasts).await? {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable)
    }

    /// Takes off the index what is not there any more: of all rows, or this one. With `now`, rows that are over
    /// by then go. How many.
    async fn tidy(&self, only: Option<&str>, now: Option<Seconds>) -> Result<usize, StoreError> {
        for _ in 0..TRIES {
            let index = self.index().await?;
            let looked: Vec<_> =
                index.names.iter().filter(|name| only.is_none_or(|only| only == *name)).cloned().collect();
            // Looked at after the index: a row that is written from here on changes the index, and then the
            // index is not written below.
            let mut gone = HashSet::new();
            for (name, item) in looked.iter().zip(self.get_all(&looked).await?) {
                let is_gone = match (item, now) {
                    (None, _) => true,
                    (Some(item), Some(now)) => match Held::read(&item.value) {
                        Held::Session(session) if session.is_live(now) => false,
                        Held::Claimed(_) => false,
                        _ => {
                            let (key, version) = (self.key(name), Some(item.version));
                            self.ask(Ask::Delete { key: &key, version }).await? != Said::Refused
                        }
                    },
                    (Some(_), None) => false,
                };
                if is_gone {
                    gone.insert(name.as_str());
                }
            }
            let stay: Vec<_> = index.names.iter().filter(|name| !gone.contains(name.as_str())).cloned().collect();
            if gone.is_empty() || self.write_index(&index, &stay, 0).await? {
                return Ok(gone.len());
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn create(&self, name: &str, session: Session, now: Seconds) -> Result<(), StoreError> {
        let claim = self.claim(name, &session.user.name, now).await?;
        let lasts = session.expires_at.saturating_sub(now);
        if let Err(error) = self.enlist(name, Place::Last, lasts, now).await {
            self.release(name, claim).await;
            return Err(error);
        }
        // If the claim is gone, somebody cleared everything: then this one was created, and is gone with the rest.
        self.swap(name, claim, &session, now).await.map(drop)
    }

    async fn rotate(
        &self,
        old: &str,
        new: &str,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        if self.live(new, now).await?.is_some() {
            return Err(StoreError::Exists);
        }
        let Some((session, _)) = self.live(old, now).await? else { return Ok(None) };
        let claim = self.claim(new, &session.user.name, now).await?;
        match self.take_over(old, new, fresh, now).await {
            Ok(Some(session)) => {
                // The old one is gone, so that nothing was changed cannot be said any more.
                self.swap(new, claim, &session, now).await.map_err(|_| StoreError::Timeout)?;
                // Should this fail, the next sweep does it.
                let _ = self.tidy(Some(old), None).await;
                Ok(Some(session))
            }
            other => {
                self.release(new, claim).await;
                let _ = self.tidy(Some(new), None).await;
                other
            }
        }
    }

    /// Deletes the old row in the very version that was read, so that what was acknowledged is in what is returned.
    async fn take_over(
        &self,
        old: &str,
        new: &str,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let key = self.key(old);
        let mut enlisted = false;
        for _ in 0..TRIES {
            let Some((session, version)) = self.live(old, now).await? else { return Ok(None) };
            let session = match &fresh {
                Some(fresh) => Session { cart: session.cart, ..fresh.clone() },
                None => session,
            };
            if !enlisted {
                let lasts = session.expires_at.saturating_sub(now);
                self.enlist(new, Place::Behind(old), lasts, now).await?;
                enlisted = true;
            }
            if self.ask(Ask::Delete { key: &key, version: Some(version) }).await? == Said::Done {
                return Ok(Some(session));
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn delete(&self, name: &str) -> Result<bool, StoreError> {
        for _ in 0..TRIES {
            let Some((_, version)) = self.settled(name).await? else { return Ok(false) };
            match self.ask(Ask::Delete { key: &self.key(name), version: Some(version) }).await? {
                Said::Done => {
                    let _ = self.tidy(Some(name), None).await;
                    return Ok(true);
                }
                Said::Missing => return Ok(false),
                _ => {}
            }
        }
        Err(StoreError::Unavailable)
    }

    async fn all(&self) -> Result<Vec<(String, Item)>, StoreError> {
        let names = self.index().await?.names;
        let items = self.get_all(&names).await?;
        Ok(names.into_iter().zip(items).filter_map(|(name, item)| Some((name, item?))).collect())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            let index = self.index().await?;
            if index.item.is_none() {
                return Ok(());
            }
            let keys: Vec<_> = index.names.iter().map(|name| self.key(name)).collect();
            let asks: Vec<_> = keys.iter().map(|key| Ask::Delete { key, version: None }).collect();
            self.memcached.0.ask(&asks).await?;
            if self.write_index(&index, &[], 0).await? {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable)
    }
}

/// Where on the index.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// Behind all others, if there is room.
    Last,
    /// Behind this one; moving needs no room.
    Behind(&'a str),
}

/// Does all of it, also when whoever asked goes away halfway.
fn whole<'a, T: Send + 'static>(work: impl Future<Output = Result<T, StoreError>> + Send + 'static) -> Promise<'a, T> {
    Box::pin(async move {
        let work = tokio::spawn(tokio::time::timeout(TO_THE_END, work));
        match work.await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::Timeout),
            Err(_) => Err(StoreError::Unavailable),
        }
    })
}

impl MemcachedStore {
    pub(crate) fn new(memcached: Arc<Memcached>, namespace: Namespace) -> Self {
        let Namespace { lab, population } = namespace;
        let name = match population {
            Population::Visitors => "session",
            Population::Crowd => "crowd-session",
        };
        let (index, prefix) = (format!("login-lab:{lab}:{name}s"), format!("login-lab:{lab}:{name}:"));
        Self(Arc::new(Part { memcached, index, prefix, room: population.room() }))
    }

    fn part(&self) -> Arc<Part> {
        Arc::clone(&self.0)
    }
}

impl SessionStore for MemcachedStore {
    fn create<'a>(&'a self, key: &'a SessionKey, session: Session, now: Seconds) -> Promise<'a, ()> {
        let (part, key) = (self.part(), key.clone());
        whole(async move { part.create(key.reveal(), session, now).await })
    }

    fn load<'a>(&'a self, key: &'a SessionKey, touch: bool, now: Seconds) -> Promise<'a, Option<Session>> {
        let touched = move |session: &mut Session| Ok::<_, StoreError>(touch && session.touch(now));
        Box::pin(self.0.change(key.reveal(), now, touched))
    }

    fn update<'a>(&'a self, key: &'a SessionKey, change: &'a Change, now: Seconds) -> Promise<'a, Option<Session>> {
        Box::pin(self.0.change(key.reveal(), now, move |session| session.apply(change, now).map(|()| true)))
    }

    fn rotate<'a>(
        &'a self,
        old: &'a SessionKey,
        new: &'a SessionKey,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Promise<'a, Option<Session>> {
        let (part, old, new) = (self.part(), old.clone(), new.clone());
        whole(async move { part.rotate(old.reveal(), new.reveal(), fresh, now).await })
    }

    fn delete<'a>(&'a self, key: &'a SessionKey) -> Promise<'a, bool> {
        let (part, key) = (self.part(), key.clone());
        whole(async move { part.delete(key.reveal()).await })
    }

    fn keys_of<'a>(&'a self, user: &'a str) -> Promise<'a, Vec<SessionKey>> {
        Box::pin(async move {
            let is_theirs = |(name, item): (String, Item)| {
                let name_of = match Held::read(&item.value) {
                    Held::Session(session) => session.user.name,
                    Held::Claimed(user) => user,
                    Held::Other => return None,
                };
                (name_of == user).then_some(SessionKey(name))
            };
            Ok(self.0.all().await?.into_iter().filter_map(is_theirs).collect())
        })
    }

    fn rows(&self, now: Seconds) -> Promise<'_, Vec<Row>> {
        Box::pin(async move {
            let shown = |(name, item): (String, Item)| {
                let Held::Session(session) = Held::read(&item.value) else { return None };
                let held = HeldAs { key: self.0.key(&name), value: item.value, ttl: item.ttl };
                let bytes = held.key.len().saturating_add(held.value.len());
                session.is_live(now).then(|| Row { bytes, held: Some(held), ..row(&SessionKey(name), &session) })
            };
            Ok(self.0.all().await?.into_iter().filter_map(shown).collect())
        })
    }

    fn count(&self, now: Seconds) -> Promise<'_, usize> {
        Box::pin(async move {
            let all = self.0.all().await?;
            let is_live = |item: &Item| matches!(Held::read(&item.value), Held::Session(s) if s.is_live(now));
            Ok(all.iter().filter(|(_, item)| is_live(item)).count())
        })
    }

    fn sweep(&self, now: Seconds) -> Promise<'_, usize> {
        let part = self.part();
        whole(async move { part.tidy(None, Some(now)).await })
    }

    fn clear(&self) -> Promise<'_, ()> {
        let part = self.part();
        whole(async move { part.clear().await })
    }
}

#[cfg(test)]
mod tests;
