//! Reads the sources of a crate into a tree of modules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The text of each file, by its path below the folder of the crate root.
pub(crate) type Files = BTreeMap<String, String>;

/// A module: a file, or a block inside one.
#[derive(Default)]
pub(crate) struct Module {
    /// The file that holds it.
    pub(crate) file: String,
    pub(crate) parent: Option<usize>,
    /// Whether only test builds have it.
    pub(crate) is_test: bool,
    /// Child modules. A name has several where the platform decides.
    pub(crate) children: BTreeMap<String, Vec<usize>>,
    /// The items that are defined here.
    pub(crate) items: BTreeSet<String>,
    /// The types among them.
    pub(crate) types: Vec<String>,
    /// What `use` brings in.
    pub(crate) imports: Vec<Import>,
    /// The paths that the code names, `use` aside.
    pub(crate) paths: BTreeSet<Vec<String>>,
    /// The macros that the code calls.
    pub(crate) macros: BTreeSet<String>,
}

/// One leaf of a `use` tree.
#[derive(Clone)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// The name that it has here. Nothing for a glob.
    pub(crate) alias: Option<String>,
    /// Whether it hands the name on, as `pub use` does.
    pub(crate) is_reexport: bool,
}

/// The modules of one crate, or of a library and its binary.
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
    /// The module of `lib.rs`.
    pub(crate) root: usize,
    /// The name by which the binary knows the library.
    pub(crate) library: String,
}

impl Tree {
    /// Reads `lib.rs`, `main.rs` where there is one, and every file that they declare.
    pub(crate) fn read(files: &Files, library: &str) -> Self {
        let mut tree = Self {
            modules: Vec::new(),
            root: 0,
            library: library.to_owned(),
        };
        for root in ["lib.rs", "main.rs"] {
            if files.contains_key(root) {
                tree.add_file(files, root, None, false);
            }
        }
        tree
    }

    /// The files that no module declares.
    pub(crate) fn undeclared<'a>(&self, files: &'a Files) -> Vec<&'a str> {
        let declared: BTreeSet<&str> = self.modules.iter().map(|one| one.file.as_str()).collect();
        let all = files.keys().map(String::as_str);
        all.filter(|file| !declared.contains(file)).collect()
    }

    /// The modules that are built for users.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = (usize, &Module)> {
        let all = self.modules.iter().enumerate();
        all.filter(|(_, module)| !module.is_test)
    }

    fn add_file(
        &mut self,
        files: &Files,
        file: &str,
        parent: Option<usize>,
        is_test: bool,
    ) -> Option<usize> {
        let parsed = syn::parse_file(files.get(file)?);
        let parsed = parsed.unwrap_or_else(|error| panic!("{file} cannot be read: {error}"));
        Some(self.add(files, file, parent, is_test, &parsed.items))
    }

    fn add(
        &mut self,
        files: &Files,
        file: &str,
        parent: Option<usize>,
        is_test: bool,
        items: &[syn::Item],
    ) -> usize {
        let mut reader = Reader::default();
        for item in items {
            reader.define(item);
            reader.visit_item(item);
        }
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            is_test,
            ..reader.module
        });
        for item in items {
            let syn::Item::Mod(child) = item else {
                continue;
            };
            let is_test = is_test || is_for_tests(&child.attrs);
            let name = child.ident.to_string();
            let added = match &child.content {
                Some((_, items)) => Some(self.add(files, file, Some(id), is_test, items)),
                None => candidates(file, &name, &child.attrs)
                    .iter()
                    .find_map(|path| self.add_file(files, path, Some(id), is_test)),
            };
            if let Some(added) = added {
                self.modules[id]
                    .children
                    .entry(name)
                    .or_default()
                    .push(added);
            }
        }
        id
    }
}

/// Where the file of a module may be.
fn candidates(file: &str, name: &str, attributes: &[syn::Attribute]) -> Vec<String> {
    let path = Path::new(file);
    let folder = path.parent().unwrap_or(Path::new(""));
    let told = attributes.iter().find_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) if pair.path.is_ident("path") => Some(text.value()),
            _ => None,
        }
    });
    let text = |path: &Path| path.to_string_lossy().replace('\\', "/");
    if let Some(told) = told {
        return vec![text(&plain(&folder.join(told)))];
    }
    let stem = path.file_stem().unwrap_or_default();
    let folder = if ["mod", "lib", "main"].iter().any(|root| stem == *root) {
        folder.to_owned()
    } else {
        folder.join(stem)
    };
    vec![
        text(&folder.join(format!("{name}.rs"))),
        text(&folder.join(name).join("mod.rs")),
    ]
}

/// The path without steps to a parent folder.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// Whether an item exists in test builds only.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        if attribute.path().is_ident("test") {
            return true;
        }
        let syn::Meta::List(list) = &attribute.meta else {
            return false;
        };
        let words = list.tokens.to_string();
        let has = |wanted| {
            words
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == wanted)
        };
        list.path.is_ident("cfg") && has("test") && !has("not")
    })
}

/// Collects what the items of one module define, import and name.
#[derive(Default)]
struct Reader {
    module: Module,
}

impl Reader {
    fn define(&mut self, item: &syn::Item) {
        use syn::Item;
        if is_for_tests(attributes(item)) {
            return;
        }
        let (name, is_type) = match item {
            Item::Const(one) => (&one.ident, false),
            Item::Enum(one) => (&one.ident, true),
            Item::Fn(one) => (&one.sig.ident, false),
            Item::Macro(syn::ItemMacro {
                ident: Some(ident), ..
            }) => (ident, false),
            Item::Static(one) => (&one.ident, false),
            Item::Struct(one) => (&one.ident, true),
            Item::Trait(one) => (&one.ident, true),
            Item::Type(one) => (&one.ident, true),
            Item::Union(one) => (&one.ident, true),
            _ => return,
        };
        self.module.items.insert(name.to_string());
        if is_type {
            self.module.types.push(name.to_string());
        }
    }

    fn import(&mut self, tree: &syn::UseTree, path: &[String], is_reexport: bool) {
        let with = |ident: &syn::Ident| [path, &[ident.to_string()]].concat();
        let (path, alias) = match tree {
            syn::UseTree::Path(one) => {
                return self.import(&one.tree, &with(&one.ident), is_reexport);
            }
            syn::UseTree::Group(group) => {
                for one in &group.items {
                    self.import(one, path, is_reexport);
                }
                return;
            }
            syn::UseTree::Name(one) if one.ident == "self" => (path.to_vec(), path.last().cloned()),
            syn::UseTree::Name(one) => (with(&one.ident), Some(one.ident.to_string())),
            syn::UseTree::Rename(one) if one.ident == "self" => {
                (path.to_vec(), Some(one.rename.to_string()))
            }
            syn::UseTree::Rename(one) => (with(&one.ident), Some(one.rename.to_string())),
            syn::UseTree::Glob(_) => (path.to_vec(), None),
        };
        self.module.imports.push(Import {
            path,
            alias,
            is_reexport,
        });
    }

    /// Reads the paths in the arguments of a macro or an attribute, which have no grammar.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut after_dot = false;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end_path(&mut path);
                    }
                    if path.is_empty() && after_dot {
                        after_dot = false;
                        continue;
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.end_path(&mut path);
                    colons = 0;
                    after_dot = matches!(&other, TokenTree::Punct(punct) if punct.as_char() == '.');
                    match other {
                        TokenTree::Group(group) => {
                            self.read_tokens(group.stream());
                        }
                        TokenTree::Literal(literal) => self.read_text(&literal.to_string()),
                        _ => {}
                    }
                }
            }
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Vec<String>) {
        if !path.is_empty() {
            self.module.paths.insert(std::mem::take(path));
        }
    }

    /// Reads a path that an attribute has as text: `#[serde(with = "crate::room::form")]`.
    fn read_text(&mut self, literal: &str) {
        let text = literal.trim_matches('"');
        let is_path = text.contains("::")
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == ':');
        if is_path {
            let path = text.split("::").map(str::to_owned).collect();
            self.module.paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        // A module inside is a module of its own.
        if !is_for_tests(attributes(item)) && !matches!(item, syn::Item::Mod(_)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let is_test = match item {
            syn::ImplItem::Fn(one) => is_for_tests(&one.attrs),
            syn::ImplItem::Const(one) => is_for_tests(&one.attrs),
            _ => false,
        };
        if !is_test {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            let is_reexport = !matches!(item.vis, syn::Visibility::Inherited);
            self.import(&item.tree, &[], is_reexport);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names = path.segments.iter().map(|one| one.ident.to_string());
            self.module.paths.insert(names.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(name) = call.path.segments.last() {
            self.module.macros.insert(name.ident.to_string());
        }
        self.read_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        match &attribute.meta {
            syn::Meta::List(list) => self.read_tokens(list.tokens.clone()),
            syn::Meta::Path(_) | syn::Meta::NameValue(_) => {}
        }
    }
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    use syn::Item;
    match item {
        Item::Const(one) => &one.attrs,
        Item::Enum(one) => &one.attrs,
        Item::Fn(one) => &one.attrs,
        Item::Impl(one) => &one.attrs,
        Item::Macro(one) => &one.attrs,
        Item::Mod(one) => &one.attrs,
        Item::Static(one) => &one.attrs,
        Item::Struct(one) => &one.attrs,
        Item::Trait(one) => &one.attrs,
        Item::Type(one) => &one.attrs,
        Item::Union(one) => &one.attrs,
        Item::Use(one) => &one.attrs,
        _ => &[],
    }
}
