//! What attackers do, and what ends it.

use super::{Claim, OPEN, UNSET, sources as source, usual};
use crate::{
    attack::{Attack, Comment, Copied},
    cookie::{CookieOptions, SameSite},
    lesson::{
        experiment::{Difference, Ending, Experiment, Trick, What},
        part::{JWT_COOKIE, JWT_STORAGE, SESSION_COOKIE, SESSION_STORAGE, part},
        press::{Defence, Press},
    },
    topology::Strategy,
};

const EMBEDDED: CookieOptions = CookieOptions { same_site: SameSite::None, secure: true, ..CookieOptions::USUAL };

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "xss-reads",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::LogIn("alice"),
            Press::Script(Comment::Read),
            Press::Replay,
        ],
        behind: &[
            part(Experiment::ScriptReads, JWT_STORAGE, usual),
            part(Experiment::ScriptReads, JWT_COOKIE, usual),
            part(Experiment::ScriptReads, SESSION_COOKIE, usual),
        ],
        sources: &[source::OWASP_XSS, source::OWASP_HTML5, source::COOKIE_STORED],
    },
    Claim {
        id: "xss-acts",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Options(CookieOptions::USUAL),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::Script(Comment::Act),
            Press::Defend(Defence::GuestbookCsp, true),
            Press::Script(Comment::Act),
        ],
        behind: &[
            part(Experiment::ScriptActs, SESSION_COOKIE, usual),
            part(Experiment::ScriptActs, SESSION_COOKIE, |_, set| matches!(set, [Difference::GuestbookCsp])),
            part(Experiment::ScriptReads, JWT_STORAGE, |_, set| matches!(set, [Difference::GuestbookCsp])),
        ],
        sources: &[source::CSP, source::OWASP_XSS],
    },
    Claim {
        id: "csrf-form",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Options(UNSET),
            Press::Defend(Defence::CheckOrigin, false),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::FormPost),
            Press::Defend(Defence::CheckOrigin, true),
            Press::OtherSite(Attack::FormPost),
        ],
        behind: &[
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| {
                is(what, Attack::FormPost) && matches!(set, [Difference::SameSite(SameSite::Unset)])
            }),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| {
                is(what, Attack::FormPost)
                    && matches!(set, [Difference::SameSite(SameSite::Unset), Difference::CheckOrigin])
            }),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is(what, Attack::FormPost) && set.is_empty()),
        ],
        sources: &[source::OWASP_CSRF, source::COOKIE_SAME_SITE],
    },
    Claim {
        id: "csrf-link",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Options(CookieOptions::USUAL),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::Link),
        ],
        behind: &[
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is(what, Attack::Link) && set.is_empty()),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| {
                is(what, Attack::Link) && matches!(set, [Difference::SameSite(SameSite::Strict)])
            }),
        ],
        sources: &[source::SAFE, source::COOKIE_SAME_SITE],
    },
    Claim {
        id: "csrf-fetch",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Options(EMBEDDED),
            Press::Defend(Defence::CheckOrigin, false),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::Fetch),
        ],
        behind: &[
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is(what, Attack::Fetch) && is_embedded(set)),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is(what, Attack::Fetch) && set.is_empty()),
        ],
        sources: &[source::CORS, source::COOKIE_SAME_SITE],
    },
    Claim {
        id: "csrf-frame",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Options(EMBEDDED),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::Frame),
        ],
        behind: &[
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is(what, Attack::Frame) && is_embedded(set)),
            part(Experiment::OtherSite, SESSION_COOKIE, |what, set| is(what, Attack::Frame) && set.is_empty()),
        ],
        sources: &[source::OWASP_FRAMES, source::COOKIE_SAME_SITE],
    },
    Claim {
        id: "csrf-bearer",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Defend(Defence::CheckOrigin, false),
            Press::LogIn("alice"),
            Press::OtherSite(Attack::FormPost),
            Press::OtherSite(Attack::Fetch),
        ],
        behind: &[
            part(Experiment::OtherSite, JWT_STORAGE, usual),
            part(Experiment::OtherSite, JWT_COOKIE, |what, set| {
                is(what, Attack::FormPost) && matches!(set, [Difference::SameSite(SameSite::Unset)])
            }),
        ],
        sources: &[source::BEARER, source::OWASP_CSRF],
    },
    Claim {
        id: "stolen-copy",
        note: &[],
        play: &[
            Press::Switch(SESSION_STORAGE),
            Press::Preset(Strategy::Single),
            Press::Defend(Defence::GuestbookCsp, false),
            Press::LogIn("alice"),
            Press::Script(Comment::Read),
            Press::Replay,
            Press::LogOut,
            Press::Replay,
        ],
        behind: &[
            part(Experiment::ScriptReads, SESSION_STORAGE, |what, _| what == What::LootWorks),
            part(Experiment::ScriptReads, JWT_STORAGE, |what, _| what == What::LootWorks),
            part(Experiment::CopyAfterLogout, SESSION_STORAGE, |what, set| is_logout(what) && set.is_empty()),
            part(Experiment::CopyAfterLogout, JWT_STORAGE, |what, set| is_logout(what) && set.is_empty()),
        ],
        sources: &[source::BEARER, source::ASVS_LOGOUT],
    },
    Claim {
        id: "guessed-id",
        note: &[],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Options(OPEN),
            Press::LogIn("alice"),
            Press::Tamper(Trick::OneCharacter),
            Press::Tamper(Trick::GuessedId),
        ],
        behind: &[
            part(Experiment::Tampered, SESSION_COOKIE, |what, _| what == What::Forgery(Trick::GuessedId)),
            part(Experiment::Tampered, SESSION_COOKIE, |what, _| what == What::Forgery(Trick::OneCharacter)),
        ],
        sources: &[source::ASVS_SESSION, source::OWASP_SESSION],
    },
    Claim {
        id: "alg-none",
        note: &[],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice"), Press::Tamper(Trick::AlgNone)],
        behind: &[part(Experiment::Tampered, JWT_STORAGE, |what, _| what == What::Forgery(Trick::AlgNone))],
        sources: &[source::JWT_PRACTICE, source::ASVS_TOKENS],
    },
    Claim {
        id: "other-key",
        note: &[],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice"), Press::Tamper(Trick::OtherKey)],
        behind: &[part(Experiment::Tampered, JWT_STORAGE, |what, _| what == What::Forgery(Trick::OtherKey))],
        sources: &[source::JWS_VERIFY, source::HMAC_KEY],
    },
    Claim {
        id: "swapped-kid",
        note: &[],
        play: &[Press::Switch(JWT_STORAGE), Press::LogIn("alice"), Press::Tamper(Trick::SwappedKid)],
        behind: &[part(Experiment::Tampered, JWT_STORAGE, |what, _| what == What::Forgery(Trick::SwappedKid))],
        sources: &[source::JWT_INPUT, source::JWS_KID],
    },
    Claim {
        id: "planted-id",
        note: &[],
        play: &[],
        behind: &[part(Experiment::Fixation, SESSION_COOKIE, usual), part(Experiment::Fixation, JWT_COOKIE, usual)],
        sources: &[source::ASVS_SESSION, source::OWASP_SESSION],
    },
    Claim {
        id: "copied-store",
        note: &[15],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Defend(Defence::HashIds, false),
            Press::LogIn("alice"),
            Press::Take(Copied::Rows),
            Press::Replay,
            Press::Defend(Defence::HashIds, true),
            Press::Take(Copied::Rows),
            Press::Replay,
        ],
        behind: &[
            part(Experiment::StoreCopied, SESSION_COOKIE, |what, set| what == What::CopiedRowsWork && set.is_empty()),
            part(Experiment::StoreCopied, SESSION_COOKIE, |what, set| {
                what == What::CopiedRowsWork && matches!(set, [Difference::HashIds])
            }),
            part(Experiment::StoreCopied, JWT_STORAGE, |what, set| what == What::CopiedRowsWork && set.is_empty()),
        ],
        sources: &[source::OWASP_SESSION],
    },
    Claim {
        id: "copied-key",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
            Press::Take(Copied::Key),
            Press::Replay,
            Press::RotateKeys { retire: true },
            Press::Replay,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::StoreCopied, JWT_STORAGE, |what, _| what == What::ForgedWorks),
            part(Experiment::StoreCopied, JWT_STORAGE, |what, _| what == What::ForgedAfterRetiring),
            part(Experiment::StoreCopied, JWT_STORAGE, |what, _| what == What::RotationLogsOut { retire: true }),
        ],
        sources: &[source::HMAC_KEY, source::ASVS_TOKENS],
    },
];

fn is(what: What, attack: Attack) -> bool {
    what == What::OtherSite(attack)
}

fn is_embedded(set: &[Difference]) -> bool {
    matches!(set, [Difference::SameSite(SameSite::None), Difference::Secure])
}

fn is_logout(what: What) -> bool {
    what == What::CopyWorks(Ending::LogOut)
}
