//! The one way to what is behind a mutex.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is behind a lock. Each change is whole before the lock is given back, also where somebody panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
