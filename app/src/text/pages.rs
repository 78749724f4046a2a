//! Words that the server alone writes: those of the small pages beside the lab, and some that scripts do not need.

use super::{Lang, T, en, ko};

/// The words of these pages.
#[derive(Debug)]
pub struct Pages {
    /// The guestbook.
    pub guestbook: Guestbook,
    /// Where a search of the guide finds nothing.
    pub nothing_found: T,
    /// To who has no scripts.
    pub no_script: T,
    /// Before what is to be seen of a claim, once it is tried.
    pub to_see: T,
    /// To what the claims say, where no script fetches it.
    pub tell_claims: T,
    /// What is shown where nothing lies.
    pub not_found: NotFound,
    /// The attacker's window.
    pub attacker: AttackerWindow,
}

/// The guestbook.
#[derive(Debug)]
pub struct Guestbook {
    /// Its title.
    pub title: T,
    /// To somebody who is not logged in.
    pub nobody: T,
    /// To somebody who is, by name.
    pub somebody: fn(&str) -> String,
    /// What others wrote: a name, and a comment.
    pub comments: [(T, T); 3],
    /// What of a hostile comment there is to read.
    pub hostile: T,
}

/// What is shown where nothing lies.
#[derive(Debug)]
pub struct NotFound {
    /// What is the matter.
    pub title: T,
    /// How that may have come about.
    pub why: T,
    /// The same, where a lab can be.
    pub gone: T,
    /// The link to a fresh lab at the same address.
    pub here: T,
    /// The link to a new lab.
    pub way: T,
}

/// The attacker's window.
#[derive(Debug)]
pub struct AttackerWindow {
    /// Its title.
    pub title: T,
    /// What it does.
    pub what: T,
    /// That it may be closed.
    pub close: T,
}

impl Lang {
    /// The words of the small pages.
    #[must_use]
    pub const fn pages(self) -> &'static Pages {
        match self {
            Self::En => &en::PAGES,
            Self::Ko => &ko::PAGES,
        }
    }
}
