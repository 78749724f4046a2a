//! Which one to take.

use super::{Claim, is_several, sources as source, usual};
use crate::{
    attack::Attack,
    lesson::{
        experiment::{Difference, Ending, Experiment, What},
        part::{JWT_COOKIE, JWT_STORAGE, SESSION_COOKIE, SESSION_STORAGE, part},
        press::Press,
    },
    topology::Strategy,
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "who-attaches-decides",
        note: &[1],
        play: &[],
        behind: &[
            part(Experiment::ScriptReads, SESSION_COOKIE, |what, set| what == What::ScriptReads && set.is_empty()),
            part(Experiment::ScriptReads, JWT_COOKIE, |what, set| what == What::ScriptReads && set.is_empty()),
            part(Experiment::ScriptReads, SESSION_STORAGE, |what, set| what == What::ScriptReads && set.is_empty()),
            part(Experiment::ScriptReads, JWT_STORAGE, |what, set| what == What::ScriptReads && set.is_empty()),
            part(Experiment::OtherSite, SESSION_COOKIE, is_usual_link),
            part(Experiment::OtherSite, JWT_COOKIE, is_usual_link),
            part(Experiment::OtherSite, SESSION_STORAGE, is_usual_link),
            part(Experiment::OtherSite, JWT_STORAGE, is_usual_link),
        ],
        sources: &[source::COOKIE_OVERVIEW, source::BEARER],
    },
    Claim {
        id: "who-remembers-decides",
        note: &[1],
        play: &[],
        behind: &[
            part(Experiment::CopyAfterLogout, SESSION_COOKIE, is_usual_logout),
            part(Experiment::CopyAfterLogout, SESSION_STORAGE, is_usual_logout),
            part(Experiment::CopyAfterLogout, JWT_COOKIE, is_usual_logout),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, is_usual_logout),
            part(Experiment::Restart, SESSION_COOKIE, usual),
            part(Experiment::Restart, SESSION_STORAGE, usual),
            part(Experiment::Restart, JWT_COOKIE, usual),
            part(Experiment::Restart, JWT_STORAGE, usual),
        ],
        sources: &[source::ASVS_SESSION],
    },
    Claim {
        id: "what-grows",
        note: &[18, 31],
        play: &[],
        behind: &[
            part(Experiment::Growth, SESSION_COOKIE, usual),
            part(Experiment::Growth, SESSION_STORAGE, usual),
            part(Experiment::Growth, JWT_COOKIE, usual),
            part(Experiment::Growth, JWT_STORAGE, usual),
        ],
        sources: &[source::JWT_CLAIMS, source::COOKIE_SIZE],
    },
    Claim {
        id: "what-it-costs",
        note: &[17],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Separate),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Cost, SESSION_COOKIE, usual),
            part(Experiment::Cost, JWT_STORAGE, usual),
            part(Experiment::Cost, JWT_STORAGE, |what, _| what == What::DenylistChecks),
        ],
        sources: &[source::JWS_VERIFY, source::SERVER_TIMING],
    },
    Claim {
        id: "end-at-once",
        note: &[],
        play: &[
            Press::Preset(Strategy::Single),
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::Disable("alice", true),
            Press::WhoAmI,
            Press::Disable("alice", false),
        ],
        behind: &[
            part(Experiment::RoleChange, SESSION_COOKIE, usual),
            part(Experiment::RoleChange, JWT_STORAGE, usual),
        ],
        sources: &[source::ASVS_LOGOUT, source::ASVS_DISABLED],
    },
    Claim {
        id: "nobody-to-ask",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Preset(Strategy::Token),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Problem, JWT_STORAGE, |what, set| what == What::KnownRequests && is_several(set)),
            part(Experiment::Separate, JWT_STORAGE, |what, _| what == What::StoreOperations),
            part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::StoreOperations),
        ],
        sources: &[source::JWS_VERIFY, source::ASVS_TOKENS],
    },
    Claim {
        id: "short-and-refreshed",
        note: &[],
        play: &[],
        behind: &[
            part(Experiment::Refresh, JWT_STORAGE, |what, _| what == What::OldRoleAfterRefresh),
            part(Experiment::RoleChange, JWT_STORAGE, |what, set| what == What::OldRoleWorks && set.is_empty()),
            part(Experiment::Refresh, JWT_STORAGE, |what, _| what == What::RefreshRows),
        ],
        sources: &[source::REFRESH],
    },
    Claim {
        id: "which-one",
        note: &[15],
        play: &[],
        behind: &[
            part(Experiment::ScriptReads, SESSION_COOKIE, |what, set| what == What::ScriptReads && set.is_empty()),
            part(Experiment::ScriptReads, JWT_STORAGE, |what, set| what == What::ScriptReads && set.is_empty()),
            part(Experiment::CopyAfterLogout, SESSION_COOKIE, is_usual_logout),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, is_usual_logout),
        ],
        sources: &[source::ASVS_COOKIES, source::OWASP_SESSION],
    },
];

fn is_usual_link(what: What, set: &[Difference]) -> bool {
    what == What::OtherSite(Attack::Link) && set.is_empty()
}

fn is_usual_logout(what: What, set: &[Difference]) -> bool {
    what == What::CopyWorks(Ending::LogOut) && set.is_empty()
}
