//! The browser's rules about cookies, whole: a cookie for every combination of attributes, and for each question
//! which of them hold.

use crate::{
    browser,
    measure::rig::{Rig, good, is_marked},
};
use domain::{
    api::ProbesArrived,
    attack::{Attack, Target},
    cookie::{PROBE_BATCH, Probe, pairs},
    exchange::{Exchange, header},
    lesson::{
        experiment::{Finding, Setting, Trial, What},
        measured::{Failure, Measured},
    },
};
use std::{collections::BTreeSet, ops::Range};

/// The numbers of probes.
type Numbers = BTreeSet<usize>;

/// One of the questions about probes. Nobody is logged in meanwhile, and no probe is left afterwards.
pub(crate) async fn measure(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    begin(rig, &trial.setting).await?;
    let which = in_batches(rig, trial.what).await;
    cleared(rig, which).await
}

async fn begin(rig: &Rig, setting: &Setting) -> Result<(), Failure> {
    rig.set_up(setting).await?;
    // One that a closed tab left behind would be taken for one of now.
    clear(rig).await
}

/// Clears the probes also after a failure, and when the visitor wants the run to end.
async fn cleared(rig: &Rig, which: Result<Numbers, Failure>) -> Result<Measured, Failure> {
    let cleared = clear(rig).await;
    let (which, ()) = (which?, cleared?);
    Ok(Measured::new(Finding::Probes(which)))
}

/// Sets a few at once, for a browser keeps only so many cookies of a host.
async fn in_batches(rig: &Rig, what: What) -> Result<Numbers, Failure> {
    let mut which = Numbers::new();
    for batch in batches() {
        rig.check_stop()?;
        set(rig, &batch).await?;
        which.extend(ask(rig, what).await?);
        clear_batch(rig, &batch).await?;
        is_none_left(rig).await?;
    }
    Ok(which)
}

/// Sets all at once, for two minutes have to pass over each. Most are never kept, so the browser has room for the rest.
pub(super) async fn set_all(rig: &Rig, setting: &Setting) -> Result<(), Failure> {
    begin(rig, setting).await?;
    for batch in batches() {
        rig.check_stop()?;
        set(rig, &batch).await?;
    }
    Ok(())
}

/// Which of them a form of another site brings along after the two minutes, if they could pass.
pub(super) async fn asked_later(rig: &Rig, passed: Result<(), Failure>) -> Result<Measured, Failure> {
    let which = match passed {
        Ok(()) => ask(rig, What::ProbesCross(Attack::FormPost)).await,
        Err(failure) => Err(failure),
    };
    cleared(rig, which).await
}

/// Of which probes it holds, of those that are set now.
async fn ask(rig: &Rig, what: What) -> Result<Numbers, Failure> {
    match what {
        What::ProbesKept => held(rig).await,
        What::ProbesVisible => Ok(settled().await),
        What::ProbesFetched => fetched(rig).await,
        What::ProbesFramed => framed(rig).await,
        What::ProbesCross(attack) => Ok(brought(&rig.attack(attack, Target::Probe).await?)),
        // No other question comes here.
        _ => Err(Failure::NotHere),
    }
}

/// Those in `document.cookie`.
fn visible() -> Numbers {
    numbers(&browser::script_cookies())
}

/// Those that show in `document.cookie` within half a second: in WebKit a script learns of a cookie a moment after
/// the answer that set it is in.
async fn settled() -> Numbers {
    let mut seen = visible();
    for _ in 0..5 {
        browser::pause(100).await;
        seen.extend(visible());
    }
    seen
}

/// Those that go along with a `fetch` of this page.
async fn fetched(rig: &Rig) -> Result<Numbers, Failure> {
    let ProbesArrived { arrived } = good(&rig.bare("GET", "api/probe", None).await?)?;
    Ok(arrived.iter().filter_map(|name| number(name)).collect())
}

/// Those that go along with a frame of this page.
async fn framed(rig: &Rig) -> Result<Numbers, Failure> {
    let n = Rig::marker();
    // Shown until the request is in the record.
    let _frame = rig.guestbook(n).await?;
    let exchange = rig.awaited(|exchange| is_marked(exchange, n)).await?;
    Ok(brought(&exchange))
}

/// Those that came along with a recorded request.
fn brought(exchange: &Exchange) -> Numbers {
    header(&exchange.request.headers, "cookie").flat_map(numbers).collect()
}

/// Those in a `Cookie` header or in `document.cookie`.
fn numbers(cookies: &str) -> Numbers {
    pairs(cookies).filter_map(|(name, _)| number(name)).collect()
}

/// The number of the probe of just this name.
fn number(name: &str) -> Option<usize> {
    let number = Probe::number_of(name)?;
    Probe::all().nth(number).filter(|probe| probe.name() == name).map(|probe| probe.number)
}

fn batches() -> impl Iterator<Item = Range<usize>> {
    let all = Probe::all().count();
    (0..all).step_by(PROBE_BATCH).map(move |from| from..from.saturating_add(PROBE_BATCH).min(all))
}

async fn set(rig: &Rig, batch: &Range<usize>) -> Result<(), Failure> {
    send(rig, "PUT", batch).await
}

async fn clear_batch(rig: &Rig, batch: &Range<usize>) -> Result<(), Failure> {
    send(rig, "DELETE", batch).await
}

async fn send(rig: &Rig, method: &'static str, batch: &Range<usize>) -> Result<(), Failure> {
    let Range { start, end } = batch;
    let answer = rig.bare(method, &format!("api/probes?from={start}&to={end}"), None).await?;
    if answer.ok() { Ok(()) } else { good(&answer) }
}

/// Clears every probe that is there.
async fn clear(rig: &Rig) -> Result<(), Failure> {
    let left = held(rig).await?;
    for batch in batches().filter(|batch| left.range(batch.clone()).next().is_some()) {
        clear_batch(rig, &batch).await?;
    }
    is_none_left(rig).await
}

/// The probes that the browser has: what a script does not see can be sent, and what is not sent can be seen.
async fn held(rig: &Rig) -> Result<Numbers, Failure> {
    Ok(fetched(rig).await?.union(&visible()).copied().collect())
}

async fn is_none_left(rig: &Rig) -> Result<(), Failure> {
    if held(rig).await?.is_empty() { Ok(()) } else { Err(Failure::TimedOut) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_known_by_their_whole_name() {
        let of = |number: usize| Probe::all().nth(number).unwrap();
        let prefixed = Probe::all().find(|probe| probe.host_prefix).unwrap();
        let cookies = format!(
            "lang=en; {}=1; {}=1; p{}=1; __Host-p0=1; p192=1; sid=x",
            of(3).name(),
            prefixed.name(),
            prefixed.number
        );
        assert_eq!(numbers(&cookies), Numbers::from([3, prefixed.number]));
    }

    #[test]
    fn the_batches_are_all_probes_each_once() {
        let all: Vec<_> = batches().flatten().collect();
        assert_eq!(all, (0..Probe::all().count()).collect::<Vec<_>>());
        assert!(batches().all(|batch| batch.len() <= PROBE_BATCH));
    }
}
