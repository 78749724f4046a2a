//! What can be pressed on the desk. A visitor presses it, and so does the guide: both are the same.

use crate::{
    Seconds,
    attack::{Attack, Comment, Copied},
    balance::NodeId,
    cookie::CookieOptions,
    lesson::experiment::Trick,
    scheme::Scheme,
    topology::{ChangeTopology, Strategy},
    user::Role,
    view::Defences,
};

/// One button of the desk, or one choice.
#[derive(Clone, Debug, PartialEq)]
pub enum Press {
    /// The switch: the next login uses this scheme.
    Switch(Scheme),
    /// How the next login asks for its cookie.
    Options(CookieOptions),
    /// A preset of the servers.
    Preset(Strategy),
    /// One thing about the servers: how many, where sessions are, what gets lost between them.
    Arrange(ChangeTopology),
    /// Log in as a demo user, with the password that stands on the page.
    LogIn(&'static str),
    /// Who am I?
    WhoAmI,
    /// Add to cart.
    AddToCart,
    /// Empty the cart.
    EmptyCart,
    /// Log out.
    LogOut,
    /// Log out everywhere.
    LogOutEverywhere,
    /// Visit the admin area.
    VisitAdmin,
    /// Fetch the catalog, which is the same for everybody.
    Catalog,
    /// A caching proxy is put before the servers, or taken away.
    Proxy(bool),
    /// All servers stop and start.
    Restart,
    /// The lab's clock goes on, and the browser's does not.
    Advance(Seconds),
    /// A server stops.
    StopServer(Server),
    /// A server starts.
    StartServer(NodeId),
    /// Whatever server is stopped starts.
    StartServers,
    /// The store that all servers ask answers so many milliseconds later.
    SlowStore(u64),
    /// The store that all servers ask stops, or starts again.
    StopStore(bool),
    /// A user's role becomes another.
    Role(&'static str, Role),
    /// A user may not log in any more, or may again.
    Disable(&'static str, bool),
    /// A defence is switched.
    Defend(Defence, bool),
    /// A new key signs; whether older ones verify no more.
    RotateKeys {
        /// Whether older ones verify no more.
        retire: bool,
    },
    /// A hostile script on a page of this origin.
    Script(Comment),
    /// Another site.
    OtherSite(Attack),
    /// Somebody copies what the server holds.
    Take(Copied),
    /// The attacker sends what it took last.
    Replay,
    /// A copy of the credential that was held last is sent, whether or not one has logged out since.
    SendCopy,
    /// The credential is changed so, and sent.
    Tamper(Trick),
    /// A crowd of visitors, with the scheme of the switch.
    Crowd,
    /// Another theme: a small cookie beside the credential.
    Theme,
    /// The page is loaded again.
    Reload,
    /// The lab is made as new.
    Reset,
}

impl Press {
    /// What the button that does it is called in the page: its `id`. Where one button does several, it is theirs.
    #[must_use]
    pub fn button(&self) -> String {
        let name = match self {
            Self::Switch(scheme) => return format!("scheme-{scheme}"),
            Self::Preset(strategy) => return format!("preset-{}", strategy.name()),
            Self::Options(_) => "cookie-options",
            Self::Arrange(_) => "servers",
            Self::LogIn(_) => "log-in",
            Self::WhoAmI => "who-am-i",
            Self::AddToCart => "add-to-cart",
            Self::EmptyCart => "empty-cart",
            Self::LogOut => "log-out",
            Self::LogOutEverywhere => "log-out-everywhere",
            Self::VisitAdmin => "visit-admin",
            Self::Catalog => "catalog",
            Self::Proxy(_) => "proxy",
            Self::Restart => "restart",
            Self::Advance(_) => "advance",
            Self::StopServer(_) | Self::StartServer(_) | Self::StartServers => "nodes",
            Self::StopStore(_) | Self::SlowStore(_) => "store-outage",
            Self::Role(..) | Self::Disable(..) => "users",
            Self::Defend(..) => "defences",
            Self::RotateKeys { .. } => "keys",
            Self::Script(_) => "script",
            Self::OtherSite(_) => "other-site",
            Self::Take(_) => "take",
            Self::Replay => "replay",
            Self::SendCopy => "send-copy",
            Self::Tamper(_) => "tamper",
            Self::Crowd => "crowd",
            Self::Theme => "theme",
            Self::Reload => "reload",
            Self::Reset => "reset",
        };
        name.to_owned()
    }
}

/// Which server is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The one that holds the login; where none or all do, the one that answered last.
    Holder,
    /// This one.
    Number(NodeId),
}

/// A defence that can be on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defence {
    /// What changes something must come from the page itself.
    CheckOrigin,
    /// Ended logins with a JWT are remembered.
    Denylist,
    /// The store keeps hashes of the ids.
    HashIds,
    /// The guestbook lets no foreign script run.
    GuestbookCsp,
}

impl Defence {
    /// Whether it is among those that are on.
    #[must_use]
    pub const fn of(self, on: Defences) -> bool {
        match self {
            Self::CheckOrigin => on.check_origin,
            Self::Denylist => on.denylist,
            Self::HashIds => on.hash_ids,
            Self::GuestbookCsp => on.guestbook_csp,
        }
    }
}
