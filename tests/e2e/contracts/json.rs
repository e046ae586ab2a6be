//! `docs/json.md` says what real documents hold: every field of theirs is in its tables with its
//! type, and every field of its tables was met.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use applink_sandbox::{Link, OAuthFlags, url_derived_id};
use serde_json::Value;

use crate::support::env::Env;
use crate::support::worlds::{link, pair};

/// The fields of one object with their types, in words.
type Object = BTreeMap<String, String>;

/// The page, and what of it was met.
struct Page {
    objects: BTreeMap<String, Object>,
    met: RefCell<BTreeSet<(String, String)>>,
}

impl Page {
    fn read() -> Self {
        let mut objects: BTreeMap<String, Object> = BTreeMap::new();
        let mut heading = String::new();
        for line in include_str!("../../../docs/json.md").lines() {
            if line.starts_with('#') {
                line.trim_start_matches('#').trim().clone_into(&mut heading);
                continue;
            }
            let cells: Vec<&str> = line.split(" | ").collect();
            let field = cells[0]
                .strip_prefix("| `")
                .and_then(|f| f.strip_suffix('`'));
            if let (Some(field), Some(kind)) = (field, cells.get(1)) {
                let object = objects.entry(heading.clone()).or_default();
                let twice = object.insert(field.to_owned(), (*kind).to_owned());
                assert!(twice.is_none(), "{heading}: {field} stands there twice");
            }
        }
        Self {
            objects,
            met: RefCell::default(),
        }
    }

    /// The document is an object of that name, or of several of which one adds to another.
    fn check(&self, names: &[&str], value: &Value) {
        let fields = value
            .as_object()
            .unwrap_or_else(|| panic!("{names:?}: {value}"));
        let known = |field: &str| {
            names.iter().find_map(|name| {
                let object = &self.objects[*name];
                object.get(field).map(|kind| (*name, kind.as_str()))
            })
        };
        for (field, value) in fields {
            let (name, kind) = known(field).unwrap_or_else(|| {
                panic!("docs/json.md: {names:?} has no field {field:?}: {value}")
            });
            self.met
                .borrow_mut()
                .insert((name.to_owned(), field.clone()));
            let fits = kind.split(" or ").any(|one| self.is(one, value));
            assert!(fits, "docs/json.md: {name}.{field} is not {kind}: {value}");
        }
        for field in names.iter().flat_map(|name| self.objects[*name].keys()) {
            assert!(
                fields.contains_key(field),
                "{names:?} without {field}: {value}"
            );
        }
    }

    fn is(&self, kind: &str, value: &Value) -> bool {
        if let Some(element) = kind.strip_prefix("list of ") {
            let all = value.as_array();
            return all.is_some_and(|all| all.iter().all(|one| self.is(element, one)));
        }
        if let Some((name, _)) = kind
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("](#"))
        {
            if !value.is_object() {
                return false;
            }
            match name {
                "seen" => self.check(&["seen", "application"], value),
                _ => self.check(&[name], value),
            }
            return true;
        }
        match kind {
            "string" => value.is_string(),
            "number" => value.is_u64(),
            "true" => value == &Value::Bool(true),
            "false" => value == &Value::Bool(false),
            "null" => value.is_null(),
            "anything" => true,
            other => panic!("docs/json.md: {other:?} is no type"),
        }
    }

    #[track_caller]
    fn all_met(&self) {
        let met = self.met.borrow();
        let missing: Vec<String> = self
            .objects
            .iter()
            .flat_map(|(name, object)| object.keys().map(move |field| (name, field)))
            .filter(|(name, field)| !met.contains(&((*name).clone(), (*field).clone())))
            .map(|(name, field)| format!("{name}.{field}"))
            .collect();
        assert_eq!(missing, [""; 0], "documented, and in no document");
    }
}

#[test]
fn the_json_page_lists_every_field_of_real_documents() {
    let page = Page::read();
    let env = Env::new(pair());
    let run = |names: &[&str], line: &str| {
        let out = env.applink(&format!("{line} -o json"));
        page.check(names, &out.json());
    };
    for (name, line) in [
        ("change", "resume"),
        ("app add", "app add jira {jira.url}"),
        ("app add", "app add wiki {wiki.url}"),
        ("change", "create jira wiki --dry-run"),
        ("change", "create jira wiki"),
        ("change", "edit jira wiki --name Handbook"),
        (
            "change",
            "create jira --consumer Jenkins --two-legged --preset jenkins --dry-run",
        ),
        (
            "change",
            "create jira --consumer Jenkins --two-legged --preset jenkins",
        ),
        (
            "change",
            "create jira --oauth2-client Portal --redirect-uri https://portal.example.com/cb --scope WRITE",
        ),
        (
            "change",
            "relocate --from https://old.example.com --to https://new.example.com",
        ),
        ("list", "list"),
        ("app list", "app list"),
        ("app show", "app show jira"),
        ("export", "export"),
        ("verify", "verify"),
        ("explain", "explain"),
        ("explain", "explain oauth_problem=token_rejected"),
        ("key generate", "key generate --key-file own.pem --dry-run"),
        ("key generate", "key generate --key-file own.pem"),
        ("key show", "key show own.pem"),
        ("key convert", "key convert own.pem --to spki"),
        ("change", "key rotate jira --consumer Jenkins --yes"),
        (
            "authorize",
            "authorize jira --consumer Jenkins --two-legged",
        ),
    ] {
        run(&[name], line);
    }
    run(&["scan", "change"], "scan jira --from {wiki.url} --dry-run");

    // The file of links, and what was changed by hand.
    let text = env.applink("export").expect(0).stdout;
    env.write("work/links.toml", &text, 0o600);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.set_outgoing(&wiki.id(), OAuthFlags::IMPERSONATION);
    run(&["plan"], "plan links.toml");
    run(&["verify"], "verify");
    run(&["change"], "repair --yes");
    run(&["change"], "delete jira wiki --yes");
    // A name that is taken.
    jira.add_link(Link::new(
        &url_derived_id("https://taken.example.com"),
        "generic",
        "Confluence",
        "https://taken.example.com",
    ));
    let wanted = format!(
        "version = 1\n[applications.jira]\nurl = {:?}\n[applications.wiki]\nurl = {:?}\n\
         [[links]]\nbetween = [\"jira\", \"wiki\"]\n",
        jira.url(),
        wiki.url()
    );
    env.write("work/links.toml", &wanted, 0o600);
    for (name, line) in [
        ("plan", "plan links.toml"),
        ("change", "apply links.toml --dry-run"),
        ("change", "apply links.toml --yes"),
        ("change", "migrate"),
        ("change", "delete jira wiki --yes"),
        ("change", "delete jira --consumer Jenkins --yes"),
        ("change", "delete jira --oauth2-client Portal --yes"),
    ] {
        run(&[name], line);
    }

    // Somebody who does not answer, and what is said of it.
    link(jira, wiki, OAuthFlags::OAUTH);
    wiki.stop();
    run(&["list"], "list");
    run(&["verify"], "verify");
    let out = env.applink("create jira wiki -o json").expect(5);
    let last = out.stderr.lines().last().unwrap();
    page.check(&["error"], &serde_json::from_str(last).unwrap());
    run(&["app remove"], "app remove wiki --yes");

    for line in watched(&env) {
        page.check(&["watch"], &line);
    }
    page.check(&["sandbox"], &env.world.describe());
    page.all_met();
}

/// What `verify --watch` prints first.
fn watched(env: &Env) -> Vec<Value> {
    use std::io::{BufRead as _, BufReader};
    let mut child = env.start("verify --watch 60 -o json");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&child),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    child.wait().unwrap();
    vec![serde_json::from_str(&first).unwrap()]
}
