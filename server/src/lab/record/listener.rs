//! Who listens to a record. All who are as far hear the same bytes, written once.

use super::Record;
use crate::{bounds, lock::lock};
use bytes::{Bytes, BytesMut};
use domain::exchange::{Exchange, ExchangeId};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// How long after as much as a stream may hold was written for those who listen the next is; after less, the sooner. So one
/// exchange after the other waits for nothing that anybody would notice.
const APART: Duration = Duration::from_millis(25);

/// Exchanges that a listener will not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    Number(u64),
    /// Nobody knows how many: the listener knows another record than this one.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    Exchange(Box<Exchange>),
    Missed(Missed),
    Reset,
}

/// As much as a stream may hold.
#[expect(clippy::cast_possible_truncation, reason = "64 KiB")]
const STREAM: u32 = bounds::STREAM_UNREAD as u32;

/// What was last written for those who listen: what came after one exchange, up to another one.
#[derive(Debug)]
pub(super) struct Written {
    after: ExchangeId,
    last: ExchangeId,
    /// How often the record had been reset.
    resets: u64,
    at: Instant,
    bytes: Bytes,
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

impl Record {
    /// Listens from now on, or from after an exchange that was heard before.
    pub(crate) fn listen(self: &Arc<Self>, after: Option<ExchangeId>) -> Listener {
        let (record, news) = (Arc::clone(self), self.news.subscribe());
        let ring = lock(&self.ring);
        let is_of_another = after.is_some_and(|after| after > ring.last);
        let place = after.unwrap_or(ring.last).min(ring.last);
        Listener { record, news, place, resets: ring.resets, is_of_another }
    }
}

impl Listener {
    /// Waits for what comes next, and says it as this writes it. `None` when nothing ever will. Of much that comes at once
    /// some waits a moment, so that it is written once for all who listen.
    pub(crate) async fn next(&mut self, write: fn(&Heard) -> Bytes) -> Option<Bytes> {
        loop {
            let due = self.due();
            if due.is_none_or(|due| due <= Instant::now())
                && let Some(bytes) = self.written(write)
            {
                return Some(bytes);
            }
            match due.filter(|_| self.has_more()) {
                Some(due) => sleep_until(due).await,
                None => self.news.changed().await.ok()?,
            }
        }
    }

    /// Until when what comes next waits, if it does: where this one has heard all that was written for anybody.
    fn due(&self) -> Option<Instant> {
        let written = lock(&self.record.written);
        let is_level = |written: &&Written| written.resets == self.resets && written.last <= self.place;
        let last = written.as_ref().filter(is_level).filter(|_| !self.is_of_another)?;
        Some(last.at + APART.saturating_mul(u32::try_from(last.bytes.len()).unwrap_or(u32::MAX)) / STREAM)
    }

    fn has_more(&self) -> bool {
        let ring = lock(&self.record.ring);
        self.is_of_another || ring.resets != self.resets || ring.last > self.place
    }

    /// What it has not heard yet, if there is anything, as this writes it: what was written for others who were as far, or
    /// else what comes next, of much only a part.
    pub(crate) fn written(&mut self, write: fn(&Heard) -> Bytes) -> Option<Bytes> {
        let record = Arc::clone(&self.record);
        let mut written = lock(&record.written);
        let of_now = written.as_ref().filter(|written| written.resets == self.resets && !self.is_of_another);
        if let Some(same) = of_now.filter(|written| written.after == self.place && written.last > self.place) {
            self.place = same.last;
            return Some(same.bytes.clone());
        }
        // Whoever is behind comes to where the others are, and has the same from there on.
        let others = of_now.map(|written| written.last).filter(|last| *last > self.place);
        let (after, mut is_for_all) = (self.place, others.is_none() && !self.is_of_another);
        let mut bytes = BytesMut::new();
        while bytes.len() < bounds::STREAM_UNREAD && others.is_none_or(|last| self.place < last) {
            let Some(heard) = self.heard() else { break };
            bytes.extend_from_slice(&write(&heard));
            is_for_all &= heard != Heard::Reset;
        }
        if bytes.is_empty() {
            return None;
        }
        let bytes = bytes.freeze();
        if is_for_all {
            let (last, resets) = (self.place, self.resets);
            *written = Some(Written { after, last, resets, at: Instant::now(), bytes: bytes.clone() });
        }
        Some(bytes)
    }

    /// What it has not heard yet, if there is anything.
    pub(crate) fn heard(&mut self) -> Option<Heard> {
        let ring = lock(&self.record.ring);
        if std::mem::take(&mut self.is_of_another) {
            return Some(Heard::Missed(Missed::Unknown));
        }
        if self.resets != ring.resets {
            (self.resets, self.place) = (ring.resets, self.place.max(ring.reset_at));
            return Some(Heard::Reset);
        }
        let next = ring.after(self.place);
        // The one before the next that is there; where there is none, all are gone.
        let before = next.map_or(ring.last, |(id, _)| id.saturating_sub(1));
        let gone = before.saturating_sub(self.place);
        if gone > 0 {
            self.place = before;
            return Some(Heard::Missed(Missed::Number(gone)));
        }
        let (id, kept) = next.cloned()?;
        drop(ring);
        self.place = id;
        // Of what is written down here, all can be read.
        let exchange = kept.exchange(id).map(|exchange| Heard::Exchange(exchange.into()));
        Some(exchange.unwrap_or(Heard::Missed(Missed::Number(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::record::kept::Kept;
    use domain::exchange::{Request, Response, Sender};
    use proptest::prelude::*;
    use std::fmt::Write as _;

    fn push(record: &Arc<Record>) {
        let exchange = Exchange {
            id: 0,
            at: 0,
            from: Sender::Other,
            node: Some(1),
            request: Request { method: "GET".into(), path: "/".into(), headers: vec![], body: None, body_base64: None },
            response: Response { status: 200, headers: vec![], body: None },
            steps: vec![],
        };
        record.push(Kept::of(&exchange).unwrap(), None);
    }

    fn record() -> Arc<Record> {
        Record::new(&Arc::default())
    }

    fn write(heard: &Heard) -> Bytes {
        let mut text = String::new();
        let written = match heard {
            Heard::Exchange(exchange) => write!(text, "{} ", exchange.id),
            Heard::Missed(Missed::Number(number)) => write!(text, "-{number} "),
            Heard::Missed(Missed::Unknown) => write!(text, "? "),
            Heard::Reset => write!(text, "reset "),
        };
        written.unwrap();
        text.into()
    }

    /// The same, and a tenth of what a stream may hold.
    fn write_much(heard: &Heard) -> Bytes {
        [write(heard), " ".repeat(bounds::STREAM_UNREAD / 10).into()].concat().into()
    }

    fn said(bytes: &Bytes) -> String {
        str::from_utf8(bytes).unwrap().split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_alone_is_heard_at_once_and_of_much_each_is_written_once_for_all() {
        let record = record();
        let mut listeners: Vec<_> = (0..32).map(|_| record.listen(None)).collect();
        let begun = Instant::now();
        let passed = |tenths: u32| {
            let due = APART * tenths / 10;
            assert!((due..due + Duration::from_millis(5)).contains(&begun.elapsed()), "{:?}", begun.elapsed());
        };
        push(&record);
        for listener in &mut listeners {
            assert_eq!(said(&listener.next(write_much).await.unwrap()), "1");
        }
        passed(0);
        (0..3).for_each(|_| push(&record));
        let mut heard = Vec::new();
        for listener in &mut listeners {
            heard.push(listener.next(write_much).await.unwrap());
        }
        passed(1);
        assert!(heard.iter().all(|bytes| said(bytes) == "2 3 4" && bytes.as_ptr() == heard[0].as_ptr()));
        let mut late = record.listen(Some(1));
        assert_eq!(late.next(write_much).await.unwrap().as_ptr(), heard[0].as_ptr());
        let mut later = record.listen(Some(2));
        assert_eq!(said(&later.next(write_much).await.unwrap()), "3 4", "what is there already waits for nothing");
        passed(1);
        (0..20).for_each(|_| push(&record));
        let all = |from: u64, to| (from..=to).map(|id| id.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(said(&late.next(write_much).await.unwrap()), all(5, 14), "a part of it");
        passed(4);
        assert_eq!(said(&late.next(write_much).await.unwrap()), all(15, 24));
        passed(14);
        record.pack();
        assert!(lock(&record.written).is_none(), "after a while nothing is held for those who listen");
    }

    #[tokio::test(start_paused = true)]
    async fn a_reset_and_another_record_are_told_to_whom_they_concern_and_to_nobody_else() {
        let record = record();
        let mut before = record.listen(None);
        push(&record);
        record.reset();
        push(&record);
        let mut after = record.listen(Some(1));
        let mut of_another = record.listen(Some(7));
        assert_eq!(of_another.next(write).await.unwrap(), "? ");
        assert_eq!(before.next(write).await.unwrap(), "reset 2 ");
        assert_eq!(after.next(write).await.unwrap(), "2 ");
        push(&record);
        for listener in [&mut before, &mut after, &mut of_another] {
            assert_eq!(listener.next(write).await.unwrap(), "3 ");
        }
    }

    proptest! {
        #[test]
        fn whoever_listens_from_wherever_hears_everything_once_and_in_order(
            does in proptest::collection::vec((0..8_usize, 0..60_u32), 1..80),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let _entered = runtime.enter();
            let record = record();
            let mut listeners: Vec<_> = (0..4).map(|_| (record.listen(None), 0)).collect();
            let hear = |(listener, last): &mut (Listener, u64)| {
                let Some(bytes) = listener.written(write) else { return false };
                for word in str::from_utf8(&bytes).unwrap().split_ascii_whitespace() {
                    let said: u64 = word.trim_start_matches('-').parse().unwrap();
                    let next = if word.starts_with('-') { *last + said } else { *last + 1 };
                    assert!(word.starts_with('-') || said == next, "{word} after {last}");
                    *last = next;
                }
                true
            };
            for (who, many) in does {
                match who {
                    0..4 => drop(hear(&mut listeners[who])),
                    4 => {
                        let last = listeners[1].1;
                        listeners[0] = (record.listen(Some(last)), last);
                    }
                    _ => (0..many).for_each(|_| push(&record)),
                }
            }
            for listener in &mut listeners {
                while hear(listener) {}
                prop_assert_eq!(listener.1, record.last());
            }
        }
    }
}
