//! Work that takes a core for a while: off the async threads, so much at a time, and no more than may wait for it.

use crate::clients::{Client, Waiting};
use std::sync::Arc;
use tokio::sync::Semaphore;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotDone {
    #[error("too many {0}: try again in a second")]
    Busy(&'static str),
    #[error("{0}")]
    Broken(String),
}

/// One kind of such work.
#[derive(Debug)]
pub(crate) struct CoreWork {
    pub(super) name: &'static str,
    /// What there is too much of where it is refused.
    pub(super) too_many: NotDone,
    /// What a client has of it.
    pub(super) of_client: fn(&Client) -> &Waiting,
    pub(super) at_once: Arc<Semaphore>,
    /// Places for what waits or is being done.
    pub(super) places: Arc<Semaphore>,
}

impl CoreWork {
    /// Does it for a client, where one is known. It holds its places to its end, also when nobody waits any more.
    pub(super) async fn done<T: Send + 'static>(
        &self,
        client: Option<&Arc<Client>>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let busy = || self.too_many.clone();
        let free = self.places.available_permits();
        let of_client =
            client.map(|client| client.place((self.of_client)(client), free).ok_or_else(busy)).transpose()?;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let in_line = if let Some(place) = &of_client { place.in_line().await } else { None };
        let turn = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| busy())?;
        let work = tokio::task::spawn_blocking(move || {
            let _held = (place, of_client, in_line, turn);
            work()
        });
        work.await.map_err(|error| NotDone::Broken(format!("the {} died: {error}", self.name)))
    }
}
