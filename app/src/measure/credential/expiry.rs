//! The end of a login's time, by the lab's clock.
//!
//! The clock can be put forward but not stopped, so real seconds pass while a trial runs. What was early enough
//! and what was late enough is told by the recorded time of each request, never by how fast the trial should be.

use crate::measure::{
    asking::{me, rows_of},
    rig::Rig,
};
use domain::{
    Seconds,
    api::{Advance, Login},
    claims::UnverifiedToken,
    lesson::{
        experiment::{Limit, Setting},
        measured::{Failure, Figure, Measured},
    },
};

/// How long before the limit a login is asked whether it still lives.
const SHORTLY: Seconds = 3;
/// How long before the limit the clock is put: the last second is waited for.
const NEARLY: Seconds = 2;
/// The whole life of the login whose absolute limit is looked for: below the idle limit.
const LIFETIME: Seconds = 600;
/// A use that would matter if the limit were one of idleness.
const HALFWAY: Seconds = 300;
/// How far apart two uses are; twice as much is over every limit but the absolute one.
const APART: Seconds = 600;
/// How often a trial that came too late is begun anew.
const TRIES: usize = 3;

/// Whether a login works shortly before its limit.
pub(super) async fn alive_before(rig: &Rig, setting: &Setting, limit: Limit) -> Result<Measured, Failure> {
    for _ in 0..TRIES {
        let end = begin(rig, setting, limit).await?;
        advance_to(rig, end.saturating_sub(SHORTLY)).await?;
        let (answer, exchange) = rig.ask_recorded().await?;
        if exchange.at < end {
            return Ok(Measured::new(me(&answer)?.is_some()).with(Figure::Status, u64::from(answer.status)));
        }
    }
    Err(Failure::TimedOut)
}

/// Whether it works at its limit, unused until then.
pub(super) async fn alive_at(rig: &Rig, setting: &Setting, limit: Limit) -> Result<Measured, Failure> {
    let end = begin(rig, setting, limit).await?;
    advance_to(rig, end.saturating_sub(NEARLY)).await?;
    rig.view_when(|view| view.now >= end).await?;
    let answer = rig.ask().await?;
    Ok(Measured::new(me(&answer)?.is_some()).with(Figure::Status, u64::from(answer.status)))
}

/// Whether a login that is used lives longer than one that is not.
pub(super) async fn use_prolongs(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    advance(rig, APART).await?;
    me(&rig.ask().await?)?.ok_or(Failure::TimedOut)?;
    advance(rig, APART).await?;
    let answer = rig.ask().await?;
    Ok(Measured::new(me(&answer)?.is_some()).with(Figure::Status, u64::from(answer.status)))
}

/// Logs alice in, and returns the second from which on that login is over.
async fn begin(rig: &Rig, setting: &Setting, limit: Limit) -> Result<Seconds, Failure> {
    rig.set_up(setting).await?;
    let login = Rig::login(setting, "alice");
    match limit {
        Limit::Exp => {
            rig.log_in(login).await?;
            let token = UnverifiedToken::read_unverified(&rig.held()?);
            token.and_then(|token| token.seconds("exp")).ok_or(Failure::TimedOut)
        }
        Limit::Idle => {
            let keys = rig.log_in_for_rows(login).await?;
            let rows = rows_of(&rig.refresh_view().await?, &keys);
            rows.first().map(|row| row.idle_until).ok_or(Failure::TimedOut)
        }
        Limit::Absolute => {
            let keys = rig.log_in_for_rows(Login { lifetime: LIFETIME, ..login }).await?;
            // However much it is used: so it is used.
            advance(rig, HALFWAY).await?;
            me(&rig.ask().await?)?.ok_or(Failure::TimedOut)?;
            let rows = rows_of(&rig.refresh_view().await?, &keys);
            rows.first().map(|row| row.expires_at).ok_or(Failure::TimedOut)
        }
    }
}

pub(super) async fn advance(rig: &Rig, seconds: Seconds) -> Result<(), Failure> {
    rig.steer("POST", "clock", &Advance { advance: seconds }).await
}

async fn advance_to(rig: &Rig, then: Seconds) -> Result<(), Failure> {
    let now = rig.refresh_view().await?.now;
    if then > now { advance(rig, then - now).await } else { Ok(()) }
}
