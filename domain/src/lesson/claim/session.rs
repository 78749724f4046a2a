//! What a session is.

use super::{Claim, is_shared, sources as source, usual};
use crate::{
    lesson::{
        experiment::{Difference, Ending, Experiment, What},
        part::{JWT_STORAGE, SESSION_COOKIE, part},
        press::Press,
    },
    topology::Strategy,
    user::Role,
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "session-row",
        note: &[7, 14],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::AddToCart,
        ],
        behind: &[
            part(Experiment::Growth, SESSION_COOKIE, |what, _| what == What::RowGrows),
            part(Experiment::Growth, SESSION_COOKIE, |what, _| what == What::RequestGrows),
        ],
        sources: &[source::COOKIE_SESSION_ID, source::OWASP_SESSION],
    },
    Claim {
        id: "session-steps",
        note: &[9, 10, 11, 12, 13],
        play: &[Press::Switch(SESSION_COOKIE), Press::Preset(Strategy::Single), Press::LogIn("alice"), Press::WhoAmI],
        behind: &[],
        sources: &[source::COOKIE_OVERVIEW, source::OWASP_SESSION],
    },
    Claim {
        id: "session-lookup",
        note: &[8],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Cost, SESSION_COOKIE, |what, _| what == What::LookUps),
            part(Experiment::Cost, JWT_STORAGE, |what, set| what == What::LookUps && set.is_empty()),
        ],
        sources: &[source::OWASP_SESSION],
    },
    Claim {
        id: "session-secret",
        note: &[15],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
        ],
        behind: &[part(Experiment::Payload, SESSION_COOKIE, usual), part(Experiment::Payload, JWT_STORAGE, usual)],
        sources: &[source::OWASP_SESSION, source::ASVS_SESSION],
    },
    Claim {
        id: "session-logout",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::LogOut,
            Press::SendCopy,
        ],
        behind: &[
            part(Experiment::CopyAfterLogout, SESSION_COOKIE, |what, set| is_logout(what) && set.is_empty()),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| is_logout(what) && set.is_empty()),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| {
                is_logout(what) && matches!(set, [Difference::Denylist])
            }),
        ],
        sources: &[source::ASVS_LOGOUT],
    },
    Claim {
        id: "logout-everywhere",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::LogOutEverywhere,
            Press::SendCopy,
        ],
        behind: &[
            part(Experiment::CopyAfterLogout, SESSION_COOKIE, |what, set| is_everywhere(what) && set.is_empty()),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| is_everywhere(what) && set.is_empty()),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| {
                is_everywhere(what) && matches!(set, [Difference::Denylist])
            }),
        ],
        sources: &[source::ASVS_ALL_SESSIONS],
    },
    Claim {
        id: "session-role",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Role("carol", Role::Admin),
            Press::LogIn("carol"),
            Press::VisitAdmin,
            Press::Role("carol", Role::User),
            Press::VisitAdmin,
            Press::Role("carol", Role::Admin),
        ],
        behind: &[
            part(Experiment::RoleChange, SESSION_COOKIE, |what, set| what == What::OldRoleWorks && set.is_empty()),
            part(Experiment::RoleChange, JWT_STORAGE, |what, set| what == What::OldRoleWorks && set.is_empty()),
        ],
        sources: &[source::ASVS_SESSION],
    },
    Claim {
        id: "session-disabled",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::Disable("alice", true),
            Press::WhoAmI,
            Press::Disable("alice", false),
        ],
        behind: &[
            part(Experiment::RoleChange, SESSION_COOKIE, |what, set| what == What::DisabledWorks && set.is_empty()),
            part(Experiment::RoleChange, JWT_STORAGE, |what, set| what == What::DisabledWorks && set.is_empty()),
            part(Experiment::RoleChange, JWT_STORAGE, |what, set| {
                what == What::DisabledWorks && matches!(set, [Difference::Denylist])
            }),
        ],
        sources: &[source::ASVS_DISABLED],
    },
    Claim {
        id: "session-restart",
        note: &[7],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::Restart,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Restart, SESSION_COOKIE, usual),
            part(Experiment::Restart, SESSION_COOKIE, |_, set| {
                matches!(set, [Difference::Servers(Strategy::Clustering, _)])
            }),
            part(Experiment::Restart, SESSION_COOKIE, |_, set| is_shared(set)),
            part(Experiment::Restart, JWT_STORAGE, usual),
        ],
        sources: &[source::TWELVE_FACTORS],
    },
    Claim {
        id: "session-expiry",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::Advance(600),
            Press::WhoAmI,
            Press::Advance(900),
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Expiry, SESSION_COOKIE, usual)],
        sources: &[source::ASVS_TIMEOUT],
    },
    Claim {
        id: "session-and-cookie",
        note: &[19],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::Theme,
        ],
        behind: &[],
        sources: &[source::COOKIE_OVERVIEW, source::MDN_SET_COOKIE],
    },
];

fn is_logout(what: What) -> bool {
    what == What::CopyWorks(Ending::LogOut)
}

fn is_everywhere(what: What) -> bool {
    what == What::CopyWorks(Ending::LogOutEverywhere)
}
