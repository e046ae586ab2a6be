//! The program in a pseudo-terminal, with a shell around it that shows how it left the terminal.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rexpect::session::{PtySession, spawn_command};
use rustix::termios::{LocalModes, tcgetattr};

use crate::support::env::Env;

/// Far longer than anything takes here: what hangs must fail, and not go on for ever.
const PATIENCE: u64 = 60_000;

/// One run of the program.
pub(crate) struct Terminal {
    session: PtySession,
    seen: String,
    /// What may not be seen.
    secrets: Vec<String>,
}

impl Terminal {
    /// Starts the program.
    pub(crate) fn start(env: &Env, line: &str) -> Self {
        Self::of(env, line, 80, "xterm")
    }

    /// Starts the program on a terminal of another width or kind.
    pub(crate) fn of(env: &Env, line: &str, columns: u16, kind: &str) -> Self {
        let program = env.command(line);
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(format!(
                "stty echo cols {columns} rows 40; trap : INT; \"$@\"; echo \"code=$?\"; stty -a; echo finished",
            ))
            .arg("sh")
            .arg(program.get_program())
            .args(program.get_args())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", kind)
            .current_dir(program.get_current_dir().unwrap())
            .stdin(Stdio::inherit())
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit());
        for (name, value) in program.get_envs() {
            shell.env(name, value.unwrap_or_default());
        }
        Self {
            session: spawn_command(shell, Some(PATIENCE)).unwrap(),
            seen: String::new(),
            secrets: env.all_secrets(),
        }
    }

    /// Waits for a text.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        match self.session.exp_string(text) {
            Ok(before) => {
                self.seen.push_str(&before);
                self.seen.push_str(text);
            }
            Err(error) => panic!("{text:?} is not said: {error}\n{}", self.seen),
        }
        self
    }

    /// Waits for words, wherever the line is broken between them.
    #[track_caller]
    pub(crate) fn words(&mut self, text: &str) -> &mut Self {
        let words: Vec<String> = text.split(' ').map(regex_of).collect();
        let pattern = words.join("(?:\\s|\u{1b}\\[[0-9;]*m)+");
        match self.session.exp_regex(&pattern) {
            Ok((before, found)) => {
                self.seen.push_str(&before);
                self.seen.push_str(&found);
            }
            Err(error) => panic!("{text:?} is not said: {error}\n{}", self.seen),
        }
        self
    }

    /// The next letters.
    #[track_caller]
    pub(crate) fn next(&mut self, count: usize) -> String {
        let pattern = format!("^[A-Za-z0-9]{{{count}}}");
        let (before, found) = self.session.exp_regex(&pattern).unwrap();
        self.seen.push_str(&before);
        self.seen.push_str(&found);
        found
    }

    /// Types a line.
    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        self.session.send_line(text).unwrap();
        self
    }

    /// Waits for a question and answers it.
    #[track_caller]
    pub(crate) fn answers(&mut self, question: &str, answer: &str) -> &mut Self {
        self.sees(question).types(answer)
    }

    /// Waits for a question that has no echo, and answers it.
    #[track_caller]
    pub(crate) fn hides(&mut self, question: &str, answer: &str) -> &mut Self {
        self.sees(question).without(LocalModes::ECHO).types(answer)
    }

    /// Waits until a question has taken a mode away.
    pub(crate) fn without(&mut self, mode: LocalModes) -> &mut Self {
        let terminal = self.session.process().get_file_handle().unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while tcgetattr(&terminal).unwrap().local_modes.contains(mode) {
            assert!(Instant::now() < end, "the prompt did not open");
            std::thread::sleep(Duration::from_millis(2));
        }
        self
    }

    /// Waits for a list and takes what is so many below the first.
    #[track_caller]
    pub(crate) fn picks(&mut self, question: &str, down: usize) -> &mut Self {
        self.sees(question).without(LocalModes::ICANON);
        for _ in 0..down {
            self.session.send("\u{1b}[B").unwrap();
        }
        self.session.send("\r").unwrap();
        self.session.flush().unwrap();
        self
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupts(&mut self) -> &mut Self {
        self.session.send_control('c').unwrap();
        self
    }

    /// Presses Ctrl-D.
    pub(crate) fn ends_input(&mut self) -> &mut Self {
        self.session.send_control('d').unwrap();
        self
    }

    /// Waits for the end; the terminal is as it was, and no secret was seen.
    #[track_caller]
    pub(crate) fn ends(mut self, code: i32) -> String {
        self.sees("finished");
        let (said, modes) = self.seen.rsplit_once("code=").unwrap();
        assert!(modes.starts_with(&format!("{code}\r")), "{}", self.seen);
        let words: Vec<&str> = modes.split_whitespace().collect();
        for mode in ["echo", "icanon", "isig", "icrnl", "opost"] {
            assert!(words.contains(&mode), "{mode}: {}", self.seen);
        }
        let cursor = said.rfind("\u{1b}[?25l").map(|at| &said[at..]);
        assert!(
            cursor.is_none_or(|rest| rest.contains("\u{1b}[?25h")),
            "the cursor is hidden: {said:?}"
        );
        for secret in &self.secrets {
            assert!(!self.seen.contains(secret), "a secret is shown: {said}");
        }
        said.to_owned()
    }
}

/// A word as a pattern: it may be broken after the punctuation of an address.
fn regex_of(word: &str) -> String {
    let mut pattern = String::new();
    for c in word.chars() {
        if !c.is_alphanumeric() {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// What stands on the lines of a terminal in the end: without control sequences, and with what was
/// written over a line in its place.
pub(crate) fn lines(said: &str) -> Vec<String> {
    said.split('\n')
        .map(|line| {
            let mut plain = String::new();
            let mut letters = line.chars().peekable();
            while let Some(c) = letters.next() {
                match c {
                    '\u{1b}' => {
                        letters.next_if_eq(&'[');
                        while letters
                            .next_if(|c| c.is_ascii_digit() || matches!(c, ';' | '?'))
                            .is_some()
                        {}
                        letters.next();
                    }
                    '\r' if letters.peek().is_some() => plain.clear(),
                    c if c.is_control() => {}
                    c => plain.push(c),
                }
            }
            plain
        })
        .collect()
}
