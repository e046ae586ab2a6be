//! What is not given is asked for on a terminal, and is wrong usage elsewhere.

use applink_sandbox::{OAuthFlags, Role};
use rustix::termios::LocalModes;

use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{both, jira, levels, link, pair, wiki, world, writes};

const PLACE_OF_JIRA: &str = "Where is the secret of an administrator of jira?";
const PLACE_OF_WIKI: &str = "Where is the secret of an administrator of confluence?";
const USER: &str = "empty for a personal access token:";

fn nobody() -> Env {
    Env::without_credentials(pair())
}

fn admin(env: &Env, app: &str) -> (String, String) {
    let user = env.world.app(app).user(Role::SystemAdmin);
    (user.name.clone(), user.password.clone())
}

/// Answers everything about the first application.
fn first(env: &Env, terminal: &mut Terminal) {
    let (name, password) = admin(env, "jira");
    terminal
        .answers("The first application", &env.world.app("jira").url())
        .picks(PLACE_OF_JIRA, 0)
        .answers(USER, &name)
        .hides("Password of admin on jira", &password)
        .sees("admin is an administrator of jira");
}

#[test]
fn two_applications_are_linked_by_answering_questions() {
    let mut env = nobody();
    let (name, password) = admin(&env, "wiki");
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
        .answers(USER, "admin")
        .hides("Password of admin on jira", "wrong")
        .sees("applink explain BAD_CREDENTIALS")
        .picks(PLACE_OF_JIRA, 0)
        .answers(USER, "admin")
        .hides("Password of admin on jira", &admin(&env, "jira").1)
        .sees("admin is an administrator of jira")
        .answers("The second application", &jira_url)
        .sees("jira cannot be linked to itself")
        .answers("The second application", &format!("{wiki_url}/"))
        .sees("Confluence 8.5")
        .picks(PLACE_OF_WIKI, 1)
        .answers(USER, &name)
        .answers("Name of the variable", "NOT_SET")
        .sees("the variable NOT_SET is not set")
        .picks(PLACE_OF_WIKI, 1)
        .answers(USER, &name)
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
    assert_eq!(levels(jira, wiki), both("oauth"));
    assert_eq!(levels(wiki, jira), both("oauth"));
    let state = env.state();
    assert!(state.contains("credential = \"env:WIKI_PW\""), "{state}");
    assert!(state.contains("credential = \"prompt\""), "{state}");
    assert!(!state.contains(&password), "{state}");
    // What was found out once is not asked again.
    let mut terminal = Terminal::start(&env, "verify");
    terminal.hides("Password of admin on jira", &admin(&env, "jira").1);
    terminal.ends(0);
}

#[test]
fn without_an_administrator_there_a_one_way_link_is_offered_and_completed_later() {
    let env = nobody();
    let jane = env.world.app("wiki").user(Role::User).clone();
    let mut terminal = Terminal::start(&env, "create");
    first(&env, &mut terminal);
    terminal
        .answers("The second application", &env.world.app("wiki").url())
        .picks(PLACE_OF_WIKI, 0)
        .answers(USER, &jane.name)
        .hides("Password of jane on confluence", &jane.password)
        .sees("applink explain NOT_ADMIN")
        .picks("Nobody who administers confluence?", 1)
        .answers("Go ahead? [y/N]", "y")
        .sees("jira has a one-way link to confluence")
        .sees("applink create jira confluence");
    terminal.ends(0);
    assert_eq!(writes(&env.world), ["PUT jira 201"]);

    let (name, password) = admin(&env, "wiki");
    let mut terminal = Terminal::start(&env, "create jira confluence");
    terminal
        .hides("Password of admin on jira", &admin(&env, "jira").1)
        .sees("User name on confluence")
        .answers("token:", &name)
        .hides("Password of admin on confluence", &password)
        .answers("Go ahead? [y/N]", "y")
        .sees("jira and confluence are linked");
    terminal.ends(0);
}

#[test]
fn ctrl_c_at_every_question_changes_nothing_and_leaves_a_sane_terminal() {
    let env = nobody();
    let (_, password) = admin(&env, "jira");
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
                t.picks("", 0).sees(USER);
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
                let (name, password) = admin(&env, "wiki");
                t.picks("", 0)
                    .answers(USER, &name)
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
fn the_end_of_input_leaves_too() {
    let env = nobody();
    for stop in 0..3 {
        let mut terminal = Terminal::start(&env, "create");
        terminal.sees("The first application");
        if stop > 0 {
            terminal
                .types(&env.world.app("jira").url())
                .picks(PLACE_OF_JIRA, 0)
                .sees(USER);
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

#[test]
fn a_link_is_chosen_and_its_name_typed_before_it_goes() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    let to_the_name = |terminal: &mut Terminal| {
        terminal
            .picks("Which application keeps the link that is to go?", 0)
            .picks("Which link is to go?", 0)
            .sees("this cannot be taken back")
            .sees("Type jira to go on:");
    };
    let mut terminal = Terminal::start(&env, "delete");
    to_the_name(&mut terminal);
    terminal.interrupts();
    terminal.ends(130);
    let mut terminal = Terminal::start(&env, "delete");
    to_the_name(&mut terminal);
    terminal
        .types("wiki")
        .sees("not confirmed; nothing was changed");
    terminal.ends(1);
    assert!(writes(&env.world).is_empty());
    let mut terminal = Terminal::start(&env, "delete jira");
    terminal
        .picks("Which link is to go?", 0)
        .answers("Type jira to go on:", "jira")
        .sees("jira and wiki are no longer linked");
    terminal.ends(0);
}

#[test]
fn a_change_is_chosen() {
    let env = Env::new(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    let mut terminal = Terminal::start(&env, "edit");
    terminal
        .picks("Which application keeps the link that is to be changed?", 0)
        .picks("Which link is to be changed?", 0)
        .picks("What is to be changed?", 1)
        .answers("New name:", "Handbook")
        .answers("Go ahead? [y/N]", "y");
    terminal.ends(0);
    let name = jira.link(&wiki.id()).unwrap().name;
    assert_eq!(name, "Handbook");
}

#[test]
fn a_new_address_is_tried_before_anything_is_changed() {
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
fn an_application_is_added_by_answering() {
    let mut env = nobody();
    let (_, password) = admin(&env, "jira");
    let path = env.plant("pw", &password, 0o644);
    let mut terminal = Terminal::start(&env, "app add");
    terminal
        .answers("Its URL, or any page of it", &env.world.app("jira").url())
        .answers("Its short name here", "tracker")
        .picks("Where is the secret of an administrator of tracker?", 3)
        .answers(USER, "admin")
        .answers("Path of the file", "~/pw")
        .sees("can be read or written by others");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    terminal
        .picks("Where is the secret of an administrator of tracker?", 3)
        .answers(USER, "admin")
        .answers("Path of the file", "~/pw")
        .sees("admin is an administrator of tracker")
        .sees("tracker is known");
    terminal.ends(0);
    let mut terminal = Terminal::start(&env, "app show");
    terminal
        .picks("Which application?", 0)
        .sees("administrator");
    terminal.ends(0);
}

#[test]
fn where_nobody_can_be_asked_it_is_wrong_usage() {
    let env = Env::new(world([jira(), wiki()]));
    for (line, missing) in [
        ("create", "<LOCAL>"),
        ("create jira", "<REMOTE>"),
        ("relocate", "<APP>"),
        ("relocate jira", "<NEW_URL>"),
        ("delete", "<LOCAL>"),
        ("delete jira", "<REMOTE>"),
        ("edit", "<LOCAL>"),
        ("edit jira wiki", "--auth <LEVEL>"),
        ("authorize", "--consumer <NAME>"),
        ("app add", "<ALIAS>"),
        ("app add jira", "<URL>"),
        ("app show", "<ALIAS>"),
        ("app remove", "<ALIAS>"),
        ("key generate", "--key-file <FILE>"),
        ("key show", "<FILE>"),
        ("key convert", "--to <FORM>"),
    ] {
        let out = env.applink(line).expect(2);
        let command = line
            .split(' ')
            .take_while(|w| *w != "jira")
            .collect::<Vec<_>>();
        assert!(
            out.says("error: the following required arguments were not provided:")
                && out.says(missing)
                && out.says(&format!("see: applink {} --help", command.join(" "))),
            "{line}: {}",
            out.shown()
        );
        let error = env.applink(&format!("{line} -o json")).expect(2).error();
        assert_eq!(error["kind"], "usage", "{line}");
        assert!(
            error["message"].as_str().unwrap().contains(missing),
            "{error}"
        );
    }
    // On a terminal, too, where that is not wanted.
    let mut terminal = Terminal::start(&env, "create --no-input");
    terminal.sees("<LOCAL>");
    terminal.ends(2);
    let mut env = env;
    env.set("CI", "true");
    let mut terminal = Terminal::start(&env, "delete jira");
    terminal.sees("<REMOTE>");
    terminal.ends(2);
    assert!(writes(&env.world).is_empty());
}
