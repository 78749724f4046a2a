//! The questions.

use crate::attack::Attack;
use serde::{Deserialize, Serialize};

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
    /// A good token's own words, signed with another key.
    OtherKey,
    /// The header names a key that is not one, and an empty key has signed.
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
    /// Somebody who sees the credential, and has no key, reads in it whose it is.
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
    /// It tells if the server allowed `api/me` to be kept.
    CacheTellsIfAllowed,
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

    /// Whether another site has to ask, from the attacker's window, which the browser opens only on a click.
    #[must_use]
    pub const fn needs_window(self) -> bool {
        matches!(
            self,
            Self::OtherSite(_) | Self::OtherSiteLater | Self::ProbesCross(_) | Self::ProbesLater | Self::HostGetsIt
        )
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
