//! What is not given is asked for on a terminal, and is wrong usage elsewhere.

use applink_sandbox::Role;
use rustix::termios::LocalModes;

use crate::support::env::Env;
use crate::support::prompts::{USER_PROMPT, admin_login, env_without_credentials};
use crate::support::terminal::Terminal;
use crate::support::worlds::{levels, same_level, writes};

const PLACE_OF_JIRA: &str = "Where is the secret of an administrator of jira?";
const PLACE_OF_WIKI: &str = "Where is the secret of an administrator of confluence?";
/// Answers everything about the first application.
fn first(env: &Env, terminal: &mut Terminal) {
    let (name, password) = admin_login(env, "jira");
    terminal
        .answers("The first application", &env.world.app("jira").url())
        .picks(PLACE_OF_JIRA, 0)
        .answers(USER_PROMPT, &name)
        .hides("Password of admin on jira", &password)
        .sees("admin is an administrator of jira");
}

#[test]
fn prompts_lead_to_a_link_between_two_unknown_applications() {
    let mut env = env_without_credentials();
    let (name, password) = admin_login(&env, "wiki");
    env.set("WIKI_PW", &password);
    let (jira_url, wiki_url) = (env.world.app("jira").url(), env.world.app("wiki").url());
    let mut terminal = Terminal::start(&env, "create");
    terminal
        // A closed port, then a page of the application.
        .answers("The first application", "http://127.0.0.1:9/jira")
        .sees("cannot be reached")
        .answers(
            "The first application",
            &format!("{jira_url}/secure/admin/ViewApplications.jspa"),
        )
        .sees("Jira 9.12.2 at")
        .picks(PLACE_OF_JIRA, 0)
        .answers(USER_PROMPT, "admin")
        .hides("Password of admin on jira", "wrong")
        .sees("applink explain BAD_CREDENTIALS")
        .picks(PLACE_OF_JIRA, 0)
        .answers(USER_PROMPT, "admin")
        .hides("Password of admin on jira", &admin_login(&env, "jira").1)
        .sees("admin is an administrator of jira")
        .answers("The second application", &jira_url)
        .sees("jira cannot be linked to itself")
        .answers("The second application", &format!("{wiki_url}/"))
        .sees("Confluence 8.5")
        .picks(PLACE_OF_WIKI, 1)
        .answers(USER_PROMPT, &name)
        .answers("Name of the variable", "NOT_SET")
        .sees("the variable NOT_SET is not set")
        .picks(PLACE_OF_WIKI, 1)
        .answers(USER_PROMPT, &name)
        .answers("Name of the variable", "WIKI_PW")
        .sees("admin is an administrator of confluence")
        .picks("What may they do on each other?", 0)
        .words("The same in one line: applink create jira=")
        .sees("--yes")
        .words("Without a terminal, what was typed comes from APPLINK_JIRA_USER and APPLINK_JIRA_PASSWORD.")
        .sees("This would be done:")
        .answers("Go ahead? [y/N]", "y")
        .sees("jira and confluence are linked")
        .sees("both ends work")
        .sees("applink verify jira confluence")
        .sees("applink list");
    terminal.ends(0);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(levels(wiki, jira), same_level("oauth"));
    let state = env.state();
    assert!(state.contains("credential = \"env:WIKI_PW\""), "{state}");
    assert!(state.contains("credential = \"prompt\""), "{state}");
    assert!(!state.contains(&password), "{state}");
    // What was found out once is not asked again.
    let mut terminal = Terminal::start(&env, "verify");
    terminal.hides("Password of admin on jira", &admin_login(&env, "jira").1);
    terminal.ends(0);
}

#[test]
fn without_a_remote_administrator_a_one_way_link_is_offered_and_completed_later() {
    let env = env_without_credentials();
    let jane = env.world.app("wiki").user(Role::User).clone();
    let mut terminal = Terminal::start(&env, "create");
    first(&env, &mut terminal);
    terminal
        .answers("The second application", &env.world.app("wiki").url())
        .picks(PLACE_OF_WIKI, 0)
        .answers(USER_PROMPT, &jane.name)
        .hides("Password of jane on confluence", &jane.password)
        .sees("applink explain NOT_ADMIN")
        .picks("Nobody who administers confluence?", 1)
        .answers("Go ahead? [y/N]", "y")
        .sees("jira has a one-way link to confluence")
        .sees("applink create jira confluence");
    terminal.ends(0);
    assert_eq!(writes(&env.world), ["PUT jira 201"]);

    let (name, password) = admin_login(&env, "wiki");
    let mut terminal = Terminal::start(&env, "create jira confluence");
    terminal
        .hides("Password of admin on jira", &admin_login(&env, "jira").1)
        .sees("User name on confluence")
        .answers("token:", &name)
        .hides("Password of admin on confluence", &password)
        .answers("Go ahead? [y/N]", "y")
        .sees("jira and confluence are linked");
    terminal.ends(0);
}

#[test]
fn ctrl_c_at_every_prompt_changes_nothing_and_restores_the_terminal() {
    let env = env_without_credentials();
    let (_, password) = admin_login(&env, "jira");
    for stop in 0..8 {
        let mut terminal = Terminal::start(&env, "create");
        let wiki = env.world.app("wiki").url();
        let steps: [&dyn Fn(&mut Terminal); 8] = [
            &|t| {
                t.sees("The first application");
            },
            &|t| {
                t.types(&env.world.app("jira").url())
                    .sees(PLACE_OF_JIRA)
                    .without(LocalModes::ICANON);
            },
            &|t| {
                t.picks("", 0).sees(USER_PROMPT);
            },
            &|t| {
                t.types("admin")
                    .sees("Password of admin")
                    .without(LocalModes::ECHO);
            },
            &|t| {
                t.types(&password).sees("The second application");
            },
            &|t| {
                t.types(&wiki)
                    .sees(PLACE_OF_WIKI)
                    .without(LocalModes::ICANON);
            },
            &|t| {
                let (name, password) = admin_login(&env, "wiki");
                t.picks("", 0)
                    .answers(USER_PROMPT, &name)
                    .hides("Password of admin", &password)
                    .sees("What may they do")
                    .without(LocalModes::ICANON);
            },
            &|t| {
                t.picks("", 0).sees("Go ahead? [y/N]");
            },
        ];
        for step in &steps[..=stop] {
            step(&mut terminal);
        }
        terminal.interrupts();
        terminal.ends(130);
        assert!(env.state().is_empty() && !env.has_journal(), "{stop}");
    }
    assert!(writes(&env.world).is_empty());
}

#[test]
fn end_of_input_ends_the_prompts() {
    let env = env_without_credentials();
    for stop in 0..3 {
        let mut terminal = Terminal::start(&env, "create");
        terminal.sees("The first application");
        if stop > 0 {
            terminal
                .types(&env.world.app("jira").url())
                .picks(PLACE_OF_JIRA, 0)
                .sees(USER_PROMPT);
        }
        if stop > 1 {
            terminal
                .types("admin")
                .sees("Password of admin on jira")
                .without(LocalModes::ECHO);
        }
        terminal
            .ends_input()
            .sees("interrupted; nothing was changed");
        terminal.ends(130);
    }
    assert!(env.state().is_empty());
}
