//! A crowd under way.

use crate::{
    crowd::{
        tally::{Answered, Tally},
        visitor::{Errand, PlannedErrand, Visitor, VisitorVerdict},
    },
    gate::Gate,
    lab::{Gathering, Lab, node::AnsweredBy},
    store::Population,
};
use domain::{
    balance::NodeId,
    crowd::{CrowdProgress, CrowdRequest, CrowdResult, Measure, NodeLoad, Quantity},
    theory::{self, Premises},
};
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use http::StatusCode;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Interval, MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

/// The most requests at once.
const AT_ONCE: usize = 16;
/// How often a paced crowd looks whether it is time.
const TICK: Duration = Duration::from_millis(20);
/// The shortest time between two reports of how far it is.
const REPORTS_APART: Duration = Duration::from_millis(100);

/// What goes on the wire record, or a crowd would flush it: the first ones, and the first that went wrong.
#[derive(Debug, Default)]
struct Sample {
    first: AtomicUsize,
    wrong: AtomicUsize,
}

impl Sample {
    const FIRST: usize = 3;
    const WRONG: usize = 12;

    fn takes(&self, status: StatusCode) -> bool {
        let is_first = self.first.fetch_add(1, Ordering::Relaxed) < Self::FIRST;
        is_first || (!status.is_success() && self.wrong.fetch_add(1, Ordering::Relaxed) < Self::WRONG)
    }
}

/// What the engine keeps of a visitor.
#[derive(Default)]
struct Guest {
    visitor: Visitor,
    is_busy: bool,
    sent: u64,
    /// Which run of a node answered the login: what is kept in memory of its own, only that one knows.
    home: Option<u64>,
    /// Whether they came back after that run had stopped.
    is_orphan: bool,
    was_refused: bool,
}

/// When the next request is due.
struct Pace {
    rate: Option<u32>,
    since: Instant,
    sent: u32,
    tick: Interval,
}

impl Pace {
    fn new(rate: Option<u32>) -> Self {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { rate, since: Instant::now(), sent: 0, tick }
    }

    fn is_due(&self) -> bool {
        self.rate.is_none_or(|rate| f64::from(self.sent) <= self.since.elapsed().as_secs_f64() * f64::from(rate))
    }
}

pub(super) struct Run {
    gate: Arc<Gate>,
    lab: Arc<Lab>,
    request: CrowdRequest,
    stop: CancellationToken,
    gathering: Gathering,
    guests: Vec<Guest>,
    tally: Tally,
    under_way: FuturesUnordered<BoxFuture<'static, Answered>>,
    sample: Arc<Sample>,
    began: Instant,
    reported: Instant,
}

impl Run {
    /// Sends the crowd through, from the first login to the last row.
    pub(super) async fn start(
        gate: Arc<Gate>,
        lab: Arc<Lab>,
        request: CrowdRequest,
        stop: CancellationToken,
    ) -> CrowdResult {
        let gathering = lab.gather(request.seed).await;
        let guest = |index| Guest { visitor: Visitor::new(index, request.scheme), ..Guest::default() };
        let mut run = Self {
            guests: (0..request.visitors as usize).map(guest).collect(),
            tally: Tally::default(),
            under_way: FuturesUnordered::new(),
            sample: Arc::default(),
            began: Instant::now(),
            reported: Instant::now(),
            gate,
            lab,
            request,
            stop,
            gathering,
        };
        run.report();
        look_at_store(&run.lab).await;
        let logins = (0..run.guests.len()).map(|visitor| (visitor, Errand::LogIn));
        let mut stopped = !run.send_all(logins).await;
        let settled = run.lab.settle(&run.stop).await;
        let rows = run.lab.crowd_rows().await;
        run.lab.crowds.everybody_is_in();
        stopped = stopped || !run.send_all(requests(&run.request)).await;
        look_at_store(&run.lab).await;
        let result = run.result(stopped, settled, rows);
        run.report();
        run.lab.disperse(&run.gathering).await;
        result
    }

    /// Sends what is planned, in that order, and waits for the answers. Whether it came to the end.
    async fn send_all(&mut self, steps: impl Iterator<Item = PlannedErrand>) -> bool {
        let mut pace = Pace::new(self.request.rate);
        let mut to_the_end = true;
        for step in steps {
            let Some(room) = self.wait_for_room(step.0, &mut pace).await else {
                to_the_end = false;
                break;
            };
            pace.sent = pace.sent.saturating_add(1);
            self.dispatch(step, room);
            // Others have their turn, and messages between the nodes theirs.
            tokio::task::yield_now().await;
            while let Some(Some(done)) = self.under_way.next().now_or_never() {
                self.hear(&done);
            }
        }
        while let Some(done) = self.under_way.next().await {
            self.hear(&done);
        }
        to_the_end
    }

    /// Waits until the visitor has the answer before, and it is time; and for a place among the requests of all crowds.
    /// `None` when the crowd is to stop.
    async fn wait_for_room(&mut self, visitor: usize, pace: &mut Pace) -> Option<OwnedSemaphorePermit> {
        loop {
            if self.stop.is_cancelled() {
                return None;
            }
            let is_busy = self.guests.get(visitor).is_some_and(|guest| guest.is_busy);
            let is_free = !is_busy && self.under_way.len() < AT_ONCE;
            let is_next = is_free && pace.is_due();
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                room = Arc::clone(&self.gate.process.crowd_work).acquire_owned(), if is_next => return room.ok(),
                Some(done) = self.under_way.next(), if !self.under_way.is_empty() => self.hear(&done),
                _ = pace.tick.tick(), if is_free => {}
            }
        }
    }

    /// Sends one request as far as it goes at once: the balancer has it then, so the order is that of the plan.
    fn dispatch(&mut self, step: PlannedErrand, place: OwnedSemaphorePermit) {
        let (index, errand) = step;
        let Some(guest) = self.guests.get_mut(index) else { return };
        let Some(mut request) = guest.visitor.ask(errand, &self.lab.id) else { return };
        request.extensions_mut().insert(Population::Crowd);
        guest.is_busy = true;
        guest.sent += 1;
        let brought_session = guest.visitor.brings_session();
        let needed_store = brought_session || (errand == Errand::LogIn && guest.visitor.is_session());
        let (gate, lab, sample) = (Arc::clone(&self.gate), Arc::clone(&self.lab), Arc::clone(&self.sample));
        let home = guest.home;
        let sending = async move {
            let _place = place;
            let (before, start) = (lab.crowds.outage(), Instant::now());
            let (parts, body) = request.into_parts();
            let response = gate.exchange(&lab, (parts, Ok(body)), |status| sample.takes(status)).await;
            let (took, after) = (start.elapsed(), lab.crowds.outage());
            let (parts, body) = response.into_parts();
            let by = parts.extensions.get::<AnsweredBy>().map(|by| by.0);
            Answered {
                step,
                status: parts.status,
                node: parts.headers.get("x-node").and_then(|node| node.to_str().ok()?.parse().ok()),
                headers: parts.headers,
                body,
                took,
                brought_session,
                needed_store,
                outage: (before, after),
                is_orphan: is_orphan(&lab, home, by, parts.status),
                by,
            }
        };
        let mut under_way = sending.boxed();
        match (&mut under_way).now_or_never() {
            Some(done) => self.hear(&done),
            None => self.under_way.push(under_way),
        }
    }

    fn hear(&mut self, answered: &Answered) {
        let (index, errand) = answered.step;
        let Some(guest) = self.guests.get_mut(index) else { return };
        guest.is_busy = false;
        guest.is_orphan |= answered.is_orphan;
        let heard = guest.visitor.hear(errand, answered.status, &answered.headers, &answered.body);
        if errand == Errand::LogIn && heard.verdict == VisitorVerdict::Known {
            guest.home = answered.by;
        }
        // Who never logged in has no login to lose.
        guest.was_refused |= guest.home.is_some() && heard.verdict == VisitorVerdict::Refused;
        self.tally.count(answered, heard);
        if self.reported.elapsed() >= REPORTS_APART {
            self.report();
        }
    }

    fn report(&mut self) {
        self.reported = Instant::now();
        // A lab with a crowd in it is in use.
        self.gate.process.labs.existing(&self.lab.id);
        self.lab.crowds.publish(CrowdProgress {
            request: self.request,
            topology: self.gathering.topology,
            logins: self.tally.logins,
            outcomes: self.tally.outcomes,
            nodes: self.loads(),
            elapsed_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        self.lab.has_changed();
    }

    /// What each node answered, those that are no longer there among them.
    fn loads(&self) -> Vec<NodeLoad> {
        let nodes = self.lab.nodes();
        let up = |id| nodes.get(&id).is_some_and(Option::is_some);
        let ids: BTreeSet<NodeId> = nodes.keys().chain(self.tally.nodes.keys()).copied().collect();
        let requests = |id| self.tally.nodes.get(&id).copied().unwrap_or_default();
        ids.into_iter().map(|id| NodeLoad { id, up: up(id), requests: requests(id) }).collect()
    }

    fn result(&mut self, stopped: bool, settled: bool, rows: Option<usize>) -> CrowdResult {
        let premises = self.premises(settled);
        let quantiles = self.tally.quantiles([50, 90, 99]);
        let measures = Quantity::ALL.into_iter().filter_map(|what| {
            let measured = self.measured(what, rows, quantiles)?;
            Some(Measure { what, measured, expected: theory::expected(&premises, what) })
        });
        CrowdResult {
            request: self.request,
            topology: self.gathering.topology,
            disturbed: premises.disturbance.any(),
            stopped,
            logins: self.tally.logins,
            outcomes: self.tally.outcomes,
            nodes: self.loads(),
            measures: measures.collect(),
            took_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn premises(&self, settled: bool) -> Premises {
        let tally = &self.tally;
        let turns = self.lab.world(|world| world.turn).wrapping_sub(self.gathering.turn);
        let shares: Vec<u64> = self.guests.iter().map(|guest| guest.sent).filter(|sent| *sent > 0).collect();
        Premises {
            topology: self.gathering.topology,
            credential: self.request.scheme.credential,
            nodes: u8::try_from(self.gathering.up.len()).unwrap_or(u8::MAX),
            alone: turns == shares.iter().sum::<u64>(),
            shares,
            logins: u64::from(tally.logins),
            judged: tally.judged(),
            orphans: self.guests.iter().filter(|guest| guest.is_orphan).count() as u64,
            settled,
            disturbance: self.lab.crowds.disturbance(|done| *done),
            ..tally.premises.clone()
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a crowd, far below 2⁵²")]
    fn measured(&self, what: Quantity, rows: Option<usize>, quantiles: Option<[f64; 3]>) -> Option<f64> {
        let tally = &self.tally;
        let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
        let replication = || self.lab.crowd.cluster().view();
        let steady = self.steady_loads();
        let load = |measure: fn(&[u64]) -> f64| (!steady.is_empty()).then(|| measure(&steady));
        match what {
            Quantity::KnownShare => share(tally.outcomes.known, tally.judged()),
            Quantity::LoginsLost => Some(self.guests.iter().filter(|guest| guest.was_refused).count() as f64),
            Quantity::Messages => Some(replication().messages as f64),
            Quantity::MessageBytes => Some(replication().bytes as f64),
            Quantity::MessagesLost => Some(replication().lost as f64),
            Quantity::StaleShare => share(tally.stale, tally.premises.reads_after_writes),
            Quantity::Rows => rows.map(|rows| rows as f64),
            Quantity::StoreOperations => Some(self.lab.crowd_operations() as f64),
            Quantity::Unavailable => Some(tally.unavailable as f64),
            Quantity::Mistaken => Some((tally.outcomes.mistaken + tally.mistaken_logins) as f64),
            Quantity::LoadGini => load(theory::gini),
            Quantity::LoadVariation => load(theory::variation),
            Quantity::LoadPeak => load(theory::peak),
            Quantity::LatencyMedian => quantiles.map(|[median, _, _]| median),
            Quantity::LatencyNinety => quantiles.map(|[_, ninety, _]| ninety),
            Quantity::LatencyNinetyNine => quantiles.map(|[_, _, most]| most),
        }
    }

    /// The loads of the nodes that were up throughout: of another one there is less to say than a number.
    fn steady_loads(&self) -> Vec<u64> {
        let running = self.lab.running();
        let is_steady = |run: &u64| running.iter().any(|node| node.run == *run);
        let steady = self.gathering.up.iter().filter(|(_, run)| is_steady(run));
        steady.map(|(id, _)| self.tally.nodes.get(id).copied().unwrap_or_default()).collect()
    }
}

/// Whether somebody came back whose node had stopped: another run of a node answered, and that of the login is no
/// more. A request that was under way when its node stopped is answered by that one, or with `502` by none; so it is
/// always clear on which side of the stop an answer lies, however close the two were.
fn is_orphan(lab: &Lab, home: Option<u64>, by: Option<u64>, status: StatusCode) -> bool {
    let (Some(home), Some(by)) = (home, by) else { return false };
    let is_told = status != StatusCode::SERVICE_UNAVAILABLE;
    is_told && by != home && lab.running().iter().all(|node| node.run != home)
}

/// Notes it when the store is really down: of an outage that nobody plays theory knows no bounds.
async fn look_at_store(lab: &Lab) {
    if !lab.store_answers().await {
        lab.crowds.disturbance(|done| done.out_of_reach = true);
    }
}

/// What comes after the logins: each by any of the visitors.
fn requests(request: &CrowdRequest) -> impl Iterator<Item = PlannedErrand> + use<> {
    let mut random = fastrand::Rng::with_seed(request.seed);
    let (visitors, write_fraction) = (request.visitors as usize, request.write_fraction);
    (0..request.requests).map(move |_| {
        let visitor = random.usize(..visitors.max(1));
        (visitor, if random.f64() < write_fraction { Errand::Write } else { Errand::Read })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_plan_and_another_is_another() {
        let request = CrowdRequest::default();
        let plan = |seed| requests(&CrowdRequest { seed, ..request }).collect::<Vec<_>>();
        assert_eq!(plan(7), plan(7));
        assert_ne!(plan(7), plan(8));
        assert_eq!(plan(7).len(), 2_000);
        assert!(plan(7).iter().all(|(visitor, _)| *visitor < 100));
        let writes = plan(7).iter().filter(|(_, errand)| *errand == Errand::Write).count();
        assert!((346..=454).contains(&writes), "400 give or take three times 18: {writes}");
    }

    #[test]
    fn nobody_writes_with_a_share_of_0_and_everybody_with_1() {
        for (write_fraction, errand) in [(0.0, Errand::Read), (1.0, Errand::Write)] {
            let request = CrowdRequest { write_fraction, ..CrowdRequest::default() };
            assert!(requests(&request).all(|(_, did)| did == errand));
        }
    }
}
