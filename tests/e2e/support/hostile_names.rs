//! Names with escape sequences for terminals and spreadsheets.

use applink_sandbox::OAuthFlags;

use crate::support::env::Env;
use crate::support::worlds::{link, pair};

/// A title, a cleared screen, a link, the clipboard, an 8-bit control, a line of its own, other
/// directions and what cannot be seen; and what is special to shells, spreadsheets and HTML.
pub(crate) const HOSTILE: &str = "=cmd|'/c calc'!A1\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}]8;;http://x\u{1b}\\\
    \u{1b}]52;c;cm0=\u{7}\u{9b}31m\r\nerror: all is well\u{8}\u{7f}\u{202e}\u{2066}\u{200b}\u{e0041}\
    $(touch pwned)`touch pwned`\"'\\<script>alert(1)</script>]]>|[x](http://x)\n# heading";

pub(crate) fn env_with_hostile_names() -> Env {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira").clone(), env.world.app("wiki").clone());
    link(&jira, &wiki, OAuthFlags::OAUTH);
    for (on, of) in [(&jira, &wiki), (&wiki, &jira)] {
        on.edit_link(&of.id(), |link| HOSTILE.clone_into(&mut link.name));
        on.configure(|settings| HOSTILE.clone_into(&mut settings.display_name));
    }
    env
}
