//! Input that breaks programs. Each must end in a report or in a named
//! problem, in bounded time and memory, and with a report of bounded size.
//! A test whose name says that something is not done again and again fails by
//! the bound: it takes minutes or more memory than there is where it is.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Run, run_within, write};

/// Just below the largest file that is read.
const MEGABYTE: usize = 1_000_000;

/// A run that takes longer hangs: it is ended and the test fails. None takes
/// more than two seconds where nothing else runs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bytes of a report at most for each byte that is read, beside a megabyte.
const MAX_GROWTH: usize = 200;

const HOSTILE: &str = "agents/hostile.md";
const HEALTHY: &str = "agents/healthy.md";

/// A folder with one healthy agent, which has to survive its neighbours.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let healthy = "---\nname: healthy\ndescription: Waters the plants.\n---\n\n\
        You water the plants.\n\n- Water the ferns every second day.\n";
    write(folder.path(), HEALTHY, healthy);
    folder
}

/// `piece`, as often as `byte_len` bytes hold it.
fn repeated(piece: &str, byte_len: usize) -> String {
    piece.repeat(byte_len / piece.len())
}

/// A definition with this body.
fn with_body(body: &str) -> String {
    format!("---\nname: hostile\ndescription: Holds hostile text.\n---\n\n{body}")
}

/// A definition with these lines below its name.
fn with_frontmatter(lines: &str) -> String {
    format!("---\nname: hostile\n{lines}\n---\n\n- Sharpen the scythe.\n")
}

/// Audits `paths` in `folder` as JSON and as text, and checks what holds for
/// every input. Returns the JSON.
fn audit(folder: &Path, paths: &[&str]) -> Value {
    let json = audit_as(folder, paths, "json");
    let text = audit_as(folder, paths, "text");
    assert_eq!(json.code, text.code);
    let is_control = |c: &char| c.is_control() && *c != '\n';
    let control = text.text().chars().find(is_control);
    assert_eq!(control, None, "the text has a control character");
    json.json()
}

fn audit_as(folder: &Path, paths: &[&str], format: &str) -> Run {
    let options = ["audit", "--threads", "2", "--format", format];
    let arguments: Vec<&str> = options.iter().chain(paths).copied().collect();
    let run = run_within(PATIENCE, folder, &arguments);
    let most = MAX_GROWTH * n_bytes(folder) + MEGABYTE;
    let n_written = run.stdout.len();
    assert!(n_written <= most, "{n_written} bytes of {format}, not {most}");
    let stderr: String = run.stderr.chars().take(2_000).collect();
    assert!(matches!(run.code, Some(0..=2)), "ended with {:?}: {stderr}", run.code);
    run
}

/// Bytes of all files below a folder; links and what cannot be looked into
/// have none.
fn n_bytes(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(data) if data.is_dir() => n_bytes(&entry.path()),
        Ok(data) if data.is_file() => data.len() as usize,
        _ => 0,
    });
    sizes.sum()
}

/// Audits a folder that holds `content` beside a healthy agent.
fn audit_beside_healthy(content: impl AsRef<[u8]>) -> Value {
    let folder = folder();
    write(folder.path(), HOSTILE, content);
    let report = audit(folder.path(), &[]);
    assert!(is_read(&report, HEALTHY), "the healthy agent is lost");
    report
}

/// A definition of which every byte may be read: it must be among the agents.
fn is_survived(content: &str) {
    let report = audit_beside_healthy(content);
    assert!(is_read(&report, HOSTILE), "the hostile agent is lost");
}

fn is_read(report: &Value, path: &str) -> bool {
    let agents = report["agents"].as_array().unwrap();
    agents.iter().any(|agent| agent["path"] == path)
}

/// The findings of a rule.
fn found<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule).collect()
}

/// The problems that name `path`, each with its line and message.
fn problems<'a>(report: &'a Value, path: &str) -> Vec<(Option<u64>, &'a str)> {
    let problems = report["problems"].as_array().unwrap();
    problems
        .iter()
        .filter(|problem| problem["path"] == path)
        .map(|problem| (problem["line"].as_u64(), problem["message"].as_str().unwrap()))
        .collect()
}

/// Bytes without a pattern, the same on each run (Knuth's MMIX generator).
fn noise(n_bytes: usize) -> Vec<u8> {
    let mut state: u64 = 1;
    let next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(n_bytes).collect()
}

/// One test for each piece of text that fills a body.
macro_rules! a_body_full_of {
    ($($name:ident: $piece:expr, $byte_len:expr;)*) => {
        mod a_body_full_of {
            use super::{MEGABYTE, is_survived, repeated, with_body};

            $(
                #[test]
                fn $name() {
                    is_survived(&with_body(&repeated($piece, $byte_len)));
                }
            )*
        }
    };
}

a_body_full_of! {
    open_brackets: "[", MEGABYTE;
    open_images: "![", MEGABYTE;
    link_openings: "[a](", MEGABYTE;
    backticks: "`", MEGABYTE;
    lone_backticks: "a ` ", MEGABYTE;
    angle_brackets: "<", MEGABYTE;
    comment_openings: "<!-- ", MEGABYTE;
    allowances: "# A\n<!-- agent-overlap: allow missing-tool: it is meant -->\n", MEGABYTE;
    broken_allowances: "<!-- agent-overlap: allow mising-tool -->", MEGABYTE;
    example_openings: "<example>", MEGABYTE;
    example_openings_on_lines: "<example>\n", MEGABYTE;
    stars: "*", MEGABYTE;
    star_pairs: "*a **b ", MEGABYTE;
    quote_signs: ">", MEGABYTE;
    hashes: "#", MEGABYTE;
    empty_headings: "#\n", MEGABYTE;
    rules: "\n---\n", MEGABYTE;
    fences: "```\n", MEGABYTE;
    tildes: "~", MEGABYTE;
    pipes: "|", MEGABYTE;
    ampersands: "&", MEGABYTE;
    backslashes: "\\", MEGABYTE;
    colons: "user: ", MEGABYTE;
    full_stops: "A. ", MEGABYTE;
    one_word: "x", MEGABYTE;
    versions: "/v1/", MEGABYTE;
    one_cjk_run: "字", MEGABYTE;
    combining_marks: "\u{301}", MEGABYTE;
    carriage_returns: "\r", MEGABYTE;
    no_break_spaces: "\u{a0}", MEGABYTE;
    equal_items: "- Wash your hands first.\n", 25 * 40_000;
    bullets_in_a_line: "• one ", MEGABYTE;
}

#[test]
fn lists_5000_deep_are_read() {
    let nested: String =
        (0..1_000).map(|depth| format!("{}- item {depth}\n", "  ".repeat(depth))).collect();
    is_survived(&with_body(&nested[..nested.len().min(MEGABYTE)]));
    is_survived(&with_body(&format!("{}deep\n", "- ".repeat(5_000))));
}

#[test]
fn block_quotes_5000_deep_are_read() {
    is_survived(&with_body(&format!("{} deep\n", "> ".repeat(5_000))));
    let line = format!("{} deep\n", ">".repeat(500));
    is_survived(&with_body(&repeated(&line, MEGABYTE)));
}

#[test]
fn a_line_of_a_megabyte_is_read() {
    let line = repeated("Clean the brushes after the last coat has dried. ", MEGABYTE);
    is_survived(&with_body(&line));
    is_survived(&with_body(&format!("- {line}")));
}

#[test]
fn a_line_of_numbered_steps_is_read() {
    let steps: String = (1..60_000).map(|number| format!("{number}. Turn it. ")).collect();
    is_survived(&with_body(&steps));
    let steps: String = (1..80_000).map(|number| format!("({number}) Turn ")).collect();
    is_survived(&with_body(&steps));
}

#[test]
fn a_comment_of_wide_characters_before_text_is_read() {
    is_survived(&with_body("<!-- a\n    é字字 --> Boil the water.\n"));
    is_survived(&with_body("- <!--é字字--> Boil the water.\n"));
}

#[test]
fn a_wide_table_with_short_rows_is_read() {
    let n_columns = 1_000;
    let header = "| a ".repeat(n_columns);
    let rule = "|---".repeat(n_columns);
    let rows = "| x |\n".repeat(150_000);
    is_survived(&with_body(&format!("{header}|\n{rule}|\n{rows}")));
}

#[test]
fn twenty_thousand_headings_are_read() {
    let headings: String = (0..20_000)
        .map(|number| format!("## Shelf {number}\n\n- Dust shelf {number}.\n"))
        .collect();
    is_survived(&with_body(&headings));
}

#[test]
fn long_words_are_read() {
    let words: String =
        (0..100).map(|number| format!("{}{number} ", "long".repeat(2_000))).collect();
    is_survived(&with_body(&words));
}

#[test]
fn tags_that_close_nothing_are_read() {
    let text = format!("{}{}", "<good>\n".repeat(60_000), "</bad>\n".repeat(60_000));
    is_survived(&with_body(&text));
}

#[test]
fn as_many_regions_as_lines_are_read() {
    is_survived(&with_body(&repeated("- <bad>x</bad> y\n", MEGABYTE)));
}

#[test]
fn lines_of_no_break_spaces_are_read() {
    is_survived(&with_body(&format!("x\n{}", repeated("\u{a0}\n", MEGABYTE))));
}

#[test]
fn two_large_agents_of_one_name_are_compared() {
    let folder = folder();
    for side in ["left", "right"] {
        let items: String =
            (0..6_000).map(|number| format!("- Oil hinge {side}{number}.\n")).collect();
        write(folder.path(), &format!("agents/{side}.md"), with_body(&items));
    }
    let report = audit(folder.path(), &[]);
    assert_eq!(report["summary"]["agents"], 3);
}

#[test]
fn names_of_many_words_are_compared() {
    let words: Vec<String> = (0..30_000).map(|number| format!("ab{number}")).collect();
    let name = words.join("-");
    let folder = folder();
    for (file, name, body) in [
        ("a", name.as_str(), "Do it.".to_owned()),
        ("b", &name, "Do it again.".to_owned()),
        ("c", "c", format!("Use the `{name}x` agent.")),
    ] {
        let content = format!("---\nname: {name}\ndescription: Does {file}.\n---\n\n{body}\n");
        write(folder.path(), &format!("agents/{file}.md"), content);
    }
    let report = audit(folder.path(), &[]);
    assert_eq!(report["summary"]["agents"], 4);
    // They bear one name, and the third speaks of another one.
    assert_eq!(found(&report, "name-collision").len(), 1);
    assert_eq!(found(&report, "dangling-reference").len(), 1);
}

#[test]
fn a_long_lead_in_is_not_read_for_each_item() {
    for (start, item) in [
        ("The", "- Use pnpm.\n"),
        ("Always", "- coverage at least 80%.\n"),
        ("- Never write logs.\n\nThe", "- Write logs.\n"),
        ("The", "- npm:\n  - npm\n"),
    ] {
        let lead_in = repeated(" word thing", MEGABYTE / 2);
        let items = repeated(item, MEGABYTE / 2);
        is_survived(&with_body(&format!("{start}{lead_in}:\n\n{items}")));
    }
}

#[test]
fn orders_without_end_are_compared_with_many_bans() {
    let bans = "- Never write logs.\n".repeat(100);
    let orders = repeated("- Write logs.\n", MEGABYTE - bans.len() - 200);
    is_survived(&with_body(&format!("{bans}\n# Steps\n\n{orders}")));
}

#[test]
fn names_in_examples_without_end_are_looked_for_once() {
    let examples: String = (0..17_000)
        .map(|number| format!("<example>Ask the `n{number}-x` agent.</example>\n"))
        .collect();
    is_survived(&with_body(&examples));
}

#[test]
fn one_thing_in_values_without_end_is_read() {
    let spelling = |number: u32| -> String {
        let letters = "componentsofboats".chars().zip(0..);
        letters
            .map(|(c, bit)| match number >> bit & 1 {
                1 => c.to_ascii_uppercase(),
                _ => c,
            })
            .collect()
    };
    let numbers = 0..20_000;
    let paths: String =
        (numbers.clone()).map(|number| format!("`src/{}` ", spelling(number))).collect();
    let addresses: String =
        numbers.map(|number| format!("https://harbourxy.io/a{number}/b/x.md ")).collect();
    is_survived(&with_body(&paths));
    is_survived(&with_body(&addresses));
}

/// The later of many copies are compared with the first alone.
#[test]
fn a_thousand_copies_are_one_group() {
    let advice = "- Oil the hinges of the gate.\n- Wipe them with a dry cloth first.\n";
    for (file, text) in
        [("agents/hinge-oiler.md", with_body(advice)), ("CLAUDE.md", advice.to_owned())]
    {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..1_000 {
            let path = format!("packages/{number:03}/{file}");
            write(folder.path(), &path, &text);
        }
        let report = audit(folder.path(), &[]);
        let pairs = report["pairs"].as_array().unwrap();
        assert_eq!(pairs.len(), 16 * 15 / 2 + 984, "{file}");
        // Each memory file speaks for its own folder.
        let key = if file == "CLAUDE.md" { "apart" } else { "groups" };
        let groups = report[key].as_array().unwrap();
        assert_eq!(groups.len(), 1, "{file}");
        assert_eq!(groups[0]["members"].as_array().unwrap().len(), 1_000);
    }
}

/// The later of many agents with one body are compared with the first alone,
/// whatever each is called and says of itself: all with each other they were
/// eight million pairs. Descriptions that are alike are still compared each
/// with each, which takes its time with more than these.
#[test]
fn thousands_of_renamed_copies_are_one_group() {
    let body = "- Oil the hinges of the gate.\n- Wipe them with a dry cloth first.\n";
    let strangers = |nth| (format!("hand{nth}x"), format!("Does work of q{}z.", nth * 7));
    let kin = |nth| {
        let description = format!("Oils the hinges of all gates of the house q{nth}z.");
        (format!("q{nth}z-oiler"), description)
    };
    type Words = dyn Fn(usize) -> (String, String);
    let forms: [(usize, &Words); 2] = [(4_000, &strangers), (1_000, &kin)];
    for (n, words) in forms {
        let folder = tempfile::tempdir().unwrap();
        for nth in 0..n {
            let (name, description) = words(nth);
            let text = format!("---\nname: {name}\ndescription: {description}\n---\n\n{body}");
            write(folder.path(), &format!("agents/{nth:04}.md"), text);
        }
        let report = audit(folder.path(), &[]);
        let n_pairs = report["pairs"].as_array().unwrap().len();
        assert_eq!(n_pairs, 16 * 15 / 2 + n - 16);
        let groups = report["groups"].as_array().unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0]["members"].as_array().unwrap().len(), n);
    }
}

#[test]
fn advice_without_end_is_read() {
    for piece in [
        "Use React. ",
        "react/",
        " src/aBc.ts",
        " 1-abcdefgh",
        "](",
        "never commit ",
        "- Never `SELECT * x`\n",
        "- test coverage > 80%\n- test coverage > 81%\n",
        "- Never run tests\n- Run tests\n",
        "```\nimport react\npnpm install\n```\n",
    ] {
        is_survived(&with_body(&repeated(piece, MEGABYTE / 8)));
    }
}

#[test]
fn figures_without_end_are_read() {
    for line in [
        format!("- coverage {}", "80% ".repeat(200_000)),
        format!("- {} 80%", "coverage ".repeat(100_000)),
        "test coverage 80 ".repeat(20_000),
        "- test coverage 80 test coverage 80 test coverage 80\n".repeat(15_000),
    ] {
        is_survived(&with_body(&line));
    }
}

/// The whole line was quoted for each path in two spellings: 816 MB.
#[test]
fn a_long_line_is_not_quoted_in_full_for_each_clash() {
    let paths: String =
        (0..4_000).map(|number| format!("`aB/c{number}/d` and `ab/c{number}/d` ")).collect();
    let folder = folder();
    write(folder.path(), "CLAUDE.md", &paths);
    let report = audit_as(folder.path(), &[], "json");
    assert!(report.stdout.len() < MEGABYTE, "{}", report.stdout.len());
    assert_ne!(report.json()["summary"]["findings"]["warning"], 0);
}

#[test]
fn a_long_line_is_not_read_for_each_thing_in_it() {
    let paths: String =
        (0..30_000).map(|number| format!("`aB/c{number}/d` and `ab/c{number}/d` ")).collect();
    is_survived(&with_body(&paths));
    is_survived(&with_body(&format!("```\n{paths}\n```\n")));
    let bans = repeated("`a`: do not call `send`;  ", MEGABYTE);
    is_survived(&with_body(&format!("- {bans}")));
    let uses = repeated("Use `send_it` and ", MEGABYTE);
    is_survived(&with_body(&format!("- Never use `send_it`.\n\n{uses}")));
}

#[test]
fn a_module_of_a_megabyte_of_parts_is_read() {
    let folder = folder();
    for number in 0..4 {
        let import = format!("```\nfrom {}\n```\n", ".".repeat(MEGABYTE));
        write(folder.path(), &format!("agents/{number}.md"), with_body(&import));
    }
    assert_eq!(audit(folder.path(), &[])["summary"]["agents"], 5);
}

/// Each of the agents that name another one, with each that has the name, was
/// kept in memory.
#[test]
fn agents_without_end_name_as_many_others() {
    let folder = folder();
    for number in 0..6_000 {
        let namer = format!(
            "---\nname: q{number}\ndescription: Do not use for boats, use other-one instead.\n\
             ---\n\n- Step {number}.\n"
        );
        write(folder.path(), &format!("agents/{number}.md"), namer);
        let named = "---\nname: other-one\ndescription: Sails.\n---\n\n- Set the sail.\n";
        write(folder.path(), &format!("agents/{number}/other.md"), named);
    }
    let report = audit_as(folder.path(), &[], "json");
    assert_eq!(report.json()["summary"]["agents"], 2 * 6_000 + 1);
}

/// Agents of one team that are no copies of each other, each with a hundred bans
/// of what each of them does a hundred times.
#[test]
fn equal_bans_of_many_agents_are_compared_with_their_uses_once() {
    const N: u32 = 60;
    let bans = "- Never use `send_it`.\n".repeat(100);
    let uses = "send_it();\n".repeat(100);
    let folder = folder();
    for number in 0..N {
        let own: String = (0..8)
            .map(|shelf| format!("- Book q{number}z{shelf} lies on shelf w{number}v{shelf}.\n"))
            .collect();
        let content = format!(
            "---\nname: clerk{number}\ndescription: Keeps book {number}.\n---\n\n\
             {own}\n## Steps\n\n```js\n{uses}```\n\n## Rules\n\n{bans}"
        );
        write(folder.path(), &format!(".claude/agents/{number}.md"), content);
    }
    let report = audit(folder.path(), &[]);
    let clashes = found(&report, "polarity-conflict");
    assert_eq!(clashes.len(), 1);
    let agents = clashes[0]["agents"].as_array().unwrap();
    assert_eq!(agents.len(), N as usize);
}

#[test]
fn brackets_in_the_frontmatter_are_survived() {
    is_survived(&with_frontmatter(&format!("a: {}", "[".repeat(MEGABYTE))));
    is_survived(&with_frontmatter(&format!("a: {}", "[".repeat(60_000))));
    is_survived(&with_frontmatter(&format!("a: {}", "{a: ".repeat(15_000))));
    is_survived(&with_frontmatter(&format!("a:\n  {}", "- ".repeat(30_000))));
}

#[test]
fn nested_keys_in_the_frontmatter_are_survived() {
    is_survived(&with_frontmatter(&"a: ".repeat(200_000 / 3)));
    is_survived(&with_frontmatter(&"a: ".repeat(60_000 / 3)));
    is_survived(&with_frontmatter(&"? ".repeat(30_000)));
}

#[test]
fn many_keys_in_the_frontmatter_are_survived() {
    let keys: String = (0..15_000).map(|number| format!("k{number}: [\n")).collect();
    is_survived(&with_frontmatter(&keys));
    is_survived(&with_frontmatter(&"a: b\n".repeat(40_000)));
}

#[test]
fn a_yaml_bomb_is_survived() {
    let mut bomb = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for (last, next) in ('a'..='y').zip('b'..='z') {
        let aliases = vec![format!("*{last}"); 9].join(", ");
        writeln!(bomb, "{next}: &{next} [{aliases}]").unwrap();
    }
    is_survived(&with_frontmatter(&bomb));
}

#[test]
fn long_names_and_descriptions_are_survived() {
    let words: String = (0..6_000).map(|number| format!("word{number} ")).collect();
    let folder = folder();
    for file in ["a", "b"] {
        let content = format!("---\nname: {words}\ndescription: {words}\n---\n\nDo {file}.\n");
        write(folder.path(), &format!("agents/{file}.md"), content);
    }
    assert_eq!(audit(folder.path(), &[])["summary"]["agents"], 3);
}

#[test]
fn control_characters_stay_out_of_the_text() {
    let escape = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{8}";
    let content = format!(
        "---\nname: {escape}\ndescription: {escape} x: y\n---\n\n# {escape}\n\n- Do {escape} it.\n"
    );
    let folder = folder();
    write(folder.path(), HOSTILE, &content);
    write(folder.path(), "agents/copy.md", &content);
    assert!(is_read(&audit(folder.path(), &[]), HOSTILE));
}

#[test]
fn random_bytes_are_skipped_with_a_problem() {
    let report = audit_beside_healthy(noise(MEGABYTE));
    assert!(!is_read(&report, HOSTILE));
    assert_eq!(problems(&report, HOSTILE), [(None, "skipped: not text")]);
}

#[test]
fn random_bytes_in_a_named_file_are_read_with_a_problem() {
    let folder = folder();
    write(folder.path(), HOSTILE, noise(MEGABYTE));
    let report = audit(folder.path(), &[HOSTILE, HEALTHY]);
    assert!(is_read(&report, HOSTILE) && is_read(&report, HEALTHY));
    let found = problems(&report, HOSTILE);
    assert!(!found.is_empty());
    assert!(found.iter().all(|(line, _)| line.is_some()), "{found:?}");
}

#[test]
fn nothing_but_nul_is_skipped_with_a_problem() {
    let report = audit_beside_healthy(vec![0; MEGABYTE]);
    assert_eq!(problems(&report, HOSTILE), [(None, "skipped: not text")]);
}

#[test]
fn utf_16_without_a_mark_is_skipped_with_a_problem() {
    let utf16: Vec<u8> =
        with_body("- Mind the gap.\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let report = audit_beside_healthy(utf16);
    assert_eq!(problems(&report, HOSTILE), [(None, "skipped: not text")]);
}

#[test]
fn a_broken_byte_is_named_with_its_line() {
    let mut bytes = with_body("- Mind the gap.\n").into_bytes();
    bytes.push(0xFF);
    let report = audit_beside_healthy(bytes);
    assert!(is_read(&report, HOSTILE));
    let found = problems(&report, HOSTILE);
    assert!(found.iter().any(|&(line, _)| line == Some(7)), "{found:?}");
}

#[test]
fn a_file_above_the_limit_is_skipped_with_a_problem() {
    let report = audit_beside_healthy(with_body(&repeated("x ", 2 * MEGABYTE)));
    assert!(!is_read(&report, HOSTILE));
    let found = problems(&report, HOSTILE);
    assert!(found[0].1.contains("larger than"), "{found:?}");
}

/// 100,000 files were tried by hand; here are fewer, so that the test stays quick.
#[test]
fn empty_files_are_counted_as_skipped() {
    let folder = folder();
    for number in 0..3_000 {
        write(folder.path(), &format!("agents/{number}.md"), "");
    }
    let report = audit(folder.path(), &[]);
    assert!(is_read(&report, HEALTHY));
    assert_eq!(report["summary"]["files_skipped"], 3_000);
}

#[test]
fn a_missing_path_is_named() {
    let folder = folder();
    let run = audit_as(folder.path(), &[HEALTHY, "agents/gone.md"], "json");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("agents/gone.md"), "{}", run.stderr);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    fn make_fifo(folder: &Path, path: &str) {
        let status = Command::new("mkfifo").arg(folder.join(path)).status();
        assert!(status.is_ok_and(|status| status.success()), "mkfifo");
    }

    #[test]
    fn a_fifo_in_a_folder_is_not_opened() {
        let folder = folder();
        make_fifo(folder.path(), HOSTILE);
        let report = audit(folder.path(), &[]);
        assert!(is_read(&report, HEALTHY) && !is_read(&report, HOSTILE));
    }

    #[test]
    fn a_named_fifo_is_not_opened_but_named() {
        let folder = folder();
        make_fifo(folder.path(), HOSTILE);
        let run = audit_as(folder.path(), &[HOSTILE, HEALTHY], "json");
        assert_eq!(run.code, Some(2));
        let report = run.json();
        assert!(is_read(&report, HEALTHY));
        let found = problems(&report, HOSTILE);
        assert!(found[0].1.contains("neither a file nor a folder"), "{found:?}");
    }

    /// Makes `path` unreadable; `false` where that is impossible, as it is for root.
    #[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
    fn is_locked(path: &Path) -> bool {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        let opened =
            if path.is_dir() { fs::read_dir(path).is_ok() } else { fs::File::open(path).is_ok() };
        if opened {
            eprintln!("skipped: root may read everything");
        }
        !opened
    }

    fn unlock(path: &Path) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn an_unreadable_folder_is_named_and_the_run_incomplete() {
        let folder = folder();
        let locked = folder.path().join("agents/locked");
        fs::create_dir(&locked).unwrap();
        if is_locked(&locked) {
            let run = audit_as(folder.path(), &[], "json");
            assert_eq!(run.code, Some(2));
            assert!(is_read(&run.json(), HEALTHY));
            assert!(!problems(&run.json(), "agents/locked").is_empty());
        }
        unlock(&locked);
    }

    #[test]
    fn an_unreadable_file_is_named_and_the_run_incomplete() {
        let folder = folder();
        write(folder.path(), HOSTILE, with_body("- Do it.\n"));
        let locked = folder.path().join(HOSTILE);
        if is_locked(&locked) {
            let run = audit_as(folder.path(), &[], "json");
            assert_eq!(run.code, Some(2));
            assert!(is_read(&run.json(), HEALTHY));
            assert!(!problems(&run.json(), HOSTILE).is_empty());
        }
        unlock(&locked);
    }

    #[test]
    fn links_in_a_circle_are_not_followed() {
        let folder = folder();
        symlink("..", folder.path().join("agents/above")).unwrap();
        symlink("hostile.md", folder.path().join(HOSTILE)).unwrap();
        let report = audit(folder.path(), &[]);
        assert_eq!(report["summary"]["agents"], 1);
    }

    #[test]
    fn a_named_link_to_itself_is_named_and_the_run_incomplete() {
        let folder = folder();
        symlink("hostile.md", folder.path().join(HOSTILE)).unwrap();
        let run = audit_as(folder.path(), &[HOSTILE, HEALTHY], "json");
        assert_eq!(run.code, Some(2));
        assert!(is_read(&run.json(), HEALTHY));
        assert!(!problems(&run.json(), HOSTILE).is_empty());
    }

    #[test]
    fn a_folder_reached_by_a_link_is_read_once() {
        let folder = folder();
        symlink("agents", folder.path().join("again")).unwrap();
        let report = audit(folder.path(), &["agents", "again"]);
        assert_eq!(report["summary"]["agents"], 1);
    }

    #[test]
    fn a_path_of_control_characters_stays_out_of_the_text() {
        let folder = folder();
        let path = "agents/\u{1b}[2J\nx.md";
        write(folder.path(), path, b"---\nname: x\ndescription: y\n---\n\n\xFF\n");
        assert!(is_read(&audit(folder.path(), &[]), path));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_no_utf_8_is_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = folder();
    let path = folder.path().join("agents").join(OsStr::from_bytes(b"\xFFx.md"));
    fs::write(path, with_body("- Do it.\n")).unwrap();
    let report = audit(folder.path(), &[]);
    assert!(is_read(&report, "agents/\u{FFFD}x.md"), "{report}");
}
