//! One third-party program.

use serde_json::{Map, Value, json};

use super::super::NewConsumer;
use super::super::consumer::{Request, There, placeholder, plan as plan_one, slug};
use super::super::step::{is_numbered, same_url};
use super::{Action, Change, Estate, Part, Seen};
use crate::domain::{ApplicationId, Flags, View};
use crate::error::{Error, Result};
use crate::wanted::WantedConsumer;

/// Plans one program; `n` is its place in the file.
pub(super) fn plan(estate: &Estate, on: &Seen, n: usize, wanted: &WantedConsumer) -> Result<Part> {
    if !on.keeps_consumers {
        return Err(Error::refused(format!(
            "the application links of {} are too old: what a program may do cannot be set and taken back from outside",
            on.alias
        ))
        .hint("register it on the page \"Application links\" of that application, and take it out of the file"));
    }
    let key = (on.alias.clone(), wanted.name.clone());
    let known = estate.consumers.get(&key);
    let view = find(on, wanted, known.map(|known| known.id))?;
    let there = view.map(|view| There {
        view: view.clone(),
        consumer: on
            .consumers
            .get(&view.record.id)
            .and_then(|all| all.first().cloned()),
    });
    let now = there.as_ref().and_then(|there| there.consumer.clone());
    let url = match (&wanted.url, view) {
        (Some(url), None) => url.clone(),
        (wished, Some(view)) => {
            let found = view.record.application_url();
            if let (Some(wished), Some(found)) = (wished, &found)
                && wished != found
            {
                return Err(Error::conflict(format!(
                    "{:?} is registered on {} at {found}, and the file says {wished}",
                    wanted.name, on.alias
                ))
                .hint("the address of a program is not changed: delete it, and let the file make it anew"));
            }
            found
                .or_else(|| wished.clone())
                .map_or_else(|| made_up(wanted), Ok)?
        }
        (None, None) => made_up(wanted)?,
    };
    let consumer_key = wanted
        .key
        .clone()
        .or_else(|| now.as_ref().map(|now| now.key.clone()))
        .or_else(|| known.map(|known| known.key.clone()))
        .unwrap_or_else(|| slug(&wanted.name));
    let id = view.map_or_else(|| ApplicationId::of_url(&url), |view| view.record.id);
    if now.as_ref().is_none_or(|now| now.key != consumer_key) {
        refuse_taken(on, id, &consumer_key)?;
    }
    let (public_key, fingerprint, bits) = match (estate.keys.get(&n), &now) {
        (Some(key), _) => (key.base64.clone(), key.fingerprint.clone(), key.bits),
        (None, Some(now)) => {
            let bits = estate.bits.get(&now.fingerprint).copied();
            let bits = bits.or(known.map(|known| known.bits)).unwrap_or(0);
            (now.public_key.clone(), now.fingerprint.clone(), bits)
        }
        (None, None) => {
            return Err(Error::usage(format!(
                "{:?} on {} is not registered, and the file gives no public_key",
                wanted.name, on.alias
            ))
            .hint(format!(
                "to have a key pair made: applink create {} --consumer NAME",
                on.alias
            )));
        }
    };
    let allowed = now.as_ref().map_or(Flags::NONE, |now| now.incoming);
    let impersonation = wanted.impersonation.unwrap_or(allowed.impersonation);
    // What the file does not say is as it was, unless what it says needs it.
    let two_legged = impersonation || wanted.two_legged.unwrap_or(allowed.two_legged);
    let impersonation = impersonation && wanted.two_legged != Some(false);
    let two_legged = two_legged && wanted.two_legged != Some(false);
    let callback = match (
        &wanted.callback,
        now.as_ref().and_then(|now| now.callback.clone()),
    ) {
        (Some(wished), Some(found)) if same_url(wished, &found) => Some(found),
        (Some(wished), _) => Some(wished.clone()),
        (None, found) => found,
    };
    let request = Request {
        on: on.alias.clone(),
        name: wanted.name.clone(),
        url,
        consumer: NewConsumer {
            key: consumer_key,
            name: now
                .as_ref()
                .map_or_else(|| wanted.name.clone(), |now| now.name.clone()),
            public_key,
            fingerprint: fingerprint.clone(),
            callback,
            incoming: Flags {
                three_legged: true,
                two_legged,
                impersonation,
            },
        },
        bits,
        key_file: known
            .filter(|known| known.fingerprint == fingerprint)
            .and_then(|known| known.key_file.clone()),
        snippet: None,
    };
    let plan = plan_one(&request, there.as_ref())?;
    let changes = if plan.is_empty() {
        Vec::new()
    } else {
        changes(on, wanted, view.is_some(), now.as_ref(), &request)
    };
    Ok(Part {
        impersonates: impersonation && !allowed.impersonation,
        drift: Vec::new(),
        named: [on.alias.clone()].into(),
        changes,
        plan,
    })
}

fn made_up(wanted: &WantedConsumer) -> Result<crate::domain::BaseUrl> {
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
    on: &'a Seen,
    wanted: &WantedConsumer,
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
        None => made_up(wanted)?,
    };
    let Some(view) = on.records.get(&ApplicationId::of_url(&url)) else {
        return Ok(None);
    };
    // Its address and its key are more than a name, which an administrator may change.
    let has_key = wanted.url.is_some() && has_consumer(on, view.record.id, wanted.key.as_deref());
    if view.record.type_id.is_generic() && (has_key || is_numbered(&view.record.name, &wanted.name))
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
fn has_consumer(on: &Seen, id: ApplicationId, key: Option<&str>) -> bool {
    let kept = on.consumers.get(&id);
    key.is_some_and(|key| kept.is_some_and(|all| all.iter().any(|one| one.key == key)))
}

/// A consumer key that another link uses would silently be taken over.
fn refuse_taken(on: &Seen, id: ApplicationId, key: &str) -> Result<()> {
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

fn changes(
    on: &Seen,
    wanted: &WantedConsumer,
    exists: bool,
    now: Option<&NewConsumer>,
    request: &Request,
) -> Vec<Change> {
    let change = |action, field: Option<&str>, from, to| Change {
        action,
        local: on.alias.clone(),
        remote: None,
        consumer: Some(wanted.name.clone()),
        field: field.map(str::to_owned),
        from,
        to,
        drift: false,
    };
    let fields = |consumer: &NewConsumer| {
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
    };
    let then = fields(&request.consumer);
    let Some(now) = now.filter(|_| exists) else {
        let mut to: Map<String, Value> = Map::new();
        to.insert("url".to_owned(), json!(request.url));
        to.extend(then.map(|(field, value)| (field.to_owned(), value)));
        return vec![change(Action::Create, None, Value::Null, Value::Object(to))];
    };
    let mut all: Vec<Change> = fields(now)
        .into_iter()
        .zip(then)
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| change(Action::Change, Some(field), from, to))
        .collect();
    if all.is_empty() {
        // Allowed too little, in a way that has no field of its own.
        let from = json!(now.incoming.three_legged);
        all.push(change(
            Action::Change,
            Some("three_legged"),
            from,
            json!(true),
        ));
    }
    all
}
