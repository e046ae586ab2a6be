//! A scene that can be played again and again, and the judgement of how it ended.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use applink_sandbox::{AppHandle, Checkpoint};
use serde_json::Value;

use super::asked::{Asked, numbered};
use super::compare::{comparable, forget_names, forget_new, had_not_begun, situation};
use super::scenes::Scene;
use crate::support::env::Env;
use crate::support::output::{Out, word};

/// So often it is tried how it goes on.
const OFTEN: usize = 2;
/// Everything at one time: the applications and the files.
pub(super) struct Moment {
    apps: Vec<Checkpoint>,
    files: BTreeMap<PathBuf, (Vec<u8>, u32)>,
}

/// A scene, what it starts from, and what an undisturbed run makes of it.
pub(super) struct Stage {
    pub(super) scene: &'static Scene,
    pub(super) env: Env,
    start: Moment,
    before: Vec<Value>,
    after: Vec<Value>,
    state_before: toml::Table,
    state_after: toml::Table,
    /// The requests of an undisturbed run: the application, and which of its own it is.
    pub(super) requests: Vec<Asked>,
    /// Whether names are left out of comparisons.
    renamed: Cell<bool>,
    only: Cell<Option<Way>>,
    /// How often it was tried how it goes on from a situation.
    gone_on: RefCell<BTreeMap<String, usize>>,
    /// What the start has; of a scene that draws by chance the rest is not compared.
    known: String,
}

/// How to go on after a run that did not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Undo,
    Resume,
    Again,
}

impl Stage {
    /// Builds a scene and plays it once undisturbed.
    pub(super) fn new(scene: &'static Scene) -> Self {
        let mut env = (scene.build)();
        for name in [
            "jira-jenkins.pem",
            "jira-jenkins-2.pem",
            "jira-jenkins-3.pem",
            "jira.My%20CI.secret",
        ] {
            env.planted(env.path("state/applink/applink.keys").join(name));
        }
        env.world.clear_requests();
        let mut stage = Self {
            scene,
            start: Moment {
                apps: Vec::new(),
                files: BTreeMap::new(),
            },
            before: Vec::new(),
            after: Vec::new(),
            state_before: toml::Table::new(),
            state_after: toml::Table::new(),
            requests: Vec::new(),
            renamed: Cell::new(false),
            only: Cell::new(None),
            gone_on: RefCell::default(),
            known: String::new(),
            env,
        };
        stage.start = stage.save();
        if scene.new_key {
            stage.known = stage.env.state();
            for app in stage.env.world.apps() {
                stage.known += &app.snapshot().to_string();
            }
        }
        stage.before = stage.estate();
        stage.state_before = stage.state();
        let out = stage.env.applink(&format!("{} -o json", scene.line));
        assert_eq!(out.code, 0, "{}: {}", scene.name, out.shown());
        stage.after = stage.estate();
        stage.state_after = stage.state();
        assert_ne!(stage.before, stage.after, "{}", scene.name);
        stage.requests = numbered(&stage.env.world.outside_requests());
        stage.reset();
        stage
    }

    /// The start again, without faults.
    pub(super) fn reset(&self) {
        self.renamed.set(false);
        self.restore(&self.start);
    }

    pub(super) fn save(&self) -> Moment {
        let mut files = BTreeMap::new();
        for name in ["state", "work"] {
            collect(&self.env.path(name), &mut files);
        }
        Moment {
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

    pub(super) fn restore(&self, moment: &Moment) {
        self.quiet();
        self.env.world.clear_requests();
        for (app, checkpoint) in self.env.world.apps().iter().zip(&moment.apps) {
            app.clear_faults();
            app.restore(checkpoint);
        }
        for name in ["state", "work", "tmp"] {
            let path = self.env.path(name);
            fs::remove_dir_all(&path).unwrap();
            fs::create_dir(&path).unwrap();
        }
        for (path, (content, mode)) in &moment.files {
            let directory = path.parent().unwrap();
            fs::create_dir_all(directory).unwrap();
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).unwrap();
            fs::write(path, content).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(*mode)).unwrap();
        }
    }

    /// Waits until the applications have carried out what they were asked for.
    pub(super) fn quiet(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.env.world.apps().iter().any(|app| app.load() > 0) {
            assert!(Instant::now() < until, "a request does not end");
            std::thread::yield_now();
        }
    }

    pub(super) fn clear_faults(&self) {
        for app in self.env.world.apps() {
            app.clear_faults();
        }
        self.quiet();
    }

    /// What the applications have, as far as a command answers for it.
    fn estate(&self) -> Vec<Value> {
        let mut apps: Vec<Value> = self
            .env
            .world
            .apps()
            .iter()
            .map(|app| comparable(app.snapshot(), self.scene.all_consumers, &self.known))
            .collect();
        if self.renamed.get() {
            forget_names(&mut apps);
        }
        apps
    }

    /// What was said of names was not true: what came of it is not compared, and yet holds no
    /// character that steers a terminal.
    pub(super) fn names_were_lies(&self) {
        self.renamed.set(true);
    }

    fn check_names(&self) -> Result<(), String> {
        // An application that lies about the name of its own record gets that name back.
        if !self.scene.name.starts_with("create") {
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

    /// What the state says, without what counts changes.
    fn state(&self) -> toml::Table {
        let mut table: toml::Table = self.env.state().parse().unwrap_or_default();
        for key in ["serial", "lineage"] {
            table.remove(key);
        }
        if self.scene.new_key {
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

    /// A moment as it is compared now.
    fn seen(&self, estate: &[Value]) -> Vec<Value> {
        let mut estate = estate.to_vec();
        if self.renamed.get() {
            forget_names(&mut estate);
        }
        estate
    }

    fn is_start(&self) -> bool {
        self.estate() == self.seen(&self.before)
    }

    fn is_goal(&self) -> bool {
        self.estate() == self.seen(&self.after)
    }

    pub(super) fn is_left(&self) -> bool {
        self.env.has_journal() || self.env.state().contains("[[pending-deletes]]")
    }

    /// Everything that holds where a run has reached the goal.
    pub(super) fn check_goal(&self) -> Result<(), String> {
        if !self.is_goal() {
            return Err(self.differs("the goal", &self.after));
        }
        if self.is_left() {
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

    /// Everything that holds where a run has changed nothing.
    pub(super) fn check_start(&self) -> Result<(), String> {
        if !self.is_start() {
            return Err(self.differs("the start", &self.before));
        }
        if self.is_left() {
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

    fn differs(&self, from: &str, wanted: &[Value]) -> String {
        use std::fmt::Write as _;
        let mut text = format!("the applications are not as at {from}:");
        for (now, wanted) in self.estate().iter().zip(&self.seen(wanted)) {
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

    /// Judges how a run ended, and what can be made of it. Faults are over by now.
    pub(super) fn judge(&self, out: &Out) -> Result<(), String> {
        let said = |error: String| format!("{error}\n{}", out.shown());
        self.check_names().map_err(said)?;
        let document: Option<Value> = (!out.stdout.is_empty()).then(|| out.json());
        let changed = document.as_ref().is_some_and(|one| one["changed"] == true);
        let partial = document.as_ref().is_some_and(|one| one["partial"] == true);
        match out.code {
            0 => self.check_goal().map_err(said),
            // The look at the end found something, or nothing.
            5 | 6 if changed => self.check_goal().map_err(said),
            // 6: what is broken cannot be mended as it looks now.
            1 | 2 | 4 | 5 | 6 | 7 => {
                if changed || partial {
                    return Err(said("something is changed".to_owned()));
                }
                self.check_start().map_err(said)?;
                self.again_from_here()
            }
            3 => {
                if !partial {
                    return Err(said("3 and not partial".to_owned()));
                }
                // An application that could not be looked at has no steps yet.
                if !self.is_left() && out.says("run the same command again") {
                    return self.again().map_err(said);
                }
                if !self.is_left() {
                    return Err(said("3, and nothing knows what is left".to_owned()));
                }
                self.check_report(document.as_ref().unwrap_or(&Value::Null))
                    .map_err(said)?;
                self.go_on().map_err(said)
            }
            129 | 130 | 143 => {
                if self.is_left() != partial {
                    return Err(said(
                        "a journal and no word of it, or a word and none".to_owned(),
                    ));
                }
                if let Some(document) = document.filter(|_| partial) {
                    self.check_report(&document).map_err(said)?;
                }
                self.go_on().map_err(said)
            }
            -9 => self.go_on().map_err(said),
            // The signal came before the process had begun to listen: it had done nothing.
            -1 | -2 | -15 => {
                self.check_start().map_err(said)?;
                self.again_from_here()
            }
            code => Err(said(format!("an exit code of {code}"))),
        }
    }

    /// The report names exactly what is left: an application whose steps are all done is as
    /// wished, and one of whose steps none is done as before.
    fn check_report(&self, document: &Value) -> Result<(), String> {
        let steps = document["steps"].as_array().cloned().unwrap_or_default();
        let estate = self.estate();
        let (before, after) = (self.seen(&self.before), self.seen(&self.after));
        for (at, app) in self.env.world.apps().iter().enumerate() {
            let all = |words: &[&str]| {
                let mut own = steps
                    .iter()
                    .filter(|step| step["app"] == app.alias())
                    .peekable();
                own.peek().is_some() && own.all(|step| words.contains(&word(&step["status"])))
            };
            if all(&["done", "skipped"]) && estate[at] != after[at] {
                return Err(format!("{} is said to be done and is not", app.alias()));
            }
            if all(&["planned", "failed", "undone"]) && estate[at] != before[at] {
                return Err(format!(
                    "{} is said to be as before and is not",
                    app.alias()
                ));
            }
        }
        Ok(())
    }

    /// Whether it was tried often enough how it goes on from here. What goes on is undisturbed, and
    /// goes by what the applications and the files say alone.
    fn is_known_from_here(&self) -> bool {
        let apps = self.env.world.apps().iter();
        let estate: Vec<Value> = apps
            .map(|app| comparable(app.snapshot(), true, &self.known))
            .collect();
        let here = situation(&self.env, &estate, &self.state(), self.only.get());
        let mut gone_on = self.gone_on.borrow_mut();
        let times = gone_on.entry(here).or_default();
        *times += 1;
        *times > OFTEN
    }

    /// In how many situations runs ended.
    pub(super) fn situations(&self) -> usize {
        self.gone_on.borrow().len()
    }

    /// The same command reaches the goal from here.
    fn again_from_here(&self) -> Result<(), String> {
        if self.is_known_from_here() {
            return Ok(());
        }
        self.again()
    }

    /// The same command, undisturbed, reaches the goal.
    fn again(&self) -> Result<(), String> {
        let out = self.env.applink(&format!("{} -o json", self.scene.line));
        if out.code != 0 {
            return Err(format!("the same command again: {}", out.shown()));
        }
        self.check_goal()
            .map_err(|error| format!("the same command again: {error}"))
    }

    /// From here `resume` reaches the goal; `resume --undo` the start, or it says what is lost;
    /// and the same command goes on as `resume` does.
    fn go_on(&self) -> Result<(), String> {
        if self.is_known_from_here() {
            return Ok(());
        }
        let here = self.save();
        let left = self.is_left() && !had_not_begun(&self.env);
        let tried = |way: Way| self.only.get().is_none_or(|only| only == way);
        if tried(Way::Undo) {
            self.take_back(left)?;
            self.restore(&here);
        }
        if left && tried(Way::Resume) {
            self.resume()?;
            self.restore(&here);
        }
        let over = self.scene.anew && !left && self.is_goal();
        if tried(Way::Again) && !over {
            self.again()?;
        }
        Ok(())
    }

    fn take_back(&self, left: bool) -> Result<(), String> {
        let back = self.env.applink("resume --undo -o json");
        let told = |error: String| format!("resume --undo: {error}\n{}", back.shown());
        match (back.code, left) {
            // It had ended, or had not begun.
            (0, false) if self.is_goal() => self.check_goal().map_err(told),
            (0, _) => self.check_start().map_err(told),
            (1, true) if self.scene.destructive => {
                if !back.says("cannot be taken back") {
                    return Err(told("it does not say what is lost".to_owned()));
                }
                if !self.is_left() {
                    return Err(told("what was left is forgotten".to_owned()));
                }
                self.resume()
                    .map_err(|error| format!("after a refused undo: {error}"))
            }
            _ => Err(told(format!("an exit code of {}", back.code))),
        }
    }

    /// From now on this way of going on is tried; `None`: all of them.
    pub(super) fn try_only(&self, way: Option<Way>) {
        self.only.set(way);
    }

    fn resume(&self) -> Result<(), String> {
        let out = self.env.applink("resume -o json");
        if out.code != 0 {
            return Err(format!("resume: {}", out.shown()));
        }
        self.check_goal()
            .map_err(|error| format!("resume: {error}\n{}", out.shown()))
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
