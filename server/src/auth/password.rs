//! Passwords: Argon2id, off the async threads, at most as many at once as there are cores.

use crate::{
    auth::core_work::{CoreWork, NotDone},
    bounds,
    clients::Client,
    lock::lock,
};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        PasswordHasher as _,
        phc::{Output, PasswordHash},
    },
};
use domain::user::{DEMO_USERS, demo_password};
use std::sync::{Arc, LazyLock, Mutex};
use tokio::sync::Semaphore;

/// Too many passwords are being checked.
pub(crate) const TOO_MANY: NotDone = NotDone::Busy("logins at once");

#[derive(Debug)]
pub(crate) struct Passwords {
    logins: CoreWork,
    /// What the work is done in, at most one a core: freed each time, it would stay with whichever thread had it,
    /// and grow to hundreds of MiB.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// By name. The same in every lab, so they are made once, when first needed.
static HASHES: LazyLock<Hashes> = LazyLock::new(make_hashes);

type Hashes = Result<Vec<(&'static str, PasswordHash)>, String>;

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let logins = CoreWork {
            name: "password work",
            too_many: TOO_MANY,
            of_client: |client| &client.passwords,
            at_once: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(bounds::PASSWORDS)),
        };
        Self { logins, memory: Arc::default() }
    }

    /// Whether this is the password of the user of this name, as a client says, where one is known. The work is the same
    /// whether there is such a user or not, so that the time tells nobody which names exist.
    pub(crate) async fn check(
        &self,
        client: Option<&Arc<Client>>,
        name: &str,
        password: &str,
    ) -> Result<bool, NotDone> {
        let (name, password, pool) = (name.to_owned(), password.to_owned(), Arc::clone(&self.memory));
        let work = move || {
            let mut memory = lock(&pool).pop().unwrap_or_default();
            let right = check(&name, &password, &mut memory);
            lock(&pool).push(memory);
            right
        };
        self.logins.done(client, work).await?.map_err(NotDone::Broken)
    }
}

/// 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
fn argon2() -> Result<Argon2<'static>, String> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn make_hashes() -> Hashes {
    let argon2 = argon2()?;
    let hash = |name| argon2.hash_password(demo_password(name).as_bytes()).map_err(|error| error.to_string());
    DEMO_USERS.into_iter().map(|(name, _)| Ok((name, hash(name)?))).collect()
}

/// One verification, whoever is asked for: where nobody has this name, against somebody else's hash.
fn check(name: &str, password: &str, memory: &mut Vec<Block>) -> Result<bool, String> {
    let hashes = HASHES.as_ref().map_err(String::clone)?;
    let known = hashes.iter().find(|(known, _)| *known == name);
    let (_, hash) = known.or(hashes.first()).ok_or("there are no users")?;
    let (Some(salt), Some(expected)) = (&hash.salt, hash.hash) else { return Err("a user's hash is none".to_owned()) };
    let (argon2, mut out) = (argon2()?, [0; Params::DEFAULT_OUTPUT_LEN]);
    memory.resize(argon2.params().block_count(), Block::default());
    let worked = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory);
    worked.map_err(|error| error.to_string())?;
    // Outputs are compared in a time that tells nothing.
    Ok(Output::new(&out).is_ok_and(|found| found == expected) && known.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Passwords {
        /// Keeps every login waiting until it is dropped.
        pub(crate) async fn hold(&self) -> tokio::sync::OwnedSemaphorePermit {
            let all = u32::try_from(self.logins.at_once.available_permits()).unwrap();
            Arc::clone(&self.logins.at_once).acquire_many_owned(all).await.unwrap()
        }

        /// How many logins wait or are being worked on.
        pub(crate) fn waiting(&self) -> usize {
            bounds::PASSWORDS - self.logins.places.available_permits()
        }
    }

    #[test]
    fn the_hashes_are_argon2id_with_nineteen_mebibytes_two_passes_one_lane() {
        for (_, hash) in make_hashes().unwrap() {
            let text = hash.to_string();
            assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        }
    }

    #[tokio::test]
    async fn right_is_right_and_an_unknown_name_is_wrong_even_with_a_password_that_somebody_has() {
        let passwords = Passwords::new();
        assert!(passwords.check(None, "alice", "alice-password").await.unwrap());
        assert!(!passwords.check(None, "alice", "bob-password").await.unwrap());
        assert!(!passwords.check(None, "mallory", "alice-password").await.unwrap());
        assert_eq!(passwords.waiting(), 0);
    }

    #[tokio::test]
    async fn the_memory_is_used_again_and_never_more_than_one_piece_a_core() {
        let passwords = Passwords::new();
        let cores = passwords.logins.at_once.available_permits();
        let logins = (0..3 * cores).map(|_| passwords.check(None, "alice", "alice-password"));
        assert!(futures::future::join_all(logins).await.into_iter().all(|right| right.unwrap()));
        let memory = passwords.memory.lock().unwrap();
        assert!((1..=cores).contains(&memory.len()), "{}", memory.len());
    }
}
