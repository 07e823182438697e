//! `[facets]` and `[house]`: mistakes in them, and what they change.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::audit::copy_folder;
use crate::{Run, fixture, run, write};

/// The fixture `stances` under a configuration.
fn stances(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("stances"), folder.path());
    write(folder.path(), "agent-overlap.toml", config);
    folder
}

fn audit(config: &str) -> Run {
    run(stances(config).path(), &["audit", ".", "--format", "json"])
}

/// The findings of a rule: message and paths.
fn findings(report: &Value, rule: &str) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["rule"] == rule)
        .map(|finding| {
            let evidence = finding["evidence"].as_array().unwrap().iter();
            (text(&finding["message"]), evidence.map(|place| text(&place["path"])).collect())
        })
        .collect()
}

#[test]
fn mistakes_stop_the_run_and_get_the_nearest_name() {
    for (config, expected) in [
        (
            "[house]\npackage-manager = \"pnpm\"\n",
            "error: agent-overlap.toml:2:1: unknown facet `package-manager`; did you mean `package-manager-js`?\n",
        ),
        (
            "# Ours\n[house]\npackage-manager-js = [\n  \"pnpm\",\n  \"yaarn\",\n]\n",
            "error: agent-overlap.toml:5:3: unknown option `yaarn` of `package-manager-js`; did you mean `yarn`?\n",
        ),
        (
            "[house]\nmodel = [\"sonnet\", \"hiaku\"]\n",
            "error: agent-overlap.toml:2:20: unknown model `hiaku`; did you mean `haiku`?\n",
        ),
        (
            "[facets.package-manager-js.options]\nPnmp = { off = true }\n",
            "error: agent-overlap.toml:2:1: unknown option `Pnmp` of `package-manager-js`; did you mean `pnpm`?\n",
        ),
        (
            "[facets.packge-manager-js]\noff = true\n",
            "error: agent-overlap.toml:1:9: unknown facet `packge-manager-js`; did you mean `package-manager-js`?\n",
        ),
    ] {
        for command in [&["audit"][..], &["facets"], &["explain", "house-rule"]] {
            let run = run(stances(config).path(), command);
            assert_eq!(run.code, Some(2), "{config}");
            assert_eq!(run.stderr, expected);
        }
    }
}

#[test]
fn who_breaks_the_house_rule_is_told_once_with_a_quote() {
    let run = audit("[house]\npackage-manager-js = \"pnpm\"\n");
    assert_eq!(run.code, Some(1));
    let report = run.json();
    let [(message, paths)] = &findings(&report, "house-rule")[..] else {
        panic!("{report}");
    };
    assert_eq!(
        message,
        "JavaScript package manager: pnpm is right here, but `deck-builder` and `dock-tester` take npm"
    );
    assert_eq!(paths, &[".claude/agents/deck-builder.md", ".claude/agents/dock-tester.md"]);
    let conflicts = findings(&report, "choice-conflict");
    assert!(
        conflicts.iter().all(|(message, _)| !message.contains("package manager")),
        "{conflicts:?}"
    );
}

#[test]
fn several_options_may_be_right() {
    let report = audit("[house]\npackage-manager-js = [\"pnpm\", \"npm\"]\n").json();
    assert_eq!(findings(&report, "house-rule"), []);
    let report = audit("[house]\npackage-manager-js = [\"yarn\", \"bun\"]\n").json();
    assert_eq!(findings(&report, "house-rule").len(), 2, "one for each wrong option");
}

#[test]
fn the_house_may_say_which_models_are_right() {
    let report = audit("[house]\nmodel = [\"sonnet\", \"haiku\"]\n").json();
    let [(message, paths)] = &findings(&report, "house-rule")[..] else {
        panic!("{report}");
    };
    assert_eq!(message, "model: sonnet or haiku is right here, but `harbour-architect` takes opus");
    assert_eq!(paths, &[".claude/agents/harbour-architect.md"]);
}

#[test]
fn a_facet_or_an_option_can_be_switched_off() {
    let package_manager = |config: &str| {
        let conflicts = findings(&audit(config).json(), "choice-conflict");
        conflicts.iter().filter(|(message, _)| message.contains("package manager")).count()
    };
    assert_eq!(package_manager(""), 1);
    assert_eq!(package_manager("[facets.package-manager-js]\noff = true\n"), 0);
    assert_eq!(package_manager("[facets.package-manager-js.options]\nNPM = { off = true }\n"), 0);
    assert_eq!(package_manager("[facets.package-manager-js.options]\nBun = { off = true }\n"), 1);
}

#[test]
fn a_facet_of_ones_own_is_in_dispute_like_any_other() {
    let config =
        "[facets.mascot]\ntitle = \"mascot\"\n[facets.mascot.options]\nFerris = {}\nGopher = {}\n";
    let folder = stances(config);
    for (path, advice) in [
        ("CLAUDE.md", "- Always use Ferris."),
        (".claude/agents/deck-builder.md", "- Always use Gopher."),
    ] {
        let text = fs::read_to_string(folder.path().join(path)).unwrap();
        write(folder.path(), path, format!("{text}\n{advice}\n"));
    }
    let report = run(folder.path(), &["audit", ".", "--format", "json"]).json();
    let conflicts = findings(&report, "choice-conflict");
    assert!(conflicts.iter().any(|(message, _)| message.starts_with("mascot: ")), "{conflicts:?}");
}

#[test]
fn only_what_speaks_of_the_whole_project_can_break_a_house_rule() {
    let config = "[house]\npackage-manager-js = \"pnpm\"\nbackend-framework = \"Next.js\"\n";
    for (path, text, expected) in [
        (".claude/agents/a.md", "- Always use npm.", "`a` takes npm"),
        (".claude/agents/a.md", "- Never use pnpm.", "`a` rejects pnpm"),
        (".claude/agents/a.md", "## Legacy\n\n- Always use npm.", ""),
        (".claude/agents/a.md", "- If the project uses npm, keep it.", ""),
        (".claude/agents/a.md", "You are an expert Flask developer.", ""),
        (".claude/agents/templates/a.md", "- Always use npm.", ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "agent-overlap.toml", config);
        let head = "---\nname: a\ndescription: Builds the site\n---\n\n";
        write(folder.path(), path, format!("{head}{text}\n"));
        let report = run(folder.path(), &["audit", ".", "--format", "json"]).json();
        let messages: Vec<String> =
            findings(&report, "house-rule").into_iter().map(|(message, _)| message).collect();
        match expected {
            "" => assert_eq!(messages, [] as [&str; 0], "{path}: {text}"),
            _ => assert!(messages.concat().ends_with(expected), "{text}: {messages:?}"),
        }
    }
}

#[test]
fn no_side_of_a_conflict_goes_unsaid_for_a_decision_of_the_house() {
    for (house, expected) in [
        ("", &[][..]),
        ("[house]\nbackend-framework = \"Flask\"\n", &["`backend-specialist` takes Next.js"]),
        (
            "[house]\nbackend-framework = \"Django\"\n",
            &["`backend-infra-expert` takes Flask", "`backend-specialist` takes Next.js"],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "agent-overlap.toml", house);
        let config = folder.path().join("agent-overlap.toml");
        let config = config.to_str().unwrap();
        let team = fixture("backend-team");
        let report = run(&team, &["audit", ".", "--config", config, "--format", "json"]).json();
        let broken = findings(&report, "house-rule");
        let broken: Vec<&str> = broken.iter().map(|(message, _)| message.as_str()).collect();
        assert_eq!(broken.len(), expected.len(), "{house}: {broken:?}");
        let mut both = broken.iter().zip(expected);
        assert!(both.all(|(message, end)| message.ends_with(end)), "{broken:?}");
        let conflicts = findings(&report, "choice-conflict").into_iter();
        let n_conflicts = conflicts.filter(|(message, _)| message.starts_with("backend framework"));
        assert_eq!(n_conflicts.count(), usize::from(house.is_empty()), "{house}");
    }
}

#[test]
fn a_line_for_one_option_and_against_another_is_quoted_once_in_every_form() {
    let line = "Package manager: pnpm (not npm)";
    for format in ["text", "markdown", "github", "sarif"] {
        let run = run(&fixture("stances"), &["audit", ".", "--format", format]);
        let text = run.text().replace('\\', "");
        assert_eq!(text.matches(line).count(), 1, "{format}: {text}");
    }
}

#[test]
fn a_name_excuses_nobody_from_what_it_does_not_name() {
    for (name, is_told) in [("python-dev", true), ("dramatiq-dev", false)] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "agent-overlap.toml", "[house]\njob-queue = \"Celery\"\n");
        write(
            folder.path(),
            &format!(".claude/agents/{name}.md"),
            format!(
                "---\nname: {name}\ndescription: Loads ferries.\n---\n\n\
                 - Use Dramatiq for background jobs.\n"
            ),
        );
        let report = run(folder.path(), &["audit", "--format", "json"]).json();
        let told = findings(&report, "house-rule");
        assert_eq!(!told.is_empty(), is_told, "{name}: {told:?}");
    }
}
