//! The experiments: what people claim about cookies, sessions and tokens, as questions that a browser answers.
//!
//! An experiment is data. It consists of [`Trial`]s, each one question ([`What`]) under one [`Setting`]. What the
//! rules say about it is [`predict`]ed from these two alone; a measurement never gets in here.

use crate::{
    cookie::{Browser, CookieOptions, Engine, Origin},
    scheme::{Carrier, Credential, Scheme},
    topology::{StoreKind, Strategy, Topology},
    view::Defences,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use because::Because;
pub use judge::{Verdict, better, judge};
pub use predict::{Prediction, predict};
pub use trials::{ASKED, READS, WRITES, does_not_apply, trials};
pub use what::{Ending, Limit, Repeated, Trick, What};

mod because;
mod judge;
mod predict;
mod trials;
mod what;

/// What an experiment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Who attaches the credential.
    Carrier,
    /// Who holds the state.
    Credential,
    /// That HTTP itself remembers nothing.
    Http,
    /// What several servers do to a login.
    Servers,
}

impl Axis {
    /// All of them, in the page's order.
    pub const ALL: [Self; 4] = [Self::Carrier, Self::Credential, Self::Http, Self::Servers];
}

/// The experiments, in the page's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Experiment {
    /// A hostile script reads the credential.
    ScriptReads,
    /// A hostile script acts without reading it.
    ScriptActs,
    /// Another site acts as you.
    OtherSite,
    /// Does the server know you before any script runs?
    Reload,
    /// The browser's own rules about cookies, whole.
    CookieRules,
    /// The 4096-byte wall.
    CookieWall,
    /// Who else gets this cookie, who else reads this localStorage.
    Ports,
    /// A copy after logging out.
    CopyAfterLogout,
    /// A role taken away, a user disabled.
    RoleChange,
    /// The server restarts.
    Restart,
    /// It expires.
    Expiry,
    /// What a credential says to whoever sees it.
    Payload,
    /// It is tampered with.
    Tampered,
    /// The store or the signing key is copied.
    StoreCopied,
    /// An id planted before login.
    Fixation,
    /// What grows with the cart.
    Growth,
    /// Look-ups and time.
    Cost,
    /// A short token and a refresh token.
    Refresh,
    /// The same request twice without a credential.
    Stateless,
    /// The answer is lost and the request sent again.
    Retry,
    /// What comes from a cache.
    Cache,
    /// Any server may answer.
    AnyServer,
    /// Several servers that know nothing of each other.
    Problem,
    /// Each visitor stays with one server.
    Sticky,
    /// The servers copy their sessions.
    Clustering,
    /// The sessions lie outside the servers.
    Separate,
}

impl Experiment {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::ScriptReads,
        Self::ScriptActs,
        Self::OtherSite,
        Self::Reload,
        Self::CookieRules,
        Self::CookieWall,
        Self::Ports,
        Self::CopyAfterLogout,
        Self::RoleChange,
        Self::Restart,
        Self::Expiry,
        Self::Payload,
        Self::Tampered,
        Self::StoreCopied,
        Self::Fixation,
        Self::Growth,
        Self::Cost,
        Self::Refresh,
        Self::Stateless,
        Self::Retry,
        Self::Cache,
        Self::AnyServer,
        Self::Problem,
        Self::Sticky,
        Self::Clustering,
        Self::Separate,
    ];

    /// Its name in addresses and exports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScriptReads => "script-reads",
            Self::ScriptActs => "script-acts",
            Self::OtherSite => "other-site",
            Self::Reload => "reload",
            Self::CookieRules => "cookie-rules",
            Self::CookieWall => "cookie-wall",
            Self::Ports => "ports",
            Self::CopyAfterLogout => "copy-after-logout",
            Self::RoleChange => "role-change",
            Self::Restart => "restart",
            Self::Expiry => "expiry",
            Self::Payload => "payload",
            Self::Tampered => "tampered",
            Self::StoreCopied => "store-copied",
            Self::Fixation => "fixation",
            Self::Growth => "growth",
            Self::Cost => "cost",
            Self::Refresh => "refresh",
            Self::Stateless => "stateless",
            Self::Retry => "retry",
            Self::Cache => "cache",
            Self::AnyServer => "any-server",
            Self::Problem => "problem",
            Self::Sticky => "sticky",
            Self::Clustering => "clustering",
            Self::Separate => "separate",
        }
    }

    /// Reads its name from an address.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|experiment| experiment.name() == name)
    }

    /// What it is about.
    #[must_use]
    pub const fn axis(self) -> Axis {
        match self {
            Self::ScriptReads
            | Self::ScriptActs
            | Self::OtherSite
            | Self::Reload
            | Self::CookieRules
            | Self::CookieWall
            | Self::Ports => Axis::Carrier,
            Self::Stateless | Self::Retry | Self::Cache | Self::AnyServer => Axis::Http,
            Self::Problem | Self::Sticky | Self::Clustering | Self::Separate => Axis::Servers,
            _ => Axis::Credential,
        }
    }

    /// Whether a part of it has to wait for minutes.
    #[must_use]
    pub const fn takes_minutes(self, carrier: Carrier) -> bool {
        matches!(self, Self::OtherSite | Self::CookieRules) && matches!(carrier, Carrier::Cookie)
    }
}

/// Everything that a prediction may depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Which credential, in which carrier.
    pub scheme: Scheme,
    /// How the login asks for its cookie.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub options: CookieOptions,
    /// The defences that are on.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub defences: Defences,
    /// How many servers, and where sessions are kept.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub topology: Topology,
    /// The visitor's browser.
    pub engine: Engine,
    /// Whether it lets embedded requests of other sites bring cookies along; `None` until it was asked.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub third_party: Option<bool>,
    /// Where the page is.
    pub origin: Origin,
}

/// Where a setting departs from the usual one, to be named beside a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// `HttpOnly` is off.
    NoHttpOnly,
    /// `Secure` is on.
    Secure,
    /// Another `SameSite`.
    SameSite(crate::cookie::SameSite),
    /// The cookie outlives the browser.
    MaxAge,
    /// The name begins with `__Host-`.
    HostPrefix,
    /// The path is `/`.
    RootPath,
    /// The server compares where requests come from.
    CheckOrigin,
    /// The server remembers ended tokens.
    Denylist,
    /// The store keeps only hashes.
    HashIds,
    /// The guestbook has a policy against foreign scripts.
    GuestbookCsp,
    /// Several servers, or a store outside of them.
    Servers(Strategy, StoreKind),
}

impl Setting {
    /// The usual setting: default options, no defence, one server with its own memory.
    #[must_use]
    pub fn usual(scheme: Scheme, engine: Engine, origin: Origin) -> Self {
        Self {
            scheme,
            options: CookieOptions::default(),
            defences: Defences::default(),
            topology: Topology::default(),
            engine,
            third_party: None,
            origin,
        }
    }

    /// The visitor's browser.
    #[must_use]
    pub const fn browser(&self) -> Browser {
        Browser { engine: self.engine, third_party: self.third_party }
    }

    /// The same browser and scheme, everything else as usual.
    #[must_use]
    pub fn as_usual(&self) -> Self {
        Self::usual(self.scheme, self.engine, self.origin.clone())
    }

    /// Where it departs from the usual one.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let (options, defences, usual) = (&self.options, &self.defences, CookieOptions::default());
        let is_cookie = self.scheme.carrier == Carrier::Cookie;
        let servers = (self.topology != Topology::default()).then(|| {
            let strategy = Strategy::of(self.topology, false);
            Difference::Servers(strategy, self.topology.store)
        });
        let all = [
            (is_cookie && !options.http_only, Difference::NoHttpOnly),
            (is_cookie && options.same_site != usual.same_site, Difference::SameSite(options.same_site)),
            (is_cookie && options.secure, Difference::Secure),
            (is_cookie && options.max_age.is_some(), Difference::MaxAge),
            (is_cookie && options.host_prefix, Difference::HostPrefix),
            (is_cookie && options.path.is_some(), Difference::RootPath),
            (defences.guestbook_csp, Difference::GuestbookCsp),
            (defences.check_origin, Difference::CheckOrigin),
            (defences.denylist, Difference::Denylist),
            (defences.hash_ids, Difference::HashIds),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, difference)| difference).chain(servers).collect()
    }
}

/// Whether it need not be written down.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// One question under one setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The question.
    pub what: What,
    /// The setting.
    pub setting: Setting,
}

/// An answer, predicted or measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Yes.
    Yes,
    /// No.
    No,
    /// So often.
    Count(u64),
    /// So many microseconds.
    Micros(u64),
    /// These of the probes, by number.
    Probes(BTreeSet<usize>),
}

impl From<bool> for Finding {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// What there is to look up for a credential.
const fn has_row(credential: Credential) -> bool {
    matches!(credential, Credential::SessionId)
}

#[cfg(test)]
mod tests;
