//! Graphviz reads the graphs that applink draws.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::need::Need;
use crate::support::many_links::{env_with_many_links, run_graph};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![witness_test!(graphviz_accepts_dot_output, needs: [Need::Program("dot")])]
}

fn graphviz_accepts_dot_output() {
    let env = env_with_many_links();
    let out = run_graph(&env, "list --graph dot");
    let mut child = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(out.stdout.as_bytes()).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
