//! The main path of the program: parse, prepare what the command may use, run it, and map the
//! outcome to an exit code.

use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::command::{Cli, Command, command};
use crate::cli::parse::{check, parse, report_parse_error, without_secrets};
#[cfg(feature = "sandbox")]
use crate::cli::sandbox;
use crate::cli::{
    app, apply, authorize, complete, completions, create, delete, edit, explain, export, global,
    key, list, man, migrate, panics, plan, relocate, repair, resume, scan, synonyms, verify,
};
use crate::context::{Context, Settings};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::plan::execute::Stop;
use crate::ui::{TerminalInfo, Ui};

type ExitResult = Result<Exit>;
type Work<'a> = Pin<Box<dyn Future<Output = ExitResult> + 'a>>;

/// A command as a value: what it may use, and how it ends when the user stops it.
enum Task {
    /// Needs no state and no network, and is answered at once.
    Offline(Box<dyn FnOnce(&Ui) -> ExitResult>),
    /// Needs no state; may read and write files, or serve.
    Stateless(Box<dyn for<'a> FnOnce(&'a Services) -> Work<'a>>),
    /// Reads applications and the state. It is dropped at once when the user stops it.
    ReadOnly(Box<dyn for<'a> FnOnce(&'a Context) -> Work<'a>>),
    /// Reads applications until the user stops it, which it sees to by itself.
    Watching(Box<dyn for<'a> FnOnce(&'a Context) -> Work<'a>>),
    /// May change applications or the state. It is dropped only as long as it reads.
    Changing(Box<dyn for<'a> FnOnce(&'a mut Context) -> Work<'a>>),
}

/// What every command has that needs no state.
struct Services {
    ui: Ui,
    stop: Stop,
    changing: Arc<AtomicBool>,
    dry_run: bool,
}

impl Task {
    fn offline(work: impl FnOnce(&Ui) -> ExitResult + 'static) -> Self {
        Self::Offline(Box::new(work))
    }

    fn stateless(work: impl for<'a> FnOnce(&'a Services) -> Work<'a> + 'static) -> Self {
        Self::Stateless(Box::new(work))
    }

    fn read_only(work: impl for<'a> FnOnce(&'a Context) -> Work<'a> + 'static) -> Self {
        Self::ReadOnly(Box::new(work))
    }

    fn watching(work: impl for<'a> FnOnce(&'a Context) -> Work<'a> + 'static) -> Self {
        Self::Watching(Box::new(work))
    }

    fn changing(work: impl for<'a> FnOnce(&'a mut Context) -> Work<'a> + 'static) -> Self {
        Self::Changing(Box::new(work))
    }

    /// What a command is: the one place that says so.
    fn of(command: Command) -> Self {
        match command {
            Command::Explain(args) => Self::offline(move |ui| explain::run(&args, ui)),
            Command::Completions(args) => {
                Self::offline(move |ui| completions::run(&args, ui, self::command()))
            }
            Command::Man(args) => Self::offline(move |ui| man::run(&args, ui, self::command())),
            #[cfg(feature = "sandbox")]
            Command::Sandbox(args) => Self::stateless(move |session| {
                let stop = session.stop.clone();
                Box::pin(async move { sandbox::run(&args, &session.ui, stop).await })
            }),
            // A key is nothing of the state's, and must not fail with it.
            Command::Key(args) if !args.needs_state() => Self::stateless(move |session| {
                let work = key::run(args, &session.ui, session.dry_run, &session.changing);
                Box::pin(or_stopped(work, &session.stop))
            }),
            Command::List(args) => Self::read_only(move |cx| Box::pin(list::run(args, cx))),
            Command::Plan(args) => Self::read_only(move |cx| Box::pin(plan::run(args, cx))),
            Command::Export(args) => Self::read_only(move |cx| Box::pin(export::run(args, cx))),
            Command::Verify(args) => Self::watching(move |cx| Box::pin(verify::run(args, cx))),
            Command::Create(args) => Self::changing(move |cx| Box::pin(create::run(*args, cx))),
            Command::Relocate(args) => Self::changing(move |cx| Box::pin(relocate::run(*args, cx))),
            Command::Delete(args) => Self::changing(move |cx| Box::pin(delete::run(args, cx))),
            Command::Edit(args) => Self::changing(move |cx| Box::pin(edit::run(*args, cx))),
            Command::Repair(args) => Self::changing(move |cx| Box::pin(repair::run(args, cx))),
            Command::Migrate(args) => Self::changing(move |cx| Box::pin(migrate::run(args, cx))),
            Command::Scan(args) => Self::changing(move |cx| Box::pin(scan::run(args, cx))),
            Command::Resume(args) => Self::changing(move |cx| Box::pin(resume::run(args, cx))),
            Command::Apply(args) => Self::changing(move |cx| Box::pin(apply::run(args, cx))),
            Command::App(args) => Self::changing(move |cx| Box::pin(app::run(args, cx))),
            Command::Authorize(args) => {
                Self::changing(move |cx| Box::pin(authorize::run(args, cx)))
            }
            Command::Key(args) => Self::changing(move |cx| Box::pin(key::run_with_state(args, cx))),
        }
    }

    /// Runs the command, with a state where it needs one.
    async fn run(self, session: Services, settings: Settings) -> ExitResult {
        let ready = |session: &Services| {
            let mut context = Context::new(session.ui.clone(), settings, session.stop.clone())?;
            context.changing = Arc::clone(&session.changing);
            Ok::<_, Error>(context)
        };
        match self {
            Self::Offline(work) => work(&session.ui),
            Self::Stateless(work) => work(&session).await,
            Self::ReadOnly(work) => {
                let context = ready(&session)?;
                let outcome = with_wait(&context, or_stopped(work(&context), &session.stop)).await;
                warn_insecure(&context);
                outcome
            }
            Self::Watching(work) => {
                let context = ready(&session)?;
                let outcome = with_wait(&context, work(&context)).await;
                warn_insecure(&context);
                outcome
            }
            Self::Changing(work) => {
                let mut context = ready(&session)?;
                // Whatever takes long, and has no words of its own, is at least somebody's.
                let wait = context.ui.waiting("");
                let outcome = or_dropped(work(&mut context), &session).await;
                drop(wait);
                warn_insecure(&context);
                outcome
            }
        }
    }
}

/// Whatever takes long, and has no words of its own, is at least somebody's.
async fn with_wait(context: &Context, work: impl Future<Output = ExitResult>) -> ExitResult {
    let _wait = context.ui.waiting("");
    work.await
}

fn warn_insecure(context: &Context) {
    for host in context.transport.insecure_hosts() {
        context.ui.warn(&format!(
            "--insecure: the certificate of {host} was not checked"
        ));
    }
}

/// The program: parse, run, and map the outcome to an exit code.
pub fn main() -> ExitCode {
    if let Some(answered) = complete::answer(command) {
        return answered;
    }
    panics::capture();
    let (cli, terminal) = (parse(std::env::args_os()), TerminalInfo::gather());
    match cli {
        Ok(cli) => {
            let ui = Ui::new(cli.ui_options(), terminal);
            let exit = run_to_end(cli, &ui);
            crate::credentials::end_programs();
            exit.into()
        }
        Err(error) => {
            let ui = Ui::new(global::options_before_parsing(), terminal);
            report_parse_error(&synonyms::with_synonym(without_secrets(error)), &ui).into()
        }
    }
}

/// Runs a command line with the given streams, in a runtime of its own, and tells how it ended.
pub fn run_to_end(cli: Cli, ui: &Ui) -> Exit {
    let changing = Arc::default();
    let outcome = panics::caught(
        || run(cli, ui, &changing),
        || changing.load(Ordering::SeqCst),
    );
    let exit = match outcome.flatten() {
        Ok(exit) => exit,
        Err(error) => {
            ui.error(&error);
            error.exit()
        }
    };
    match ui.finish() {
        Ok(()) => exit,
        Err(error) => {
            // What was changed is changed, although nobody could be told.
            let kind = if changing.load(Ordering::SeqCst) {
                Kind::Partial
            } else {
                Kind::Refused
            };
            let text = format!("the result could not be written: {error}");
            ui.error(&Error::new(kind, text));
            if exit == Exit::Ok { kind.exit() } else { exit }
        }
    }
}

fn run(cli: Cli, ui: &Ui, changing: &Arc<AtomicBool>) -> ExitResult {
    if let Err(error) = check(&cli.command, ui) {
        return Ok(report_parse_error(&error, ui));
    }
    let writes_csv = matches!(cli.command, Command::List(_));
    let task = match Task::of(cli.command) {
        Task::Offline(work) => return work(ui),
        task => task,
    };
    if cli.global.wants_csv() && !writes_csv {
        return Err(Error::usage("only `list` can write csv").hint("use -o json"));
    }
    crate::credentials::no_core_dumps();
    let settings = cli.global.settings()?;
    cli.global.start_log(ui)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| {
            Error::new(
                Kind::Internal,
                format!("no runtime can be started: {error}"),
            )
        })?;
    let outcome = runtime.block_on(async {
        let session = Services {
            stop: interrupt::listen(ui, changing),
            ui: ui.clone(),
            changing: Arc::clone(changing),
            dry_run: settings.dry_run,
        };
        task.run(session, settings).await
    });
    // A program that is asked for a secret, or a name that is looked up, may still hang: nothing
    // that matters waits for it.
    runtime.shutdown_background();
    outcome
}

/// What may change something is dropped only as long as it reads; then it ends by itself.
async fn or_dropped(mut work: Work<'_>, session: &Services) -> ExitResult {
    let changing = || session.changing.load(Ordering::SeqCst);
    tokio::select! {
        outcome = &mut work => if changing() {
            outcome
        } else {
            interrupt::or_stopped(outcome, &session.stop)
        },
        exit = interrupt::wished(&session.stop) => if changing() {
            work.await
        } else {
            Err(interrupt::error(exit))
        },
    }
}

/// What only reads is dropped at once when the user wishes to stop.
async fn or_stopped(work: impl Future<Output = Result<Exit>>, stop: &Stop) -> Result<Exit> {
    tokio::select! {
        outcome = work => interrupt::or_stopped(outcome, stop),
        exit = interrupt::wished(stop) => Err(interrupt::error(exit)),
    }
}
