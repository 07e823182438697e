//! Which words call an agent, and which are names of one.

/// Verbs that make what follows them the one who acts.
const CALLS: [&str; 33] = [
    "use", "using", "uses", "used", "invoke", "invoking", "call", "calling", "launch", "launching",
    "engage", "engaging", "spawn", "spawning", "deploy", "deploying", "leverage", "leveraging",
    "trigger", "activate", "activates", "consult", "employ", "utilize", "run", "running", "ask",
    "dispatch", "delegate", "with", "via", "bring", "start",
];

/// Verbs of passing on, before "to".
const PASSES: [&str; 16] = [
    "delegate", "delegates", "delegated", "delegating", "delegation", "hand", "off", "handoff",
    "hand-off", "escalate", "pass", "route", "turn", "switch", "over", "defer",
];

/// Whether the words before a name call it: "use the", "delegate this to the".
pub(super) fn is_call(lead: &[String; 3]) -> bool {
    let article = matches!(lead[0].as_str(), "the" | "our" | "my" | "a" | "an" | "your");
    let (verb, before) = if article {
        (lead[1].as_str(), lead[2].as_str())
    } else {
        (lead[0].as_str(), lead[1].as_str())
    };
    let is_indefinite = matches!(lead[0].as_str(), "a" | "an");
    !is_indefinite
        && (CALLS.contains(&verb)
            || (verb == "to" && (PASSES.contains(&before) || is_object(before))))
}

/// What stands between "delegate" and "to".
fn is_object(word: &str) -> bool {
    matches!(word, "this" | "it" | "task" | "tasks" | "work" | "control")
}

/// Letters and digits in words parted by hyphens or underscores, two at least.
pub(super) fn is_identifier(name: &str) -> bool {
    let (_, last) = name.rsplit_once(':').unwrap_or(("", name));
    let words: Vec<&str> = last.split(['-', '_']).collect();
    words.len() > 1
        && words.iter().all(|word| !word.is_empty())
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
        && !last.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte == b'-')
}

/// An identifier in small letters with hyphens, as agents are called.
pub(super) fn is_kebab(name: &str) -> bool {
    is_identifier(name) && name.contains('-') && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// One word of small letters, as in "the `planner` agent".
pub(super) fn is_plain_word(name: &str) -> bool {
    name.len() >= 3 && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether the last word is one for somebody who does something.
pub(in crate::rules::references) fn is_role(name: &str) -> bool {
    let last = name.rsplit(['-', '_']).next().unwrap_or(name);
    let is_doer = last.len() >= 5 && (last.ends_with("er") || last.ends_with("or"));
    let known = [
        "agent", "analyst", "architect", "assistant", "dev", "expert", "guru", "lead", "pro", "qa",
    ];
    is_doer || known.contains(&last) || last.ends_with("ist")
}

/// Ends of compound adjectives: "a long-running agent" names nobody.
const ADJECTIVE_ENDS: [&str; 40] = [
    "aware", "based", "capable", "centric", "class", "compliant", "cost", "created", "defined",
    "dedicated", "driven", "enabled", "end", "facing", "first", "focused", "friendly",
    "functional", "generated", "grade", "in", "level", "life", "native", "only", "oriented",
    "party", "powered", "purpose", "quality", "ready", "running", "scale", "side", "specialized",
    "specific", "stack", "time", "up", "wide",
];

/// Beginnings of compound adjectives.
const ADJECTIVE_STARTS: [&str; 14] = [
    "ai", "anti", "co", "cross", "full", "high", "inter", "long", "low", "multi", "non", "pre",
    "self", "sub",
];

/// Whether a compound describes rather than names: by its end, or by its
/// beginning where it has no role noun.
pub(super) fn is_adjective(name: &str) -> bool {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or_default();
    ADJECTIVE_ENDS.contains(&last) || (ADJECTIVE_STARTS.contains(&first) && !is_role(name))
}

/// Words that stand for any name.
const GENERIC: [&str; 36] = [
    "a", "agent", "agents", "another", "any", "appropriate", "child", "custom", "domain",
    "example", "existing", "file", "first", "foo", "generic", "id", "main", "my", "name", "new",
    "next", "other", "parent", "relevant", "role", "sample", "second", "some", "specialist",
    "specific", "sub", "subagent", "test", "the", "type", "your",
];

/// Whether a name waits to be filled in: `your-agent-name`.
pub(super) fn is_generic(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.split(['-', '_', ':', '/']).all(|word| word.len() <= 1 || GENERIC.contains(&word))
        || lower
            .split(['-', '_'])
            .any(|word| matches!(word, "your" | "my" | "foo" | "xxx" | "example"))
}
