//! What depends on the carrier alone: who can read the credential, and who can make the browser send it.

use crate::measure::rig::Rig;
use domain::lesson::{
    experiment::{Trial, What},
    measured::{Failure, Measured},
};

pub(super) use other_site::{attacked, attacked_later};
pub(super) use ports::let_look;
pub(super) use script::{let_act, let_read};

mod other_site;
mod ports;
mod script;
mod wall;

pub(crate) async fn measure(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    let setting = &trial.setting;
    match trial.what {
        What::ScriptReads => script::reads(rig, setting).await,
        What::LootWorks => script::loot_works(rig, setting).await,
        What::ScriptActs => script::acts(rig, setting).await,
        What::OtherSite(attack) => other_site::attacks(rig, setting, attack).await,
        What::KnownBeforeScript => other_site::known_before_script(rig, setting).await,
        What::CookieDropped => wall::grows(rig, setting).await,
        What::PortGetsIt | What::HostGetsIt | What::PortReadsStorage => ports::asks(rig, trial).await,
        // No other question comes here.
        _ => Err(Failure::NotHere),
    }
}
