//! `agent-overlap explain`: what it says of rules and facets, and that its
//! examples break the rules that they explain.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use agent_overlap::finding::Rule;
use serde_json::Value;
use tempfile::TempDir;

use crate::{run, write};

/// The example of a rule in a folder of its own, each file through `change`.
fn example(rule: Rule, config: &str, change: impl Fn(&str) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let guide = rule.guide();
    write(folder.path(), "agent-overlap.toml", format!("{}\n{config}", guide.config));
    for (path, content) in guide.files {
        write(folder.path(), path, change(content));
    }
    folder
}

fn report(folder: &TempDir) -> Value {
    run(folder.path(), &["audit", ".", "--format", "json", "--fail-on", "never"]).json()
}

fn n_findings(rule: Rule, report: &Value) -> usize {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule.id()).count()
}

#[test]
fn each_example_breaks_its_rule() {
    for rule in Rule::ALL {
        let report = report(&example(rule, "", str::to_owned));
        assert_ne!(n_findings(rule, &report), 0, "{}: {report}", rule.id());
        assert_eq!(report["summary"]["allowed"], 0);
    }
}

#[test]
fn each_rule_can_be_switched_off() {
    for rule in Rule::ALL {
        let off = format!("[rules]\n{} = \"off\"\n", rule.id());
        let report = report(&example(rule, &off, str::to_owned));
        assert_eq!(n_findings(rule, &report), 0, "{}", rule.id());
    }
}

/// A comment above the text of a definition, below its frontmatter.
fn with_comment(content: &str, comment: &str) -> String {
    match content.strip_prefix("---\n").and_then(|rest| rest.split_once("---\n")) {
        Some((head, body)) => format!("---\n{head}---\n{comment}\n{body}"),
        None => format!("{comment}\n{content}"),
    }
}

#[test]
fn each_rule_can_be_allowed_by_a_comment() {
    for rule in Rule::ALL {
        let comment = format!("<!-- agent-overlap: allow {}: it is meant -->", rule.id());
        let report = report(&example(rule, "", |content| with_comment(content, &comment)));
        assert_eq!(n_findings(rule, &report), 0, "{}", rule.id());
        assert_ne!(report["summary"]["allowed"], 0, "{}", rule.id());
        assert_eq!(report["problems"].as_array().unwrap().len(), 0, "{report}");
    }
}

#[test]
fn a_comment_allows_what_stands_in_its_section() {
    let rule = Rule::QuantityConflict;
    let below = |heading: &str| {
        let comment = "<!-- agent-overlap: allow quantity-conflict: it is meant -->";
        let folder = example(rule, "", |content| {
            let (head, tail) = content.split_once("\n\n- ").unwrap_or((content, ""));
            match content.starts_with("---") {
                true => format!("{head}\n\n## Tests\n\n- {tail}\n## Other\n\nText.\n")
                    .replace(heading, &format!("{heading}\n\n{comment}\n")),
                false => content.to_owned(),
            }
        });
        n_findings(rule, &report(&folder))
    };
    assert_eq!(below("## Tests"), 0);
    assert_eq!(below("## Other"), 1);
}

#[test]
fn a_comment_excuses_no_other_who_takes_the_side() {
    let folder = tempfile::tempdir().unwrap();
    let comment = "<!-- agent-overlap: allow choice-conflict: it is meant -->";
    let agent = |name: &str, comment: &str| {
        write(
            folder.path(),
            &format!(".claude/agents/{name}.md"),
            format!(
                "---\nname: {name}\ndescription: Packs {name}s.\n---\n{comment}\n\n- Use yarn to \
                 install packages\n"
            ),
        );
    };
    write(folder.path(), "CLAUDE.md", "- Use pnpm to install packages\n");
    agent("sail", comment);
    agent("rope", "");
    let n = || n_findings(Rule::ChoiceConflict, &report(&folder));
    assert_eq!(n(), 1);
    agent("rope", comment);
    assert_eq!(n(), 0);
}

#[test]
fn an_allowance_with_a_mistake_is_a_problem() {
    for (comment, expected) in [
        ("<!-- agent-overlap: allow missing-tool -->", "without a reason"),
        ("<!-- agent-overlap: allow mising-tool: it is meant -->", "did you mean `missing-tool`?"),
    ] {
        let folder = example(Rule::MissingTool, "", |content| with_comment(content, comment));
        let report = report(&folder);
        assert_eq!(n_findings(Rule::MissingTool, &report), 1);
        let [problem] = &report["problems"].as_array().unwrap()[..] else {
            panic!("{report}");
        };
        assert_eq!(problem["line"], 6);
        assert!(problem["message"].as_str().unwrap().contains(expected), "{problem}");
        let text = run(folder.path(), &["audit"]);
        assert!(text.text().contains("tide-reader.md:6"), "{}", text.text());
    }
}

#[test]
fn explanations_are_laid_out() {
    let folder = tempfile::tempdir().unwrap();
    for (name, width) in
        [("choice-conflict", "80"), ("choice-conflict", "200"), ("package-manager-js", "80")]
    {
        let run = run(folder.path(), &["explain", name, "--width", width]);
        assert_eq!(run.code, Some(0));
        assert_eq!(run.stderr, "");
        let widest = run.text().lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width.parse().unwrap()), "{}", run.text());
        insta::assert_snapshot!(format!("{name}-{width}"), run.text());
    }
}

#[test]
fn the_models_of_the_house_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &["explain", "model"]);
    assert!(run.text().contains("model = [\"sonnet\", \"haiku\"]"), "{}", run.text());
}

#[test]
fn without_a_name_all_rules_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &["explain"]);
    for rule in Rule::ALL {
        assert!(run.text().contains(rule.id()), "{}", rule.id());
    }
}

#[test]
fn a_name_that_is_not_there_gets_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    for (name, expected) in [
        ("choice-conflct", "did you mean `choice-conflict`?"),
        ("package-manager", "did you mean `package-manager-js`?"),
        ("qqqqq", "`agent-overlap explain` lists the rules"),
    ] {
        let run = run(folder.path(), &["explain", name]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn a_facet_is_explained_as_the_configuration_leaves_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[house]\npackage-manager-js = \"pnpm\"\n[facets.package-manager-js.options]\nBun = { off = true }\n\
                  [facets.mascot]\ntitle = \"mascot\"\noptions = { Ferris = {}, Gopher = {} }\n";
    write(folder.path(), "agent-overlap.toml", config);
    let facet = run(folder.path(), &["explain", "package-manager-js"]);
    assert!(facet.text().contains("Right here is pnpm"), "{}", facet.text());
    assert!(facet.text().contains("bun   switched off"), "{}", facet.text());
    assert!(run(folder.path(), &["explain", "mascot"]).text().contains("Gopher"));
}
