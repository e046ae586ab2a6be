//! Decides when a request may be sent again, and how long to wait before.
//!
//! Only what is safe to repeat is repeated: reads whose answer was lost or that a server put off,
//! and writes that a server declined with 429 before it looked at them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// At most so many attempts for one logical call.
pub const ATTEMPTS: u32 = 4;

/// The longest wait of our own between two attempts.
pub const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A longer wait than this is no answer to a request, but a wrong clock or a mistake: our own
/// back-off is used.
const ABSURD_WAIT: Duration = Duration::from_secs(3600);

/// Why and when a request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// The server limits the rate, or is busy: it is asked again until the time of the call is over.
    Paced(Option<Duration>),
    /// The answer was lost: it is asked again a few times.
    Lost,
}

impl Repeat {
    /// The wait that the server asks for.
    pub fn asked(self) -> Option<Duration> {
        match self {
            Self::Paced(asked) => asked,
            Self::Lost => None,
        }
    }
}

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
/// 200 ms to [`LONGEST_WAIT`] with up to 50 % of `jitter`.
pub fn wait(attempt: u32, asked: Option<Duration>, jitter: u8) -> Duration {
    if let Some(asked) = asked {
        return asked.saturating_add(Duration::from_millis(u64::from(jitter)));
    }
    let doublings = attempt.saturating_sub(2).min(10);
    let base = (Duration::from_millis(200) * 2_u32.pow(doublings)).min(LONGEST_WAIT);
    base + base * u32::from(jitter) / 512
}

/// The wait that a `Retry-After` header asks for: seconds, or an HTTP date. None where it asks for
/// no wait, or for one that cannot be meant.
pub fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    let asked = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => http_date(header)?.duration_since(now).ok()?,
    };
    (asked > Duration::ZERO && asked <= ABSURD_WAIT).then_some(asked)
}

/// The wait until a rate limit gives new requests: the products name how many requests they add in
/// how many seconds (Atlassian, "Adjusting your code for rate limiting").
pub fn refill(requests: &str, seconds: &str) -> Option<Duration> {
    let requests: u64 = requests.trim().parse().ok()?;
    let seconds: u64 = seconds.trim().parse().ok()?;
    let interval = Duration::from_secs(seconds);
    (requests > 0 && interval > Duration::ZERO && interval <= ABSURD_WAIT).then_some(interval)
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
        for none in [
            "0",
            "Sun, 06 Nov 1994 08:49:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "99999999",
            "18446744073709551615",
            "18446744073709551616",
            "1.5",
            "",
        ] {
            assert_eq!(retry_after(none, now), None, "{none}");
        }
        assert_eq!(retry_after("-1", now), None);
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn a_rate_limit_says_when_it_gives_new_requests() {
        assert_eq!(refill("5", "1"), Some(Duration::from_secs(1)));
        for (requests, seconds) in [("0", "1"), ("5", "0"), ("5", "x"), ("", "1"), ("5", "-1")] {
            assert_eq!(refill(requests, seconds), None);
        }
    }

    #[test]
    fn waits_are_bounded() {
        assert_eq!(wait(2, None, 0), Duration::from_millis(200));
        assert!(wait(3, None, 255) < Duration::from_millis(600));
        assert_eq!(wait(40, None, 0), LONGEST_WAIT);
        let long = Duration::from_secs(25);
        assert_eq!(wait(2, Some(long), 0), long);
        assert!(wait(2, Some(long), 1) > long);
    }
}
