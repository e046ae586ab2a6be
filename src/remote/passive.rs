//! Reads that make the application call none of its peers. Old plugins do not tell everything that
//! way.

use reqwest::Method;
use serde_json::Value;

use super::failure::CallError;
use super::session::Session;
use super::wire;
use crate::domain::{ApplicationId, Directions, Flags, Record, View};

/// A record with what is switched on for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassiveSwitches {
    /// The OAuth switches.
    pub flags: Directions<Flags>,
    /// Whether Trusted Applications or Basic go out. What comes in by them is not told.
    pub legacy: bool,
}

impl Session {
    /// All records.
    pub async fn passive_records(&self) -> Result<Vec<Record>, CallError> {
        self.administrator().await?;
        if self.capabilities().await?.status {
            return self.own_records().await;
        }
        let path = "/rest/applinks/2.0/applicationlink";
        let value = self.call(Method::GET, path, None).await?;
        let list = value.get("applicationLinks").unwrap_or(&Value::Null);
        wire::records(list).map_err(|detail| self.unreadable(&Method::GET, path, detail))
    }

    /// What is switched on for one record, on applications without `3.0/status`.
    pub async fn passive_switches(&self, id: ApplicationId) -> Result<PassiveSwitches, CallError> {
        let path = format!("/rest/applinks/2.0/applicationlink/{id}/authentication/provider");
        let (providers, consumers) = tokio::join!(
            self.call(Method::GET, &path, None),
            self.consumer_values(id)
        );
        let classes = wire::provider_classes(&providers?);
        Ok(PassiveSwitches {
            flags: Directions {
                incoming: consumers?
                    .iter()
                    .map(let_in)
                    .find(|flags| *flags != Flags::NONE)
                    .unwrap_or(Flags::NONE),
                outgoing: wire::provider_flags(&classes),
            },
            legacy: wire::has_legacy(&classes),
        })
    }

    /// One record with its OAuth switches, if there is one.
    pub async fn passive_view(&self, id: ApplicationId) -> Result<Option<View>, CallError> {
        if self.capabilities().await?.status {
            return self.view(id).await;
        }
        let records = self.passive_records().await?;
        let Some(record) = records.into_iter().find(|record| record.id == id) else {
            return Ok(None);
        };
        let switches = self.passive_switches(id).await?;
        Ok(Some(View::new(record, switches.flags)))
    }
}

/// What a consumer may do; outgoing ones are of another kind.
fn let_in(consumer: &Value) -> Flags {
    let is = |field: &str| consumer.get(field).and_then(Value::as_bool) == Some(true);
    if is("outgoing") {
        return Flags::NONE;
    }
    Flags {
        three_legged: true,
        two_legged: is("twoLOAllowed"),
        impersonation: is("twoLOImpersonationAllowed"),
    }
}
