//! Cases of faulty links, each with the code that applink must report.

use std::fmt::Write as _;

use applink::domain::Code;
use applink_sandbox::{App, AppHandle, OAuthFlags, Product, World};
use serde_json::Value;

use crate::support::env::Env;
use crate::support::output::{RunOutput, string};
use crate::support::worlds::{jira, link, wiki, world};

/// One way to get a code reported.
pub(crate) enum CodeCase {
    /// `verify` reports it.
    Verify(VerifyCase),
    /// Another command is refused with it.
    Refusal(RefusalCase),
}

/// A world, and what `verify` must report for the link of jira and wiki in it. The link of Bamboo
/// and Bitbucket beside it works.
pub(crate) struct VerifyCase {
    pub(crate) code: Code,
    pub(crate) name: &'static str,
    pub(crate) build: fn() -> Env,
    end: (&'static str, &'static str, Option<Code>),
    link: (&'static str, Option<Code>),
    exit: i32,
    says: Vec<&'static str>,
    pub(crate) repair: Repair,
}

/// The effect of the suggested command.
#[derive(Clone, Copy)]
pub(crate) enum Repair {
    /// No command is suggested.
    None,
    /// The link works.
    Works,
    /// The command works, and `repair` only names it.
    NamedOnly,
}

/// A world, and a command that is refused in it.
pub(crate) struct RefusalCase {
    code: Code,
    build: fn() -> Env,
    line: &'static str,
    exit: i32,
}

/// A case for `verify`, with its exit code.
pub(crate) fn case(code: Code, exit: i32, name: &'static str, build: fn() -> Env) -> VerifyCase {
    VerifyCase {
        code,
        name,
        build,
        end: ("jira", "ok", None),
        link: ("ok", None),
        exit,
        says: Vec::new(),
        repair: Repair::None,
    }
}

/// A command that is refused.
pub(crate) fn refusal(code: Code, exit: i32, line: &'static str, build: fn() -> Env) -> CodeCase {
    CodeCase::Refusal(RefusalCase {
        code,
        build,
        line,
        exit,
    })
}

impl VerifyCase {
    /// The status and code of one end.
    pub(crate) fn end(self, app: &'static str, status: &'static str, code: Option<Code>) -> Self {
        Self {
            end: (app, status, code),
            ..self
        }
    }

    /// The status and code of the link.
    pub(crate) fn link(self, status: &'static str, code: impl Into<Option<Code>>) -> Self {
        Self {
            link: (status, code.into()),
            ..self
        }
    }

    /// A text in the summary of the link, or of the check or error with the code.
    pub(crate) fn says(mut self, text: &'static str) -> Self {
        self.says.push(text);
        self
    }

    /// A command fixes it, which `repair` only names.
    pub(crate) fn repairable_by_named_command(self) -> Self {
        Self {
            repair: Repair::NamedOnly,
            ..self
        }
    }

    /// A suggested command fixes it, and `repair` runs it.
    pub(crate) fn repairable(self) -> Self {
        Self {
            repair: Repair::Works,
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
                details(&out)
            ))
        };
        if out.code != self.exit {
            return fail(&format!("exit {} where {} was due", out.code, self.exit));
        }
        let json = out.json();
        let Some(link) = faulty_link(&json) else {
            return fail("the link is not shown");
        };
        if let Some(control) = control_link(&json)
            && (control["status"] != "ok" || control["fix"] != Value::Array(Vec::new()))
        {
            return fail("a link that works is not called ok");
        }
        let told = self.sentences(&json, &link);
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
        let found = end.map(|end| (string(&end["status"]), string(&end["code"])));
        if found != Some((self.end.1, name(self.end.2))) {
            return fail(&format!("the end of {} is {found:?}", self.end.0));
        }
        let found = (string(&link["status"]), string(&link["code"]));
        if found != (self.link.0, name(self.link.1)) {
            return fail(&format!("the link is {found:?}"));
        }
        let category = self.link.1.map_or("null", |code| code.category().as_str());
        if string(&link["category"]) != category {
            return fail("the category");
        }
        let has_fix = link["fix"].as_array().is_some_and(|fix| !fix.is_empty());
        if has_fix == matches!(self.repair, Repair::None) {
            return fail("the commands that mend it");
        }
        Ok(())
    }

    /// Every sentence that goes with the code.
    fn sentences(&self, json: &Value, link: &Value) -> Vec<String> {
        let code = self.code.as_str();
        let own = link["code"] == code
            || link["ends"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|end| end["code"] == code);
        let own = own.then(|| string(&link["summary"]).to_owned());
        let checks = link["checks"].as_array().into_iter().flatten();
        let errors = json["errors"].as_array().into_iter().flatten();
        checks
            .filter(|check| check["code"] == code)
            .map(|check| string(&check["summary"]).to_owned())
            .chain(
                errors
                    .filter(|error| error["code"] == code)
                    .map(|error| string(&error["message"]).to_owned()),
            )
            .chain(own)
            .collect()
    }
}

impl RefusalCase {
    fn check(&self) -> Result<(), String> {
        let env = (self.build)();
        let out = env.applink(self.line);
        let last = out.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_default();
        if out.code == self.exit && error["error"]["code"] == self.code.as_str() {
            Ok(())
        } else {
            Err(format!(
                "{}: {}\n{}",
                self.code,
                self.line,
                out.transcript()
            ))
        }
    }
}

impl CodeCase {
    /// The code of the case.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Verify(case) => case.code,
            Self::Refusal(refused) => refused.code,
        }
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Verify(case) => case.check(),
            Self::Refusal(refused) => refused.check(),
        }
    }
}

/// Checks all cases and reports every failure at once.
pub(crate) fn check_all(causes: &[CodeCase]) {
    assert_all(causes.iter().map(CodeCase::check));
}

/// Fails a test with every failure at once.
pub(crate) fn assert_all(outcomes: impl Iterator<Item = Result<(), String>>) {
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

/// The link of jira and wiki.
pub(crate) fn faulty_link(json: &Value) -> Option<Value> {
    let links = json["links"].as_array()?;
    let is = |link: &&Value| {
        link["local"] == "jira" && (link["remote"] == "wiki" || link["remote"].is_null())
    };
    links.iter().find(is).cloned()
}

fn control_link(json: &Value) -> Option<&Value> {
    json["links"]
        .as_array()?
        .iter()
        .find(|link| link["local"] == "bamboo")
}

/// The output, laid out for finding out why a case failed.
pub(crate) fn details(out: &RunOutput) -> String {
    let Ok(json) = serde_json::from_str::<Value>(&out.stdout) else {
        return out.transcript();
    };
    let link = faulty_link(&json).unwrap_or_default();
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
pub(crate) fn two_pairs(jira: App, wiki: App) -> World {
    world([
        jira,
        wiki,
        App::new(Product::Bamboo, "bamboo"),
        App::new(Product::Bitbucket, "bitbucket"),
    ])
}

/// Both pairs linked and known, the first one at `flags`.
pub(crate) fn linked_pairs(world: World, flags: OAuthFlags) -> Env {
    let env = Env::new(world);
    link(env.world.app("jira"), env.world.app("wiki"), flags);
    link(
        env.world.app("bamboo"),
        env.world.app("bitbucket"),
        OAuthFlags::OAUTH,
    );
    write_state(&env);
    env
}

/// Both pairs linked, then changed.
pub(crate) fn pairs_after(change: fn(&AppHandle, &AppHandle)) -> Env {
    world_after(two_pairs(jira(), wiki()), OAuthFlags::OAUTH, change)
}

/// Both pairs of a world linked, then changed.
pub(crate) fn world_after(
    world: World,
    flags: OAuthFlags,
    change: fn(&AppHandle, &AppHandle),
) -> Env {
    let env = linked_pairs(world, flags);
    change(env.world.app("jira"), env.world.app("wiki"));
    env
}

/// Writes a state with all applications and the certificate authorities of those that use TLS.
/// Writing the file is faster than `app add`, and there are many worlds.
pub(crate) fn write_state(env: &Env) {
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
