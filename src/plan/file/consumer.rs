//! Plans one consumer: what the file says, merged field by field with what is registered.

use serde_json::{Map, Value, json};

use super::change::{Action, Change, Drift};
use super::file_plan::ItemPlan;
use super::observed_state::{KnownConsumer, ObservedApp, ObservedState};
use crate::desired::DesiredConsumer;
use crate::domain::{ApplicationId, BaseUrl, Flags, View, same_url};
use crate::error::{Error, Result};
use crate::plan::consumer::{
    ConsumerRequest, RegisteredConsumer, placeholder, plan as plan_one, slug,
};
use crate::plan::{NewConsumer, matches_requested_name};

/// Plans one consumer; `n` is its place in the file.
pub(super) fn plan(
    observed_state: &ObservedState,
    on: &ObservedApp,
    n: usize,
    wanted: &DesiredConsumer,
) -> Result<ItemPlan> {
    if !on.supports_consumers {
        return Err(Error::refused(format!(
            "the application links of {} are too old: what a program may do cannot be set and taken back from outside",
            on.alias
        ))
        .hint("register it on the page \"Application links\" of that application, and take it out of the file"));
    }
    let key = (on.alias.clone(), wanted.name.clone());
    let known = observed_state.consumers.get(&key);
    let view = find(on, wanted, known.map(|known| known.id))?;
    let registered = view.and_then(|view| on.consumers.get(&view.record.id)?.first());
    let merge = ConsumerMerge {
        on,
        wanted,
        known,
        view,
        registered,
    };
    let request = merge.request(observed_state, n)?;
    let existing = view.map(|view| RegisteredConsumer {
        view: view.clone(),
        consumer: registered.cloned(),
    });
    let plan = plan_one(&request, existing.as_ref())?;
    let changes = if plan.is_empty() {
        Vec::new()
    } else {
        merge.changes(&request)
    };
    Ok(ItemPlan {
        primary: Vec::new(),
        impersonates: request.consumer.incoming.impersonation && !merge.allowed().impersonation,
        drift: merge.drift(),
        named: [on.alias.clone()].into(),
        changes,
        plan,
    })
}

/// What there is to merge.
struct ConsumerMerge<'a> {
    on: &'a ObservedApp,
    wanted: &'a DesiredConsumer,
    /// What the state remembers.
    known: Option<&'a KnownConsumer>,
    /// The generic link of the consumer.
    view: Option<&'a View>,
    /// The consumer of that link.
    registered: Option<&'a NewConsumer>,
}

impl ConsumerMerge<'_> {
    fn request(&self, observed_state: &ObservedState, n: usize) -> Result<ConsumerRequest> {
        let url = self.url()?;
        let key = self.key(&url)?;
        let (public_key, fingerprint, bits) = self.public_key(observed_state, n)?;
        let name = &self.wanted.name;
        Ok(ConsumerRequest {
            on: self.on.alias.clone(),
            name: name.clone(),
            url,
            key_file: self
                .known
                .filter(|known| known.fingerprint == fingerprint)
                .and_then(|known| known.key_file.clone()),
            consumer: NewConsumer {
                key,
                name: self
                    .registered
                    .map_or_else(|| name.clone(), |registered| registered.name.clone()),
                public_key,
                fingerprint,
                callback: self.callback(),
                incoming: self.permissions(),
            },
            bits,
            snippet: None,
        })
    }

    fn url(&self) -> Result<BaseUrl> {
        let wanted = self.wanted.url.as_ref();
        let found = self.view.and_then(|view| view.record.application_url());
        if let (Some(wanted), Some(found)) = (wanted, &found)
            && wanted != found
        {
            return Err(Error::conflict(format!(
                "{:?} is registered on {} at {found}, and the file says {wanted}",
                self.wanted.name, self.on.alias
            ))
            .hint(
                "the address of a program is not changed: delete it, and let the file make it anew",
            ));
        }
        found
            .or_else(|| wanted.cloned())
            .map_or_else(|| placeholder_of(self.wanted), Ok)
    }

    fn key(&self, url: &BaseUrl) -> Result<String> {
        let wanted = self.wanted.key.clone();
        let registered = self.registered.map(|registered| &registered.key);
        let key = wanted
            .or_else(|| registered.cloned())
            .or_else(|| self.known.map(|known| known.key.clone()))
            .unwrap_or_else(|| slug(&self.wanted.name));
        if registered != Some(&key) {
            let id = self
                .view
                .map_or_else(|| ApplicationId::of_url(url), |view| view.record.id);
            refuse_taken(self.on, id, &key)?;
        }
        Ok(key)
    }

    /// The public key, its fingerprint and its length.
    fn public_key(
        &self,
        observed_state: &ObservedState,
        n: usize,
    ) -> Result<(String, String, u32)> {
        if let Some(key) = observed_state.keys.get(&n) {
            return Ok((key.base64.clone(), key.fingerprint.clone(), key.bits));
        }
        let Some(registered) = self.registered else {
            return Err(Error::usage(format!(
                "{:?} on {} is not registered, and the file gives no public_key",
                self.wanted.name, self.on.alias
            ))
            .hint(format!(
                "to have a key pair made: applink create {} --consumer NAME",
                self.on.alias
            )));
        };
        let bits = observed_state.bits.get(&registered.fingerprint).copied();
        let bits = bits.or(self.known.map(|known| known.bits)).unwrap_or(0);
        let fingerprint = registered.fingerprint.clone();
        Ok((registered.public_key.clone(), fingerprint, bits))
    }

    /// What it may do now.
    fn allowed(&self) -> Flags {
        self.registered
            .map_or(Flags::NONE, |registered| registered.incoming)
    }

    /// What it may do afterwards. What the file does not say stays, unless what it says needs it.
    fn permissions(&self) -> Flags {
        let (allowed, wanted) = (self.allowed(), self.wanted);
        let impersonation = wanted.impersonation.unwrap_or(allowed.impersonation);
        let two_legged = impersonation || wanted.two_legged.unwrap_or(allowed.two_legged);
        let refused = wanted.two_legged == Some(false);
        Flags {
            three_legged: true,
            two_legged: two_legged && !refused,
            impersonation: impersonation && !refused,
        }
    }

    fn callback(&self) -> Option<String> {
        let found = self
            .registered
            .and_then(|registered| registered.callback.clone());
        match (&self.wanted.callback, found) {
            (Some(wanted), Some(found)) if same_url(wanted, &found) => Some(found),
            (Some(wanted), _) => Some(wanted.clone()),
            (None, found) => found,
        }
    }

    /// What is not as the state remembers it.
    fn drift(&self) -> Vec<Drift> {
        let Some(known) = self.known else {
            return Vec::new();
        };
        let drift = |field: &str, made: Value, found: Value| Drift {
            local: self.on.alias.clone(),
            remote: None,
            consumer: Some(self.wanted.name.clone()),
            field: field.to_owned(),
            made,
            found,
        };
        let Some(registered) = self.registered else {
            return vec![drift("consumer", json!(true), json!(false))];
        };
        let found = fields(registered);
        registration_values(known)
            .into_iter()
            .filter_map(|(field, made)| {
                let (_, found) = found.iter().find(|(name, _)| *name == field)?;
                (made != *found).then(|| drift(field, made, found.clone()))
            })
            .collect()
    }

    fn changes(&self, request: &ConsumerRequest) -> Vec<Change> {
        let drifted = self.drift();
        let change = |action, field: Option<&str>, from, to| Change {
            action,
            local: self.on.alias.clone(),
            remote: None,
            consumer: Some(self.wanted.name.clone()),
            drift: drifted
                .iter()
                .any(|one| one.field == field.unwrap_or("consumer")),
            field: field.map(str::to_owned),
            from,
            to,
        };
        let then = fields(&request.consumer);
        let Some(registered) = self.registered else {
            let mut to: Map<String, Value> = Map::new();
            to.insert("url".to_owned(), json!(request.url));
            to.extend(then.map(|(field, value)| (field.to_owned(), value)));
            return vec![change(Action::Create, None, Value::Null, Value::Object(to))];
        };
        let mut all: Vec<Change> = fields(registered)
            .into_iter()
            .zip(then)
            .filter(|((_, from), (_, to))| from != to)
            .map(|((field, from), (_, to))| change(Action::Change, Some(field), from, to))
            .collect();
        if all.is_empty() {
            // It may do too little, in a way that has no field of its own.
            let from = json!(registered.incoming.three_legged);
            all.push(change(
                Action::Change,
                Some("three_legged"),
                from,
                json!(true),
            ));
        }
        all
    }
}

fn placeholder_of(wanted: &DesiredConsumer) -> Result<BaseUrl> {
    placeholder(&slug(&wanted.name)).map_err(|error| {
        Error::usage(format!(
            "no address can be made from the name {:?}: {error}",
            wanted.name
        ))
        .hint("give one in the file: url")
    })
}

/// Its link: the one that applink made, the one with its name, the one at its address.
fn find<'a>(
    on: &'a ObservedApp,
    wanted: &DesiredConsumer,
    known: Option<ApplicationId>,
) -> Result<Option<&'a View>> {
    let generic = |view: &&View| view.record.type_id.is_generic() && !view.record.system;
    if let Some(view) = known.and_then(|id| on.records.get(&id)).filter(generic) {
        return Ok(Some(view));
    }
    let mut named = on
        .records
        .values()
        .filter(generic)
        .filter(|view| view.record.name == wanted.name);
    match (named.next(), named.next()) {
        (Some(view), None) => return Ok(Some(view)),
        (Some(_), Some(_)) => {
            return Err(Error::conflict(format!(
                "{} has several generic links called {:?}",
                on.alias, wanted.name
            )));
        }
        (None, _) => {}
    }
    let url = match &wanted.url {
        Some(url) => url.clone(),
        None => placeholder_of(wanted)?,
    };
    let Some(view) = on.records.get(&ApplicationId::of_url(&url)) else {
        return Ok(None);
    };
    // Its address and its key are more than a name, which an administrator may change.
    let has_key = wanted.url.is_some() && has_consumer(on, view.record.id, wanted.key.as_deref());
    if view.record.type_id.is_generic()
        && (has_key || matches_requested_name(&view.record.name, &wanted.name))
    {
        return Ok(Some(view));
    }
    Err(Error::conflict(format!(
        "the address of {:?} belongs to the link {:?} on {}",
        wanted.name, view.record.name, on.alias
    ))
    .hint("give this program an address of its own in the file: url"))
}

/// Whether a link has a consumer of that key.
fn has_consumer(on: &ObservedApp, id: ApplicationId, key: Option<&str>) -> bool {
    let kept = on.consumers.get(&id);
    key.is_some_and(|key| kept.is_some_and(|all| all.iter().any(|one| one.key == key)))
}

/// A consumer key that another link uses would silently be taken over.
fn refuse_taken(on: &ObservedApp, id: ApplicationId, key: &str) -> Result<()> {
    let taken = on
        .consumers
        .iter()
        .find(|(of, all)| **of != id && all.iter().any(|one| one.key == key));
    match taken {
        Some((of, _)) => {
            let view = on.records.get(of);
            Err(Error::conflict(format!(
                "the consumer key {key:?} belongs to the link {:?} on {}",
                view.map_or("", |view| view.record.name.as_str()),
                on.alias
            ))
            .hint("choose another one in the file: key"))
        }
        None => Ok(()),
    }
}

/// What the state remembers of a consumer, as a file says it.
fn registration_values(known: &KnownConsumer) -> [(&'static str, Value); 4] {
    [
        ("key", json!(known.key)),
        ("public_key", json!(format!("SHA256:{}", known.fingerprint))),
        ("two_legged", json!(known.two_legged)),
        ("impersonation", json!(known.impersonation)),
    ]
}

/// What a consumer is, as a file says it.
fn fields(consumer: &NewConsumer) -> [(&'static str, Value); 5] {
    [
        ("key", json!(consumer.key)),
        (
            "public_key",
            json!(format!("SHA256:{}", consumer.fingerprint)),
        ),
        ("callback", json!(consumer.callback)),
        ("two_legged", json!(consumer.incoming.two_legged)),
        ("impersonation", json!(consumer.incoming.impersonation)),
    ]
}
