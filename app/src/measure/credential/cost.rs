//! What identifying costs the server.

use crate::measure::{
    asking::{marked, me},
    rig::Rig,
};
use domain::{
    exchange::{Did, Step},
    lesson::{
        experiment::{Finding, Setting},
        measured::{Failure, Measured},
    },
};

/// How many requests are sent.
const REQUESTS: usize = 10;

/// How often a store was asked.
pub(super) async fn look_ups(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let steps = steps(rig, setting).await?;
    Ok(Measured::new(super::count(steps.iter().filter(|step| step.did == Did::LookedUp).count())))
}

/// How often the denylist was asked.
pub(super) async fn denylist_checks(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let steps = steps(rig, setting).await?;
    Ok(Measured::new(super::count(steps.iter().filter(|step| step.did == Did::CheckedDenylist).count())))
}

/// How long finding out who it is took the server, on average.
pub(super) async fn time_to_identify(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    let identifying = |step: &&Step| matches!(step.did, Did::LookedUp | Did::Verified | Did::CheckedDenylist);
    let micros: f64 = steps(rig, setting).await?.iter().filter(identifying).map(|step| step.micros).sum();
    #[expect(clippy::cast_precision_loss, reason = "ten")]
    let mean = micros / REQUESTS as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time, below an hour")]
    let mean = mean.round() as u64;
    Ok(Measured::new(Finding::Micros(mean)))
}

/// Everything that the server did for the requests.
async fn steps(rig: &Rig, setting: &Setting) -> Result<Vec<Step>, Failure> {
    rig.begin(setting).await?;
    let n = Rig::marker();
    for _ in 0..REQUESTS {
        let answer = rig.lesson("GET", &marked("api/me", n), None).await?;
        me(&answer)?.ok_or(Failure::TimedOut)?;
    }
    let all = rig.recorded_with(n).await?;
    // Fewer would mean that the record has lost some already.
    if all.len() != REQUESTS {
        return Err(Failure::TimedOut);
    }
    Ok(all.into_iter().flat_map(|exchange| exchange.steps).collect())
}
