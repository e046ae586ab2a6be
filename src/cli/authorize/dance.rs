//! The three-legged dance: a request token, a person in a browser, an access token.

use std::io;

use crate::cli::authorize::party::{ActingConsumer, CallbackArg};
use crate::context::Context;
use crate::domain::{BaseUrl, Manifest};
use crate::error::{Error, Kind, Result};
use crate::oauth::callback::{CALLBACK_TIMEOUT, CallbackListener};
use crate::oauth::dance::{
    AccessToken, DENIED, OUT_OF_BAND, RequestToken, authorize_url, typed_verifier,
};
use crate::remote::oauth::OauthError;
use crate::ui::output::AuthorizeOutput;

/// Where the verifier will come from.
enum Way {
    /// The browser brings it.
    Listener(CallbackListener),
    /// A person types it.
    Terminal,
    /// A program writes it to standard input.
    Line,
}

/// An access token, and the address at which it was approved.
pub(super) struct Granted {
    pub(super) access: AccessToken,
    pub(super) authorize_url: String,
}

/// Dances. The address for the user is shown before anything is waited for.
pub(super) async fn dance(context: &Context, party: &ActingConsumer<'_>) -> Result<Granted> {
    let way = way(context, party.args.callback).await?;
    let base = page_base(context, party, party.session.manifest().await?)?;
    let (request, way) = request_token(context, party, way).await?;
    let url = authorize_url(&base.to_string(), &request.token);
    announce(context, party, &url);
    let verifier = match way {
        Way::Listener(callback) => {
            let _wait = context
                .ui
                .waiting_at_most("waiting for the answer of your browser", CALLBACK_TIMEOUT);
            callback
                .verifier(&request.token, CALLBACK_TIMEOUT)
                .await
                .ok_or_else(|| {
                    Error::new(
                        Kind::Auth,
                        "nobody answered in the browser within five minutes",
                    )
                    .hint("is the browser on another machine? --callback oob shows a code to type")
                })?
        }
        Way::Terminal => {
            let typed = context.ui.ask_text(
                "The code that the page shows",
                None,
                "a line on standard input",
            )?;
            understood(&typed)?
        }
        Way::Line => understood(&read_line().await?)?,
    };
    if verifier == DENIED {
        return Err(denied(party));
    }
    // The request token ends with this: from here on the outcome is waited for.
    context
        .changing
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let access = party
        .session
        .access_token(party.consumer, &request, &verifier)
        .await
        .map_err(|error| match error {
            OauthError::Refused(refused) if refused.problem.is("permission_denied") => {
                denied(party)
            }
            error => party.error(error),
        })?;
    Ok(Granted {
        access,
        authorize_url: url,
    })
}

fn denied(party: &ActingConsumer<'_>) -> Error {
    Error::new(
        Kind::Auth,
        format!(
            "{} was not allowed to act for you on {}: the request was denied",
            party.args.consumer(),
            party.target.alias
        ),
    )
    .hint("to allow it, authorize again and answer with Allow")
}

/// Decides how the verifier comes back, before anything is asked: a token that nobody can approve
/// need not be made.
async fn way(context: &Context, wanted: CallbackArg) -> Result<Way> {
    let ui = &context.ui;
    let listens = match wanted {
        CallbackArg::Auto => ui.can_ask(),
        CallbackArg::Loopback => true,
        CallbackArg::Oob => false,
    };
    if listens {
        let opened = CallbackListener::open().await.map_err(|error| {
            Error::internal(format!("no port on 127.0.0.1 can be listened on: {error}"))
                .hint("--callback oob needs none")
        });
        return opened.map(Way::Listener);
    }
    typed(context)
}

fn typed(context: &Context) -> Result<Way> {
    if context.ui.can_ask() {
        Ok(Way::Terminal)
    } else if context.ui.terminal().stdin_tty {
        Err(
            Error::usage("cannot ask for the code that the page shows").hint(
                "write it to standard input, or let the browser bring it with --callback loopback",
            ),
        )
    } else {
        Ok(Way::Line)
    }
}

async fn request_token(
    context: &Context,
    party: &ActingConsumer<'_>,
    way: Way,
) -> Result<(RequestToken, Way)> {
    let ask = |callback: String| async move {
        party.session.request_token(party.consumer, &callback).await
    };
    if let Way::Listener(callback) = way {
        match ask(callback.url()).await {
            Ok(request) => return Ok((request, Way::Listener(callback))),
            Err(OauthError::Refused(refused)) if refused.problem.is("parameter_rejected") => {
                context.ui.note(&format!(
                    "{} does not take a callback on this machine: its page will show a code",
                    party.target.alias
                ));
                let way = typed(context)?;
                drop(callback);
                let request = ask(OUT_OF_BAND.to_owned()).await;
                return request
                    .map(|request| (request, way))
                    .map_err(|error| party.error(error));
            }
            Err(error) => return Err(party.error(error)),
        }
    }
    let request = ask(OUT_OF_BAND.to_owned()).await;
    request
        .map(|request| (request, way))
        .map_err(|error| party.error(error))
}

/// The base URL of the page: the recorded one. Where the application says that browsers reach it
/// elsewhere, that address is used only when it was shown and confirmed: a password will be typed
/// there.
fn page_base(
    context: &Context,
    party: &ActingConsumer<'_>,
    manifest: &Manifest,
) -> Result<BaseUrl> {
    let own = &party.target.entry.url;
    let shown = manifest.url.as_deref().map(BaseUrl::parse);
    let Some(Ok(shown)) = shown else {
        return Ok(own.clone());
    };
    if shown.origin() == own.origin() {
        return Ok(own.clone());
    }
    let ui = &context.ui;
    ui.note(&format!(
        "{} is asked at {own} and calls itself {shown}",
        party.target.alias
    ));
    let question = format!("Approve at {shown}, where browsers find it?");
    if (ui.can_ask() || ui.options().yes) && ui.confirm(&question, "--yes")? {
        return Ok(shown);
    }
    Ok(own.clone())
}

/// Shows the address: to people, to scripts as a JSON line of its own, and to a browser where
/// that was asked for.
fn announce(context: &Context, party: &ActingConsumer<'_>, url: &str) {
    let ui = &context.ui;
    if ui.is_json() {
        ui.json_line(&AuthorizeOutput {
            authorize_url: Some(url.to_owned()),
            ..AuthorizeOutput::new(party.args.consumer())
        });
    }
    ui.status(&format!(
        "to let {} act for you on {}, log in there and answer:",
        party.args.consumer(),
        party.target.alias
    ));
    ui.address(url);
    if party.args.open
        && let Err(error) = open::that_detached(url)
    {
        ui.warn(&format!("no browser can be opened: {error}"));
    }
}

fn understood(typed: &str) -> Result<String> {
    typed_verifier(typed).ok_or_else(|| {
        Error::usage("no code came on standard input")
            .hint("write the code that the page shows, or the address that the browser was sent to")
    })
}

/// A line of standard input; empty at its end.
async fn read_line() -> Result<String> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    read.await
        .map_err(|error| Error::internal(format!("standard input cannot be read: {error}")))?
        .map_err(|error| Error::usage(format!("standard input cannot be read: {error}")))
}
