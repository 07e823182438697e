//! `agent-overlap facets`: what can be decided, and who decides for what.

use crate::{fixture, run, write};

#[test]
fn all_facets_are_listed() {
    let folder = fixture("stances");
    for width in ["40", "80", "200"] {
        let run = run(&folder, &["facets", "--width", width]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let line = run.text().lines().find(|line| line.contains("package-manager-js")).unwrap();
        assert!(width == "40" || line.contains("JavaScript package manager"), "{line}");
        assert!(line.contains("choice"), "{line}");
    }
    let facets = run(&folder, &["facets", "--format", "json"]).json();
    let facets = facets.as_array().unwrap();
    assert!(facets.len() >= 200);
    let facet = facets.iter().find(|facet| facet["id"] == "package-manager-js").unwrap();
    assert_eq!(facet["kind"], "choice");
    assert_eq!(facet["scope"], "project");
    assert_eq!(facet["exclusive"], "project");
    assert!(facet["options"].as_array().unwrap().contains(&"pnpm".into()));
}

#[test]
fn the_stances_of_a_team_are_a_matrix() {
    for width in ["80", "200"] {
        let run = run(&fixture("stances"), &["facets", ".", "--width", width]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let widest = run.text().lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width.parse().unwrap()), "{}", run.text());
        insta::assert_snapshot!(format!("stances-{width}"), run.text());
    }
}

#[test]
fn colour_marks_what_is_in_dispute() {
    let run = run(&fixture("stances"), &["facets", ".", "--color", "always"]);
    assert!(run.text().contains("\u{1b}[1m\u{1b}[33m≠\u{1b}[0m"), "{:?}", run.text());
}

#[test]
fn stances_in_json_have_a_line_each() {
    let run = run(&fixture("stances"), &["facets", ".", "--format", "json"]);
    let stances = run.json();
    let stances = stances.as_array().unwrap();
    assert_eq!(run.text().lines().count(), stances.len() + 2, "each on its own line");
    let taken = |path: &str, facet: &str| {
        let mut of_file = stances.iter().filter(|stance| stance["path"] == path);
        of_file.find(|stance| stance["facet"] == facet).unwrap_or_else(|| panic!("{path}: {facet}"))
    };
    let memory = taken("CLAUDE.md", "package-manager-js");
    assert_eq!((&memory["option"], &memory["takes"]), (&"pnpm".into(), &true.into()));
    assert_eq!((&memory["strength"], &memory["line"]), (&"strong".into(), &7.into()));
    let builder = taken(".claude/agents/deck-builder.md", "frontend-framework");
    assert_eq!((&builder["option"], &builder["version"]), (&"React".into(), &"18".into()));
    assert_eq!(stances[0]["path"], "CLAUDE.md", "memory files come first");
}

#[test]
fn a_result_can_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = fixture("stances");
    let file = folder.path().join("stances.json");
    let arguments = [
        "facets",
        fixture.to_str().unwrap(),
        "--format",
        "json",
        "--output",
        file.to_str().unwrap(),
    ];
    let written = run(folder.path(), &arguments);
    assert_eq!((written.code, written.stdout.len()), (Some(0), 0));
    assert!(std::fs::read_to_string(file).unwrap().starts_with("[\n{\"agent\":"));
}

#[test]
fn a_team_without_a_stance_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = "---\nname: map-folder\ndescription: Folds maps\n---\n\nFold each map.\n";
    std::fs::write(folder.path().join("map-folder.md"), text).unwrap();
    let run = run(folder.path(), &["facets", "."]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.text(), "None of 1 definition takes a side in anything.\n");
}

#[test]
fn nothing_to_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = run(folder.path(), &["facets", "."]);
    assert_eq!((nothing.code, nothing.text()), (Some(0), "No agent definitions found.\n"));
    let missing = run(folder.path(), &["facets", "not-there"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("no such file or folder: `not-there`"), "{}", missing.stderr);
}

#[test]
fn any_line_break_ends_a_line_of_code() {
    let files = [
        ("quay", "```sh\nls\npnpm install\n```\n"),
        ("pier", "```sh\nls\nnpm run build\nnpm test\nnpm install\n```\n"),
        ("dock", "```text\n├── app/\n├── web/  # React frontend\n```\n"),
    ];
    let facets = |line_break: &str| {
        let folder = tempfile::tempdir().unwrap();
        for (name, code) in files {
            let text = format!("# The {name}\n\nThis is it:\n\n{code}");
            let path = format!("{name}/CLAUDE.md");
            write(folder.path(), &path, text.replace('\n', line_break));
        }
        run(folder.path(), &["facets", ".", "--format", "json"]).json()
    };
    let expected = facets("\n");
    for option in ["pnpm", "npm", "React"] {
        let mut stances = expected.as_array().unwrap().iter();
        assert!(stances.any(|stance| stance["option"] == option), "{option}");
    }
    for line_break in ["\r\n", "\r"] {
        assert_eq!(facets(line_break), expected, "{line_break:?}");
    }
}
