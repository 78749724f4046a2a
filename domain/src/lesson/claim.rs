//! The guide: what is said about cookies, sessions and tokens, as claims that a visitor sees come true.
//!
//! A claim is data: what to press on the desk to see it, and the comparisons behind it. Its words are the page's.

use crate::{
    cookie::{CookieOptions, SameSite},
    lesson::{
        experiment::{Difference, What},
        part::Part,
        press::Press,
    },
};

mod attacks;
mod choice;
mod cookie;
pub mod seen;
mod servers;
mod session;
mod sources;
mod stateless;
mod token;

/// A chapter of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chapter {
    /// What a cookie is.
    Cookie,
    /// What a session is.
    Session,
    /// What a token is.
    Token,
    /// That HTTP remembers nothing.
    Stateless,
    /// What several servers do to a login.
    Servers,
    /// What attackers do.
    Attacks,
    /// Which one to take.
    Choice,
}

impl Chapter {
    /// All of them, in the guide's order.
    pub const ALL: [Self; 7] =
        [Self::Cookie, Self::Session, Self::Token, Self::Stateless, Self::Servers, Self::Attacks, Self::Choice];

    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Session => "session",
            Self::Token => "token",
            Self::Stateless => "stateless",
            Self::Servers => "servers",
            Self::Attacks => "attacks",
            Self::Choice => "choice",
        }
    }

    /// Its claims, in the guide's order.
    #[must_use]
    pub const fn claims(self) -> &'static [Claim] {
        match self {
            Self::Cookie => cookie::CLAIMS,
            Self::Session => session::CLAIMS,
            Self::Token => token::CLAIMS,
            Self::Stateless => stateless::CLAIMS,
            Self::Servers => servers::CLAIMS,
            Self::Attacks => attacks::CLAIMS,
            Self::Choice => choice::CLAIMS,
        }
    }
}

/// One claim.
#[derive(Debug)]
pub struct Claim {
    /// Stands in addresses (`?claim=…`), the same in every language.
    pub id: &'static str,
    /// The statements of the note that it brings to life, by their numbers.
    pub note: &'static [u8],
    /// What *Try it* presses on the desk, one after the other. Where it is empty, *Try it* measures what is behind it.
    pub play: &'static [Press],
    /// The comparisons behind it: each part one row.
    pub behind: &'static [Part],
    /// Where its rule is written down: what it is called there, and the address.
    pub sources: &'static [(&'static str, &'static str)],
}

/// Every claim with its chapter, in the guide's order.
pub fn claims() -> impl Iterator<Item = (Chapter, &'static Claim)> {
    Chapter::ALL.into_iter().flat_map(|chapter| chapter.claims().iter().map(move |claim| (chapter, claim)))
}

/// The claim with this id.
#[must_use]
pub fn named(id: &str) -> Option<&'static Claim> {
    claims().map(|(_, claim)| claim).find(|claim| claim.id == id)
}

/// How many there are to be seen.
pub const TO_BE_SEEN: usize = {
    let (mut seen, mut chapter) = (0, 0);
    while chapter < Chapter::ALL.len() {
        let (claims, mut at) = (Chapter::ALL[chapter].claims(), 0);
        while at < claims.len() {
            if claims[at].can_be_tried() {
                seen += 1;
            }
            at += 1;
        }
        chapter += 1;
    }
    seen
};

/// The id of the guide's first claim.
pub const FIRST: &str = first().id;

/// The guide's first claim.
#[must_use]
pub const fn first() -> &'static Claim {
    &cookie::CLAIMS[0]
}

impl Claim {
    /// Whether there is something to be pressed or measured.
    #[must_use]
    pub const fn can_be_tried(&self) -> bool {
        !self.play.is_empty() || !self.behind.is_empty()
    }

    /// Whether what is measured behind it asks from the attacker's window, which the browser opens only on a click.
    #[must_use]
    pub fn measures_in_window(&self) -> bool {
        self.behind.iter().any(Part::needs_window)
    }

    /// Whether something that *Try it* presses does.
    #[must_use]
    pub fn tries_in_window(&self) -> bool {
        self.play.iter().any(|press| matches!(press, Press::OtherSite(_)))
    }

    /// Its chapter, its number in there, counted from 1, and how many the chapter has.
    #[must_use]
    pub fn place(&self) -> (Chapter, usize, usize) {
        let of = |chapter: Chapter| {
            let at = chapter.claims().iter().position(|claim| claim.id == self.id)?;
            Some((chapter, at + 1, chapter.claims().len()))
        };
        Chapter::ALL.into_iter().find_map(of).unwrap_or((Chapter::Cookie, 1, cookie::CLAIMS.len()))
    }

    /// The claim so many places on in the guide, whatever its chapter.
    #[must_use]
    pub fn beside(&self, by: isize) -> Option<&'static Self> {
        let at = claims().position(|(_, claim)| claim.id == self.id)?;
        claims().nth(at.checked_add_signed(by)?).map(|(_, claim)| claim)
    }
}

const OPEN: CookieOptions = CookieOptions { http_only: false, ..CookieOptions::USUAL };
const UNSET: CookieOptions = CookieOptions { same_site: SameSite::Unset, ..CookieOptions::USUAL };
const STRICT: CookieOptions = CookieOptions { same_site: SameSite::Strict, ..CookieOptions::USUAL };

/// Asked as things are after the start.
fn usual(_: What, set: &[Difference]) -> bool {
    set.is_empty()
}

/// Asked with several servers.
fn is_several(set: &[Difference]) -> bool {
    matches!(set, [Difference::Servers(..)])
}

/// Asked with a store outside of the servers.
fn is_shared(set: &[Difference]) -> bool {
    matches!(set, [Difference::Servers(_, store)] if store.is_shared())
}

#[cfg(test)]
mod tests;
