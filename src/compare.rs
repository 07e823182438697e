//! Two agents, statement by statement: what both say and in which words they
//! differ, what only one of them says, and where nobody can follow both.

mod description;
mod frontmatter;
mod sections;
mod statements;
mod words;

use serde::Serialize;

use crate::analysis::Analysis;
use crate::config::Config;
use crate::finding::{Finding, Rule, rounded};
use crate::merge::members::Said;
use crate::merge::statement::Statements;
use crate::relation::{Pair, Relation, is_likely_one_job, pair};
use crate::report::{AgentInfo, SCHEMA_VERSION, Tool};
use crate::rules::alias;
pub use frontmatter::{FieldInfo, FieldState, FieldValue, Items};
pub use sections::{Row, Section, Title};
pub use statements::{Alignment, Difference, Match, Statement};
pub use words::{Segment, WordDiff, word_diff};

/// Two agents and all that sets them apart; [report.md] is its contract.
///
/// [report.md]: https://docs.rs/crate/agent-overlap/latest/source/docs/report.md
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// The agent that was named first.
    pub left: AgentInfo,
    /// The other one.
    pub right: AgentInfo,
    /// What the relation means for these two, in one sentence.
    pub verdict: String,
    /// What they are to each other.
    pub measures: Measures,
    /// How many statements of the bodies are of which sort.
    pub counts: Counts,
    /// What cannot both be followed, by severity, then path and line.
    pub findings: Vec<Finding>,
    /// The frontmatter, key by key.
    pub frontmatter: Vec<FieldInfo>,
    /// The sentences of the descriptions, examples aside.
    pub description: Alignment,
    /// Statements that both bodies have.
    pub matches: Vec<Match>,
    /// Statements that only the left body has.
    pub only_left: Vec<Statement>,
    /// Statements that only the right body has.
    pub only_right: Vec<Statement>,
    /// The order in which to read the statements of the bodies.
    pub sections: Vec<Section>,
}

/// The figures of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measures {
    /// What the two are to each other.
    pub relation: Relation,
    /// How far one could replace the other, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub redundancy: f64,
    /// Likeness of the names, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub name: f64,
    /// Likeness of the roles, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub role: f64,
    /// Share of the left one's content that the right one says too, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub left_in_right: f64,
    /// The other way round.
    #[serde(serialize_with = "rounded")]
    pub right_in_left: f64,
    /// Whether two that overlap may well be one job.
    pub likely_one_job: bool,
}

/// Statements of the bodies by sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// In both, in the same words.
    pub same: usize,
    /// In both, but other words, numbers or another direction.
    pub differing: usize,
    /// In the left one only.
    pub only_left: usize,
    /// In the right one only.
    pub only_right: usize,
    /// In the left one once more, in words that are listed.
    pub repeated_left: usize,
    /// In the right one once more.
    pub repeated_right: usize,
    /// In the left one, and not said in full by the right one, whatever is
    /// near to it there: `consolidate` would have to move it.
    pub to_move_left: usize,
    /// The other way round.
    pub to_move_right: usize,
}

/// Compares two different agents of an analysis; for conflicts between agents
/// that are not followed together anyhow, of [`Analysis::together`].
pub fn compare(analysis: &Analysis, left: u32, right: u32, config: &Config) -> Comparison {
    let facts = analysis.facts();
    let unit_match = config.thresholds.unit_match;
    let aligned = statements::aligned(&facts, left, right, unit_match);
    let (left_info, right_info) = (analysis.agent(left), analysis.agent(right));
    let (first, second) = (left.min(right), left.max(right));
    let found = match facts.pair(first, second) {
        Some(found) => found.clone(),
        None => pair(&analysis.collection, first, second, &config.thresholds),
    };
    let measures = Measures {
        likely_one_job: is_likely_one_job(&analysis.collection, &found),
        ..Measures::of(&found, left == first)
    };
    let sections = sections::sections(&facts, left, right, &aligned);
    let Alignment { matches, only_left, only_right } = aligned.alignment;
    let is_compared = |id: u32| id == left || id == right;
    let statements = Statements::of(&analysis.collection, &analysis.sources, is_compared);
    let n_missing = |keep: u32, other: u32| {
        let mut said = Said::new(&facts, &statements, keep);
        said.missing(other).len()
    };
    let n_same = matches.iter().filter(|found| found.differs.is_empty()).count();
    let (mut findings, _) = analysis.findings(config, &analysis.merges(None));
    findings.retain(|finding| {
        let quotes =
            |info: &AgentInfo| finding.evidence.iter().any(|quote| quote.path == info.path);
        is_between_two(finding.rule) && quotes(&left_info) && quotes(&right_info)
    });
    Comparison {
        schema_version: SCHEMA_VERSION,
        tool: Tool::THIS,
        verdict: match alias::between(&facts, left, right) {
            Some(found) => format!(
                "{} (line {}): one of the two can go.",
                found.message(&facts),
                found.quote.line
            ),
            None => verdict(&measures, &left_info, &right_info),
        },
        measures,
        counts: Counts {
            same: n_same,
            differing: matches.len() - n_same,
            only_left: only_left.len(),
            only_right: only_right.len(),
            repeated_left: aligned.n_repeated.0,
            repeated_right: aligned.n_repeated.1,
            to_move_left: n_missing(right, left),
            to_move_right: n_missing(left, right),
        },
        findings,
        frontmatter: frontmatter::fields(&facts, left, right),
        description: description::sentences(&facts, left, right, unit_match),
        matches,
        only_left,
        only_right,
        sections,
        left: left_info,
        right: right_info,
    }
}

impl Measures {
    /// The figures of a pair, the other way round where the left agent comes second in it.
    fn of(pair: &Pair, is_in_order: bool) -> Self {
        let (mut left_in_right, mut right_in_left) = (pair.left_in_right, pair.right_in_left);
        if !is_in_order {
            std::mem::swap(&mut left_in_right, &mut right_in_left);
        }
        Self {
            relation: pair.relation,
            redundancy: pair.redundancy,
            name: pair.name,
            role: pair.role,
            left_in_right,
            right_in_left,
            likely_one_job: false,
        }
    }
}

/// Whether a rule speaks of a disagreement of agents. That they are alike is
/// said by the relation, and what is the matter with one of them by `audit`.
fn is_between_two(rule: Rule) -> bool {
    rule.is_conflict() && !matches!(rule, Rule::HouseRule | Rule::SelfContradiction)
}

fn verdict(measures: &Measures, left: &AgentInfo, right: &AgentInfo) -> String {
    // Who says more holds the other one.
    let (outer, inner) = if measures.left_in_right >= measures.right_in_left {
        (right, left)
    } else {
        (left, right)
    };
    let (outer, inner) = if outer.name == inner.name {
        (&outer.path, &inner.path)
    } else {
        (&outer.name, &inner.name)
    };
    match measures.relation {
        Relation::Identical => "The same text: one of the two can go.".to_owned(),
        Relation::Duplicate => {
            "The same text but for a few words: one of the two can go once these are settled."
                .to_owned()
        }
        Relation::NearDuplicate => {
            "Copies of one text that drifted apart: settle what differs and keep one.".to_owned()
        }
        Relation::Contained => format!(
            "`{outer}` says most of what `{inner}` says: `{inner}` can go once the rest is moved."
        ),
        Relation::Redundant => {
            "One role in own words: one could replace the other once it has taken over what only \
             the other says."
                .to_owned()
        }
        Relation::Overlapping => match measures.likely_one_job {
            true => {
                "They may well be one job, which the words alone do not decide: keep one, or let \
                 the descriptions say when to use which."
            }
            false => {
                "They share a part of their scope or advice. If one request fits both, let the \
                 descriptions say when to use which; if they do one job, make them one."
            }
        }
        .to_owned(),
        Relation::Template => {
            "One house template about different things: keep both, or move what they share to one \
             place."
                .to_owned()
        }
        Relation::Translation => {
            "One agent in two languages: whoever changes one has to change the other.".to_owned()
        }
        Relation::Distinct if left.language != right.language => {
            "In two languages, of which names, numbers and code can be compared alone: read both."
                .to_owned()
        }
        Relation::Distinct => {
            "They have little in common: neither says what the other says.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{Discovery, FoundFile, classify};
    use crate::source::SourceFile;

    /// Two agents of different folders, compared.
    fn compared(left: &str, right: &str) -> Comparison {
        let file = |path: &str, text: &str| FoundFile {
            source: SourceFile::new(path, text),
            origin: classify(path),
            named: true,
        };
        let discovery = Discovery {
            files: vec![file("examples/left.md", left), file("other/right.md", right)],
            ..Discovery::default()
        };
        let config = Config::default();
        compare(&Analysis::new(discovery, &config).together(), 0, 1, &config)
    }

    fn agent(name: &str, body: &str) -> String {
        format!("---\nname: {name}\ndescription: Keeps the {name} in order.\n---\n\n{body}\n")
    }

    fn texts(statements: &[Statement]) -> Vec<&str> {
        statements.iter().map(|one| one.text.as_str()).collect()
    }

    #[test]
    fn each_statement_stands_in_one_list() {
        let found = compared(
            &agent("quay", "- Oil the cranes weekly\n- Count the bollards\n- Paint the sheds"),
            &agent("pier", "- Count the bollards.\n- Oil the cranes monthly\n- Feed the gulls"),
        );
        let pairs: Vec<_> = found
            .matches
            .iter()
            .map(|one| (one.left.line, one.right.line, one.differs.as_slice()))
            .collect();
        assert_eq!(pairs, [(6, 7, [Difference::Words].as_slice()), (7, 6, &[])]);
        assert_eq!(texts(&found.only_left), ["Paint the sheds"]);
        assert_eq!(texts(&found.only_right), ["Feed the gulls"]);
        let Counts { same, differing, only_left, only_right, .. } = found.counts;
        assert_eq!((same, differing, only_left, only_right), (1, 1, 1, 1));
    }

    #[test]
    fn repeats_find_their_like_and_are_not_told_apart() {
        let twice = "## Cranes\n\n- Oil the chains\n\n## Boats\n\n- Oil the chains\n- Caulk hulls";
        let once = "## Boats\n\n- Oil the chains\n- Oil the chains and tar the masts of boats";
        let found = compared(&agent("quay", twice), &agent("pier", once));
        assert_eq!(found.counts.same, 1);
        assert_eq!(found.counts.repeated_left, 1);
        assert_eq!(texts(&found.only_left), ["Caulk hulls"]);
        assert_eq!(texts(&found.only_right), ["Oil the chains and tar the masts of boats"]);
    }

    #[test]
    fn an_agent_and_itself_differ_in_nothing() {
        let body = "You keep the quay.\n\n## Empty\n\n## Rules\n\n- Do it.\n- Oil 5 cranes\n\n```sh\nmake quay\n```";
        let found = compared(&agent("quay", body), &agent("quay", body));
        assert_eq!((&found.only_left, &found.only_right), (&Vec::new(), &Vec::new()));
        assert!(found.matches.iter().all(|one| one.differs.is_empty()));
        assert_eq!(found.measures.relation, Relation::Identical);
        let n_rows: usize = found.sections.iter().map(|section| section.rows.len()).sum();
        assert_eq!(n_rows, found.matches.len());
    }

    #[test]
    fn every_statement_has_one_place_in_the_order_of_reading() {
        let left = "Intro about cranes.\n\n# Quay\n\n## Cranes\n\n- Oil the chains\n- Count hooks\n\n## Gulls\n\n- Feed none";
        let right = "# Pier\n\n## Lifting\n\n- Wear a helmet\n- Oil the chains\n- Lock the hoist\n\n## Tides\n\n- Watch the ebb";
        let found = compared(&agent("quay", left), &agent("pier", right));
        let titles: Vec<_> = found
            .sections
            .iter()
            .map(|section| {
                let text = |title: &Option<Title>| title.as_ref().map(|title| title.text.clone());
                (text(&section.left), text(&section.right), section.rows.clone())
            })
            .collect();
        let named = |title: &str| Some(title.to_owned());
        assert_eq!(
            titles,
            [
                (named(""), named(""), vec![Row::OnlyLeft(0)]),
                (
                    named("Cranes"),
                    named("Lifting"),
                    vec![Row::OnlyRight(0), Row::Match(0), Row::OnlyRight(1), Row::OnlyLeft(1)]
                ),
                (named("Gulls"), None, vec![Row::OnlyLeft(2)]),
                (None, named("Tides"), vec![Row::OnlyRight(2)]),
            ]
        );
    }

    #[test]
    fn nearly_the_same_words_match_whatever_they_weigh() {
        let found = compared(
            &agent("quay", "- Log lines of the thirty minutes before the first failure"),
            &agent("pier", "- Log lines of the ninety minutes before the first failure"),
        );
        assert_eq!(found.matches.len(), 1);
        assert_eq!(found.matches[0].differs, [Difference::Words]);
        assert_eq!((&found.only_left, &found.only_right), (&vec![], &vec![]));
    }

    #[test]
    fn one_rare_word_in_common_is_a_topic_and_no_match() {
        for (left, right) in [
            ("- Ask about the capstans", "- Capstan overhaul"),
            ("For each capstan, you will:\n\n- Grease it", "Capstan safety:\n\n- Lock it"),
            ("## capstans", "- Never oil the capstans to keep gulls away"),
            (
                "- Winches: https://quay.example/winches",
                "- Validate each use of the winches before noon",
            ),
        ] {
            let found = compared(&agent("quay", left), &agent("pier", right));
            assert_eq!(found.matches, [], "{left}");
        }
        let found = compared(
            &agent("quay", "- Concise answers, no long explanation of the capstan"),
            &agent("pier", "- The capstan: give concise explanations and answers"),
        );
        assert_eq!(found.matches[0].differs, [Difference::Wording]);
    }

    #[test]
    fn a_line_keeps_its_partner_from_others_with_a_word_of_it() {
        let found = compared(
            &agent(
                "quay",
                "- Check the use of QuayLedger\n- Log book: QuayLedger of the harbour, one page a day",
            ),
            &agent("pier", "- Log book: QuayLedger of this harbour, two pages a day"),
        );
        let lines: Vec<u32> = found.matches.iter().map(|one| one.left.line).collect();
        assert_eq!(lines, [7]);
    }

    #[test]
    fn what_a_merge_would_move_is_counted_as_in_the_plan() {
        let found = compared(
            &agent("quay", "- Oil 5 cranes weekly\n- Count the bollards\n- Paint the sheds"),
            &agent("pier", "- Oil 7 cranes weekly\n- Count the bollards"),
        );
        let Counts { only_left, to_move_left, to_move_right, .. } = found.counts;
        assert_eq!((only_left, to_move_left, to_move_right), (1, 2, 1));
    }

    #[test]
    fn a_warning_of_what_the_other_advises_is_reversed() {
        let found = compared(
            &agent("quay", "- Restart the crane control after a fault"),
            &agent("pier", "- Never restart the crane control after a fault"),
        );
        assert_eq!(found.matches[0].differs, [Difference::Direction, Difference::Words]);
        assert!(found.matches[0].right.warning && !found.matches[0].left.warning);
    }

    #[test]
    fn strangers_are_compared_as_if_they_worked_together() {
        let found = compared(
            &agent("quay", "Always install dependencies with `npm install`. Use npm."),
            &agent("pier", "Always install dependencies with `pnpm install`. Use pnpm."),
        );
        let rules: Vec<Rule> = found.findings.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&Rule::ChoiceConflict), "{rules:?}");
    }

    #[test]
    fn frontmatter_is_compared_by_meaning() {
        let head = |fields: &str| format!("---\nname: a\ndescription: b\n{fields}\n---\nText.\n");
        let states = |left: &str, right: &str| -> Vec<(String, FieldState)> {
            let fields = compared(&head(left), &head(right)).frontmatter;
            let fields = fields.into_iter().skip(1);
            fields.map(|field| (field.key, field.state)).collect()
        };
        let one = |key: &str, state| vec![(key.to_owned(), state)];
        assert_eq!(
            states("model: sonnet", "model: claude-sonnet-4-5"),
            one("model", FieldState::SameMeaning)
        );
        assert_eq!(states("model: inherit", ""), one("model", FieldState::SameMeaning));
        assert_eq!(states("model: opus", ""), one("model", FieldState::OnlyLeft));
        assert_eq!(
            states("tools: Read, Grep", "tools: [Grep, Read]"),
            one("tools", FieldState::Same)
        );
        let fields = compared(&head("tools: Read, Grep"), &head("tools: Read, Bash")).frontmatter;
        let items = fields[1].items.as_ref().unwrap();
        assert_eq!(
            (&items.both[..], &items.only_left[..], &items.only_right[..]),
            (&["Read".to_owned()][..], &["Grep".to_owned()][..], &["Bash".to_owned()][..])
        );
    }

    #[test]
    fn descriptions_are_compared_sentence_by_sentence() {
        let head = |text: &str| format!("---\nname: a\ndescription: {text}\n---\nText.\n");
        let found = compared(
            &head("Counts bollards. Use it on Mondays."),
            &head("Use it on Fridays, for gulls. Counts bollards."),
        );
        assert_eq!(found.description.matches.len(), 1);
        assert!(found.description.matches[0].differs.is_empty());
        assert_eq!(texts(&found.description.only_left), ["Use it on Mondays."]);
    }
}
