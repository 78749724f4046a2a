//! The crowd, in English.

use crate::text::{Crowd, T};
use domain::{
    crowd::{CrowdResult, Quantity},
    topology::Strategy,
};

pub(in crate::text) const CROWD: Crowd = Crowd {
    lede: "One visitor shows what happens; a crowd shows what it costs. Many visitors, each with a cookie jar of its own, go through the same load balancer to the servers as they are arranged above, and each number is held against what theory expects.",
    visitors: "Visitors",
    requests: "Requests",
    writes: "Writes (%)",
    seed: "Seed",
    pace: "Pace",
    per_second: |rate| format!("{rate} a second"),
    as_fast: "as fast as it goes",
    scheme: "They log in with:",
    send: "Send the crowd",
    stop: "Stop",
    honest: "The crowd's visitors are let in without the password work, which would be all that is measured. Only a sample of their exchanges is on the wire log, and their sessions lie apart from yours.",
    running: "The crowd is on its way",
    progress: |done, of, logins| format!("{done} of {of} requests, {logins} logged in"),
    watch: "Stop a server or the store above in the middle, and watch.",
    load: "Load of the servers",
    load_columns: ["server", "share", "requests"],
    outcomes: "What came of the requests",
    outcome_columns: ["outcome", "requests"],
    outcome: [
        "known",
        "refused (401)",
        "cut off (502)",
        "store or server not there (503)",
        "failed otherwise",
        "taken for somebody else",
    ],
    result: "The last crowd",
    of: |result| {
        let request = &result.request;
        format!(
            "{} visitors, {} requests, {:.0}% writes, seed {}, in {:.1} s",
            request.visitors,
            request.requests,
            request.write_fraction * 100.0,
            request.seed,
            seconds(result.took_ms),
        ) + &not_in(result)
    },
    disturbed: "A server, the store or the arrangement was changed while it ran, so some numbers have no prediction.",
    stopped: "It was stopped before its end.",
    measures: "Measured beside expected",
    measure_columns: ["quantity", "measured", "expected", "verdict", "why"],
    exactly: "exactly",
    between: |low, high| format!("{low} to {high}"),
    no_say: "measured only",
    within: "as predicted",
    not_as_predicted: "not as predicted",
    quantity,
    why,
    compared: "The strategies compared",
    compared_lede: "Each row is the last crowd that was sent on that strategy in this lab. Send one on each.",
    compared_columns: [
        "strategy",
        "servers",
        "known",
        "logins lost",
        "messages",
        "store operations",
        "unevenness",
        "median time",
    ],
    not_run: "not run",
    messages: |messages, bytes| format!("{messages} · {bytes}"),
};

#[expect(clippy::cast_precision_loss, reason = "a run takes minutes, not centuries")]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn quantity(quantity: Quantity) -> T {
    match quantity {
        Quantity::KnownShare => "requests that met a server that knew them",
        Quantity::LoginsLost => "logins lost",
        Quantity::Messages => "replication messages",
        Quantity::MessageBytes => "their bytes",
        Quantity::MessagesLost => "messages lost",
        Quantity::StaleShare => "reads that missed the write before",
        Quantity::Rows => "rows held",
        Quantity::StoreOperations => "store operations",
        Quantity::Unavailable => "failed because the store was down",
        Quantity::Mistaken => "taken for somebody else",
        Quantity::LoadGini => "unevenness of the load (Gini)",
        Quantity::LoadVariation => "variation of the load (CV²)",
        Quantity::LoadPeak => "fullest server against the average",
        Quantity::LatencyMedian => "half took less than",
        Quantity::LatencyNinety => "nine in ten took less than",
        Quantity::LatencyNinetyNine => "99 in a hundred took less than",
    }
}

fn why(quantity: Quantity, strategy: Strategy) -> T {
    use Strategy::{Clustering, Problem, Separate, Single, Sticky, Token};
    match (quantity, strategy) {
        (Quantity::KnownShare, Single) => "the one server knows everybody",
        (Quantity::KnownShare, Problem) => {
            "each request goes to the next of N servers, and one of them knows the login: 1/N"
        }
        (Quantity::KnownShare, Sticky) => "every request goes to the server that knows it, while that server is up",
        (Quantity::KnownShare, Clustering) => {
            "all servers know everybody, as soon as a message arrived and none was lost"
        }
        (Quantity::KnownShare, Separate) => "every server asks the same store",
        (Quantity::KnownShare, Token) => "any server can verify a token by itself",
        (Quantity::LoginsLost, Problem) => "every login is refused as soon as another server is asked",
        (Quantity::LoginsLost, Sticky) => "those on a server that stops: S/N on average, and none without a stop",
        (Quantity::LoginsLost, Clustering) => "those whose copy was lost, or still under way when the server stopped",
        (Quantity::LoginsLost, Separate) => "a server that stops takes nothing along",
        (Quantity::LoginsLost, Single) => "none, unless the server restarts",
        (Quantity::LoginsLost, Token) => "the server holds nothing that could be lost",
        (Quantity::Messages, Clustering) => "each write is one message to each of the N−1 others",
        (Quantity::MessageBytes, Clustering) => "each message is a whole session; it grows with the cart",
        (Quantity::MessagesLost, Clustering) => "each message is lost with the link's share p",
        (Quantity::Messages | Quantity::MessageBytes | Quantity::MessagesLost, _) => "nothing is copied",
        (Quantity::StaleShare, Clustering) => {
            "another server is asked before the message arrived, or it was lost: p·(N−1)/N, certain within the delay"
        }
        (Quantity::StaleShare, Token) => "the newest token carries the newest state",
        (Quantity::StaleShare, Problem) => "the next request goes to a server that knows nothing of the write",
        (Quantity::StaleShare, Sticky) => "the server that took the write answers, unless it stopped",
        (Quantity::StaleShare, _) => "the row lies in one place only, so a read sees the last write",
        (Quantity::Rows, Clustering) => "every server holds every login: N·S",
        (Quantity::Rows, Token) => "nothing is written down",
        (Quantity::Rows, _) => "each login is written down once: S",
        (Quantity::StoreOperations, Token) => "nobody asks a store",
        (Quantity::StoreOperations, _) => "one look-up a request, and one more for each write: λ(1+w)",
        (Quantity::Unavailable, Separate) => {
            "while the store is down, every request fails on every server, and nobody is let in"
        }
        (Quantity::Unavailable, _) => "there is no store that could be down",
        (Quantity::Mistaken, _) => "whatever goes wrong, nobody is ever taken for somebody else",
        (Quantity::LoadGini, Sticky) => "S visitors put at random on N servers: ((N−1)/N)·√(N/(πS))",
        (Quantity::LoadVariation, Sticky) => "(N−1)/S, and more when some visitors ask more than others",
        (Quantity::LoadGini | Quantity::LoadVariation, _) => "each server gets its turn: the load is even",
        (Quantity::LoadPeak, Sticky) => "coarse with few servers; a server that came back stays empty: N/(N−1)",
        (Quantity::LoadPeak, _) => "each server gets its turn: 1",
        (Quantity::LatencyMedian | Quantity::LatencyNinety | Quantity::LatencyNinetyNine, _) => {
            "depends on this machine, so nothing is predicted"
        }
    }
}

/// Requests of a visitor who could not log in bring nothing along.
fn not_in(result: &CrowdResult) -> String {
    if result.logins >= result.request.visitors {
        return String::new();
    }
    let out = result.request.visitors - result.logins;
    format!(". {out} of them could not log in: their requests carry no credential, and are refused (401)")
}
