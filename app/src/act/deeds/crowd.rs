//! Sending a crowd. Its answer comes when it has ended, so it waits beside the other actions and not among
//! them: nodes are to be stopped in the middle.

use super::requests::{control, refused, report, send};
use crate::{state::bench::Bench, text::figures};
use domain::{
    crowd::{CrowdRequest, CrowdResult, Measure},
    lesson::said::{OfServers, Said},
};
use leptos::prelude::*;

/// The crowd that one press sends: the usual one, with the scheme of the switch.
pub(super) async fn send_usual(bench: Bench) {
    let scheme = bench.scheme.get_untracked();
    sent(bench, &CrowdRequest { scheme, ..CrowdRequest::default() }).await;
}

pub(super) async fn sent(bench: Bench, request: &CrowdRequest) {
    if let Some(answer) = send(bench, bench.crowd_request(request)).await {
        report(bench, &answer, |result: CrowdResult| {
            let judged: Vec<bool> = result.measures.iter().filter_map(Measure::within).collect();
            Said::Servers(OfServers::CrowdEnded {
                stopped: result.stopped,
                known: figures::share(result.outcomes.known, result.outcomes.all()),
                judged: judged.len(),
                within: judged.iter().filter(|within| **within).count(),
            })
        });
    }
}

pub(super) async fn stopped(bench: Bench) {
    let Some(answer) = control(bench, "POST", "crowd/stop", None).await else { return };
    bench.say(if answer.ok() { Said::Servers(OfServers::CrowdStopping) } else { refused(bench, &answer) });
}
