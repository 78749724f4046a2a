//! What several servers do to a login.

use crate::measure::{
    asking::{let_in, me},
    rig::{Rig, good},
};
use domain::{
    balance::NodeId,
    crowd::{CrowdRequest, CrowdResult, Quantity},
    lesson::{
        experiment::{ASKED, Finding, READS, Setting, Trial, WRITES, What},
        measured::{Failure, Figure, Measured},
    },
    theory::judged_when_calm,
    view::ServerView,
};
use std::collections::{BTreeMap, BTreeSet};

/// The crowd: small enough to wait for, large enough for theory to have a say.
const CROWD: (u32, u32, f64, u64) = (50, 1_500, 0.2, 7);

pub(crate) async fn measure(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    let setting = &trial.setting;
    match trial.what {
        What::KnownRequests => known_requests(rig, setting).await,
        What::LostWithNode => lost_with_node(rig, setting).await,
        What::StoreOperations => store_operations(rig, setting).await,
        What::Messages => messages(rig, setting).await,
        What::CrowdUnlikeTheory => crowd_unlike_theory(rig, setting).await,
        // The other questions are asked elsewhere.
        _ => Err(Failure::NotHere),
    }
}

/// How many requests meet a server that knows the login.
async fn known_requests(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    rig.settled().await?;
    // By the node that answered, and whether it knew the login.
    let mut answers = BTreeMap::<(Option<NodeId>, bool), u64>::new();
    for _ in 0..READS {
        let answer = rig.ask().await?;
        *answers.entry((answer.node, let_in(&answer)?)).or_default() += 1;
    }
    let known = answers.iter().filter(|((_, knew), _)| *knew).map(|(_, n)| n).sum();
    let measured = Measured::new(Finding::Count(known));
    Ok(answers.into_iter().fold(measured, |measured, (answer, n)| match answer {
        (None, _) => measured,
        (Some(node), true) => measured.with(Figure::Knew(node), n),
        (Some(node), false) => measured.with(Figure::DidNotKnow(node), n),
    }))
}

/// Whether nobody knows the login any more once the server has stopped that held it, or, where it was held by
/// none or by all, the one that answered last.
async fn lost_with_node(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.set_up(setting).await?;
    let keys = rig.log_in_for_rows(Rig::login(setting, "alice")).await?;
    rig.settled().await?;
    let (before, answered) = known_of_a_few(rig).await?;
    if before == 0 {
        // What nobody knew cannot be lost.
        return Err(Failure::TimedOut);
    }
    let node = only_holder(&rig.refresh_view().await?, &keys).or(answered).ok_or(Failure::TimedOut)?;
    rig.steer("POST", &format!("nodes/{node}/stop"), &()).await?;
    let after = known_of_a_few(rig).await;
    rig.steer("POST", &format!("nodes/{node}/start"), &()).await?;
    let (after, _) = after?;
    Ok(Measured::new(after == 0)
        .with(Figure::KnownBefore, before)
        .with(Figure::Stopped, u64::from(node))
        .with(Figure::KnownAfter, after))
}

/// The one node that holds a row of these.
fn only_holder(view: &ServerView, keys: &BTreeSet<String>) -> Option<NodeId> {
    let mut holders = view.nodes.iter().filter(|node| node.sessions.iter().any(|row| keys.contains(&row.key)));
    let first = holders.next()?;
    holders.next().is_none().then_some(first.id)
}

/// Of a few requests, how many met a node that knew the login; and which node answered the last one.
async fn known_of_a_few(rig: &Rig) -> Result<(u64, Option<NodeId>), Failure> {
    let (mut known, mut last) = (0, None);
    for _ in 0..ASKED {
        let answer = rig.ask().await?;
        known += u64::from(me(&answer)?.is_some());
        last = answer.node;
    }
    Ok((known, last))
}

/// How often requests ask a session store.
async fn store_operations(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let before = operations(&rig.settled().await?);
    for _ in 0..READS {
        let_in(&rig.ask().await?)?;
    }
    let after = operations(&rig.refresh_view().await?);
    Ok(Measured::new(Finding::Count(after.saturating_sub(before))))
}

fn operations(view: &ServerView) -> u64 {
    view.operations.iter().map(|operation| operation.count).sum()
}

/// How many messages changes of the cart cause.
async fn messages(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let before = rig.settled().await?.replication.messages;
    for _ in 0..WRITES {
        let answer = rig.add_to_cart("pen").await?;
        if !let_in(&answer)? {
            return Err(Failure::Refused { status: answer.status, detail: String::new() });
        }
    }
    let after = rig.settled().await?.replication.messages;
    Ok(Measured::new(Finding::Count(after.saturating_sub(before))))
}

/// How many numbers of a crowd are not as theory says.
async fn crowd_unlike_theory(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.set_up(setting).await?;
    let (visitors, requests, write_fraction, seed) = CROWD;
    let crowd = CrowdRequest { visitors, requests, write_fraction, seed, scheme: setting.scheme, rate: None };
    let result: CrowdResult = good(&rig.raw(rig.bench.crowd_request(&crowd)).await?)?;
    let judged = judged(&result)?;
    let unlike = judged.iter().filter(|within| !**within).count();
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Ok(Measured::new(Finding::Count(number(unlike))).with(Figure::Judged, number(judged.len())))
}

/// Whether each number on which theory has a say is as it says. A crowd that was disturbed leaves some of them out, or
/// all but one: nothing unlike among these would say nothing.
fn judged(result: &CrowdResult) -> Result<Vec<bool>, Failure> {
    let judged: Vec<(Quantity, bool)> =
        result.measures.iter().filter_map(|measure| Some((measure.what, measure.within()?))).collect();
    let all = judged_when_calm(result.topology, result.request.scheme.credential, &result.request);
    let are_all = judged.iter().map(|(what, _)| *what).eq(all);
    if result.disturbed || result.stopped || !are_all {
        return Err(Failure::Disturbed);
    }
    Ok(judged.into_iter().map(|(_, within)| within).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        crowd::{Expected, Measure, Outcomes},
        scheme::Scheme,
        topology::{StoreKind, Strategy},
    };

    fn result(strategy: Strategy, scheme: Scheme) -> CrowdResult {
        let (visitors, requests, write_fraction, seed) = CROWD;
        let request = CrowdRequest { visitors, requests, write_fraction, seed, scheme, rate: None };
        let topology = strategy.topology(StoreKind::Sqlite);
        let measures = judged_when_calm(topology, scheme.credential, &request)
            .into_iter()
            .map(|what| Measure { what, measured: 1.0, expected: Some(Expected::exactly(1.0)) })
            .collect();
        CrowdResult {
            request,
            topology,
            disturbed: false,
            stopped: false,
            logins: visitors,
            outcomes: Outcomes::default(),
            nodes: Vec::new(),
            measures,
            took_ms: 1,
        }
    }

    #[test]
    fn a_crowd_that_was_disturbed_or_of_which_too_little_is_known_says_nothing() {
        for strategy in [Strategy::Problem, Strategy::Sticky, Strategy::Clustering, Strategy::Separate] {
            for scheme in Scheme::ALL {
                let whole = result(strategy, scheme);
                assert!(judged(&whole).unwrap().len() > 5, "{strategy:?} {scheme}");
                for no_good in [
                    CrowdResult { disturbed: true, ..whole.clone() },
                    CrowdResult { stopped: true, ..whole.clone() },
                    CrowdResult { measures: whole.measures[1..].to_vec(), ..whole.clone() },
                    CrowdResult { measures: Vec::new(), ..whole.clone() },
                ] {
                    assert_eq!(judged(&no_good), Err(Failure::Disturbed));
                }
            }
        }
    }
}
