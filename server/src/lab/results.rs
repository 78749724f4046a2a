//! What was measured in a lab, as the page keeps it: a document that nobody here looks into, with a version.

use crate::{
    bounds,
    clients::{Client, ClientShare},
    lock::lock,
};
use bytes::Bytes;
use std::sync::{Arc, Mutex};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotKept {
    #[error(
        "the results are of version {0} by now: GET control/results, put yours to them, and send them with that version"
    )]
    Stale(u64),
    #[error("the results are over 512 KiB, and that is the most")]
    TooLarge,
    #[error("there is no room for more results from your address: reset a lab that keeps some, or try again later")]
    Full,
}

#[derive(Debug, Default)]
pub(crate) struct Results(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    json: Option<Bytes>,
    /// Of whoever brought it, where that is known.
    room: Option<ClientShare>,
}

impl Results {
    /// The version, and the document as JSON.
    pub(crate) fn read(&self) -> (u64, Option<Bytes>) {
        let kept = lock(&self.0);
        (kept.version, kept.json.clone())
    }

    /// Keeps another document of this client in place of the one of this version, and returns the new version.
    ///
    /// # Errors
    /// [`NotKept`]; then what was kept before is kept.
    pub(crate) fn keep(&self, version: u64, json: Bytes, client: Option<&Arc<Client>>) -> Result<u64, NotKept> {
        if json.len() > bounds::LAB_RESULTS {
            return Err(NotKept::TooLarge);
        }
        let mut kept = lock(&self.0);
        if kept.version != version {
            return Err(NotKept::Stale(kept.version));
        }
        if client.is_some_and(|client| !client.keeps_results(json.len(), &mut kept.room)) {
            return Err(NotKept::Full);
        }
        (kept.version, kept.json) = (version.saturating_add(1), Some(json));
        Ok(kept.version)
    }

    /// Forgets everything but the version, which goes on: whoever has read before learns of it.
    pub(crate) fn reset(&self) {
        let mut kept = lock(&self.0);
        if kept.json.is_some() {
            *kept = Kept { version: kept.version.saturating_add(1), ..Kept::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::{Clients, Proxies};

    fn whole() -> Bytes {
        Bytes::from(vec![b'x'; bounds::LAB_RESULTS])
    }

    #[test]
    fn what_is_kept_has_the_version_after_the_one_that_was_read_also_after_a_reset() {
        let results = Results::default();
        let keep = |version, json: &'static str| results.keep(version, json.into(), None);
        assert_eq!(keep(0, "{\"a\":1}"), Ok(1));
        assert_eq!(keep(0, "{}"), Err(NotKept::Stale(1)));
        assert_eq!(keep(1, "{}"), Ok(2));
        results.reset();
        assert_eq!(results.read(), (3, None));
        assert_eq!((keep(3, "{}"), results.read()), (Ok(4), (4, Some("{}".into()))));
        let too_large = Bytes::from(vec![b'x'; bounds::LAB_RESULTS + 1]);
        assert_eq!(results.keep(4, too_large, None), Err(NotKept::TooLarge));
    }

    #[test]
    fn who_fills_the_room_for_results_leaves_some_to_others_and_gives_it_back_with_the_lab_or_its_reset() {
        let clients = Arc::new(Clients::new(Proxies::default()));
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|ip| clients.of(ip.parse().unwrap()));
        let mut all = Vec::new();
        let refused = loop {
            let results = Results::default();
            match results.keep(0, whole(), Some(&one)) {
                Ok(_) => all.push(results),
                Err(why) => break why,
            }
        };
        assert_eq!((refused, all.len()), (NotKept::Full, bounds::RESULTS / bounds::LAB_RESULTS / 2));
        assert_eq!(Results::default().keep(0, whole(), Some(&other)), Ok(1));
        assert_eq!(all[0].keep(1, whole(), Some(&one)), Ok(2), "in place of as much there is room");
        all[0].reset();
        assert_eq!(Results::default().keep(0, whole(), Some(&one)), Ok(1));
        all.truncate(2);
        assert_eq!(all[0].keep(3, whole(), Some(&one)), Ok(4));
    }
}
