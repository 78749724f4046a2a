//! The record: the last exchanges of a lab, and who listens to new ones.
//!
//! A listener keeps a place in the record and no exchange: one that does not read costs nothing, and misses what is
//! forgotten meanwhile.

use crate::{bounds, clients::Address, lock::lock};
use bytes::Bytes;
use domain::exchange::{Exchange, ExchangeId};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::watch;

pub(crate) use listener::{Heard, Listener, Missed};

pub(crate) mod kept;
mod listener;

use kept::Kept;
use listener::Written;

/// What all records of the process hold together, who brought it, and in which order.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: AtomicUsize,
    most: usize,
    brought: Mutex<AllBrought>,
}

/// Of each client; and of what no client brought, a crowd's among it.
#[derive(Debug, Default)]
struct AllBrought {
    by: HashMap<Option<Address>, Brought>,
    exchanges: usize,
}

/// What a client brought, oldest first: some of it is forgotten already.
#[derive(Debug, Default)]
struct Brought {
    exchanges: VecDeque<(Weak<Record>, ExchangeId, usize)>,
    bytes: usize,
}

impl AllBrought {
    /// Takes out the oldest of the client that brought most.
    fn pop(&mut self) -> Option<(Weak<Record>, ExchangeId)> {
        let (&by, most) = self.by.iter_mut().max_by_key(|(_, brought)| brought.bytes)?;
        let (record, id, bytes) = most.exchanges.pop_front()?;
        most.bytes = most.bytes.saturating_sub(bytes);
        if most.exchanges.is_empty() {
            self.by.remove(&by);
        }
        self.exchanges -= 1;
        Some((record, id))
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: AtomicUsize::new(0), most: bounds::RECORD, brought: Mutex::default() }
    }
}

impl Budget {
    /// One more was recorded: who brought most has the oldest forgotten until there is room. Some may be gone already.
    fn make_room(&self, by: Option<Address>, record: Weak<Record>, id: ExchangeId, bytes: usize) {
        let mut all = lock(&self.brought);
        let brought = all.by.entry(by).or_default();
        brought.exchanges.push_back((record, id, bytes));
        brought.bytes = brought.bytes.saturating_add(bytes);
        all.exchanges += 1;
        while all.exchanges > bounds::EXCHANGES || (all.exchanges > 1 && self.bytes.load(Ordering::Relaxed) > self.most)
        {
            let Some((record, id)) = all.pop() else { return };
            if let Some(record) = record.upgrade() {
                record.forget_until(id);
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Record {
    ring: Mutex<Ring>,
    news: watch::Sender<()>,
    /// What was last written for those who listen.
    written: Mutex<Option<Written>>,
    budget: Arc<Budget>,
}

#[derive(Debug, Default)]
struct Ring {
    exchanges: VecDeque<(ExchangeId, Kept)>,
    bytes: usize,
    /// What exchanges of this lab are packed against.
    dictionary: Option<Bytes>,
    last: ExchangeId,
    /// How often it was reset, and the last number then.
    resets: u64,
    reset_at: ExchangeId,
}

impl Ring {
    /// The first exchange after this one.
    fn after(&self, id: ExchangeId) -> Option<&(ExchangeId, Kept)> {
        self.exchanges.get(self.exchanges.partition_point(|(kept_id, _)| *kept_id <= id))
    }
}

impl Record {
    pub(crate) fn new(budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            ring: Mutex::default(),
            news: watch::Sender::new(()),
            written: Mutex::default(),
            budget: Arc::clone(budget),
        })
    }

    /// Records an exchange under the next number, and tells the listeners. Who brought it counts where room is short.
    pub(crate) fn push(self: &Arc<Self>, kept: Kept, by: Option<Address>) {
        let mut ring = lock(&self.ring);
        ring.last = ring.last.saturating_add(1);
        let (id, size) = (ring.last, kept.size());
        self.count(&mut ring, 0, size);
        ring.exchanges.push_back((id, kept));
        self.forget_while(&mut ring, |ring| {
            ring.exchanges.len() > bounds::LAB_EXCHANGES
                || (ring.bytes > bounds::LAB_RECORD && ring.exchanges.len() > 1)
        });
        drop(ring);
        self.budget.make_room(by, Arc::downgrade(self), id, size);
        self.news.send_replace(());
    }

    /// So many bytes go, and so many come.
    fn count(&self, ring: &mut Ring, go: usize, come: usize) {
        ring.bytes = ring.bytes.saturating_sub(go).saturating_add(come);
        self.budget.bytes.fetch_sub(go, Ordering::Relaxed);
        self.budget.bytes.fetch_add(come, Ordering::Relaxed);
    }

    /// Forgets the oldest as long as this is asked for.
    fn forget_while(&self, ring: &mut Ring, too_many: impl Fn(&Ring) -> bool) {
        while too_many(ring)
            && let Some((_, kept)) = ring.exchanges.pop_front()
        {
            self.count(ring, kept.size(), 0);
        }
    }

    fn forget_until(&self, id: ExchangeId) {
        self.forget_while(&mut lock(&self.ring), |ring| {
            ring.exchanges.front().is_some_and(|(kept_id, _)| *kept_id <= id)
        });
    }

    /// Forgets everything but the number.
    pub(crate) fn clear(&self) {
        *lock(&self.written) = None;
        let mut ring = lock(&self.ring);
        self.forget_while(&mut ring, |_| true);
        ring.exchanges.shrink_to_fit();
        ring.dictionary = None;
    }

    /// Packs what lies there as it was written: nobody is likely to look at it soon.
    pub(crate) fn pack(&self) {
        *lock(&self.written) = None;
        let mut ring = lock(&self.ring);
        let plain: Vec<_> = ring.exchanges.iter().filter(|(_, kept)| !kept.is_packed()).cloned().collect();
        let Some((_, newest)) = plain.last() else { return };
        let dictionary = Bytes::clone(ring.dictionary.get_or_insert_with(|| newest.dictionary()));
        // It takes its time.
        drop(ring);
        let packed: Vec<_> = plain.into_iter().map(|(id, kept)| (id, kept.packed(&dictionary))).collect();
        let mut ring = lock(&self.ring);
        for (id, packed) in packed {
            // It may be gone by now.
            let at = ring.exchanges.binary_search_by_key(&id, |(kept_id, _)| *kept_id);
            let Some((_, kept)) = at.ok().and_then(|at| ring.exchanges.get_mut(at)) else { continue };
            // What nothing repeats in takes a little more than before.
            let (before, after) = (kept.size(), packed.size());
            *kept = packed;
            self.count(&mut ring, before, after);
        }
    }

    /// As [`Self::clear`], and tells the listeners that the lab is a fresh one.
    pub(crate) fn reset(&self) {
        self.clear();
        let mut ring = lock(&self.ring);
        ring.resets = ring.resets.wrapping_add(1);
        ring.reset_at = ring.last;
        drop(ring);
        self.news.send_replace(());
    }

    /// What is recorded, oldest first.
    #[cfg(test)]
    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.newest(usize::MAX)
    }

    /// The newest, oldest first, as many as take about so many bytes in words.
    pub(crate) fn newest(&self, bytes: usize) -> Vec<Exchange> {
        let ring = lock(&self.ring);
        let mut left = bytes;
        let newest = ring.exchanges.iter().rev().map_while(|exchange| {
            left = left.checked_sub(exchange.1.words())?;
            Some(exchange.clone())
        });
        let newest: Vec<_> = newest.collect();
        drop(ring);
        newest.into_iter().rev().filter_map(|(id, kept)| kept.exchange(id)).collect()
    }

    pub(crate) fn last(&self) -> ExchangeId {
        lock(&self.ring).last
    }

    /// The first exchange after this one that is still there.
    pub(crate) fn after(&self, id: ExchangeId) -> Option<Exchange> {
        let (id, kept) = lock(&self.ring).after(id).cloned()?;
        kept.exchange(id)
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exchange::{Did, Request, Response, Sender, Step};
    use proptest::prelude::*;
    use std::net::IpAddr;

    fn exchange(body: usize) -> Exchange {
        let body = Some("x".repeat(body));
        Exchange {
            id: 0,
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

    fn push(record: &Arc<Record>, times: usize, body: usize) {
        for _ in 0..times {
            record.push(Kept::of(&exchange(body)).unwrap(), None);
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
        push(&record, 200, 512);
        assert_eq!(record.newest(bounds::PAGE_RECORD), record.all(), "usual ones fit");
        push(&record, 200, 20 * 1024);
        let each = Kept::of(&exchange(20 * 1024)).unwrap().words();
        let (newest, all) = (record.newest(bounds::PAGE_RECORD), record.all());
        assert_eq!(newest.len(), bounds::PAGE_RECORD / each);
        assert!(newest.len() < all.len() && all.ends_with(&newest));
        record.pack();
        assert_eq!(record.newest(bounds::PAGE_RECORD), newest, "however little they take here");
    }

    #[test]
    fn of_all_labs_the_oldest_go_when_they_hold_too_much_together() {
        let budget = Arc::new(Budget { most: 100_000, ..Budget::default() });
        let labs: Vec<_> = (0..10).map(|_| Record::new(&budget)).collect();
        let held = || labs.iter().map(|record| lock(&record.ring).bytes).sum::<usize>();
        for round in 0..20 {
            for record in &labs {
                push(record, 1, 1_000);
                assert!(held() <= 100_000, "round {round}");
            }
        }
        assert!(held() > 90_000);
        assert!(labs.iter().all(|record| record.all().last().unwrap().id == 20), "the newest of each are there");
        assert_eq!(budget.bytes.load(Ordering::Relaxed), held());
        let before = held();
        for record in &labs {
            record.pack();
            push(record, 1, 10);
            record.pack();
        }
        assert!(held() < before / 4, "{} of {before}", held());
        let each =
            |record: &Arc<Record>| lock(&record.ring).exchanges.iter().map(|(_, kept)| kept.size()).sum::<usize>();
        assert_eq!(labs.iter().map(each).sum::<usize>(), held());
        assert_eq!(budget.bytes.load(Ordering::Relaxed), held());
        drop(labs);
        assert_eq!(budget.bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn who_floods_all_of_its_labs_has_its_own_forgotten_and_nobody_else_s() {
        let budget = Arc::new(Budget { most: 100_000, ..Budget::default() });
        let [flooding, other] = [1, 2].map(|n| Some(Address::from(IpAddr::from([10, 0, 0, n]))));
        let quiet = Record::new(&budget);
        let bring = |record: &Arc<Record>, by| record.push(Kept::of(&exchange(1_000)).unwrap(), by);
        for _ in 0..20 {
            bring(&quiet, other);
        }
        let before = quiet.all();
        let labs: Vec<_> = (0..300).map(|_| Record::new(&budget)).collect();
        for _ in 0..10 {
            for record in &labs {
                bring(record, flooding);
            }
        }
        assert_eq!(quiet.all(), before);
        assert!(budget.bytes.load(Ordering::Relaxed) <= 100_000);
        assert!(labs.iter().map(|record| record.all().len()).sum::<usize>() < 100);
        drop(labs);
        bring(&quiet, other);
        assert_eq!(quiet.all().len(), 21);
    }

    #[test]
    fn who_comes_back_hears_what_came_meanwhile_and_how_much_is_gone() {
        let record = record();
        push(&record, 205, 0);
        let back = |after| hear(&mut record.listen(after));
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
        let mut stalled = record.listen(None);
        push(&record, 300, 120 * 1024);
        assert!(lock(&record.ring).bytes <= bounds::LAB_RECORD);
        let kept = record.all().len() as u64;
        let (ids, others) = hear(&mut stalled);
        assert_eq!((ids.len() as u64, others), (kept, vec![Heard::Missed(Missed::Number(300 - kept))]));
        record.reset();
        push(&record, 1, 0);
        assert_eq!(hear(&mut stalled), (vec![301], vec![Heard::Reset]));
    }

    /// As a browser's: two that differ in what such exchanges differ in.
    fn of_a_browser(path: &str, cookie: &str) -> Exchange {
        let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let asked = [
            ("host", "localhost:3000"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0"),
            ("accept", "*/*"),
            ("sec-fetch-site", "same-origin"),
            ("accept-language", "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"),
            ("cookie", cookie),
        ];
        let answered =
            [("content-type", "application/json"), ("server-timing", "looked-up;dur=0.004"), ("x-node", "1")];
        Exchange {
            request: Request {
                path: path.to_owned(),
                body: None,
                headers: asked.map(header).to_vec(),
                ..exchange(0).request
            },
            response: Response {
                status: 200,
                headers: answered.map(header).to_vec(),
                body: Some(r#"{"user":{"name":"alice","role":"user"},"cart":["pen"],"expires_in":3600}"#.to_owned()),
            },
            steps: vec![Step { did: Did::LookedUp, detail: "found".into(), micros: 4.25 }],
            ..exchange(0)
        }
    }

    #[test]
    fn what_lies_there_for_a_while_takes_a_third_and_reads_as_before() {
        let record = record();
        for n in 0..200 {
            let (path, cookie) =
                (format!("/lab/x/api/{}", if n % 3 == 0 { "me" } else { "cart" }), format!("sid={n:032x}"));
            record.push(Kept::of(&of_a_browser(&path, &cookie)).unwrap(), None);
        }
        let (all, before) = (record.all(), lock(&record.ring).bytes);
        record.pack();
        let packed = lock(&record.ring).bytes;
        assert!(packed * 3 < before, "{packed} of {before}");
        assert_eq!(record.all(), all);
        record.pack();
        assert_eq!(lock(&record.ring).bytes, packed, "packed once");
        record.reset();
        assert!(lock(&record.ring).dictionary.is_none() && lock(&record.ring).bytes == 0);
    }

    #[test]
    fn what_nothing_repeats_in_is_counted_as_what_it_takes() {
        let budget = Arc::default();
        let record = Record::new(&budget);
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..3 {
            let body = (0..5000).map(|_| random.alphanumeric()).collect();
            let request = Request { body: Some(body), ..exchange(0).request };
            record.push(Kept::of(&Exchange { request, ..exchange(0) }).unwrap(), None);
            record.pack();
        }
        let held = |record: &Record| lock(&record.ring).exchanges.iter().map(|(_, kept)| kept.size()).sum::<usize>();
        assert_eq!(held(&record), lock(&record.ring).bytes);
        assert_eq!(held(&record), budget.bytes.load(Ordering::Relaxed));
        record.clear();
        assert_eq!(budget.bytes.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn who_has_an_exchange_forgotten_while_it_is_packed_finds_it_forgotten() {
        let record = record();
        push(&record, 200, 100);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..50).for_each(|_| record.pack()));
            scope.spawn(|| (0..50).for_each(|_| push(&record, 40, 100)));
            scope.spawn(|| (0..20).for_each(|_| record.reset()));
        });
        let ids: Vec<_> = record.all().iter().map(|exchange| exchange.id).collect();
        assert!(ids.is_sorted() && ids.len() <= bounds::LAB_EXCHANGES);
        let ring = lock(&record.ring);
        assert_eq!(ring.exchanges.iter().map(|(_, kept)| kept.size()).sum::<usize>(), ring.bytes);
    }

    proptest! {
        #[test]
        fn what_is_written_down_is_read_again_packed_or_not(
            (path, body, detail) in (".*", proptest::option::of(".+"), ".*"),
            other in ".*",
            (status, micros) in (100u16..1000, 0.0f64..1e9),
        ) {
            let request = Request { path, body: body.clone(), ..exchange(0).request };
            let steps = vec![Step { did: Did::Refused, detail: detail.into(), micros }];
            let exchange = Exchange { request, response: Response { status, headers: vec![], body }, steps, ..exchange(0) };
            let kept = Kept::of(&exchange).unwrap();
            let words = kept.exchange(7).unwrap();
            prop_assert_eq!((&words.request, &words.response.body, &words.steps), (&exchange.request, &exchange.response.body, &exchange.steps));
            prop_assert_eq!((words.id, words.response.status), (7, status));
            let dictionary = Kept::of(&Exchange { request: Request { path: other, ..exchange.request }, ..exchange }).unwrap().dictionary();
            prop_assert_eq!(kept.packed(&dictionary).exchange(7).unwrap(), words);
        }
    }
}
