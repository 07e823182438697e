//! `agent-overlap route`: who answers to a request.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Run, fixture, run, write};

/// Asks the agents of the fixture.
fn ask(request: &str, arguments: &[&str]) -> Run {
    let mut all = vec!["route", request, "."];
    all.extend(arguments);
    run(&fixture("routing"), &all)
}

fn names(routing: &Value) -> Vec<&str> {
    let answers = routing["answers"].as_array().unwrap();
    answers.iter().map(|answer| answer["name"].as_str().unwrap()).collect()
}

#[test]
fn the_best_answer_comes_first_with_the_words_that_decide() {
    for width in ["40", "80", "140"] {
        let run = ask("Which ship lies at berth four?", &["--width", width]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        insta::assert_snapshot!(format!("clear-{width}"), run.text());
    }
}

#[test]
fn answers_too_near_to_call_are_told() {
    let run =
        ask("check the draught of the ship at the berth against the tide", &["--width", "80"]);
    insta::assert_snapshot!("near", run.text());
}

#[test]
fn an_answer_on_few_words_is_a_guess() {
    let run = ask("write an invoice for the lighthouse", &["--width", "80"]);
    insta::assert_snapshot!("weak", run.text());
}

#[test]
fn a_word_is_claimed_only_as_it_stands_there() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("product-keeper", "Plan what comes ashore in production."),
        ("ship-reviewer", "Look at ships."),
        ("greeter", "Greet. Say hello to the crew of every ship in the harbour."),
    ] {
        let agent = format!("---\nname: {name}\ndescription: Works in the harbour.\n---\n{text}\n");
        write(folder.path(), &format!("agents/{name}.md"), agent);
    }
    let ask = |request: &str| run(folder.path(), &["route", request, "."]).text().to_owned();
    let production = ask("fix it in production at noon");
    assert!(production.contains("production (body)"), "{production}");
    let review = ask("review the boat");
    assert!(review.contains("review (as “reviewer” in name)"), "{review}");
    let hello = ask("hello");
    assert!(
        hello.starts_with("A guess at best: `greeter` comes first, but for one word of its body.")
    );
    assert!(!hello.contains("100 %"), "{hello}");
}

#[test]
fn an_example_request_decides_where_it_is_nearly_the_request() {
    let same =
        ask("The reefer boxes of the Berta have to be ashore before noon", &["--format", "json"]);
    let routing = same.json();
    assert_eq!(names(&routing)[0], "crane-planner");
    let word = |text: &str| {
        let mut words = routing["answers"][0]["words"].as_array().unwrap().iter();
        words.find(|word| word["text"] == text).unwrap().clone()
    };
    assert_eq!(word("ashore")["fields"], serde_json::json!(["example"]));
}

#[test]
fn a_sentence_of_boundary_sends_no_request_to_its_own_agent() {
    let run = ask("stow the cargo", &[]);
    assert!(
        run.text().starts_with("Nobody answers: no definition has a word of the request."),
        "{}",
        run.text()
    );
}

#[test]
fn short_and_long_forms_of_a_word_are_one() {
    let folder = tempfile::tempdir().unwrap();
    for (name, about) in [("one", "Kubernetes manifests"), ("two", "tax returns")] {
        let text = format!("---\nname: {name}\ndescription: Writes {about}\n---\n");
        write(folder.path(), &format!("agents/{name}.md"), text);
    }
    let routing = run(folder.path(), &["route", "k8s", "--format", "json"]).json();
    assert_eq!(names(&routing), ["one"]);
}

#[test]
fn json_says_how_the_ranking_came_about() {
    let run = ask("Which ship lies at berth four?", &["--format", "json", "--top", "1"]);
    let routing = run.json();
    assert_eq!(routing["schema_version"], 1);
    assert_eq!(routing["verdict"], "clear");
    assert_eq!(routing["candidates"], 4);
    assert_eq!(
        routing["left_out"],
        serde_json::json!({"always": 1, "files": 0, "hand": 0, "mirrors": 0})
    );
    assert_eq!(routing["answers"].as_array().unwrap().len(), 1);
    let answer = &routing["answers"][0];
    assert_eq!(answer["path"], ".claude/agents/berth-planner.md");
    assert_eq!(answer["line"], 3);
    assert_eq!(answer["share"], 1.0);
    let shares = answer["words"].as_array().unwrap().iter();
    let sum: f64 = shares.map(|word| word["share"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 0.001, "{sum}");
    assert!(routing["matching"].as_u64() > Some(1));
}

#[test]
fn what_no_request_starts_is_no_candidate() {
    let folder = tempfile::tempdir().unwrap();
    let definition =
        |fields: &str| format!("---\nname: x\ndescription: Sorts the mail\n{fields}---\n");
    for (path, fields) in [
        (".claude/agents/sorter.md", ""),
        (".claude/commands/sort.md", "disable-model-invocation: true\n"),
        (".cursor/rules/always.mdc", "alwaysApply: true\n"),
        (".cursor/rules/glob.mdc", "globs: [\"*.eml\"]\n"),
        (".cursor/rules/smart.mdc", "alwaysApply: false\nglobs:\n"),
        (".github/prompts/sort.prompt.md", ""),
        (".github/instructions/all.instructions.md", "applyTo: '**'\n"),
        (".opencode/agent/main.md", "mode: primary\n"),
    ] {
        // Bodies of their own, so that none is a mirror of another.
        let body = format!("\n- {path} says a thing of its own about {path}.\n");
        write(folder.path(), path, definition(fields) + &body);
    }
    write(folder.path(), "CLAUDE.md", "- Sort the mail at noon.\n");
    let routing = run(folder.path(), &["route", "sort the mail", "--format", "json"]).json();
    let answers = routing["answers"].as_array().unwrap();
    let mut paths: Vec<_> = answers.iter().map(|answer| &answer["path"]).collect();
    paths.sort_by_key(|path| path.as_str());
    assert_eq!(paths, [".claude/agents/sorter.md", ".cursor/rules/smart.mdc"]);
    assert_eq!(
        routing["left_out"],
        serde_json::json!({"always": 3, "files": 1, "hand": 3, "mirrors": 0})
    );
}

#[test]
fn a_copy_in_another_products_folder_is_no_second_answer() {
    let folder = fixture("mirrors");
    let all = run(&folder, &["route", "review", ".", "--format", "json"]).json();
    assert!(all["left_out"]["mirrors"].as_u64() > Some(0), "{all}");
}

#[test]
fn equal_scores_stand_in_the_order_of_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b", "a", "c"] {
        let text = format!("---\nname: {name}\ndescription: Sorts mail\n---\n");
        write(folder.path(), &format!("agents/{name}.md"), text);
    }
    let routing = run(folder.path(), &["route", "mail", "--format", "json"]).json();
    assert_eq!(names(&routing), ["a", "b", "c"]);
}

/// Asks by the standard input.
fn ask_by_stdin(request: &[u8]) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_agent-overlap"))
        .args(["route", "-", "."])
        .current_dir(fixture("routing"))
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(request).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_request_can_come_by_the_standard_input() {
    let (code, stdout, _) = ask_by_stdin(b"Which ship lies at berth four?\n");
    assert_eq!(code, Some(0));
    assert!(stdout.starts_with("`berth-planner` answers"), "{stdout}");
    let (code, stdout, stderr) = ask_by_stdin(b" \n");
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert_eq!(stderr, "error: the request is empty\n");
}

#[test]
fn a_huge_or_hostile_request_is_answered_by_its_first_words() {
    let mut request = b"berth \x1b[31m\xff\xfe\0 ".to_vec();
    for n in 0..20_000 {
        request.extend(format!("w{n} ").bytes());
    }
    let (code, stdout, _) = ask_by_stdin(&request);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("Only the first 200 distinct words"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "{stdout:?}");
    assert!(stdout.contains("berth-planner"), "{stdout}");
}

#[test]
fn requests_without_an_answer_say_why() {
    let common = ask("what is this?", &[]);
    assert!(common.text().contains("only common words"), "{}", common.text());
    let folder = tempfile::tempdir().unwrap();
    let nothing = run(folder.path(), &["route", "mail"]);
    assert_eq!((nothing.code, nothing.text()), (Some(0), "No agent definitions found.\n"));
    fs::write(folder.path().join("CLAUDE.md"), "- Sort mail.\n").unwrap();
    let memory = run(folder.path(), &["route", "mail"]);
    assert!(
        memory.text().starts_with("Nobody answers: no definition here is picked by request."),
        "{}",
        memory.text()
    );
    let missing = run(folder.path(), &["route", "mail", "not-there"]);
    assert_eq!(missing.code, Some(2));
}

#[test]
fn a_request_in_another_language_meets_agents_of_that_language() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "übersetzer",
            "Übersetzt Verträge und Briefe ins Deutsche. Für alle, die im Büro Texte brauchen, und für die Kunden.",
        ),
        ("翻訳者", "契約書と手紙を日本語に翻訳します。"),
    ] {
        let text = format!("---\nname: {name}\ndescription: {text}\n---\n\n{text}\n");
        write(folder.path(), &format!("agents/{name}.md"), text);
    }
    for (request, name) in
        [("Bitte den Vertrag übersetzen", "übersetzer"), ("手紙を翻訳して", "翻訳者")]
    {
        let routing = run(folder.path(), &["route", request, "--format", "json"]).json();
        assert_eq!(names(&routing), [name], "{request}");
    }
}

#[test]
fn the_audit_tells_agents_that_answer_to_the_same_requests() {
    let folder = tempfile::tempdir().unwrap();
    for (name, description, advice) in [
        (
            "lock-master",
            "Use when a barge has to pass the eastern lock at low water",
            "Fill the chamber slowly",
        ),
        (
            "sluice-warden",
            "Use when a barge must pass the eastern lock at very low water",
            "Close the road bridge in good time",
        ),
        (
            "pilot",
            "Brings ships from the sea to the harbour at any hour",
            "Ask for the draught first",
        ),
    ] {
        let text = format!("---\nname: {name}\ndescription: {description}\n---\n\n- {advice}.\n");
        write(folder.path(), &format!(".claude/agents/{name}.md"), text);
    }
    let audit = run(folder.path(), &["audit", ".", "--width", "80"]);
    assert_eq!(audit.code, Some(0));
    insta::assert_snapshot!("trigger-overlap", audit.text());
}
