//! Runs one scenario again and again, and judges how each run ended.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use applink_sandbox::{AppHandle, Checkpoint};
use serde_json::Value;

use super::comparison::{comparable, forget_names, forget_new, has_not_begun, situation};
use super::requests::{RecordedRequest, recorded_requests};
use super::scenarios::Scenario;
use crate::support::env::Env;
use crate::support::output::{RunOutput, string};

/// How often the next commands are tried from the same situation.
const TRIES_PER_SITUATION: usize = 2;

/// The applications and the files at one time.
pub(crate) struct Checkpoints {
    apps: Vec<Checkpoint>,
    files: BTreeMap<PathBuf, (Vec<u8>, u32)>,
}

/// A scenario, its start, and the goal that an undisturbed run reaches.
pub(crate) struct ScenarioRunner {
    pub(crate) scenario: &'static Scenario,
    pub(crate) env: Env,
    start: Checkpoints,
    before: Vec<Value>,
    after: Vec<Value>,
    state_before: toml::Table,
    state_after: toml::Table,
    /// The requests of an undisturbed run.
    pub(crate) requests: Vec<RecordedRequest>,
    /// Whether names are left out of comparisons.
    names_ignored: Cell<bool>,
    only: Cell<Option<NextCommand>>,
    /// How often the next commands were tried from each situation.
    tried_situations: RefCell<BTreeMap<String, usize>>,
    /// The values at the start. Of a scenario with random values, only these are compared.
    known: String,
}

/// What the user runs after an unfinished run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextCommand {
    Undo,
    Resume,
    Again,
}

impl ScenarioRunner {
    /// Builds a scenario and runs it once undisturbed.
    pub(crate) fn new(scenario: &'static Scenario) -> Self {
        let mut env = (scenario.build)();
        for name in [
            "jira-jenkins.pem",
            "jira-jenkins-2.pem",
            "jira-jenkins-3.pem",
            "jira.My%20CI.secret",
        ] {
            env.allow_secrets_in(env.path("state/applink/applink.keys").join(name));
        }
        env.world.clear_requests();
        let mut runner = Self {
            scenario,
            start: Checkpoints {
                apps: Vec::new(),
                files: BTreeMap::new(),
            },
            before: Vec::new(),
            after: Vec::new(),
            state_before: toml::Table::new(),
            state_after: toml::Table::new(),
            requests: Vec::new(),
            names_ignored: Cell::new(false),
            only: Cell::new(None),
            tried_situations: RefCell::default(),
            known: String::new(),
            env,
        };
        runner.start = runner.save();
        if scenario.new_key {
            runner.known = runner.env.state();
            for app in runner.env.world.apps() {
                runner.known += &app.snapshot().to_string();
            }
        }
        runner.before = runner.apps();
        runner.state_before = runner.state();
        let out = runner.env.applink(&format!("{} -o json", scenario.line));
        assert_eq!(out.code, 0, "{}: {}", scenario.name, out.transcript());
        runner.after = runner.apps();
        runner.state_after = runner.state();
        assert_ne!(runner.before, runner.after, "{}", scenario.name);
        runner.requests = recorded_requests(&runner.env.world.outside_requests());
        runner.reset();
        runner
    }

    /// Restores the start, without faults.
    pub(crate) fn reset(&self) {
        self.names_ignored.set(false);
        self.restore(&self.start);
    }

    pub(crate) fn save(&self) -> Checkpoints {
        let mut files = BTreeMap::new();
        for name in ["state", "work"] {
            collect(&self.env.path(name), &mut files);
        }
        Checkpoints {
            apps: self
                .env
                .world
                .apps()
                .iter()
                .map(AppHandle::checkpoint)
                .collect(),
            files,
        }
    }

    pub(crate) fn restore(&self, checkpoints: &Checkpoints) {
        self.wait_until_idle();
        self.env.world.clear_requests();
        for (app, checkpoint) in self.env.world.apps().iter().zip(&checkpoints.apps) {
            app.clear_faults();
            app.restore(checkpoint);
        }
        for name in ["state", "work", "tmp"] {
            let path = self.env.path(name);
            fs::remove_dir_all(&path).unwrap();
            fs::create_dir(&path).unwrap();
        }
        for (path, (content, mode)) in &checkpoints.files {
            let directory = path.parent().unwrap();
            fs::create_dir_all(directory).unwrap();
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).unwrap();
            fs::write(path, content).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(*mode)).unwrap();
        }
    }

    /// Waits until the applications have handled all requests.
    pub(crate) fn wait_until_idle(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.env.world.apps().iter().any(|app| app.load() > 0) {
            assert!(Instant::now() < until, "a request does not end");
            std::thread::yield_now();
        }
    }

    pub(crate) fn clear_faults(&self) {
        for app in self.env.world.apps() {
            app.clear_faults();
        }
        self.wait_until_idle();
    }

    /// The applications, without what no command is responsible for.
    fn apps(&self) -> Vec<Value> {
        let mut apps: Vec<Value> = self
            .env
            .world
            .apps()
            .iter()
            .map(|app| comparable(app.snapshot(), self.scenario.all_consumers, &self.known))
            .collect();
        if self.names_ignored.get() {
            forget_names(&mut apps);
        }
        apps
    }

    /// Ignores names in comparisons, since the responses had false ones. They must still hold no
    /// control character.
    pub(crate) fn ignore_names(&self) {
        self.names_ignored.set(true);
    }

    fn check_names(&self) -> Result<(), String> {
        // An application that lies about the name of its own record gets that name back.
        if !self.scenario.name.starts_with("create") {
            return Ok(());
        }
        for app in self.env.world.apps() {
            for link in app.links() {
                if link.name.chars().any(char::is_control) {
                    return Err(format!("{} got the name {:?}", app.alias(), link.name));
                }
            }
        }
        Ok(())
    }

    /// The state, without its counters.
    fn state(&self) -> toml::Table {
        let mut table: toml::Table = self.env.state().parse().unwrap_or_default();
        for key in ["serial", "lineage"] {
            table.remove(key);
        }
        if self.scenario.new_key {
            forget_new(&mut table, &self.known);
        }
        // Their order is that in which they came.
        for (_, list) in &mut table {
            let Some(list) = list.as_array_mut() else {
                continue;
            };
            list.sort_by_key(ToString::to_string);
        }
        table.retain(|_, value| {
            !matches!(value, toml::Value::Table(table) if table.is_empty())
                && !matches!(value, toml::Value::Array(array) if array.is_empty())
        });
        table
    }

    /// The applications as they are compared now.
    fn to_compare(&self, apps: &[Value]) -> Vec<Value> {
        let mut apps = apps.to_vec();
        if self.names_ignored.get() {
            forget_names(&mut apps);
        }
        apps
    }

    fn is_start(&self) -> bool {
        self.apps() == self.to_compare(&self.before)
    }

    fn is_goal(&self) -> bool {
        self.apps() == self.to_compare(&self.after)
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        self.env.has_journal() || self.env.state().contains("[[pending-deletes]]")
    }

    /// Checks everything that holds after a run has reached the goal.
    pub(crate) fn check_goal(&self) -> Result<(), String> {
        if !self.is_goal() {
            return Err(self.difference("the goal", &self.after));
        }
        if self.is_unfinished() {
            return Err("something is left to do at the goal".to_owned());
        }
        if self.state() != self.state_after {
            return Err(format!(
                "another state at the goal:\n{}\nand not:\n{}",
                self.state(),
                self.state_after
            ));
        }
        Ok(())
    }

    /// Checks everything that holds after a run has changed nothing.
    pub(crate) fn check_start(&self) -> Result<(), String> {
        if !self.is_start() {
            return Err(self.difference("the start", &self.before));
        }
        if self.is_unfinished() {
            return Err("something is left to do at the start".to_owned());
        }
        // An application that a run came to know stays known.
        let mut state = self.state();
        let mut wanted = self.state_before.clone();
        for table in [&mut state, &mut wanted] {
            for key in ["applications", "version"] {
                table.remove(key);
            }
        }
        if state != wanted {
            return Err(format!(
                "another state at the start:\n{state}\nand not:\n{wanted}"
            ));
        }
        Ok(())
    }

    fn difference(&self, from: &str, wanted: &[Value]) -> String {
        use std::fmt::Write as _;
        let mut text = format!("the applications are not as at {from}:");
        for (now, wanted) in self.apps().iter().zip(&self.to_compare(wanted)) {
            if now != wanted {
                for (key, is) in now.as_object().into_iter().flatten() {
                    if wanted[key] != *is {
                        let wanted = &wanted[key];
                        let _ = write!(text, "\n  {key}\n  is     {is}\n  wanted {wanted}");
                    }
                }
            }
        }
        text
    }

    /// Judges how a run ended, and the next commands. The faults are over by now.
    pub(crate) fn judge(&self, out: &RunOutput) -> Result<(), String> {
        let with_output = |error: String| format!("{error}\n{}", out.transcript());
        self.check_names().map_err(with_output)?;
        let document: Option<Value> = (!out.stdout.is_empty()).then(|| out.json());
        let changed = document.as_ref().is_some_and(|one| one["changed"] == true);
        let partial = document.as_ref().is_some_and(|one| one["partial"] == true);
        match out.code {
            0 => self.check_goal().map_err(with_output),
            // The verification at the end found a fault.
            5 | 6 if changed => self.check_goal().map_err(with_output),
            // 6: the fault cannot be repaired as it looks now.
            1 | 2 | 4 | 5 | 6 | 7 => {
                if changed || partial {
                    return Err(with_output("something is changed".to_owned()));
                }
                self.check_start().map_err(with_output)?;
                self.check_rerun_once()
            }
            3 => {
                if !partial {
                    return Err(with_output("3 and not partial".to_owned()));
                }
                // An application that could not be read has no steps yet.
                if !self.is_unfinished() && out.says("run the same command again") {
                    return self.check_rerun().map_err(with_output);
                }
                if !self.is_unfinished() {
                    return Err(with_output("3, and nothing knows what is left".to_owned()));
                }
                self.check_report(document.as_ref().unwrap_or(&Value::Null))
                    .map_err(with_output)?;
                self.check_next_commands().map_err(with_output)
            }
            129 | 130 | 143 => {
                if self.is_unfinished() != partial {
                    return Err(with_output(
                        "a journal and no word of it, or a word and none".to_owned(),
                    ));
                }
                if let Some(document) = document.filter(|_| partial) {
                    self.check_report(&document).map_err(with_output)?;
                }
                self.check_next_commands().map_err(with_output)
            }
            -9 => self.check_next_commands().map_err(with_output),
            // The signal came before the process had begun to listen: it had done nothing.
            -1 | -2 | -15 => {
                self.check_start().map_err(with_output)?;
                self.check_rerun_once()
            }
            code => Err(with_output(format!("an exit code of {code}"))),
        }
    }

    /// The report names exactly what is left: an application whose steps are all done is as
    /// wished, and one of whose steps none is done as before.
    fn check_report(&self, document: &Value) -> Result<(), String> {
        let steps = document["steps"].as_array().cloned().unwrap_or_default();
        let apps = self.apps();
        let (before, after) = (self.to_compare(&self.before), self.to_compare(&self.after));
        for (at, app) in self.env.world.apps().iter().enumerate() {
            let all = |words: &[&str]| {
                let mut own = steps
                    .iter()
                    .filter(|step| step["app"] == app.alias())
                    .peekable();
                own.peek().is_some() && own.all(|step| words.contains(&string(&step["status"])))
            };
            if all(&["done", "skipped"]) && apps[at] != after[at] {
                return Err(format!("{} is said to be done and is not", app.alias()));
            }
            if all(&["planned", "failed", "undone"]) && apps[at] != before[at] {
                return Err(format!(
                    "{} is said to be as before and is not",
                    app.alias()
                ));
            }
        }
        Ok(())
    }

    /// Whether the next commands were tried often enough from here. They run undisturbed and depend
    /// only on the applications and the files.
    fn is_known_situation(&self) -> bool {
        let apps = self.env.world.apps().iter();
        let apps: Vec<Value> = apps
            .map(|app| comparable(app.snapshot(), true, &self.known))
            .collect();
        let here = situation(&self.env, &apps, &self.state(), self.only.get());
        let mut tried_situations = self.tried_situations.borrow_mut();
        let times = tried_situations.entry(here).or_default();
        *times += 1;
        *times > TRIES_PER_SITUATION
    }

    /// The number of different situations in which runs ended.
    pub(crate) fn situations(&self) -> usize {
        self.tried_situations.borrow().len()
    }

    /// The same command reaches the goal from here.
    fn check_rerun_once(&self) -> Result<(), String> {
        if self.is_known_situation() {
            return Ok(());
        }
        self.check_rerun()
    }

    /// The same command, undisturbed, reaches the goal.
    fn check_rerun(&self) -> Result<(), String> {
        let out = self.env.applink(&format!("{} -o json", self.scenario.line));
        if out.code != 0 {
            return Err(format!("the same command again: {}", out.transcript()));
        }
        self.check_goal()
            .map_err(|error| format!("the same command again: {error}"))
    }

    /// From here `resume` reaches the goal, and so does the same command. `resume --undo` reaches the
    /// start, or names what is lost.
    fn check_next_commands(&self) -> Result<(), String> {
        if self.is_known_situation() {
            return Ok(());
        }
        let here = self.save();
        let left = self.is_unfinished() && !has_not_begun(&self.env);
        let tried = |choice: NextCommand| self.only.get().is_none_or(|only| only == choice);
        if tried(NextCommand::Undo) {
            self.check_undo(left)?;
            self.restore(&here);
        }
        if left && tried(NextCommand::Resume) {
            self.check_resume()?;
            self.restore(&here);
        }
        let over = self.scenario.repeats && !left && self.is_goal();
        if tried(NextCommand::Again) && !over {
            self.check_rerun()?;
        }
        Ok(())
    }

    fn check_undo(&self, left: bool) -> Result<(), String> {
        let back = self.env.applink("resume --undo -o json");
        let with_output = |error: String| format!("resume --undo: {error}\n{}", back.transcript());
        match (back.code, left) {
            // It had ended, or had not begun.
            (0, false) if self.is_goal() => self.check_goal().map_err(with_output),
            (0, _) => self.check_start().map_err(with_output),
            (1, true) if self.scenario.destructive => {
                if !back.says("cannot be taken back") {
                    return Err(with_output("it does not say what is lost".to_owned()));
                }
                if !self.is_unfinished() {
                    return Err(with_output("what was left is forgotten".to_owned()));
                }
                self.check_resume()
                    .map_err(|error| format!("after a refused undo: {error}"))
            }
            _ => Err(with_output(format!("an exit code of {}", back.code))),
        }
    }

    /// Tries only this next command from now on, or all of them with `None`.
    pub(crate) fn try_only(&self, choice: Option<NextCommand>) {
        self.only.set(choice);
    }

    fn check_resume(&self) -> Result<(), String> {
        let out = self.env.applink("resume -o json");
        if out.code != 0 {
            return Err(format!("resume: {}", out.transcript()));
        }
        self.check_goal()
            .map_err(|error| format!("resume: {error}\n{}", out.transcript()))
    }
}

fn collect(directory: &Path, files: &mut BTreeMap<PathBuf, (Vec<u8>, u32)>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(content) = fs::read(&path) {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            files.insert(path, (content, mode & 0o777));
        }
    }
}
