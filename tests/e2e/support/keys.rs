//! Key files, and runs behind another command.

use std::process::{Command, Stdio};

use crate::support::env::Env;
use crate::support::output::RunOutput;

/// Runs the program behind other words: `sh -c …`, `strace …`.
pub(crate) fn run_under(env: &Env, words: &[&str], line: &str) -> RunOutput {
    let inner = env.command(line);
    let set = inner
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .arg(inner.get_program())
        .args(inner.get_args())
        .env_clear()
        .envs(set)
        .current_dir(inner.get_current_dir().unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    env.wait(command.spawn().unwrap())
}

/// Lines of a private key that its public half has nothing of.
pub(crate) fn secret_lines(pem: &str) -> Vec<&str> {
    let lines: Vec<&str> = pem.lines().filter(|line| line.len() == 64).collect();
    assert!(lines.len() > 10, "{} lines", lines.len());
    lines[lines.len() / 2..].to_vec()
}
