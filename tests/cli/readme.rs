//! What the README says is so: its commands run, its excerpt is real output,
//! its configuration is valid.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::Path;

use agent_overlap::config::Config;

use crate::{git, repository};

/// Commands that build what is being tested, and so cannot be run by it.
const NOT_RUN: [&str; 2] = ["cargo test", "cargo install --path ."];

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

/// The fenced blocks of a language.
fn blocks(readme: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The commands of all shell blocks, one a line.
fn commands(readme: &str) -> Vec<String> {
    let blocks = blocks(readme, "sh");
    blocks.iter().flat_map(|block| block.lines()).map(str::to_owned).collect()
}

#[test]
fn the_excerpt_is_real_output() {
    let output = super::audit::run(repository(), "audit fixtures/backend-team --width 100");
    assert_excerpt("1 of 6", str::from_utf8(&output.stdout).unwrap());
}

/// Checks that the README's excerpt that begins with `beginning` consists of
/// lines of `output` in their order; `…` stands for any others.
pub(crate) fn assert_excerpt(beginning: &str, output: &str) {
    let mut excerpts = blocks(&readme(), "text").into_iter();
    let excerpt = excerpts.find(|excerpt| excerpt.starts_with(beginning));
    let excerpt = excerpt.expect("the README has the excerpt");
    let mut lines = output.lines();
    let mut goes_on = true;
    for expected in excerpt.lines() {
        if expected == "…" {
            goes_on = false;
            continue;
        }
        let is_there = match goes_on {
            true => lines.next() == Some(expected),
            false => lines.any(|line| line == expected),
        };
        assert!(is_there, "not in the output, or not there: {expected}");
        goes_on = true;
    }
}

#[test]
fn the_excerpt_of_a_comparison_is_real_output() {
    let readme = readme();
    let section = readme.split("\n## Compare two agents\n").nth(1).unwrap();
    let command = commands(section).remove(0);
    let arguments = command.strip_prefix("agent-overlap ").unwrap();
    let output = super::audit::run(repository(), arguments);
    let output = String::from_utf8(output.stdout).unwrap();
    let excerpt = &blocks(section, "text")[0];
    assert!(output.contains(excerpt.as_str()), "{output}");
}

#[test]
fn the_configuration_is_valid() {
    let blocks = blocks(&readme(), "toml");
    assert!(!blocks.is_empty());
    for block in blocks {
        Config::parse(&block, Path::new("README.md")).unwrap();
    }
}

#[test]
fn the_first_command_of_the_section_on_tests_runs_them() {
    let readme = readme();
    let section = readme.split("\n## Run the tests\n").nth(1).unwrap();
    assert_eq!(commands(section)[0], "cargo test");
}

/// In the order of the README, in one copy of the repository's fixtures.
#[cfg(unix)]
#[test]
fn the_commands_run() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let fixtures = repository().join("fixtures");
    super::audit::copy_folder(&fixtures, &folder.path().join("fixtures"));
    // What the README calls a new agent, a collection and the branch to merge into.
    let made = "fixtures/same-role fixtures/contained/agents/code-reviewer.md";
    for (from, to) in made.split(' ').zip(["agents", "new-agent.md"]) {
        let (from, to) = (folder.path().join(from), folder.path().join(to));
        match from.is_dir() {
            true => super::audit::copy_folder(&from, &to),
            false => fs::copy(&from, &to).map(drop).unwrap(),
        }
    }
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "fixtures"]);
    git(folder.path(), &["commit", "-q", "-m", "Fixtures"]);
    git(folder.path(), &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let program = insta_cmd::get_cargo_bin("agent-overlap");
    let bin = program.parent().unwrap().display();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap());

    let mut n_run = 0;
    for command in commands(&readme()) {
        if NOT_RUN.contains(&command.as_str()) {
            continue;
        }
        let shell = command.replace("cargo run --release --", "agent-overlap");
        assert!(!shell.contains("cargo"), "cannot be run: {command}");
        let output = Command::new("sh")
            .args(["-c", &shell])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("HOME", home.path())
            .output()
            .unwrap();
        let code = output.status.code().unwrap();
        // The fixtures have findings, and the copies of them too.
        let is_gate = ["audit", "review"]
            .iter()
            .any(|command| shell.starts_with(&format!("agent-overlap {command}")));
        assert!(
            code == 0 || (is_gate && code == 1),
            "{command}: {code}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.stderr.is_empty(), "{command}");
        n_run += 1;
    }
    assert!(n_run >= 6, "the commands are found");
}
