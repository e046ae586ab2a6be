//! Which file imports which, and the circles that the imports make.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::tree::{Import, Tree};

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Module(usize),
    Item { file: String, name: String },
}

/// The names that one file takes from another, by the two files.
#[derive(Default)]
pub(crate) struct Arrows(pub(crate) BTreeMap<(String, String), BTreeSet<String>>);

type Visited = BTreeSet<(usize, String, bool)>;

impl Tree {
    /// The arrows between files: each name leads to the file that defines it.
    ///
    /// Handing a name on is no arrow in a `mod.rs` or `lib.rs`, whose work it is.
    pub(crate) fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::default();
        for (id, module) in self.shipped() {
            let hands_on = module.file.ends_with("mod.rs") || module.file == "lib.rs";
            for import in &module.imports {
                if !(hands_on && import.is_reexport) {
                    self.point(&mut arrows, id, &import.path, import.alias.is_none());
                }
            }
            for path in &module.paths {
                // A single name is defined here or has its own `use`, unless a glob brings it in
                // or this file uses what it also hands on.
                let own = module
                    .imports
                    .iter()
                    .any(|import| !import.is_reexport && import.alias.as_ref() == path.first());
                if path.len() > 1 || !own {
                    self.point(&mut arrows, id, path, false);
                }
            }
        }
        arrows
    }

    fn point(&self, arrows: &mut Arrows, from: usize, path: &[String], is_glob: bool) {
        let file = &self.modules[from].file;
        for target in self.resolve(from, path, is_glob, &mut Visited::new()) {
            if let Target::Item { file: to, name } = target
                && to != *file
            {
                let pair = (file.clone(), to);
                arrows.0.entry(pair).or_default().insert(name);
            }
        }
    }

    /// What a path means in a module. Names of other crates mean nothing here.
    fn resolve(
        &self,
        from: usize,
        path: &[String],
        is_module: bool,
        visited: &mut Visited,
    ) -> Vec<Target> {
        let Some((first, mut rest)) = path.split_first() else {
            return Vec::new();
        };
        let wants_module = is_module || !rest.is_empty();
        let mut at = match first.as_str() {
            "crate" => vec![Target::Module(self.root)],
            "self" => vec![Target::Module(from)],
            "super" => self.modules[from]
                .parent
                .map(Target::Module)
                .into_iter()
                .collect(),
            name if *name == self.library => vec![Target::Module(self.root)],
            name => self.lookup(from, name, wants_module, visited),
        };
        while let Some((name, after)) = rest.split_first() {
            let wants_module = is_module || !after.is_empty();
            let mut next = Vec::new();
            for target in at {
                let Target::Module(id) = target else {
                    // A variant or a method: the type is what is imported.
                    next.push(target);
                    continue;
                };
                if name == "super" {
                    next.extend(self.modules[id].parent.map(Target::Module));
                    continue;
                }
                let found = self.lookup(id, name, wants_module, visited);
                if found.is_empty()
                    && after.is_empty()
                    && id != self.root
                    && !self.is_foreign(id, name)
                {
                    // A macro has made it, in that module.
                    next.push(Target::Item {
                        file: self.modules[id].file.clone(),
                        name: name.clone(),
                    });
                }
                next.extend(found);
            }
            at = next;
            rest = after;
        }
        at
    }

    /// Whether a module has a name from another crate.
    fn is_foreign(&self, module: usize, name: &str) -> bool {
        let imports = &self.modules[module].imports;
        imports
            .iter()
            .any(|import| import.alias.as_deref() == Some(name))
    }

    /// What a name means in a module, through re-exports to the definition.
    fn lookup(
        &self,
        module: usize,
        name: &str,
        wants_module: bool,
        visited: &mut Visited,
    ) -> Vec<Target> {
        if !visited.insert((module, name.to_owned(), wants_module)) {
            return Vec::new();
        }
        let here = &self.modules[module];
        let children = || {
            let ids = here.children.get(name).into_iter().flatten();
            ids.map(|id| Target::Module(*id)).collect::<Vec<_>>()
        };
        if wants_module && here.children.contains_key(name) {
            return children();
        }
        if here.items.contains(name) {
            return vec![Target::Item {
                file: here.file.clone(),
                name: name.to_owned(),
            }];
        }
        let follow = |import: &Import, visited: &mut Visited| {
            self.resolve(module, &import.path, wants_module, visited)
        };
        let named = here
            .imports
            .iter()
            .filter(|import| import.alias.as_deref() == Some(name));
        let found: BTreeSet<Target> = named.flat_map(|import| follow(import, visited)).collect();
        if !found.is_empty() {
            return found.into_iter().collect();
        }
        if here.children.contains_key(name) {
            return children();
        }
        let globs = here.imports.iter().filter(|import| import.alias.is_none());
        let found: BTreeSet<Target> = globs
            .flat_map(|glob| {
                let modules = self.resolve(module, &glob.path, true, visited);
                let mut found = Vec::new();
                for target in modules {
                    if let Target::Module(id) = target {
                        found.extend(self.lookup(id, name, wants_module, visited));
                    }
                }
                found
            })
            .collect();
        found.into_iter().collect()
    }
}

impl Arrows {
    /// The groups of files of which each reaches each other one.
    pub(crate) fn circles(&self) -> Vec<BTreeSet<&str>> {
        let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (from, to) in self.0.keys() {
            next.entry(from).or_default().push(to);
        }
        let reached: BTreeMap<&str, BTreeSet<&str>> = next
            .keys()
            .map(|start| {
                let mut seen = BTreeSet::new();
                let mut open = vec![*start];
                while let Some(file) = open.pop() {
                    for to in next.get(file).into_iter().flatten() {
                        if seen.insert(*to) {
                            open.push(to);
                        }
                    }
                }
                (*start, seen)
            })
            .collect();
        let both = |a: &str, b: &str| reached.get(a).is_some_and(|all| all.contains(b));
        let circles: BTreeSet<BTreeSet<&str>> = reached
            .iter()
            .filter(|(file, seen)| seen.contains(*file))
            .map(|(file, seen)| seen.iter().copied().filter(|to| both(to, file)).collect())
            .collect();
        circles.into_iter().collect()
    }

    /// The circles in words: the files, and the names that tie each pair.
    pub(crate) fn circles_in_words(&self) -> Vec<String> {
        let circles = self.circles().into_iter();
        circles
            .map(|circle| {
                let files: Vec<&str> = circle.iter().copied().collect();
                let mut text = format!("circle of {} files: {}", files.len(), files.join(", "));
                for ((from, to), names) in &self.0 {
                    if circle.contains(from.as_str()) && circle.contains(to.as_str()) {
                        let _ = write!(text, "\n    {from} imports {} from {to}", list(names));
                    }
                }
                text
            })
            .collect()
    }

    /// The imports that run upwards or sideways. `floors` is from the highest floor to the lowest.
    pub(crate) fn upward(&self, floors: &[&[&str]], sideways: bool) -> Vec<String> {
        let floor = |room: &str| floors.iter().position(|rooms| rooms.contains(&room));
        let mut found = Vec::new();
        for ((from, to), names) in &self.0 {
            let (a, b) = (room(from), room(to));
            if a == b || a == "lib" {
                continue;
            }
            let names = list(names);
            match (floor(a), floor(b)) {
                (Some(above), Some(below)) if above < below || (sideways && above == below) => {}
                (Some(above), Some(below)) if above == below => found.push(format!(
                    "{from} imports {names} from {to}, but {a} and {b} are on the same floor"
                )),
                (Some(_), Some(_)) => found.push(format!(
                    "{from} imports {names} from {to}, but {b} is above {a}"
                )),
                (place, _) => found.push(format!(
                    "{} has no floor: say in this test where it belongs",
                    if place.is_none() { a } else { b }
                )),
            }
        }
        found
    }
}

/// The part of the program that a file belongs to: its folder, or itself.
pub(crate) fn room(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

fn list(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.join(", ")
}
