//! What a person is told: which row is what, what was meant, and how a run ends on a terminal.

use std::time::Duration;

use applink_sandbox::{Fault, OAuthFlags};

use crate::commands::oauth2_client;
use crate::support::browser::registered;
use crate::support::env::Env;
use crate::support::terminal::{Terminal, lines};
use crate::support::worlds::{link, pair, writes};

#[test]
fn a_row_without_an_alias_has_its_name_at_80_columns() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::IMPERSONATION,
    );
    env.add_all();
    env.applink("create jira --consumer Jenkins --yes")
        .expect(0);
    let said = Terminal::start(&env, "list").ends(0);
    let said = lines(&said);
    let row = said.iter().find(|line| line.contains("\"Jenkins\""));
    assert!(row.is_some(), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("narrow")), "{said:?}");
    let shown = Terminal::start(&env, "app list").ends(0);
    assert!(
        shown.contains("USER") && !shown.contains("narrow"),
        "{shown}"
    );
}

#[test]
fn a_program_that_is_not_there_is_named_with_the_one_that_is() {
    let env = registered(|_| {});
    env.applink("create jira --consumer Jenkins --yes")
        .expect(0);
    let before = writes(&env.world).len();
    env.applink("delete jira --consumer jenkns --yes")
        .expect(0)
        .expect_says("nothing to do: jira has no program called \"jenkns\"")
        .expect_says("hint: did you mean \"Jenkins\"?");
    env.applink("key rotate jira --consumer Jenkin --yes")
        .expect(1)
        .expect_says("no program called \"Jenkin\" is registered on jira")
        .expect_says("hint: did you mean \"Jenkins\"?");
    let out = env.applink("authorize jira --consumer Jenkin").expect(1);
    out.expect_says("no program called \"Jenkin\" is registered on jira")
        .expect_says("hint: did you mean \"Jenkins\"?");
    assert_eq!(writes(&env.world).len(), before);
    let forgotten = env
        .applink("authorize jira --consumer Jenkins --forget")
        .expect(0);
    assert!(forgotten.says("no token of Jenkins for jira is kept here"));
    assert!(
        !forgotten.says("goes on taking it"),
        "{}",
        forgotten.shown()
    );
}

#[test]
fn a_client_that_is_not_there_is_named_with_the_one_that_is() {
    let env = oauth2_client::env();
    env.applink(oauth2_client::CREATE).expect(0);
    env.applink("delete jira --oauth2-client 'My CJ' --yes")
        .expect(0)
        .expect_says("nothing to do: jira has no OAuth 2.0 client called \"My CJ\"")
        .expect_says("hint: did you mean \"My CI\"?");
}

#[test]
fn what_runs_until_it_is_stopped_leaves_the_cursor_on_a_new_line() {
    let env = Env::new(pair());
    env.add_all();
    let mut terminal = Terminal::start(&env, "sandbox");
    terminal.sees("http://").sees("\n").interrupts();
    let said = terminal.ends(0);
    assert!(said.contains("^C\r\n"), "{said:?}");
}

#[test]
fn a_terminal_that_can_do_nothing_is_told_of_a_long_wait() {
    let env = Env::new(pair());
    env.add_all();
    env.world
        .app("wiki")
        .fault(Fault::delay(Duration::from_secs(4)).path("/manifest"));
    let said = Terminal::of(&env, "list wiki", 80, "dumb").ends(0);
    let told = said.matches("asking the applications").count();
    assert_eq!(told, 1, "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn a_list_on_a_terminal_that_can_do_nothing_has_a_default() {
    let env = Env::new(pair());
    env.add_all();
    let mut terminal = Terminal::of(&env, "app show", 80, "dumb");
    terminal.answers("Which application? [1-2, 1]", "");
    let said = terminal.ends(0);
    assert!(said.contains("alias       jira"), "{said}");
}
