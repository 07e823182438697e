//! What must hold for the parse of every file, and for the relation of every two.

#[path = "fuzz/audited.rs"]
mod audited;
#[path = "fuzz/sound.rs"]
mod sound;

use std::fs;
use std::path::{Path, PathBuf};

use agent_overlap::agent::Origin;
use agent_overlap::align::Aligner;
use agent_overlap::collection::Collection;
use agent_overlap::config::Thresholds;
use agent_overlap::discover::classify;
use agent_overlap::relation::{self, Pair, Relation};
use agent_overlap::source::SourceFile;
use proptest::prelude::*;

/// Pieces of which Markdown is made, whole and broken.
const FRAGMENTS: [&str; 80] = [
    "# ", "## Rules\n", "###", "\n\n", "\n", "\r\n", "\r", " ", "    ", "\t", "\u{a0}", "- ", "* ",
    "1. ", "2) ", "(1) ", "> ", ">", "---\n", "***", "===\n", "```", "```yaml\n", "~~~\n", "`",
    "| a | b |\n", "|---|---|\n", "|", "**", "**Title:**\n", "*", "_", "~~", "[x](y)", "![", "]",
    "(", ")", "[^1]", "[a]: b\n", "<example>", "</example>", "<example>\n", "<bad>", "</bad>",
    "<good>", "</good>", "<rule id=\"1\">", "</rule>", "<b>", "</b>", "<br/>", "<!--", "-->", "<",
    "Vec<String>", "&nbsp;", "&amp;", "&", "\\", "\\n", "• ", "✅ ", "❌ Never ", "→", "user: ",
    "assistant: ", "Context: ", "<commentary>", "</commentary>", "Never:", "Do this: ", "Use ",
    "Wait. Then ask! ", "e.g. ", "代码审查。", "テストです", "é", "e\u{301}", "\u{200d}👩‍🚀",
];

/// Lines of which frontmatter is made, whole and broken.
const FIELDS: [&str; 26] = [
    ": sonnet",
    "\"na\\tme\": brewer",
    "name: brewer",
    "name: [a, b]",
    "name:",
    "description: Brews beer. Use when the malt is dry.",
    "description: Brews: beer",
    "description: \"Brews <example>user: \\\"hi\\\" assistant: \\\"ho\\\"</example>\"",
    "description: |",
    "description: >-",
    "  indented text",
    "\ttab",
    "user: hi",
    "assistant: ho",
    "tools: Read, Bash(git add:*)",
    "tools:",
    "  - Read",
    "  write: true",
    "model: [opus]",
    "globs: **/*.rs",
    "a: &x [1, 2]",
    "b: *x",
    "'quoted",
    "# comment",
    "",
    "...",
];

fn markdown() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..40)
        .prop_map(|fragments| fragments.concat())
}

fn frontmatter() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(prop::sample::select(&FIELDS[..]), 0..8);
    let rules = prop::sample::select(vec!["---", "----", "```", ""]);
    let line_ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (lines, rules.clone(), rules, line_ends).prop_map(|(lines, opening, closing, line_end)| {
        let all: Vec<&str> = [opening].into_iter().chain(lines).chain([closing]).collect();
        all.join(line_end) + line_end
    })
}

/// A file that looks like a definition, or like anything.
fn file() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (frontmatter(), markdown()).prop_map(|(head, body)| head + &body),
        2 => markdown(),
        1 => any::<String>(),
    ]
}

/// Advice that clashes with that of the files beside it, as lines of a body.
const ADVICE: [&str; 29] = [
    "Never use `any`.",
    "const a: any = 1;",
    "    const a: any = 1;",
    "```ts",
    "```",
    "~~~sh",
    "git push --force",
    "Run `git push --force` when it is stuck.",
    "Never push by force.",
    "Commit after each step.",
    "Always use npm. The API runs on port 4000.",
    "Use Jest 28, not Vitest.",
    "Keep functions under 30 lines.",
    "Test coverage: at least 90%",
    "{ \"error\": \"text\", \"data\": null }",
    "All responses are `{ \"ok\": true, \"result\": {} }`.",
    "touch src/MyBoat.tsx",
    "Files are named in PascalCase, as `MyBoat.tsx`.",
    "Escribe todos los comentarios en español, por favor.",
    "All comments in Spanish.",
    "See `Src/Components/` and https://other.test/docs.",
    "Hand over to the `brewer-helper` agent.",
    "| Branch | `develop` |",
    "|-|-|",
    "// Bad",
    "❌ Don't:",
    "# In production",
    "In `apps/web` ask twice before you delete logs.",
    "写完后提交。别用 `any`。",
];

/// Lines of advice, of Markdown and of nothing, each behind signs of quotes and lists.
fn advice() -> impl Strategy<Value = String> {
    let prefix =
        prop::sample::select(vec!["", "", "", "> ", "- ", "> - ", "1. ", "  ", "\t", "> > "]);
    let content = prop_oneof![
        4 => prop::sample::select(&ADVICE[..]).prop_map(str::to_owned),
        1 => markdown(),
    ];
    let end = prop::sample::select(vec!["\n", "\n", "\n\n", "\r\n", ""]);
    let line = (prefix.clone(), prefix, content, end)
        .prop_map(|(outer, inner, line, end)| format!("{outer}{inner}{line}{end}"));
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.concat())
}

fn source(path: &str, text: &str) -> SourceFile {
    SourceFile::new(path, text)
}

/// Sentences of few words, so that many are alike.
fn statement() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "kettle", "malt", "hops", "boil", "cool", "clean", "taste", "barrel", "never", "twice",
    ]);
    prop::collection::vec(words, 1..6).prop_map(|words| words.join(" "))
}

fn body() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 1..12).prop_map(|statements| {
        let items: Vec<String> = statements.iter().map(|text| format!("- {text}\n")).collect();
        format!("You are a brewer. You make beer.\n\n## Work\n\n{}", items.concat())
    })
}

fn definition(name: &str, body: &str) -> String {
    format!("---\nname: {name}\ndescription: Brews beer for the whole village.\n---\n\n{body}")
}

/// The one pair of two files, if they are related.
fn pair_of(left: &str, right: &str) -> Option<Pair> {
    let files = [source("agents/a.md", left), source("agents/b.md", right)];
    let origins: Vec<Origin> = files.iter().map(|file| classify(&file.path)).collect();
    let collection = Collection::new(&files, &origins);
    let thresholds = Thresholds::default();
    let mut pairs = relation::pairs(&collection, &thresholds);
    assert!(pairs.len() <= 1, "two files make one pair");
    pairs.pop()
}

fn check_range(pair: &Pair) -> Result<(), TestCaseError> {
    let measures = [pair.redundancy, pair.name, pair.role, pair.left_in_right, pair.right_in_left];
    let similarities = pair.matches.iter().map(|matched| matched.similarity);
    for measure in measures.into_iter().chain(similarities) {
        prop_assert!((0.0..=1.0).contains(&measure), "{:?}", pair);
    }
    Ok(())
}

/// The pair as seen from the other side; sums may be rounded in another order.
fn check_mirrored(one: Option<&Pair>, other: Option<&Pair>) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.is_some(), other.is_some());
    let Some((one, other)) = one.zip(other) else {
        return Ok(());
    };
    prop_assert_eq!(one.relation, other.relation);
    for (a, b) in [
        (one.redundancy, other.redundancy),
        (one.name, other.name),
        (one.role, other.role),
        (one.left_in_right, other.right_in_left),
        (one.right_in_left, other.left_in_right),
    ] {
        prop_assert!((a - b).abs() < 1e-9, "{:?} {:?}", one, other);
    }
    Ok(())
}

/// All files below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Cut anywhere, a file leaves open what it opened.
#[test]
fn a_parse_of_a_part_of_any_fixture_is_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in files_below(&root.join("fixtures")) {
        let bytes = fs::read(&path).expect("it can be read");
        let text = String::from_utf8_lossy(&bytes);
        let step = (text.len() / 50).max(1);
        for end in (0..=text.len()).step_by(step) {
            sound::check(&text[..text.floor_char_boundary(end)]);
            sound::check(&text[text.floor_char_boundary(end)..]);
        }
    }
}

proptest! {
    #[test]
    fn a_parse_of_anything_is_sound(text in file()) {
        sound::check(&text);
    }

    #[test]
    fn a_parse_of_any_characters_is_sound(text in "(---\\n)?\\PC{0,200}") {
        sound::check(&text);
    }

    #[test]
    fn there_is_a_report_on_anything(text in file()) {
        audited::check(&text);
    }

    #[test]
    fn there_is_a_report_on_any_advice(text in advice()) {
        audited::check(&text);
    }

    /// One prefix for all lines makes one quote or list of them.
    #[test]
    fn there_is_a_report_on_what_is_quoted_or_listed(
        text in advice(),
        prefix in prop::sample::select(vec!["> ", "- ", "> > ", "  "]),
    ) {
        let lines: Vec<String> = text.lines().map(|line| format!("{prefix}{line}")).collect();
        audited::check(&lines.join("\n"));
    }

    #[test]
    fn measures_of_any_two_files_are_in_range(left in file(), right in file()) {
        if let Some(pair) = pair_of(&left, &right) {
            check_range(&pair)?;
        }
    }

    #[test]
    fn the_order_of_two_files_does_not_matter(
        left in body(),
        right in body(),
        names in prop::sample::subsequence(vec!["brewer", "beer-brewer", "brewing-expert"], 2),
    ) {
        let (left, right) = (definition(names[0], &left), definition(names[1], &right));
        let one = pair_of(&left, &right);
        let other = pair_of(&right, &left);
        check_mirrored(one.as_ref(), other.as_ref())?;
        for pair in one.iter().chain(&other) {
            check_range(pair)?;
        }
    }

    #[test]
    fn files_of_one_body_are_identical_or_duplicates(
        body in body(),
        name in prop::sample::select(vec!["brewer", "cooper", "beer-brewer"]),
    ) {
        let pair = pair_of(&definition("brewer", &body), &definition(name, &body));
        let relation = pair.map(|pair| pair.relation);
        prop_assert!(
            matches!(relation, Some(Relation::Identical | Relation::Duplicate)),
            "{:?}", relation
        );
    }

    #[test]
    fn coverage_stays_below_its_bound(left in body(), right in body(), third in body()) {
        let files = [left, right, third].map(|body| source("agents/a.md", &definition("brewer", &body)));
        let origins: Vec<Origin> = files.iter().map(|file| classify(&file.path)).collect();
        let collection = Collection::new(&files, &origins);
        let mut aligner = Aligner::new(&collection, Thresholds::UNIT_MATCH);
        for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
            aligner.set_right(one);
            let bound = aligner.bound(other);
            let coverage = aligner.align(other).coverage.max();
            prop_assert!(coverage <= bound, "{} {}", coverage, bound);
        }
    }
}
