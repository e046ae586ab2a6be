//! The manual pages.

/// The values of options stand in the synopsis, and what every command takes does not.
#[test]
fn the_synopsis_shows_option_values() {
    let pages = applink::cli::man::pages(applink::cli::command()).unwrap();
    let synopsis = |wanted: &str| {
        let (_, text) = pages.iter().find(|(name, _)| name == wanted).unwrap();
        let rest = text.split_once(".SH SYNOPSIS\n").unwrap().1;
        rest.split_once(".SH ").unwrap().0.to_owned()
    };
    let create = synopsis("applink-create.1");
    assert!(
        create.contains("[\\fB\\-\\-auth\\fR\\ \\fILEVEL\\fR]"),
        "{create}"
    );
    assert!(create.contains("[\\fILOCAL\\fR]"), "{create}");
    assert!(!create.contains("timeout"), "{create}");
    assert!(synopsis("applink-scan.1").contains("\\fB\\-\\-from\\fR\\ \\fIPATTERN\\fR"));
}

#[test]
fn every_manual_page_has_its_sections() {
    let pages = applink::cli::man::pages(applink::cli::command()).unwrap();
    for (name, text) in pages {
        if name.ends_with(".1") {
            for section in [".SH \"EXIT STATUS\"", ".SH ENVIRONMENT", ".SH EXAMPLES"] {
                assert!(text.contains(section), "{name} has no {section}");
            }
            // An option without a word on it helps nobody.
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                let is_option = pair[0].starts_with("\\fB\\-");
                assert!(
                    !is_option || !pair[1].starts_with(".TP"),
                    "{name}: {}",
                    pair[0]
                );
            }
        }
    }
}
