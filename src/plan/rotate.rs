//! The plans that give a third-party program another key pair, and that take its former consumers
//! away.

use super::{Deed, Expected, Goal, NewConsumer, NewLink, Plan, Policy, Proof, Step};
use crate::domain::{Alias, ApplicationId, BaseUrl, Flags, TypeId};

/// A third-party program that is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The application that it may call.
    pub on: Alias,
    /// Its name.
    pub name: String,
    /// The id of its generic link there.
    pub id: ApplicationId,
    /// Its consumer, as it is to be.
    pub consumer: NewConsumer,
    /// The length of its key.
    pub bits: u32,
    /// Where its private key is, if applink has it.
    pub key_file: Option<String>,
}

impl Program {
    fn goal(&self, deed: Deed) -> Goal {
        Goal::Consumer {
            on: self.on.clone(),
            name: self.name.clone(),
            id: self.id,
            key: self.consumer.key.clone(),
            fingerprint: self.consumer.fingerprint.clone(),
            bits: self.bits,
            key_file: self.key_file.clone(),
            two_legged: self.consumer.incoming.two_legged,
            impersonation: self.consumer.incoming.impersonation,
            deed,
            snippet: None,
        }
    }

    /// The signed request that shows that it is let in.
    fn proof(&self) -> Option<Step> {
        self.key_file.as_ref().map(|file| Step::Prove {
            on: self.on.clone(),
            id: self.id,
            proof: Proof {
                consumer: self.consumer.key.clone(),
                key_file: Some(file.clone()),
                expected: Expected::Accepted,
                two_legged: self.consumer.incoming.two_legged,
            },
        })
    }
}

/// A consumer that no link names any more and that is accepted all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The consumer key.
    pub key: String,
    /// A public key to store it with once more, base64: its own, where that is known.
    pub public_key: String,
    /// The SHA-256 of that, in hex.
    pub fingerprint: String,
    /// Where its private key is, if applink has it.
    pub key_file: Option<String>,
}

/// Plans another key pair: under the same consumer key, which ends the old one at once, or under a
/// new one, which leaves both accepted.
pub fn rotate(program: &Program, now: &NewConsumer) -> Plan {
    let put = Step::PutConsumer {
        on: program.on.clone(),
        id: program.id,
        from: Some(now.clone()),
        to: program.consumer.clone(),
        drops: false,
    };
    Plan {
        goal: program.goal(Deed::Rotate),
        steps: std::iter::once(put).chain(program.proof()).collect(),
        policy: Policy::Undo,
    }
}

/// The plan for a program that has its new key pair already.
pub fn rotated(program: &Program) -> Plan {
    Plan {
        goal: program.goal(Deed::Rotate),
        steps: Vec::new(),
        policy: Policy::Undo,
    }
}

/// Plans the end of former consumers of a program.
pub fn retire(program: &Program, former: &[Former]) -> Plan {
    let mut steps = take_away(&program.on, &program.name, former);
    if !steps.is_empty() {
        steps.extend(program.proof());
    }
    Plan {
        goal: program.goal(Deed::Retire),
        steps,
        policy: Policy::Undo,
    }
}

/// The address of the link that is made for a moment to take former consumers away.
pub fn side_url(name: &str) -> Option<BaseUrl> {
    let slug = super::consumer::slug(name);
    BaseUrl::parse(&format!("https://{slug}.retired.invalid")).ok()
}

/// Takes consumers away that no link names. Only the consumer that a link names can be taken away,
/// by switching its incoming direction off. A link of their own is made for that: on the program's
/// own link the one to keep would have to be stored again after, and it would be without its
/// two-legged switches until those are set again.
pub fn take_away(on: &Alias, name: &str, former: &[Former]) -> Vec<Step> {
    let (Some(url), false) = (side_url(name), former.is_empty()) else {
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

#[cfg(test)]
#[path = "rotate_tests.rs"]
mod tests;
