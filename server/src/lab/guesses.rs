//! A brake on guessing passwords (OWASP ASVS 5.0 V6.3.1): so many wrong ones for a name, and for a while none is
//! looked at.

use crate::{bounds, lock::lock};
use domain::user::DEMO_USERS;
use std::{sync::Mutex, time::Duration};
use tokio::time::Instant;

/// The wrong passwords in one lab: for each user, and for all names that nobody has together.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<[Option<Wrong>; DEMO_USERS.len() + 1]>);

#[derive(Clone, Copy, Debug)]
struct Wrong {
    since: Instant,
    times: u32,
}

/// Too many passwords were wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} passwords for this name were wrong: wait {} seconds", bounds::WRONG_PASSWORDS, self.wait.as_secs() + 1)]
pub(crate) struct TooManyGuesses {
    pub(crate) wait: Duration,
}

impl Guesses {
    fn of<T>(&self, name: &str, look: impl FnOnce(&mut Option<Wrong>) -> T) -> T {
        let index = DEMO_USERS.iter().position(|(user, _)| *user == name).unwrap_or(DEMO_USERS.len());
        let (mut all, mut none) = (lock(&self.0), None);
        let slot = all.get_mut(index).unwrap_or(&mut none);
        slot.take_if(|wrong| wrong.since.elapsed() >= bounds::WRONG_PASSWORDS_WITHIN);
        look(slot)
    }

    /// Whether one more password may be tried for this name.
    pub(crate) fn may_try(&self, name: &str) -> Result<(), TooManyGuesses> {
        self.of(name, |slot| match slot {
            Some(wrong) if wrong.times >= bounds::WRONG_PASSWORDS => {
                Err(TooManyGuesses { wait: bounds::WRONG_PASSWORDS_WITHIN.saturating_sub(wrong.since.elapsed()) })
            }
            _ => Ok(()),
        })
    }

    /// Notes a wrong password. Whether that was the last one for now.
    pub(crate) fn was_wrong(&self, name: &str) -> bool {
        self.of(name, |slot| {
            let wrong = slot.get_or_insert(Wrong { since: Instant::now(), times: 0 });
            wrong.times = wrong.times.saturating_add(1);
            wrong.times == bounds::WRONG_PASSWORDS
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_ten_wrong_passwords_a_name_rests_for_a_minute_and_no_other_does() {
        let guesses = Guesses::default();
        for n in 1..=bounds::WRONG_PASSWORDS {
            assert_eq!(guesses.may_try("alice"), Ok(()));
            assert_eq!(guesses.was_wrong("alice"), n == bounds::WRONG_PASSWORDS);
        }
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(guesses.may_try("alice"), Err(TooManyGuesses { wait: Duration::from_secs(40) }));
        assert_eq!((guesses.may_try("bob"), guesses.may_try("mallory")), (Ok(()), Ok(())));
        tokio::time::advance(Duration::from_secs(40)).await;
        assert_eq!(guesses.may_try("alice"), Ok(()));
    }

    #[test]
    fn names_that_nobody_has_share_one_count_so_that_made_up_ones_take_no_room() {
        let guesses = Guesses::default();
        for n in 0..bounds::WRONG_PASSWORDS {
            guesses.was_wrong(&n.to_string());
        }
        assert!(guesses.may_try("anybody").is_err());
    }
}
