//! The allow-list: only what has a field here gets into a report.
//!
//! The fields are serialized as they stand here: their order and names are those of the JSON report.

use serde::{Serialize, Serializer};

use crate::domain::{Alias, Category, Check, CheckStatus, Code, Directions, Health, Level};

/// A support report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportReport {
    /// When it was made, in UTC.
    pub made_at: String,
    /// The version of applink.
    pub applink_version: String,
    /// The applications, in the order of their aliases.
    pub apps: Vec<AppReport>,
    /// The links, the gravest first.
    pub links: Vec<LinkReport>,
    /// The requests, by the time they were sent.
    pub requests: Vec<RequestReport>,
    /// How many requests found no room in the list.
    pub left_out: usize,
    /// Applications that could not be read.
    pub errors: Vec<FailureReport>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppReport {
    /// Its alias.
    pub alias: Alias,
    /// The name of the product, for people.
    pub product: String,
    /// The type on the wire.
    #[serde(rename = "type")]
    pub type_id: String,
    /// The title that its administrator gave it.
    pub name: Option<String>,
    /// The version of the product.
    pub version: Option<String>,
    /// The version of its application links plugin.
    pub applinks_version: Option<String>,
    /// Its application id.
    pub id: Option<String>,
    /// The base URL that applink uses.
    pub url: String,
    /// The base URL that it names itself.
    pub base_url: Option<String>,
    /// The kinds of authentication that it takes.
    #[serde(rename = "inbound_authentication")]
    pub inbound: Vec<String>,
    /// How many seconds its clock is ahead of the clock of the machine that made the report.
    #[serde(rename = "seconds_ahead")]
    pub ahead: Option<i64>,
    /// The account that was used.
    pub account: AccountReport,
    /// How many records it keeps, where they could be read.
    #[serde(rename = "links")]
    pub records: Option<usize>,
    /// The headers of its answers that name it and the proxies in front of it.
    #[serde(rename = "servers")]
    pub server: Vec<String>,
    /// The consumer that it presents to its peers: its key, and the fingerprint of its public key.
    pub consumer: Option<String>,
    /// The network path to it from this machine, below HTTP.
    pub way: Option<String>,
    /// The target of its address, if it redirects.
    pub moved: Option<String>,
    /// The reason why some of it could not be read.
    pub trouble: Option<FailureReport>,
}

/// The account that was used for an application. Never the secret, nor its exact place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AccountReport {
    /// The user, where one is named.
    pub user: Option<String>,
    /// The user that the application took the caller for, where it said so.
    pub seen_as: Option<String>,
    /// The kind of the credential's source: `env`, `file`, …
    pub source: Option<String>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkReport {
    /// Its number in this report, from 1.
    pub number: usize,
    /// The end that gives the link its name.
    pub local: Alias,
    /// The other end, where its application is known.
    pub remote: Option<Alias>,
    /// The id of local's record; of the other's where only that exists.
    pub id: Option<String>,
    /// The name of the link, for people.
    pub name: String,
    /// Its status.
    #[serde(rename = "status")]
    pub health: Health,
    /// The code that set the status.
    pub code: Option<Code>,
    /// The family of that code.
    pub category: Option<Category>,
    /// One sentence.
    pub summary: String,
    /// Commands that fix it.
    #[serde(rename = "fix")]
    pub fixes: Vec<String>,
    /// Whether one way is what the administrator asked for.
    pub one_way_wanted: bool,
    /// The questions of support, in the order in which they are asked.
    pub questions: Vec<SupportQuestion>,
    /// Each end.
    pub ends: Vec<EndReport>,
    /// The outgoing level of each end beside the incoming level of the other; empty with one end.
    pub levels: Vec<LevelFlow>,
    /// Every single finding, the gravest first.
    pub checks: Vec<Check>,
    /// The codes that need attention, the one that set the status first.
    pub codes: Vec<Code>,
    /// Codes that occur only as notes.
    pub notes: Vec<Code>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupportQuestion {
    /// A name for programs.
    pub key: &'static str,
    /// The question.
    #[serde(rename = "question")]
    pub text: &'static str,
    /// The answer.
    #[serde(rename = "answer")]
    pub reply: SupportAnswer,
    /// Whether the answer is good, as the status of a check.
    #[serde(rename = "status")]
    pub mark: CheckStatus,
    /// The reasons for the answer, one sentence each.
    pub because: Vec<String>,
}

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupportAnswer {
    /// Yes.
    Yes,
    /// Probably.
    Likely,
    /// No.
    No,
    /// Without any sign of it.
    NoSign,
    /// Unknown.
    Unknown,
}

impl SupportAnswer {
    /// The answer in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Likely => "likely",
            Self::No => "no",
            Self::NoSign => "no sign of one",
            Self::Unknown => "not known",
        }
    }
}

impl Serialize for SupportAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndReport {
    /// The application.
    pub app: Alias,
    /// Its status.
    #[serde(rename = "status")]
    pub health: Health,
    /// Its product's code, or the reason why it cannot be judged.
    pub code: Option<Code>,
    /// The levels, unknown where they could not be read.
    #[serde(flatten)]
    pub levels: Directions<Level>,
    /// Whether its records could be read; if so, a missing record does not exist.
    pub readable: bool,
    /// Its record of the other.
    pub record: Option<RecordReport>,
    /// The status that the application itself reports.
    #[serde(rename = "own_status")]
    pub status: StatusReport,
    /// The application that answers at the record's application URL, if that is not the known address.
    #[serde(rename = "at_application_url")]
    pub at_url: Option<String>,
    /// The target of that URL, if it redirects.
    pub moved: Option<String>,
    /// The consumers that it keeps for the other.
    #[serde(rename = "consumers")]
    pub kept: Vec<String>,
    /// The base URL that it names when it refuses a call.
    pub realm: Option<String>,
}

/// The record that one application keeps about another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordReport {
    /// The id of the other application.
    pub id: String,
    /// The name under which it is shown.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_id: String,
    /// The application URL, which the server calls.
    pub application_url: Option<String>,
    /// The display URL, which browsers get.
    pub display_url: String,
    /// Whether it is the first choice among the links of its type.
    pub primary: bool,
    /// Whether the product manages it by itself.
    pub system: bool,
}

/// The status that an end itself reports.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StatusReport {
    /// Whether it finds nothing wrong; `None` where it did not say.
    pub working: Option<bool>,
    /// The type of the problem, as the application wrote it.
    #[serde(rename = "type")]
    pub named: Option<String>,
    /// The category as it wrote it.
    pub category: Option<String>,
    /// More about it, or why it could not be asked.
    pub details: Option<String>,
    /// The levels that its peer reported to it.
    #[serde(rename = "told_by_other")]
    pub remote: Option<Directions<Level>>,
}

/// One direction of calls: two of the four cells of the levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelFlow {
    /// The caller.
    pub from: Alias,
    /// The application that is called.
    pub to: Alias,
    /// The level that the caller uses.
    pub outgoing: Level,
    /// The level that the other one accepts.
    pub incoming: Level,
    /// Whether the two agree; none where one of them is not known.
    pub equal: Option<bool>,
}

/// One request that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestReport {
    /// When it was sent, in UTC.
    pub at: String,
    /// How many milliseconds it took.
    #[serde(rename = "ms")]
    pub millis: u64,
    /// The application, where it has an alias.
    pub app: Option<Alias>,
    /// The method.
    pub method: String,
    /// The URL without what its query says.
    pub url: String,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Why there is no answer, or what kind of answer it was.
    pub note: String,
    /// The programs named in the answer's `Server` and `Via`.
    pub servers: Vec<String>,
    /// The user as whom the application saw the caller.
    pub user: Option<String>,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailureReport {
    /// The application.
    pub app: Alias,
    /// The family.
    pub kind: &'static str,
    /// The entry of the catalogue.
    pub code: Option<Code>,
    /// The failure, in one sentence.
    pub message: String,
    /// The next steps for the user.
    pub hints: Vec<String>,
}

impl SupportReport {
    /// How many links are in that state.
    pub fn count(&self, health: Health) -> usize {
        self.links
            .iter()
            .filter(|link| link.health == health)
            .count()
    }

    /// The codes that no link and no application has more than a note about, in the catalogue's
    /// order.
    pub fn only_notes(&self) -> Vec<Code> {
        let troubles = self.errors.iter().filter_map(|trouble| trouble.code);
        let told: Vec<Code> = self
            .links
            .iter()
            .flat_map(|link| link.codes.iter().copied())
            .chain(troubles)
            .collect();
        let mut codes = self.codes();
        codes.retain(|code| !told.contains(code));
        codes
    }

    /// Every code that occurs anywhere, in the catalogue's order.
    pub fn codes(&self) -> Vec<Code> {
        let troubles = self.errors.iter().filter_map(|trouble| trouble.code);
        let mut codes: Vec<Code> = self
            .links
            .iter()
            .flat_map(|link| link.codes.iter().chain(&link.notes).copied())
            .chain(troubles)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

impl LinkReport {
    /// Both ends in words: `jira and wiki`, or `jira and "Jenkins"` where the other is unknown.
    pub fn title(&self) -> String {
        match &self.remote {
            Some(remote) => format!("{} and {remote}", self.local),
            None => format!("{} and \u{201c}{}\u{201d}", self.local, self.name),
        }
    }
}

impl LevelFlow {
    /// The calls from one end to the other.
    pub fn new(from: (&Alias, Level), to: (&Alias, Level)) -> Self {
        let (outgoing, incoming) = (from.1, to.1);
        let known = outgoing != Level::Unknown && incoming != Level::Unknown;
        Self {
            from: from.0.clone(),
            to: to.0.clone(),
            outgoing,
            incoming,
            equal: known.then_some(outgoing == incoming),
        }
    }
}
