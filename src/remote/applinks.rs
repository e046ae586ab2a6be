//! The calls that administer application links, in domain terms.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::failure::{CallError, Failure};
use super::limits::Priority;
use super::session::{Capabilities, Session};
use super::wire::{self, ListedRecord};
use crate::domain::{
    ApplicationId, BaseUrl, Directions, Flags, ProductStatus, Record, TypeId, View,
};

/// What is needed to create a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord<'a> {
    /// The peer's application id.
    pub id: ApplicationId,
    /// The name to show.
    pub name: &'a str,
    /// The peer's type.
    pub type_id: &'a TypeId,
    /// The application URL.
    pub rpc_url: &'a str,
    /// The display URL.
    pub display_url: &'a str,
    /// Whether it is to be the first choice of its type.
    pub primary: bool,
}

impl Session {
    /// What the plugin can do, asked once a run.
    pub async fn capabilities(&self) -> Result<Capabilities, CallError> {
        self.capabilities
            .get_or_try_init(|| async {
                // Plugins before 5.0.5 do not have this resource: the answer is the same as that
                // of one that has and cannot.
                let path = "/rest/applinks/3.0/capabilities";
                let named = |value: &Value, name: &str| {
                    let all = value.as_array();
                    all.is_some_and(|all| all.iter().any(|one| one == name))
                };
                let mut answer = self.anonymous(Method::GET, path).await;
                // A gate before a plugin that has it says nothing of the plugin.
                if let Err(CallError {
                    failure: Failure::Denied { .. },
                    ..
                }) = &answer
                    && self.manifest().await?.applinks_version.at_least([5, 0, 5])
                {
                    answer = match self.call(Method::GET, path, None).await {
                        Err(error) if matches!(error.failure, Failure::Denied { .. }) => {
                            return Err(error);
                        }
                        told => told,
                    };
                }
                let (status, migration) = match answer {
                    Ok(value) => (named(&value, "STATUS_API"), named(&value, "MIGRATION_API")),
                    Err(CallError {
                        failure: Failure::NotFound { .. } | Failure::Denied { .. },
                        ..
                    }) => (false, false),
                    // A page may be an old application's own or a proxy's. One whose version has
                    // the resource has not said it.
                    Err(CallError {
                        failure: Failure::Page { status: 404, .. },
                        ..
                    }) if !self.manifest().await?.applinks_version.at_least([5, 0, 5]) => {
                        (false, false)
                    }
                    Err(error) => return Err(error),
                };
                Ok(Capabilities { status, migration })
            })
            .await
            .copied()
    }

    /// All records of the application.
    pub async fn records(&self) -> Result<Vec<Record>, CallError> {
        self.overview().await.map(|(records, _)| records)
    }

    /// All records, as the application itself knows them: none of its peers is called for it.
    /// Needs `3.0/applinks`.
    pub async fn own_records(&self) -> Result<Vec<Record>, CallError> {
        self.administrator().await?;
        let path = "/rest/applinks/3.0/applinks";
        let value = self.call(Method::GET, path, None).await?;
        wire::records(&value).map_err(|detail| self.unreadable(&Method::GET, path, detail))
    }

    /// All records of the application, and their levels where the same answer tells them.
    pub async fn overview(&self) -> Result<(Vec<Record>, Option<Vec<ListedRecord>>), CallError> {
        self.administrator().await?;
        if self.capabilities().await?.status {
            match self.own_records().await {
                Ok(records) => return Ok((records, None)),
                Err(CallError {
                    failure: Failure::NotFound { .. },
                    ..
                }) => {}
                Err(error) => return Err(error),
            }
        }
        let listed = self.listed().await?;
        let records = listed.iter().map(|one| one.view.record.clone()).collect();
        Ok((records, Some(listed)))
    }

    /// All records with their levels, by the resource that old and new products have. It makes
    /// the application contact every peer, so it is the second choice.
    pub async fn listed(&self) -> Result<Vec<ListedRecord>, CallError> {
        let path = "/rest/applinks/1.0/listApplicationlinks";
        let value = match self.relayed(Method::GET, path, None).await {
            Ok(value) => value,
            Err(error) => return Err(self.resource_due(error).await),
        };
        wire::listed(&value).map_err(|detail| self.unreadable(&Method::GET, path, detail))
    }

    /// One record with its levels, if there is one.
    pub async fn view(&self, id: ApplicationId) -> Result<Option<View>, CallError> {
        self.administrator().await?;
        if !self.capabilities().await?.status {
            return Ok(self.old_view(id).await?.map(|one| one.view));
        }
        let mut pause = Duration::from_millis(50);
        loop {
            let (record, flags) = tokio::join!(self.record(id), self.flags(id));
            if let (Some(record), Some(flags)) = (record?, flags?) {
                return Ok(Some(View::new(record, flags)));
            }
            // That something is not there is what everything says that stands before an
            // application: the list has to say so too.
            if !self.records().await?.iter().any(|record| record.id == id) {
                return Ok(None);
            }
            // Two nodes of a cluster may say so for a moment.
            if pause > Duration::from_secs(1) {
                return Err(self.contradiction(id));
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// The failure of an application that lists a record and does not know it by its id.
    fn contradiction(&self, id: ApplicationId) -> CallError {
        let path = format!("/rest/applinks/3.0/applinks/{id}");
        let messages = vec!["the list of links names it".to_owned()];
        self.failed(&Method::GET, &path, Failure::NotFound { messages })
    }

    /// Fails where a record that the application does not know by its id is still in its list.
    pub async fn check_gone(&self, id: ApplicationId) -> Result<(), CallError> {
        if self.records().await?.iter().any(|record| record.id == id) {
            return Err(self.contradiction(id));
        }
        Ok(())
    }

    /// One record with its levels, on applications without `3.0/status`.
    pub async fn old_view(&self, id: ApplicationId) -> Result<Option<ListedRecord>, CallError> {
        let all = self.listed().await?;
        Ok(all.into_iter().find(|one| one.view.record.id == id))
    }

    async fn record(&self, id: ApplicationId) -> Result<Option<Record>, CallError> {
        let path = format!("/rest/applinks/3.0/applinks/{id}");
        let Some(value) = absent(self.call(Method::GET, &path, None).await)? else {
            return Ok(None);
        };
        wire::record(&value)
            .and_then(|record| {
                if record.id == id {
                    Ok(Some(record))
                } else {
                    Err("another link than the one that was asked for".to_owned())
                }
            })
            .map_err(|detail| self.unreadable(&Method::GET, &path, detail))
    }

    /// The OAuth switches of one record, if there is one. Needs `3.0/status`.
    pub async fn flags(&self, id: ApplicationId) -> Result<Option<Directions<Flags>>, CallError> {
        let path = format!("/rest/applinks/3.0/status/{id}/oauth");
        let value = absent(self.call(Method::GET, &path, None).await)?;
        self.directions(value, &path)
    }

    /// The same without the account: what the application tells its peer.
    pub async fn public_flags(
        &self,
        id: ApplicationId,
    ) -> Result<Option<Directions<Flags>>, CallError> {
        let path = format!("/rest/applinks/3.0/status/{id}/oauth");
        let value = absent(self.anonymous(Method::GET, &path).await)?;
        self.directions(value, &path)
    }

    fn directions(
        &self,
        value: Option<Value>,
        path: &str,
    ) -> Result<Option<Directions<Flags>>, CallError> {
        value
            .map(|value| {
                wire::directions(&value)
                    .map_err(|detail| self.unreadable(&Method::GET, path, detail))
            })
            .transpose()
    }

    /// The legacy providers of one record's outgoing direction.
    pub async fn outgoing_legacy(&self, id: ApplicationId) -> Result<bool, CallError> {
        let path = format!("/rest/applinks/3.0/applicationlink/{id}/authentication/provider");
        let value = self.call(Method::GET, &path, None).await?;
        Ok(wire::has_legacy(&wire::provider_classes(&value)))
    }

    /// What the application's own status says, if there is such a record. Needs `3.0/status`.
    pub async fn status(&self, id: ApplicationId) -> Result<Option<ProductStatus>, CallError> {
        self.status_with_priority(id, Priority::Normal).await
    }

    /// The same, where that much is to be hoped of the peer that the application asks first.
    pub async fn status_with_priority(
        &self,
        id: ApplicationId,
        hope: Priority,
    ) -> Result<Option<ProductStatus>, CallError> {
        let path = format!("/rest/applinks/3.0/status/{id}");
        let value = absent(self.relayed_with_priority(&path, hope).await)?;
        value
            .map(|value| {
                wire::status(&value).map_err(|detail| self.unreadable(&Method::GET, &path, detail))
            })
            .transpose()
    }

    /// Lets the application move a link from Trusted Applications and Basic to OAuth by itself, and
    /// end what was before. Needs `3.0/migration`.
    pub async fn migrate(&self, id: ApplicationId) -> Result<(), CallError> {
        let path = format!("/rest/applinks/3.0/migration/{id}");
        self.relayed(Method::POST, &path, None).await.map(drop)
    }

    /// Makes the application forget what it remembers of a peer's capabilities.
    pub async fn refresh(&self, id: ApplicationId) -> Result<(), CallError> {
        let path = format!("/rest/applinks/3.0/capabilities/remote/{id}?maxAge=0");
        self.relayed(Method::GET, &path, None).await.map(drop)
    }

    /// Creates a record; the application does not contact the peer for it.
    ///
    /// Gives the id that the application names as created: it decides on that id, and may choose
    /// another one than it was sent.
    pub async fn create(&self, new: &NewRecord<'_>) -> Result<Option<ApplicationId>, CallError> {
        let version = self.resource_version().await?;
        let path = format!("/rest/applinks/{version}/applicationlink");
        let body = json!({
            "id": new.id.to_string(),
            "name": new.name,
            "typeId": new.type_id.as_str(),
            "rpcUrl": new.rpc_url,
            "displayUrl": new.display_url,
            "isPrimary": new.primary,
        });
        let answer = self.call(Method::PUT, &path, Some(&body)).await?;
        Ok(wire::created_id(&answer))
    }

    /// Changes name and display URL of a record. What else the application says of it, known here
    /// or not, goes back as it came.
    pub async fn update(
        &self,
        record: &Record,
        name: &str,
        display_url: &str,
    ) -> Result<(), CallError> {
        let version = self.resource_version().await?;
        let path = format!("/rest/applinks/{version}/applicationlink/{}", record.id);
        let mut body = self.call(Method::GET, &path, None).await?;
        let Some(fields) = body.as_object_mut() else {
            return Err(self.unreadable(&Method::GET, &path, "a link was due".to_owned()));
        };
        fields.insert("name".to_owned(), json!(name));
        fields.insert("displayUrl".to_owned(), json!(display_url));
        // Made by the application for each answer, and not its own to keep.
        fields.remove("link");
        self.call(Method::POST, &path, Some(&body)).await.map(drop)
    }

    /// Makes a record the first choice of its type.
    pub async fn make_primary(&self, id: ApplicationId) -> Result<(), CallError> {
        let version = self.resource_version().await?;
        let path = format!("/rest/applinks/{version}/applicationlink/primary/{id}");
        self.call(Method::POST, &path, None).await.map(drop)
    }

    /// Sets the OAuth switches. The application fetches the peer's consumer for the incoming
    /// direction.
    pub async fn set_flags(
        &self,
        id: ApplicationId,
        from: Directions<Flags>,
        to: Directions<Flags>,
    ) -> Result<(), CallError> {
        let capabilities = self.capabilities().await?;
        if capabilities.status {
            let path = format!("/rest/applinks/3.0/status/{id}/oauth");
            let body = wire::directions_body(to);
            return self
                .relayed(Method::PUT, &path, Some(&body))
                .await
                .map(drop);
        }
        if to == Directions::both(Flags::NONE) {
            let path = format!("/plugins/servlet/applinks/auth/conf/oauth/autoconfig/{id}");
            return self.relayed(Method::DELETE, &path, None).await.map(drop);
        }
        let lowers = |from: Flags, to: Flags| {
            (from.three_legged && !to.three_legged)
                || (from.two_legged && !to.two_legged)
                || (from.impersonation && !to.impersonation)
        };
        if lowers(from.outgoing, to.outgoing)
            || (from.incoming != Flags::NONE && to.incoming == Flags::NONE)
        {
            let path = format!("/rest/applinks/2.0/applicationlink/{id}/authentication/provider");
            return Err(self.failed(
                &Method::PUT,
                &path,
                Failure::Declined {
                    status: 0,
                    messages: vec![
                        "this version has no call that lowers one direction; switch it off \
                         with --auth none first, or use its administration page"
                            .to_owned(),
                    ],
                },
            ));
        }
        let oauth_module = self.manifest().await?.applinks_version.at_least([5, 0, 0]);
        let outcome = self.set_flags_in_parts(id, from, to, oauth_module).await;
        if outcome.is_err() && from == Directions::both(Flags::NONE) {
            // What was set before the refusal is taken back at once; whether that worked is seen
            // when the record is read again.
            let path = format!("/plugins/servlet/applinks/auth/conf/oauth/autoconfig/{id}");
            let _ = self.relayed(Method::DELETE, &path, None).await;
        }
        outcome
    }

    /// The way of old plugins: one call for the incoming consumer, one for each provider.
    async fn set_flags_in_parts(
        &self,
        id: ApplicationId,
        from: Directions<Flags>,
        to: Directions<Flags>,
        oauth_module: bool,
    ) -> Result<(), CallError> {
        if to.incoming != from.incoming {
            let base = if oauth_module {
                "/rest/applinks-oauth/1.0"
            } else {
                "/rest/applinks/2.0"
            };
            let path =
                format!("{base}/applicationlink/{id}/authentication/consumer?autoConfigure=true");
            let body = json!({
                "twoLOAllowed": to.incoming.two_legged,
                "twoLOImpersonationAllowed": to.incoming.impersonation,
            });
            self.relayed(Method::PUT, &path, Some(&body)).await?;
        }
        let path = format!("/rest/applinks/2.0/applicationlink/{id}/authentication/provider");
        let wanted = [
            (
                wire::provider::THREE_LEGGED,
                from.outgoing.three_legged,
                to.outgoing.three_legged,
            ),
            (
                wire::provider::TWO_LEGGED,
                from.outgoing.two_legged,
                to.outgoing.two_legged,
            ),
            (
                wire::provider::IMPERSONATION,
                from.outgoing.impersonation,
                to.outgoing.impersonation,
            ),
        ];
        for (class, had, wants) in wanted {
            if wants && !had {
                let body = json!({ "provider": class, "config": {} });
                self.call(Method::PUT, &path, Some(&body)).await?;
            }
        }
        Ok(())
    }

    /// Changes the application URL, the way that checks what answers there. System
    /// administrators only.
    pub async fn relocate(
        &self,
        id: ApplicationId,
        new_url: &BaseUrl,
        force: bool,
    ) -> Result<(), CallError> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("newUrl", &new_url.to_string());
        query.append_pair("nowarning", if force { "true" } else { "false" });
        let path = format!(
            "/rest/applinks/1.0/relocateApplicationlink/{id}?{}",
            query.finish()
        );
        self.relayed(Method::POST, &path, None).await.map(drop)
    }

    /// Changes addresses and name at once, unchecked. Administrators suffice. Needs
    /// `3.0/applinks`.
    pub async fn rewrite(
        &self,
        record: &Record,
        rpc_url: &str,
        display_url: &str,
    ) -> Result<(), CallError> {
        let path = format!("/rest/applinks/3.0/applinks/{}", record.id);
        let body = json!({
            "name": record.name,
            "rpcUrl": rpc_url,
            "displayUrl": display_url,
            "primary": record.primary,
        });
        self.call(Method::PUT, &path, Some(&body)).await.map(drop)
    }

    /// Deletes a record on this side only. That there is none is an error: it is as good, when the
    /// list says so too.
    pub async fn delete(&self, id: ApplicationId) -> Result<(), CallError> {
        let version = self.resource_version().await?;
        let path = format!("/rest/applinks/{version}/applicationlink/{id}");
        self.call(Method::DELETE, &path, None).await.map(drop)
    }

    /// How many local projects or spaces have links into this peer; none where it is not told.
    pub async fn entity_links(&self, id: ApplicationId) -> Option<usize> {
        let path = format!("/rest/applinks/1.0/entitylink/localEntitiesWithLinksTo/{id}");
        let value = self.call(Method::GET, &path, None).await.ok()?;
        match &value {
            Value::Array(all) => Some(all.len()),
            Value::Object(map) => map.values().find_map(Value::as_array).map(Vec::len),
            _ => None,
        }
    }

    /// The version of the `applicationlink` resource to use: old plugins have no 3.0.
    async fn resource_version(&self) -> Result<&'static str, CallError> {
        Ok(if self.capabilities().await?.status {
            "3.0"
        } else {
            "2.0"
        })
    }
}

/// A missing thing is an answer, not a failure.
fn absent(outcome: Result<Value, CallError>) -> Result<Option<Value>, CallError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(CallError {
            failure: Failure::NotFound { .. },
            ..
        }) => Ok(None),
        Err(error) => Err(error),
    }
}
