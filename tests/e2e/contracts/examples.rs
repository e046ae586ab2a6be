//! The scripts of `examples/`, run as they are written.

use applink_sandbox::OAuthFlags;

use crate::support::env::Env;
use crate::support::worlds::pair;

fn linked() -> Env {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env
}

#[test]
fn the_nightly_script_alerts_on_a_broken_link() {
    let mut env = linked();
    env.set("ALERT", "cat > alert.txt");
    let out = env.script("sh", "examples/nightly-verify.sh", &[]);
    assert_eq!(
        (out.code, out.stdout.as_str()),
        (0, ""),
        "{}",
        out.transcript()
    );
    assert!(!env.path("work/alert.txt").exists());

    let id = env.world.app("wiki").id();
    env.world
        .app("jira")
        .set_outgoing(&id, OAuthFlags::IMPERSONATION);
    let out = env.script("sh", "examples/nightly-verify.sh", &[]);
    assert_eq!(out.code, 6, "{}", out.transcript());
    let alert = std::fs::read_to_string(env.path("work/alert.txt")).unwrap();
    assert!(
        alert.starts_with("an application link is broken\n"),
        "{alert}"
    );
    assert!(alert.contains("AUTH_LEVEL_MISMATCH"), "{alert}");
    assert!(alert.contains("applink verify"), "{alert}");
    assert!(env.path("work/application-links.html").exists());

    env.world.app("wiki").stop();
    let out = env.script("sh", "examples/nightly-verify.sh", &[]);
    assert_eq!(out.code, 5, "{}", out.transcript());
}

/// A state that is gone, and one without a link: nobody is told that all is well.
#[test]
fn the_nightly_script_alerts_when_nothing_was_verified() {
    let mut env = Env::new(pair());
    env.set("ALERT", "cat > alert.txt");
    for _ in 0..2 {
        let out = env.script("sh", "examples/nightly-verify.sh", &[]);
        assert_eq!(out.code, 2, "{}", out.transcript());
        let alert = std::fs::read_to_string(env.path("work/alert.txt")).unwrap();
        assert!(
            alert.starts_with("application links: nothing was verified\n"),
            "{alert}"
        );
        assert!(alert.contains("APPLINK_STATE"), "{alert}");
        env.add_all();
    }
}

#[test]
fn the_jenkins_script_registers_a_consumer() {
    let env = linked();
    let args = ["jira", "https://ci.example.com"];
    let out = env.script("sh", "examples/jenkins-consumer.sh", &args);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(out.says("anonymous"), "{}", out.transcript());
    let consumers = env.world.app("jira").consumers();
    assert!(
        consumers
            .iter()
            .any(|consumer| consumer.two_lo && consumer.name == "jenkins"),
        "{consumers:?}"
    );
    assert_eq!(
        env.script("sh", "examples/jenkins-consumer.sh", &[]).code,
        2
    );
}

#[test]
fn the_pipeline_script_plans_and_applies() {
    let mut env = Env::new(pair());
    for alias in ["jira", "wiki"] {
        let url = env.world.app(alias).url();
        env.set(&crate::support::env::variable(alias, "URL"), url);
    }
    env.set("CI", "true");
    let links = "examples/ci/links.sh";
    let out = env.script("sh", links, &["plan"]);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(out.says("made when this is merged"), "{}", out.transcript());
    assert!(env.world.app("jira").links().is_empty());
    for _ in 0..2 {
        let out = env.script("sh", links, &["apply"]);
        assert_eq!(out.code, 0, "{}", out.transcript());
        assert_eq!(env.world.app("jira").links().len(), 1);
        assert_eq!(env.world.app("wiki").links().len(), 1);
    }
    let out = env.script("sh", links, &["plan"]);
    assert!(out.says("nothing would change"), "{}", out.transcript());
    assert_eq!(env.script("sh", links, &[]).code, 2);
    // A broken pipeline fails: the application is down.
    env.world.app("wiki").stop();
    assert_eq!(env.script("sh", links, &["plan"]).code, 5);
}

/// Both forms of the pipeline run the script that is tested above, and nothing else of ours.
#[test]
fn both_pipelines_run_the_pipeline_script() {
    for (form, commands) in [
        (include_str!("../../../examples/ci/gitlab-ci.yml"), 2),
        (include_str!("../../../examples/ci/github-workflow.yml"), 2),
    ] {
        let calls: Vec<&str> = form
            .lines()
            .filter_map(|line| line.split_once("sh examples/ci/links.sh "))
            .map(|(_, what)| what)
            .collect();
        assert_eq!(calls, ["plan", "apply"], "{form}");
        assert_eq!(calls.len(), commands);
        // They bring the program with them, and say what to set for it.
        assert_eq!(form.matches("sh examples/ci/install.sh ").count(), 1);
        assert!(form.contains("# SET THESE"), "{form}");
        for name in ["APPLINK_DOWNLOAD", "APPLINK_SHA256"] {
            assert!(form.contains(name), "{form}");
        }
        assert!(!form.contains("--path ."), "{form}");
        assert!(!form.contains('\t'));
    }
}

#[test]
fn the_staging_script_cuts_off_a_clone() {
    // Production keeps its host; the copy is reached by address.
    let env = linked();
    let production = env.world.app("wiki").url();
    let host = production.clone();
    let args = [host.as_str(), "jira"];
    let out = env.script("sh", "examples/staging-cleanup.sh", &args);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(out.says(&production), "{}", out.transcript());
    let id = env.world.app("wiki").id();
    let flags = |env: &Env| env.world.app("jira").flags(&id).unwrap();
    let before = env.world.app("wiki").snapshot();
    assert_eq!(flags(&env).1, OAuthFlags::OAUTH);
    let mut env = env;
    env.set("APPLY", "yes");
    let out = env.script("sh", "examples/staging-cleanup.sh", &args);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert_eq!(flags(&env), (OAuthFlags::NONE, OAuthFlags::NONE));
    assert_eq!(env.world.app("wiki").snapshot(), before);
}

#[test]
fn the_playbook_reads_check_mode_output() {
    // What it goes by in check mode.
    let env = Env::new(pair());
    env.add_all();
    let (jira, wiki) = (env.world.app("jira").url(), env.world.app("wiki").url());
    let text = format!(
        "version = 1\n[applications.jira]\nurl = {jira:?}\n[applications.wiki]\nurl = {wiki:?}\n\
         [[links]]\nbetween = [\"jira\", \"wiki\"]\n"
    );
    env.write("work/links.toml", &text, 0o600);
    let out = env
        .applink("apply links.toml --dry-run -o json")
        .expect(0)
        .json();
    assert_eq!(out["changed"], false);
    assert_eq!(out["steps"][0]["status"], "planned");
    assert!(include_str!("../../../examples/ansible/links.yml").contains("'planned'"));
}
