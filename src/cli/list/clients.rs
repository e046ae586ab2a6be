//! The programs that come in with OAuth 2.0, shown beside the links.

use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, Client, Code};
use crate::remote::product::product;
use crate::remote::{CallError, Failure, Session};
use crate::ui::output::RegistrationOutput;
use crate::ui::{Cell, Column, Table};

/// What an application says of its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListedClients {
    /// These.
    Told(Vec<Client>),
    /// Nothing: it has no such thing.
    None,
    /// Only a system administrator may know.
    Hidden,
    /// It could not be found out, and why.
    Failed(String),
}

/// One row.
pub(super) struct ClientRow {
    pub(super) local: Alias,
    client: Client,
    secret_file: Option<String>,
    pub(super) unfinished: bool,
}

impl ClientRow {
    /// A row, with what the state knows of it.
    pub(super) fn new(context: &Context, local: &Alias, client: Client) -> Self {
        let secret_file = context
            .state
            .state()
            .oauth2_client(local, &client.terms.name)
            .filter(|known| known.client_id == client.client_id)
            .and_then(|known| known.secret_file.as_ref())
            .map(|file| context.store.paths().resolve(file).display().to_string());
        Self {
            local: local.clone(),
            client,
            secret_file,
            unfinished: false,
        }
    }

    /// The order of the rows.
    pub(super) fn key(&self) -> (&Alias, &str, &str) {
        (&self.local, &self.client.terms.name, &self.client.client_id)
    }

    /// What a plan calls it.
    pub(super) fn id(&self) -> ApplicationId {
        ApplicationId::of_client(&self.client.terms.name)
    }

    /// Whether a text is in one of its addresses.
    pub(super) fn has_url(&self, text: &str) -> bool {
        let uris = &self.client.terms.redirects;
        uris.iter().any(|uri| uri.contains(text))
    }

    pub(super) fn output(&self) -> RegistrationOutput {
        let terms = &self.client.terms;
        RegistrationOutput {
            local: self.local.clone(),
            name: terms.name.clone(),
            client_id: self.client.client_id.clone(),
            redirect_uris: terms.redirects.clone(),
            scope: terms.scope.clone(),
            secret_file: self.secret_file.clone(),
            state: if self.unfinished {
                "unfinished"
            } else {
                "active"
            },
        }
    }
}

/// Asks where the product is known to have clients and the account is an administrator. That it
/// may not see them spoils nothing.
pub(super) async fn ask(context: &Context, target: &Target, session: &Session) -> ListedClients {
    if product(&target.entry.type_id).oauth2.is_none() || session.administrator().await.is_err() {
        return ListedClients::None;
    }
    match session.oauth2_clients().await {
        Ok(all) => {
            let known = |told: &crate::remote::oauth2::ClientWithSecret| {
                if let Some(secret) = &told.secret {
                    context.mask(secret);
                }
            };
            ListedClients::Told(
                all.into_iter()
                    .inspect(known)
                    .map(|told| told.client)
                    .collect(),
            )
        }
        Err(error) => refused(error),
    }
}

fn refused(error: CallError) -> ListedClients {
    match &error.failure {
        Failure::NotFound { .. }
        | Failure::Page {
            status: 404,
            login: false,
            ..
        }
        // It wants an address with https, and has none.
        | Failure::Declined { status: 403, .. } => ListedClients::None,
        Failure::Denied {
            code: Code::NotSystemAdmin | Code::WebsudoRequired,
            ..
        } => ListedClients::Hidden,
        _ => ListedClients::Failed(crate::error::Error::from(error).message),
    }
}

/// What is not shown, and why: no error, since the links are.
pub(super) fn mention(context: &Context, all: &[(&Alias, &ListedClients)]) {
    let hidden: Vec<&str> = all
        .iter()
        .filter(|(_, clients)| **clients == ListedClients::Hidden)
        .map(|(alias, _)| alias.as_str())
        .collect();
    if !hidden.is_empty() {
        context.ui.note(&format!(
            "the OAuth 2.0 clients of {} are not shown: a system administrator sees them",
            hidden.join(", ")
        ));
    }
    for (alias, clients) in all {
        if let ListedClients::Failed(why) = clients {
            context.ui.note(&format!(
                "the OAuth 2.0 clients of {alias} are not shown: {why}"
            ));
        }
    }
}

/// The section of a table; nothing where there are none.
pub(super) fn show(context: &Context, rows: &[ClientRow]) {
    if rows.is_empty() {
        return;
    }
    let mut table = Table::new([
        Column::new("local"),
        Column::new("oauth 2.0 client"),
        Column::new("client id").extra(1),
        Column::new("scope"),
        Column::new("redirect uris").extra(2),
        Column::new("secret").extra(3),
    ]);
    for row in rows {
        table.push([
            Cell::new(row.local.as_str()),
            Cell::new(row.client.terms.name.as_str()),
            Cell::new(row.client.client_id.as_str()),
            Cell::new(row.client.terms.scope.as_str()),
            Cell::new(row.client.terms.redirects.join(" ")),
            row.secret_file
                .as_deref()
                .map_or_else(Cell::missing, Cell::new),
        ]);
    }
    context.ui.result("");
    context.ui.table(&table);
}
