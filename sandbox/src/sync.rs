//! Locks that outlive a panicking thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`; what a panicking holder left is used as it is.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
