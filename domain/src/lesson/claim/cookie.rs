//! What a cookie is.

use super::{Claim, SESSION_COOKIE, part};
use crate::{
    attack::Comment,
    cookie::CookieOptions,
    lesson::{
        experiment::{Difference, Experiment},
        press::Press,
    },
};

const OPEN: CookieOptions = CookieOptions { http_only: false, ..CookieOptions::USUAL };

pub(super) const CLAIMS: &[Claim] = &[Claim {
    id: "http-only",
    note: &[4],
    play: &[
        Press::Switch(SESSION_COOKIE),
        Press::Options(CookieOptions::USUAL),
        Press::LogIn("alice"),
        Press::Script(Comment::Read),
        Press::Options(OPEN),
        Press::LogIn("alice"),
        Press::Script(Comment::Read),
    ],
    behind: &[
        part(Experiment::ScriptReads, SESSION_COOKIE, |_, set| set.is_empty()),
        part(Experiment::ScriptReads, SESSION_COOKIE, |_, set| matches!(set, [Difference::NoHttpOnly])),
    ],
    sources: &[(
        "RFC 6265bis §5.7, HttpOnly",
        "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.7",
    )],
}];
