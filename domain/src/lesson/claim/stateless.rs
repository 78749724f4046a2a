//! That HTTP remembers nothing.

use super::{Claim, sources as source, usual};
use crate::{
    lesson::{
        experiment::{Experiment, Repeated, What},
        part::{JWT_STORAGE, SESSION_COOKIE, part},
        press::Press,
    },
    topology::Strategy,
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "http-forgets",
        note: &[32, 33, 34, 35],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::LogOut,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Stateless, SESSION_COOKIE, usual), part(Experiment::Stateless, JWT_STORAGE, usual)],
        sources: &[source::STATELESS],
    },
    Claim {
        id: "tcp-stays",
        note: &[36],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::LogOut,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[],
        sources: &[source::PERSISTENCE, source::STATELESS],
    },
    Claim {
        id: "simple",
        note: &[37],
        play: &[Press::Switch(SESSION_COOKIE), Press::Preset(Strategy::Single), Press::LogIn("alice"), Press::WhoAmI],
        behind: &[],
        sources: &[source::STATELESS],
    },
    Claim {
        id: "retry",
        note: &[38],
        play: &[],
        behind: &[
            part(Experiment::Retry, SESSION_COOKIE, |what, _| what == What::Done(Repeated::Get)),
            part(Experiment::Retry, SESSION_COOKIE, |what, _| what == What::Done(Repeated::Post)),
            part(Experiment::Retry, SESSION_COOKIE, |what, _| what == What::Done(Repeated::PostWithKey)),
        ],
        sources: &[source::IDEMPOTENT, source::IDEMPOTENCY_KEY],
    },
    Claim {
        id: "any-server",
        note: &[39],
        play: &[],
        behind: &[part(Experiment::AnyServer, SESSION_COOKIE, |_, _| true)],
        sources: &[source::STATELESS],
    },
    Claim {
        id: "browser-cache",
        note: &[40],
        play: &[Press::Preset(Strategy::Single), Press::Catalog, Press::Catalog],
        behind: &[
            part(Experiment::Cache, SESSION_COOKIE, |what, _| {
                matches!(what, What::CatalogRequests | What::NotModified)
            }),
            part(Experiment::Cache, SESSION_COOKIE, |what, _| matches!(what, What::MeRequests | What::CacheTells)),
            part(Experiment::Cache, SESSION_COOKIE, |what, _| what == What::CacheTellsIfAllowed),
        ],
        sources: &[source::CACHE, source::ETAG],
    },
    Claim {
        id: "proxy-cache",
        note: &[40],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::Proxy(true),
            Press::Catalog,
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::Catalog,
        ],
        behind: &[],
        sources: &[source::CACHE_PUBLIC, source::CACHE, source::CACHE_STATUS],
    },
    Claim {
        id: "app-needs-state",
        note: &[41],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::LogOut,
            Press::AddToCart,
            Press::LogIn("alice"),
            Press::AddToCart,
        ],
        behind: &[],
        sources: &[source::UNAUTHORIZED],
    },
    Claim {
        id: "app-is-stateful",
        note: &[42, 43],
        play: &[
            Press::Preset(Strategy::Single),
            Press::Switch(SESSION_COOKIE),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::Switch(JWT_STORAGE),
            Press::LogIn("alice"),
            Press::AddToCart,
        ],
        behind: &[],
        sources: &[source::STATELESS, source::COOKIE_OVERVIEW],
    },
    Claim {
        id: "session-is-a-layer",
        note: &[44, 45],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Separate),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Stateless, SESSION_COOKIE, usual),
            part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::KnownRequests),
        ],
        sources: &[source::STATELESS, source::COOKIE_OVERVIEW],
    },
];
