//! One way in which something is wrong with a link, and what has to be said of it.

use std::fmt::Write as _;

use applink::domain::Code;
use applink_sandbox::{App, AppHandle, OAuthFlags, Product, World};
use serde_json::Value;

use crate::support::env::Env;
use crate::support::output::{Out, word};
use crate::support::worlds::{jira, link, wiki, world};

/// How a code comes about.
pub(crate) enum Cause {
    /// `verify` says it.
    Seen(Case),
    /// Another command says it, when it is refused.
    Refused(Refused),
}

/// A world, and what `verify` has to say of the link of jira and wiki in it. Bamboo and Bitbucket
/// beside them are linked, and nothing is wrong with that.
pub(crate) struct Case {
    pub(crate) code: Code,
    pub(crate) name: &'static str,
    pub(crate) build: fn() -> Env,
    end: (&'static str, &'static str, Option<Code>),
    link: (&'static str, Option<Code>),
    exit: i32,
    says: Vec<&'static str>,
    pub(crate) mended: Mended,
}

/// What becomes of it when the command that is printed for it is run.
#[derive(Clone, Copy)]
pub(crate) enum Mended {
    /// No command is printed.
    Not,
    /// The link works.
    Ok,
    /// The command works, and `repair` names it and leaves it alone.
    ByItsCommand,
}

/// A world, and how a command is refused in it.
pub(crate) struct Refused {
    code: Code,
    build: fn() -> Env,
    line: &'static str,
    exit: i32,
}

/// A case that is seen, with the exit code of `verify`.
pub(crate) fn seen(code: Code, exit: i32, name: &'static str, build: fn() -> Env) -> Case {
    Case {
        code,
        name,
        build,
        end: ("jira", "ok", None),
        link: ("ok", None),
        exit,
        says: Vec::new(),
        mended: Mended::Not,
    }
}

/// A command that is refused.
pub(crate) fn refused(code: Code, exit: i32, line: &'static str, build: fn() -> Env) -> Cause {
    Cause::Refused(Refused {
        code,
        build,
        line,
        exit,
    })
}

impl Case {
    /// What one end is.
    pub(crate) fn end(self, app: &'static str, status: &'static str, code: Option<Code>) -> Self {
        Self {
            end: (app, status, code),
            ..self
        }
    }

    /// What the link is.
    pub(crate) fn link(self, status: &'static str, code: impl Into<Option<Code>>) -> Self {
        Self {
            link: (status, code.into()),
            ..self
        }
    }

    /// What stands in the summary of the link, or of the check or error with the code.
    pub(crate) fn says(mut self, text: &'static str) -> Self {
        self.says.push(text);
        self
    }

    /// A command mends it which `repair` only names.
    pub(crate) fn mended_by_its_command(self) -> Self {
        Self {
            mended: Mended::ByItsCommand,
            ..self
        }
    }

    /// A command mends it.
    pub(crate) fn mended(self) -> Self {
        Self {
            mended: Mended::Ok,
            ..self
        }
    }

    fn check(&self) -> Result<(), String> {
        let env = (self.build)();
        let out = env.applink("verify -o json");
        let fail = |what: &str| {
            Err(format!(
                "{} ({}): {what}\n{}",
                self.code,
                self.name,
                pretty(&out)
            ))
        };
        if out.code != self.exit {
            return fail(&format!("exit {} where {} was due", out.code, self.exit));
        }
        let json = out.json();
        let Some(link) = subject(&json) else {
            return fail("the link is not shown");
        };
        if let Some(control) = control(&json)
            && (control["status"] != "ok" || control["fix"] != Value::Array(Vec::new()))
        {
            return fail("a link that works is not called ok");
        }
        let told = self.told(&json, &link);
        if told.is_empty() {
            return fail("the code is not named");
        }
        for text in &self.says {
            if !told.iter().any(|told| told.contains(text)) {
                return fail(&format!("{text:?} is not said"));
            }
        }
        let end = link["ends"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|end| end["app"] == self.end.0);
        let found = end.map(|end| (word(&end["status"]), word(&end["code"])));
        if found != Some((self.end.1, name(self.end.2))) {
            return fail(&format!("the end of {} is {found:?}", self.end.0));
        }
        let found = (word(&link["status"]), word(&link["code"]));
        if found != (self.link.0, name(self.link.1)) {
            return fail(&format!("the link is {found:?}"));
        }
        let category = self.link.1.map_or("null", |code| code.category().as_str());
        if word(&link["category"]) != category {
            return fail("the category");
        }
        let has_fix = link["fix"].as_array().is_some_and(|fix| !fix.is_empty());
        if has_fix == matches!(self.mended, Mended::Not) {
            return fail("the commands that mend it");
        }
        Ok(())
    }

    /// Every sentence that goes with the code.
    fn told(&self, json: &Value, link: &Value) -> Vec<String> {
        let code = self.code.as_str();
        let own = link["code"] == code
            || link["ends"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|end| end["code"] == code);
        let own = own.then(|| word(&link["summary"]).to_owned());
        let checks = link["checks"].as_array().into_iter().flatten();
        let errors = json["errors"].as_array().into_iter().flatten();
        checks
            .filter(|check| check["code"] == code)
            .map(|check| word(&check["summary"]).to_owned())
            .chain(
                errors
                    .filter(|error| error["code"] == code)
                    .map(|error| word(&error["message"]).to_owned()),
            )
            .chain(own)
            .collect()
    }
}

impl Refused {
    fn check(&self) -> Result<(), String> {
        let env = (self.build)();
        let out = env.applink(self.line);
        let last = out.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_default();
        if out.code == self.exit && error["error"]["code"] == self.code.as_str() {
            Ok(())
        } else {
            Err(format!("{}: {}\n{}", self.code, self.line, out.shown()))
        }
    }
}

impl Cause {
    /// The code that it is about.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Seen(case) => case.code,
            Self::Refused(refused) => refused.code,
        }
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Seen(case) => case.check(),
            Self::Refused(refused) => refused.check(),
        }
    }
}

/// Checks all of them, and tells of all that are wrong at once.
pub(crate) fn check_all(causes: &[Cause]) {
    all(causes.iter().map(Cause::check));
}

/// Ends a test with all that went wrong.
pub(crate) fn all(outcomes: impl Iterator<Item = Result<(), String>>) {
    let wrong: Vec<String> = outcomes.filter_map(Result::err).collect();
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

fn name(code: Option<Code>) -> &'static str {
    code.map_or("null", Code::as_str)
}

/// The link that something is wrong with.
pub(crate) fn subject(json: &Value) -> Option<Value> {
    let links = json["links"].as_array()?;
    let is = |link: &&Value| {
        link["local"] == "jira" && (link["remote"] == "wiki" || link["remote"].is_null())
    };
    links.iter().find(is).cloned()
}

fn control(json: &Value) -> Option<&Value> {
    json["links"]
        .as_array()?
        .iter()
        .find(|link| link["local"] == "bamboo")
}

/// Output for a person who looks for what went wrong.
pub(crate) fn pretty(out: &Out) -> String {
    let Ok(json) = serde_json::from_str::<Value>(&out.stdout) else {
        return out.shown();
    };
    let link = subject(&json).unwrap_or_default();
    let mut text = format!(
        "exit {}\n{} {} {}\n",
        out.code, link["status"], link["code"], link["summary"]
    );
    for key in ["ends", "checks", "fix"] {
        for one in link[key].as_array().into_iter().flatten() {
            writeln!(text, "  {key}: {one}").unwrap();
        }
    }
    write!(text, "  errors: {}\n{}", json["errors"], out.stderr).unwrap();
    for (from, to) in &out.names {
        text = text.replace(from, to);
    }
    text
}

/// Jira and Confluence, and a pair beside them.
pub(crate) fn four(jira: App, wiki: App) -> World {
    world([
        jira,
        wiki,
        App::new(Product::Bamboo, "bamboo"),
        App::new(Product::Bitbucket, "bitbucket"),
    ])
}

/// Both pairs linked and known, the first one at `flags`.
pub(crate) fn linked_in(world: World, flags: OAuthFlags) -> Env {
    let env = Env::new(world);
    link(env.world.app("jira"), env.world.app("wiki"), flags);
    link(
        env.world.app("bamboo"),
        env.world.app("bitbucket"),
        OAuthFlags::OAUTH,
    );
    add_all(&env);
    env
}

/// Both pairs linked, then changed.
pub(crate) fn changed(change: fn(&AppHandle, &AppHandle)) -> Env {
    changed_in(four(jira(), wiki()), OAuthFlags::OAUTH, change)
}

/// Both pairs linked in a world, then changed.
pub(crate) fn changed_in(
    world: World,
    flags: OAuthFlags,
    change: fn(&AppHandle, &AppHandle),
) -> Env {
    let env = linked_in(world, flags);
    change(env.world.app("jira"), env.world.app("wiki"));
    env
}

/// Makes all applications known, with the authority of those that have a certificate: in the state
/// itself, for there are very many worlds.
pub(crate) fn add_all(env: &Env) {
    let mut state =
        "version = 2\nlineage = \"6c0b5a53-1f4a-4c3e-9d3c-2f3f4f5a6b7c\"\nserial = 1\n".to_owned();
    for app in env.world.apps() {
        let (alias, url, id, type_id) = (app.alias(), app.url(), app.id(), app.type_id());
        write!(
            state,
            "\n[applications.{alias}]\nurl = \"{url}\"\nid = \"{id}\"\ntype = \"{type_id}\"\n"
        )
        .unwrap();
        if let (Some(path), true) = (env.world.ca_path(), url.starts_with("https:")) {
            writeln!(state, "cacert = \"{}\"", path.display()).unwrap();
        }
    }
    state.push_str("\n# end\n");
    env.write("state/applink/applink.toml", &state, 0o600);
    env.world.clear_requests();
}
