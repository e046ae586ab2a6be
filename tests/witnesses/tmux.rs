//! A real terminal emulator.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::need::Need;
use crate::support::hostile_names::env_with_hostile_names;
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![witness_test!(the_title_of_a_real_terminal_is_unchanged, needs: [Need::Program("tmux")])]
}

/// The title of the pane is the one that the shell set.
fn the_title_of_a_real_terminal_is_unchanged() {
    let tmux = |arguments: &[&str]| {
        Command::new("tmux")
            .args(["-L", &format!("applink-{}", std::process::id())])
            .args(arguments)
            .output()
    };
    let env = env_with_hostile_names();
    env.add_all();
    let mut script = String::from("printf '\\033]2;before\\007'\n");
    for line in [
        "list",
        "verify",
        "edit jira wiki --auth impersonation --yes",
        "app list",
    ] {
        let command = env.command(line);
        script.push_str("env -i TERM=xterm-256color");
        for (name, value) in command.get_envs() {
            let text = format!(
                "{}={}",
                name.to_str().unwrap(),
                value.unwrap().to_str().unwrap()
            );
            script.push(' ');
            script.push_str(&shlex::try_quote(&text).unwrap());
        }
        for word in std::iter::once(command.get_program()).chain(command.get_args()) {
            script.push(' ');
            script.push_str(&shlex::try_quote(word.to_str().unwrap()).unwrap());
        }
        script.push_str(" < /dev/null\n");
    }
    script.push_str("touch done\nsleep 60\n");
    let path = env.write("work/run.sh", &script, 0o700);
    let directory = env.path("work");
    let directory = directory.to_str().unwrap();
    let started = tmux(&[
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        "500",
        "-y",
        "50",
        "-c",
        directory,
        &format!("sh {}", path.display()),
    ]);
    assert!(started.unwrap().status.success());
    let until = Instant::now() + Duration::from_secs(60);
    while !env.path("work/done").exists() && Instant::now() < until {
        sleep(Duration::from_millis(50));
    }
    let title = tmux(&["display-message", "-p", "#{pane_title}"]).unwrap();
    let screen = tmux(&["capture-pane", "-p"]).unwrap();
    let _ = tmux(&["kill-server"]);
    let screen = String::from_utf8_lossy(&screen.stdout).into_owned();
    assert_eq!(
        String::from_utf8_lossy(&title.stdout).trim(),
        "before",
        "{screen}"
    );
    assert!(screen.contains("\\x1b]0;owned"), "{screen}");
    assert!(env.path("work/done").exists());
    fs::remove_file(path).unwrap();
}
