//! The conversations of the smaller commands, and of `create` on other terminals.

use applink_sandbox::OAuthFlags;

use crate::support::browser::{answer_page, env_with_consumer};
use crate::support::env::Env;
use crate::support::prompts::{USER_PROMPT, admin_login, env_without_credentials};
use crate::support::terminal::Terminal;
use crate::support::worlds::{link, pair, writes};

#[test]
fn authorize_offers_the_applications() {
    let env = env_with_consumer(|_| {});
    let mut terminal = Terminal::start(&env, "authorize --key-file ci.pem");
    terminal
        .picks("On which application?", 0)
        .answers("The name of the program (consumer)", "ci")
        .sees("log in there and answer:")
        .sees("oauth_token=");
    let token = terminal.next(32);
    answer_page(&env, &token, "approve");
    terminal.sees("jira takes ci for jane");
    terminal.ends(0);
}

#[test]
fn key_rotate_offers_the_known_consumers() {
    let mut env = Env::new(pair());
    env.add_all();
    env.applink("create jira --consumer Jenkins --two-legged")
        .expect(0);
    for number in ["", "-2"] {
        env.allow_secrets_in(env.path(&format!(
            "state/applink/applink.keys/jira-jenkins{number}.pem"
        )));
    }
    env.world.clear_requests();
    let to_the_question = |terminal: &mut Terminal| {
        terminal
            .picks("On which application?", 0)
            .picks("Which program?", 0)
            .sees("From then on jira refuses what \"Jenkins\" signs");
    };
    let mut terminal = Terminal::start(&env, "key rotate");
    to_the_question(&mut terminal);
    terminal
        .answers("Go ahead? [y/N]", "")
        .sees("not confirmed; nothing was changed");
    terminal.ends(1);
    assert!(writes(&env.world).is_empty());
    assert!(
        !env.path("state/applink/applink.keys/jira-jenkins-2.pem")
            .exists()
    );
    // Where nobody can be asked it has to be said.
    let out = env.applink("key rotate jira --consumer Jenkins").expect(2);
    assert!(out.says("answer it with --yes"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty());
    let mut terminal = Terminal::start(&env, "key rotate");
    to_the_question(&mut terminal);
    terminal
        .answers("Go ahead? [y/N]", "y")
        .sees("the key before is refused from now on");
    terminal.ends(0);
}

#[test]
fn key_commands_prompt_for_their_files() {
    let mut env = Env::new(pair());
    env.allow_secrets_in(env.path("work/new.pem"));
    let mut terminal = Terminal::start(&env, "key generate");
    terminal
        .answers("The new file of the private key", "new.pem")
        .sees("BEGIN PUBLIC KEY");
    terminal.ends(0);
    let mut terminal = Terminal::start(&env, "key show");
    terminal
        .answers("The key file", "new.pem")
        .sees("in this file");
    terminal.ends(0);
    let mut terminal = Terminal::start(&env, "key convert");
    terminal
        .answers("The key file", "new.pem")
        .picks("Which form?", 3)
        .sees("\"kty\"");
    terminal.ends(0);
}

#[test]
fn an_empty_password_names_other_credential_sources() {
    let env = Env::without_credentials(pair());
    env.add_all();
    let mut terminal = Terminal::start(&env, "list jira");
    terminal
        .answers("User name on jira", "admin")
        .hides("Password of admin on jira", "")
        .sees("--credential env:VAR");
    let said = terminal.ends(2);
    assert!(!said.contains("--no-input"), "{said}");
}

#[test]
fn plan_apply_and_scan_prompt_for_what_is_missing() {
    let env = Env::known();
    let file = env.path("links.toml");
    let text = env.applink("export").expect(0).stdout;
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    for (line, question) in [
        ("plan", "The file of links"),
        ("apply", "The file of links, or the kept plan"),
    ] {
        env.applink(line).expect(2).expect_says("required");
        let mut terminal = Terminal::start(&env, line);
        terminal.answers(question, &file);
        terminal.ends(0);
    }
    env.applink("scan").expect(2).expect_says("--from");
    let mut terminal = Terminal::start(&env, "scan");
    terminal
        .answers("Where is production", "a b")
        .answers("Where is production", "*.example.com")
        .sees("nothing points at *.example.com");
    terminal.ends(0);
}

#[test]
fn delete_offers_links_and_requires_the_name_to_be_typed() {
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
fn edit_offers_links_and_changes() {
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
fn app_add_prompts_for_url_alias_and_credentials() {
    let mut env = env_without_credentials();
    let (_, password) = admin_login(&env, "jira");
    let path = env.write_secret("pw", &password, 0o644);
    let mut terminal = Terminal::start(&env, "app add");
    terminal
        .answers("Its URL, or any page of it", &env.world.app("jira").url())
        .answers("Its short name here", "tracker")
        .picks("Where is the secret of an administrator of tracker?", 3)
        .answers(USER_PROMPT, "admin")
        .answers("Path of the file", "~/pw")
        .sees("can be read or written by others");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    terminal
        .picks("Where is the secret of an administrator of tracker?", 3)
        .answers(USER_PROMPT, "admin")
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
