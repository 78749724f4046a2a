//! What is asked again two minutes later, when no cookie counts as new any more: all of it waits together.

use crate::{
    measure::{carrier, probes, rig::Rig},
    state::bench::Bench,
};
use domain::lesson::{
    experiment::{Experiment, Trial, What},
    measured::{Failure, Measured},
};

/// Seconds after which no cookie counts as new.
const LATER: u32 = 121;

/// Begins each of them, waits once, and asks. What of one of them fails is no matter of the others.
pub(super) async fn measure(bench: Bench, trials: &[(Experiment, Trial)]) -> Vec<Result<Measured, Failure>> {
    let mut begun = Vec::with_capacity(trials.len());
    for (_, trial) in trials {
        let rig = Rig::new(bench);
        let begins = begin(&rig, trial).await;
        begun.push((rig, trial, begins));
    }
    let waited = match begun.iter().find(|(_, _, begins)| begins.is_ok()) {
        Some((rig, ..)) => rig.wait(LATER).await,
        None => Ok(()),
    };
    let mut outcomes = Vec::with_capacity(trials.len());
    for (rig, trial, begins) in begun {
        outcomes.push(end(&rig, trial, begins.and(waited.clone())).await);
    }
    outcomes
}

async fn begin(rig: &Rig, trial: &Trial) -> Result<(), Failure> {
    if trial.what == What::ProbesLater {
        return probes::set_all(rig, &trial.setting).await;
    }
    rig.begin(&trial.setting).await.map(drop)
}

async fn end(rig: &Rig, trial: &Trial, until_now: Result<(), Failure>) -> Result<Measured, Failure> {
    if trial.what == What::ProbesLater {
        return rig.finish(probes::asked_later(rig, until_now).await?).await;
    }
    until_now?;
    rig.finish(carrier::attacked_later(rig).await?).await
}
