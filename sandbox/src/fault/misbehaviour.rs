//! The named ways in which servers, and what stands before them, go wrong.

use std::time::{Duration, SystemTime};

use super::alteration::Mangle;
use super::body::Flood;
use super::rule::{Action, Fault};
use super::stream::Order;
use crate::http::Reply;

/// Characters that no terminal should get: escape sequences that set its title, clear it and write
/// to its clipboard, a C1 control, carriage return, backspace, bidirectional overrides, a
/// zero-width character, a tag character, and a line separator.
pub const TERMINAL_POISON: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}]52;c;b3duZWQ=\u{7}\u{9b}31m\r\u{8}\u{7f}\u{202e}\u{2066}\u{200b}\u{e0041}\u{2028}\n$(id)`id`";

impl Fault {
    /// The answer comes later, by a time of at most `most` that the seed chooses.
    pub fn delay_up_to(most: Duration) -> Self {
        Self::new(Action::DelayUpTo(most))
    }

    /// The request is carried out; the head of the answer and so many bytes of its body are sent,
    /// then the connection is closed.
    pub fn cut_body_after(bytes: usize) -> Self {
        Self::new(Action::Bytes(Order::CutBody(bytes)))
    }

    /// The request is carried out; the answer leaves `bytes` at a time, each after `every`.
    pub fn drip(bytes: usize, every: Duration) -> Self {
        let bytes = bytes.max(1);
        Self::new(Action::Bytes(Order::Drip { bytes, every }))
    }

    /// The request is carried out; these bytes are sent in place of the whole answer, its head
    /// included, then the connection is closed.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Vec<u8> = bytes.into();
        Self::new(Action::Bytes(Order::Raw(bytes.into())))
    }

    /// The request is carried out and answered, then the connection is closed without having been
    /// announced so.
    pub fn hang_up() -> Self {
        Self::new(Action::Bytes(Order::HangUp { answered: false }))
    }

    /// The request is not carried out; this status comes back, with a date in `Retry-After` that
    /// lies so many seconds after the answer (negative: before it).
    pub fn retry_at(status: u16, seconds: i64) -> Self {
        Self::new(Action::Later(status, seconds))
    }

    /// The request is not carried out; a gateway's page comes back.
    pub fn gateway(status: u16) -> Self {
        let page = Reply::html(
            status,
            "Bad Gateway",
            "The upstream server is not available.",
        );
        Self::new(Action::Answer(page))
    }

    /// The request is not carried out; a form for user and password comes back with 200, as from a
    /// single sign-on whose session has ended.
    pub fn login_page() -> Self {
        let form = "<form action=\"/login\" method=\"post\"><input name=\"os_username\"><input type=\"password\" name=\"os_password\"></form>";
        Self::new(Action::Answer(Reply::html(200, "Log in", form)))
    }

    /// The request is not carried out; a secure administrator session is demanded.
    pub fn websudo() -> Self {
        let body = r#"{"message":"This resource requires WebSudo.","status-code":401}"#;
        Self::status(401).body("application/json;charset=UTF-8", body)
    }

    /// The request is carried out; its answer says to be of another media type.
    pub fn media_type(name: &str) -> Self {
        Self::mangle(Mangle::MediaType(name.to_owned()))
    }

    /// The request is carried out; the text of its answer breaks off, in a whole HTTP message.
    pub fn broken_json() -> Self {
        Self::mangle(Mangle::BrokenJson)
    }

    /// The request is carried out; its answer is not UTF-8.
    pub fn broken_utf8() -> Self {
        Self::mangle(Mangle::BrokenUtf8)
    }

    /// The request is carried out; its answer starts with a byte-order mark.
    pub fn byte_order_mark() -> Self {
        Self::mangle(Mangle::ByteOrderMark)
    }

    /// The request is carried out; its answer is that many arrays, each in the one before.
    pub fn deep(levels: usize) -> Self {
        Self::mangle(Mangle::Deep(levels))
    }

    /// The request is carried out; in its answer every object has its first key twice, with
    /// different values.
    pub fn keys_twice() -> Self {
        Self::mangle(Mangle::KeysTwice)
    }

    /// The request is carried out; in its answer this text follows every string.
    pub fn poison(text: &str) -> Self {
        Self::mangle(Mangle::Poison {
            text: text.to_owned(),
            all: true,
        })
    }

    /// The request is carried out; in its answer this text follows what people read: names, titles,
    /// versions, messages.
    pub fn poison_names(text: &str) -> Self {
        Self::mangle(Mangle::Poison {
            text: text.to_owned(),
            all: false,
        })
    }

    /// The request is carried out; every id in its answer is another one, chosen by the seed.
    pub fn other_ids() -> Self {
        Self::mangle(Mangle::OtherIds)
    }

    /// The request is carried out; lists, and the fields of objects, stand in an order that the
    /// seed chooses.
    pub fn shuffled() -> Self {
        Self::mangle(Mangle::Shuffled)
    }

    /// The first answer since this fault was set is given again for the same address, as by a cache
    /// that does not ask. Of reads only; needs [`Fault::skip`] or [`Fault::rate`] to have something
    /// to repeat.
    pub fn stale() -> Self {
        Self::new(Action::Stale)
    }

    /// The request is carried out; its answer is a JSON text of that many bytes.
    pub fn big(bytes: u64) -> Self {
        Self::new(Action::Flood(Flood::big(bytes)))
    }

    /// The request is carried out; its answer never ends.
    pub fn endless() -> Self {
        Self::new(Action::Flood(Flood::endless()))
    }

    /// The request is carried out; its answer is so small, and so many bytes when it is
    /// decompressed.
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::new(Action::Flood(Flood::bomb(bytes)))
    }

    fn mangle(mangle: Mangle) -> Self {
        Self::new(Action::Mangle(mangle))
    }
}

/// An answer that puts off until a date, counted from now.
pub(super) fn later(status: u16, seconds: i64) -> Reply {
    let span = Duration::from_secs(seconds.unsigned_abs());
    let now = SystemTime::now();
    let at = if seconds < 0 { now - span } else { now + span };
    Reply::new(status).header("Retry-After", httpdate::fmt_http_date(at))
}
