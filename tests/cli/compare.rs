//! `agent-overlap compare`: two agents beside each other.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{Run, fixture, repository, run, write};

const COPIES: [&str; 2] = ["agents/log-detective.md", "agents/fault-finder.md"];

fn compare(folder: &Path, [left, right]: [&str; 2], arguments: &[&str]) -> Run {
    run(folder, &[&["compare", left, right], arguments].concat())
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap()
}

#[test]
fn drifted_copies_on_pages_of_three_widths() {
    for width in ["40", "80", "140"] {
        let run = compare(&fixture("drifted-copies"), COPIES, &["--width", width]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert!(widest(run.text()) <= width.parse().unwrap(), "{}", run.text());
        insta::assert_snapshot!(format!("copies-{width}"), run.text());
    }
}

#[test]
fn all_shows_what_both_say_in_the_same_words() {
    let brief = compare(&fixture("drifted-copies"), COPIES, &[]);
    let full = compare(&fixture("drifted-copies"), COPIES, &["--all"]);
    let text = fs::read_to_string(fixture("drifted-copies").join(COPIES[0])).unwrap();
    let same = text.lines().find(|line| line.starts_with("- ")).unwrap();
    let same = same.trim_start_matches("- ");
    assert!(!brief.text().contains(same), "{same}");
    assert!(full.text().contains(same), "{same}");
}

#[test]
fn the_sides_are_those_of_the_command_line() {
    let folder = fixture("drifted-copies");
    let there = compare(&folder, COPIES, &["--format", "json"]).json();
    let back = compare(&folder, [COPIES[1], COPIES[0]], &["--format", "json"]).json();
    for (one, other) in [("left", "right"), ("only_left", "only_right")] {
        let (mut one, mut other) = (there[one].clone(), back[other].clone());
        for value in [&mut one, &mut other] {
            value.as_object_mut().map(|info| info.remove("id"));
        }
        assert_eq!(one, other);
    }
    assert_eq!(there["measures"]["left_in_right"], back["measures"]["right_in_left"]);
    assert_eq!(there["left"]["id"], 0);
}

#[test]
fn what_is_reversed_and_what_numbers_differ_is_flagged() {
    let json = compare(&fixture("drifted-copies"), COPIES, &["--format", "json"]).json();
    let matches = json["matches"].as_array().unwrap();
    let about = |text: &str| -> &Value {
        let found = |one: &&Value| one["left"]["text"].as_str().unwrap().contains(text);
        matches.iter().find(found).unwrap()
    };
    let restart = about("restart a service");
    assert_eq!(restart["differs"][0], "direction");
    assert_eq!(restart["left"]["warning"], true);
    let changed: Vec<&str> = restart["left"]["segments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|segment| segment["changed"] == true)
        .map(|segment| segment["text"].as_str().unwrap().trim())
        .collect();
    assert_eq!(changed, ["Never"]);
    assert_eq!(json["findings"][0]["rule"], "drifted-twin");
}

#[test]
fn each_list_of_the_json_form_has_a_line_per_element() {
    let run = compare(&fixture("drifted-copies"), COPIES, &["--format", "json"]);
    let lines: Vec<&str> = run.text().lines().collect();
    let json = run.json();
    for list in ["matches", "only_left", "only_right", "sections", "frontmatter"] {
        let key = format!("\"{list}\":[");
        let at = lines.iter().position(|line| line.ends_with(&key)).unwrap();
        let n = json[list].as_array().unwrap().len();
        assert!(lines[at + n + 1].starts_with(']'), "{list}");
    }
}

#[test]
fn every_key_of_the_json_form_is_documented() {
    let doc = repository().join("docs/report.md");
    let doc = fs::read_to_string(doc).unwrap();
    let section = doc.split("\n## `agent-overlap compare").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "a.md",
        "---\nname: a\ntools: Read, Bash\nmodel: inherit\n---\n# A\n\n- Keep the log for 5 days\n- Sing\n",
    );
    write(
        folder.path(),
        "b.md",
        "---\nname: b\ntools: Read, Edit\n---\n# A\n\n- Keep the log for 7 days\n- Dance\n",
    );
    let json = compare(folder.path(), ["a.md", "b.md"], &["--format", "json"]).json();
    let mut keys = Vec::new();
    for (key, value) in json.as_object().unwrap() {
        keys.push(key.clone());
        if !["left", "right", "findings", "tool"].contains(&key.as_str()) {
            collect_keys(value, &mut keys);
        }
    }
    assert!(keys.contains(&"segments".to_owned()) && keys.contains(&"items".to_owned()));
    for key in keys {
        assert!(section.contains(&format!("`{key}`")), "{key} is not documented");
    }
}

fn collect_keys(value: &Value, keys: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                keys.push(key.clone());
                collect_keys(value, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

#[test]
fn agents_are_found_by_name() {
    let folder = fixture("same-role");
    let run = compare(&folder, ["python-expert", "python-pro"], &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let by_path = ["agents/python-expert.md", "agents/python-pro.md"];
    assert_eq!(run.text(), compare(&folder, by_path, &[]).text());
}

#[test]
fn agents_are_found_by_the_name_of_their_file_where_none_is_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str| format!("---\nname: {name}\ndescription: d\n---\nCount the boats.\n");
    write(folder.path(), "agents/tally.md", agent("tally-pro"));
    write(folder.path(), "agents/tall.md", agent("tall"));
    let by_file = compare(folder.path(), ["tally", "tall"], &[]);
    assert_eq!((by_file.code, by_file.stderr.as_str()), (Some(0), ""));
    assert!(by_file.text().starts_with("tally-pro ~ tall"), "{}", by_file.text());
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = fixture("backend-team");
    let memory = "CLAUDE.md";
    let empty = "../broken/agents/blank.md";
    let agents = ".claude/agents";
    for (names, message) in [
        (["backend-specialist", memory], "2 agents are called `backend-specialist`"),
        (["backend-generalst", memory], "did you mean `backend-generalist`?"),
        (["zzz", memory], "no file and no agent here is called `zzz`"),
        ([memory, "none.md"], "no such file or folder: `none.md`"),
        ([agents, memory], "is a folder"),
        ([memory, "./CLAUDE.md"], "two files are needed"),
        ([empty, memory], "is empty"),
    ] {
        let run = compare(&folder, names, &[]);
        assert_eq!(run.code, Some(2), "{names:?}");
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn hostile_text_is_shown_without_its_controls() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |name: &str, word: &str| {
        format!(
            "---\nname: \"{name}\\u001b[31m\"\ndescription: x \u{202e}y\ncolor: \"\\u001b]0;t\\u0007{word}\"\n---\n\
             # Title \u{1b}[2J\n\n- Keep <script>alert({word})</script> \u{1b}[1m\u{202e}{word}\u{2066} away from the harbour\n"
        )
    };
    write(folder.path(), "a.md", agent("a", "1"));
    write(folder.path(), "b.md", agent("b", "2"));
    for arguments in [&["--width", "140"][..], &["--width", "60"]] {
        let run = compare(folder.path(), ["a.md", "b.md"], arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let is_bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}".contains(c);
        assert!(!run.text().contains(is_bad), "{:?}", run.text());
        assert!(run.text().contains("«1»") || run.text().contains("«1"), "{}", run.text());
    }
}

#[test]
fn a_page_for_a_pull_request_shows_what_differs() {
    let arguments = ["--format", "markdown"];
    let run = compare(&fixture("drifted-copies"), COPIES, &arguments);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.text());
}

#[test]
fn hostile_text_breaks_out_of_no_cell() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |word: &str| {
        format!(
            "---\nname: \"a|b `{word}`\"\ndescription: \"x | y @someone #12 {word}\"\n\
             color: \"r|g {word}\"\n---\n# One | two <b>\n\n\
             - Keep {word} | away <script>alert(1)</script> from @someone https://example.org\n"
        )
    };
    write(folder.path(), "a.md", agent("one"));
    write(folder.path(), "b.md", agent("two"));
    let run = compare(folder.path(), ["a.md", "b.md"], &["--format", "markdown"]);
    let page = run.text();
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    let tables = page.split("\n\n").filter(|block| block.starts_with('|'));
    for table in tables {
        let n_columns = bars(table.lines().next().unwrap());
        assert!(table.lines().all(|line| bars(line) == n_columns), "{table}");
    }
    for bad in ["<script", "@someone", "https://example"] {
        assert!(!page.contains(bad), "{bad}: {page}");
    }
}

/// Whether each tag that opens closes again, in order.
fn is_well_formed(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let name = tag.split_whitespace().next().unwrap();
        if let Some(name) = name.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !["!doctype", "meta", "br"].contains(&name) {
            open.push(name);
        }
    }
    open.is_empty()
}

#[test]
fn a_page_for_a_browser_loads_nothing_and_runs_nothing() {
    let run = compare(&fixture("drifted-copies"), COPIES, &["--format", "html"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let page = run.text();
    assert!(is_well_formed(page));
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
    assert!(page.contains("<del>Never</del> ") || page.contains("<del>Never </del>"), "{page}");
    assert!(page.contains("the left warns of it, the right advises it"));
    for word in ["<script", "http:", "https:", "url(", " src=", " href="] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn hostile_text_is_text_in_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let agent = |word: &str| {
        format!(
            "---\nname: \"<b onload='x'>{word}\"\ndescription: \"</td><script>{word}</script>\"\n\
             <i>: '\"<u>{word}'\n---\n# </h3><iframe>\n\n- Keep `<img src=x>` & {word} &amp; \u{202e}away\n\
             - Sing {word} \u{7}<script>alert(1)</script>\n"
        )
    };
    write(folder.path(), "a.md", agent("one"));
    write(folder.path(), "b.md", agent("two"));
    let run = compare(folder.path(), ["a.md", "b.md"], &["--format", "html"]);
    let page = run.text();
    assert!(is_well_formed(page), "{page}");
    for tag in ["<script", "<img", "<iframe", "<b ", "<i>", "<u>", "\u{202e}", "\u{7}"] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("&lt;img src=x&gt;"), "{page}");
    assert!(page.contains("<del>one</del>") && page.contains("<ins>two</ins>"), "{page}");
}

#[test]
fn a_file_takes_the_result() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.md", "---\nname: a\n---\n- Oil the cranes\n");
    write(folder.path(), "b.md", "---\nname: b\n---\n- Oil the cranes\n");
    let out = ["--format", "html", "--output", "ab.html"];
    let run = compare(folder.path(), ["a.md", "b.md"], &out);
    assert_eq!((run.code, run.stdout.len()), (Some(0), 0));
    let page = fs::read_to_string(folder.path().join("ab.html")).unwrap();
    assert!(page.ends_with("</html>\n"));
}

#[test]
fn long_files_of_like_lines_take_bounded_time() {
    let folder = tempfile::tempdir().unwrap();
    let lines = |word: &str| -> String {
        let line = |n: usize| format!("- Oil the {word} chain {} of crane {}\n", n % 7, n % 100);
        (0..1_500).map(line).collect()
    };
    let word = "harbour ".repeat(30_000);
    write(folder.path(), "a.md", format!("# A\n\n{}\n{word}\n", lines("left")));
    write(folder.path(), "b.md", format!("# B\n\n{}\n{word} b\n", lines("right")));
    for format in ["text", "json"] {
        let run = compare(folder.path(), ["a.md", "b.md"], &["--format", format]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
}
