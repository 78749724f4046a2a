//! What the bench shows of the server and of the browser.

use crate::{
    Seconds,
    attack::AttackerView,
    balance::NodeId,
    claims::{Alg, Beginning, Names},
    crowd::CrowdView,
    topology::{StoreKind, Topology},
    user::{Role, User},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything that the server side of a lab holds, as `control/view` answers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerView {
    /// Counts the looks at a lab since it was made: of two views of one lab the one with the larger number is newer.
    #[serde(default)]
    pub number: u64,
    /// The lab's clock.
    pub now: Seconds,
    /// When the lab began.
    #[serde(default)]
    pub began: Beginning,
    /// How many nodes, how requests are routed, where sessions are kept.
    pub topology: Topology,
    /// Each node, with the rows that it keeps itself.
    pub nodes: Vec<NodeView>,
    /// The shared store, when the topology has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreView>,
    /// What the stores were asked by requests of visitors, and how long each kind of operation took.
    pub operations: Vec<OperationView>,
    /// What copying sessions between nodes has cost.
    pub replication: Replication,
    /// What is being made to go wrong.
    pub faults: Faults,
    /// The crowd that runs, and what earlier ones measured.
    pub crowd: CrowdView,
    /// The keys that tokens are verified with; no secret among them.
    pub keys: Vec<KeyView>,
    /// The lab's users.
    pub users: Vec<UserView>,
    /// The tokens that were ended before their time.
    pub denylist: Vec<Denied>,
    /// The defences that are on.
    pub defences: Defences,
    /// The attacker, and what was taken.
    #[serde(default)]
    pub attacker: AttackerView,
    /// Every kind of store: whether it can be had here, and if not, how.
    pub stores: Vec<StoreOffer>,
}

impl ServerView {
    /// All session rows, wherever they lie.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.nodes.iter().flat_map(|node| &node.sessions).chain(self.store.iter().flat_map(|store| &store.sessions))
    }

    /// Whether it was looked at before another one: earlier in the same lab, or in the one before it.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        if self.began == other.began {
            return self.number < other.number;
        }
        other.began.is_after(self.began.at, &self.began.jti)
    }

    /// The algorithm of the key that signs.
    #[must_use]
    pub fn alg(&self) -> Alg {
        self.keys.iter().find(|key| key.signs).map(|key| key.alg).unwrap_or_default()
    }

    /// The sessions, each once, however many nodes hold a copy of it: their keys.
    #[must_use]
    pub fn logins(&self) -> BTreeSet<&str> {
        self.rows().map(|row| row.key.as_str()).collect()
    }
}

/// One server node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeView {
    /// Its number, from 1.
    pub id: NodeId,
    /// Whether it answers.
    pub up: bool,
    /// How many requests it has answered since it started, and the servers were arranged as they are.
    pub requests: u64,
    /// The sessions in its own memory.
    pub sessions: Vec<Row>,
    /// How many sessions of a crowd lie in its own memory beside them.
    #[serde(default)]
    pub crowd_sessions: usize,
}

/// A store that all nodes share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreView {
    /// Which one.
    pub kind: StoreKind,
    /// Where it is: a file, or host and port; never a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether it answers.
    pub available: bool,
    /// Whether it can say by itself what it holds. Of one that cannot, the rows are those that this
    /// program noted down when it wrote them.
    pub listable: bool,
    /// Its rows.
    pub sessions: Vec<Row>,
    /// How often requests of visitors asked it.
    pub operations: u64,
}

/// What the stores were asked, by kind of operation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperationView {
    /// What was asked.
    pub operation: Operation,
    /// How often.
    pub count: u64,
    /// How often there was no answer.
    pub failed: u64,
    /// How long it took on average, in microseconds, the network included.
    pub mean_micros: f64,
    /// How long the slowest took.
    pub slowest_micros: f64,
}

/// The operations of a session store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Operation {
    /// Write a new row.
    Create,
    /// Read a row, and push its idle limit on.
    Load,
    /// Change a row.
    Update,
    /// Move a row to another key.
    Rotate,
    /// Delete a row.
    Delete,
    /// Find a user's rows.
    Find,
}

impl Operation {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Create, Self::Load, Self::Update, Self::Rotate, Self::Delete, Self::Find];

    /// As JSON says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Load => "load",
            Self::Update => "update",
            Self::Rotate => "rotate",
            Self::Delete => "delete",
            Self::Find => "find",
        }
    }
}

/// One session as its store holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// What the store finds it by: the id, or its SHA-256.
    pub key: String,
    /// Who is logged in.
    pub user: String,
    /// What they may do.
    pub role: Role,
    /// What is in the cart.
    pub cart: Vec<String>,
    /// When the login was.
    pub created_at: Seconds,
    /// When it ends unless it is used.
    pub idle_until: Seconds,
    /// When it ends in any case.
    pub expires_at: Seconds,
    /// The bytes of key and value together, as the store holds them (in memory: as they would be in JSON).
    pub bytes: usize,
    /// What a store outside the nodes' memory literally holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HeldAs>,
    /// Whether it is no session but keeps a login's refresh tokens.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refresh: bool,
}

/// A row as it literally lies in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldAs {
    /// The store's own key.
    pub key: String,
    /// The store's own value.
    pub value: String,
    /// Seconds after which the store drops it by its own clock, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u64>,
}

/// What copying sessions between nodes has cost. One message is one changed row on its way to one other node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replication {
    /// Messages sent.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Messages that never arrived.
    pub lost: u64,
    /// Messages under way.
    pub in_flight: u64,
    /// How often a node that started got the whole state of another one first.
    #[serde(default)]
    pub transfers: u64,
    /// The bytes of these.
    #[serde(default)]
    pub transfer_bytes: u64,
    /// The last messages, oldest first, at most [`RECENT_MESSAGES`].
    #[serde(default)]
    pub recent: Vec<Message>,
}

/// The most messages that are shown.
pub const RECENT_MESSAGES: usize = 24;

/// A message from one node to another: a row changed, or is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its number.
    pub number: u64,
    /// The node that changed the row.
    pub from: NodeId,
    /// The node that is to learn of it.
    pub to: NodeId,
    /// Its bytes.
    pub bytes: usize,
    /// Whether it removes a row rather than writing one.
    pub removes: bool,
    /// What has become of it.
    pub fate: Fate,
}

/// What has become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Fate {
    /// Under way.
    InFlight,
    /// The other node has it.
    Arrived,
    /// The link lost it, or one of the two nodes stopped first.
    Lost,
}

/// What is being made to go wrong, as `control/faults` sets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Faults {
    /// So many of the next answers of the lesson are lost on the way: the connection closes without one.
    pub drop_responses: u32,
    /// The session store answers nobody.
    pub store_down: bool,
    /// The session store takes this much longer, in milliseconds.
    pub store_delay_ms: u64,
    /// `GET api/me` may be kept for a minute, although it says who somebody is.
    pub me_cacheable: bool,
    /// A caching proxy stands before the nodes: what any visitor may have, it gives out again by itself.
    pub proxy_cache: bool,
}

/// A key that tokens are verified with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyView {
    /// Its name, as tokens call it.
    pub kid: String,
    /// Its only algorithm.
    pub alg: Alg,
    /// Its length.
    pub bits: u32,
    /// Whether new tokens are signed with it.
    pub signs: bool,
}

/// A user of the lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserView {
    /// The name.
    pub name: String,
    /// What they may do now.
    pub role: Role,
    /// Whether they may log in no more.
    pub disabled: bool,
}

/// An entry of the denylist. It stands for all tokens of a login or of a user up to a moment, by their names; it never
/// has a token's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Denied {
    /// The name that was given when they were ended: it covers those that were given before it.
    pub jti: String,
    /// Which login's tokens, when the entry stands for one login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Whose tokens, when the entry stands for all of a user's logins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// When the entry can go, because every token that it stands for is dead by then.
    pub expires_at: Seconds,
}

impl Denied {
    /// Whether it ends a token of these names. `UUIDv7`s sort by when they were given, so a token that is named while
    /// its login is being ended ends with it, and a later login does not.
    #[must_use]
    pub fn ends(&self, token: Names<'_>) -> bool {
        let is_whose = match (&self.login, &self.user) {
            (Some(login), _) => login == token.login,
            (None, Some(user)) => user == token.user,
            (None, None) => false,
        };
        is_whose && token.jti <= self.jti.as_str()
    }
}

/// The defences that a visitor can switch.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Defences {
    /// Requests that change something must come from the lab's own origin.
    pub check_origin: bool,
    /// Ended tokens are remembered until they would have died.
    pub denylist: bool,
    /// The store keeps only SHA-256 of each session id.
    pub hash_ids: bool,
    /// The guestbook's page has a content security policy that lets no foreign script run.
    #[serde(default)]
    pub guestbook_csp: bool,
}

/// A kind of store, and whether it can be had here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreOffer {
    /// Which one.
    pub kind: StoreKind,
    /// Whether it can be chosen.
    pub available: bool,
    /// What it is, or how to get it.
    pub how: String,
}

/// For whom the server rendered the page, before any script ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RenderedFor {
    /// No credential came along with the page request.
    Nobody,
    /// A cookie came along and said who.
    Known {
        /// Who.
        user: User,
        /// Their cart.
        cart: Vec<String>,
    },
    /// A cookie came along and was refused.
    Refused,
    /// A cookie came along, and nobody could say whose it is: the session store did not answer.
    Untold,
}

/// A cookie that the server saw arrive from this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Arrived {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What the browser holds of this lab, as the page can know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrowserView {
    /// What scripts see in `document.cookie`.
    pub script_cookies: Vec<Arrived>,
    /// What the server saw arrive with the page's last own request.
    pub arrived: Vec<Arrived>,
    /// What lies in `localStorage` under the lab's key.
    pub stored: Option<String>,
}

impl BrowserView {
    /// Every cookie, with whether scripts see it.
    pub fn cookies(&self) -> impl Iterator<Item = (&Arrived, bool)> {
        let hidden = self.arrived.iter().filter(|cookie| !self.script_cookies.contains(cookie));
        self.script_cookies.iter().map(|cookie| (cookie, true)).chain(hidden.map(|cookie| (cookie, false)))
    }
}
