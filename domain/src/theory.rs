//! What each scaling strategy should cost.
//!
//! Every expectation here is made from [`Premises`]: what was asked for, how it was sent, what was done to the lab
//! meanwhile. It never sees the number that it will be held against. Where nothing can be derived, nothing is
//! expected.

use crate::{
    balance::Routing,
    crowd::{CrowdRequest, Expected, Quantity},
    scheme::Credential,
    topology::{StoreKind, Topology},
};

/// What an expectation starts from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Premises {
    /// On which topology the crowd started.
    pub topology: Topology,
    /// What proves its visitors.
    pub credential: Credential,
    /// How many nodes were up when it started: N.
    pub nodes: u8,
    /// How many requests each visitor sent, the login among them.
    pub shares: Vec<u64>,
    /// How many logins succeeded: S.
    pub logins: u64,
    /// How many requests after the logins were told who asked, or that nobody is known.
    pub judged: u64,
    /// How many requests after the logins brought a session id.
    pub asked: u64,
    /// How many writes were acknowledged.
    pub writes: u64,
    /// How many reads were answered that came right after an acknowledged write of the same visitor.
    pub reads_after_writes: u64,
    /// How many visitors had logged in at a node that stopped later, and came back after that.
    pub orphans: u64,
    /// How many requests that need the store were sent and answered while it was down, without a break.
    pub surely_unanswered: u64,
    /// How many of them may have met it while it was down.
    pub maybe_unanswered: u64,
    /// Whether nobody else used the balancer, so that the crowd's turns were consecutive.
    pub alone: bool,
    /// Whether every message of the logins had arrived or was lost before the first request was sent.
    pub settled: bool,
    /// What was done to the lab.
    pub disturbance: Disturbance,
}

/// What was done to a lab while a crowd ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each of them may have happened or not")]
pub struct Disturbance {
    /// A node stopped or started.
    pub nodes: bool,
    /// A node stopped or started before everybody had logged in.
    pub nodes_at_login: bool,
    /// At some moment no node was up.
    pub all_down: bool,
    /// The topology was changed.
    pub arranged: bool,
    /// The store went down or came back.
    pub store: bool,
    /// The store was made slow, before or meanwhile: nobody knows which operation was waited for.
    pub slow: bool,
    /// The store itself did not answer at the start or at the end: nobody knows for how long.
    pub out_of_reach: bool,
    /// Logins may have been ended: the clock, the keys or the store's keys were changed.
    pub ended: bool,
}

impl Disturbance {
    /// Whether anything changed while the crowd ran.
    #[must_use]
    pub const fn any(self) -> bool {
        self.nodes || self.arranged || self.store || self.out_of_reach || self.ended
    }
}

/// What theory expects of a number; nothing where it has no say.
#[must_use]
pub fn expected(premises: &Premises, what: Quantity) -> Option<Expected> {
    match what {
        Quantity::KnownShare => premises.known_share(),
        Quantity::LoginsLost => premises.logins_lost(),
        Quantity::Messages => premises.messages().map(Expected::exactly),
        Quantity::MessagesLost => premises.messages().map(|sent| lost(sent, premises.loss())),
        Quantity::StaleShare => premises.stale_share(),
        Quantity::Rows => premises.rows(),
        Quantity::StoreOperations => premises.operations(),
        Quantity::Unavailable => premises.unavailable(),
        // No premise makes it right to take somebody for somebody else.
        Quantity::Mistaken => Some(Expected::exactly(0.0)),
        Quantity::LoadGini => premises.load(gini, spread_gini),
        Quantity::LoadVariation => premises.load(variation, spread_variation),
        Quantity::LoadPeak => premises.load(peak, |_, _| None),
        Quantity::MessageBytes | Quantity::LatencyMedian | Quantity::LatencyNinety | Quantity::LatencyNinetyNine => {
            None
        }
    }
}

/// The numbers on which theory has a say when a crowd of many visitors, some of whose requests are writes, has the lab
/// to itself and comes to its end.
#[must_use]
pub fn judged_when_calm(topology: Topology, credential: Credential, request: &CrowdRequest) -> Vec<Quantity> {
    let (visitors, requests) = (request.visitors.max(1), u64::from(request.requests));
    let premises = Premises {
        topology,
        credential,
        nodes: topology.nodes,
        shares: (0..visitors).map(|_| 1 + requests / u64::from(visitors)).collect(),
        logins: visitors.into(),
        judged: requests,
        asked: if credential == Credential::Jwt { 0 } else { requests },
        writes: requests,
        reads_after_writes: requests,
        orphans: 0,
        surely_unanswered: 0,
        maybe_unanswered: 0,
        alone: true,
        settled: true,
        disturbance: Disturbance::default(),
    };
    Quantity::ALL.into_iter().filter(|what| expected(&premises, *what).is_some()).collect()
}

impl Premises {
    fn is_token(&self) -> bool {
        self.credential == Credential::Jwt
    }

    /// Whether a visitor always meets the same node.
    fn stays(&self) -> bool {
        self.nodes == 1 || self.topology.routing == Routing::Sticky
    }

    fn is_copied(&self) -> bool {
        self.topology.store == StoreKind::Replicated
    }

    fn loss(&self) -> f64 {
        self.topology.replication.loss
    }

    fn everybody_logged_in(&self) -> bool {
        self.logins == self.visitors()
    }

    fn visitors(&self) -> u64 {
        self.shares.len() as u64
    }

    /// Nothing happened but what was planned.
    fn is_calm(&self) -> bool {
        !self.disturbance.any() && !self.disturbance.slow && self.everybody_logged_in()
    }

    /// Nothing happened to the logins themselves, whatever happened to nodes.
    fn logins_stand(&self) -> bool {
        !self.disturbance.arranged && !self.disturbance.ended && self.everybody_logged_in()
    }

    fn known_share(&self) -> Option<Expected> {
        let all = Some(Expected::exactly(1.0));
        if self.judged == 0 || !self.logins_stand() {
            return None;
        }
        match self.topology.store {
            // Whoever answers knows: the token says it, or the store that all nodes share.
            _ if self.is_token() => all,
            kind if kind.is_shared() => all,
            _ if !self.is_calm() => None,
            _ if self.stays() => all,
            StoreKind::Replicated if !self.settled => None,
            StoreKind::Replicated if self.loss() == 0.0 => all,
            // A write sends the whole row again and so heals what was lost; without one, what the logins lost stays.
            StoreKind::Replicated if self.writes == 0 => {
                let requests: Vec<u64> = self.shares.iter().map(|share| share.saturating_sub(1)).collect();
                Some(known_despite_loss(self.nodes, self.loss(), &requests))
            }
            StoreKind::Replicated => None,
            _ if self.visitors() > 1 => Some(one_in(self.nodes, self.judged)),
            _ => self.alone.then(|| Expected::exactly(in_turn(self.nodes, self.judged))),
        }
    }

    fn logins_lost(&self) -> Option<Expected> {
        let none = Some(Expected::exactly(0.0));
        if !self.logins_stand() {
            return None;
        }
        match self.topology.store {
            _ if self.is_token() => none,
            kind if kind.is_shared() => none,
            StoreKind::Replicated if self.is_calm() && self.stays() => none,
            // A node that stops takes nothing along, for the others have it; the last one takes all.
            StoreKind::Replicated => {
                let safe = self.loss() == 0.0 && self.settled;
                (safe && !self.disturbance.nodes_at_login && !self.disturbance.all_down)
                    .then_some(Expected::exactly(0.0))
            }
            // Those pinned to a node that stopped, each of them, and nobody else.
            _ if self.stays() => Some(Expected::exactly(float(self.orphans))),
            _ => None,
        }
    }

    /// One write, N−1 messages; a login is a write.
    fn messages(&self) -> Option<f64> {
        if self.disturbance.arranged {
            return None;
        }
        if self.is_token() || !self.is_copied() {
            return Some(0.0);
        }
        self.is_calm().then(|| f64::from(self.nodes.saturating_sub(1)) * float(self.logins + self.writes))
    }

    fn stale_share(&self) -> Option<Expected> {
        let none = Some(Expected::exactly(0.0));
        if self.reads_after_writes == 0 || !self.logins_stand() {
            return None;
        }
        match self.topology.store {
            _ if self.is_token() => none,
            kind if kind.is_shared() => none,
            _ if !self.is_calm() => None,
            _ if self.stays() => none,
            StoreKind::Replicated if self.topology.replication.delay_ms == 0 && self.alone && self.settled => {
                Some(stale(self.nodes, self.loss(), self.visitors(), self.reads_after_writes))
            }
            _ => None,
        }
    }

    fn rows(&self) -> Option<Expected> {
        if self.is_token() {
            return Some(Expected::exactly(0.0));
        }
        // An answer that never came may have left a row behind.
        if self.disturbance.nodes_at_login || self.disturbance.arranged || self.disturbance.slow {
            return None;
        }
        let logins = float(self.logins);
        if !self.is_copied() {
            return Some(Expected::exactly(logins));
        }
        let copies = f64::from(self.nodes.saturating_sub(1)) * logins;
        let lost = lost(copies, self.loss());
        let all = logins + copies;
        let kept = Expected { value: all - lost.value, low: all - lost.high, high: all - lost.low };
        self.settled.then_some(kept)
    }

    /// A login writes once. A request asks once who it is, and a write that got past that asks once more.
    fn operations(&self) -> Option<Expected> {
        if self.is_token() {
            return Some(Expected::exactly(0.0));
        }
        let is_clear = !self.disturbance.any() && !self.disturbance.slow;
        is_clear.then(|| Expected::exactly(float(self.visitors() + self.asked + self.writes)))
    }

    fn unavailable(&self) -> Option<Expected> {
        if self.is_token() {
            return Some(Expected::exactly(0.0));
        }
        // A node that leaves a cluster in the middle of an operation answers as a store out of reach does.
        let is_mixed = self.disturbance.nodes && self.is_copied();
        if self.disturbance.slow || self.disturbance.arranged || self.disturbance.out_of_reach || is_mixed {
            return None;
        }
        let (low, high) = (float(self.surely_unanswered), float(self.maybe_unanswered));
        Some(Expected { value: f64::midpoint(low, high), low, high })
    }

    fn load(
        &self,
        measure: impl Fn(&[u64]) -> f64,
        spread: impl Fn(u8, &[u64]) -> Option<Expected>,
    ) -> Option<Expected> {
        if !self.is_calm() || self.nodes == 0 {
            return None;
        }
        let all: u64 = self.shares.iter().sum();
        if self.nodes == 1 {
            return Some(Expected::exactly(measure(&[all])));
        }
        match self.topology.routing {
            // All the same but for one: which nodes have one more makes no difference.
            Routing::RoundRobin => self.alone.then(|| Expected::exactly(measure(&turns(self.nodes, all)))),
            Routing::Sticky => spread(self.nodes, &self.shares),
        }
    }
}

/// The share of requests that meet the node of the login, when each goes to another node and many visitors come in
/// no order: 1/N, and as a share of n independent draws σ = √(p(1−p)/n).
#[must_use]
pub fn one_in(nodes: u8, requests: u64) -> Expected {
    let share = 1.0 / f64::from(nodes.max(1));
    Expected::about(share, (share * (1.0 - share) / float(requests.max(1))).sqrt())
}

/// The same for one visitor who has the balancer to himself. The login takes turn 0, request i turn i, and the
/// same node has each Nth turn: ⌊n/N⌋ of n, exactly.
#[must_use]
pub fn in_turn(nodes: u8, requests: u64) -> f64 {
    float(requests / u64::from(nodes.max(1))) / float(requests.max(1))
}

/// The share of requests that meet a node that knows the login, when each login's row was sent to N−1 others and
/// each message lost with p: 1 − p(N−1)/N.
///
/// `requests` says how many of them each visitor sends. Of aᵢ requests mᵢⱼ go to node j, a binomial number with
/// q = 1/N; unknown are Σ Lᵢⱼmᵢⱼ over the other nodes, where Lᵢⱼ is 1 with p. Its variance is p(1−p)·Σ E mᵢⱼ² +
/// p²·Σ Var(aᵢ − mᵢ,ₕₒₘₑ).
#[must_use]
pub fn known_despite_loss(nodes: u8, loss: f64, requests: &[u64]) -> Expected {
    let n = f64::from(nodes.max(1));
    let q = 1.0 / n;
    let all = requests.iter().map(|a| float(*a)).sum::<f64>().max(1.0);
    let variance: f64 = requests
        .iter()
        .map(|a| {
            let a = float(*a);
            let square = (a * q).powi(2) + a * q * (1.0 - q);
            loss * (1.0 - loss) * (n - 1.0) * square + loss * loss * a * q * (1.0 - q)
        })
        .sum();
    let about = Expected::about(1.0 - loss * (1.0 - q), variance.sqrt() / all);
    Expected { high: about.high.min(1.0), ..about }
}

/// How many of m messages are lost: pm, σ = √(mp(1−p)). With p of 0 or 1 that is exact.
#[must_use]
pub fn lost(messages: f64, loss: f64) -> Expected {
    let about = Expected::about(messages * loss, (messages * loss * (1.0 - loss)).sqrt());
    Expected { high: about.high.min(messages), ..about }
}

/// The share of reads right after a write that do not see it, when messages are lost with p and do not linger.
///
/// The read meets another node with d, and that one lacks the write with p. d is (N−1)/N for many visitors; for S
/// of them the next request of the same one comes after k turns, k geometric with 1/S, and after N turns it is
/// the same node again: d = 1 − (1−r)·r^(N−1)/(1−r^N), r = 1 − 1/S. For one visitor it is 1.
///
/// That is the least, for a message that arrives can be refused: where the writing node itself had missed the
/// row's last version (p·d at the most), its own is no later than what the reading node has (which is another
/// one, d). So it is pd to pd + pd·(1−p)·d; which of it depends on the history of each row.
#[must_use]
pub fn stale(nodes: u8, loss: f64, visitors: u64, reads: u64) -> Expected {
    let r = 1.0 - 1.0 / float(visitors.max(1));
    let n = i32::from(nodes.max(1));
    let elsewhere = if n == 1 { 0.0 } else { 1.0 - (1.0 - r) * r.powi(n - 1) / (1.0 - r.powi(n)) };
    let least = loss * elsewhere;
    let most = least + least * (1.0 - loss) * elsewhere;
    let reads = float(reads.max(1));
    let deviation = |share: f64| (share * (1.0 - share) / reads).sqrt();
    let low = (least - 3.0 * deviation(least)).max(0.0);
    Expected { value: least, low, high: (most + 3.0 * deviation(most)).min(1.0) }
}

/// How many of `requests` each of N nodes gets in turn: all the same, but for one.
#[must_use]
pub fn turns(nodes: u8, requests: u64) -> Vec<u64> {
    let n = u64::from(nodes.max(1));
    (0..n).map(|node| requests / n + u64::from(node < requests % n)).collect()
}

/// The variance over the squared mean that visitors cause who are put on N nodes at random and stay there, when
/// visitor i sends aᵢ requests: (N−1)·Σaᵢ²/(Σaᵢ)².
///
/// Each node's load is nearly normal, so it is a chi-square number with k = N−1 degrees, over k. Its tail is long:
/// three standard deviations are taken of its cube root, which is nearly normal (Wilson and Hilferty), with mean
/// 1 − 2/9k and variance 2/9k. Nothing is said where too few visitors make a load that is not nearly normal.
#[must_use]
pub fn spread_variation(nodes: u8, shares: &[u64]) -> Option<Expected> {
    let k = f64::from(nodes.checked_sub(1).filter(|k| *k > 0)?);
    let sum: f64 = shares.iter().map(|a| float(*a)).sum();
    let squares: f64 = shares.iter().map(|a| float(*a).powi(2)).sum();
    if shares.len() == 1 {
        return Some(Expected::exactly(k));
    }
    let alike = sum * sum / squares.max(1.0);
    if alike < 5.0 * f64::from(nodes) {
        return None;
    }
    let value = k / alike;
    let root = |deviations: f64| {
        let spread = 2.0 / (9.0 * k);
        (1.0 - spread + deviations * spread.sqrt()).max(0.0).powi(3)
    };
    Some(Expected { value, low: value * root(-3.0), high: value * root(3.0) })
}

/// The Gini coefficient of the same: ((N−1)/N)·√(N/(πS)), where S is how many equal visitors would vary as much,
/// (Σaᵢ)²/Σaᵢ².
///
/// Among N numbers of the same variation √V, Gini is least when all but one are the same, √V·√(N−1)/N, and
/// greatest when they are evenly spaced, √V·√((N²−1)/3)/N; so its bounds are those of the variation.
#[must_use]
pub fn spread_gini(nodes: u8, shares: &[u64]) -> Option<Expected> {
    let variation = spread_variation(nodes, shares)?;
    let n = f64::from(nodes);
    let most = (n - 1.0) / n;
    if variation.is_exact() {
        return Some(Expected::exactly(most));
    }
    let alike = (n - 1.0) / variation.value;
    Some(Expected {
        value: most * (n / (std::f64::consts::PI * alike)).sqrt(),
        low: variation.low.sqrt() * (n - 1.0).sqrt() / n,
        high: (variation.high.sqrt() * ((n * n - 1.0) / 3.0).sqrt() / n).min(most),
    })
}

/// The Gini coefficient of loads: 0 where all are the same, (N−1)/N where one has all.
#[must_use]
pub fn gini(loads: &[u64]) -> f64 {
    let apart: u64 = loads.iter().flat_map(|a| loads.iter().map(move |b| a.abs_diff(*b))).sum();
    let sum: u64 = loads.iter().sum();
    if sum == 0 { 0.0 } else { float(apart) / (2.0 * float(loads.len() as u64) * float(sum)) }
}

/// The variance of loads over their squared mean.
#[must_use]
pub fn variation(loads: &[u64]) -> f64 {
    let n = float(loads.len().max(1) as u64);
    let mean = float(loads.iter().sum()) / n;
    let variance: f64 = loads.iter().map(|load| (float(*load) - mean).powi(2)).sum::<f64>() / n;
    if mean > 0.0 { variance / (mean * mean) } else { 0.0 }
}

/// The greatest load over the mean.
#[must_use]
pub fn peak(loads: &[u64]) -> f64 {
    let sum: u64 = loads.iter().sum();
    let most = loads.iter().max().copied().unwrap_or_default();
    if sum == 0 { 0.0 } else { float(most) * float(loads.len() as u64) / float(sum) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a crowd, far below 2⁵²")]
const fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
