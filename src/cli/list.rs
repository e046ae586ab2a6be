//! `applink list`

mod clients;
mod gather;
mod graph;
pub(crate) mod row;
mod table;

use crate::apply::abandon;
use crate::cli::list::row::Row;
use crate::context::{Context, Target};
use crate::domain::{Level, TypeId, nearest};
use crate::error::{Error, Result, worst_exit};
use crate::exit::Exit;
use crate::resolve::{AppArg, CloudSites, resolve};
use crate::ui::OutputFormat;
use crate::ui::graph::GraphFormat;

/// Show the links of applications, asked live
///
/// One row is one record: what one application keeps about another. An application that does not
/// answer is shown as such, and the others all the same. The programs that come in with OAuth 2.0
/// follow, where the account is a system administrator; a CSV has the records alone.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink list\n  \
    applink list jira wiki --one-way\n  \
    applink list --auth none -o json\n  \
    applink list -o csv > links.csv\n  \
    applink list --graph svg > links.svg\n  \
    applink list --graph dot | dot -Tpdf > links.pdf\n\n\
    In a graph, applications are boxes and links are lines with arrows in the direction of the calls;\n\
    what needs a look has a line of its own and says why: one-way, levels that differ at the two ends,\n\
    legacy authentication, deletes that are due, unfinished runs.")]
pub struct Args {
    /// Only records of these applications
    #[arg(add = crate::cli::complete::application())]
    apps: Vec<AppArg>,

    /// Only links to this type of application: jira, confluence, bitbucket and so on
    #[arg(long = "type", value_name = "TYPE")]
    type_id: Option<String>,

    /// Only links with this level in either direction
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    auth: Option<Level>,

    /// Only links whose application or display URL contains this text
    #[arg(long, value_name = "TEXT")]
    url: Option<String>,

    /// Only links without a record on the other side
    #[arg(long)]
    one_way: bool,

    /// Draw the links instead, in the language of Graphviz or Mermaid, or as a picture
    #[arg(long, value_name = "FORMAT", value_enum)]
    graph: Option<GraphFormat>,

    /// What was seen last, without asking anybody
    #[arg(long)]
    cached: bool,
}

fn level(text: &str) -> std::result::Result<Level, String> {
    [
        Level::None,
        Level::ThreeLegged,
        Level::OAuth,
        Level::Impersonation,
        Level::Legacy,
        Level::Unknown,
    ]
    .into_iter()
    .find(|level| level.as_str() == text)
    .ok_or_else(|| "one of none, three-legged, oauth, impersonation, legacy, unknown".to_owned())
}

/// Runs the command.
pub async fn run(args: Args, context: &Context) -> Result<Exit> {
    if args.graph.is_some() && context.ui.options().output != OutputFormat::Table {
        return Err(Error::usage("--graph has a form of its own")
            .hint("leave out -o and APPLINK_OUTPUT, or --graph"));
    }
    context.require_named_state()?;
    abandon::warn_abandoned(context);
    let named: Vec<&AppArg> = args.apps.iter().collect();
    let targets: Vec<Target> = if named.is_empty() {
        context.warn_no_apps();
        let mut known = context.all_known();
        known.retain(|target| !context.needs_no_account(target));
        known
    } else {
        resolve(context, &named, CloudSites::Refused)
            .await?
            .into_iter()
            .map(|one| one.target)
            .collect()
    };
    let (mut rows, mut clients, errors) = if args.cached {
        gather::cached(context, &targets)
    } else {
        gather::live(context, &targets, args.wants_clients(context)).await
    };
    gather::mark(context, &targets, &mut rows, &mut clients);
    clients.retain(|row| args.shows_client(context, row));
    clients.sort_by(|a, b| a.key().cmp(&b.key()));
    args.mention_type(context, &rows);
    rows.retain(|row| args.shows(row));
    rows.sort_by(|a, b| {
        (&a.local, &a.record.name, a.record.id).cmp(&(&b.local, &b.record.name, b.record.id))
    });
    match args.graph {
        Some(format) => {
            // With nothing left out, applications without links are shown too.
            let all = args.is_whole().then_some(targets.as_slice());
            graph::show(context, format, all.unwrap_or_default(), &rows, &errors);
        }
        None => table::show(context, &rows, &clients, &errors),
    }
    let all = || errors.iter().map(|(_, error)| error);
    let exit = worst_exit(all());
    context.ui.error_for_program(all(), exit);
    Ok(exit)
}

impl Args {
    /// An OAuth 2.0 client has neither type nor level nor another side; a CSV is one table, and a
    /// graph has no place for it.
    fn wants_clients(&self, context: &Context) -> bool {
        let is_csv = context.ui.options().output == OutputFormat::Csv;
        let filtered = self.type_id.is_some() || self.auth.is_some() || self.one_way;
        !filtered && !is_csv && self.graph.is_none()
    }

    fn shows_client(&self, context: &Context, row: &clients::ClientRow) -> bool {
        self.wants_clients(context) && self.url.as_deref().is_none_or(|text| row.has_url(text))
    }

    /// Whether no record is left out.
    fn is_whole(&self) -> bool {
        self.type_id.is_none() && self.auth.is_none() && self.url.is_none() && !self.one_way
    }

    /// Says that a type is none that there is: a plugin may bring any, a misspelt word is likelier.
    fn mention_type(&self, context: &Context, rows: &[Row]) {
        let Some(word) = self.type_id.as_deref() else {
            return;
        };
        let wanted = TypeId::from_input(word);
        if wanted.is_known() || rows.iter().any(|row| row.record.type_id == wanted) {
            return;
        }
        let meant = nearest(word, TypeId::words())
            .map(|meant| format!("; did you mean {meant}?"))
            .unwrap_or_default();
        context.ui.note(&format!(
            "no application here is of type {word:?}, and no product is{meant}"
        ));
    }

    fn shows(&self, row: &Row) -> bool {
        let by_type = self
            .type_id
            .as_deref()
            .is_none_or(|wanted| row.record.type_id == TypeId::from_input(wanted));
        let by_level = self
            .auth
            .is_none_or(|level| row.levels.incoming == level || row.levels.outgoing == level);
        let by_url = self.url.as_deref().is_none_or(|text| {
            row.record.display_url.contains(text)
                || row
                    .record
                    .rpc_url
                    .as_deref()
                    .is_some_and(|url| url.contains(text))
        });
        let by_way = !self.one_way || row.two_way == Some(false);
        by_type && by_level && by_url && by_way
    }
}
