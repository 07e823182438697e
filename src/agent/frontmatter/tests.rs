//! Reading frontmatter: shapes of real files, hostile ones, and properties.

use proptest::prelude::*;

use super::{Frontmatter, Value, parse};

fn text_of<'a>(frontmatter: &'a Frontmatter, key: &str) -> &'a str {
    frontmatter
        .get(key)
        .and_then(|field| field.value.as_text())
        .unwrap_or_else(|| panic!("no text for {key}"))
}

/// The only fault of a text: the words it points at, and its message.
fn fault_of(text: &str) -> (&str, String) {
    let (_, faults) = parse(text);
    let [fault] = faults.as_slice() else { panic!("one fault for {text:?}: {faults:?}") };
    (fault.span.of(text), fault.message.clone())
}

#[test]
fn values_keep_their_text() {
    let text =
        "---\nversion: 1.0\non: yes\ndate: 2024-01-02\nlist: [1.0, no]\nempty:\nnone: ~\n---\nbody";
    let (read, faults) = parse(text);
    assert!(faults.is_empty());
    assert_eq!(text_of(&read, "version"), "1.0");
    assert_eq!(text_of(&read, "on"), "yes");
    assert_eq!(text_of(&read, "date"), "2024-01-02");
    assert_eq!(read.get("list").unwrap().value.items(), ["1.0", "no"]);
    assert_eq!(read.get("empty").unwrap().value, Value::Null);
    assert_eq!(read.get("none").unwrap().value, Value::Null);
    assert_eq!(&text[read.body_start as usize..], "body");
}

#[test]
fn value_spans_cover_the_value_in_every_style() {
    let text = "---\nplain: a\n  b\nliteral: |\n  c\n  d\n\nlist:\n  - e\n  - f\nflow: [g,\n  h]\nmap:\n  k: v\nquoted: \"i\"\nnull:\n# end\n---\n";
    let (read, faults) = parse(text);
    assert!(faults.is_empty());
    let values: Vec<_> = read.fields.iter().map(|field| field.value_span.of(text)).collect();
    assert_eq!(values, ["a\n  b", "|\n  c\n  d", "- e\n  - f", "[g,\n  h]", "k: v", "\"i\"", ""]);
}

#[test]
fn odd_delimiters_are_accepted() {
    for (text, body, n_faults) in [
        ("\n  \n---\nname: a\n---\nB", "B", 0),
        ("---\r\nname: a\r\n---\r\nB", "B", 0),
        ("---\rname: a\r---\rB", "B", 0),
        ("---\nname: a\n...\nB", "B", 0),
        ("---\n\nname: a\n----------\nB", "B", 0),
        ("---\nname: a\n---", "", 0),
        ("```markdown\n---\nname: a\n---\nB\n```\n", "B\n```\n", 1),
        ("```yaml\nname: a\n```\nB", "B", 1),
        ("name: a\ndescription: b\n---\nB", "B", 1),
        ("---\nname: a\ndescription: b\n\n# B\nprose", "\n# B\nprose", 1),
        ("---\nname: a\ndescription: b\n\n# B\nprose\n\n---\nmore", "\n# B\nprose\n\n---\nmore", 1),
    ] {
        let (read, faults) = parse(text);
        assert_eq!(text_of(&read, "name"), "a", "{text:?}");
        assert_eq!(&text[read.body_start as usize..], body, "{text:?}");
        assert_eq!(faults.len(), n_faults, "{text:?}: {faults:?}");
    }
}

#[test]
fn an_empty_block_is_a_block() {
    let (read, faults) = parse("---\n---\nB");
    assert_eq!(read.span.map(|span| span.byte_len()), Some(7));
    assert!(read.fields.is_empty() && faults.is_empty());
}

#[test]
fn prose_between_rules_is_no_frontmatter() {
    for text in [
        "",
        "# T\n",
        "---\n\nSome prose.\n\n---\nmore",
        "---",
        "T\n\n---\nname: a\n---\n",
        "---\n# Title\n\nprose: x and\n y: z\n---\n",
    ] {
        let (read, faults) = parse(text);
        assert_eq!((read, faults), (Frontmatter::default(), Vec::new()), "{text:?}");
    }
}

#[test]
fn an_unquoted_colon_is_named_and_the_rest_read() {
    let text = "---\nname: a\ndescription: Use it: now\ntools:\n  write: false\n  read: true\ncolor: red # c\n---\n";
    let (read, faults) = parse(text);
    assert_eq!(text_of(&read, "description"), "Use it: now");
    assert_eq!(text_of(&read, "color"), "red");
    assert_eq!(read.get("tools").unwrap().value.items(), ["read"]);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].span.of(text), "Use it: now");
    assert!(faults[0].message.contains("unquoted `: `"));
}

#[test]
fn a_description_runs_over_into_unindented_lines() {
    let text = "---\nname: a\ndescription: Use it. Examples:\n\n<example>\nContext: one\nuser: \"x\"\nassistant: \"y\"\n</example>\nmodel: opus\n---\n";
    let (read, faults) = parse(text);
    assert_eq!(read.fields.len(), 3);
    assert_eq!(text_of(&read, "model"), "opus");
    let value = read.get("description").unwrap().value_span.of(text);
    assert!(value.starts_with("Use it.") && value.ends_with("</example>"));
    assert_eq!(faults.len(), 1);
}

#[test]
fn speakers_as_keys_continue_the_description() {
    let text = "---\nname: a\ndescription: Use it.\nuser: x\nassistant: y\nmodel: opus\n---\n";
    let (read, _) = parse(text);
    assert_eq!(text_of(&read, "description"), "Use it. user: x assistant: y");
    assert_eq!(fault_of(text).0, "user: x");
}

#[test]
fn causes_are_named_where_they_stand() {
    for (field, place, message) in [
        ("globs: **/*", "**/*", "unquoted `*`"),
        ("argument-hint: [a] (b)", "[a] (b)", "closing `]`"),
        ("description: \"a\" b", "\"a\" b", "closing quote"),
        ("description: \"a\\d\"", "\"a\\d\"", "no escape"),
        ("description: \"a", "\"a", "never closed"),
        ("description: {{x}}", "{{x}}", "placeholder"),
        ("description: `x`", "`x`", "reserved"),
        ("description: @x", "@x", "reserved"),
        ("allowed-tools: - Read", "- Read", "list"),
        ("description: > text", "> text", "block"),
        ("description: x\n model: y", "model", "indented"),
        ("metadata:\n\tx: 1", "\tx: 1", "tab"),
        ("stray line", "stray line", "not indented"),
        ("name: b", "name", "second time"),
    ] {
        let text = format!("---\nname: a\n{field}\n---\n");
        let (span, found) = fault_of(&text);
        assert_eq!(span, place, "{field:?}");
        assert!(found.contains(message), "{field:?}: {found}");
    }
}

#[test]
fn items_split_outside_brackets_and_quotes() {
    for (text, items) in [
        ("Bash(git add:*), Read", vec!["Bash(git add:*)", "Read"]),
        ("Bash(a, b) Read", vec!["Bash(a, b)", "Read"]),
        ("'a, b', \"c\",, don't", vec!["a, b", "c", "don't"]),
        ("[a, b]", vec!["a", "b"]),
        ("*", vec!["*"]),
        (" ", vec![]),
    ] {
        assert_eq!(Value::Text(text.to_owned()).items(), items);
    }
}

#[test]
fn hostile_blocks_are_bounded() {
    let deep = format!("name: a\nx: {}\n", "[".repeat(60_000));
    let nested: String = (0..300).map(|n| format!("{}k:\n", " ".repeat(n))).collect();
    let bomb: String =
        (1..20).map(|n| format!("b{n}: &b{n} [{}]\n", format!("*b{},", n - 1).repeat(9))).collect();
    for content in [
        deep,
        format!("name: a\n{nested}"),
        format!("name: a\nb0: &b0 [x, x]\n{bomb}"),
        format!("name: {}\n", "a".repeat(100_000)),
        format!("name: a\n{}", "x: y: z\n".repeat(8_000)),
        format!("name: a\nx: {}\n", "{".repeat(30_000)),
        format!("name: a\n{}", "? ".repeat(30_000)),
        format!("name: a\nx: \0 {}\n", "- ".repeat(20_000)),
    ] {
        let text = format!("---\n{content}---\n");
        let (read, faults) = parse(&text);
        assert!(text_of(&read, "name").starts_with('a'));
        assert!((1..=3).contains(&faults.len()), "{:?} {faults:?}", &text[..40]);
    }
}

fn check(text: &str) {
    let (read, faults) = parse(text);
    let mut end = 0;
    for field in &read.fields {
        assert!(
            field.key_span.start >= end && field.value_span.start >= field.key_span.end,
            "{text:?}"
        );
        end = field.value_span.end;
        assert!(
            text.get(field.key_span.range()).is_some()
                && text.get(field.value_span.range()).is_some(),
            "{text:?}"
        );
        let _ = field.value.items();
    }
    assert!(end as usize <= text.len() && read.body_start as usize <= text.len());
    assert!(text.is_char_boundary(read.body_start as usize));
    assert!(faults.iter().all(|fault| text.get(fault.span.range()).is_some()), "{text:?}");
    assert!(faults.len() <= 3);
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>(), inner in "(?s).{0,60}") {
        check(&text);
        check(&format!("---\n{inner}\n---\n{text}"));
    }

    #[test]
    fn fragments_of_frontmatter_are_read(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "---\n", "name: a", "description: ", "tools:", "tools: [a, 'b'", "]", "\n", "\r\n", "\r", "  ", "\t",
                "- x", "|", ">-", "\"", "'", ": ", "#", " # c", "é", "中", "&a ", "*a", "!!str ", "{{x}}", "{", "}", "?",
                "user: b", "<example>", "...\n", "------\n", "```yaml\n", "```\n", "\0", "\u{feff}", "\u{85}", "\\", "model: c",
            ]),
            0..30,
        ),
    ) {
        let text = pieces.concat();
        check(&text);
        check(&format!("---\n{text}"));
        check(&format!("---\nname: x\n{text}\n---\nbody"));
    }

    #[test]
    fn simple_keys_stand_under_their_spans(
        lines in prop::collection::vec(("[a-z_][a-z0-9_-]{0,8}", "[ -~]{0,20}"), 1..6),
    ) {
        let block: String = lines.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
        let text = format!("---\n{block}---\n");
        let (read, _) = parse(&text);
        for field in &read.fields {
            prop_assert_eq!(field.key_span.of(&text), &field.key);
        }
    }
}

#[test]
fn the_cure_fits_the_value() {
    let help = |fields: &str| {
        let (_, faults) = parse(&format!("---\nname: x\n{fields}\n---\nText\n"));
        faults[0].help.clone()
    };
    assert_eq!(
        help("description: Says \"go\" first: yes"),
        "write it as a block: `description: |` and the text indented below"
    );
    assert_eq!(
        help("description: Asks first: yes\nand goes on here"),
        "write `description: |` and indent all lines of the text"
    );
    assert_eq!(
        help("description: \"Asks first\nand goes on here\""),
        "indent all lines of the text"
    );
    assert_eq!(help("tools: [Read, Grep"), "end the value with `]`");
    assert_eq!(
        help("description: *any* \"file\""),
        "put the value in single quotes: `description: '…'`"
    );
}
