//! A limit of requests per second, and the answers of the limiter.

use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use crate::http::Reply;

const WINDOW: Duration = Duration::from_secs(1);
/// Seconds by which a `Retry-After` date lies in the past.
const PAST: i64 = -3600;

/// The `Retry-After` header of a refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// No such header.
    Absent,
    /// This many seconds. Some limiters send zero.
    Seconds(u64),
    /// A date an hour ago.
    PastDate,
    /// A number of seconds that no client can hold.
    Absurd,
}

/// The limiter of one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RateLimit {
    per_second: u32,
    retry: RetryAfter,
    window: Option<(Instant, u32)>,
}

impl RateLimit {
    pub(super) fn new(per_second: u32, retry: RetryAfter) -> Self {
        Self {
            per_second,
            retry,
            window: None,
        }
    }

    /// Counts a request. Returns the headers for its answer, or the refusal.
    pub(super) fn admit(&mut self) -> Result<Vec<(String, String)>, Reply> {
        let now = Instant::now();
        let (start, used) = match self.window {
            Some((start, used)) if now.duration_since(start) < WINDOW => (start, used),
            _ => (now, 0),
        };
        if used >= self.per_second {
            self.window = Some((start, used));
            let mut reply = self.refusal();
            reply.headers.extend(self.headers(0));
            return Err(reply);
        }
        self.window = Some((start, used + 1));
        Ok(self.headers(self.per_second - used - 1))
    }

    fn headers(&self, remaining: u32) -> Vec<(String, String)> {
        let header = |name: &str, value: u32| (format!("X-RateLimit-{name}"), value.to_string());
        vec![
            header("Limit", self.per_second),
            header("Remaining", remaining),
            header("FillRate", self.per_second),
            header("Interval-Seconds", 1),
        ]
    }

    fn refusal(&self) -> Reply {
        let reply = match self.retry {
            RetryAfter::Absent => Reply::new(429),
            RetryAfter::Seconds(seconds) => {
                Reply::new(429).header("Retry-After", seconds.to_string())
            }
            RetryAfter::PastDate => retry_later(429, PAST),
            RetryAfter::Absurd => Reply::new(429).header("Retry-After", "99999999999999999999"),
        };
        let text = json!({"message": "Too many requests."}).to_string();
        reply.body("application/json;charset=UTF-8", text)
    }
}

/// A reply with a `Retry-After` date, counted from now.
pub(super) fn retry_later(status: u16, seconds: i64) -> Reply {
    let span = Duration::from_secs(seconds.unsigned_abs());
    let now = SystemTime::now();
    let at = if seconds < 0 { now - span } else { now + span };
    Reply::new(status).header("Retry-After", httpdate::fmt_http_date(at))
}
