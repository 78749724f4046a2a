//! memcached: one store for all nodes, and for every process that uses the same one. Only this file and those below it
//! know it.
//!
//! A cache has no transactions and cannot say what it holds. Each row is an item of its own, written only over the
//! version that was read. What rows there are stands in one more item, the index. A row is put on the index before it
//! holds a session: until then it is claimed, and whoever wants it waits. So the index never lacks a row, except when
//! memcached evicts it. Each index therefore has a number of its own, its generation, which its rows bear as well: a
//! row of an index that is no more is gone, for nobody could list it, and so nobody could end it.

use super::{
    Backend, Found, Namespace, Revision, SessionKey, SessionStore, StoreError, breaker::Breaker, json,
    revision::Revised, row,
};
use async_trait::async_trait;
use client::{Ask, Item, Only, Said};
use domain::{
    Seconds,
    session::{Change, Session},
    view::{HeldAs, Row},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::{sleep, timeout};

pub(crate) use client::Memcached;

mod client;

/// How often something is tried again because somebody else was quicker. Each time somebody got on.
const TRIES: usize = 1000;
/// How often a revision looks for a row that is not where the index says: it may have moved, and move back.
const LOOKS: u32 = 2;
/// For how many seconds a row may be claimed. Whoever claims one needs milliseconds.
const CLAIM: u64 = 5;
/// The longest name of a row: ids have 22 characters, their hashes 43.
const NAME: usize = 64;
/// What lies under a claimed key.
const CLAIMED: &str = "claimed for a session";
/// How long one waits before looking again whether a claimed row has been filled.
const A_MOMENT: Duration = Duration::from_millis(1);
/// How long an operation of several steps goes on by itself when nobody waits for it any more.
const TO_THE_END: Duration = Duration::from_secs(5);
/// Above this, memcached takes an expiry for a date.
const MONTH: u64 = 30 * 24 * 60 * 60;

#[async_trait]
impl Backend for Memcached {
    fn part(self: Arc<Self>, namespace: Namespace) -> Arc<dyn SessionStore> {
        Arc::new(MemcachedStore::new(self, &namespace))
    }

    /// Host and port, or the socket's path.
    fn address(&self) -> String {
        self.address.to_string()
    }

    fn breaker(&self) -> Option<&Arc<Breaker>> {
        Some(&self.breaker)
    }

    async fn write(&self) -> Result<(), StoreError> {
        let set = Ask::Set { key: "login-lab:ready", value: "1", flags: 0, expires: 60, only: Only::Always };
        self.ask(&[set]).await.map(drop)
    }
}

/// The part of a memcached that belongs to one lab's population.
#[derive(Clone, Debug)]
pub(crate) struct MemcachedStore(Arc<LabPart>);

#[derive(Debug)]
struct LabPart {
    memcached: Arc<Memcached>,
    index: String,
    prefix: String,
    room: usize,
    /// Who writes the index reads it first: one after the other, as far as this process goes.
    indexing: tokio::sync::Mutex<()>,
    /// Revisions, too, also those that nobody waits for any more.
    revising: tokio::sync::Mutex<()>,
}

/// The session that lies there, while this is the index's generation. What cannot be read or listed is no login.
fn session_in(item: &Item, generation: Option<u32>) -> Option<Session> {
    if generation == Some(item.flags) { serde_json::from_str(&item.value).ok() } else { None }
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

impl LabPart {
    async fn ask(&self, ask: Ask<'_>) -> Result<Said, StoreError> {
        self.memcached.ask(&[ask]).await?.pop().ok_or(StoreError::Unavailable)
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        Ok(self.ask(Ask::Get(key)).await?.item())
    }

    /// Several rows in one go, and which generation the index is of.
    async fn get_all(&self, names: &[String]) -> Result<(Option<u32>, Vec<Option<Item>>), StoreError> {
        let keys: Vec<_> = names.iter().map(|name| self.key(name)).collect();
        let asks: Vec<_> = [Ask::Flags(&self.index)].into_iter().chain(keys.iter().map(|key| Ask::Get(key))).collect();
        let mut said = self.memcached.ask(&asks).await?.into_iter();
        let generation = said.next().and_then(|said| said.flags());
        Ok((generation, said.map(Said::item).collect()))
    }

    /// A row, when nobody is about to fill it any more.
    async fn settled(&self, name: &str) -> Result<Option<(Option<Session>, Item)>, StoreError> {
        for _ in 0..TRIES {
            let (generation, mut items) = self.get_all(&[name.to_owned()]).await?;
            let Some(item) = items.pop().flatten() else { return Ok(None) };
            if item.value != CLAIMED {
                return Ok(Some((session_in(&item, generation), item)));
            }
            sleep(A_MOMENT).await;
        }
        Err(StoreError::Timeout)
    }

    async fn live(&self, name: &str, now: Seconds) -> Result<Option<(Session, Item)>, StoreError> {
        let Some((Some(session), item)) = self.settled(name).await? else { return Ok(None) };
        Ok(session.is_live(now).then_some((session, item)))
    }

    /// Writes a row over what was read there, of the same generation.
    async fn swap(&self, name: &str, read: &Item, session: &Session, now: Seconds) -> Result<Said, StoreError> {
        let (key, value, expires) = (self.key(name), json(session)?, expires(session.expires_in(now)));
        let only = Only::If(read.version);
        self.ask(Ask::Set { key: &key, value: &value, flags: read.flags, expires, only }).await
    }

    /// Changes a live row, unless there is nothing to change.
    async fn change(&self, name: &str, now: Seconds, how: impl Fn(&mut Session) -> Result<bool, StoreError>) -> Found {
        for _ in 0..TRIES {
            let Some((mut session, item)) = self.live(name, now).await? else { return Ok(None) };
            if !how(&mut session)? {
                return Ok(Some(session));
            }
            match self.swap(name, &item, &session, now).await? {
                Said::Done => return Ok(Some(session)),
                Said::Missing => return Ok(None),
                _ => {}
            }
        }
        Err(StoreError::Busy)
    }

    /// Takes a key that no live row has, and returns the claim.
    async fn claim(&self, name: &str, now: Seconds) -> Result<Item, StoreError> {
        let key = self.key(name);
        for _ in 0..TRIES {
            let claim = Ask::Set { key: &key, value: CLAIMED, flags: 0, expires: CLAIM, only: Only::IfNew };
            let said = self.memcached.ask(&[claim, Ask::Get(&key), Ask::Flags(&self.index)]).await?;
            let [said, Said::Item(item), index] = said.as_slice() else { continue };
            if *said == Said::Done {
                return Ok(item.clone());
            }
            if session_in(item, index.flags()).is_some_and(|session| session.is_live(now)) {
                return Err(StoreError::Exists);
            }
            if item.value == CLAIMED {
                sleep(A_MOMENT).await;
            } else {
                self.remove(name, item.version).await?;
            }
        }
        Err(StoreError::Timeout)
    }

    /// Deletes a row, or a claim, in this very version.
    async fn remove(&self, name: &str, version: u64) -> Result<Said, StoreError> {
        self.ask(Ask::Delete { key: &self.key(name), version: Some(version) }).await
    }

    async fn index(&self) -> Result<Index, StoreError> {
        let item = self.get(&self.index).await?;
        let is_ours = |name: &&str| name.len() <= NAME && name.bytes().all(|b| b.is_ascii_graphic());
        let names = item.iter().flat_map(|item| item.value.split_ascii_whitespace()).filter(is_ours);
        Ok(Index { names: names.map(String::from).collect(), item })
    }

    /// The generation under which it was written; nothing if somebody else was quicker.
    async fn write_index(&self, before: &Index, names: &[String], lasts: Seconds) -> Result<Option<u32>, StoreError> {
        let (key, value) = (&self.index, names.join("\n"));
        let (only, flags, left) = match &before.item {
            Some(item) => (Only::If(item.version), item.flags, item.ttl.unwrap_or_default()),
            None => (Only::IfNew, fastrand::u32(1..), 0),
        };
        let ask = match &before.item {
            Some(item) if names.is_empty() => Ask::Delete { key, version: Some(item.version) },
            // It outlives every row.
            _ => Ask::Set { key, value: &value, flags, expires: expires(left.max(lasts)), only },
        };
        Ok((self.ask(ask).await? == Said::Done).then_some(flags))
    }

    /// Puts a claimed row on the index, last if there is room, or behind another, which needs none. Of which generation
    /// it is then. It is written even when it stands there, so that whoever is about to take it away notices.
    async fn enlist(&self, name: &str, behind: Option<&str>, lasts: Seconds, now: Seconds) -> Result<u32, StoreError> {
        for _ in 0..TRIES {
            let alone = self.indexing.lock().await;
            let index = self.index().await?;
            let mut names = index.names.clone();
            names.retain(|other| other != name);
            if behind.is_none() && names.len() >= self.room {
                drop(alone);
                if self.tidy(None, Some(now)).await? == 0 {
                    return Err(StoreError::Full);
                }
                continue;
            }
            let at = names.iter().position(|name| Some(name.as_str()) == behind).map_or(names.len(), |at| at + 1);
            names.insert(at, name.to_owned());
            if let Some(generation) = self.write_index(&index, &names, lasts).await? {
                return Ok(generation);
            }
        }
        Err(StoreError::Busy)
    }

    /// Takes off the index what is not there any more: of all rows, or this one. With `now`, rows that are over
    /// by then go. How many.
    async fn tidy(&self, only: Option<&str>, now: Option<Seconds>) -> Result<usize, StoreError> {
        for _ in 0..TRIES {
            let _alone = self.indexing.lock().await;
            let index = self.index().await?;
            let mut looked = index.names.clone();
            looked.retain(|name| only.is_none_or(|only| only == name));
            // After the index: a row that is written from here on changes that, and then it is not written below.
            let (generation, items) = self.get_all(&looked).await?;
            let mut gone = HashSet::new();
            for (name, item) in looked.iter().zip(items) {
                let is_over = |item: &Item, now| {
                    let session = session_in(item, generation);
                    item.value != CLAIMED && session.is_none_or(|session| !session.is_live(now))
                };
                let is_gone = match (item, now) {
                    (Some(item), Some(now)) if is_over(&item, now) => {
                        self.remove(name, item.version).await? != Said::Refused
                    }
                    (item, _) => item.is_none(),
                };
                if is_gone {
                    gone.insert(name.as_str());
                }
            }
            let stay: Vec<_> = index.names.iter().filter(|name| !gone.contains(name.as_str())).cloned().collect();
            if gone.is_empty() || self.write_index(&index, &stay, 0).await?.is_some() {
                return Ok(gone.len());
            }
        }
        Err(StoreError::Busy)
    }

    async fn create(&self, name: &str, session: Session, now: Seconds) -> Result<(), StoreError> {
        let claim = self.claim(name, now).await?;
        let lasts = session.expires_at.saturating_sub(now);
        match self.enlist(name, None, lasts, now).await {
            // If the claim is gone, somebody cleared everything: then this one was created, and is gone with the rest.
            Ok(flags) => self.swap(name, &Item { flags, ..claim }, &session, now).await.map(drop),
            Err(error) => {
                // Where this fails, it goes by itself after a while.
                let _ = self.remove(name, claim.version).await;
                Err(error)
            }
        }
    }

    async fn rotate(&self, old: &str, new: &str, fresh: Option<Session>, now: Seconds) -> Found {
        if self.live(new, now).await?.is_some() {
            return Err(StoreError::Exists);
        }
        if self.live(old, now).await?.is_none() {
            return Ok(None);
        }
        let claim = self.claim(new, now).await?;
        match self.take_over(old, new, fresh, now).await {
            Ok(Some((session, flags))) => {
                let claim = Item { flags, ..claim };
                // The old one is gone, so that nothing was changed cannot be said any more.
                self.swap(new, &claim, &session, now).await.map_err(|_| StoreError::Timeout)?;
                // Should this fail, the next sweep does it.
                let _ = self.tidy(Some(old), None).await;
                Ok(Some(session))
            }
            other => {
                let _ = self.remove(new, claim.version).await;
                let _ = self.tidy(Some(new), None).await;
                other.map(|_| None)
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
    ) -> Result<Option<(Session, u32)>, StoreError> {
        let mut enlisted = None;
        for _ in 0..TRIES {
            let Some((session, item)) = self.live(old, now).await? else { return Ok(None) };
            let session = session.moved(fresh.clone());
            if enlisted.is_none() {
                let lasts = session.expires_at.saturating_sub(now);
                enlisted = Some(self.enlist(new, Some(old), lasts, now).await?);
            }
            if self.remove(old, item.version).await? == Said::Done {
                return Ok(enlisted.map(|generation| (session, generation)));
            }
        }
        Err(StoreError::Busy)
    }

    async fn delete(&self, name: &str) -> Result<bool, StoreError> {
        for _ in 0..TRIES {
            let Some((session, item)) = self.settled(name).await? else { return Ok(false) };
            match self.remove(name, item.version).await? {
                Said::Done => {
                    let _ = self.tidy(Some(name), None).await;
                    return Ok(session.is_some());
                }
                Said::Missing => return Ok(false),
                _ => {}
            }
        }
        Err(StoreError::Busy)
    }

    /// Revises one row after the other: there is no way to do it to all at once. It goes on when who asked goes away.
    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let _alone = self.revising.lock().await;
        let (mut revised, mut looked) = (0, HashMap::<String, u32>::new());
        // A row may move meanwhile, to a name that was not on the index: then it stands there now.
        for _ in 0..TRIES {
            let mut names = self.index().await?.names;
            names.retain(|name| looked.get(name).is_none_or(|looks| *looks < LOOKS));
            if names.is_empty() {
                return Ok(revised);
            }
            for name in names {
                let one = self.revise_one(&name, revision, now).await?;
                revised += usize::from(one == Some(true));
                *looked.entry(name).or_default() += if one.is_some() { LOOKS } else { 1 };
            }
        }
        Err(StoreError::Busy)
    }

    /// Whether there was something to revise; nothing where there is no row.
    async fn revise_one(&self, name: &str, revision: &Revision, now: Seconds) -> Result<Option<bool>, StoreError> {
        let key = SessionKey(name.to_owned());
        for _ in 0..TRIES {
            let Some((Some(session), item)) = self.settled(name).await? else { return Ok(None) };
            let said = match revision.of(&key, &session, now)? {
                None => return Ok(Some(false)),
                Some(Revised::Gone) => return Ok(self.delete(name).await?.then_some(true)),
                Some(Revised::As(to, session)) if to == key => self.swap(name, &item, &session, now).await?,
                Some(Revised::As(to, _)) => match self.rotate(name, to.reveal(), None, now).await {
                    // Somebody else has moved it.
                    Err(StoreError::Exists) => return Ok(Some(false)),
                    moved => return Ok(moved?.map(|_| true)),
                },
            };
            match said {
                Said::Done => return Ok(Some(true)),
                Said::Missing => return Ok(None),
                _ => {}
            }
        }
        Err(StoreError::Busy)
    }

    async fn clear(&self) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            let index = self.index().await?;
            if index.item.is_none() {
                return Ok(());
            }
            let keys: Vec<_> = index.names.iter().map(|name| self.key(name)).collect();
            let asks: Vec<_> = keys.iter().map(|key| Ask::Delete { key, version: None }).collect();
            self.memcached.ask(&asks).await?;
            if self.write_index(&index, &[], 0).await?.is_some() {
                return Ok(());
            }
        }
        Err(StoreError::Busy)
    }
}

impl MemcachedStore {
    pub(crate) fn new(memcached: Arc<Memcached>, namespace: &Namespace) -> Self {
        let (index, prefix, room) = (namespace.index(), namespace.prefix(), namespace.population.room());
        let (indexing, revising) = Default::default();
        Self(Arc::new(LabPart { memcached, index, prefix, room, indexing, revising }))
    }

    /// Does all of it, also when whoever asked goes away halfway.
    async fn whole<T, F>(&self, work: impl FnOnce(Arc<LabPart>) -> F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let work = timeout(TO_THE_END, work(Arc::clone(&self.0)));
        tokio::spawn(work).await.map_err(|_| StoreError::Unavailable)?.unwrap_or(Err(StoreError::Timeout))
    }
}

#[async_trait]
impl SessionStore for MemcachedStore {
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let key = key.clone();
        self.whole(|part| async move { part.create(key.reveal(), session, now).await }).await
    }

    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found {
        self.0.change(key.reveal(), now, |session| Ok(touch && session.touch(now))).await
    }

    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        self.0.change(key.reveal(), now, |session| Ok(session.apply(change, now).map(|()| true)?)).await
    }

    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        let (old, new) = (old.clone(), new.clone());
        self.whole(|part| async move { part.rotate(old.reveal(), new.reveal(), fresh, now).await }).await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let key = key.clone();
        self.whole(|part| async move { part.delete(key.reveal()).await }).await
    }

    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let revision = revision.clone();
        self.whole(|part| async move { part.revise(&revision, now).await }).await
    }

    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        let names = self.0.index().await?.names;
        let (generation, items) = self.0.get_all(&names).await?;
        let shown = |(name, item): (String, Option<Item>)| {
            let item = item?;
            let session = session_in(&item, generation).filter(|session| session.is_live(now))?;
            let held = HeldAs { key: self.0.key(&name), value: item.value, ttl: item.ttl };
            Some(row(&SessionKey(name), &session, Some(held)))
        };
        Ok(names.into_iter().zip(items).filter_map(shown).collect())
    }

    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        self.whole(|part| async move { part.tidy(None, Some(now)).await }).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.whole(|part| async move { part.clear().await }).await
    }
}

#[cfg(test)]
mod tests;
