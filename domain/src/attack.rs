//! The attacker: what another site and a hostile script may do here, and what they took. All of it is a fixed
//! list: an attack that is not on it cannot be asked for.

use crate::{Seconds, scheme::Scheme};
use serde::{Deserialize, Serialize};

/// The most pieces of loot that a lab keeps; with one more, the oldest goes.
pub const LOOT: usize = 64;
/// The most visits to the attacker's origin that a lab remembers; with one more, the oldest goes.
pub const VISITS: usize = 64;

/// What a page of another site has the visitor's browser do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Attack {
    /// A form that posts and takes the whole window along.
    FormPost,
    /// A link that takes the whole window along.
    Link,
    /// `fetch` with `credentials: "include"`.
    Fetch,
    /// A frame.
    Frame,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::FormPost, Self::Link, Self::Fetch, Self::Frame];
}

/// At what an attack is aimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Target {
    /// The shop: `POST api/cart`; the page itself for a link or a frame.
    #[default]
    Shop,
    /// `api/probe`, which says what came along and changes nothing.
    Probe,
    /// The attacker's own `port`: what a page of another host sends to that host.
    Itself,
}

/// `POST control/attacks`: what the attacker's window is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attacking {
    /// What.
    pub attack: Attack,
    /// At what.
    #[serde(default)]
    pub target: Target,
}

/// The answer to `POST control/attacks`. The request that comes of it has `n` in its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ordered {
    /// The attack's number in this lab.
    pub n: u64,
}

/// `POST next` at the attacker's: its window asks what to do next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Whether the browser lets what is embedded from another site have its cookies; absent where it does not say.
    #[serde(default)]
    pub third_party: Option<bool>,
}

/// What the attacker's window hears when it asks what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Order {
    /// Attack.
    Attack {
        /// What.
        attack: Attack,
        /// The whole address, query included.
        url: String,
    },
    /// Close the window: nothing is left to do.
    Close,
}

/// What somebody wrote into the guestbook, which forgets to escape it: a script, out of a fixed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Comment {
    /// Reads what a script can reach and sends it to the attacker.
    Read,
    /// Puts something into the cart, as the page's own script would.
    Act,
    /// Asks another port of the host, with whatever the browser attaches, frames a page from there, and delivers what
    /// lies in its own localStorage.
    Ports,
}

/// `PUT control/guestbook`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sign {
    /// The hostile comment; `null` for none.
    pub comment: Option<Comment>,
}

/// `POST control/loot`: what somebody who got into the server copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Take {
    /// What.
    pub take: Copied,
}

/// What can be copied off a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Copied {
    /// All rows of the session store; each row's key becomes loot.
    Rows,
    /// The signing key; a token forged with it, for the admin carol, becomes loot.
    Key,
}

/// Where the attacker found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FoundIn {
    /// A script read `document.cookie`.
    DocumentCookie,
    /// A script read `localStorage`.
    LocalStorage,
    /// The browser sent it along to another port.
    CookieHeader,
    /// It is a key of the session store.
    Store,
    /// It was forged with the copied signing key.
    Key,
}

/// A credential of this lab that the attacker has, or a row's key that looks like one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Loot {
    /// Its number in this lab.
    pub id: u64,
    /// When it was taken, by the lab's clock.
    pub at: Seconds,
    /// Where.
    pub found_in: FoundIn,
    /// What it is: with which scheme its owner uses it.
    pub scheme: Scheme,
    /// The credential itself.
    pub credential: String,
    /// What came of the last replay, as its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<u16>,
}

/// The answer to `POST control/loot/{id}/replay`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replayed {
    /// The status that `GET api/me` answered the attacker with.
    pub status: u16,
    /// Whom the server took the attacker for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// Somebody's browser came to the attacker's listener, sent by a script in the guestbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenVisit {
    /// The number in the guestbook frame's address.
    pub n: u64,
    /// To which host and port it came, as the browser said.
    pub host: String,
    /// What for.
    pub purpose: Purpose,
    /// Whether this lab's credential came along, or was found.
    pub credential: bool,
}

/// What a visit to the attacker's listener was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Purpose {
    /// A script delivers what it read.
    Deliver,
    /// A request to see which cookies the browser attaches.
    Port,
    /// A page from here looked into its own localStorage.
    Peek,
}

/// What the bench shows of the attacker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttackerView {
    /// The attacker's origin, such as `http://127.0.0.1:3666`; empty when there is none.
    pub origin: String,
    /// Another port of the page's own host, where the attacker listens there, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbour: Option<String>,
    /// Whether the attacker's origin and the page's are one site: then nothing is cross-site.
    pub same_site: bool,
    /// Whether the attacker's window is open and waits for orders.
    pub window: bool,
    /// Whether the browser of that window lets what is embedded from another site have its cookies, as it says
    /// itself; absent where it has not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party: Option<bool>,
    /// The hostile comment in the guestbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// What was taken, oldest first.
    pub loot: Vec<Loot>,
    /// The last visits to its listener, oldest first.
    pub visits: Vec<SeenVisit>,
}
