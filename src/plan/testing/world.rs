//! Applications in memory, which count every call and fail at a chosen one.

#![expect(clippy::expect_used, reason = "tests")]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::watch;

use crate::domain::{Alias, ApplicationId, BaseUrl, Directions, Flags, Manifest, Record};
use crate::domain::{TypeId, Version};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::execute::{JournalEntry, Log, Observer, Provider, StepStatus, WriteError};
use crate::plan::{NewLink, RelocationMethod, Step, View};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Refused; nothing was changed, and that is certain.
    Refused,
    /// Carried out, and the answer was lost.
    LostAfter,
    /// Lost on the way.
    LostBefore,
    /// Answered well, and nothing was changed.
    NotStuck,
    /// The application is down from this call on.
    Down,
    /// The application is down for this call.
    DownOnce,
}

pub(crate) const MODES: [Mode; 6] = [
    Mode::Refused,
    Mode::LostAfter,
    Mode::LostBefore,
    Mode::NotStuck,
    Mode::Down,
    Mode::DownOnce,
];

pub(crate) type Records = BTreeMap<(Alias, ApplicationId), View>;

/// Some applications.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) records: RefCell<Records>,
    /// The base URL that a relocated application names, if it answers.
    pub(crate) base_url: Option<String>,
    pub(crate) faults: Vec<(usize, Mode)>,
    /// The call that never returns, and whether it is carried out before.
    pub(crate) hangs: Option<(usize, bool)>,
    /// The call after which the user asks to stop.
    pub(crate) stop_after: Option<(usize, watch::Sender<Option<Exit>>)>,
    pub(crate) calls: Cell<usize>,
    pub(crate) fired: Cell<usize>,
    pub(crate) writes: RefCell<Vec<Step>>,
    pub(crate) down: RefCell<BTreeSet<Alias>>,
}

impl World {
    pub(crate) fn of(records: &Records) -> Self {
        Self {
            records: RefCell::new(records.clone()),
            ..Self::default()
        }
    }

    pub(crate) fn healed(&self) -> Self {
        Self {
            base_url: self.base_url.clone(),
            ..Self::of(&self.snapshot())
        }
    }

    pub(crate) fn snapshot(&self) -> Records {
        self.records.borrow().clone()
    }

    pub(crate) fn get(&self, on: &Alias, id: ApplicationId) -> Option<View> {
        self.records.borrow().get(&(on.clone(), id)).cloned()
    }

    pub(crate) fn change(&self, on: &Alias, id: ApplicationId, change: impl FnOnce(&mut View)) {
        if let Some(view) = self.records.borrow_mut().get_mut(&(on.clone(), id)) {
            change(view);
        }
    }

    async fn arrive(&self, on: &Alias) -> (usize, Option<Mode>) {
        let n = self.calls.get();
        self.calls.set(n + 1);
        if let Some((at, stop)) = &self.stop_after
            && *at == n
        {
            stop.send_replace(Some(Exit::Interrupt));
        }
        if self.hangs == Some((n, false)) {
            std::future::pending::<()>().await;
        }
        if self.down.borrow().contains(on) {
            return (n, Some(Mode::DownOnce));
        }
        let mode = self
            .faults
            .iter()
            .find(|(at, _)| *at == n)
            .map(|(_, mode)| *mode);
        if mode.is_some() {
            self.fired.set(self.fired.get() + 1);
        }
        if mode == Some(Mode::Down) {
            self.down.borrow_mut().insert(on.clone());
        }
        (n, mode)
    }

    async fn leave(&self, n: usize) {
        if self.hangs == Some((n, true)) {
            std::future::pending::<()>().await;
        }
    }

    /// What the products do.
    pub(crate) fn apply(&self, step: &Step) -> Result<()> {
        let mut records = self.records.borrow_mut();
        let key = (step.on().clone(), step.id());
        if let Step::Create { on, id, link } = step {
            if records.contains_key(&key) {
                return Err(Error::conflict("the link exists"));
            }
            let view = created_view(&records, on, *id, link);
            records.insert(key.clone(), view);
            if link.primary {
                promote(&mut records, &key);
            }
            return Ok(());
        }
        let taken = |name: &str| {
            records
                .iter()
                .any(|(other, view)| other.0 == key.0 && *other != key && view.record.name == name)
        };
        if matches!(step, Step::Edit { from, to, .. } if from.name != to.name && taken(&to.name)) {
            return Err(Error::refused("the name is taken"));
        }
        let Some(view) = records.get_mut(&key) else {
            return match step {
                Step::Delete { .. } | Step::DropConsumer { .. } => Ok(()),
                _ => Err(Error::conflict("no such link")),
            };
        };
        match step {
            Step::Create { .. } | Step::Client(_) | Step::Prove { .. } => {}
            Step::SetFlags { to, .. } => {
                view.flags = *to;
                if to.incoming == Flags::NONE {
                    view.consumers.clear();
                }
            }
            Step::DropConsumer { .. } => {
                view.consumers.clear();
                view.flags.incoming = Flags::NONE;
            }
            Step::PutConsumer { to, .. } => {
                view.consumers = vec![to.identity()];
                view.flags.incoming = to.incoming;
            }
            Step::Edit { to, .. } => {
                view.record.name.clone_from(&to.name);
                view.record.display_url.clone_from(&to.display_url);
            }
            Step::MakePrimary { .. } => promote(&mut records, &key),
            Step::Move {
                to, method: way, ..
            } => {
                view.record.rpc_url = Some(to.rpc_url.clone());
                view.record.display_url = match way {
                    RelocationMethod::Rewritten => to.display_url.clone(),
                    RelocationMethod::Checked | RelocationMethod::Forced => {
                        self.base_url.clone().unwrap_or_else(|| to.rpc_url.clone())
                    }
                };
            }
            Step::RemoveLegacy { .. } => view.legacy = Some(false),
            Step::Delete { .. } => {
                let gone = records.remove(&key);
                let heir = records
                    .iter()
                    .find(|((on, _), view)| {
                        *on == key.0
                            && gone.as_ref().is_some_and(|gone| {
                                gone.record.primary && gone.record.type_id == view.record.type_id
                            })
                    })
                    .map(|(key, _)| key.clone());
                if let Some(heir) = heir {
                    promote(&mut records, &heir);
                }
            }
        }
        Ok(())
    }
}

fn created_view(records: &Records, on: &Alias, id: ApplicationId, link: &NewLink) -> View {
    let here = || records.iter().filter(|((at, _), _)| at == on);
    let taken = |name: &str| here().any(|(_, view)| view.record.name == name);
    let name = std::iter::once(link.name.clone())
        .chain((2..99).map(|n| format!("{} - {n}", link.name)))
        .find(|name| !taken(name));
    View {
        record: Record {
            id,
            name: name.unwrap_or_default(),
            type_id: link.type_id.clone(),
            rpc_url: Some(link.rpc_url.clone()),
            display_url: link.display_url.clone(),
            primary: !here().any(|(_, view)| view.record.type_id == link.type_id),
            system: false,
        },
        flags: Directions::both(Flags::NONE),
        consumers: Vec::new(),
        client: None,
        legacy: None,
    }
}

fn promote(records: &mut Records, key: &(Alias, ApplicationId)) {
    let type_id = records.get(key).map(|view| view.record.type_id.clone());
    for (other, view) in records.iter_mut() {
        if other.0 == key.0 && Some(&view.record.type_id) == type_id.as_ref() {
            view.record.primary = other == key;
        }
    }
}

fn unreachable(on: &Alias) -> Error {
    Error::new(Kind::Unreachable, format!("{on} does not answer"))
}

impl Provider for World {
    async fn wait_for_change(&self, _attempt: u32) -> bool {
        false
    }

    async fn view(&self, step: &Step) -> Result<Option<View>> {
        let (on, id) = (step.on(), step.id());
        let (n, mode) = self.arrive(on).await;
        let found = self.get(on, id);
        self.leave(n).await;
        match mode {
            None | Some(Mode::NotStuck) => Ok(found),
            Some(_) => Err(unreachable(on)),
        }
    }

    async fn write(&self, step: &Step) -> Result<Option<String>, WriteError> {
        let (n, mode) = self.arrive(step.on()).await;
        self.writes.borrow_mut().push(step.clone());
        let applied = match mode {
            None | Some(Mode::LostAfter) => self.apply(step),
            Some(_) => Ok(()),
        };
        self.leave(n).await;
        let fails = |not_applied| {
            Err(WriteError {
                error: unreachable(step.on()),
                not_applied,
            })
        };
        match mode {
            Some(Mode::LostAfter | Mode::LostBefore) => fails(false),
            Some(Mode::Refused | Mode::Down | Mode::DownOnce) => fails(true),
            None | Some(Mode::NotStuck) => match applied {
                Ok(()) => Ok(None),
                Err(error) => Err(WriteError {
                    error,
                    not_applied: true,
                }),
            },
        }
    }
}

/// A journal in memory.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) entries: Vec<JournalEntry>,
    pub(crate) asked: usize,
    /// The note that fails, and whether all after it fail too.
    pub(crate) fails: Option<(usize, bool)>,
}

impl Log for Notes {
    fn note(&mut self, entry: JournalEntry) -> Result<()> {
        let n = self.asked;
        self.asked += 1;
        match self.fails {
            Some((at, for_good)) if n == at || (for_good && n > at) => {
                Err(Error::state("the disk is full"))
            }
            _ => {
                self.entries.push(entry);
                Ok(())
            }
        }
    }
}

/// Nobody looks on.
pub(crate) struct Nobody;

impl Observer for Nobody {
    fn begins(&self, _: &Step, _: bool) {}
    fn ended(&self, _: &Step, _: StepStatus, _: &str) {}
}

pub(crate) fn alias(text: &str) -> Alias {
    text.parse().expect("an alias")
}

pub(crate) fn base(text: &str) -> BaseUrl {
    BaseUrl::parse(text).expect("a base URL")
}

pub(crate) fn id(n: u128) -> ApplicationId {
    uuid::Uuid::from_u128(n).into()
}

pub(crate) fn manifest(n: u128, name: &str, type_id: &str, url: &str) -> Manifest {
    Manifest {
        id: id(n),
        name: name.to_owned(),
        type_id: TypeId::from_wire(type_id),
        version: Version::new("9.0.0"),
        applinks_version: Version::new("9.0.0"),
        url: Some(url.to_owned()),
        inbound_authentication: Vec::new(),
    }
}

/// A record with its switches.
pub(crate) fn view(n: u128, name: &str, type_id: &str, url: &str, flags: Flags) -> View {
    View {
        record: Record {
            id: id(n),
            name: name.to_owned(),
            type_id: TypeId::from_wire(type_id),
            rpc_url: Some(url.to_owned()),
            display_url: url.to_owned(),
            primary: true,
            system: false,
        },
        flags: Directions::both(flags),
        consumers: Vec::new(),
        client: None,
        legacy: None,
    }
}
