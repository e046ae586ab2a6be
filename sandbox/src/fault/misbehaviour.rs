//! The named faults of servers and of the proxies before them.

use std::time::Duration;

use super::alteration::Alteration;
use super::body::OversizedBody;
use super::rule::{Fault, FaultAction};
use super::stream::ByteFault;
use crate::http::Reply;

/// Characters that a terminal must not receive: escape sequences that set its title, clear it and
/// write to its clipboard, a C1 control, carriage return, backspace, bidirectional overrides, a
/// zero-width character, a tag character, and a line separator.
pub const TERMINAL_POISON: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}]52;c;b3duZWQ=\u{7}\u{9b}31m\r\u{8}\u{7f}\u{202e}\u{2066}\u{200b}\u{e0041}\u{2028}\n$(id)`id`";

impl Fault {
    /// Delays the answer by a random time of at most `most`.
    pub fn delay_up_to(most: Duration) -> Self {
        Self::new(FaultAction::DelayUpTo(most))
    }

    /// Runs the request, sends the head of the answer and this many bytes of its body, then closes
    /// the connection.
    pub fn cut_body_after(bytes: usize) -> Self {
        Self::new(FaultAction::Bytes(ByteFault::CutBody(bytes)))
    }

    /// Runs the request and sends the answer `bytes` at a time, each after a pause of `every`.
    pub fn drip(bytes: usize, every: Duration) -> Self {
        let bytes = bytes.max(1);
        Self::new(FaultAction::Bytes(ByteFault::Drip { bytes, every }))
    }

    /// Runs the request, sends these bytes in place of the whole answer, its head included, then
    /// closes the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Vec<u8> = bytes.into();
        Self::new(FaultAction::Bytes(ByteFault::Raw(bytes.into())))
    }

    /// Runs and answers the request, then closes the connection although no header announced it.
    pub fn hang_up() -> Self {
        Self::new(FaultAction::Bytes(ByteFault::HangUp { answered: false }))
    }

    /// Answers with this status and a `Retry-After` date this many seconds after the answer
    /// (negative: before it), without running the request.
    pub fn retry_at(status: u16, seconds: i64) -> Self {
        Self::new(FaultAction::Later(status, seconds))
    }

    /// Answers with the error page of a gateway, without running the request.
    pub fn gateway(status: u16) -> Self {
        let page = Reply::html(
            status,
            "Bad Gateway",
            "The upstream server is not available.",
        );
        Self::new(FaultAction::Answer(page))
    }

    /// Answers with status 200 and a login form, without running the request, as a single sign-on
    /// does when the session has ended.
    pub fn login_page() -> Self {
        let form = "<form action=\"/login\" method=\"post\"><input name=\"os_username\"><input type=\"password\" name=\"os_password\"></form>";
        Self::new(FaultAction::Answer(Reply::html(200, "Log in", form)))
    }

    /// Demands a secure administrator session, without running the request.
    pub fn websudo() -> Self {
        let body = r#"{"message":"This resource requires WebSudo.","status-code":401}"#;
        Self::status(401).body("application/json;charset=UTF-8", body)
    }

    /// Runs the request, but answers with another media type.
    pub fn media_type(name: &str) -> Self {
        Self::alteration(Alteration::MediaType(name.to_owned()))
    }

    /// Runs the request, but answers with a truncated text in a whole HTTP message.
    pub fn broken_json() -> Self {
        Self::alteration(Alteration::BrokenJson)
    }

    /// Runs the request, but answers with bytes that are not UTF-8.
    pub fn broken_utf8() -> Self {
        Self::alteration(Alteration::BrokenUtf8)
    }

    /// Runs the request, but puts a byte-order mark before the answer.
    pub fn byte_order_mark() -> Self {
        Self::alteration(Alteration::ByteOrderMark)
    }

    /// Runs the request, but answers with this many nested arrays.
    pub fn deep(levels: usize) -> Self {
        Self::alteration(Alteration::Deep(levels))
    }

    /// Runs the request, but duplicates the first key of every object in the answer, with another
    /// value.
    pub fn keys_twice() -> Self {
        Self::alteration(Alteration::KeysTwice)
    }

    /// Runs the request, but appends this text to every string in the answer.
    pub fn poison(text: &str) -> Self {
        Self::alteration(Alteration::Poison {
            text: text.to_owned(),
            all: true,
        })
    }

    /// Runs the request, but appends this text to the names, titles, versions and messages in the
    /// answer.
    pub fn poison_names(text: &str) -> Self {
        Self::alteration(Alteration::Poison {
            text: text.to_owned(),
            all: false,
        })
    }

    /// Runs the request, but replaces every id in the answer by a random one.
    pub fn other_ids() -> Self {
        Self::alteration(Alteration::OtherIds)
    }

    /// Runs the request, but shuffles the lists and the fields of objects in the answer.
    pub fn shuffled() -> Self {
        Self::alteration(Alteration::Shuffled)
    }

    /// Repeats the first answer since this fault was added, as a cache does. Applies only to GET.
    /// It needs [`Fault::skip`] or [`Fault::rate`], so that there is an earlier answer to repeat.
    pub fn stale() -> Self {
        Self::new(FaultAction::Stale)
    }

    /// Runs the request, but answers with a JSON text of this many bytes.
    pub fn big(bytes: u64) -> Self {
        Self::new(FaultAction::OversizedBody(OversizedBody::big(bytes)))
    }

    /// Runs the request, but answers without end.
    pub fn endless() -> Self {
        Self::new(FaultAction::OversizedBody(OversizedBody::endless()))
    }

    /// Runs the request, but answers with a small body that decompresses to this many bytes.
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::new(FaultAction::OversizedBody(OversizedBody::bomb(bytes)))
    }

    fn alteration(alteration: Alteration) -> Self {
        Self::new(FaultAction::Alteration(alteration))
    }
}
