#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use super::*;
use crate::domain::{BaseUrl, Flags};
use crate::plan::Undo;

fn consumer(key: &str) -> NewConsumer {
    NewConsumer {
        key: key.to_owned(),
        name: "Jenkins".to_owned(),
        public_key: format!("public of {key}"),
        fingerprint: format!("fingerprint of {key}"),
        callback: None,
        incoming: Flags {
            three_legged: true,
            two_legged: true,
            impersonation: false,
        },
    }
}

fn program(key: &str) -> ConsumerTarget {
    ConsumerTarget {
        on: "jira".parse().unwrap(),
        name: "Jenkins".to_owned(),
        id: ApplicationId::of_url(&BaseUrl::parse("https://jenkins.invalid").unwrap()),
        consumer: consumer(key),
        bits: 2048,
        key_file: Some("/keys/jenkins-2.pem".to_owned()),
    }
}

fn actions(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(Step::action).collect()
}

#[test]
fn a_new_pair_is_stored_proven_and_can_be_taken_back() {
    for key in ["jenkins", "jenkins-2"] {
        let program = program(key);
        let plan = rotate(&program, &consumer("jenkins"));
        assert_eq!(actions(&plan.steps), ["put-consumer", "prove-consumer"]);
        assert!(plan.losses().is_empty(), "{:?}", plan.losses());
        // A new consumer is removed again by a rollback.
        assert!(matches!(
            plan.steps[0].undo(None),
            Undo::Exact(Step::PutConsumer { drops, .. }) if drops == (key == "jenkins-2")
        ));
    }
}

#[test]
fn former_consumers_go_by_a_link_of_their_own() {
    let program = program("jenkins-2");
    assert!(retire(&program, &[]).is_empty());
    let former = |key: &str| ConsumerToRetire {
        key: key.to_owned(),
        public_key: "public".to_owned(),
        fingerprint: "fingerprint".to_owned(),
        key_file: None,
    };
    let plan = retire(&program, &[former("a"), former("b")]);
    assert_eq!(
        actions(&plan.steps),
        [
            "create-link",
            "put-consumer",
            "drop-consumer",
            "prove-consumer",
            "put-consumer",
            "drop-consumer",
            "prove-consumer",
            "delete-link",
            "prove-consumer",
        ]
    );
    let own = program.id;
    assert!(
        plan.steps
            .iter()
            .all(|step| step.is_read_only() || step.id() != own)
    );
    assert_eq!(plan.losses().len(), 2, "{:?}", plan.losses());
}
