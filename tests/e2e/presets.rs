//! `applink create LOCAL --consumer NAME --preset PROGRAM`

use insta::assert_snapshot;

use crate::consumers::{env, key_path, nothing_leaks, pair_in};

#[test]
fn a_bridge_with_its_callback() {
    let env = env();
    let line = "create {jira} --consumer Jenkins --preset hookshot";
    env.applink(line).expect(2).expect_says("needs --url");
    let out = env
        .applink(&format!(
            "{line} --url https://example.com/hookshot -o json"
        ))
        .expect(0);
    let callback = "https://example.com/hookshot/jira/oauth";
    let app = env.world.app("jira");
    assert_eq!(app.consumers()[0].callback.as_deref(), Some(callback));
    let json = out.json();
    let snippet = json["consumer"]["snippet"].as_str().unwrap();
    for part in [
        "consumerKey: \"jenkins\"",
        &format!("privateKey: \"{}\"", key_path(&env).display()),
        &format!("redirect_uri: \"{callback}\""),
        &app.url(),
    ] {
        assert!(snippet.contains(part), "{snippet}");
    }
    nothing_leaks(&env, &[&out]);
}

#[test]
fn what_a_person_sees() {
    let mut env = env();
    let out = env.applink("create {jira} --consumer Jenkins --preset jenkins");
    let key = applink::oauth::PrivateKey::load(&key_path(&env)).unwrap();
    let print = key.public().fingerprint();
    env.call(print.clone(), "<fingerprint>");
    let shown = out.shown().replace(&print, "<fingerprint>");
    assert_snapshot!(shown.replace(&print[..16], "<start>"), @r#"
    exit 0
    --- stdout
    "Jenkins" may call jira
    consumer key   jenkins
    public key     SHA256:<fingerprint> (2048 bits)
    private key    <home>/state/applink/applink.keys/jira-jenkins.pem (give it to the program, and to nobody else)
    request token  http://jira.test/jira/plugins/servlet/oauth/request-token
    authorize      http://jira.test/jira/plugins/servlet/oauth/authorize
    access token   http://jira.test/jira/plugins/servlet/oauth/access-token
    --- stderr
    ✓ jira: create the link "Jenkins" to https://jenkins.invalid
    ✓ jira: store the consumer "jenkins" with the public key SHA256:<start>
    # Jenkins: Manage Jenkins > Configure System > JIRA Steps > Add Site > OAuth
    URL           http://jira.test/jira
    Consumer Key  jenkins
    Private Key   the content of <home>/state/applink/applink.keys/jira-jenkins.pem (PKCS #8)
    Token         the access token, which this keeps in a file: applink authorize jira --consumer Jenkins
    Secret        the code that was typed for it
    "#);
    let out = env.applink("create {jira} --consumer Jenkins --preset nothing");
    assert_snapshot!(out.shown(), @r#"
    exit 2
    --- stderr
    error: invalid value 'nothing' for '--preset <NAME>'
      [possible values: jenkins, hookshot, mattermost]

    For more information, try '--help'.
    "#);
}

#[test]
fn a_program_that_has_its_own_key() {
    let env = env();
    pair_in(&env, "own");
    let line = "create {jira} --consumer Mattermost --preset mattermost";
    env.applink(line)
        .expect(2)
        .expect_says("/jira instance install server URL");
    let line = format!("{line} --consumer-key mattermost_1 --public-key own.pub");
    env.applink(&format!("{line} --two-legged")).expect(2);
    let out = env.applink(&line).expect(0);
    assert!(out.says("/jira connect"));
    let consumers = env.world.app("jira").consumers();
    assert_eq!(consumers[0].key, "mattermost_1");
    assert_eq!(consumers[0].callback, None);
}
