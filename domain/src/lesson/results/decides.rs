//! Which comparison decides in a cell.
//!
//! Where the columns part, it is the one in which they do, named with its setting: a headline under which they all look
//! the same would flatter one of them. Where none parts them, it is the one that goes worst.

use crate::{
    attack::Attack,
    cookie::SameSite,
    lesson::experiment::{Difference, Ending, Experiment, Repeated, Trial, Trick, What},
    scheme::{Carrier, Credential, Scheme},
};

/// The trial of these, all of an experiment with one scheme, that decides.
#[must_use]
pub fn deciding(experiment: Experiment, trials: &[Trial]) -> Option<&Trial> {
    trials.iter().find(|trial| decides(experiment, trial.what, trial.setting.scheme, &trial.setting.differences()))
}

/// Whether a comparison decides.
fn decides(experiment: Experiment, what: What, scheme: Scheme, set: &[Difference]) -> bool {
    let usual = set.is_empty();
    match experiment {
        // HttpOnly is what a cookie can have and nothing else: with it the carriers part. Without it a script reads the
        // cookie as well, which the cell says beside it.
        Experiment::ScriptReads => usual && what == What::ScriptReads,
        // The form is the attack that changes something without a script. An absent SameSite is what a server gets that
        // says nothing; Lax, the usual setting here, would flatter the cookie.
        Experiment::OtherSite => {
            let absent: &[Difference] = match scheme.carrier {
                Carrier::Cookie => &[Difference::SameSite(SameSite::Unset)],
                Carrier::LocalStorage => &[],
            };
            what == What::OtherSite(Attack::FormPost) && set == absent
        }
        // Of what the browser does with cookies, what another site's form brings along: there the attributes matter.
        Experiment::CookieRules => usual && what == What::ProbesCross(Attack::FormPost),
        // Logging out is what people do; that the denylist changes it is said beside it.
        Experiment::CopyAfterLogout => usual && what == What::CopyWorks(Ending::LogOut),
        // Not "disabled", which a denylist mends: a role is changed without any login ending.
        Experiment::RoleChange => usual && what == What::OldRoleWorks,
        // In the server's own memory. A store outside mends it, which is said beside it.
        Experiment::Restart => usual && what == What::SurvivesRestart,
        // Both die at their limit; whether use moves the limit is where they part.
        Experiment::Expiry => usual && what == What::UseProlongs,
        // The smallest change that would pay.
        Experiment::Tampered => {
            let trick = match scheme.credential {
                Credential::SessionId => Trick::OneCharacter,
                Credential::Jwt => Trick::ChangedClaim,
            };
            usual && what == What::Forgery(trick)
        }
        // What lies on the server and lets one in: the rows with a session, the key with a JWT. That there are no rows
        // with a JWT would flatter it.
        Experiment::StoreCopied => {
            let copied = match scheme.credential {
                Credential::SessionId => What::CopiedRowsWork,
                Credential::Jwt => What::ForgedWorks,
            };
            usual && what == copied
        }
        Experiment::Growth => usual && what == What::RequestGrows,
        // A count is the same on every machine, a time is not.
        Experiment::Cost => usual && what == What::LookUps,
        // That it works is what it is for. What it costs is a row on the server, which a JWT was to save.
        Experiment::Refresh => usual && what == What::RefreshRows,
        // Without a key, as most servers are; with one it is one order, which is said in the details.
        Experiment::Retry => usual && what == What::Done(Repeated::Post),
        Experiment::Cache => usual && what == What::CatalogRequests,
        Experiment::AnyServer => what == What::NodesAnswering,
        Experiment::ScriptActs => usual && what == What::ScriptActs,
        Experiment::Reload => usual && what == What::KnownBeforeScript,
        Experiment::CookieWall => usual && what == What::CookieDropped,
        // The credential on the wire; localStorage is asked by origin, which the details say.
        Experiment::Ports => usual && what == What::PortGetsIt,
        Experiment::Payload => usual && what == What::PayloadReads,
        Experiment::Fixation => usual && what == What::PlantedWorks,
        Experiment::Stateless => usual && what == What::Remembered,
        // Their rows are questions, not experiments.
        Experiment::Problem | Experiment::Sticky | Experiment::Clustering | Experiment::Separate => false,
    }
}

/// Whose trial speaks for a column where both were measured. A cookie grows too large only with a JWT in it: there the
/// session ID would flatter.
pub(super) const fn first_credential(experiment: Experiment) -> [Credential; 2] {
    match experiment {
        Experiment::CookieWall => [Credential::Jwt, Credential::SessionId],
        _ => [Credential::SessionId, Credential::Jwt],
    }
}
