use super::*;
use crate::domain::Code;

/// Two applications that are linked as they should be.
fn good() -> (Vec<EndReport>, Vec<AppReport>) {
    let mut report = samples::report("x");
    let urls = ["https://jira.example.com:8443/j", "http://wiki:8090"];
    for (app, url) in report.apps.iter_mut().zip(urls) {
        app.url = url.to_owned();
        app.base_url = Some(format!("{url}/"));
        app.server.clear();
    }
    let mut ends = report.links.remove(0).ends;
    for (end, url) in ends.iter_mut().zip(urls.iter().rev()) {
        if let Some(record) = &mut end.record {
            record.display_url = (*url).to_owned();
            record.application_url = Some((*url).to_owned());
        }
    }
    (ends, report.apps)
}

fn replies(ends: &[EndReport], apps: &[AppReport]) -> Vec<SupportAnswer> {
    let questions = questions::answer(ends, apps);
    questions.iter().map(|question| question.reply).collect()
}

#[test]
fn the_questions_of_support() {
    use SupportAnswer::{Likely, No, NoSign, Unknown, Yes};
    type Adjustment = fn(&mut Vec<EndReport>, &mut Vec<AppReport>);
    let cases: [(Adjustment, [SupportAnswer; 5]); 10] = [
        (|_, _| {}, [NoSign, Yes, Yes, Yes, Yes]),
        (
            |_, apps| apps[0].server = vec!["Server: nginx/1.24".to_owned()],
            [Yes, Yes, Yes, Yes, Yes],
        ),
        (
            |_, apps| apps[0].server = vec!["Via: 1.1 edge".to_owned()],
            [Yes, Yes, Yes, Yes, Yes],
        ),
        (
            |_, apps| apps[0].server = vec!["Server: Apache-Coyote/1.1".to_owned()],
            [NoSign, Yes, Yes, Yes, Yes],
        ),
        (
            |_, apps| apps[0].url = "https://jira.example.com".to_owned(),
            [Likely, No, Yes, Yes, Yes],
        ),
        (
            |_, apps| apps[0].base_url = None,
            [NoSign, Unknown, Unknown, Unknown, Yes],
        ),
        (
            |ends, _| {
                if let Some(record) = &mut ends[0].record {
                    record.display_url = "https://old".to_owned();
                    record.application_url = None;
                }
            },
            [NoSign, Yes, No, Unknown, Yes],
        ),
        (
            |ends, apps| {
                ends[0].record = None;
                apps[1].account.source = None;
            },
            [NoSign, Yes, Unknown, Unknown, No],
        ),
        (
            |ends, _| ends.truncate(1),
            [NoSign, Yes, Unknown, Unknown, No],
        ),
        (
            |ends, apps| {
                ends.clear();
                apps.clear();
            },
            [NoSign, Unknown, Unknown, Unknown, No],
        ),
    ];
    for (at, (change, wanted)) in cases.into_iter().enumerate() {
        let (mut ends, mut apps) = good();
        change(&mut ends, &mut apps);
        assert_eq!(replies(&ends, &apps), wanted, "case {at}");
    }
}

#[test]
fn every_text_of_a_report_is_scrubbed() {
    let mut report = samples::report("hunter2 \u{1b}[2J \u{202e}");
    report.links[0].fixes = vec!["hunter2".to_owned()];
    for link in &mut report.links {
        link.id = Some("hunter2".to_owned());
        for end in &mut link.ends {
            if let Some(record) = &mut end.record {
                record.id = "hunter2".to_owned();
            }
        }
    }
    for request in &mut report.requests {
        request.at = "hunter2".to_owned();
        request.method = "hunter2".to_owned();
    }
    for app in &mut report.apps {
        for text in [&mut app.product, &mut app.type_id, &mut app.url] {
            *text = "hunter2".to_owned();
        }
        for text in [&mut app.version, &mut app.applinks_version, &mut app.id] {
            *text = Some("hunter2".to_owned());
        }
        app.account.source = Some("hunter2".to_owned());
        app.trouble = Some(report.errors[0].clone());
    }
    report.made_at = "hunter2".to_owned();
    report.applink_version = "hunter2".to_owned();
    report.scrub(&|text| text.replace("hunter2", "[secret]"));
    let shown = format!("{report:#?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!shown.contains("\\u{1b}") && !shown.contains('\u{202e}'));
    assert!(shown.contains("[secret] \\\\x1b[2J"), "{shown}");
}

#[test]
fn codes_that_are_only_notes_are_told_apart() {
    let mut report = samples::report("x");
    assert_eq!(report.only_notes(), [Code::LoopbackUrl]);
    report.links[1].codes.push(Code::LoopbackUrl);
    assert_eq!(report.only_notes(), []);
    assert!(report.codes().contains(&Code::NotAdmin));
}
