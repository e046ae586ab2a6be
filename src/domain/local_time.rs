//! Times for people, in the local zone, with its name.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time as the clock on the wall shows it.
pub fn local_time(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_named() {
        let shown = local_time(Timestamp::UNIX_EPOCH);
        let words: Vec<&str> = shown.split(' ').collect();
        assert_eq!(words.len(), 3, "{shown}");
        assert!(words[0].len() == 10 && words[1].len() == 8 && !words[2].is_empty());
    }
}
