//! The browser, as far as the page touches it. `real` is the only user of `web_sys`; `absent` is what the
//! server renders with, where there is no browser and nothing to do.

use domain::balance::NodeId;

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod real;

#[cfg(not(feature = "hydrate"))]
pub(crate) use absent::*;
#[cfg(feature = "hydrate")]
pub(crate) use real::*;

/// A request that the page makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outgoing {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    /// Sent as `Authorization: Bearer …`, which is all that "the script attaches it" means.
    pub(crate) bearer: Option<String>,
    /// Sent as JSON.
    pub(crate) body: Option<String>,
    /// Whether the browser may attach cookies; it does so by itself unless told not to.
    pub(crate) cookies: bool,
    /// Further headers.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// How the browser's cache may answer.
    pub(crate) cache: Cache,
    /// How long the answer may take.
    pub(crate) patience: Patience,
}

/// How long an answer may take. A connection can stand still without being cut, and what waits for its answer
/// would wait with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Longer than anything at the server takes by its own limits: 20 seconds.
    #[default]
    Usual,
    /// As long as it takes.
    Endless,
}

impl Patience {
    /// In milliseconds; `None` is without end.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "without a browser nothing is sent"))]
    const fn limit(self) -> Option<u32> {
        match self {
            Self::Usual => Some(20_000),
            Self::Endless => None,
        }
    }
}

/// How the browser's own cache may take part in a `fetch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cache {
    /// As the answer's headers say.
    #[default]
    AsTold,
    /// Ask the server whether what is kept still holds.
    Revalidate,
    /// Answer from the cache or not at all.
    Only,
    /// Neither answer from the cache nor keep the answer there.
    Bypass,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The node that answered.
    pub(crate) node: Option<NodeId>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A key that means the slides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Left,
    Right,
    Space,
    Escape,
}

/// The server gave no answer, or none in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unreachable;

/// What an event stream tells.
pub(crate) enum News {
    /// It is open.
    Open,
    /// It is cut off. The browser tries again by itself unless `closed`.
    Cut {
        /// Whether the browser has given up.
        closed: bool,
    },
    /// An event of this kind with its data.
    Event {
        /// `exchange`, `view`, `crowd`, `newer`, `missed` or `reset`.
        kind: &'static str,
        /// JSON.
        data: String,
    },
}

/// A control of the desk that was used, in HTML that the server wrote.
pub(crate) struct Used {
    /// Its name.
    pub(crate) name: String,
    /// What is chosen in it; empty for a button.
    pub(crate) value: String,
    /// Whether what it does needs the attacker's window.
    pub(crate) in_window: bool,
}

/// What was clicked in HTML that the server wrote.
pub(crate) enum Clicked {
    /// A button, by its name and its value.
    Button {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
        /// Whether what it does needs the attacker's window.
        in_window: bool,
    },
    /// The summary of a `<details>`.
    Summary {
        /// The id of the `<details>`.
        of: String,
        /// Whether it opens now.
        will_open: bool,
    },
}
