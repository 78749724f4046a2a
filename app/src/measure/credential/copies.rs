//! A copy of a credential whose owner has logged out.

use crate::measure::{
    asking::me,
    rig::{Rig, good},
};
use domain::{
    api::LoggedOut,
    lesson::{
        experiment::{Ending, Setting},
        measured::{Failure, Figure, Measured},
    },
};
use std::collections::BTreeSet;

/// Whether a copy speaks for alice after she has logged out.
pub(super) async fn copy_works(rig: &Rig, setting: &Setting, ending: Ending) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let copy = rig.held()?;
    let route = match ending {
        Ending::LogOut => "api/logout",
        Ending::LogOutEverywhere => "api/logout-everywhere",
    };
    log_out(rig, route).await?;
    let answer = rig.ask_as_thief(&copy).await?;
    let alice = me(&answer)?.filter(|me| me.user.name == "alice");
    let measured = Measured::new(alice.is_some()).with(Figure::Status, u64::from(answer.status));
    Ok(match alice {
        Some(me) => measured.with(Figure::SecondsLeft, me.expires_in),
        None => measured,
    })
}

/// How many entries the denylist has got by one logout; those of earlier ones do not count.
pub(super) async fn denylist_entries(rig: &Rig, setting: &Setting) -> Result<Measured, Failure> {
    rig.begin(setting).await?;
    let before = listed(rig).await?;
    log_out(rig, "api/logout").await?;
    let new = listed(rig).await?.difference(&before).count();
    Ok(Measured::new(super::count(new)))
}

async fn listed(rig: &Rig) -> Result<BTreeSet<String>, Failure> {
    Ok(rig.refresh_view().await?.denylist.into_iter().map(|entry| entry.jti).collect())
}

/// As the page does it: what lies in localStorage, only a script takes out.
async fn log_out(rig: &Rig, route: &str) -> Result<(), Failure> {
    let LoggedOut { .. } = good(&rig.lesson("POST", route, None).await?)?;
    rig.bench.keep(None);
    Ok(())
}
