//! Another port of the same host, and another host: who gets the cookie, who finds the localStorage?

use super::super::{Failure, Measured, rig::Rig};
use domain::{
    attack::{AttackerView, Comment, Purpose, SeenVisit, Sign},
    cookie::Origin,
    experiment::{Trial, What},
};

/// One of the three questions. The script in the guestbook asks everywhere; each question looks at one visit.
pub(super) async fn asks(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    let attacker = rig.refresh_view().await?.attacker;
    let (origin, purpose) = whose(trial, &attacker)?;
    rig.begin(&trial.setting).await?;
    rig.steer("PUT", "guestbook", &Sign { comment: Some(Comment::Ports) }).await?;
    let n = Rig::marker();
    let frame = rig.guestbook(n).await?;
    frame.attribute("data-ran").ok_or(Failure::Unreachable)?;
    let is_it = |visit: &&SeenVisit| visit.n == n && visit.purpose == purpose && visit.host == host(&origin);
    let view = rig.view_when(|view| view.attacker.visits.iter().any(|visit| is_it(&visit))).await;
    let view = view.map_err(|failure| match failure {
        Failure::TimedOut => Failure::NoAttacker,
        other => other,
    })?;
    let visit = view.attacker.visits.iter().rfind(is_it).ok_or(Failure::NoAttacker)?;
    Ok(Measured::new(visit.credential))
}

/// At which origin the visit has to come, and what for.
fn whose(trial: &Trial, attacker: &AttackerView) -> Result<(String, Purpose), Failure> {
    let (origin, purpose) = match trial.what {
        What::HostGetsIt => {
            let is_other =
                Origin::parse(&attacker.origin).is_some_and(|origin| origin.host != trial.setting.origin.host);
            (is_other.then(|| attacker.origin.clone()), Purpose::Port)
        }
        What::PortReadsStorage => (attacker.neighbour.clone(), Purpose::Peek),
        _ => (attacker.neighbour.clone(), Purpose::Port),
    };
    Ok((origin.ok_or(Failure::NotHere)?, purpose))
}

/// Host and port, as a browser names them.
fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
