//! What a token is.

use super::{Claim, sources as source, usual};
use crate::{
    attack::{Attack, Comment},
    lesson::{
        experiment::{Difference, Ending, Experiment, Trick, What},
        part::{JWT_STORAGE, SESSION_COOKIE, SESSION_STORAGE, part},
        press::{Defence, Press},
    },
    topology::Strategy,
    user::Role,
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "token-string",
        note: &[20],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice")],
        behind: &[part(Experiment::Payload, JWT_STORAGE, usual), part(Experiment::Payload, SESSION_COOKIE, usual)],
        sources: &[source::JWT, source::JWT_PRIVACY],
    },
    Claim {
        id: "token-steps",
        note: &[22, 23, 24, 25, 26],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice"), Press::WhoAmI],
        behind: &[],
        sources: &[source::BEARER, source::JWS_VERIFY],
    },
    Claim {
        id: "token-trusted",
        note: &[21],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice"), Press::WhoAmI, Press::Tamper(Trick::ChangedClaim)],
        behind: &[
            part(Experiment::Tampered, JWT_STORAGE, |what, _| what == What::Forgery(Trick::ChangedClaim)),
            part(Experiment::Tampered, JWT_STORAGE, |what, _| what == What::Forgery(Trick::OldSignature)),
        ],
        sources: &[source::JWS_VERIFY, source::JWT_INPUT],
    },
    Claim {
        id: "token-state",
        note: &[27, 31],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice"), Press::AddToCart, Press::AddToCart],
        behind: &[
            part(Experiment::Growth, JWT_STORAGE, |what, _| what == What::RequestGrows),
            part(Experiment::Growth, JWT_STORAGE, |what, _| what == What::RowGrows),
        ],
        sources: &[source::JWT_CLAIMS],
    },
    Claim {
        id: "not-who-has-data",
        note: &[29],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
        ],
        behind: &[],
        sources: &[source::JWT_CLAIMS, source::COOKIE_SESSION_ID],
    },
    Claim {
        id: "where-state-is-noted",
        note: &[30, 31],
        play: &[
            Press::Preset(Strategy::Single),
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
            Press::AddToCart,
        ],
        behind: &[
            part(Experiment::Growth, SESSION_COOKIE, |what, _| what == What::RowGrows),
            part(Experiment::Growth, JWT_STORAGE, |what, _| what == What::RequestGrows),
        ],
        sources: &[source::JWT_CLAIMS],
    },
    Claim {
        id: "bearer",
        note: &[28],
        play: &[
            Press::Switch(SESSION_STORAGE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::LogOut,
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Stateless, SESSION_STORAGE, usual), part(Experiment::Stateless, JWT_STORAGE, usual)],
        sources: &[source::BEARER, source::BEARER_CHALLENGE],
    },
    Claim {
        id: "token-logout",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Defend(Defence::Denylist, false),
            Press::LogIn("alice"),
            Press::LogOut,
            Press::SendCopy,
        ],
        behind: &[
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| is_logout(what) && set.is_empty()),
            part(Experiment::CopyAfterLogout, SESSION_COOKIE, |what, set| is_logout(what) && set.is_empty()),
        ],
        sources: &[source::ASVS_LOGOUT, source::JWT_EXP],
    },
    Claim {
        id: "denylist",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Defend(Defence::Denylist, true),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::LogOut,
            Press::SendCopy,
        ],
        behind: &[
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| {
                is_logout(what) && matches!(set, [Difference::Denylist])
            }),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, _| what == What::DenylistEntries),
            part(Experiment::Cost, JWT_STORAGE, |what, _| what == What::DenylistChecks),
        ],
        sources: &[source::ASVS_LOGOUT],
    },
    Claim {
        id: "token-role",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Role("carol", Role::Admin),
            Press::LogIn("carol"),
            Press::Role("carol", Role::User),
            Press::VisitAdmin,
            Press::LogIn("carol"),
            Press::VisitAdmin,
            Press::Role("carol", Role::Admin),
        ],
        behind: &[
            part(Experiment::RoleChange, JWT_STORAGE, |what, set| what == What::OldRoleWorks && set.is_empty()),
            part(Experiment::RoleChange, JWT_STORAGE, |what, set| {
                what == What::OldRoleWorks && matches!(set, [Difference::Denylist])
            }),
            part(Experiment::RoleChange, SESSION_COOKIE, |what, set| what == What::OldRoleWorks && set.is_empty()),
        ],
        sources: &[source::JWT_CLAIMS, source::ASVS_TOKENS],
    },
    Claim {
        id: "token-exp",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
            Press::Advance(600),
            Press::WhoAmI,
            Press::Advance(300),
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Expiry, JWT_STORAGE, usual)],
        sources: &[source::JWT_EXP, source::ASVS_TIMEOUT],
    },
    Claim {
        id: "token-restart",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::Restart,
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Restart, JWT_STORAGE, usual), part(Experiment::Restart, SESSION_COOKIE, usual)],
        sources: &[source::JWS_VERIFY],
    },
    Claim {
        id: "key-rotation",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
            Press::RotateKeys { retire: false },
            Press::WhoAmI,
            Press::RotateKeys { retire: true },
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::StoreCopied, JWT_STORAGE, |what, _| what == What::RotationLogsOut { retire: false }),
            part(Experiment::StoreCopied, JWT_STORAGE, |what, _| what == What::RotationLogsOut { retire: true }),
            part(Experiment::StoreCopied, SESSION_COOKIE, |what, _| what == What::RotationLogsOut { retire: true }),
        ],
        sources: &[source::JWS_KID, source::HMAC_KEY],
    },
    Claim {
        id: "refresh-token",
        note: &[],
        play: &[],
        behind: &[
            part(Experiment::Refresh, JWT_STORAGE, |what, _| what == What::RefreshWorks),
            part(Experiment::Refresh, JWT_STORAGE, |what, _| what == What::RefreshRows),
            part(Experiment::Refresh, JWT_STORAGE, |what, _| what == What::RefreshAfterTheft),
            part(Experiment::Refresh, JWT_STORAGE, |what, _| what == What::RefreshInTwoTabs),
        ],
        sources: &[source::REFRESH],
    },
    Claim {
        id: "local-storage",
        note: &[24],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::FormPost),
            Press::Script(Comment::Read),
        ],
        behind: &[
            part(Experiment::OtherSite, JWT_STORAGE, usual),
            part(Experiment::Ports, JWT_STORAGE, |what, _| what == What::PortReadsStorage),
            part(Experiment::ScriptReads, JWT_STORAGE, |what, set| what == What::ScriptReads && set.is_empty()),
        ],
        sources: &[source::WEB_STORAGE, source::OWASP_HTML5],
    },
];

fn is_logout(what: What) -> bool {
    what == What::CopyWorks(Ending::LogOut)
}
