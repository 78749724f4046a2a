//! Somebody has copied the store or the signing key.

use crate::measure::{
    asking::me,
    rig::{Rig, json},
};
use domain::{
    api::RotateKeys,
    attack::{Copied, FoundIn, Loot, Replayed, Take},
    lesson::{
        experiment::Setting,
        measured::{Failure, Figure, Measured},
    },
};

/// Whether the keys of this login's rows let the attacker in.
pub(super) async fn copied_rows_work(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.set_up(setting).await?;
    let keys = rig.log_in_for_rows(Rig::login(setting, "alice")).await?;
    let taken = take(rig, Copied::Rows).await?;
    let mut measured = Measured::new(false).with(Figure::Rows, keys.len().try_into().unwrap_or(u64::MAX));
    // Other logins of this lab, in another tab perhaps, are none of this trial's.
    for loot in taken.iter().filter(|loot| loot.found_in == FoundIn::Store && keys.contains(&loot.credential)) {
        let replayed = replay(rig, loot).await?;
        measured = measured.with(Figure::Status, u64::from(replayed.status));
        if let_in(&replayed)? {
            measured.finding = true.into();
        }
    }
    Ok(measured)
}

/// Whether a token that was forged with the copied key is accepted.
pub(super) async fn forged_works(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let forged = forge(rig).await?;
    verdict_on(&replay(rig, &forged).await?)
}

/// Whether it is accepted after the key was retired.
pub(super) async fn forged_after_retiring(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let forged = forge(rig).await?;
    rotate(rig, true).await?;
    verdict_on(&replay(rig, &forged).await?)
}

/// Whether another key logs the visitor out.
pub(super) async fn rotation_logs_out(rig: &Rig, setting: &Setting, retire: bool) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    rotate(rig, retire).await?;
    let answer = rig.ask().await?;
    Ok(Measured::new(me(&answer)?.is_none()).with(Figure::Status, u64::from(answer.status)))
}

async fn rotate(rig: &Rig, retire: bool) -> Result<(), Failure> {
    rig.steer("POST", "keys/rotate", &RotateKeys { retire, alg: None }).await
}

/// Somebody copies it, and all that the attacker has then.
pub(in crate::measure) async fn take(rig: &Rig, take: Copied) -> Result<Vec<Loot>, Failure> {
    rig.steer("POST", "loot", &Take { take }).await?;
    Ok(rig.refresh_view().await?.attacker.loot)
}

/// A token that is signed with the key of now.
async fn forge(rig: &Rig) -> Result<Loot, Failure> {
    let taken = take(rig, Copied::Key).await?;
    taken.into_iter().rfind(|loot| loot.found_in == FoundIn::Key).ok_or(Failure::TimedOut)
}

/// The attacker uses it, from the attacker's own machine.
async fn replay(rig: &Rig, loot: &Loot) -> Result<Replayed, Failure> {
    rig.control("POST", &format!("loot/{}/replay", loot.id), json(&())).await
}

fn verdict_on(replayed: &Replayed) -> Result<Measured, Failure> {
    Ok(Measured::new(let_in(replayed)?).with(Figure::Status, u64::from(replayed.status)))
}

fn let_in(replayed: &Replayed) -> Result<bool, Failure> {
    match replayed.status {
        200 => Ok(true),
        401 => Ok(false),
        status => Err(Failure::Refused { status, detail: String::new() }),
    }
}
