//! What a cookie is.

use super::{Claim, OPEN, STRICT, UNSET, sources as source, usual};
use crate::{
    attack::{Attack, Comment},
    cookie::{CookieOptions, SameSite},
    lesson::{
        experiment::{Difference, Experiment, What},
        part::{JWT_COOKIE, JWT_STORAGE, SESSION_COOKIE, SESSION_STORAGE, part},
        press::{Defence, Press},
    },
    topology::Strategy,
};

const SECURE: CookieOptions = CookieOptions { secure: true, ..CookieOptions::USUAL };

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "two-questions",
        note: &[1],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::Switch(SESSION_STORAGE),
            Press::LogIn("alice"),
            Press::Switch(JWT_COOKIE),
            Press::LogIn("alice"),
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
        ],
        behind: &[],
        sources: &[source::COOKIE_OVERVIEW, source::JWT],
    },
    Claim {
        id: "cookie-by-itself",
        note: &[2],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Options(CookieOptions::USUAL),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::Reload,
        ],
        behind: &[
            part(Experiment::Reload, SESSION_COOKIE, usual),
            part(Experiment::Reload, JWT_COOKIE, usual),
            part(Experiment::Reload, SESSION_STORAGE, usual),
            part(Experiment::Reload, JWT_STORAGE, usual),
        ],
        sources: &[source::COOKIE_SENT, source::BEARER],
    },
    Claim {
        id: "cookie-carries",
        note: &[3],
        play: &[
            Press::Options(OPEN),
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::Switch(JWT_COOKIE),
            Press::LogIn("alice"),
        ],
        behind: &[],
        sources: &[source::COOKIE_OVERVIEW, source::COOKIE_SESSION_ID],
    },
    Claim {
        id: "http-only",
        note: &[4],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::Options(CookieOptions::USUAL),
            Press::LogIn("alice"),
            Press::Script(Comment::Read),
            Press::Options(OPEN),
            Press::LogIn("alice"),
            Press::Script(Comment::Read),
        ],
        behind: &[
            part(Experiment::ScriptReads, SESSION_COOKIE, usual),
            part(Experiment::ScriptReads, SESSION_COOKIE, |what, set| {
                what == What::ScriptReads && matches!(set, [Difference::NoHttpOnly])
            }),
        ],
        sources: &[source::COOKIE_STORED, source::ASVS_COOKIES],
    },
    Claim {
        id: "script-acts",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Options(CookieOptions::USUAL),
            Press::Preset(Strategy::Single),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::LogIn("alice"),
            Press::Script(Comment::Act),
        ],
        behind: &[
            part(Experiment::ScriptActs, SESSION_COOKIE, usual),
            part(Experiment::ScriptActs, JWT_COOKIE, usual),
            part(Experiment::ScriptActs, SESSION_STORAGE, usual),
            part(Experiment::ScriptActs, JWT_STORAGE, usual),
        ],
        sources: &[source::OWASP_XSS],
    },
    Claim {
        id: "secure",
        note: &[5],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Options(SECURE),
            Press::LogIn("alice"),
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::CookieRules, SESSION_COOKIE, |what, _| what == What::ProbesKept)],
        sources: &[source::COOKIE_SECURE, source::MDN_SET_COOKIE],
    },
    Claim {
        id: "same-site",
        note: &[6],
        play: &[
            Press::Switch(JWT_COOKIE),
            Press::Defend(Defence::CheckOrigin, false),
            Press::Options(UNSET),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::FormPost),
            Press::Options(CookieOptions::USUAL),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::FormPost),
        ],
        behind: &[
            part(Experiment::OtherSite, JWT_COOKIE, |what, set| {
                is_form(what) && matches!(set, [Difference::SameSite(SameSite::None), Difference::Secure])
            }),
            part(Experiment::OtherSite, JWT_COOKIE, |what, set| {
                is_form(what) && matches!(set, [Difference::SameSite(SameSite::Unset)])
            }),
            part(Experiment::OtherSite, JWT_COOKIE, |what, set| is_form(what) && set.is_empty()),
            part(Experiment::OtherSite, JWT_COOKIE, |what, set| {
                is_form(what) && matches!(set, [Difference::SameSite(SameSite::Strict)])
            }),
        ],
        sources: &[source::COOKIE_SAME_SITE, source::OWASP_CSRF],
    },
    Claim {
        id: "unset-is-not-lax",
        note: &[6],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Defend(Defence::CheckOrigin, false),
            Press::Options(UNSET),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::FormPost),
        ],
        behind: &[
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| {
                is_form(what) && matches!(set, [Difference::SameSite(SameSite::Unset)])
            }),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, _| what == What::OtherSiteLater),
        ],
        sources: &[source::CHROMIUM_SAME_SITE, source::COOKIE_LAX_AT_FIRST],
    },
    Claim {
        id: "cookie-unsent",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Options(STRICT),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::Link),
            Press::Options(CookieOptions::USUAL),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::Link),
        ],
        behind: &[
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| {
                what == What::OtherSite(Attack::Link) && matches!(set, [Difference::SameSite(SameSite::Strict)])
            }),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| {
                what == What::OtherSite(Attack::Link) && set.is_empty()
            }),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is_form(what) && set.is_empty()),
            part(Experiment::Ports, SESSION_COOKIE, |what, _| what == What::HostGetsIt),
        ],
        sources: &[source::COOKIE_SENT, source::MDN_SET_COOKIE],
    },
    Claim {
        id: "cookie-ports",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Options(CookieOptions::USUAL),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::LogIn("alice"),
            Press::Script(Comment::Ports),
        ],
        behind: &[
            part(Experiment::Ports, SESSION_COOKIE, |what, _| what == What::PortGetsIt),
            part(Experiment::Ports, JWT_STORAGE, |what, _| what == What::PortGetsIt),
            part(Experiment::Ports, JWT_STORAGE, |what, _| what == What::PortReadsStorage),
        ],
        sources: &[source::COOKIE_PORTS, source::WEB_STORAGE],
    },
    Claim {
        id: "cookie-costs-nothing",
        note: &[16],
        play: &[
            Press::Preset(Strategy::Single),
            Press::Switch(JWT_COOKIE),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::AddToCart,
        ],
        behind: &[
            part(Experiment::Growth, JWT_COOKIE, |what, _| what == What::RowGrows),
            part(Experiment::Growth, SESSION_COOKIE, |what, _| what == What::RowGrows),
        ],
        sources: &[source::JWT_CLAIMS, source::COOKIE_OVERVIEW],
    },
    Claim {
        id: "cookie-is-fast",
        note: &[17],
        play: &[
            Press::Preset(Strategy::Single),
            Press::Switch(JWT_COOKIE),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Cost, JWT_COOKIE, usual), part(Experiment::Cost, SESSION_COOKIE, usual)],
        sources: &[source::JWS_VERIFY, source::SERVER_TIMING],
    },
    Claim {
        id: "cookie-is-small",
        note: &[18],
        play: &[],
        behind: &[part(Experiment::CookieWall, JWT_COOKIE, usual), part(Experiment::CookieWall, SESSION_COOKIE, usual)],
        sources: &[source::COOKIE_SIZE],
    },
];

fn is_form(what: What) -> bool {
    what == What::OtherSite(Attack::FormPost)
}
