//! `--baseline` and `--write-baseline`: known findings stay quiet, new ones fail.

use std::fs;
use std::path::Path;

use crate::{Run, run, write};

const PILOT: &str = "---\nname: pilot\ndescription: Plans the arrivals of ferries.\n---\n\nPlan the arrivals of the day.\n";
const OTHER: &str = "---\nname: pilot\ndescription: Writes the timetable of the harbour.\n---\n\nWrite the timetable for the season.\n";

/// A project with one error.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".claude/agents/a.md", PILOT);
    write(folder.path(), ".claude/agents/b.md", OTHER);
    folder
}

fn audit(folder: &Path, arguments: &str) -> Run {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    run(folder, &[&["audit", "."], &arguments[..]].concat())
}

fn rules(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

const FILE: &str = "agent-overlap-baseline.json";

#[test]
fn written_findings_stay_quiet_and_moved_lines_change_nothing() {
    let folder = project();
    assert_eq!(audit(folder.path(), "").code, Some(1));
    let written = audit(folder.path(), "--write-baseline");
    assert_eq!(written.code, Some(0));
    insta::assert_snapshot!(written.stderr);
    insta::assert_snapshot!(fs::read_to_string(folder.path().join(FILE)).unwrap());

    let moved = PILOT.replace("---\n\n", "---\n\n\n\n");
    write(folder.path(), ".claude/agents/a.md", moved);
    let again = audit(folder.path(), &format!("--baseline {FILE}"));
    assert_eq!((again.code, again.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(again.text());
    let json = audit(folder.path(), &format!("--baseline {FILE} --format json"));
    assert_eq!(json.json()["summary"]["baseline"]["known"], 1);
}

#[test]
fn a_new_finding_fails_alone() {
    let folder = project();
    audit(folder.path(), "--write-baseline");
    let broken = "---\nname: clerk\ndescription: Answers letters: all of them.\n---\n\nThank each guest by name.\n";
    write(folder.path(), ".claude/agents/clerk.md", broken);
    let run = audit(folder.path(), &format!("--baseline {FILE} --fail-on warning --format json"));
    assert_eq!(run.code, Some(1));
    assert_eq!(rules(&run), ["invalid-frontmatter"]);
}

#[test]
fn what_is_gone_is_said_and_forgotten_on_demand() {
    let folder = project();
    audit(folder.path(), "--write-baseline");
    fs::remove_file(folder.path().join(".claude/agents/b.md")).unwrap();
    let run = audit(folder.path(), &format!("--baseline {FILE}"));
    assert_eq!(run.code, Some(0));
    let line = "1 finding of the baseline is gone; --write-baseline forgets it";
    assert!(run.text().contains(line), "{}", run.text());
    let forgotten = audit(folder.path(), &format!("--baseline {FILE} --write-baseline"));
    assert_eq!(forgotten.stderr, format!("wrote 0 findings to `{FILE}`: 0 new, 1 forgotten\n"));
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert_eq!(text, "{\n\"version\": 1,\n\"findings\": []\n}\n");
}

/// A project whose agents disagree with its memory file, and one that does not.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str, advice: &str| {
        let text = format!("---\nname: {name}\ndescription: Keeps {name}.\n---\n\n- {advice}\n");
        write(folder.path(), &format!(".claude/agents/{name}.md"), text);
    };
    write(folder.path(), "CLAUDE.md", "# Shop\n\n- Use pnpm to install packages\n");
    agent("carts", "Use yarn to install packages");
    agent("bills", "Use yarn to install packages");
    agent("stock", "Use pnpm to install packages");
    folder
}

fn tells_of_the_disagreement(folder: &Path) -> bool {
    let run = audit(folder, &format!("--baseline {FILE} --format json"));
    rules(&run).contains(&"choice-conflict".to_owned())
}

#[test]
fn who_leaves_a_disagreement_adds_none() {
    for gone in ["carts", "bills", "stock"] {
        let folder = shop();
        audit(folder.path(), "--write-baseline");
        fs::remove_file(folder.path().join(format!(".claude/agents/{gone}.md"))).unwrap();
        assert!(!tells_of_the_disagreement(folder.path()), "without {gone}");
    }
}

#[test]
fn who_joins_the_wrong_side_of_a_disagreement_is_new() {
    let folder = shop();
    audit(folder.path(), "--write-baseline");
    let join = |advice: &str| {
        let text = format!("---\nname: desk\ndescription: Answers mail.\n---\n\n- {advice}\n");
        write(folder.path(), ".claude/agents/desk.md", text);
        tells_of_the_disagreement(folder.path())
    };
    assert!(!join("Use pnpm to install packages"));
    assert!(join("Use yarn to install packages"));
}

#[test]
fn the_configuration_names_the_baseline_beside_it() {
    let folder = project();
    write(folder.path(), "agent-overlap.toml", "baseline = \"known/b.json\"");
    let missing = audit(folder.path(), "");
    assert_eq!(missing.code, Some(2));
    assert_eq!(
        missing.stderr,
        "error: no baseline `known/b.json`; `agent-overlap audit --write-baseline` writes it\n"
    );
    fs::create_dir(folder.path().join("known")).unwrap();
    assert_eq!(audit(folder.path(), "--write-baseline -q").code, Some(0));
    assert_eq!(audit(folder.path(), "").code, Some(0));

    // The file is found from below as well, where its paths would be others.
    let below = audit(&folder.path().join(".claude"), "--format json");
    assert_eq!(below.code, Some(2));
    assert!(below.stderr.contains("run there"), "{}", below.stderr);
}

#[test]
fn an_accepted_finding_is_not_written() {
    let folder = project();
    let accept =
        "[[accept]]\nrule = \"name-collision\"\npaths = [\"*.md\"]\nreason = \"one goes\"\n";
    write(folder.path(), "agent-overlap.toml", accept);
    let run = audit(folder.path(), "--write-baseline");
    assert!(run.stderr.starts_with("wrote 0 findings"), "{}", run.stderr);
}

#[test]
fn nothing_but_a_baseline_is_read_or_written_over() {
    let folder = project();
    for arguments in
        ["--baseline .claude/agents/a.md", "--baseline .claude/agents/a.md --write-baseline"]
    {
        let run = audit(folder.path(), arguments);
        assert_eq!(run.code, Some(2));
        assert!(
            run.stderr.starts_with("error: `.claude/agents/a.md` is no baseline: "),
            "{}",
            run.stderr
        );
    }
    let agent = fs::read_to_string(folder.path().join(".claude/agents/a.md")).unwrap();
    assert_eq!(agent, PILOT);
}

/// A file that nobody may read; for the superuser there is none.
#[cfg(unix)]
#[test]
fn a_run_that_could_not_read_everything_writes_no_baseline() {
    use std::os::unix::fs::PermissionsExt;

    let folder = project();
    audit(folder.path(), "--write-baseline");
    let before = fs::read_to_string(folder.path().join(FILE)).unwrap();
    fs::remove_file(folder.path().join(".claude/agents/b.md")).unwrap();
    let locked = folder.path().join(".claude/agents/a.md");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&locked).is_ok() {
        return;
    }
    let run = audit(folder.path(), "--write-baseline");
    assert_eq!(run.code, Some(2));
    let after = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert_eq!(after, before);
}

#[test]
fn a_run_over_a_part_keeps_what_is_known_of_the_rest() {
    let folder = project();
    audit(folder.path(), "--write-baseline");
    let all = fs::read_to_string(folder.path().join(FILE)).unwrap();
    let part = ["audit", ".claude/agents/a.md", "--baseline", FILE];

    let quiet = run(folder.path(), &[&part[..], &["--format", "json"]].concat());
    assert_eq!(quiet.json()["summary"]["baseline"]["gone"], 0);

    let written = run(folder.path(), &[&part[..], &["--write-baseline"]].concat());
    assert_eq!(
        written.stderr,
        format!(
            "wrote 1 finding to `{FILE}`: 0 new, 0 forgotten, 1 kept of files that were not read\n"
        )
    );
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), all);
}

#[test]
fn a_baseline_of_another_folder_is_neither_read_nor_written_over() {
    let folder = project();
    audit(folder.path(), "--write-baseline");
    let before = fs::read_to_string(folder.path().join(FILE)).unwrap();
    let below = folder.path().join(".claude");
    for write in ["", "--write-baseline"] {
        let run = audit(&below, &format!("--baseline ../{FILE} {write}"));
        assert_eq!(run.code, Some(2));
        assert_eq!(
            run.stderr,
            format!(
                "error: the paths in `../{FILE}` count from the folder in which it was written, \
                 which is another one; run there\n"
            )
        );
    }
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), before);
}
