//! The plans that give a consumer another key pair and delete its former consumers.

use super::consumer::{ConsumerToRetire, remove_former};
use super::{ConsumerAction, Expected, Goal, NewConsumer, Plan, Policy, Proof, Step};
use crate::domain::{Alias, ApplicationId};

/// A consumer that is registered, and what it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerTarget {
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

impl ConsumerTarget {
    fn goal(&self, deed: ConsumerAction) -> Goal {
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
            action: deed,
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

/// Plans another key pair: under the same consumer key, which ends the old one at once, or under a
/// new one, which leaves both accepted.
pub fn rotate(program: &ConsumerTarget, now: &NewConsumer) -> Plan {
    let put = Step::PutConsumer {
        on: program.on.clone(),
        id: program.id,
        from: Some(now.clone()),
        to: program.consumer.clone(),
        drops: false,
    };
    Plan {
        goal: program.goal(ConsumerAction::Rotate),
        steps: std::iter::once(put).chain(program.proof()).collect(),
        policy: Policy::RollBack,
    }
}

/// The plan for a consumer that has its new key pair already.
pub fn already_rotated(program: &ConsumerTarget) -> Plan {
    Plan {
        goal: program.goal(ConsumerAction::Rotate),
        steps: Vec::new(),
        policy: Policy::RollBack,
    }
}

/// Plans the removal of former consumers.
pub fn retire(program: &ConsumerTarget, former: &[ConsumerToRetire]) -> Plan {
    let mut steps = remove_former(&program.on, &program.name, former);
    if !steps.is_empty() {
        steps.extend(program.proof());
    }
    Plan {
        goal: program.goal(ConsumerAction::Retire),
        steps,
        policy: Policy::RollBack,
    }
}

#[cfg(test)]
#[path = "rotate_tests.rs"]
mod tests;
