//! Descriptors: every connection and every file takes one, and with none left nothing works any more.

use crate::bounds;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit as far as the system allows, and says how many connections there may be.
pub(super) fn connections() -> u32 {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(bounds::DESCRIPTORS).min(bounds::DESCRIPTORS);
    if limit.current.is_some_and(|current| current < most)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum })
    {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    let have = getrlimit(Resource::Nofile).current.unwrap_or(bounds::DESCRIPTORS);
    let connections = room(have);
    if connections < bounds::CONNECTIONS {
        tracing::warn!("{have} open files are allowed: {connections} connections at once; see ulimit -n");
    }
    connections
}

/// How many connections so many descriptors are enough for.
fn room(descriptors: u64) -> u32 {
    let lanes = 2 * u64::try_from(bounds::RESERVE_LANE).unwrap_or(u64::MAX);
    let left = descriptors.saturating_sub(lanes + bounds::OTHER_DESCRIPTORS) / bounds::CONNECTION_DESCRIPTORS;
    u32::try_from(left).unwrap_or(u32::MAX).clamp(1, bounds::CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_descriptors_for_every_connection_and_its_file() {
        assert_eq!(room(65_536), bounds::CONNECTIONS);
        let few = room(1024);
        assert!(few > 300 && u64::from(few) * 2 + 2 * 128 + 64 <= 1024, "{few}");
        assert_eq!((room(0), room(u64::MAX)), (1, bounds::CONNECTIONS));
    }
}
