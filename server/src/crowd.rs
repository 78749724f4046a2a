//! The crowd of a lab: many visitors at once, each with a cookie jar, through the same balancer as everybody.
//!
//! One task sends all of them. Their requests overlap where they wait for a store, but they reach the balancer in
//! just the order of the plan: so the same seed meets the same nodes and loses the same messages.

use crate::{clients::ClientShare, gate::Gate, lab::Lab, to_its_end::ToItsEnd};
use domain::crowd::{CrowdError, CrowdRequest, CrowdResult};
use run::Run;
use std::{pin::pin, sync::Arc};

mod run;
mod tally;
mod visitor;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoCrowd {
    #[error("a crowd is under way, and one at a time is the most: wait for its end, or stop it")]
    OneRuns,
    #[error("32 crowds of yours are under way, and that is the most: wait for an end, or stop one")]
    TooMany,
    #[error(transparent)]
    Bounds(#[from] CrowdError),
    #[error("a crowd died")]
    Died,
}

/// Sends a crowd through, and waits for its end. It goes on to its end when nobody waits any more; as long it has its
/// share of its client's crowds, where there is a client.
pub(crate) async fn send(
    gate: Arc<Gate>,
    lab: Arc<Lab>,
    request: CrowdRequest,
    share: Option<ClientShare>,
) -> Result<CrowdResult, NoCrowd> {
    request.check()?;
    let mut place = lab.crowds.take_place(&lab.closed).ok_or(NoCrowd::OneRuns)?;
    let under_way = ToItsEnd::of(async move {
        let _share = share;
        let stop = place.stop();
        let mut running = pin!(Run::start(Arc::clone(&gate), Arc::clone(&lab), request, stop.clone()));
        let result = tokio::select! {
            result = &mut running => result,
            () = gate.process.closing.cancelled() => {
                stop.cancel();
                running.await
            }
        };
        place.result = Some(result.clone());
        drop(place);
        lab.has_changed();
        result
    });
    under_way.await.map_err(|_| NoCrowd::Died)
}
