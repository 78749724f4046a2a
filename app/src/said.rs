//! The result of an action, kept as what happened so that it can be said in either language.

use crate::boot::Outcome;
use domain::{
    Seconds,
    scheme::{Credential, Scheme},
    user::Role,
};

/// What is announced after an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A form brought the visitor here.
    Outcome(Outcome),
    /// Logged in; `dropped` when the cookie is too large for browsers.
    LoggedIn { name: String, scheme: Scheme, dropped: bool },
    /// The browser did not keep the cookie of a login that the server accepted.
    NotKept,
    /// The server knows you.
    Me { name: String, role: Role, scheme: Scheme },
    /// The cart has that many items; `dropped` when the cookie has become too large.
    Cart { items: usize, dropped: bool },
    /// Logged out; whether a copy of the credential is dead, too.
    LoggedOut { revoked: bool, credential: Credential, everywhere: bool },
    /// The page let go of a credential that the server refused anyway.
    Forgotten,
    /// The admin area let you in.
    LetIn { users: usize },
    /// Refused, with the status and what the server said.
    Refused { status: u16, detail: String },
    /// A changed credential was sent: refused or, unchanged, let in.
    Tampered { status: u16, detail: String },
    /// All nodes stopped and started.
    Restarted,
    /// The clock went forward.
    Advanced(Seconds),
    /// A user's role is another one.
    RoleSet { name: String, role: Role },
    /// A user may or may not log in any more.
    DisabledSet { name: String, disabled: bool },
    /// A defence was switched.
    DefenceSet { on: bool },
    /// A new key signs.
    Rotated { retired: bool },
    /// The lab is as new.
    Reset,
    /// The next login will use this scheme; `held` is how one is logged in meanwhile.
    Switched { scheme: Scheme, held: Option<Scheme> },
    /// Copied to the clipboard, or not.
    Copied(bool),
    /// The server cannot be reached.
    Unreachable,
}

impl Said {
    /// Whether it is bad news.
    pub(crate) fn is_bad(&self) -> bool {
        match self {
            Self::NotKept | Self::Refused { .. } | Self::Unreachable | Self::Copied(false) => true,
            Self::LoggedIn { dropped, .. } | Self::Cart { dropped, .. } => *dropped,
            Self::Outcome(outcome) => {
                matches!(outcome, Outcome::WrongLogin | Outcome::NotLoggedIn | Outcome::Refused)
            }
            Self::Tampered { status, .. } => *status >= 400,
            _ => false,
        }
    }
}
