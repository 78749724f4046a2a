//! Everything that the server side of a lab holds, for whoever looks at it.

use crate::{
    lab::Lab,
    store::{Population, Stores},
};
use bytes::Bytes;
use domain::{
    claims::Beginning,
    view::{NodeView, ServerView, StoreView},
};
use std::{sync::atomic::Ordering, time::Duration};
use tokio::time::Instant;

/// How long a view is good where nothing has changed: its clock goes on.
const SHOWN_FOR: Duration = Duration::from_secs(1);

impl Lab {
    /// The view as JSON, made once for all who look at it between two changes.
    pub(crate) async fn shown(&self) -> Bytes {
        let mut shown = self.shown.lock().await;
        if let Some((json, at, changes)) = &*shown
            && at.elapsed() < SHOWN_FOR
            && changes.has_changed().is_ok_and(|changed| !changed)
        {
            return json.clone();
        }
        // What changes from here on is in the next one.
        let (changes, at) = (self.changed.subscribe(), Instant::now());
        let json = Bytes::from(serde_json::to_vec(&self.view().await).unwrap_or_default());
        *shown = Some((json.clone(), at, changes));
        json
    }

    pub(crate) async fn view(&self) -> ServerView {
        // Before the first look: what changes meanwhile may be in this one, and is in the next.
        let number = self.views.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let now = self.now();
        let shared = self.visitors.shared();
        let mut nodes = Vec::new();
        for (id, running) in self.nodes() {
            // It may have stopped since, while the ones before it were asked.
            let running = running.filter(|running| !running.stopped.is_cancelled());
            let requests = running.as_ref().map_or(0, |running| running.requests.load(Ordering::Relaxed));
            let mut shown = NodeView { id, up: running.is_some(), requests, sessions: Vec::new(), crowd_sessions: 0 };
            if let Some(running) = running.filter(|_| shared.is_none()) {
                // One that stopped just now has nothing any more.
                shown.sessions = running.sessions(Population::Visitors).rows(now).await.unwrap_or_default();
                shown.crowd_sessions = running.sessions(Population::Crowd).count(now).await.unwrap_or_default();
            }
            nodes.push(shown);
        }
        let operations = self.visitors.keeping.operations();
        let (topology, is_down) = self.world(|world| (world.topology, world.faults.store_down));
        let store = match shared {
            None => None,
            Some(sessions) => {
                let rows = sessions.rows(now).await;
                // Who can only read lets nobody log in.
                let works = self.stores.answered(topology.store) || self.stores.answers(topology.store).await;
                Some(StoreView {
                    kind: topology.store,
                    address: self.stores.address(topology.store),
                    available: rows.is_ok() && !is_down && works,
                    listable: Stores::is_listable(topology.store),
                    sessions: rows.unwrap_or_default(),
                    operations: operations.iter().map(|operation| operation.count).sum(),
                })
            }
        };
        self.world(|world| ServerView {
            number,
            now,
            began: Beginning::clone(&world.began),
            topology: world.topology,
            nodes,
            store,
            operations,
            replication: self.visitors.cluster().view(),
            faults: world.faults,
            crowd: self.crowds.view(),
            keys: world.keys.view(),
            users: world.users.clone(),
            denylist: world.denylist.entries.clone(),
            defences: world.defences,
            attacker: self.attacker.view(),
            stores: self.stores.offers(),
        })
    }
}
