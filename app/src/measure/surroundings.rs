//! What a run arranges before a trial, and puts back afterwards.

use crate::measure::rig::Rig;
use domain::{
    api::{ChangeDefences, ChangeUser, LoggedIn, RotateKeys, SetFaults},
    attack::{Comment, Sign},
    balance::NodeId,
    claims::Alg,
    lesson::{experiment::Setting, measured::Failure},
    topology::{ChangeTopology, Topology},
    user::DEMO_USERS,
    view::{Defences, Faults, ServerView, UserView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Everything on the server's side that the controls can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Surroundings {
    topology: Topology,
    down: Vec<NodeId>,
    defences: Defences,
    faults: Faults,
    users: Vec<UserView>,
    comment: Option<Comment>,
    /// Of the key that signs. Forged tokens are signed by HMAC, the one that the page has a hand for.
    #[serde(default)]
    alg: Alg,
}

impl Surroundings {
    /// As they are.
    pub(crate) fn of(view: &ServerView) -> Self {
        Self {
            topology: view.topology,
            down: view.nodes.iter().filter(|node| !node.up).map(|node| node.id).collect(),
            defences: view.defences,
            faults: view.faults,
            users: view.users.clone(),
            comment: view.attacker.comment,
            alg: view.alg(),
        }
    }

    /// As a trial wants them.
    pub(crate) fn for_trial(setting: &Setting) -> Self {
        let users = DEMO_USERS.map(|(name, role)| UserView { name: name.to_owned(), role, disabled: false });
        Self {
            topology: setting.topology,
            down: Vec::new(),
            defences: setting.defences,
            faults: Faults::default(),
            users: users.to_vec(),
            comment: None,
            alg: Alg::default(),
        }
    }

    /// The same, with nothing made to go wrong.
    pub(crate) fn without_faults(&self) -> Self {
        Self { faults: Faults::default(), ..self.clone() }
    }

    /// Makes them so: only what is another is asked for. What is refused keeps nothing else from being done; the
    /// first refusal is reported.
    pub(crate) async fn arrange(&self, rig: &Rig) -> Result<(), Failure> {
        let now = Self::of(&rig.bench.view.get_untracked());
        let mut steps = Vec::new();
        if now.faults != self.faults {
            let change = SetFaults {
                drop_responses: Some(self.faults.drop_responses),
                store_down: Some(self.faults.store_down),
                store_delay_ms: Some(self.faults.store_delay_ms),
                me_cacheable: Some(self.faults.me_cacheable),
                proxy_cache: Some(self.faults.proxy_cache),
            };
            steps.push(rig.steer("PUT", "faults", &change).await);
        }
        if now.topology != self.topology {
            let Topology { nodes, routing, store, replication } = self.topology;
            let change = ChangeTopology {
                nodes: Some(nodes),
                routing: Some(routing),
                store: Some(store),
                replication: Some(replication),
            };
            steps.push(rig.steer("PUT", "topology", &change).await);
        }
        if now.defences != self.defences {
            let Defences { check_origin, denylist, hash_ids, guestbook_csp } = self.defences;
            let change = ChangeDefences {
                check_origin: Some(check_origin),
                denylist: Some(denylist),
                hash_ids: Some(hash_ids),
                guestbook_csp: Some(guestbook_csp),
            };
            steps.push(rig.steer("PUT", "defences", &change).await);
        }
        for user in self.users.iter().filter(|user| !now.users.contains(user)) {
            let change = ChangeUser { role: Some(user.role), disabled: Some(user.disabled) };
            steps.push(rig.steer("PUT", &format!("users/{}", user.name), &change).await);
        }
        if now.comment != self.comment {
            steps.push(rig.steer("PUT", "guestbook", &Sign { comment: self.comment }).await);
        }
        if now.alg != self.alg {
            let change = RotateKeys { retire: false, alg: Some(self.alg) };
            steps.push(rig.steer("POST", "keys/rotate", &change).await);
        }
        steps.push(self.arrange_nodes(rig).await);
        steps.into_iter().collect()
    }

    async fn arrange_nodes(&self, rig: &Rig) -> Result<(), Failure> {
        let nodes = rig.bench.view.with_untracked(|view| view.nodes.clone());
        for node in nodes {
            match (node.up, self.down.contains(&node.id)) {
                (true, true) => rig.steer("POST", &format!("nodes/{}/stop", node.id), &()).await?,
                (false, false) => rig.steer("POST", &format!("nodes/{}/start", node.id), &()).await?,
                _ => {}
            }
        }
        Ok(())
    }
}

impl Rig {
    /// Nobody logged in, and everything as the setting says. The bench shows it.
    pub(crate) async fn set_up(&self, setting: &Setting) -> Result<(), Failure> {
        self.check_stop()?;
        self.bench.scheme.set(setting.scheme);
        self.bench.options.set(setting.options);
        self.log_everything_out().await?;
        self.refresh_view().await?;
        Surroundings::for_trial(setting).arrange(self).await?;
        self.begin_record().await
    }

    /// Sets up, and logs alice in.
    pub(crate) async fn begin(&self, setting: &Setting) -> Result<LoggedIn, Failure> {
        self.set_up(setting).await?;
        self.log_in(Self::login(setting, "alice")).await
    }
}
