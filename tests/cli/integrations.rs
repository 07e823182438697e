//! `action.yml` and `.pre-commit-hooks.yaml`: their very commands, run in a
//! repository made for it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{git, write};

fn yaml(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn steps() -> Vec<Value> {
    let action = yaml("action.yml");
    action["runs"]["steps"].as_array().unwrap().clone()
}

fn step(name: &str) -> Value {
    let mut steps = steps().into_iter();
    steps.find(|step| step["name"] == name).unwrap()
}

/// A repository with an agent on `main` and a change that is not committed.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let pilot = "---\nname: pilot\ndescription: Plans the arrivals of ferries.\n---\n\n\
                 Plan the arrivals of the day.\n";
    write(folder.path(), ".claude/agents/pilot.md", pilot);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "Pilot"]);
    folder
}

/// Adds an agent that takes the name of the one that is there.
fn add_namesake(folder: &Path) -> &'static str {
    let path = ".claude/agents/clerk.md";
    let clerk = "---\nname: pilot\ndescription: Answers the letters of guests.\n---\n\n\
                 Thank each guest by name.\n";
    write(folder, path, clerk);
    path
}

/// Adds an agent that is in nobody's way.
fn add_harmless(folder: &Path) -> &'static str {
    let path = ".claude/agents/gardener.md";
    let gardener = "---\nname: gardener\ndescription: Waters the roses.\n---\n\n\
                    Water the roses before noon.\n";
    write(folder, path, gardener);
    path
}

/// The program's folder before all others.
fn search_path() -> String {
    let program = insta_cmd::get_cargo_bin("agent-overlap");
    let bin = program.parent().unwrap().display();
    format!("{bin}:{}", std::env::var("PATH").unwrap())
}

/// Runs the script of a step as a runner does, with these values of its variables.
fn run_step(name: &str, folder: &Path, runner: &Path, variables: &[(&str, &str)]) -> Output {
    let step = step(name);
    let names = step["env"].as_object().into_iter().flatten();
    for (name, _) in names {
        assert!(variables.iter().any(|(known, _)| known == name), "{name}");
    }
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
        .arg(step["run"].as_str().unwrap())
        .current_dir(folder)
        .env("PATH", search_path())
        .env("RUNNER_TEMP", runner)
        .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
        .env("GITHUB_OUTPUT", runner.join("output"))
        .env("GITHUB_STEP_SUMMARY", runner.join("summary"))
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// What the step "Review" says, its outputs, and the summary.
fn review(folder: &Path, base: &str, fail_on: &str) -> (i32, String, String, String) {
    let runner = tempfile::tempdir().unwrap();
    let variables = [
        ("BASE", base),
        ("FAIL_ON", fail_on),
        ("BASELINE", ""),
        ("LINK_BASE", "https://example.com/o/r/blob/main/"),
    ];
    let output = run_step("Review", folder, runner.path(), &variables);
    let read = |name| fs::read_to_string(runner.path().join(name)).unwrap_or_default();
    let stdout = String::from_utf8(output.stdout).unwrap();
    if let Some(sarif) = outputs(&read("output"), "sarif") {
        let log: Value = serde_json::from_str(&fs::read_to_string(sarif).unwrap()).unwrap();
        assert_eq!(log["version"], "2.1.0");
    }
    (output.status.code().unwrap(), stdout, read("output"), read("summary"))
}

fn outputs(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    lines.find_map(|line| Some(line.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

#[test]
fn the_action_reports_what_a_change_adds_and_fails_at_the_end() {
    let folder = repository();
    add_namesake(folder.path());
    let (code, stdout, output, summary) = review(folder.path(), "main", "");
    assert_eq!(code, 0, "the upload comes before the failure");
    assert!(stdout.contains("::error file=.claude/agents/clerk.md,line=2,"), "{stdout}");
    assert!(
        summary.contains("1 new or changed definition reviewed: 1 in conflict. 1 error added.")
    );
    assert!(summary.contains("](https://example.com/o/r/blob/main/.claude/agents/"));
    assert_eq!(outputs(&output, "code").unwrap(), "1");

    let runner = tempfile::tempdir().unwrap();
    let decide = |code| run_step("Decide", folder.path(), runner.path(), &[("CODE", code)]);
    assert_eq!(decide("1").status.code(), Some(1));
    assert_eq!(decide("0").status.code(), Some(0));
}

#[test]
fn the_action_passes_a_harmless_change_and_takes_the_level() {
    let folder = repository();
    add_harmless(folder.path());
    let (code, _, output, summary) = review(folder.path(), "main", "");
    assert_eq!((code, outputs(&output, "code").unwrap().as_str()), (0, "0"));
    assert!(summary.contains("1 new"), "{summary}");
    add_namesake(folder.path());
    let (_, _, output, _) = review(folder.path(), "main", "never");
    assert_eq!(outputs(&output, "code").unwrap(), "0");
}

#[test]
fn the_action_says_what_it_lacks() {
    let folder = repository();
    let (code, stdout, ..) = review(folder.path(), "", "");
    assert_eq!(code, 2);
    assert!(stdout.starts_with("::error title=agent-overlap::this is no pull request"));
    let (code, stdout, ..) = review(folder.path(), "gone", "");
    assert_eq!(code, 2);
    assert!(stdout.contains("fetch-depth: 0"));
}

#[test]
fn the_action_takes_inputs_as_data() {
    let folder = repository();
    add_harmless(folder.path());
    let hostile = "main; touch made $(touch made) `touch made`";
    for (base, fail_on) in [(hostile, ""), ("--output=made", ""), ("main", hostile)] {
        review(folder.path(), base, fail_on);
    }
    assert!(!folder.path().join("made").exists());
    for step in steps() {
        let run = step["run"].as_str().unwrap_or_default();
        assert!(!run.contains("${{"), "{run}");
        if let Some(uses) = step["uses"].as_str() {
            let is_known =
                uses.starts_with("actions/") || uses.starts_with("github/codeql-action/");
            assert!(is_known, "{uses}");
        }
    }
}

#[test]
fn the_action_knows_its_version_and_builds_once() {
    let runner = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let found = run_step("Find the version", folder.path(), runner.path(), &[]);
    assert!(found.status.success());
    let output = fs::read_to_string(runner.path().join("output")).unwrap();
    assert_eq!(outputs(&output, "hash").unwrap().len(), 64);

    // With the program from the cache, nothing is built.
    let bin = runner.path().join("agent-overlap/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::copy(insta_cmd::get_cargo_bin("agent-overlap"), bin.join("agent-overlap")).unwrap();
    let path = runner.path().join("path");
    let variables = [("GITHUB_PATH", path.to_str().unwrap())];
    let built = run_step("Build the program", folder.path(), runner.path(), &variables);
    assert!(built.status.success() && built.stderr.is_empty());
    let added = fs::read_to_string(path).unwrap();
    assert_eq!(added.trim_end(), bin.to_str().unwrap());
}

fn hook() -> Value {
    yaml(".pre-commit-hooks.yaml")[0].clone()
}

/// Runs the hook's command as pre-commit does, with the names of files behind it.
fn run_hook(folder: &Path, files: &[&str]) -> Output {
    let hook = hook();
    let mut words = hook["entry"].as_str().unwrap().split(' ');
    Command::new(words.next().unwrap())
        .args(words)
        .args(files)
        .current_dir(folder)
        .env("PATH", search_path())
        .output()
        .unwrap()
}

#[test]
fn the_hook_stops_a_commit_that_adds_a_conflict() {
    let folder = repository();
    let harmless = add_harmless(folder.path());
    git(folder.path(), &["add", "."]);
    assert_eq!(run_hook(folder.path(), &[harmless]).status.code(), Some(0));
    let namesake = add_namesake(folder.path());
    git(folder.path(), &["add", "."]);
    let output = run_hook(folder.path(), &[harmless, namesake]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("error[name-collision]"), "{said}");
}

#[test]
fn the_hook_takes_definitions_and_nothing_else() {
    let hook = hook();
    let takes = |path: &str| {
        let matches =
            |pattern: &Value| jsonschema::is_valid(&json!({ "pattern": pattern }), &json!(path));
        matches(&hook["files"]) && !matches(&hook["exclude"])
    };
    for path in [
        ".claude/agents/team/a.md",
        ".opencode/agent/a.md",
        "skills/a/SKILL.md",
        ".cursor/rules/a.mdc",
        ".cursorrules",
        ".github/prompts/a.prompt.md",
        "CLAUDE.md",
        "packages/b/AGENTS.md",
        ".github/copilot-instructions.md",
    ] {
        assert!(takes(path), "{path}");
    }
    for path in ["README.md", "agents/README.md", "docs/a.md", "src/agents/a.rs", "SKILL.md.bak"] {
        assert!(!takes(path), "{path}");
    }
}
