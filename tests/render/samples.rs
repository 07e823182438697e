//! Reports made by hand, for all renderers.

use agent_overlap::finding::{Evidence, Finding, Rule, Severity};
use agent_overlap::relation::Relation;
use agent_overlap::report::{
    AgentInfo, BoilerplateInfo, FindingCounts, GroupInfo, MissingInfo, ProblemInfo, Quote, Report,
    SCHEMA_VERSION, Scope, Summary, TokenCounts, Tool,
};

/// A report with these parts and figures that follow from them.
fn report(
    agents: Vec<AgentInfo>,
    groups: Vec<GroupInfo>,
    findings: Vec<Finding>,
    boilerplate: Vec<BoilerplateInfo>,
    problems: Vec<ProblemInfo>,
) -> Report {
    let n_severity = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let units: usize = agents.iter().map(|agent| agent.units).sum();
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "agent-overlap", version: "0.0.0" },
        scope: Scope::Project,
        summary: Summary {
            files_read: agents.len(),
            files_skipped: 0,
            incomplete: false,
            agents: agents.len(),
            units,
            distinct_units: units,
            pairs: 0,
            groups: groups.len(),
            findings: FindingCounts {
                error: n_severity(Severity::Error),
                warning: n_severity(Severity::Warning),
                note: n_severity(Severity::Note),
            },
            allowed: 0,
            baseline: None,
            tokens: TokenCounts {
                total: agents.iter().map(|agent| agent.tokens).sum(),
                descriptions: agents.iter().map(|agent| agent.description_tokens).sum(),
                redundant: groups.iter().map(|group| group.tokens_saved).sum(),
            },
        },
        agents,
        pairs: Vec::new(),
        groups,
        apart: Vec::new(),
        boilerplate,
        decisions: Vec::new(),
        findings,
        accepted: Vec::new(),
        allowed: Vec::new(),
        problems,
        skipped: Vec::new(),
    }
}

fn agent(id: u32, path: &str, name: &str, tokens: u64) -> AgentInfo {
    AgentInfo {
        id,
        path: path.to_owned(),
        name: name.to_owned(),
        kind: "agent",
        model: None,
        tools: None,
        language: "en",
        units: 40,
        tokens,
        description_tokens: tokens / 15,
        mirror_of: None,
    }
}

fn evidence(path: &str, line: u32, text: &str) -> Evidence {
    Evidence { path: path.to_owned(), line, end_line: line, column: 1, text: text.to_owned() }
}

fn finding(
    (rule, severity, confidence): (Rule, Severity, f64),
    message: &str,
    help: &str,
    agents: &[u32],
    evidence: Vec<Evidence>,
) -> Finding {
    Finding {
        rule,
        severity,
        confidence,
        message: message.to_owned(),
        help: help.to_owned(),
        agents: agents.to_vec(),
        facet: None,
        options: None,
        sides: Vec::new(),
        evidence,
        fingerprint: "0123456789abcdef".to_owned(),
    }
}

fn group(
    id: u32,
    relation: Relation,
    keep: u32,
    drop: &[u32],
    saved: u64,
    missing: usize,
) -> GroupInfo {
    let mut members: Vec<u32> = drop.iter().copied().chain([keep]).collect();
    members.sort_unstable();
    GroupInfo {
        id,
        representative: keep,
        members,
        relation,
        keep,
        drop: drop.to_vec(),
        tokens_saved: saved,
        description_tokens_saved: saved / 15,
        statements: vec![missing.saturating_add(20); drop.len()],
        missing_units: missing,
        hardly_alike: false,
        missing: (0..missing.min(40) as u32)
            .map(|at| MissingInfo {
                agent: drop[at as usize % drop.len()],
                quote: Quote {
                    line: 10 + at,
                    end_line: 10 + at,
                    text: format!("Keep statement {at} of what goes").into(),
                },
            })
            .collect(),
        missing_parts: 0,
    }
}

/// No file at all.
pub(crate) fn nothing() -> Report {
    let mut report = report(vec![], vec![], vec![], vec![], vec![]);
    report.summary.files_skipped = 3;
    report
}

/// One agent without fault.
pub(crate) fn one() -> Report {
    let agents = vec![agent(0, ".claude/agents/reviewer.md", "reviewer", 1_240)];
    report(agents, vec![], vec![], vec![], vec![])
}

/// Five agents of a small team, of which two are one too many.
pub(crate) fn team() -> Report {
    let mut agents = vec![
        agent(0, ".claude/agents/api-designer.md", "api-designer", 1_410),
        agent(1, ".claude/agents/backend-expert.md", "backend-expert", 1_380),
        agent(2, ".claude/agents/backend/specialist.md", "backend-specialist", 1_120),
        agent(3, ".claude/agents/frontend.md", "frontend", 1_190),
        agent(4, ".claude/agents/team/backend-specialist.md", "backend-specialist", 1_020),
    ];
    agents[1].model = Some("opus".to_owned());
    let groups = vec![group(0, Relation::Redundant, 1, &[2, 4], 2_140, 12)];
    let mut model = finding(
        (Rule::ModelConflict, Severity::Warning, 0.82),
        "`backend-expert` asks for opus, `backend-specialist` for haiku, for one role",
        "Decide which model the role needs and write the same in both files.",
        &[1, 2],
        vec![
            evidence(".claude/agents/backend-expert.md", 4, "model: opus"),
            evidence(".claude/agents/backend/specialist.md", 5, "model: haiku"),
        ],
    );
    model.options = Some(vec!["opus".to_owned(), "haiku".to_owned()]);
    let findings = vec![
        finding(
            (Rule::InvalidFrontmatter, Severity::Error, 1.0),
            "the frontmatter is no YAML: an unquoted `: ` in `description`",
            "Put the description in double quotes.",
            &[3],
            vec![evidence(
                ".claude/agents/frontend.md",
                3,
                "description: Use this agent when: the user asks for a component, a page or a layout, \
                 and PROACTIVELY after every change of a `.tsx` file. Examples: <example>Context: The \
                 user has a form that loses its state. user: \"My form forgets what I typed\" assistant: \
                 \"I'll use the frontend agent to look at the form's state\"</example>",
            )],
        ),
        finding(
            (Rule::NameCollision, Severity::Error, 1.0),
            "2 agents are called `backend-specialist`",
            "Claude Code loads one of them and says nothing of the other. Rename one, or remove it.",
            &[2, 4],
            vec![
                evidence(".claude/agents/backend/specialist.md", 2, "name: backend-specialist"),
                evidence(
                    ".claude/agents/team/backend-specialist.md",
                    2,
                    "name: backend-specialist",
                ),
            ],
        ),
        finding(
            (Rule::DanglingReference, Severity::Warning, 1.0),
            "no agent is called `db-expert`, to whom 1 agent delegates",
            "Did you mean `backend-expert`?",
            &[0],
            vec![evidence(
                ".claude/agents/api-designer.md",
                57,
                "Hand schema questions to the db-expert agent.",
            )],
        ),
        model,
        finding(
            (Rule::RedundantAgent, Severity::Warning, 0.64),
            "`backend-expert` and `backend-specialist` play one role, told in own words",
            "Keep `backend-expert`, which is the more complete, and merge into it what only the other says.",
            &[1, 4],
            vec![
                evidence(
                    ".claude/agents/backend-expert.md",
                    14,
                    "Use transactions appropriately with proper isolation levels, keep them short, and \
                     never call another service while one is open.",
                ),
                evidence(
                    ".claude/agents/team/backend-specialist.md",
                    22,
                    "Transaction handling and isolation levels",
                ),
                evidence(
                    ".claude/agents/backend-expert.md",
                    31,
                    "Validate all input at the boundary of the service.",
                ),
                evidence(
                    ".claude/agents/team/backend-specialist.md",
                    40,
                    "Input validation at service boundaries, with a schema library where the stack has one",
                ),
            ],
        ),
        finding(
            (Rule::SharedBoilerplate, Severity::Note, 1.0),
            "3 agents repeat one block of 4 lines",
            "Move it to CLAUDE.md, which every agent of the project reads.",
            &[0, 1, 3],
            vec![
                evidence(".claude/agents/api-designer.md", 60, "Always write tests first."),
                evidence(".claude/agents/backend-expert.md", 48, "Always write tests first."),
                evidence(".claude/agents/frontend.md", 39, "Always write tests first."),
            ],
        ),
    ];
    let boilerplate = vec![BoilerplateInfo {
        text: "Always write tests first. Never commit without running the linter. Ask before you \
               add a dependency."
            .to_owned(),
        agents: vec![0, 1, 3],
        tokens_saved: 64,
    }];
    let problems = vec![ProblemInfo {
        path: ".claude/agents/notes.md".to_owned(),
        line: Some(12),
        message: "code fence is not closed".to_owned(),
    }];
    let mut report = report(agents, groups, findings, boilerplate, problems);
    report.summary.files_read = 6;
    report.summary.files_skipped = 2;
    report.summary.distinct_units -= 9;
    report
}

/// Five thousand agents with long names and paths, some of them Chinese.
pub(crate) fn catalogue() -> Report {
    let agents: Vec<AgentInfo> = (0..5_000)
        .map(|id| {
            let topic = ["python", "kubernetes", "数据库优化", "design-system"][id as usize % 4];
            let name = match id % 3 {
                0 => format!("{topic}-expert"),
                1 => format!("{topic}-specialist-for-very-large-and-distributed-systems-{id}"),
                _ => format!("{topic}-{id}"),
            };
            let path = format!(
                "collections/community-{:03}/plugins/{topic}/agents/{}.md",
                id % 250,
                if id % 7 == 0 { topic } else { &name },
            );
            let mut agent = agent(id, &path, &name, 700 + u64::from(id) % 900);
            agent.mirror_of = (id % 11 == 10).then(|| id - 1);
            agent
        })
        .collect();
    let groups = (0..120)
        .map(|id| {
            let relation = [
                Relation::Identical,
                Relation::Duplicate,
                Relation::NearDuplicate,
                Relation::Contained,
                Relation::Redundant,
            ][id as usize % 5];
            let drop: Vec<u32> = (1..=1 + (id * 7) % 19).map(|n| id * 20 + n).collect();
            let saved = 30_000 - u64::from(id) * 200;
            group(id, relation, id * 20, &drop, saved, (id as usize * 5) % 37)
        })
        .collect();
    let path = |id: u32| agents[id as usize].path.clone();
    let mut findings = Vec::new();
    for id in 0..705 {
        findings.push(finding(
            (Rule::InvalidFrontmatter, Severity::Error, 1.0),
            "the frontmatter is no YAML: an unquoted `: ` in `description`",
            "Put the description in double quotes.",
            &[id],
            vec![evidence(
                &path(id),
                3,
                "description: Expert in one thing: the thing that it is expert in",
            )],
        ));
    }
    for id in 0..40 {
        let ids: Vec<u32> = (0..15).map(|n| id * 60 + n * 4 + 1).collect();
        let name = format!("kubernetes-{id}");
        let places = ids.iter().map(|id| {
            let path = path(*id);
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            evidence(&format!("{folder}/{name}.md"), 2, &format!("name: {name}"))
        });
        findings.push(finding(
            (Rule::NameCollision, Severity::Error, 1.0),
            &format!("15 agents are called `{name}`"),
            "Only one of them can be installed at a time. Give each a name of its own.",
            &ids,
            places.collect(),
        ));
    }
    for id in 0..60 {
        findings.push(finding(
            (Rule::ToolsConflict, Severity::Warning, 0.75),
            &format!("one text, two sets of tools: `{}` may write files, `{}` may not", agents[id as usize].name, agents[id as usize + 4].name),
            "Decide whether the agent needs Write.",
            &[id, id + 4],
            vec![
                evidence(&path(id), 5, "tools: Read, Grep, Glob, Write, Edit, Bash"),
                evidence(&path(id + 4), 5, "tools: Read, Grep, Glob"),
                evidence(&path(id + 8), 5, "数据库查询优化与索引设计：使用事务处理，避免长事务。数据库查询优化与索引设计：使用事务处理，避免长事务。数据库查询优化与索引设计。"),
            ],
        ));
        findings.push(finding(
            (Rule::SharedBoilerplate, Severity::Note, 1.0),
            "1,204 agents repeat one block",
            "",
            &(0..1_204).collect::<Vec<_>>(),
            vec![evidence(&path(id), 80, "Deliver with precision.")],
        ));
    }
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.severity, f.evidence[0].path.clone(), f.evidence[0].line);
        key(a).cmp(&key(b))
    });
    let boilerplate = (0..30)
        .map(|n| BoilerplateInfo {
            text: "When invoked: 1. Query the context manager for requirements 2. Review existing \
                   patterns 3. Analyze performance needs 4. Implement. "
                .repeat(3),
            agents: (0..1_204 - n * 9).collect(),
            tokens_saved: 88_000 - u64::from(n) * 1_000,
        })
        .collect();
    let problems = (0..90)
        .map(|id| ProblemInfo {
            path: path(id * 5),
            line: (id % 2 == 0).then_some(id + 1),
            message: match id % 8 {
                0 => "file is larger than 1 MiB and was not read".to_owned(),
                1 => format!("invalid UTF-8 at byte {id}"),
                _ => "code fence is not closed".to_owned(),
            },
        })
        .collect();
    let mut agents = agents;
    for id in 0..40 {
        for n in 0..15 {
            agents[id * 60 + n * 4 + 1].name = format!("kubernetes-{id}");
        }
    }
    let mut report = report(agents, groups, findings, boilerplate, problems);
    report.scope = Scope::Catalogue;
    report.summary.files_skipped = 1_312;
    report.summary.distinct_units = 121_880;
    report.summary.pairs = 20_114;
    report
}

/// Text that would like to take the terminal over.
pub(crate) fn hostile() -> Report {
    let evil = "\x1b[2J\x1b]0;owned\x07a\u{202e}b\u{200b}c\r\n\t\u{9b}31mred\x08\x08\0";
    let wide = "字".repeat(500);
    let long = "x".repeat(5_000);
    let stacked = format!("e{}", "\u{301}".repeat(900));
    let texts = [
        evil,
        &wide,
        &long,
        &stacked,
        "",
        "👩\u{200d}👩\u{200d}👧\u{fe0f} 🇩🇪 👍🏽",
        "لا إله ﷽",
        "a b",
    ];
    made_of(&texts)
}

/// A report that has one of eight texts wherever it can have text.
pub(crate) fn made_of(texts: &[&str; 8]) -> Report {
    let agents: Vec<AgentInfo> = (0..)
        .zip(texts)
        .map(|(id, text)| agent(id, &format!("dir {text}/{text}.md"), text, u64::MAX / 4_000))
        .collect();
    let groups = vec![group(
        0,
        Relation::NearDuplicate,
        0,
        &[1, 2, 3, 4, 5, 6, 7],
        u64::MAX / 3,
        usize::MAX,
    )];
    let findings = (0..)
        .zip(texts)
        .map(|(id, text)| {
            let sides = texts.map(|text| evidence(&format!("p/{text}"), u32::MAX, text));
            let mut finding = finding(
                (Rule::ToolsConflict, Severity::Error, f64::NAN),
                text,
                text,
                &[id],
                sides.to_vec(),
            );
            finding.options = Some(vec![text.to_string(), texts[0].to_owned()]);
            finding
        })
        .collect();
    let boilerplate = texts.map(|text| BoilerplateInfo {
        text: text.to_owned(),
        agents: vec![0, 1],
        tokens_saved: 1,
    });
    let problems = texts.map(|text| ProblemInfo {
        path: text.to_owned(),
        line: None,
        message: text.to_owned(),
    });
    report(agents, groups, findings, boilerplate.to_vec(), problems.to_vec())
}
