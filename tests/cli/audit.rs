//! `agent-overlap audit` and `init`: each folder of `fixtures/` in, what
//! `fixtures/README.md` says of it out.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use agent_overlap::finding::Rule;
use insta_cmd::{assert_cmd_snapshot, get_cargo_bin};
use serde_json::Value;

use crate::{fixture, fixtures, repository};

/// The program, in `folder`, with `arguments` cut at blanks.
fn program(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(get_cargo_bin("agent-overlap"));
    command.current_dir(folder).env_remove("NO_COLOR").args(arguments.split_whitespace());
    command
}

pub(super) fn run(folder: &Path, arguments: &str) -> Output {
    program(folder, arguments).output().unwrap()
}

fn exit_code(folder: &Path, arguments: &str) -> i32 {
    run(folder, arguments).status.code().unwrap()
}

/// The JSON report of a fixture, with what tests ask of it.
struct Report(Value);

impl Report {
    fn of(folder: &str) -> Self {
        Self::in_folder(&fixture(folder))
    }

    fn in_folder(folder: &Path) -> Self {
        let output = run(folder, "audit . --format json --fail-on never");
        assert!(output.status.success(), "{output:?}");
        Self(serde_json::from_slice(&output.stdout).unwrap())
    }

    fn list(&self, field: &str) -> &[Value] {
        self.0[field].as_array().unwrap()
    }

    fn path(&self, agent: &Value) -> &str {
        let id = agent.as_u64().unwrap() as usize;
        self.list("agents")[id]["path"].as_str().unwrap()
    }

    fn paths(&self, agents: &Value) -> Vec<&str> {
        let agents = agents.as_array().unwrap().iter();
        agents.map(|agent| self.path(agent)).collect()
    }

    /// The agent of the file whose path ends like this.
    fn agent(&self, end: &str) -> &Value {
        let mut agents = self.list("agents").iter();
        agents
            .find(|agent| agent["path"].as_str().unwrap().ends_with(end))
            .unwrap_or_else(|| panic!("no agent in {end}"))
    }

    /// The pair of the agents in two files, if it is listed.
    fn pair(&self, left: &str, right: &str) -> Option<&Value> {
        let (left, right) = (&self.agent(left)["id"], &self.agent(right)["id"]);
        self.list("pairs").iter().find(|pair| {
            (&pair["left"], &pair["right"]) == (left, right)
                || (&pair["left"], &pair["right"]) == (right, left)
        })
    }

    fn relation(&self, left: &str, right: &str) -> &str {
        self.pair(left, right).map_or("none", |pair| pair["relation"].as_str().unwrap())
    }

    fn relations(&self) -> Vec<&str> {
        let pairs = self.list("pairs").iter();
        pairs.map(|pair| pair["relation"].as_str().unwrap()).collect()
    }

    fn groups(&self) -> Vec<Vec<&str>> {
        let groups = self.list("groups").iter();
        groups.map(|group| self.paths(&group["members"])).collect()
    }

    fn findings(&self, rule: Rule) -> Vec<&Value> {
        let findings = self.list("findings").iter();
        findings.filter(|finding| finding["rule"] == rule.id()).collect()
    }

    /// The rules of all findings, each once.
    fn rules(&self) -> BTreeSet<&str> {
        let findings = self.list("findings").iter();
        findings.map(|finding| finding["rule"].as_str().unwrap()).collect()
    }

    /// Whether a quote of one side holds `left` and that of the other `right`.
    fn matches(&self, left: &str, right: &str) -> bool {
        let mut matches =
            self.list("pairs").iter().flat_map(|pair| pair["matches"].as_array().unwrap());
        let holds = |quote: &Value, text: &str| quote["text"].as_str().unwrap().contains(text);
        matches.any(|found| {
            let (one, other) = (&found["left"], &found["right"]);
            (holds(one, left) && holds(other, right)) || (holds(one, right) && holds(other, left))
        })
    }
}

const REDUNDANT: [&str; 5] = ["identical", "duplicate", "near-duplicate", "contained", "redundant"];

const CONFLICTS: [Rule; 8] = [
    Rule::NameCollision,
    Rule::ModelConflict,
    Rule::ToolsConflict,
    Rule::PolarityConflict,
    Rule::QuantityConflict,
    Rule::FactConflict,
    Rule::SelfContradiction,
    Rule::DriftedTwin,
];

fn has_no_conflict(report: &Report) {
    for rule in CONFLICTS {
        assert!(report.findings(rule).is_empty(), "{}", rule.id());
    }
}

fn has_nothing_redundant(report: &Report) {
    assert!(report.groups().is_empty(), "{:?}", report.groups());
    for relation in report.relations() {
        assert!(!REDUNDANT.contains(&relation), "{relation}");
    }
}

#[test]
fn each_fixture_has_its_text_report() {
    for folder in fixtures() {
        insta::with_settings!({ snapshot_suffix => folder.as_str() }, {
            assert_cmd_snapshot!("text", program(&fixture(&folder), "audit . --width 100"));
        });
    }
}

#[test]
fn the_text_report_is_laid_out_for_the_width() {
    for width in [80, 200] {
        insta::with_settings!({ snapshot_suffix => format!("backend-team-{width}") }, {
            let arguments = format!("audit . --width {width}");
            assert_cmd_snapshot!("text", program(&fixture("backend-team"), &arguments));
        });
    }
}

#[test]
fn the_help_says_what_can_be_done() {
    assert_cmd_snapshot!("help", program(repository(), "--help"));
    assert_cmd_snapshot!("help-audit", program(repository(), "audit --help"));
    assert_cmd_snapshot!("help-facets", program(repository(), "facets --help"));
    assert_cmd_snapshot!("help-explain", program(repository(), "explain --help"));
}

#[test]
fn broken_frontmatter_is_found_where_it_breaks_and_the_agent_analysed() {
    let report = Report::of("backend-team");
    let places: Vec<(&str, u64)> = report
        .findings(Rule::InvalidFrontmatter)
        .iter()
        .map(|finding| &finding["evidence"][0])
        .map(|place| (place["path"].as_str().unwrap(), place["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        places,
        [
            (".claude/agents/backend-infra-engineer.md", 3),
            (".claude/agents/backend-infra-expert.md", 3),
            (".claude/agents/backend-specialist.md", 3),
            (".claude/agents/next-backend.md", 3),
        ]
    );
    for (path, model) in [
        ("backend-infra-engineer.md", "sonnet"),
        ("backend-infra-expert.md", "sonnet"),
        ("backend-generalist.md", "sonnet"),
        ("backend-specialist.md", "opus"),
        ("next-backend.md", "inherit"),
    ] {
        let agent = report.agent(path);
        assert_eq!(agent["model"], model, "{path}");
        assert!(agent["units"].as_u64().unwrap() > 20, "{path}");
        assert!(agent["description_tokens"].as_u64().unwrap() > 20, "{path}");
    }
}

#[test]
fn a_name_borne_twice_is_an_error() {
    let report = Report::of("backend-team");
    let [collision] = report.findings(Rule::NameCollision)[..] else {
        panic!("one collision");
    };
    assert_eq!(collision["severity"], "error");
    assert_eq!(
        report.paths(&collision["agents"]),
        [".claude/agents/backend-specialist.md", ".claude/agents/next-backend.md"]
    );
}

#[test]
fn an_agent_that_its_own_examples_call_otherwise_is_found_once() {
    let report = Report::of("backend-team");
    let [finding] = report.findings(Rule::DanglingReference)[..] else {
        panic!("one reference");
    };
    assert_eq!(report.paths(&finding["agents"]), [".claude/agents/next-backend.md"]);
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("`api-architect-next`"), "{message}");
    assert_eq!(finding["evidence"].as_array().unwrap().len(), 3);
}

#[test]
fn backend_agents_of_one_project_are_related() {
    let report = Report::of("backend-team");
    let related = [&REDUNDANT[..], &["overlapping"]].concat();
    for (left, right) in [
        ("backend-infra-engineer.md", "backend-infra-expert.md"),
        ("backend-specialist.md", "backend-generalist.md"),
        ("backend-specialist.md", "next-backend.md"),
    ] {
        let relation = report.relation(left, right);
        assert!(related.contains(&relation), "{left} {right}: {relation}");
    }
}

#[test]
fn advice_in_other_words_matches() {
    let report = Report::of("backend-team");
    for (left, right) in [
        (
            "Retry transient failures at most 3 times",
            "Retry transient failures with exponential backoff",
        ),
        (
            "Circuit breakers around other people's services",
            "Add circuit breakers for external dependencies",
        ),
        ("Caching layers", "Cache at the right layers"),
    ] {
        assert!(report.matches(left, right), "{left} | {right}");
    }
}

#[test]
fn a_memory_file_that_takes_no_side_is_in_no_finding() {
    let report = Report::of("backend-team");
    for finding in report.list("findings") {
        assert!(!report.paths(&finding["agents"]).contains(&"CLAUDE.md"), "{finding}");
    }
}

#[test]
fn an_exact_copy_is_identical_and_its_name_collides() {
    let report = Report::of("drifted-copies");
    let (original, copy) = ("agents/log-detective.md", "agents/log-detective-copy.md");
    assert_eq!(report.relation(original, copy), "identical");
    let [collision] = report.findings(Rule::NameCollision)[..] else {
        panic!("one collision");
    };
    assert_eq!(report.paths(&collision["agents"]), [copy, original]);
}

#[test]
fn copies_form_one_group() {
    let report = Report::of("drifted-copies");
    let all: Vec<&str> =
        report.list("agents").iter().map(|agent| agent["path"].as_str().unwrap()).collect();
    assert_eq!(all.len(), 4);
    assert_eq!(report.groups(), [all]);
}

#[test]
fn a_copy_that_drifted_under_another_name_is_a_near_duplicate() {
    let report = Report::of("drifted-copies");
    for other in ["/log-detective.md", "/log-investigator.md"] {
        assert_eq!(report.relation("/fault-finder.md", other), "near-duplicate");
    }
}

#[test]
fn a_copy_with_another_model_is_one_conflict() {
    let report = Report::of("drifted-copies");
    let [conflict] = report.findings(Rule::ModelConflict)[..] else {
        panic!("one conflict");
    };
    let options = conflict["options"].as_array().unwrap();
    assert!(options.contains(&"sonnet".into()) && options.contains(&"opus".into()));
}

#[test]
fn house_template_agents_are_never_redundant() {
    let report = Report::of("house-template");
    has_nothing_redundant(&report);
    assert_eq!(report.rules(), BTreeSet::from(["shared-boilerplate"]));
    let [block] = report.findings(Rule::SharedBoilerplate)[..] else {
        panic!("one block");
    };
    assert_eq!(block["agents"].as_array().unwrap().len(), 6);
}

#[test]
fn a_contained_agent_is_found() {
    let report = Report::of("contained");
    let (long, short) = ("agents/code-reviewer.md", "agents/quick-reviewer.md");
    let pair = report.pair(long, short).unwrap();
    assert_eq!(pair["relation"], "contained");
    assert!(pair["right_in_left"].as_f64().unwrap() > 0.9, "{pair}");
    assert!(pair["left_in_right"].as_f64().unwrap() < 0.5, "{pair}");
    assert_eq!(report.groups(), [[long, short]]);
    let group = &report.list("groups")[0];
    assert_eq!(report.path(&group["keep"]), long);
    assert_eq!(report.paths(&group["drop"]), [short]);
    assert!(group["missing_units"].as_u64().unwrap() <= 2, "{group}");
    assert_eq!(report.rules(), BTreeSet::from(["contained-agent"]));
    for other in [long, short] {
        assert_eq!(report.relation(other, "agents/tour-scheduler.md"), "none");
    }
}

#[test]
fn one_role_in_two_wordings_is_redundant_and_names_one_letter_apart_are_not() {
    let report = Report::of("same-role");
    assert_eq!(report.relation("/python-expert.md", "/python-pro.md"), "redundant");
    let redundant = report.relations();
    let n_redundant = redundant.iter().filter(|relation| REDUNDANT.contains(relation)).count();
    assert_eq!(n_redundant, 1);
    assert_eq!(report.groups(), [["agents/python-expert.md", "agents/python-pro.md"]]);
}

#[test]
fn translations_are_no_collision() {
    let report = Report::of("translations");
    assert_eq!(report.relations(), ["translation"; 15]);
    assert!(report.groups().is_empty());
    assert!(report.list("findings").is_empty());
    let languages: BTreeSet<&str> =
        report.list("agents").iter().map(|agent| agent["language"].as_str().unwrap()).collect();
    assert_eq!(languages, BTreeSet::from(["de", "en", "es", "ja", "ru", "zh"]));
}

#[test]
fn every_kind_is_read_with_its_kind() {
    // What is ignored is not in the repository either.
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("every-kind"), folder.path());
    fs::create_dir_all(folder.path().join("ignored/agents")).unwrap();
    fs::copy(
        folder.path().join(".claude/agents/ticket-pricer.md"),
        folder.path().join("ignored/agents/old-pricer.md"),
    )
    .unwrap();
    let report = Report::in_folder(folder.path());
    let kinds: Vec<(&str, &str)> = report
        .list("agents")
        .iter()
        .map(|agent| (agent["path"].as_str().unwrap(), agent["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(
        kinds,
        [
            (".claude/agents/analyzer.md", "agent"),
            (".claude/agents/ticket-pricer.md", "agent"),
            (".claude/commands/close-day.md", "command"),
            (".claude/commands/guide-text.md", "command"),
            (".claude/skills/seat-map/SKILL.md", "skill"),
            (".cursor/rules/typescript.mdc", "rule"),
            (".cursorrules", "rule"),
            (".gemini/agents/newsletter-editor.md", "agent"),
            (".github/agents/exhibit-importer.agent.md", "agent"),
            (".github/chatmodes/exhibition-planner.chatmode.md", "chat-mode"),
            (".github/copilot-instructions.md", "memory"),
            (".github/instructions/sql.instructions.md", "instructions"),
            (".github/prompts/refund-letter.prompt.md", "prompt"),
            (".opencode/agent/poster-maker.md", "agent"),
            ("AGENTS.md", "memory"),
            ("CLAUDE.md", "memory"),
            ("GEMINI.md", "memory"),
        ]
    );
    assert_eq!(report.0["summary"]["files_skipped"], 3);
    for (path, name) in [
        ("analyzer.md", "analyzer"),
        ("exhibit-importer.agent.md", "exhibit-importer"),
        ("poster-maker.md", "poster-maker"),
        ("SKILL.md", "seat-map"),
    ] {
        assert_eq!(report.agent(path)["name"], name, "{path}");
    }
    assert_eq!(report.findings(Rule::InvalidFrontmatter).len(), 2);
    assert!(report.groups().is_empty());
    has_no_conflict(&report);
}

#[test]
fn mirrors_count_once() {
    let report = Report::of("mirrors");
    for name in ["changelog-keeper.md", "dependency-gardener.md", "flaky-test-hunter.md"] {
        let sources: BTreeSet<Option<u64>> = report
            .list("agents")
            .iter()
            .filter(|agent| agent["path"].as_str().unwrap().ends_with(name))
            .map(|agent| agent["mirror_of"].as_u64())
            .collect();
        let source = report.agent(&format!("src/agents/{name}"))["id"].as_u64();
        assert_eq!(sources, BTreeSet::from([None, source]), "{name}");
    }
    let n_mirrors =
        report.list("agents").iter().filter(|agent| agent["mirror_of"].is_u64()).count();
    assert_eq!(n_mirrors, 6);
    assert!(report.groups().is_empty());
    has_no_conflict(&report);
    for finding in report.list("findings") {
        assert_eq!(finding["severity"], "note", "{finding}");
    }
}

#[test]
fn a_mirror_that_drifted_is_said_once() {
    let report = Report::of("mirrors");
    let [drift] = report.findings(Rule::NearDuplicateAgent)[..] else {
        panic!("one drift");
    };
    let quotes: BTreeSet<&str> = drift["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        quotes,
        BTreeSet::from([
            "Fix the cause where it is found within half a day.",
            "Fix the cause where it is found within two hours.",
        ])
    );
}

#[test]
fn broken_files_are_all_analysed() {
    let report = Report::of("broken");
    let paths: BTreeSet<&str> =
        report.list("agents").iter().map(|agent| agent["path"].as_str().unwrap()).collect();
    let n_files = fs::read_dir(fixture("broken/agents")).unwrap().count();
    let n_skipped = report.0["summary"]["files_skipped"].as_u64().unwrap();
    assert_eq!(paths.len() + n_skipped as usize, n_files);
    for path in ["agents/blank.md", "agents/empty.md"] {
        assert!(!paths.contains(path), "{path}");
    }
    for (path, name, model) in [
        ("alias-bomb.md", "yaml-bomb", None),
        ("blank-line-before-frontmatter.md", "seed-librarian", None),
        ("bom.md", "choir-librarian", None),
        ("closed-by-dashes.md", "map-restorer", None),
        ("crlf.md", "stamp-sorter", Some("haiku")),
        ("frontmatter-never-closed.md", "cheese-turner", Some("sonnet")),
        ("lone-cr.md", "tide-clerk", None),
        ("missing-name.md", "missing-name", Some("sonnet")),
        ("name-is-list.md", "name-is-list", None),
        ("name-is-map.md", "name-is-map", None),
        ("name-with-capitals.md", "Glass Blower Pro", None),
        ("no-opening-dashes.md", "well-digger", Some("sonnet")),
        ("only-frontmatter.md", "fog-signaller", Some("haiku")),
        ("second-frontmatter-block.md", "candle-dipper", Some("haiku")),
        ("stray-column-0-lines.md", "mill-hand", Some("sonnet")),
        ("unclosed-quote.md", "barrel-cooper", Some("sonnet")),
        ("utf16-be.md", "snow-warden", None),
        ("utf16-le.md", "lock-keeper", None),
        ("whole-file-in-fence.md", "clock-winder", None),
        ("yaml-types.md", "no", None),
    ] {
        let agent = report.agent(path);
        assert_eq!(agent["name"], name, "{path}");
        assert_eq!(agent["model"].as_str(), model, "{path}");
        let n_units = agent["units"].as_u64().unwrap();
        assert_eq!(n_units == 0, path == "only-frontmatter.md", "{path}");
    }
    has_nothing_redundant(&report);
    has_no_conflict(&report);
}

#[test]
fn broken_frontmatter_and_encodings_are_named() {
    let report = Report::of("broken");
    let faulty = |findings: &[Value], path: &dyn Fn(&Value) -> String| -> BTreeSet<String> {
        findings.iter().map(path).collect()
    };
    let findings = faulty(report.list("findings"), &|finding| {
        finding["evidence"][0]["path"].as_str().unwrap().to_owned()
    });
    for name in [
        "alias-bomb", "blank-line-before-frontmatter", "duplicate-key", "frontmatter-never-closed",
        "missing-description", "missing-name", "name-begins-with-hyphen", "name-is-list",
        "name-is-map", "name-with-capitals", "name-with-colon", "no-opening-dashes",
        "stray-column-0-lines", "tab-in-frontmatter", "unclosed-quote", "unquoted-colon",
        "whole-file-in-fence",
    ] {
        assert!(findings.contains(&format!("agents/{name}.md")), "{name}");
    }
    let problems =
        faulty(report.list("problems"), &|problem| problem["path"].as_str().unwrap().to_owned());
    for name in ["invalid-utf8", "nul-byte", "unclosed-fence", "utf16-be", "utf16-le"] {
        assert!(problems.contains(&format!("agents/{name}.md")), "{name}");
    }
    // What only looks broken.
    for name in
        ["bom", "crlf", "crlf-ends-in-cr", "fence-in-fence", "lone-cr", "odd-spaces", "yaml-types"]
    {
        let path = format!("agents/{name}.md");
        assert!(!findings.contains(&path) && !problems.contains(&path), "{name}");
    }
}

#[test]
fn names_of_agents_that_are_not_there_are_found_and_no_others() {
    let report = Report::of("references");
    let named: Vec<(&str, &str)> = report
        .findings(Rule::DanglingReference)
        .iter()
        .map(|finding| {
            let wrong =
                ["term-keepr", "proofreader", "layout-wizard", "ocr-clerk", "paperwork-assistant"];
            let message = finding["message"].as_str().unwrap();
            let name = wrong.into_iter().find(|name| message.contains(&format!("`{name}`")));
            (report.path(&finding["agents"][0]), name.expect(message))
        })
        .collect();
    assert_eq!(
        named,
        [
            (".claude/agents/legal-translator.md", "term-keepr"),
            (".claude/agents/legal-translator.md", "proofreader"),
            (".claude/agents/legal-translator.md", "layout-wizard"),
            (".claude/agents/legal-translator.md", "ocr-clerk"),
            (".claude/agents/office-helper.md", "paperwork-assistant"),
        ]
    );
    for (nth, nearest) in [(0, "`term-keeper`"), (1, "`proof-reader`")] {
        let finding = report.findings(Rule::DanglingReference)[nth];
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(nearest), "{message}");
    }
    has_nothing_redundant(&report);
}

#[test]
fn the_same_body_with_two_models_is_one_conflict() {
    let report = Report::of("models-and-tools");
    let [conflict] = report.findings(Rule::ModelConflict)[..] else {
        panic!("one conflict");
    };
    assert_eq!(
        report.paths(&conflict["agents"]),
        [".claude/agents/cargo-claims-adjuster.md", ".claude/agents/claims-adjuster.md"]
    );
}

#[test]
fn the_same_body_with_tools_to_write_and_without_is_one_conflict() {
    let report = Report::of("models-and-tools");
    let [conflict] = report.findings(Rule::ToolsConflict)[..] else {
        panic!("one conflict");
    };
    assert_eq!(
        report.paths(&conflict["agents"]),
        [".claude/agents/customs-clerk.md", ".claude/agents/customs-papers-clerk.md"]
    );
    assert_eq!(report.relations(), ["duplicate"; 4]);
    // Two pairs are made for different models, and stay as they are.
    assert_eq!(report.groups().len(), 2);
}

/// The topics of the findings of a rule, ascending.
fn topics(report: &Report, rule: Rule) -> Vec<&str> {
    let findings = report.findings(rule).into_iter();
    let mut topics: Vec<&str> =
        findings.map(|finding| finding["facet"].as_str().unwrap()).collect();
    topics.sort_unstable();
    topics
}

#[test]
fn conflicting_advice_is_one_finding_for_each_disagreement() {
    let report = Report::of("conflicting-advice");
    let expected: [(Rule, &[&str]); 6] = [
        (Rule::MissingTool, &["tools"]),
        (Rule::PolarityConflict, &["`Clock.now()`", "`process.env`", "print passenger lists"]),
        (Rule::QuantityConflict, &["test coverage"]),
        (Rule::FactConflict, &["`segment` count", "domain", "spelling of a path"]),
        (Rule::SelfContradiction, &["cancel crossings"]),
        (Rule::DriftedTwin, &["copies of one text"]),
    ];
    for (rule, expected) in expected {
        assert_eq!(topics(&report, rule), expected, "{}", rule.id());
    }
    assert_eq!(report.findings(Rule::DriftedTwin)[0]["severity"], "error");
}

#[test]
fn both_sides_of_a_conflict_are_quoted_first() {
    let report = Report::of("conflicting-advice");
    for rule in [Rule::PolarityConflict, Rule::QuantityConflict, Rule::FactConflict] {
        for finding in report.findings(rule) {
            let sides = finding["options"].as_array().unwrap().len();
            let evidence = finding["evidence"].as_array().unwrap();
            assert!(sides == 2 && evidence.len() >= 2, "{finding}");
            assert_ne!(evidence[0]["path"], evidence[1]["path"], "{finding}");
        }
    }
}

#[test]
fn what_a_memory_file_says_of_manners_binds_its_agents_alone() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str, field: &str, rule: &str| {
        let text =
            format!("---\nname: {name}\ndescription: Looks after {field}.\n---\n\n- {rule}\n");
        crate::write(folder.path(), &format!(".claude/agents/{name}.md"), text);
    };
    agent("sail-maker", "the sails", "Keep your answers short.");
    agent("chart-reader", "tides", "Explain everything in detail.");
    let report = Report::in_folder(folder.path());
    assert!(report.findings(Rule::PracticeConflict).is_empty());
    crate::write(folder.path(), "CLAUDE.md", "# Ferry\n\n- Be brief.\n");
    let report = Report::in_folder(folder.path());
    let findings = report.findings(Rule::PracticeConflict);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(report.paths(&findings[0]["agents"]).len(), 2);
}

#[test]
fn a_row_is_quoted_without_markup_and_with_its_cells_apart() {
    let folder = tempfile::tempdir().unwrap();
    let agent = "---\nname: sail-maker\ndescription: Builds the pages.\n---\n\n- Stack: React 18\n";
    let memory = "# Sails\n\n| Layer | Choice |\n|-|-|\n| **Pages** | `React` 19 \\| strict |\n";
    crate::write(folder.path(), ".claude/agents/sail-maker.md", agent);
    crate::write(folder.path(), "CLAUDE.md", memory);
    let report = Report::in_folder(folder.path());
    let evidence = &report.findings(Rule::ChoiceConflict)[0]["evidence"];
    assert_eq!(evidence[0]["text"], "Pages | React 19 | strict");
}

#[test]
fn memory_files_are_alike_by_their_contents_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = "This file provides guidance to the agent.\n\n";
    let knots = "- Tie the rope with a bowline\n- Check each knot twice\n- Oil the winch\n";
    let other = "- Fold the chart along its lines\n- Sharpen the pencil\n- Note the depth\n";
    for (path, text) in [("a", knots), ("b", other), ("c", knots)] {
        crate::write(folder.path(), &format!("{path}/CLAUDE.md"), format!("{first}{text}"));
    }
    let report = Report::in_folder(folder.path());
    let related: Vec<&Value> =
        report.list("pairs").iter().filter(|pair| pair["relation"] != "distinct").collect();
    assert_eq!(related.len(), 1, "{related:?}");
    assert_eq!(related[0]["relation"], "identical");
}

#[test]
fn an_unrelated_agent_changes_no_conflict_among_the_others() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("conflicting-advice"), folder.path());
    let fingerprints = |report: &Report| -> BTreeSet<String> {
        let findings = report.list("findings").iter();
        let prints = findings.map(|finding| finding["fingerprint"].as_str().unwrap().to_owned());
        prints.collect()
    };
    let before = fingerprints(&Report::in_folder(folder.path()));
    let other = folder.path().join("other/.claude/agents");
    fs::create_dir_all(&other).unwrap();
    let text = "---\nname: kite-maker\ndescription: Makes kites.\n---\nGlue the paper twice.\n";
    fs::write(other.join("kite-maker.md"), text).unwrap();
    let after = fingerprints(&Report::in_folder(folder.path()));
    assert!(before.is_subset(&after), "{:?}", before.difference(&after));
}

#[test]
fn a_clean_team_gets_no_finding() {
    let report = Report::of("clean-team");
    for list in ["groups", "boilerplate", "findings", "problems"] {
        assert!(report.list(list).is_empty(), "{list}");
    }
    for relation in report.relations() {
        assert_eq!(relation, "distinct");
    }
    assert_eq!(exit_code(&fixture("clean-team"), "audit . --fail-on warning"), 0);
}

#[test]
fn nothing_is_said_of_claude_code_where_another_product_loads_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let text = "---\nname: gauge-reader\ndescription: Reads the tide gauges.\ntools: Read\n---\n\
                Read the gauge.\n\n- Write the level into the log file\n";
    for path in
        ["agents/a.md", "agents/b.md", "skills/gauge-reader/SKILL.md", "commands/gauge-reader.md"]
    {
        crate::write(folder.path(), &format!(".kiro/{path}"), text);
    }
    let report = Report::in_folder(folder.path());
    assert!(report.rules().contains("name-collision"));
    assert!(!report.rules().contains("missing-tool"));
    assert!(!report.0.to_string().contains("Claude Code"), "{:#}", report.0);
}

#[test]
fn who_stops_reading_gets_the_verdict_too() {
    let folder = fixture("same-role");
    for (arguments, code) in [("audit --fail-on warning", 1), ("audit --fail-on never", 0)] {
        let mut program = program(&folder, arguments);
        let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments}");
    }
}

#[test]
fn the_failing_level_decides_the_exit_code() {
    for (folder, level, code) in [
        ("backend-team", "error", 1),
        ("backend-team", "never", 0),
        ("contained", "error", 0),
        ("contained", "warning", 1),
        ("house-template", "warning", 0),
    ] {
        let arguments = format!("audit . --fail-on {level}");
        assert_eq!(exit_code(&fixture(folder), &arguments), code, "{folder} {level}");
    }
}

#[test]
fn a_path_that_is_not_there_stops_the_run() {
    assert_cmd_snapshot!(program(&fixture("clean-team"), "audit nowhere"), @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: no such file or folder: `nowhere`
    "#);
}

#[test]
fn a_flag_that_is_not_there_stops_the_run() {
    assert_cmd_snapshot!(program(&fixture("clean-team"), "audit --verbose"), @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: unexpected argument '--verbose' found

      tip: to pass '--verbose' as a value, use '-- --verbose'

    Usage: agent-overlap audit [OPTIONS] [PATH]...

    For more information, try '--help'.
    "#);
}

#[test]
fn a_mistake_in_the_configuration_is_placed_and_the_nearest_name_offered() {
    let folder = tempfile::tempdir().unwrap();
    let text = "scope = \"project\"\n\n[thresholds]\nredundnat = 0.5\n";
    fs::write(folder.path().join("agent-overlap.toml"), text).unwrap();
    assert_cmd_snapshot!(program(folder.path(), "audit ."), @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: agent-overlap.toml:4:1: unknown field `redundnat`; did you mean `redundant`?
    "#);
}

#[test]
fn a_folder_without_definitions_says_where_to_look() {
    let folder = tempfile::tempdir().unwrap();
    assert_cmd_snapshot!(program(folder.path(), "audit ."), @r#"
    success: false
    exit_code: 2
    ----- stdout -----
    No agent definitions found.

      Read       0 files

    ── What to do next ─────────────────────────────────────────────────────────────────────────────────

      Name the folder that holds the agents:
        agent-overlap audit PATH

    ----- stderr -----
    note: no definitions found; files in ignored folders have to be named
    "#);
}

#[test]
fn a_report_in_a_file_leaves_the_terminal_quiet() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("contained"), folder.path());
    let shown = run(folder.path(), "audit .");
    let output = run(folder.path(), "audit . --output report.txt");
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    let file = folder.path().join("report.txt");
    assert_eq!(fs::read(&file).unwrap(), shown.stdout);
    // The old report stays whole where a new one cannot be made.
    assert_eq!(exit_code(folder.path(), "audit nowhere --output report.txt"), 2);
    assert_eq!(fs::read(&file).unwrap(), shown.stdout);
    assert_eq!(exit_code(folder.path(), "audit . --output missing/report.txt"), 2);
    let n_entries = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(n_entries, 2, "no draft is left");
}

#[test]
fn a_quiet_run_says_nothing_on_the_standard_error_output() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!run(folder.path(), "audit .").stderr.is_empty());
    assert!(run(folder.path(), "audit . --quiet").stderr.is_empty());
}

#[test]
fn colour_is_written_only_where_it_is_asked_for() {
    let folder = fixture("contained");
    assert!(!run(&folder, "audit .").stdout.contains(&0x1b));
    assert!(run(&folder, "audit . --color always").stdout.contains(&0x1b));
}

#[test]
fn init_writes_the_defaults_once() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("contained"), folder.path());
    let before = run(folder.path(), "audit .").stdout;
    let done = run(folder.path(), "init");
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(done.stdout).unwrap(),
        "Wrote `agent-overlap.toml` with all settings and their defaults.\n"
    );
    assert_eq!(run(folder.path(), "audit .").stdout, before);
    let again = run(folder.path(), "init");
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(again.stderr).unwrap(),
        "error: `agent-overlap.toml` is here already and stays as it is\n"
    );
}

#[test]
fn an_accepted_finding_stays_quiet() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("backend-team"), folder.path());
    let report = Report::in_folder(folder.path());
    let [collision] = report.findings(Rule::NameCollision)[..] else {
        panic!("one collision");
    };
    let fingerprint = collision["fingerprint"].as_str().unwrap();
    let text = format!(
        "[[accept]]\nrule = \"name-collision\"\nfingerprint = \"{fingerprint}\"\nreason = \"test\"\n\n\
         [[accept]]\nrule = \"invalid-frontmatter\"\npaths = [\"/.claude/\"]\nreason = \"test\"\n\n\
         [rules]\nredundant-agent = \"error\"\nmodel-conflict = \"off\"\nchoice-conflict = \"off\"\n"
    );
    fs::write(folder.path().join("agent-overlap.toml"), text).unwrap();
    let report = Report::in_folder(folder.path());
    assert_eq!(
        report.rules(),
        BTreeSet::from(["dangling-reference", "quantity-conflict", "redundant-agent"])
    );
    assert_eq!(report.findings(Rule::RedundantAgent)[0]["severity"], "error");
}

#[test]
fn an_accepted_group_is_not_offered_for_merging() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("backend-team"), folder.path());
    let n_groups = Report::in_folder(folder.path()).groups().len();
    assert!(n_groups > 0);
    let text = "[[accept]]\nrule = \"redundant-agent\"\npaths = [\"*\"]\nreason = \"on purpose\"\n";
    fs::write(folder.path().join("agent-overlap.toml"), text).unwrap();
    let report = Report::in_folder(folder.path());
    assert!(report.groups().is_empty(), "{:?}", report.groups());
    assert_eq!(report.0["summary"]["allowed"], n_groups);
    assert_eq!(report.0["summary"]["tokens"]["redundant"], 0);
}

#[test]
fn an_acceptance_of_nothing_is_told_where_all_was_read() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("contained"), folder.path());
    let text = "[[accept]]\nrule = \"name-collision\"\npaths = [\"*\"]\nreason = \"one leaves\"\n";
    fs::write(folder.path().join("agent-overlap.toml"), text).unwrap();
    let remarks = |arguments| String::from_utf8(run(folder.path(), arguments).stderr).unwrap();
    assert_eq!(
        remarks("audit ."),
        "note: nothing to accept for `name-collision` (\"one leaves\"): this `[[accept]]` can go\n"
    );
    assert_eq!(remarks("audit agents"), "");
}

#[test]
fn what_is_kept_quiet_is_listed_with_who_does_it_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let allow = |rule| format!("<!-- agent-overlap: allow {rule}: the old shop -->\n");
    let agent = |name: &str, body: &str| {
        let text = format!("---\nname: {name}\ndescription: Works on {name}.\n---\n\n{body}\n");
        write(&format!(".claude/agents/{name}.md"), &text);
    };
    write(
        "CLAUDE.md",
        "# Shop\n\n- Always use pnpm.\n- Run the tests with Vitest.\n- Indent with tabs.\n",
    );
    let comments = allow("choice-conflict") + &allow("name-collision");
    agent("till", &format!("{comments}\n- Always use npm."));
    agent("quay", "- Run the tests with Jest.\n- Indent with 2 spaces.");
    write(
        "agent-overlap.toml",
        "[house]\ntest-runner-js = [\"Vitest\", \"Jest\"]\n\n[[accept]]\n\
         rule = \"practice-conflict\"\npaths = [\"*\"]\nreason = \"on the way\"\n",
    );
    let output = run(folder.path(), "audit . --all");
    let text = String::from_utf8(output.stdout).unwrap();
    let listed = text.split("── Kept quiet ").nth(1).unwrap();
    for line in [
        "    by the comment in .claude/agents/till.md:6: the old shop",
        "    by `[[accept]]` in the configuration: on the way",
        "    by `[house]` in the configuration: `[house]` allows Vitest or Jest",
    ] {
        assert!(listed.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "note: nothing to allow for `name-collision` in .claude/agents/till.md:7: this comment can \
         go\n"
    );
    let report = Report::in_folder(folder.path());
    assert_eq!(report.0["summary"]["allowed"], 3);
    let allowed = report.0["allowed"].as_array().unwrap().iter();
    let by: BTreeSet<&str> = allowed.map(|one| one["by"].as_str().unwrap()).collect();
    assert_eq!(by, BTreeSet::from(["accept", "comment", "house"]));
}

#[test]
fn a_hyphen_is_the_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&fixture("contained"), folder.path());
    let shown = run(folder.path(), "audit .").stdout;
    assert_eq!(run(folder.path(), "audit . --output -").stdout, shown);
    assert!(!folder.path().join("-").exists());
}

#[test]
fn the_documentation_names_each_field_and_rule() {
    let text = fs::read_to_string(repository().join("docs/report.md")).unwrap();
    let mut keys = BTreeSet::new();
    for folder in fixtures() {
        collect_keys(&Report::of(&folder).0, &mut keys);
    }
    assert!(keys.contains("mirror_of"), "fixtures show every field");
    for key in keys {
        assert!(text.contains(&format!("`{key}`")), "{key}");
    }
    for rule in Rule::ALL {
        assert!(text.contains(&format!("`{}`", rule.id())), "{}", rule.id());
    }
}

fn collect_keys(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                keys.insert(key.clone());
                collect_keys(value, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

/// The modules of the library as the code map orders them.
fn code_map() -> Vec<String> {
    let text = fs::read_to_string(repository().join("docs/architecture.md")).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once(".rs` |"))
        .map(|(module, _)| module.to_owned())
        .collect()
}

#[test]
fn the_code_map_names_each_module() {
    let modules = code_map();
    for entry in fs::read_dir(repository().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs") {
            assert!(modules.iter().any(|known| known == module), "{module}");
        }
    }
}

#[test]
fn a_module_uses_only_those_above_it_in_the_code_map() {
    let modules = code_map();
    let place = |name: &str| modules.iter().position(|module| module == name);
    for (at, module) in modules.iter().enumerate() {
        let mut files = vec![repository().join(format!("src/{module}.rs"))];
        while let Some(file) = files.pop() {
            if let Ok(folder) = fs::read_dir(file.with_extension("")) {
                files.extend(folder.map(|entry| entry.unwrap().path()));
            }
            let Ok(text) = fs::read_to_string(&file) else {
                continue;
            };
            if file.ends_with("tests.rs") {
                continue;
            }
            let code = text
                .lines()
                .take_while(|line| *line != "#[cfg(test)]")
                .filter(|line| !line.trim_start().starts_with("//"));
            for used in code.flat_map(|line| line.split("crate::").skip(1)) {
                let used = used.split(|c: char| !c.is_alphanumeric() && c != '_').next();
                let used = place(used.unwrap_or_default()).unwrap_or(0);
                assert!(used <= at, "{} uses {}", file.display(), modules[used]);
            }
        }
    }
}

/// Copies a folder with all below it.
pub(super) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn log_keeper(name: &str, own: &str) -> String {
    format!(
        "---\nname: {name}\ndescription: Keeps the log of the harbour.\n---\n\
         You keep the log of the harbour.\n\n\
         - Write each arrival with its berth and draught\n\
         - Name the pilot who brought the vessel in\n\
         - Keep papers of dangerous cargo apart\n\
         - Sign each page before the watch ends\n\
         {own}\n"
    )
}

/// What is said of the advice of two copies that differ in `one` and `other`.
fn said_of_copies(one: &str, other: &str) -> Vec<String> {
    said_of_files([
        (".claude/agents/log-keeper.md", one),
        (".claude/agents/keeper-of-log.md", other),
    ])
}

/// What is said of the advice of two files that differ in what they end in.
fn said_of_files(files: [(&str, &str); 2]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (path, own) in files {
        let file_name = path.rsplit('/').next().unwrap();
        let name = file_name.strip_suffix(".md").unwrap();
        crate::write(folder.path(), path, log_keeper(name, own));
    }
    let report = crate::run(folder.path(), &["audit", "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let message = |one: &Value| one["message"].as_str().unwrap().to_owned();
    findings.filter(|one| !one["rule"].as_str().unwrap().ends_with("-agent")).map(message).collect()
}

#[test]
fn a_copy_in_another_folder_hides_no_disagreement() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = log_keeper("log-keeper", "- Functions have at most 50 lines.");
    let drifted = log_keeper("keeper-of-log", "- Functions have at most 30 lines.");
    for home in ["a", "z"] {
        for copied in [&keeper, &drifted] {
            crate::write(folder.path(), "b/.claude/agents/keeper.md", &keeper);
            crate::write(folder.path(), "b/.claude/agents/other.md", &drifted);
            let copy = format!("{home}/.claude/agents/copy.md");
            crate::write(folder.path(), &copy, copied);
            let report = crate::run(folder.path(), &["audit", "--format", "json"]).json();
            let mut findings = report["findings"].as_array().unwrap().iter();
            assert!(findings.any(|finding| finding["rule"] == "drifted-twin"), "{copy}");
            fs::remove_file(folder.path().join(copy)).unwrap();
        }
    }
}

#[test]
fn another_number_in_a_short_statement_of_a_copy_is_told() {
    let said =
        said_of_copies("- Functions have at most 50 lines.", "- Functions have at most 30 lines.");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].ends_with("but 1 statement disagrees: with other numbers"));
}

#[test]
fn copies_for_two_products_that_disagree_are_told() {
    let files = |one, other| {
        said_of_files([(".claude/agents/log-keeper.md", one), (".opencode/agent/scribe.md", other)])
    };
    let said = files("- Wait 5 minutes at the lock gate.", "- Wait 9 minutes at the lock gate.");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("with other numbers"), "{said:?}");
    let said = files("- Read `a/log.md` first.", "- Read `b/log.md` first.");
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn who_holds_all_of_another_and_disagrees_with_it_is_told() {
    let more = "- Salt the eastern stairs in winter\n\
                - Count the gulls on the mole\n\
                - Wind the bell by hand each noon\n\
                - Paint the buoys of the bay red\n\
                - Mend the nets behind the shed\n\
                - Keep the lamp oil out of the sun";
    let said = said_of_copies(
        "- Never open the gate at night.",
        &format!("{more}\n- You may open the gate at night."),
    );
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("say much the same, but 1 statement disagrees: advised in one"),
        "{said:?}"
    );
    let said = said_of_copies(
        "- Avoid opening the gate at night, open it at noon.",
        &format!("{more}\n- Open the gate at noon, never at night."),
    );
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn other_words_for_the_same_are_no_disagreement() {
    let said = said_of_copies(
        "- All vessels are checked at the lock.",
        "- All vessels get inspected at the lock.",
    );
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn what_else_two_drifted_copies_disagree_about_is_told_too() {
    let said = said_of_copies(
        "- Wait 5 minutes at the lock gate.\n- Always use npm.",
        "- Wait 9 minutes at the lock gate.\n- **Package manager**: pnpm",
    );
    assert!(said.iter().any(|one| one.contains("with other numbers")), "{said:?}");
    assert!(said.iter().any(|one| one.contains("pnpm")), "{said:?}");
}
