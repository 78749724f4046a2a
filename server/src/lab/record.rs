//! The record: the last exchanges of a lab, and who listens to new ones.
//!
//! A listener keeps a place in the record and no exchange: one that does not read costs nothing, and misses what is
//! forgotten meanwhile.

use crate::bounds;
use domain::exchange::{Exchange, ExchangeId};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::watch;

/// What all records of the process hold together, and in which order it came.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: AtomicUsize,
    most: usize,
    order: Mutex<VecDeque<(Weak<Record>, ExchangeId)>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: AtomicUsize::new(0), most: bounds::RECORD, order: Mutex::default() }
    }
}

impl Budget {
    /// One more exchange was recorded: the oldest go, whosesoever they are, until there is room. Some of the order are
    /// gone already; forgetting those does nothing.
    fn make_room(&self, record: Weak<Record>, id: ExchangeId) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        order.push_back((record, id));
        while order.len() > bounds::EXCHANGES || (order.len() > 1 && self.bytes.load(Ordering::Relaxed) > self.most) {
            let Some((record, id)) = order.pop_front() else { return };
            if let Some(record) = record.upgrade() {
                record.forget_until(id);
            }
        }
    }
}

/// Exchanges that a listener will not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// So many.
    Number(u64),
    /// Nobody knows how many: the listener knows another record than this one.
    Unknown,
}

/// What a listener hears.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    /// One more exchange.
    Exchange(Arc<Exchange>),
    /// Some that it will not get.
    Missed(Missed),
    /// The lab was reset.
    Reset,
}

/// The record of one lab.
#[derive(Debug)]
pub(crate) struct Record {
    ring: Mutex<Ring>,
    news: watch::Sender<()>,
    budget: Arc<Budget>,
    myself: Weak<Self>,
}

#[derive(Debug, Default)]
struct Ring {
    exchanges: VecDeque<(usize, Arc<Exchange>)>,
    bytes: usize,
    last: ExchangeId,
    /// How often it was reset, and the last number then.
    resets: u64,
    reset_at: ExchangeId,
}

impl Ring {
    /// Forgets the oldest as long as this is asked for. How many bytes that makes.
    fn forget_while(&mut self, too_many: impl Fn(&Self) -> bool) -> usize {
        let before = self.bytes;
        while too_many(self) {
            let Some((size, _)) = self.exchanges.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(size);
        }
        before - self.bytes
    }

    /// The first exchange after this one.
    fn after(&self, id: ExchangeId) -> Option<&Arc<Exchange>> {
        let at = self.exchanges.partition_point(|(_, exchange)| exchange.id <= id);
        self.exchanges.get(at).map(|(_, exchange)| exchange)
    }
}

impl Record {
    pub(crate) fn new(budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new_cyclic(|myself| Self {
            ring: Mutex::default(),
            news: watch::Sender::new(()),
            budget: Arc::clone(budget),
            myself: myself.clone(),
        })
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records an exchange under the next number, and tells the listeners.
    pub(crate) fn push(&self, exchange: impl FnOnce(ExchangeId) -> Exchange) {
        let mut ring = self.ring();
        ring.last = ring.last.saturating_add(1);
        let (id, exchange) = (ring.last, Arc::new(exchange(ring.last)));
        let size = size(&exchange);
        ring.bytes = ring.bytes.saturating_add(size);
        ring.exchanges.push_back((size, exchange));
        self.budget.bytes.fetch_add(size, Ordering::Relaxed);
        let too_many = |ring: &Ring| {
            ring.exchanges.len() > bounds::LAB_EXCHANGES
                || (ring.bytes > bounds::LAB_RECORD && ring.exchanges.len() > 1)
        };
        self.freed(ring.forget_while(too_many));
        drop(ring);
        self.budget.make_room(self.myself.clone(), id);
        self.news.send_replace(());
    }

    fn freed(&self, bytes: usize) {
        self.budget.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn forget_until(&self, id: ExchangeId) {
        let mut ring = self.ring();
        let is_older = |ring: &Ring| ring.exchanges.front().is_some_and(|(_, exchange)| exchange.id <= id);
        self.freed(ring.forget_while(is_older));
    }

    /// Forgets everything but the number.
    pub(crate) fn clear(&self) {
        let mut ring = self.ring();
        self.freed(ring.forget_while(|ring| !ring.exchanges.is_empty()));
        ring.exchanges.shrink_to_fit();
    }

    /// As [`Self::clear`], and tells the listeners that the lab is a fresh one.
    pub(crate) fn reset(&self) {
        self.clear();
        let mut ring = self.ring();
        ring.resets = ring.resets.wrapping_add(1);
        ring.reset_at = ring.last;
        drop(ring);
        self.news.send_replace(());
    }

    /// What is recorded, oldest first.
    #[cfg(test)]
    pub(crate) fn all(&self) -> Vec<Arc<Exchange>> {
        self.ring().exchanges.iter().map(|(_, exchange)| Arc::clone(exchange)).collect()
    }

    /// The newest, oldest first, as many as make no more than so many bytes.
    pub(crate) fn newest(&self, bytes: usize) -> Vec<Arc<Exchange>> {
        let ring = self.ring();
        let mut left = bytes;
        let newest = ring.exchanges.iter().rev().map_while(|(size, exchange)| {
            left = left.checked_sub(*size)?;
            Some(Arc::clone(exchange))
        });
        let mut newest: Vec<_> = newest.collect();
        newest.reverse();
        newest
    }

    /// The number of the last exchange.
    pub(crate) fn last(&self) -> ExchangeId {
        self.ring().last
    }

    /// The first exchange after this one that is still there.
    pub(crate) fn after(&self, id: ExchangeId) -> Option<Arc<Exchange>> {
        self.ring().after(id).cloned()
    }

    /// Listens from now on, or from after an exchange that was heard before.
    pub(crate) fn listen(&self, after: Option<ExchangeId>) -> Option<Listener> {
        let (record, news) = (self.myself.upgrade()?, self.news.subscribe());
        let ring = self.ring();
        let is_of_another = after.is_some_and(|after| after > ring.last);
        let place = after.unwrap_or(ring.last).min(ring.last);
        Some(Listener { record, news, place, resets: ring.resets, is_of_another })
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A place in a record.
#[derive(Debug)]
pub(crate) struct Listener {
    record: Arc<Record>,
    news: watch::Receiver<()>,
    /// The last exchange that was heard or missed.
    place: ExchangeId,
    resets: u64,
    /// It asked for what comes after an exchange that this record does not have.
    is_of_another: bool,
}

impl Listener {
    /// Waits for what comes next. `None` when nothing ever will.
    pub(crate) async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.heard() {
                return Some(heard);
            }
            self.news.changed().await.ok()?;
        }
    }

    /// What it has not heard yet, if there is anything.
    fn heard(&mut self) -> Option<Heard> {
        let ring = self.record.ring();
        if std::mem::take(&mut self.is_of_another) {
            return Some(Heard::Missed(Missed::Unknown));
        }
        if self.resets != ring.resets {
            (self.resets, self.place) = (ring.resets, self.place.max(ring.reset_at));
            return Some(Heard::Reset);
        }
        let next = ring.after(self.place);
        // The one before the next that is there; where there is none, all are gone.
        let before = next.map_or(ring.last, |next| next.id.saturating_sub(1));
        let gone = before.saturating_sub(self.place);
        if gone > 0 {
            self.place = before;
            return Some(Heard::Missed(Missed::Number(gone)));
        }
        let next = Arc::clone(next?);
        self.place = next.id;
        Some(Heard::Exchange(next))
    }
}

/// About the bytes that an exchange takes.
fn size(exchange: &Exchange) -> usize {
    let headers = exchange.request.headers.iter().chain(&exchange.response.headers);
    let headers: usize = headers.map(|(name, value)| name.len() + value.len() + 48).sum();
    let bodies = [&exchange.request.body, &exchange.request.body_base64, &exchange.response.body];
    let bodies: usize = bodies.into_iter().flatten().map(String::len).sum();
    let steps: usize = exchange.steps.iter().map(|step| step.detail.len() + 48).sum();
    headers + bodies + steps + exchange.request.path.len() + 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exchange::{Request, Response, Sender};

    fn exchange(id: ExchangeId, body: usize) -> Exchange {
        let body = Some("x".repeat(body));
        Exchange {
            id,
            at: 0,
            from: Sender::Other,
            node: Some(1),
            request: Request { method: "GET".into(), path: "/".into(), headers: vec![], body, body_base64: None },
            response: Response { status: 200, headers: vec![], body: None },
            steps: vec![],
        }
    }

    fn record() -> Arc<Record> {
        Record::new(&Arc::default())
    }

    fn push(record: &Record, times: usize, body: usize) {
        for _ in 0..times {
            record.push(|id| exchange(id, body));
        }
    }

    /// Everything that a listener can hear now: the numbers, and what it will not get.
    fn hear(listener: &mut Listener) -> (Vec<ExchangeId>, Vec<Heard>) {
        let (mut ids, mut others) = (Vec::new(), Vec::new());
        while let Some(heard) = listener.heard() {
            match heard {
                Heard::Exchange(exchange) => ids.push(exchange.id),
                other => others.push(other),
            }
        }
        (ids, others)
    }

    #[test]
    fn two_hundred_are_kept_and_less_of_large_ones() {
        let record = record();
        push(&record, 300, 0);
        assert_eq!(record.all().len(), bounds::LAB_EXCHANGES);
        assert_eq!(record.all().last().unwrap().id, 300);
        push(&record, 200, 64 * 1024);
        assert!(record.all().len() < 70);
    }

    #[test]
    fn the_newest_are_as_many_as_fit_and_in_their_order() {
        let record = record();
        assert!(record.newest(bounds::PAGE_RECORD).is_empty());
        push(&record, 200, 1024);
        assert_eq!(record.newest(bounds::PAGE_RECORD), record.all(), "usual ones fit");
        push(&record, 200, 20 * 1024);
        let newest = record.newest(bounds::PAGE_RECORD);
        let (all, held) = (record.all(), newest.iter().map(|exchange| size(exchange)).sum::<usize>());
        assert!(held <= bounds::PAGE_RECORD && held + size(&all[0]) > bounds::PAGE_RECORD, "{held}");
        assert!(newest.len() < all.len() && all.ends_with(&newest));
    }

    #[test]
    fn of_all_labs_the_oldest_go_when_they_hold_too_much_together() {
        let budget = Arc::new(Budget { most: 100_000, ..Budget::default() });
        let labs: Vec<_> = (0..10).map(|_| Record::new(&budget)).collect();
        let held = || labs.iter().flat_map(|record| record.all()).map(|exchange| size(&exchange)).sum::<usize>();
        for round in 0..20 {
            for record in &labs {
                push(record, 1, 1_000);
                assert!(held() <= 100_000, "round {round}");
            }
        }
        assert!(held() > 90_000);
        assert!(labs.iter().all(|record| record.all().last().unwrap().id == 20), "the newest of each are there");
        assert_eq!(budget.bytes.load(Ordering::Relaxed), held());
        drop(labs);
        assert_eq!(budget.bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn who_comes_back_hears_what_came_meanwhile_and_how_much_is_gone() {
        let record = record();
        push(&record, 205, 0);
        let back = |after| hear(&mut record.listen(after).unwrap());
        assert_eq!(back(Some(203)), (vec![204, 205], vec![]));
        let (ids, others) = back(Some(2));
        assert_eq!((ids.len(), others), (200, vec![Heard::Missed(Missed::Number(3))]));
        assert_eq!(back(Some(206)).1, [Heard::Missed(Missed::Unknown)]);
        assert_eq!(back(None), (vec![], vec![]));
        record.reset();
        assert_eq!(back(Some(204)), (vec![], vec![Heard::Missed(Missed::Number(1))]));
        push(&record, 1, 0);
        assert_eq!(record.all()[0].id, 206, "the numbers go on");
    }

    #[test]
    fn a_listener_that_does_not_read_holds_nothing_and_misses_what_is_forgotten() {
        let record = record();
        let mut stalled = record.listen(None).unwrap();
        push(&record, 300, 120 * 1024);
        let held: usize = record.all().iter().map(|exchange| size(exchange)).sum();
        assert!(held <= bounds::LAB_RECORD);
        let kept = record.all().len() as u64;
        let (ids, others) = hear(&mut stalled);
        assert_eq!((ids.len() as u64, others), (kept, vec![Heard::Missed(Missed::Number(300 - kept))]));
        record.reset();
        push(&record, 1, 0);
        assert_eq!(hear(&mut stalled), (vec![301], vec![Heard::Reset]));
    }
}
