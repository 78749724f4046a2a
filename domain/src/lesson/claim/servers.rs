//! What several servers do to a login.

use super::{Claim, is_several, sources as source};
use crate::{
    lesson::{
        experiment::{Experiment, What},
        part::{JWT_STORAGE, SESSION_COOKIE, part},
        press::{Press, Server},
    },
    topology::{ChangeTopology, Link, Strategy},
};

const SAME: ChangeTopology = ChangeTopology { nodes: None, routing: None, store: None, replication: None };
const FIVE: ChangeTopology = ChangeTopology { nodes: Some(5), ..SAME };
const LOSSY: ChangeTopology = ChangeTopology { replication: Some(Link { delay_ms: 50, loss: 0.5, seed: 1 }), ..SAME };

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "session-consistency",
        note: &[46, 47, 48],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Problem),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Problem, SESSION_COOKIE, |what, set| what == What::KnownRequests && set.is_empty()),
            part(Experiment::Problem, SESSION_COOKIE, |what, set| what == What::KnownRequests && is_several(set)),
            part(Experiment::Problem, JWT_STORAGE, |what, set| what == What::KnownRequests && is_several(set)),
        ],
        sources: &[source::TWELVE_FACTORS],
    },
    Claim {
        id: "sticky",
        note: &[49, 50],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Sticky),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Problem, SESSION_COOKIE, |what, set| what == What::KnownRequests && is_several(set)),
            part(Experiment::Sticky, SESSION_COOKIE, |what, _| what == What::KnownRequests),
        ],
        sources: &[source::HAPROXY_COOKIE],
    },
    Claim {
        id: "sticky-load",
        note: &[51],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Problem),
            Press::Crowd,
            Press::Preset(Strategy::Sticky),
            Press::Crowd,
        ],
        behind: &[part(Experiment::Sticky, SESSION_COOKIE, |what, _| what == What::CrowdUnlikeTheory)],
        sources: &[source::HAPROXY_COOKIE],
    },
    Claim {
        id: "sticky-stop",
        note: &[52],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Sticky),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::StopServer(Server::Holder),
            Press::WhoAmI,
            Press::StartServers,
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Sticky, SESSION_COOKIE, |what, _| what == What::LostWithNode),
            part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::LostWithNode),
        ],
        sources: &[source::HAPROXY_COOKIE],
    },
    Claim {
        id: "clustering",
        note: &[53, 54, 55],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Clustering),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::StopServer(Server::Holder),
            Press::WhoAmI,
            Press::StartServers,
        ],
        behind: &[
            part(Experiment::Clustering, SESSION_COOKIE, |what, _| what == What::KnownRequests),
            part(Experiment::Clustering, SESSION_COOKIE, |what, _| what == What::LostWithNode),
        ],
        sources: &[source::TOMCAT_CLUSTER],
    },
    Claim {
        id: "clustering-messages",
        note: &[56],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Clustering),
            Press::LogIn("alice"),
            Press::AddToCart,
            Press::AddToCart,
            Press::AddToCart,
        ],
        behind: &[
            part(Experiment::Clustering, SESSION_COOKIE, |what, _| what == What::Messages),
            part(Experiment::Clustering, JWT_STORAGE, |what, _| what == What::Messages),
        ],
        sources: &[source::TOMCAT_CLUSTER],
    },
    Claim {
        id: "clustering-grows",
        note: &[56, 57],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Clustering),
            Press::Crowd,
            Press::Arrange(FIVE),
            Press::Crowd,
        ],
        behind: &[part(Experiment::Clustering, SESSION_COOKIE, |what, _| what == What::CrowdUnlikeTheory)],
        sources: &[source::TOMCAT_CLUSTER],
    },
    Claim {
        id: "clustering-loss",
        note: &[58],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Clustering),
            Press::LogIn("alice"),
            Press::Arrange(LOSSY),
            Press::AddToCart,
            Press::AddToCart,
            Press::WhoAmI,
            Press::WhoAmI,
        ],
        behind: &[],
        sources: &[source::TOMCAT_CLUSTER, source::REDIS],
    },
    Claim {
        id: "separate",
        note: &[59, 61, 62],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Separate),
            Press::LogIn("alice"),
            Press::StopServer(Server::Holder),
            Press::WhoAmI,
            Press::StartServers,
            Press::Arrange(FIVE),
            Press::WhoAmI,
        ],
        behind: &[
            part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::KnownRequests),
            part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::LostWithNode),
        ],
        sources: &[source::TWELVE_FACTORS],
    },
    Claim {
        id: "store-in-memory",
        note: &[60, 62],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Single),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::Preset(Strategy::Separate),
            Press::LogIn("alice"),
            Press::WhoAmI,
        ],
        behind: &[part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::StoreOperations)],
        sources: &[source::REDIS, source::MEMCACHED],
    },
    Claim {
        id: "store-stops",
        note: &[64],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Separate),
            Press::LogIn("alice"),
            Press::StopStore(true),
            Press::WhoAmI,
            Press::WhoAmI,
            Press::StopStore(false),
            Press::WhoAmI,
        ],
        behind: &[],
        sources: &[source::UNAVAILABLE],
    },
    Claim { id: "store-has-a-price", note: &[63, 64], play: &[], behind: &[], sources: &[source::REDIS] },
    Claim {
        id: "token-on-servers",
        note: &[],
        play: &[
            Press::Switch(JWT_STORAGE),
            Press::Preset(Strategy::Token),
            Press::LogIn("alice"),
            Press::WhoAmI,
            Press::StopServer(Server::Holder),
            Press::WhoAmI,
            Press::StartServers,
        ],
        behind: &[
            part(Experiment::Problem, JWT_STORAGE, |what, set| what == What::KnownRequests && is_several(set)),
            part(Experiment::Problem, JWT_STORAGE, |what, _| what == What::LostWithNode),
            part(Experiment::Separate, JWT_STORAGE, |what, _| what == What::StoreOperations),
        ],
        sources: &[source::JWS_VERIFY],
    },
    Claim {
        id: "so-it-went",
        note: &[65],
        play: &[],
        behind: &[
            part(Experiment::Problem, SESSION_COOKIE, |what, set| is_known(what) && is_several(set)),
            part(Experiment::Sticky, SESSION_COOKIE, |what, _| is_known(what)),
            part(Experiment::Clustering, SESSION_COOKIE, |what, _| is_known(what)),
            part(Experiment::Separate, SESSION_COOKIE, |what, _| is_known(what)),
        ],
        sources: &[source::HAPROXY_COOKIE, source::TOMCAT_CLUSTER, source::REDIS],
    },
    Claim {
        id: "why-the-last",
        note: &[66],
        play: &[
            Press::Switch(SESSION_COOKIE),
            Press::Preset(Strategy::Sticky),
            Press::Crowd,
            Press::Preset(Strategy::Clustering),
            Press::Crowd,
            Press::Preset(Strategy::Separate),
            Press::Crowd,
        ],
        behind: &[
            part(Experiment::Sticky, SESSION_COOKIE, |what, _| what == What::CrowdUnlikeTheory),
            part(Experiment::Clustering, SESSION_COOKIE, |what, _| what == What::CrowdUnlikeTheory),
            part(Experiment::Separate, SESSION_COOKIE, |what, _| what == What::CrowdUnlikeTheory),
        ],
        sources: &[source::TWELVE_FACTORS, source::TOMCAT_CLUSTER],
    },
];

fn is_known(what: What) -> bool {
    matches!(what, What::KnownRequests | What::LostWithNode)
}
