//! The result of an action, kept as what happened so that it can be said in either language.

use super::{measured::Failure, press::Defence, tally::Ending};
use crate::{
    Seconds,
    attack::{Attack, Comment, Copied},
    balance::NodeId,
    scheme::{Credential, Scheme},
    topology::{StoreKind, Topology},
    user::Role,
};
use serde::{Deserialize, Serialize};

/// What brought the visitor here: a form, or a lab that began anew. Its name stands in the address and tells no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Logged in.
    LoggedIn,
    /// Wrong name or password.
    WrongLogin,
    /// The cart changed.
    CartChanged,
    /// Logged out.
    LoggedOut,
    /// Not logged in, or no longer.
    NotLoggedIn,
    /// Anything else was refused; the wire log says why.
    Refused,
    /// The lab was gone, and this visit made it anew.
    Anew,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::LoggedIn,
        Self::WrongLogin,
        Self::CartChanged,
        Self::LoggedOut,
        Self::NotLoggedIn,
        Self::Refused,
        Self::Anew,
    ];

    /// As the address spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged-in",
            Self::WrongLogin => "wrong-login",
            Self::CartChanged => "cart-changed",
            Self::LoggedOut => "logged-out",
            Self::NotLoggedIn => "not-logged-in",
            Self::Refused => "refused",
            Self::Anew => "anew",
        }
    }

    /// Reads it from the address.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Where the catalog came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogFrom {
    /// This server.
    Server(NodeId),
    /// The copy of the caching proxy before the servers.
    Proxy,
    /// The browser's own cache: nobody was asked.
    Browser,
}

/// What is announced after an action.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A form brought the visitor here.
    Outcome(Outcome),
    /// Logged in; `dropped` when the cookie is too large for browsers.
    LoggedIn {
        /// The user.
        name: String,
        /// With which scheme.
        scheme: Scheme,
        /// The cookie has become too large for browsers.
        dropped: bool,
    },
    /// The browser did not keep the cookie of a login that the server accepted.
    NotKept,
    /// localStorage did not take a credential that the server handed out.
    NotStored,
    /// The cart has fewer items than the last answer said, though nobody took any out: another server answered, which
    /// does not know of the last write.
    CartBehind {
        /// So many items.
        items: usize,
        /// Which server answered.
        node: NodeId,
    },
    /// The server knows you; which node it was, where there are several.
    Me {
        /// The user.
        name: String,
        /// As which role.
        role: Role,
        /// With which scheme.
        scheme: Scheme,
        /// Which server answered, where there are several.
        node: Option<NodeId>,
    },
    /// The cart has that many items; `dropped` when the cookie has become too large.
    Cart {
        /// So many items.
        items: usize,
        /// The cookie has become too large for browsers.
        dropped: bool,
    },
    /// Logged out; whether a copy of the credential is dead, too.
    LoggedOut {
        /// A copy of the credential is dead, too.
        revoked: bool,
        /// What was held.
        credential: Credential,
        /// All logins of the user were meant.
        everywhere: bool,
    },
    /// The page let go of a credential that the server refused anyway.
    Forgotten,
    /// The admin area let you in.
    LetIn {
        /// So many users.
        users: usize,
    },
    /// Refused, with the status and what the server said; which node it was, where there are several.
    Refused {
        /// The status of the answer.
        status: u16,
        /// What the server said.
        detail: String,
        /// Which server answered, where there are several.
        node: Option<NodeId>,
    },
    /// A changed credential was sent: refused or, unchanged, let in.
    Tampered {
        /// The status of the answer.
        status: u16,
        /// What the server said.
        detail: String,
    },
    /// Something happened to the servers.
    Servers(OfServers),
    /// The clock went forward.
    Advanced(Seconds),
    /// A user's role is another one.
    RoleSet {
        /// The user.
        name: String,
        /// As which role.
        role: Role,
    },
    /// A user may or may not log in any more.
    DisabledSet {
        /// The user.
        name: String,
        /// Whether the user may not log in.
        disabled: bool,
    },
    /// A caching proxy was put before the servers, or taken away.
    ProxySet {
        /// Whether there is one now.
        on: bool,
    },
    /// A defence was switched.
    DefenceSet {
        /// Which.
        defence: Defence,
        /// Whether it is on.
        on: bool,
    },
    /// A new key signs.
    Rotated {
        /// Whether older keys verify no more.
        retired: bool,
    },
    /// The lab is as new.
    Reset,
    /// The next login will use this scheme; `held` is how one is logged in meanwhile.
    Switched {
        /// With which scheme.
        scheme: Scheme,
        /// What one is logged in with meanwhile.
        held: Option<Scheme>,
    },
    /// Copied to the clipboard, or not.
    Copied(bool),
    /// The page's address was copied, with what is chosen and open.
    Shared,
    /// A run of experiments has ended.
    Ran(Ending),
    /// The attacker sent what it has taken; whom the server took it for.
    Replayed {
        /// The status of the answer.
        status: u16,
        /// Whom the server took the attacker for.
        user: Option<String>,
    },
    /// What the attacker had is gone.
    LootEmptied,
    /// A hostile script ran on a page of this origin.
    Script {
        /// What it was to do.
        comment: Comment,
        /// Whether it did: the attacker has the credential, or the cart is another.
        did: bool,
        /// Whether the guestbook's Content Security Policy was to keep it from running.
        was_barred: bool,
    },
    /// Another site had the browser ask.
    OtherSite {
        /// How.
        attack: Attack,
        /// Whether a cookie came along.
        came_along: bool,
        /// Whether it was answered as the visitor's request.
        as_you: bool,
    },
    /// Somebody copied what the server holds.
    Took {
        /// What.
        copied: Copied,
        /// So many credentials the attacker has got by it.
        pieces: usize,
    },
    /// The catalog came.
    Catalog {
        /// Who had it.
        from: CatalogFrom,
    },
    /// The address names a claim that there is not; the first one is shown.
    NoSuchClaim,
    /// It could not be done.
    Failed(Failure),
    /// What was before a claim was tried is there again.
    PutBack,
    /// The server gave no answer.
    Unreachable,
}

/// What happened to the servers, and what was lost by it.
#[derive(Clone, Debug, PartialEq)]
pub enum OfServers {
    /// They are arranged in another way.
    Arranged(Arranged),
    /// All nodes stopped and started; so many logins are lost.
    Restarted {
        /// The servers as they are.
        topology: Topology,
        /// So many logins are no more.
        lost: usize,
    },
    /// A node stopped; so many logins are lost.
    NodeStopped {
        /// Which server answered, where there are several.
        node: NodeId,
        /// Where sessions are kept.
        store: StoreKind,
        /// So many logins are no more.
        lost: usize,
    },
    /// A node started; so many rows were copied to it.
    NodeStarted {
        /// Which server answered, where there are several.
        node: NodeId,
        /// Where sessions are kept.
        store: StoreKind,
        /// So many rows were copied.
        rows: usize,
    },
    /// An outage of the shared store began or ended.
    StoreDown {
        /// Where sessions are kept.
        store: StoreKind,
        /// Whether it is out.
        down: bool,
    },
    /// The shared store is so many milliseconds slower.
    StoreDelayed(u64),
    /// A crowd has ended: the share of its requests that were known, and how many of its numbers that could be
    /// predicted are as predicted.
    CrowdEnded {
        /// Whether it was stopped.
        stopped: bool,
        /// The share of its requests that were known.
        known: String,
        /// Numbers that could be held against theory.
        judged: usize,
        /// Those that are as it says.
        within: usize,
    },
    /// It was asked to end.
    CrowdStopping,
}

/// The servers before and after they were arranged, and what became of the logins.
#[derive(Clone, Debug, PartialEq)]
pub struct Arranged {
    /// The servers before.
    pub before: Topology,
    /// The servers after.
    pub after: Topology,
    /// How many logins there are.
    pub held: usize,
    /// How many are no more.
    pub lost: usize,
}

impl Said {
    /// Whether it is bad news.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        match self {
            Self::NotKept
            | Self::NotStored
            | Self::CartBehind { .. }
            | Self::Failed(_)
            | Self::Took { .. }
            | Self::Refused { .. }
            | Self::NoSuchClaim
            | Self::Unreachable
            | Self::Copied(false) => true,
            Self::LoggedIn { dropped, .. } | Self::Cart { dropped, .. } => *dropped,
            Self::Outcome(outcome) => {
                matches!(outcome, Outcome::WrongLogin | Outcome::NotLoggedIn | Outcome::Refused)
            }
            Self::Tampered { status, .. } => *status >= 400,
            Self::Ran(ending) => ending.is_bad(),
            Self::Replayed { user, .. } => user.is_some(),
            Self::Script { did, .. } => *did,
            Self::OtherSite { as_you, .. } => *as_you,
            Self::Servers(OfServers::CrowdEnded { judged, within, .. }) => within < judged,
            _ => false,
        }
    }
}
