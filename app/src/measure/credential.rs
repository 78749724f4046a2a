//! What a credential is worth: after its end, after a change, forged, copied, planted, and what it costs.

use crate::measure::rig::Rig;
use domain::lesson::{
    experiment::{Finding, Trial, What},
    measured::{Failure, Measured},
};

pub(super) use forgery::forge;
pub(super) use store::take;

mod changes;
mod copies;
mod cost;
mod expiry;
mod forgery;
mod growth;
mod planted;
mod refresh;
mod restart;
mod store;

pub(crate) async fn measure(rig: &Rig, trial: &Trial) -> Result<Measured, Failure> {
    let setting = &trial.setting;
    match trial.what {
        What::CopyWorks(ending) => copies::copy_works(rig, setting, ending).await,
        What::DenylistEntries => copies::denylist_entries(rig, setting).await,
        What::OldRoleWorks => changes::old_role_works(rig, setting).await,
        What::DisabledWorks => changes::disabled_works(rig, setting).await,
        What::SurvivesRestart => restart::survives(rig, setting).await,
        What::AliveBefore(limit) => expiry::alive_before(rig, setting, limit).await,
        What::AliveAt(limit) => expiry::alive_at(rig, setting, limit).await,
        What::UseProlongs => expiry::use_prolongs(rig, setting).await,
        What::PayloadReads => forgery::payload_reads(rig, setting).await,
        What::Forgery(trick) => forgery::accepted(rig, setting, trick).await,
        What::CopiedRowsWork => store::copied_rows_work(rig, setting).await,
        What::ForgedWorks => store::forged_works(rig, setting).await,
        What::ForgedAfterRetiring => store::forged_after_retiring(rig, setting).await,
        What::RotationLogsOut { retire } => store::rotation_logs_out(rig, setting, retire).await,
        What::PlantedWorks => planted::works(rig, setting).await,
        What::RequestGrows => growth::request_grows(rig, setting).await,
        What::RowGrows => growth::row_grows(rig, setting).await,
        What::LookUps => cost::look_ups(rig, setting).await,
        What::DenylistChecks => cost::denylist_checks(rig, setting).await,
        What::TimeToIdentify => cost::time_to_identify(rig, setting).await,
        What::RefreshWorks => refresh::works(rig, setting).await,
        What::RefreshAfterTheft => refresh::works_after_theft(rig, setting).await,
        What::RefreshInTwoTabs => refresh::works_in_two_tabs(rig, setting).await,
        What::RefreshRows => refresh::rows(rig, setting).await,
        What::OldRoleAfterRefresh => refresh::old_role_works(rig, setting).await,
        // The other questions are asked elsewhere.
        _ => Err(Failure::NotHere),
    }
}

fn count(items: usize) -> Finding {
    Finding::Count(u64::try_from(items).unwrap_or(u64::MAX))
}
