//! The last exchanges of a lab, and who listens to new ones.

use domain::exchange::{Exchange, ExchangeId};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::broadcast;

/// The most exchanges that are kept.
pub(crate) const EXCHANGES: usize = 200;
/// The most bytes of them.
const BYTES: usize = 4 * 1024 * 1024;
/// How far a listener may fall behind before it misses something.
const BACKLOG: usize = 256;

/// What listeners hear.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// One more exchange.
    Exchange(Arc<Exchange>),
    /// The lab was reset.
    Reset,
}

/// A listener's start: what it asked to hear again, how much of that is gone, and what comes from now on.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) replay: Vec<Arc<Exchange>>,
    pub(crate) missed: Option<Missed>,
    pub(crate) events: broadcast::Receiver<Event>,
}

/// Exchanges that a listener will not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// So many.
    Number(u64),
    /// Nobody knows how many: the listener knows another record than this one.
    Unknown,
}

/// The record of one lab.
#[derive(Debug)]
pub(crate) struct Wire {
    ring: Mutex<Ring>,
    events: broadcast::Sender<Event>,
}

#[derive(Debug, Default)]
struct Ring {
    exchanges: VecDeque<(usize, Arc<Exchange>)>,
    bytes: usize,
    last: ExchangeId,
}

impl Default for Wire {
    fn default() -> Self {
        Self { ring: Mutex::default(), events: broadcast::Sender::new(BACKLOG) }
    }
}

impl Wire {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records an exchange under the next number, and tells the listeners. The lock is held for both, so
    /// that all hear the numbers in order.
    pub(crate) fn push(&self, exchange: impl FnOnce(ExchangeId) -> Exchange) {
        let mut ring = self.ring();
        ring.last = ring.last.saturating_add(1);
        let exchange = Arc::new(exchange(ring.last));
        let size = size(&exchange);
        ring.bytes = ring.bytes.saturating_add(size);
        ring.exchanges.push_back((size, Arc::clone(&exchange)));
        while ring.exchanges.len() > EXCHANGES || (ring.bytes > BYTES && ring.exchanges.len() > 1) {
            if let Some((gone, _)) = ring.exchanges.pop_front() {
                ring.bytes = ring.bytes.saturating_sub(gone);
            }
        }
        // Nobody listening is no error.
        let _ = self.events.send(Event::Exchange(exchange));
    }

    /// Forgets everything but the number.
    pub(crate) fn reset(&self) {
        let mut ring = self.ring();
        ring.exchanges.clear();
        ring.bytes = 0;
        let _ = self.events.send(Event::Reset);
    }

    /// What is recorded, oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Exchange>> {
        self.ring().exchanges.iter().map(|(_, exchange)| Arc::clone(exchange)).collect()
    }

    /// Listens from now on, or from after an exchange that was heard before.
    pub(crate) fn subscribe(&self, after: Option<ExchangeId>) -> Subscription {
        let ring = self.ring();
        let events = self.events.subscribe();
        let Some(after) = after else { return Subscription { replay: Vec::new(), missed: None, events } };
        let after_it = |exchange: &&(usize, Arc<Exchange>)| exchange.1.id > after;
        let replay: Vec<_> = ring.exchanges.iter().filter(after_it).map(|(_, e)| Arc::clone(e)).collect();
        let missed = if after > ring.last {
            Some(Missed::Unknown)
        } else {
            let due = ring.last - after;
            let gone = due.saturating_sub(u64::try_from(replay.len()).unwrap_or(u64::MAX));
            (gone > 0).then_some(Missed::Number(gone))
        };
        Subscription { replay, missed, events }
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

    #[test]
    fn two_hundred_are_kept_and_less_of_large_ones() {
        let wire = Wire::default();
        for _ in 0..300 {
            wire.push(|id| exchange(id, 0));
        }
        assert_eq!(wire.all().len(), EXCHANGES);
        assert_eq!(wire.all().last().unwrap().id, 300);
        for _ in 0..200 {
            wire.push(|id| exchange(id, 64 * 1024));
        }
        assert!(wire.all().len() < 70);
    }

    #[test]
    fn who_comes_back_hears_what_came_meanwhile_and_how_much_is_gone() {
        let wire = Wire::default();
        for _ in 0..205 {
            wire.push(|id| exchange(id, 0));
        }
        let back = wire.subscribe(Some(203));
        assert_eq!((back.replay.len(), back.missed), (2, None));
        let late = wire.subscribe(Some(2));
        assert_eq!((late.replay.len(), late.missed), (200, Some(Missed::Number(3))));
        assert_eq!(wire.subscribe(Some(206)).missed, Some(Missed::Unknown));
        assert_eq!(wire.subscribe(None).replay.len(), 0);
        wire.reset();
        assert_eq!(wire.subscribe(Some(204)).missed, Some(Missed::Number(1)));
        wire.push(|id| exchange(id, 0));
        assert_eq!(wire.all()[0].id, 206, "the numbers go on");
    }
}
