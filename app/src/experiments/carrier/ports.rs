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

/// At which origin the visit has to come, and what for. Where the page's own host is called otherwise than the
/// server thinks, none of the attacker's is a port of it.
fn whose(trial: &Trial, attacker: &AttackerView) -> Result<(String, Purpose), Failure> {
    let own = &trial.setting.origin.host;
    let is_own = |origin: &String| Origin::parse(origin).is_some_and(|origin| origin.host == *own);
    let is_other = |origin: &String| Origin::parse(origin).is_some_and(|origin| origin.host != *own);
    let neighbour = || attacker.neighbour.clone().filter(is_own);
    let (origin, purpose) = match trial.what {
        What::HostGetsIt => (Some(attacker.origin.clone()).filter(is_other), Purpose::Port),
        What::PortReadsStorage => (neighbour(), Purpose::Peek),
        _ => (neighbour(), Purpose::Port),
    };
    Ok((origin.ok_or(Failure::NotHere)?, purpose))
}

/// Host and port, as a browser names them.
fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{cookie::Engine, experiment::Setting, scheme::Scheme};

    fn asked(what: What, page: &str, attacker: &str, neighbour: Option<&str>) -> Result<String, Failure> {
        let setting = Setting::usual(Scheme::ALL[0], Engine::Blink, Origin::parse(page).unwrap());
        let (origin, neighbour) = (attacker.to_owned(), neighbour.map(str::to_owned));
        let view = AttackerView { origin, neighbour, ..AttackerView::default() };
        whose(&Trial { what, setting }, &view).map(|(origin, _)| host(&origin).to_owned())
    }

    #[test]
    fn a_port_has_to_be_one_of_the_page_s_own_host_and_another_host_another() {
        let (attacker, neighbour) = ("http://127.0.0.1:3666", Some("http://localhost:3666"));
        for what in [What::PortGetsIt, What::PortReadsStorage] {
            let own = asked(what, "http://localhost:3000", attacker, neighbour);
            assert_eq!(own.as_deref(), Ok("localhost:3666"));
            assert_eq!(asked(what, "http://192.0.2.1:3000", attacker, neighbour), Err(Failure::NotHere));
            assert_eq!(asked(what, "http://localhost:3000", attacker, None), Err(Failure::NotHere));
        }
        let other = |page| asked(What::HostGetsIt, page, attacker, None);
        assert_eq!(other("http://localhost:3000").as_deref(), Ok("127.0.0.1:3666"));
        assert_eq!(other("http://127.0.0.1:3000"), Err(Failure::NotHere));
    }
}
