//! The plans that register and delete a consumer: a generic link, its incoming consumer, and the
//! switches that a generic link does not take with the consumer.

use super::{ConsumerAction, Expected, Goal, NewConsumer, NewLink, Plan, Policy, Proof, Step};
use crate::domain::{Alias, ApplicationId, BaseUrl, BaseUrlError, Directions, Flags, TypeId, View};
use crate::error::{Error, Result};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerRequest {
    /// The application that it may call.
    pub on: Alias,
    /// Its name.
    pub name: String,
    /// The address of its link; a placeholder will do.
    pub url: BaseUrl,
    /// The consumer.
    pub consumer: NewConsumer,
    /// The length of its key.
    pub bits: u32,
    /// Where the private key is, if applink has it.
    pub key_file: Option<String>,
    /// What is to be done on its side, if that is known.
    pub snippet: Option<String>,
}

/// What is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredConsumer {
    /// The link at that address.
    pub view: View,
    /// Its consumer.
    pub consumer: Option<NewConsumer>,
}

impl RegisteredConsumer {
    /// The key of a consumer that is stored with a public key that cannot be read.
    pub fn unreadable(&self) -> Option<&str> {
        match (&self.consumer, self.view.consumers.first()) {
            (None, Some(mark)) => Some(&mark.key),
            _ => None,
        }
    }
}

/// Plans the registration, or what is missing of it.
pub fn plan(request: &ConsumerRequest, registered: Option<&RegisteredConsumer>) -> Result<Plan> {
    let id = ApplicationId::of_url(&request.url);
    let on = &request.on;
    if let Some(registered) = registered
        && !registered.view.record.type_id.is_generic()
    {
        return Err(Error::conflict(format!(
            "{on} has a link to {} already, to an application of type {:?}",
            request.url,
            registered.view.record.type_id.as_str()
        ))
        .hint("give the program an address of its own: --url"));
    }
    let mut steps = Vec::new();
    if registered.is_none() {
        steps.push(Step::Create {
            on: on.clone(),
            id,
            link: NewLink {
                name: request.name.clone(),
                type_id: TypeId::generic(),
                rpc_url: request.url.to_string(),
                display_url: request.url.to_string(),
                primary: false,
            },
        });
    }
    steps.extend(store_or_allow(request, id, registered));
    Ok(Plan {
        goal: Goal::Consumer {
            on: on.clone(),
            name: request.name.clone(),
            id,
            key: request.consumer.key.clone(),
            fingerprint: request.consumer.fingerprint.clone(),
            bits: request.bits,
            key_file: request.key_file.clone(),
            snippet: request.snippet.clone(),
            two_legged: request.consumer.incoming.two_legged,
            impersonation: request.consumer.incoming.impersonation,
            action: ConsumerAction::Register,
        },
        steps,
        policy: Policy::RollBack,
    })
}

/// The step that stores the consumer, or the one that sets what it may do.
fn store_or_allow(
    request: &ConsumerRequest,
    id: ApplicationId,
    registered: Option<&RegisteredConsumer>,
) -> Option<Step> {
    let wanted = request.consumer.incoming;
    let before = registered.and_then(|registered| registered.consumer.clone());
    if before.as_ref().map(NewConsumer::identity) != Some(request.consumer.identity()) {
        return Some(Step::PutConsumer {
            on: request.on.clone(),
            id,
            from: before,
            to: request.consumer.clone(),
            drops: false,
        });
    }
    let now = registered?.view.flags;
    (now.incoming != wanted).then(|| Step::SetFlags {
        on: request.on.clone(),
        id,
        from: now,
        to: Directions {
            incoming: wanted,
            ..now
        },
    })
}

/// Plans its removal: first the consumer, which a deleted link may leave accepted, then the link;
/// and the consumers that it had before.
pub fn plan_delete(
    on: &Alias,
    name: &str,
    registered: Option<&RegisteredConsumer>,
    former: &[ConsumerToRetire],
) -> Result<Plan> {
    let mut steps = Vec::new();
    if let Some(registered) = registered {
        let id = registered.view.record.id;
        if registered.view.record.system {
            return Err(Error::refused(format!(
                "the link on {on} is a system link, which the product manages by itself"
            ))
            .code(crate::domain::Code::SystemLink));
        }
        if registered.view.flags.incoming != Flags::NONE {
            steps.push(Step::DropConsumer {
                on: on.clone(),
                id,
                key: registered
                    .view
                    .consumers
                    .first()
                    .map_or_else(|| name.to_owned(), |consumer| consumer.key.clone()),
            });
        }
        steps.push(Step::Delete {
            on: on.clone(),
            id,
            name: registered.view.record.name.clone(),
        });
    }
    steps.extend(remove_former(on, name, former));
    Ok(Plan {
        goal: Goal::NoConsumer {
            on: on.clone(),
            name: name.to_owned(),
        },
        steps,
        policy: Policy::RollBack,
    })
}

/// A name as a part of keys, addresses and file names.
pub fn slug(name: &str) -> String {
    let plain = name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let slug: String = plain.take(60).collect();
    match slug.trim_matches('-') {
        "" => "consumer".to_owned(),
        slug => slug.to_owned(),
    }
}

/// A consumer that only calls needs no address; the link needs one of its own all the same, under
/// a domain that never exists (RFC 2606).
pub fn placeholder(slug: &str) -> Result<BaseUrl, BaseUrlError> {
    BaseUrl::parse(&format!("https://{slug}.invalid"))
}

/// A consumer that no link names any more and that is accepted all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerToRetire {
    /// The consumer key.
    pub key: String,
    /// A public key to store it with once more, base64: its own, where that is known.
    pub public_key: String,
    /// The SHA-256 of that, in hex.
    pub fingerprint: String,
    /// Where its private key is, if applink has it.
    pub key_file: Option<String>,
}

/// The address of the link that exists only to remove former consumers.
pub fn retirement_url(name: &str) -> Option<BaseUrl> {
    let slug = slug(name);
    BaseUrl::parse(&format!("https://{slug}.retired.invalid")).ok()
}

/// Removes consumers that no link names. Only the consumer that a link names can be removed, by
/// switching its incoming direction off. So the plan creates a link of their own: on the consumer's
/// own link the current one would have to be stored again, and would be without its two-legged
/// switches until those are set again.
pub fn remove_former(on: &Alias, name: &str, former: &[ConsumerToRetire]) -> Vec<Step> {
    let (Some(url), false) = (retirement_url(name), former.is_empty()) else {
        return Vec::new();
    };
    let id = ApplicationId::of_url(&url);
    let title = format!("{name} (former consumers)");
    let mut steps = vec![Step::Create {
        on: on.clone(),
        id,
        link: NewLink {
            name: title.clone(),
            type_id: TypeId::generic(),
            rpc_url: url.to_string(),
            display_url: url.to_string(),
            primary: false,
        },
    }];
    for one in former {
        steps.push(Step::PutConsumer {
            on: on.clone(),
            id,
            from: None,
            to: NewConsumer {
                key: one.key.clone(),
                name: title.clone(),
                public_key: one.public_key.clone(),
                fingerprint: one.fingerprint.clone(),
                callback: None,
                incoming: Flags {
                    three_legged: true,
                    two_legged: false,
                    impersonation: false,
                },
            },
            // It is accepted already, and will not be what it was.
            drops: true,
        });
        steps.push(Step::DropConsumer {
            on: on.clone(),
            id,
            key: one.key.clone(),
        });
        steps.push(Step::Prove {
            on: on.clone(),
            id,
            proof: Proof {
                consumer: one.key.clone(),
                key_file: one.key_file.clone(),
                expected: Expected::Refused,
                two_legged: false,
            },
        });
    }
    steps.push(Step::Delete {
        on: on.clone(),
        id,
        name: title,
    });
    steps
}
