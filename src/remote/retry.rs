//! Decides when a request may be sent again, and how long to wait before.
//!
//! Only what is safe to repeat is repeated: reads whose answer was lost or that a server put off,
//! and writes that a server declined with 429 before it looked at them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// At most so many attempts for one logical call.
pub const ATTEMPTS: u32 = 4;

/// A server may not make us wait longer than this between two attempts.
pub const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How many repetitions a whole run may make without having been asked to wait: where everything
/// fails, asking everybody again makes it worse.
#[derive(Debug)]
pub struct Budget(AtomicI64);

impl Budget {
    /// What a run begins with, in tenths of a repetition.
    const START: i64 = 400;
    /// What each call adds.
    const EARNED: i64 = 2;
    /// What a repetition takes.
    const PRICE: i64 = 10;

    /// A call is made.
    pub fn earn(&self) {
        self.0.fetch_add(Self::EARNED, Ordering::Relaxed);
    }

    /// Takes one repetition, if there is one left.
    pub fn spend(&self) -> bool {
        self.0.fetch_sub(Self::PRICE, Ordering::Relaxed) >= Self::PRICE
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicI64::new(Self::START))
    }
}

/// How long to wait before attempt number `attempt` (2 is the first repetition).
///
/// `asked` is what the server asked for, and a quarter of a second of `jitter` (0 to 255) at most
/// after it: many who were put off do not come back at once. Without it the wait doubles from
/// 200 ms with up to 50 % of `jitter`.
pub fn wait(attempt: u32, asked: Option<Duration>, jitter: u8) -> Duration {
    let wait = if let Some(asked) = asked {
        asked.saturating_add(Duration::from_millis(u64::from(jitter)))
    } else {
        let doublings = attempt.saturating_sub(2).min(10);
        let base = Duration::from_millis(200) * 2_u32.pow(doublings);
        base + base * u32::from(jitter) / 512
    };
    wait.min(LONGEST_WAIT)
}

/// The wait that a `Retry-After` header asks for: seconds, or an HTTP date.
pub fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = http_date(header)?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

/// Reads an HTTP date in any of its three forms (RFC 9110 section 5.6.7).
pub fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_ends() {
        let budget = Budget::default();
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 40);
        let budget = Budget::default();
        (0..100).for_each(|_| budget.earn());
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 60);
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(retry_after("3", now), Some(Duration::from_secs(3)));
        for date in [
            "Sun, 06 Nov 1994 08:49:40 GMT",
            "Sunday, 06-Nov-94 08:49:40 GMT",
            "Sun Nov  6 08:49:40 1994",
        ] {
            assert_eq!(retry_after(date, now), Some(Duration::from_secs(3)));
        }
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("-1", now), None);
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn waits_are_bounded() {
        assert_eq!(
            wait(2, Some(Duration::from_secs(1_000_000_000)), 0),
            LONGEST_WAIT
        );
        assert_eq!(wait(2, None, 0), Duration::from_millis(200));
        assert!(wait(3, None, 255) < Duration::from_millis(600));
        assert_eq!(wait(40, None, 0), LONGEST_WAIT);
        let three = Duration::from_secs(3);
        assert_eq!(wait(2, Some(three), 0), three);
        assert!(wait(2, Some(three), 1) > three);
        assert!(wait(2, Some(Duration::ZERO), 255) < Duration::from_millis(300));
    }
}
