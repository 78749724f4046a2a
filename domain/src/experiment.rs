//! The experiments: what people claim about cookies, sessions and tokens, as questions that a browser answers.
//!
//! An experiment is data. It consists of [`Trial`]s, each one question ([`What`]) under one [`Setting`]. What the
//! rules say about it is [`predict`]ed from these two alone; a measurement never gets in here.

use crate::{
    attack::Attack,
    cookie::{CookieOptions, Engine, Origin, Rule},
    scheme::{Carrier, Credential, Scheme},
    topology::{StoreKind, Strategy, Topology},
    view::Defences,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use judge::{Verdict, better, judge};
pub use predict::{Prediction, predict};
pub use trials::{READS, WRITES, does_not_apply, trials};

mod judge;
mod predict;
mod trials;

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
    pub const ALL: [Self; 25] = [
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

    /// Whether it needs the attacker's window, which the browser opens only on a click.
    #[must_use]
    pub const fn needs_window(self) -> bool {
        matches!(self, Self::OtherSite | Self::CookieRules)
    }
}

/// Everything that a prediction may depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Which credential, in which carrier.
    pub scheme: Scheme,
    /// How the login asks for its cookie.
    pub options: CookieOptions,
    /// The defences that are on.
    pub defences: Defences,
    /// How many servers, and where sessions are kept.
    pub topology: Topology,
    /// The visitor's browser.
    pub engine: Engine,
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
            origin,
        }
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

/// How a login is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// This login.
    LogOut,
    /// All of the user's.
    LogOutEverywhere,
}

/// A limit of a login's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// A session that lies unused.
    Idle,
    /// A session however much it is used.
    Absolute,
    /// A token's `exp`.
    Exp,
}

/// How a credential is forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trick {
    /// A random id.
    GuessedId,
    /// The right id but for one character.
    OneCharacter,
    /// The role in the payload is another.
    ChangedClaim,
    /// `alg: none`, and no signature.
    AlgNone,
    /// A good token, signed with another lab's key.
    OtherKey,
    /// The header names another key.
    SwappedKid,
    /// A newer payload with an older token's signature.
    OldSignature,
}

/// What is sent again when its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeated {
    /// `GET api/me`.
    Get,
    /// `POST api/orders`.
    Post,
    /// `POST api/orders` with an `Idempotency-Key`.
    PostWithKey,
}

/// A question that a run answers. Each says whether, or how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A hostile script on a page of the origin gets the credential.
    ScriptReads,
    /// What it got lets the attacker in, from another machine.
    LootWorks,
    /// A hostile script changes the cart as the visitor.
    ScriptActs,
    /// A request that another site caused is answered as the visitor's.
    OtherSite(Attack),
    /// A form of another site posts as the visitor, two minutes after the login.
    OtherSiteLater,
    /// The server knows the visitor by a navigation alone.
    KnownBeforeScript,
    /// Which probe cookies the browser keeps.
    ProbesKept,
    /// Which of them a script sees.
    ProbesVisible,
    /// Which of them go along with a `fetch` of the own page.
    ProbesFetched,
    /// Which of them go along with a frame of the own page.
    ProbesFramed,
    /// Which of them go along with an attack of another site.
    ProbesCross(Attack),
    /// Which of them go along with a form of another site, two minutes after they were set.
    ProbesLater,
    /// The browser drops the cookie once the cart has grown, without a word.
    CookieDropped,
    /// Another port of the same host gets the credential.
    PortGetsIt,
    /// Another host gets it.
    HostGetsIt,
    /// A page from another port of the same host finds it in its localStorage.
    PortReadsStorage,
    /// A copy works after the login was ended.
    CopyWorks(Ending),
    /// How many entries the denylist has after a logout.
    DenylistEntries,
    /// An admin area lets somebody in whose role was taken away.
    OldRoleWorks,
    /// A disabled user is still let in.
    DisabledWorks,
    /// A login survives a restart of all servers.
    SurvivesRestart,
    /// It lives shortly before its limit.
    AliveBefore(Limit),
    /// It lives at its limit.
    AliveAt(Limit),
    /// Using it makes it live longer.
    UseProlongs,
    /// A forged credential is accepted.
    Forgery(Trick),
    /// The payload is read without the key.
    PayloadReads,
    /// The keys of copied rows let the attacker in.
    CopiedRowsWork,
    /// A token forged with the copied signing key is accepted.
    ForgedWorks,
    /// It is accepted after the key was retired.
    ForgedAfterRetiring,
    /// Rotating the key (retiring the old one or not) logs the visitor out.
    RotationLogsOut {
        /// Whether the old key is retired.
        retire: bool,
    },
    /// A credential planted before the login speaks for the visitor after it.
    PlantedWorks,
    /// A request grows with the cart.
    RequestGrows,
    /// What the server stores grows with the cart.
    RowGrows,
    /// How many look-ups ten requests cost.
    LookUps,
    /// How often ten requests ask the denylist.
    DenylistChecks,
    /// How long identifying takes, in microseconds.
    TimeToIdentify,
    /// A refresh token gives a new token when the old one is over.
    RefreshWorks,
    /// The visitor's own refresh works after a thief used the same refresh token.
    RefreshAfterTheft,
    /// Two tabs that refresh at once are both still logged in.
    RefreshInTwoTabs,
    /// How many rows the server stores for a login with a refresh token.
    RefreshRows,
    /// A role taken away is still in force after the next refresh.
    OldRoleAfterRefresh,
    /// The server remembers somebody who sends no credential.
    Remembered,
    /// How often something is done that was sent again.
    Done(Repeated),
    /// How many of two fetches of the catalog reach the server.
    CatalogRequests,
    /// The catalog is not sent a second time when the browser asks whether it changed.
    NotModified,
    /// How many of two fetches of `api/me` reach the server.
    MeRequests,
    /// The browser's cache tells who was logged in, after the logout.
    CacheTells,
    /// How many of three servers answer three requests.
    NodesAnswering,
    /// They answer the same.
    SameAnswer,
    /// How many of twelve requests meet a server that knows the login.
    KnownRequests,
    /// The login is lost when a server stops that held it.
    LostWithNode,
    /// How often twelve requests ask a session store.
    StoreOperations,
    /// How many messages three changes of the cart cause between servers.
    Messages,
    /// How many numbers of a crowd are not as theory says.
    CrowdUnlikeTheory,
}

impl What {
    /// Whether two minutes have to pass before there is an answer.
    #[must_use]
    pub const fn takes_minutes(self) -> bool {
        matches!(self, Self::OtherSiteLater | Self::ProbesLater)
    }

    /// Whether it is about nothing but the cookie: then what the cookie holds makes no difference, and as the
    /// answer takes minutes, one is enough for a carrier.
    #[must_use]
    pub const fn is_about_the_carrier_alone(self) -> bool {
        matches!(
            self,
            Self::OtherSiteLater
                | Self::ProbesKept
                | Self::ProbesVisible
                | Self::ProbesFetched
                | Self::ProbesFramed
                | Self::ProbesCross(_)
                | Self::ProbesLater
        )
    }
}

/// One question under one setting.
#[derive(Clone, Debug, PartialEq)]
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

/// Why a prediction is what it is. The words, and the source of each, are the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Because {
    /// A rule about cookies.
    Rule(Rule),
    /// A cookie that the browser does not keep cannot go along.
    NotKept(Rule),
    /// Each of the probes by its own rule.
    EachByItsRule,
    /// The guestbook's policy lets no foreign script run.
    CspBlocks,
    /// Every script of the origin reads its localStorage; there is no flag against it.
    StorageIsOpen,
    /// There is nothing that could be used elsewhere.
    NothingTaken,
    /// Whoever has the credential is the visitor.
    BearerOfIt,
    /// A script of the origin may do whatever the page may.
    ScriptIsThePage,
    /// Only the page's own script attaches it.
    ScriptMustAttach,
    /// The server compares where a changing request comes from.
    OriginChecked,
    /// A cookie belongs to a host, whatever the port.
    PortsDoNotMatter,
    /// A cookie belongs to the host that set it.
    HostMatters,
    /// localStorage belongs to an origin, port included.
    StorageKnowsPorts,
    /// localStorage has room for megabytes.
    StorageHasRoom,
    /// An id is always as short.
    IdStaysShort,
    /// This engine has no such limit.
    EngineHasNoWall,
    /// The row is gone, and with it the login.
    RowIsGone,
    /// Nobody can take a token back; it is good until `exp`.
    TokenLivesOn,
    /// The denylist names it.
    OnDenylist,
    /// No one ended a token before its time, so nothing is listed.
    NothingListed,
    /// The row says what is true now.
    RowSaysNow,
    /// The token says what was true when it was issued.
    TokenSaysThen,
    /// A server's memory goes with it.
    MemoryIsGone,
    /// All servers stopped at once, so nobody was left with a copy.
    AllAtOnce,
    /// The store goes on without the servers.
    StoreOutlives,
    /// The key is all that a server needs.
    TokenNeedsNoStore,
    /// It is not over yet.
    NotOverYet,
    /// At its limit it is over, not a second later.
    OverAtLimit,
    /// Each use pushes the idle limit on.
    IdlePushedOn,
    /// `exp` stands in the token and cannot move.
    ExpIsFixed,
    /// 128 random bits cannot be guessed.
    CannotBeGuessed,
    /// The signature covers every byte.
    SignatureCovers,
    /// A token is signed, not encrypted.
    SignedNotSealed,
    /// The key decides the algorithm, and it is never `none`.
    NoneIsRefused,
    /// Another key's signature is none.
    AnotherKey,
    /// `kid` chooses among known keys only.
    KidChoosesKnown,
    /// The ids lie in the store as they are.
    IdsInTheClear,
    /// The store has hashes, and a hash is no id.
    HashIsNoId,
    /// There are no rows to copy.
    NoRows,
    /// Whoever has the key signs for anyone.
    KeySignsAnything,
    /// A retired key verifies nothing any more.
    KeyIsRetired,
    /// The old key still verifies.
    OldKeyVerifies,
    /// No key has a part in it.
    NoKeyInvolved,
    /// Every login gets a new credential.
    NewAtLogin,
    /// The token names its user, and that is somebody else.
    TokenNamesItsUser,
    /// The state travels with each request.
    StateTravels,
    /// The state stays on the server.
    StateStays,
    /// Each request looks its session up.
    EachLooksUp,
    /// Verifying a signature looks nothing up.
    NothingToLookUp,
    /// Each request asks the denylist.
    EachAsksDenylist,
    /// A refresh token is changed for a new token.
    ChangedForNew,
    /// A refresh token that comes twice ends its whole family.
    FamilyEnds,
    /// The family of a refresh token is a row in the session store.
    RowPerFamily,
    /// A refresh reads the row, which says what is true now.
    RefreshReadsRow,
    /// Nothing in the second request says who sent the first.
    NothingComesAlong,
    /// A safe request changes nothing, however often it comes.
    SafeToRepeat,
    /// The server cannot know that it is the same purchase.
    LooksLikeTwo,
    /// The key says that it is the same one.
    KeySaysSame,
    /// It may be kept for a minute.
    FreshForAMinute,
    /// The `ETag` is still the same.
    EtagStillTrue,
    /// `no-store`: it is kept nowhere.
    KeptNowhere,
    /// Each request holds all that is needed to answer it.
    NeedsNoMemory,
    /// One server in so many knows the login.
    OneInN,
    /// The balancer's cookie leads back to the same server.
    LedBack,
    /// Every server has a copy.
    CopiesEverywhere,
    /// All servers ask the same store.
    OneStoreForAll,
    /// Every server has the key.
    EveryServerHasKey,
    /// The server took its memory along.
    ServerTookIt,
    /// Each change is sent to every other server.
    EachWriteIsSent,
    /// Nobody has to tell anybody.
    NothingToSend,
    /// What theory expects holds, within what chance allows.
    TheoryHolds,
    /// There is no cookie in it.
    NoCookie,
    /// A session has no use for a refresh token: it is looked up anyway.
    SessionNeedsNone,
}

/// What there is to look up for a credential.
const fn has_row(credential: Credential) -> bool {
    matches!(credential, Credential::SessionId)
}

#[cfg(test)]
mod tests;
