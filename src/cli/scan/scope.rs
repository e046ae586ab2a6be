//! Which addresses `scan` takes for production.

use crate::domain::{BaseUrl, Destination, Pattern};
use crate::error::{Error, Result};
use crate::resolve::AppArg;

/// Where production is, and where its copies are.
pub(crate) struct Scope {
    pub(crate) from: Pattern,
    pub(crate) to: Option<Destination>,
}

impl Scope {
    /// Refuses what would lead to production, before anybody is asked anything.
    pub(crate) fn check(&self, apps: &[AppArg]) -> Result<()> {
        for app in apps {
            if let AppArg::Url(url) | AppArg::Named(_, url) = app {
                self.refuse_production(url.as_url().as_str(), url)?;
            }
        }
        let Some(to) = &self.to else { return Ok(()) };
        if let Some(to) = to.fixed()
            && self.from.matches(&to)
        {
            return Err(Error::usage(format!(
                "--to {to} is in {}: links would still lead to production",
                self.from
            )));
        }
        if to.has_star() && !self.from.has_one_star() {
            return Err(Error::usage(
                "a star in --to stands for the one star of --from, which has another number of them",
            ));
        }
        Ok(())
    }

    pub(crate) fn refuse_production(&self, who: &str, url: &BaseUrl) -> Result<()> {
        if self.from.matches(url) {
            return Err(Error::usage(format!(
                "{who} is production: {url} is in {}; nothing was asked of it",
                self.from
            ))
            .hint("name the copies, or narrow --from"));
        }
        Ok(())
    }
}
