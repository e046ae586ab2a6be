//! The prompts of `applink relocate`.

use applink_sandbox::OAuthFlags;

use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{link, pair, writes};

#[test]
fn relocate_checks_the_new_url_before_it_asks_on() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    let mut terminal = Terminal::start(&env, "relocate");
    terminal
        .picks("Which application moved?", 1)
        .answers("Where does wiki answer now?", &jira.url())
        .sees("applink explain TYPE_MISMATCH")
        .answers("Where does wiki answer now?", "http://127.0.0.1:9")
        .picks("Nobody answers there now. What then?", 0)
        .sees("Where does wiki answer now?")
        .interrupts();
    terminal.ends(130);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn relocate_offers_the_known_applications_and_updates_their_records() {
    let env = Env::known();
    env.world.move_app("wiki", "/moved").unwrap();
    let new = env.world.app("wiki").url();
    let mut terminal = Terminal::start(&env, "relocate");
    terminal
        .picks("Which application moved?", 1)
        // A bare host gets its scheme.
        .answers("Where does wiki answer now?", "127.0.0.1:9")
        .sees("wiki (127.0.0.1:9) cannot be reached")
        .picks("Nobody answers there now.", 0)
        .answers("Where does wiki answer now?", &env.world.app("jira").url())
        .sees("applink explain TYPE_MISMATCH")
        .answers("Where does wiki answer now?", &new)
        .sees("This would be done:")
        .sees("From now on applink sends the administrator's secret for wiki to")
        .answers("Go ahead? [y/N]", "y")
        .sees("the links of wiki lead to");
    terminal.ends(0);
    assert!(env.state().contains(&new));
    env.applink("verify").expect(0);
}

#[test]
fn relocate_offers_to_continue_when_the_new_url_does_not_respond() {
    let env = Env::known();
    let mut terminal = Terminal::start(&env, "relocate wiki");
    terminal
        .answers("Where does wiki answer now?", "http://127.0.0.1:9")
        .picks("Nobody answers there now. What then?", 1)
        .sees("as --force says")
        .answers("Go ahead? [y/N]", "n")
        .sees("not confirmed; nothing was changed");
    terminal.ends(1);
    assert!(writes(&env.world).is_empty());
}
