//! The guide's claims, in English.

use crate::text::claims::Told;

pub(in crate::text) const CLAIMS: [&[Told]; 7] = [COOKIE, &[], &[], &[], &[], &[], &[]];

const COOKIE: &[Told] = &[Told {
    id: "http-only",
    claim: "HttpOnly: no script reads it.",
    glosses: &[("XSS", "a hostile script runs on your own page")],
    look: "With HttpOnly the attacker took nothing; without it, the fourth place shows the stolen id.",
    why: "The browser keeps such a cookie and sends it, but shows it to no script.",
    rows: &["HttpOnly", "without HttpOnly"],
}];
