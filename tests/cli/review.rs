//! `agent-overlap review`: what a change does to the collection it joins.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Run, git, run, write};

/// A backend agent with three statements of its own and what the team shares.
fn backend_agent(name: &str, description: &str, own: [&str; 3]) -> String {
    format!(
        "---\nname: {name}\ndescription: {description}\nmodel: sonnet\n---\n\
         You are a senior backend developer who designs services, APIs and databases.\n\n\
         ## Approach\n\
         - Validate every request at the border of the service\n\
         - Use parameterized queries for all database access\n\
         - Retry calls to other services with exponential backoff\n\
         - {}\n- {}\n- {}\n",
        own[0], own[1], own[2]
    )
}

/// A repository with three backend agents, one on docs and an old disagreement.
fn team() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "CLAUDE.md",
        "# Shop\n\n- Use pnpm to install packages\n- p95 latency stays below 200 ms\n",
    );
    let description = "Builds backend services, APIs and databases. Use for backend work.";
    let agents = [
        (
            "backend-developer",
            [
                "Write a migration for each change of a table",
                "Log the request id with every error",
                "p95 latency stays below 500 ms",
            ],
        ),
        (
            "backend-engineer",
            [
                "Cache what is read often in Redis",
                "Page through long lists with cursors",
                "Measure the slowest endpoint first",
            ],
        ),
        (
            "backend-expert",
            [
                "Keep handlers thin and move rules into the domain",
                "Publish an event after each commit",
                "Set a timeout on every outgoing call",
            ],
        ),
    ];
    for (name, own) in agents {
        let path = format!(".claude/agents/{name}.md");
        write(folder.path(), &path, backend_agent(name, description, own));
    }
    write(
        folder.path(),
        ".claude/agents/docs-writer.md",
        "---\nname: docs-writer\ndescription: Writes the handbook for customers.\n---\n\
         You write the handbook.\n\n- Explain one task a page\n- Show a picture of each screen\n",
    );
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "The team"]);
    folder
}

const NEW: &str = ".claude/agents/backend-specialist.md";

/// The team with a branch that adds a fourth backend agent.
fn team_with_fourth(model: &str) -> TempDir {
    let folder = team();
    let text = backend_agent(
        "backend-specialist",
        "Specialist for backend services, APIs and databases. Use for any backend work.",
        [
            "Log the request id with every error",
            "Cache what is read often in Redis",
            "Name each queue after the team that owns it",
        ],
    );
    git(folder.path(), &["checkout", "-q", "-b", "fourth"]);
    write(folder.path(), NEW, text.replace("model: sonnet", &format!("model: {model}")));
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "A fourth one"]);
    folder
}

fn review(folder: &Path, more: &[&str]) -> Run {
    let arguments = ["review", "--base", "main"];
    run(folder, &[&arguments[..], more].concat())
}

/// The review of `path` in a JSON review.
fn entry<'a>(review: &'a Value, path: &str) -> &'a Value {
    let of_path = |one: &&Value| {
        let agent = &review["agents"][one["agent"].as_u64().unwrap() as usize];
        agent["path"] == path
    };
    let mut reviewed = review["reviewed"].as_array().unwrap().iter();
    reviewed.find(of_path).expect("the path is under review")
}

/// The paths of all that is under review.
fn reviewed(review: &Value) -> Vec<&str> {
    let reviewed = review["reviewed"].as_array().unwrap().iter();
    reviewed
        .map(|one| one["agent"].as_u64().unwrap() as usize)
        .map(|agent| review["agents"][agent]["path"].as_str().unwrap())
        .collect()
}

fn rules(review: &Value) -> Vec<&str> {
    let findings = review["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn a_fourth_backend_agent_is_redundant_with_the_three() {
    let folder = team_with_fourth("sonnet");
    let run = review(folder.path(), &["--format", "json"]);
    let review = run.json();
    let entry = entry(&review, NEW);
    assert_eq!(entry["verdict"], "redundant");
    assert_eq!(entry["status"], "added");
    let nearest = entry["nearest"].as_array().unwrap().iter();
    let mut names: Vec<&str> = nearest
        .filter(|near| near["relation"] != "overlapping")
        .map(|near| {
            let agent = near["agent"].as_u64().unwrap() as usize;
            review["agents"][agent]["name"].as_str().unwrap()
        })
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["backend-developer", "backend-engineer", "backend-expert"]);
    let only_here = entry["only_here"].as_array().unwrap();
    assert_eq!(only_here.len(), 1);
    assert_eq!(only_here[0]["text"], "Name each queue after the team that owns it");
}

#[test]
fn the_text_of_a_review_says_what_to_do() {
    let folder = team_with_fourth("opus");
    let run = review(folder.path(), &["--width", "90"]);
    insta::assert_snapshot!(without_commit(run.text()));
    super::readme::assert_excerpt("1 new or changed", run.text());
}

/// The text with the base's name, which depends on the clock, left out.
fn without_commit(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once("since ") {
        Some((before, _)) => format!("{before}since [commit]"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn another_model_is_a_conflict_that_the_change_adds_and_old_ones_are_not() {
    let folder = team_with_fourth("opus");
    let audit = run(folder.path(), &["audit", "--format", "json"]).json();
    assert!(rules(&audit).contains(&"quantity-conflict"), "the old one");
    let review = review(folder.path(), &["--format", "json"]).json();
    assert!(rules(&review).contains(&"model-conflict"));
    assert!(!rules(&review).contains(&"quantity-conflict"));
}

#[test]
fn a_harmless_agent_passes() {
    let folder = team();
    write(
        folder.path(),
        ".claude/agents/translator.md",
        "---\nname: translator\ndescription: Translates user interface strings into Welsh.\n---\n\
         You translate labels.\n\n- Keep placeholders as they are\n- Ask a native speaker about idioms\n",
    );
    let run = review(folder.path(), &["--fail-on", "warning", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let review = run.json();
    let entry = entry(&review, ".claude/agents/translator.md");
    assert_eq!(entry["verdict"], "new");
    assert_eq!(review["findings"], Value::Array(Vec::new()));
}

#[test]
fn a_changed_agent_is_told_apart_from_what_it_was() {
    let folder = team();
    let path = ".claude/agents/docs-writer.md";
    let old = fs::read_to_string(folder.path().join(path)).unwrap();
    write(folder.path(), path, format!("{old}- Use yarn to install packages\n"));
    let run = review(folder.path(), &["--format", "json"]);
    let review = run.json();
    let entry = entry(&review, path);
    assert_eq!(entry["status"], "changed");
    assert_eq!(entry["verdict"], "conflicts");
    assert_eq!(entry["was"], "new");
    assert_eq!(rules(&review), ["choice-conflict"]);
}

#[test]
fn what_was_so_before_a_change_is_counted_and_not_repeated() {
    let folder = team();
    let path = ".claude/agents/backend-developer.md";
    let old = fs::read_to_string(folder.path().join(path)).unwrap();
    write(folder.path(), path, old.replace("Write a migration", "Write one migration"));
    let review = review(folder.path(), &["--format", "json"]).json();
    assert!(!rules(&review).contains(&"quantity-conflict"));
    assert!(review["n_known"].as_u64().unwrap() > 0);
}

/// The findings of the working tree of `folder` with a package manager for the
/// agent of one path.
fn rules_with(folder: &Path, path: &str, advice: &str) -> Vec<String> {
    let text = backend_agent("store-keeper", "Keeps the store of parts.", [advice, "", ""]);
    write(folder, path, text.replace("backend", "store"));
    let review = review(folder, &["--format", "json"]).json();
    rules(&review).iter().map(|rule| (*rule).to_owned()).collect()
}

#[test]
fn who_joins_the_side_that_leads_adds_no_conflict() {
    let folder = team();
    let old = ".claude/agents/docs-writer.md";
    let text = fs::read_to_string(folder.path().join(old)).unwrap();
    let yarn = "- Use yarn to install packages\n";
    write(folder.path(), old, text + yarn);
    git(folder.path(), &["commit", "-q", "-a", "-m", "Yarn"]);

    let new = ".claude/agents/a-store-keeper.md";
    let conflict = "choice-conflict".to_owned();
    let with = |advice: &str| rules_with(folder.path(), new, advice);
    assert!(!with("Use pnpm to install packages").contains(&conflict));
    assert!(with("Use yarn to install packages").contains(&conflict));
}

#[test]
fn memory_files_that_disagree_excuse_nobody() {
    let folder = team();
    write(folder.path(), "AGENTS.md", "# Shop\n\n- Use yarn to install packages\n");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "Yarn"]);
    let new = ".claude/agents/a-store-keeper.md";
    for advice in ["Use pnpm to install packages", "Use yarn to install packages"] {
        let rules = rules_with(folder.path(), new, advice);
        assert!(rules.contains(&"choice-conflict".to_owned()), "{advice}");
    }
    // The place is in the change, where the author of it looks.
    let run = review(folder.path(), &["--format", "github"]);
    let annotations = run.text();
    let of_conflict = annotations.lines().find(|line| line.contains("choice-conflict"));
    let place = format!("::warning file={new},line=");
    assert!(of_conflict.unwrap().replace("error", "warning").starts_with(&place), "{annotations}");
}

#[test]
fn other_words_for_an_old_conflict_add_none() {
    let folder = team();
    let path = ".claude/agents/backend-developer.md";
    let old = fs::read_to_string(folder.path().join(path)).unwrap();
    let changed = |from: &str, to: &str| {
        write(folder.path(), path, old.replace(from, to));
        let review = review(folder.path(), &["--format", "json"]).json();
        rules(&review).contains(&"quantity-conflict")
    };
    assert!(!changed("p95 latency stays", "the p95 latency stays"));
    assert!(changed("500 ms", "600 ms"));
}

#[test]
fn a_base_and_another_collection_share_the_change_or_none() {
    let folder = team_with_fourth("opus");
    let other = tempfile::tempdir().unwrap();
    let agent = "---\nname: a\ndescription: A.\n---\nText.\n";
    write(other.path(), "agents/a.md", agent);
    let run = review(folder.path(), &["--against", other.path().to_str().unwrap()]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("lies outside of --against"), "{}", run.stderr);
}

#[test]
fn a_newcomer_is_the_one_to_drop() {
    let folder = team();
    let old = ".claude/agents/backend-developer.md";
    let text = fs::read_to_string(folder.path().join(old)).unwrap();
    let new = text.replace("name: backend-developer", "name: a-developer");
    write(folder.path(), ".claude/agents/a-developer.md", new);
    let run = review(folder.path(), &["--format", "github"]);
    assert!(run.text().contains("what only the new `a-developer` says"), "{}", run.text());
    let run = review(folder.path(), &["--fail-on", "warning"]);
    assert_eq!(run.code, Some(1));
    assert!(run.text().contains("1 duplicate. Added beside that: 1 warning."), "{}", run.text());
}

#[test]
fn a_moved_agent_brings_no_old_findings_along() {
    let folder = team();
    let from = folder.path().join(".claude/agents/backend-developer.md");
    let to = folder.path().join(".claude/agents/team/backend-developer.md");
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(from, &to).unwrap();
    git(folder.path(), &["add", "-A"]);
    let review = review(folder.path(), &["--format", "json"]).json();
    let entry = entry(&review, ".claude/agents/team/backend-developer.md");
    assert_eq!(entry["status"], "changed");
    assert_eq!(rules(&review), [""; 0]);
    assert_eq!(review["removed"], Value::Array(Vec::new()));
}

#[test]
fn a_changed_definition_is_told_on_the_page_as_in_the_text() {
    let folder = team();
    let from = folder.path().join(".claude/agents/docs-writer.md");
    fs::rename(from, folder.path().join(".claude/agents/handbook.md")).unwrap();
    git(folder.path(), &["add", "-A"]);
    for format in ["text", "markdown"] {
        let run = review(folder.path(), &["--format", format]);
        let page = run.text().replace('\\', "");
        assert!(page.contains("changed, renamed from .claude/agents/docs-writer.md"), "{page}");
    }
}

#[test]
fn a_new_agent_is_told_who_comes_closest() {
    let folder = team();
    write(
        folder.path(),
        ".claude/agents/translator.md",
        "---\nname: backend-translator\ndescription: Translates labels of the shop into Welsh.\n---\n\
         You translate labels.\n\n- Keep placeholders as they are\n",
    );
    let run = review(folder.path(), &["--format", "json"]);
    let review_json = run.json();
    let entry = entry(&review_json, ".claude/agents/translator.md");
    assert_eq!(entry["verdict"], "new");
    let closest = entry["closest"]["agent"].as_u64().unwrap() as usize;
    assert!(
        review_json["agents"][closest]["name"].as_str().unwrap().starts_with("backend-"),
        "{entry}"
    );
    for format in ["text", "markdown", "html"] {
        let run = review(folder.path(), &["--format", format]);
        let words: Vec<&str> = run.text().split_whitespace().collect();
        let said = words.join(" ").contains("by their words too little to overlap");
        assert!(said, "{}", run.text());
    }
}

#[test]
fn a_copy_that_contradicts_its_original_is_not_to_be_moved_there() {
    let folder = team();
    let text =
        fs::read_to_string(folder.path().join(".claude/agents/backend-developer.md")).unwrap();
    let old = text.replace("- p95", "- Always use React, never use Vue.\n- p95");
    write(folder.path(), ".claude/agents/backend-developer.md", &old);
    git(folder.path(), &["commit", "-q", "-a", "-m", "React"]);
    let new = old.replace("name: backend-developer", "name: backend-two");
    let new = new.replace("use React, never use Vue", "use Vue, never use React");
    write(folder.path(), ".claude/agents/backend-two.md", new);
    let run = review(folder.path(), &[]);
    assert!(run.text().contains("it contradicts backend-developer, see below"), "{}", run.text());
    let own = ".claude/agents/backend-two.md:";
    let quoted = run
        .text()
        .lines()
        .filter(|line| line.trim_start().starts_with(own) && line.contains("Vue"));
    assert_eq!(quoted.count(), 1, "{}", run.text());
    assert!(run.text().contains("Vue, not React"), "{}", run.text());
}

#[test]
fn what_a_review_of_a_folder_does_not_read_is_said() {
    let folder = team();
    let agents = folder.path().join(".claude/agents");
    fs::create_dir_all(folder.path().join("sub/agents")).unwrap();
    fs::rename(agents.join("docs-writer.md"), folder.path().join("sub/agents/docs-writer.md"))
        .unwrap();
    write(folder.path(), ".claude/agents/new.md", "---\nname: new\ndescription: d\n---\nNew.\n");
    git(folder.path(), &["add", "-A"]);
    let run = review(&folder.path().join("sub"), &["--format", "json"]);
    assert_eq!(
        run.stderr,
        "note: 1 changed definition lies outside of this folder, which alone is read; run at the \
         root of the work tree to review all\n"
    );
    let review = run.json();
    assert_eq!(reviewed(&review), ["agents/docs-writer.md"]);
    let entry = entry(&review, "agents/docs-writer.md");
    assert_eq!(entry["status"], "changed");
    assert_eq!(entry["old_path"], "../.claude/agents/docs-writer.md");
}

/// The team with an agent that calls the `docs-writer`.
fn team_with_lead() -> TempDir {
    let folder = team();
    write(
        folder.path(),
        ".claude/agents/lead.md",
        "---\nname: lead\ndescription: Plans the week.\n---\nYou plan.\n\n\
         Delegate texts for customers to the `docs-writer` agent.\n",
    );
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "A lead"]);
    folder
}

#[test]
fn who_calls_a_removed_agent_is_told() {
    let folder = team_with_lead();
    fs::remove_file(folder.path().join(".claude/agents/docs-writer.md")).unwrap();
    let review = review(folder.path(), &["--format", "json"]).json();
    assert_eq!(review["removed"], serde_json::json!([".claude/agents/docs-writer.md"]));
    assert_eq!(rules(&review), ["dangling-reference"]);
}

#[test]
fn who_calls_a_renamed_agent_gets_its_new_name() {
    let folder = team_with_lead();
    let [old, new] = ["docs-writer", "handbook-writer"].map(|name| {
        let path = folder.path().join(".claude/agents").join(name);
        path.with_extension("md")
    });
    let text = fs::read_to_string(&old).unwrap();
    fs::write(new, text.replace("name: docs-writer", "name: handbook-writer")).unwrap();
    fs::remove_file(old).unwrap();
    git(folder.path(), &["add", "-A"]);
    let review = review(folder.path(), &["--format", "json"]).json();
    assert_eq!(rules(&review), ["dangling-reference"]);
    assert_eq!(
        review["findings"][0]["help"],
        "write `handbook-writer` instead of `docs-writer`, which this change renames"
    );
}

#[test]
fn a_collection_may_be_named_by_any_path() {
    let folder = team();
    fs::remove_file(folder.path().join(".claude/agents/docs-writer.md")).unwrap();
    let absolute = folder.path().join(".claude").display().to_string();
    for against in [".", "./.claude/agents", "src/../.claude", &absolute] {
        fs::create_dir_all(folder.path().join("src")).unwrap();
        let review = review(folder.path(), &["--against", against, "--format", "json"]);
        assert_eq!(
            review.json()["removed"],
            serde_json::json!([".claude/agents/docs-writer.md"]),
            "{against}"
        );
    }
}

#[test]
fn what_main_did_meanwhile_is_not_the_branch_s_fault() {
    let folder = team_with_fourth("sonnet");
    git(folder.path(), &["checkout", "-q", "main"]);
    write(
        folder.path(),
        ".claude/agents/tester.md",
        "---\nname: tester\ndescription: Tests the checkout by hand.\n---\nYou test.\n",
    );
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "A tester"]);
    git(folder.path(), &["checkout", "-q", "fourth"]);
    let review = review(folder.path(), &["--format", "json"]).json();
    assert_eq!(review["reviewed"].as_array().unwrap().len(), 1);
    assert_eq!(review["removed"], Value::Array(Vec::new()));
}

#[test]
fn a_file_outside_is_reviewed_against_a_collection_without_git() {
    let folder = tempfile::tempdir().unwrap();
    let text = backend_agent(
        "backend-developer",
        "Builds backend services. Use for backend work.",
        ["One", "Two", "Three"],
    );
    write(folder.path(), "agents/backend-developer.md", &text);
    write(folder.path(), "inbox/candidate.txt", &text);
    let arguments = ["review", "inbox/candidate.txt", "--against", "agents"];
    let run = run(folder.path(), &[&arguments[..], &["--format", "json"]].concat());
    let review = run.json();
    let entry = entry(&review, "inbox/candidate.txt");
    assert_eq!(entry["verdict"], "duplicate");
    assert_eq!(entry["status"], "named");
    assert_eq!(entry["was"], Value::Null);
}

#[test]
fn named_files_are_reviewed_and_no_others() {
    let parent = tempfile::tempdir().unwrap();
    let agent = |name: &str| {
        let own = [name, "Two", "Three"];
        backend_agent(name, "Builds backend services. Use for backend work.", own)
    };
    write(parent.path(), "agents/one.md", agent("one"));
    write(parent.path(), "agents/two.md", agent("two"));
    write(parent.path(), "app/new/three.md", agent("three"));
    let app = parent.path().join("app");
    for (new, against) in [
        (".", "../agents"),
        ("new", "../agents"),
        (".", ".."),
        ("new", ".."),
        ("../app", ".."),
        ("../app/new/three.md", ".."),
    ] {
        let arguments = ["review", new, "--against", against, "--format", "json"];
        let review = run(&app, &arguments).json();
        let paths = reviewed(&review);
        assert_eq!(paths, ["new/three.md"], "{new} against {against}");
    }
    let arguments = ["review", "..", "--against", ".", "--format", "json"];
    assert_eq!(reviewed(&run(&app, &arguments).json()).len(), 3);
}

#[test]
fn the_user_s_own_agents_are_no_part_of_a_reviewed_folder() {
    let home = tempfile::tempdir().unwrap();
    let folder = team();
    let text = "---\nname: planner\ndescription: Plans the week.\n---\nYou plan.\n";
    write(home.path(), ".claude/agents/planner.md", text);
    let output = crate::bounded_program()
        .args(["review", ".", "--user", "--format", "json"])
        .current_dir(folder.path())
        .env("HOME", home.path())
        .output()
        .unwrap();
    let review: Value = serde_json::from_slice(&output.stdout).unwrap();
    let reviewed = reviewed(&review);
    assert_eq!(reviewed.len(), 5, "{reviewed:?}");
    assert!(!reviewed.contains(&"~/.claude/agents/planner.md"));
    assert_eq!(review["summary"]["agents"], 6);
}

#[test]
fn a_base_that_is_not_there_is_named() {
    let folder = team();
    let run = run(folder.path(), &["review", "--base=-x"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("git knows no commit `-x`"), "{}", run.stderr);

    let folder = tempfile::tempdir().unwrap();
    let run = crate::run(folder.path(), &["review", "--base", "main"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("git work tree"), "{}", run.stderr);
}

#[test]
fn nothing_to_review_is_said() {
    let folder = team();
    let run = review(folder.path(), &[]);
    assert_eq!(run.code, Some(0));
    assert!(run.text().starts_with("No new or changed definitions.\n"));
    let nothing = crate::run(folder.path(), &["review"]);
    assert_eq!(nothing.code, Some(2));
}

#[test]
fn a_loose_file_is_taken_for_one_of_the_agents_that_it_is_to_join() {
    let folder = team();
    let text = backend_agent("docs-writer", "Draws charts of the harbour.", ["a", "b", "c"]);
    write(folder.path(), "new-agent.md", &text);
    let run = run(folder.path(), &["review", "new-agent.md", "--format", "json"]);
    let review = run.json();
    assert_eq!(run.code, Some(1), "{}", run.text());
    assert_eq!(entry(&review, "new-agent.md")["verdict"], "conflicts");
    assert!(rules(&review).contains(&"name-collision"));
}

#[test]
fn of_two_newcomers_of_one_text_one_is_to_stay() {
    let folder = team();
    let text = |name: &str| {
        let own = ["Fold each chart twice", "Store charts by coast", "Ink the depths"];
        backend_agent(name, "Draws charts of the harbour.", own)
    };
    write(folder.path(), "new/agents/chart-maker.md", text("chart-maker"));
    write(folder.path(), "new/agents/map-drawer.md", text("map-drawer"));
    let run = run(folder.path(), &["review", "new"]);
    let said = |what: &str| run.text().matches(what).count();
    assert_eq!(said("drop it and use chart-maker"), 1, "{}", run.text());
    assert_eq!(said("keep this one and not map-drawer"), 1, "{}", run.text());
}
