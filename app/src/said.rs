//! The result of an action, kept as what happened so that it can be said in either language.

use crate::{boot::Outcome, experiments::Ending};
use domain::{
    Seconds,
    balance::NodeId,
    scheme::{Credential, Scheme},
    topology::{StoreKind, Topology},
    user::Role,
};

/// What is announced after an action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// A form brought the visitor here.
    Outcome(Outcome),
    /// Logged in; `dropped` when the cookie is too large for browsers.
    LoggedIn { name: String, scheme: Scheme, dropped: bool },
    /// The browser did not keep the cookie of a login that the server accepted.
    NotKept,
    /// The server knows you; which node it was, where there are several.
    Me { name: String, role: Role, scheme: Scheme, node: Option<NodeId> },
    /// The cart has that many items; `dropped` when the cookie has become too large.
    Cart { items: usize, dropped: bool },
    /// Logged out; whether a copy of the credential is dead, too.
    LoggedOut { revoked: bool, credential: Credential, everywhere: bool },
    /// The page let go of a credential that the server refused anyway.
    Forgotten,
    /// The admin area let you in.
    LetIn { users: usize },
    /// Refused, with the status and what the server said; which node it was, where there are several.
    Refused { status: u16, detail: String, node: Option<NodeId> },
    /// A changed credential was sent: refused or, unchanged, let in.
    Tampered { status: u16, detail: String },
    /// Something happened to the servers; `switched` when the next login uses another scheme, too.
    Servers { what: OfServers, switched: Option<Scheme> },
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
    /// A run of experiments has ended.
    Ran(Ending),
    /// The attacker sent what it has taken; whom the server took it for.
    Replayed { status: u16, user: Option<String> },
    /// What the attacker had is gone.
    LootEmptied,
    /// The server gave no answer.
    Unreachable,
}

/// What happened to the servers, and what was lost by it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OfServers {
    /// They are arranged in another way.
    Arranged(Arranged),
    /// All nodes stopped and started; so many logins are lost.
    Restarted { topology: Topology, lost: usize },
    /// A node stopped; so many logins are lost.
    NodeStopped { node: NodeId, store: StoreKind, lost: usize },
    /// A node started; so many rows were copied to it.
    NodeStarted { node: NodeId, store: StoreKind, rows: usize },
    /// An outage of the shared store began or ended.
    StoreDown { store: StoreKind, down: bool },
    /// The shared store is so many milliseconds slower.
    StoreDelayed(u64),
    /// A crowd has ended: the share of its requests that were known, and how many of its numbers that could be
    /// predicted are as predicted.
    CrowdEnded { stopped: bool, known: String, judged: usize, within: usize },
    /// It was asked to end.
    CrowdStopping,
}

/// The servers before and after they were arranged, and what became of the logins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arranged {
    pub(crate) before: Topology,
    pub(crate) after: Topology,
    /// How many logins there are.
    pub(crate) held: usize,
    /// How many are no more.
    pub(crate) lost: usize,
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
            Self::Ran(ending) => ending.is_bad(),
            Self::Replayed { user, .. } => user.is_some(),
            Self::Servers { what: OfServers::CrowdEnded { judged, within, .. }, .. } => within < judged,
            _ => false,
        }
    }
}
