//! Another port of the same host, and another host: who gets the cookie, who finds the localStorage?

use crate::{
    measure::rig::{Rig, json},
    state::bench::held,
};
use domain::{
    attack::{Attack, AttackerView, Attacking, Comment, Ordered, Purpose, SeenVisit, Sign, Target},
    cookie::Origin,
    lesson::{
        experiment::{Finding, Trial, What},
        measured::{Failure, Figure, Measured},
    },
    scheme::Carrier,
};
use leptos::prelude::*;

/// One of the three questions: each looks at one visit to the attacker's listener.
pub(super) async fn asks(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    let attacker = rig.refresh_view().await?.attacker;
    let (origin, purpose) = whose(trial, &attacker)?;
    let host = host(&origin);
    rig.begin(&trial.setting).await?;
    match trial.what {
        What::HostGetsIt => window_asks(rig, host).await,
        _ => script_asks(rig, host, purpose).await,
    }
}

/// What a visit tells, its credential counted as that figure.
fn told(visit: SeenVisit, figure: Figure) -> Measured {
    let measured = Measured::new(visit.credential).with(figure, visit.credential.into());
    Measured { asked: Some(visit.host), ..measured }
}

/// Whether the credential goes along with what a page of that host asks its own host, in a window of its own. For the
/// browser nothing is cross-site in that, and no `SameSite` keeps a cookie away: only that the host is another one.
async fn window_asks(rig: &Rig, host: &str) -> Result<Measured, Failure> {
    rig.view_when(|view| view.attacker.window).await.map_err(|failure| instead(failure, Failure::NoWindow))?;
    let asking = Attacking { attack: Attack::Fetch, target: Target::Itself };
    let Ordered { n } = rig.control("POST", "attacks", json(&asking)).await.map_err(|failure| match failure {
        Failure::Refused { status: 409, .. } => Failure::NoWindow,
        other => other,
    })?;
    let visit = seen(rig, n, Purpose::Port, Some(host)).await;
    Ok(told(visit.map_err(|failure| instead(failure, Failure::NoWindow))?, Figure::CameAlong))
}

/// Whether it comes to the other port, or is found there, when the script in the guestbook asks there.
async fn script_asks(rig: &Rig, host: &str, purpose: Purpose) -> Result<Measured, Failure> {
    rig.steer("PUT", "guestbook", &Sign { comment: Some(Comment::Ports) }).await?;
    let n = Rig::marker();
    let frame = rig.guestbook(n).await?;
    frame.attribute("data-ran").ok_or(Failure::Unreachable)?;
    let mut at_home = None;
    if purpose == Purpose::Peek {
        // What no page at all can find is not missed elsewhere: by the same way the own origin has to find it.
        let own =
            seen(rig, n, Purpose::Deliver, None).await.map_err(|failure| instead(failure, Failure::NoAttacker))?;
        if !own.credential {
            return Err(Failure::TimedOut);
        }
        at_home = Some(own.credential.into());
    }
    // A page that could not look does not say so, it says nothing; where the delivery came, the port can be reached.
    let otherwise = if purpose == Purpose::Peek { Failure::TimedOut } else { Failure::NoAttacker };
    let visit = seen(rig, n, purpose, Some(host)).await.map_err(|failure| instead(failure, otherwise))?;
    Ok(match at_home {
        Some(n) => told(visit, Figure::Found).with(Figure::FoundAtHome, n),
        None => told(visit, Figure::CameAlong),
    })
}

/// The script in the guestbook asks another port of the page's host. Whether the credential came along, or was found.
pub(in crate::measure) async fn let_look(rig: &Rig) -> Result<bool, Failure> {
    let attacker = rig.refresh_view().await?.attacker;
    let held = rig.bench.browser.with_untracked(|browser| held(browser).into_iter().next().map(|held| held.scheme));
    let stored = held.is_some_and(|scheme| scheme.carrier == Carrier::LocalStorage);
    let purpose = if stored { Purpose::Peek } else { Purpose::Port };
    let own = Origin::parse(&rig.bench.boot().origin).ok_or(Failure::NotHere)?;
    let origin = neighbour(&own.host, &attacker).ok_or(Failure::NotHere)?;
    Ok(script_asks(rig, host(&origin), purpose).await?.finding == Finding::Yes)
}

/// Waits for the visit, at this host if one is named.
async fn seen(rig: &Rig, n: u64, purpose: Purpose, host: Option<&str>) -> Result<SeenVisit, Failure> {
    let is_it =
        |visit: &&SeenVisit| visit.n == n && visit.purpose == purpose && host.is_none_or(|host| visit.host == host);
    let view = rig.view_when(|view| view.attacker.visits.iter().any(|visit| is_it(&visit))).await?;
    view.attacker.visits.iter().rfind(is_it).cloned().ok_or(Failure::TimedOut)
}

/// What it means here that something did not come.
fn instead(failure: Failure, of_timeout: Failure) -> Failure {
    if failure == Failure::TimedOut { of_timeout } else { failure }
}

/// At which origin the visit has to come, and what for. Where the page's own host is called otherwise than the
/// server thinks, none of the attacker's is a port of it.
fn whose(trial: &Trial, attacker: &AttackerView) -> Result<(String, Purpose), Failure> {
    let own = &trial.setting.origin.host;
    let is_other = |origin: &String| Origin::parse(origin).is_some_and(|origin| origin.host != *own);
    let neighbour = || neighbour(own, attacker);
    let (origin, purpose) = match trial.what {
        What::HostGetsIt => (Some(attacker.origin.clone()).filter(is_other), Purpose::Port),
        What::PortReadsStorage => (neighbour(), Purpose::Peek),
        _ => (neighbour(), Purpose::Port),
    };
    Ok((origin.ok_or(Failure::NotHere)?, purpose))
}

/// The attacker's listener as another port of the page's own host.
fn neighbour(own: &str, attacker: &AttackerView) -> Option<String> {
    let is_own = |origin: &String| Origin::parse(origin).is_some_and(|origin| origin.host == own);
    attacker.neighbour.clone().filter(is_own)
}

/// Host and port, as a browser names them.
fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{cookie::Engine, lesson::experiment::Setting, scheme::Scheme};

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
