//! What is said of agents that are one, may be one, or were one.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::{run, write};

const CANAL: [&str; 4] = [
    "Sound the depth before each turn",
    "Keep the buoys of the fairway to port",
    "Log the hour of every lock",
    "Leave room for the ferry at the bend",
];

/// A definition with these lines of frontmatter and these statements.
fn definition(head: &str, statements: &[&str]) -> String {
    let items: String = statements.iter().map(|one| format!("- {one}.\n")).collect();
    format!("---\n{head}\n---\n\n{items}")
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn text(folder: &Path, arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    run(folder, &arguments).text().to_owned()
}

/// Two skills for one job that share some of their statements.
fn tow_lines() -> TempDir {
    let shared = [
        "Walk along the quay and look at each tow line in daylight",
        "Cut out what is frayed, and splice the ends with five tucks",
        "Soak natural fibre in fresh water before it is coiled",
        "Write length and age of the line on its tag",
    ];
    let with = |own: &[&'static str]| [&shared[..], own].concat();
    let one = with(&[
        "Hang coils on the northern rack, never on the floor",
        "Order new thimbles at the end of the quarter",
        "Grease the winch drum before winter",
        "Keep spare shackles in the red crate",
    ]);
    let other = with(&[
        "Test a splice with half a ton for ten minutes",
        "Photograph each break for the insurer",
        "Send polyester lines to the rope maker",
    ]);
    folder(&[
        (
            ".claude/skills/tow-lines/SKILL.md",
            definition(
                "name: tow-lines\ndescription: Mends tow lines that broke or frayed. Use when a tow line is damaged.",
                &one,
            ),
        ),
        (
            ".claude/skills/mend-tow-lines/SKILL.md",
            definition(
                "name: mend-tow-lines\ndescription: Mends tow lines after a break. Use when a tow line broke or frayed.",
                &other,
            ),
        ),
    ])
}

#[test]
fn what_may_be_one_job_is_to_be_read_side_by_side() {
    let folder = tow_lines();
    let audit = text(folder.path(), "audit .");
    assert!(audit.contains("none redundant for sure, 1 pair to read"), "{audit}");
    assert!(audit.contains("To read side by side"), "{audit}");
    assert!(audit.contains("redundancy 0.80"), "{audit}");
    assert!(!audit.contains("work of its own"), "{audit}");
    let page = text(folder.path(), "audit . --format markdown");
    assert!(page.contains("### To read side by side"), "{page}");
    let page = text(folder.path(), "audit . --format html");
    assert!(page.contains("<section id=\"likely\""), "no section");
    let both = "compare .claude/skills/tow-lines/SKILL.md .claude/skills/mend-tow-lines/SKILL.md";
    let compared = text(folder.path(), both);
    assert!(compared.contains("may well be one job"), "{compared}");
}

#[test]
fn two_acts_on_one_thing_are_not_to_be_read_side_by_side() {
    let folder = tow_lines();
    let skills = folder.path().join(".claude/skills");
    for (name, at) in [("order-tow-lines", "tow-lines"), ("mend-tow-lines", "mend-tow-lines")] {
        let path = skills.join(at).join("SKILL.md");
        let text = fs::read_to_string(&path).unwrap();
        let act = name.split('-').next().unwrap();
        let own = format!(
            "- First {act} what is short.\n- Then {act} what is long.\n- Never {act} on a Sunday.\n"
        );
        let named = text.replacen(&format!("name: {at}"), &format!("name: {name}"), 1);
        fs::write(&path, named + &own).unwrap();
    }
    let audit = text(folder.path(), "audit .");
    assert!(!audit.contains("To read side by side"), "{audit}");
}

/// Two agents of one text.
fn pilots() -> TempDir {
    let pilot = |name: &str| {
        let head = format!("name: {name}\ndescription: Steers barges through the canal");
        definition(&head, &CANAL)
    };
    folder(&[
        (".claude/agents/pilot.md", pilot("pilot")),
        (".claude/agents/canal-pilot.md", pilot("canal-pilot")),
    ])
}

#[test]
fn groups_that_a_baseline_knows_are_no_step() {
    let folder = pilots();
    assert!(text(folder.path(), "audit .").contains("Delete 1 file of group 1"));
    text(folder.path(), "audit . --write-baseline");
    let audit = text(folder.path(), "audit . --baseline agent-overlap-baseline.json");
    assert!(!audit.contains("Delete 1 file"), "{audit}");
    assert!(audit.contains("Keep it so: run this in CI"), "{audit}");
}

fn kept(folder: &Path) -> String {
    let report = run(folder, &["audit", ".", "--format", "json", "--fail-on", "never"]).json();
    let keep = report["groups"][0]["keep"].as_u64().unwrap() as usize;
    report["agents"][keep]["path"].as_str().unwrap().to_owned()
}

#[test]
fn of_one_text_the_rule_for_its_own_files_stays() {
    let all = "description: Canal guidelines of the house, for everything\nglobs: **/*";
    let own = "description: Depth, buoys and locks\nglobs: src/canal/**";
    let folder = folder(&[
        ("rules/all-guidelines.mdc", definition(all, &CANAL)),
        ("rules/canal.mdc", definition(own, &CANAL)),
    ]);
    assert_eq!(kept(folder.path()), "rules/canal.mdc");
}

#[test]
fn of_one_text_the_agent_that_says_more_of_when_to_use_it_stays() {
    let folder = folder(&[
        (
            ".claude/agents/a-pilot.md",
            definition("name: a-pilot\ndescription: Steers barges", &CANAL),
        ),
        (
            ".claude/agents/pilot.md",
            definition(
                "name: pilot\ndescription: Steers barges through the canal. Use for each passage by night.",
                &CANAL,
            ),
        ),
    ]);
    assert_eq!(kept(folder.path()), ".claude/agents/pilot.md");
}

#[test]
fn a_review_names_the_copy_that_the_audit_keeps() {
    let body = definition("name: pilot\ndescription: Steers barges through the canal", &CANAL);
    let folder = folder(&[
        ("agents/a/more/pilot.md", body.clone()),
        ("agents/z/pilot.md", body.clone()),
        ("agents/new/new-pilot.md", body.replace("name: pilot", "name: new-pilot")),
    ]);
    let arguments = ["review", "agents/new/new-pilot.md", "--against", ".", "--format", "json"];
    let review: Value = run(folder.path(), &arguments).json();
    let nearest = review["reviewed"][0]["nearest"][0]["agent"].as_u64().unwrap() as usize;
    assert_eq!(review["agents"][nearest]["path"], "agents/z/pilot.md");
}

#[test]
fn a_draft_marks_other_tools_beside_another_model() {
    let keeper = |name: &str, fields: &str, statements: &[&str]| {
        let head = format!("name: {name}\ndescription: Keeps the locks of the canal\n{fields}");
        definition(&head, statements)
    };
    let more = [&CANAL[..], &["Write the level into the green book"]].concat();
    let folder = folder(&[
        (
            ".claude/agents/lock-keeper.md",
            keeper("lock-keeper", "model: sonnet\ntools: Read, Grep, Bash", &more),
        ),
        (
            ".claude/agents/lock-keeping-expert.md",
            keeper("lock-keeping-expert", "model: opus\ntools: Read, Glob", &CANAL),
        ),
    ]);
    let drafts = tempfile::tempdir().unwrap();
    let to = drafts.path().join("drafts");
    let to = to.to_str().unwrap();
    run(folder.path(), &["consolidate", ".", "--write", to]);
    let draft = fs::read_to_string(Path::new(to).join("lock-keeper.md"));
    let draft = draft.unwrap();
    let marks: Vec<&str> = draft.lines().filter(|line| line.starts_with("# DECIDE")).collect();
    assert_eq!(marks.len(), 2, "{draft}");
    assert!(marks[1].contains("tools"), "{draft}");
}
