//! `choice-conflict` and `practice-conflict`: agents that take different
//! options of one facet, or different versions of one option.

mod apart;
mod holder;
mod opposition;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::clash::{Clash, Place, Side, tied};
use crate::agent::Kind;
use crate::commitment::{Commitment, Stance, Strength};
use crate::facet::FacetKind;
use crate::finding::{Rule, Severity};
use crate::reach::{Reach, Way};
use crate::rules::Facts;
pub(in crate::rules) use holder::named_options;
use holder::{Holder, Subject, subjects};
use opposition::{edges, kin};

/// One clash for each set of agents that disagree, directly or through others,
/// about a subject. What the house has decided is none.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let kin = kin(facts, reach);
    subjects(facts, false)
        .iter()
        .flat_map(|(&subject, holders)| of_subject(facts, reach, &kin, subject, holders))
        .collect()
}

/// The statements that would clash, had the house not decided: by agent, with
/// the side that it takes.
pub(in crate::rules) fn decided_by_house<'a>(
    facts: &Facts<'a>,
    reach: &Reach<'_>,
) -> Vec<(u32, Stance, &'a Commitment)> {
    let kin = kin(facts, reach);
    let mut statements = Vec::new();
    for (subject, holders) in subjects(facts, true) {
        let edges = edges(facts, reach, &kin, subject, &holders);
        let opposed: BTreeSet<usize> = edges.iter().flat_map(|edge| [edge.0, edge.1]).collect();
        statements.extend(opposed.iter().map(|&at| {
            let holder = &holders[at];
            let stance = Stance {
                option: holder.commitment.option,
                takes: holder.takes,
                strength: holder.strength,
                is_speciality: holder.is_speciality,
            };
            (holder.agent, stance, holder.commitment)
        }));
    }
    statements
}

fn of_subject(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    kin: &BTreeMap<u32, Vec<u32>>,
    subject: Subject,
    holders: &[Holder<'_>],
) -> Vec<Clash> {
    let edges = edges(facts, reach, kin, subject, holders);
    let sets = tied(holders.len(), edges.iter().map(|&(one, other, _)| (one, other)));
    let mut closest: BTreeMap<usize, Way> = BTreeMap::new();
    for &(one, _, way) in &edges {
        let known = closest.entry(one).or_insert(way);
        *known = way.min(*known);
    }
    let of_set = |set: Vec<usize>| {
        let way = set.iter().filter_map(|at| closest.get(at)).min();
        let members: Vec<&Holder<'_>> = set.iter().map(|&at| &holders[at]).collect();
        dispute(facts, subject, &members, *way.unwrap_or(&Way::Related))
    };
    sets.into_iter().map(of_set).collect()
}

/// What all who disagree say, each option one side.
fn dispute(facts: &Facts<'_>, subject: Subject, members: &[&Holder<'_>], way: Way) -> Clash {
    let mut sides: Vec<Side> = Vec::new();
    let mut sure: Vec<Strength> = Vec::new();
    for holder in members.iter().filter(|holder| !is_included(facts, holder, members)) {
        let label = label(facts, subject, holder);
        let place = Place {
            agent: holder.agent,
            unit_idx: holder.unit_idx,
            line: is_line(facts, holder).then_some(holder.commitment.span),
        };
        match sides.iter().position(|side| side.label == label) {
            Some(at) => {
                sides[at].places.push(place);
                sure[at] = sure[at].max(holder.strength);
            }
            None => {
                sides.push(Side { label, places: vec![place] });
                sure.push(holder.strength);
            }
        }
    }
    // What holds for all comes first, then what most say.
    let is_memory = |place: &Place| facts.agent(place.agent).kind == Kind::Memory;
    for side in &mut sides {
        side.places.sort_by_key(|place| (!is_memory(place), *place));
    }
    sides.sort_by_key(|side| {
        (!side.places.iter().any(is_memory), Reverse(side.places.len()), side.places[0])
    });
    let weakest = sure.iter().copied().min().unwrap_or(Strength::Weak);
    let confidence = match (weakest, way) {
        (Strength::Strong, Way::SameFile | Way::Memory) => 0.9,
        (Strength::Strong, _) => 0.8,
        (_, Way::SameFile | Way::Memory) => 0.75,
        _ => 0.65,
    };
    let (topic, rule) = match subject {
        Subject::Version(option) => {
            (version_of(&facts.facets.option(option).name), Rule::ChoiceConflict)
        }
        Subject::Facet(facet) => {
            let facet = facts.facets.facet(facet);
            let rule = match facet.kind {
                FacetKind::Practice => Rule::PracticeConflict,
                _ => Rule::ChoiceConflict,
            };
            (facet.title.clone(), rule)
        }
    };
    let is_hard =
        weakest == Strength::Strong && way != Way::Related && rule == Rule::ChoiceConflict;
    Clash {
        rule,
        severity: if is_hard { Severity::Error } else { Severity::Warning },
        confidence,
        topic,
        sides,
        help: match members.iter().all(|holder| facts.agent(holder.agent).kind == Kind::Memory) {
            true if way == Way::Memory => HELP_FOR_MEMORIES.to_owned(),
            _ => help(way).to_owned(),
        },
    }
}

/// Whether the agent takes what this is a part of as well: "shadcn/ui (based on
/// Radix UI)" takes one side, not two.
fn is_included(facts: &Facts<'_>, holder: &Holder<'_>, members: &[&Holder<'_>]) -> bool {
    let option = holder.commitment.option;
    members.iter().any(|other| {
        let whole = other.commitment.option;
        holder.takes
            && other.takes
            && other.agent == holder.agent
            && whole != option
            && facts.facets.includes(whole, option)
    })
}

fn label(facts: &Facts<'_>, subject: Subject, holder: &Holder<'_>) -> String {
    let name = &facts.facets.option(holder.commitment.option).name;
    match (subject, holder.commitment.version) {
        (Subject::Version(_), Some(version)) => format!("{name} {version}"),
        _ if holder.takes => name.clone(),
        _ => format!("not {name}"),
    }
}

/// Whether a line of a block of code is meant, not the whole block.
fn is_line(facts: &Facts<'_>, holder: &Holder<'_>) -> bool {
    let unit = &facts.agent(holder.agent).units[holder.unit_idx as usize];
    unit.span != holder.commitment.span
}

const HELP_FOR_MEMORIES: &str =
    "decide for one and write it in both files; where both are meant, say in each for which part";

fn help(way: Way) -> &'static str {
    match way {
        Way::Memory => {
            "bring the agents in line with the memory file, or correct the memory file if the project has moved on; \
             where both are meant, say in each for which part"
        }
        Way::SameFile => {
            "decide for one and correct the other; where both are meant, say for which part"
        }
        Way::Project => {
            "decide for one and write it in all of them; where both are meant, say in each for which part"
        }
        Way::Related | Way::Together => {
            "decide for one, or say in each description for which stack it is, so that the right one is picked"
        }
    }
}

/// What is in dispute where two take one thing in two versions.
pub(crate) fn version_of(name: &str) -> String {
    format!("version of {name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scope;
    use crate::rules::with_facts;

    /// What the agents `name: body` of one project disagree about; `CLAUDE` is the memory file.
    fn disputes(agents: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, String)> = agents
            .iter()
            .map(|&(name, body)| match name {
                "CLAUDE" => ("CLAUDE.md".to_owned(), format!("# Project\n\n{body}\n")),
                _ => (
                    format!(".claude/agents/{name}.md"),
                    format!("---\nname: {name}\ndescription: works on {name}\n---\n\n{body}\n"),
                ),
            })
            .collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        with_facts(&files, &[], Scope::Project, |facts| {
            let reach =
                Reach::new(facts.collection, facts.sources, facts.pairs, facts.groups, facts.scope);
            let told = |side: &Side| format!("{}×{}", side.label, side.places.len());
            clashes(facts, &reach)
                .iter()
                .map(|clash| {
                    let sides: Vec<String> = clash.sides.iter().map(told).collect();
                    format!("{}: {}", clash.topic, sides.join(" "))
                })
                .collect()
        })
    }

    #[test]
    fn one_dispute_holds_all_who_say_each() {
        let told = disputes(&[
            ("CLAUDE", "- Always use pnpm."),
            ("a", "- Always use npm."),
            ("b", "- Always use npm."),
            ("c", "- Always use pnpm."),
        ]);
        assert_eq!(told, ["JavaScript package manager: pnpm×2 npm×2"]);
    }

    #[test]
    fn versions_clash_unless_one_meets_the_other() {
        let stack = |line: &'static str| {
            [("CLAUDE", "- **Frontend**: React 19\n- **Runtime**: Java 17+"), ("a", line)]
        };
        assert_eq!(
            disputes(&stack("- **Frontend**: React 18")),
            ["version of React: React 19×1 React 18×1"]
        );
        assert_eq!(disputes(&stack("- **Frontend**: React 19.1")), [""; 0]);
        assert_eq!(disputes(&stack("- **Language**: Java 21")), [""; 0]);
    }

    #[test]
    fn taking_goes_against_rejecting() {
        let told = disputes(&[("a", "- Never use Redux."), ("b", "- **State**: Redux Toolkit")]);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn a_word_in_passing_is_enough_against_a_memory_file() {
        let told = |memory: &str, agent: &str| disputes(&[("CLAUDE", memory), ("a", agent)]);
        let weak = "Whoever builds the store does so using Redux.";
        let named = "The store of each page: its Redux part comes first.";
        let rejected = ["client state management: not Redux×1 Redux×1"];
        let rival = ["client state management: Zustand×1 Redux×1"];
        assert_eq!(told("- Never use Redux.", weak), rejected);
        assert_eq!(told("- Never use Redux.", named), rejected);
        assert_eq!(told("- Always use Zustand.", weak), rival);
        assert_eq!(told("- Always use Zustand.", named), [""; 0]);
        assert_eq!(told("- Use Zustand and nothing else.", named), rival);
        let peers = [("a", weak), ("b", "- Never use Redux.")];
        assert_eq!(disputes(&peers), [""; 0]);
    }

    #[test]
    fn statements_of_other_folders_languages_and_acts_are_apart() {
        for (memory, agent) in [
            ("- In `web/` the tests run on Vitest.", "- Use Jest."),
            (
                "- Python functions raise exceptions on failure.",
                "- Rust functions return a `Result` on failure.",
            ),
            ("- Ask before you drop a table.", "- Don't ask before running tests."),
        ] {
            let files = [("CLAUDE", memory), ("a", agent)];
            assert_eq!(disputes(&files), [""; 0], "{memory}");
        }
        let files = [
            ("CLAUDE", "- In `web/` the tests run on Vitest."),
            ("a", "You work in `web/`.\n\n- Use Jest."),
        ];
        assert_eq!(disputes(&files).len(), 1);
    }

    #[test]
    fn specialists_do_not_conflict() {
        let told = disputes(&[
            ("mysql-expert", "You are a MySQL expert."),
            ("mssql-expert", "You are a SQL Server expert."),
        ]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn parts_of_a_project_do_not_conflict() {
        let told = disputes(&[
            ("CLAUDE", "- **Backend tests**: Jest\n- **Frontend tests**: Vitest"),
            ("frontend-tester", "- **Test runner**: Vitest"),
        ]);
        assert_eq!(told, [""; 0]);
        let told = disputes(&[
            ("a", "## Legacy code\n\n- **Frontend**: React 17"),
            ("b", "- **Frontend**: React 19"),
        ]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn what_a_memory_file_tells_of_the_whole_holds_where_no_layer_is_named() {
        let told = |agent: &str, body: &str| {
            let whole = "- **Framework**: Flask\n- **Dates**: Luxon";
            disputes(&[("CLAUDE", whole), (agent, body)])
        };
        let other = "- **Framework**: Django\n- **Dates**: Luxon";
        assert_eq!(told("builder", other), ["backend framework: Flask×1 Django×1"]);
        assert_eq!(told("frontend-builder", other), [""; 0]);
        let expert = "You are a Django expert.\n\n- **Dates**: Luxon";
        assert_eq!(told("django-expert", expert), [""; 0]);
        // Another program, told by nothing in common or by its language.
        assert_eq!(told("builder", "- **Framework**: Django"), [""; 0]);
        let two_languages = format!("{other}\n- **Language**: TypeScript\n- Always use Python.");
        assert_eq!(told("builder", &two_languages), [""; 0]);
        let peers = [("a", "- **Framework**: Flask"), ("b", "- **Framework**: Django")];
        assert_eq!(disputes(&peers), [""; 0]);
    }

    #[test]
    fn one_runner_holds_for_all_tests_that_are_not_told_apart() {
        let told = |one: &str, other: &str| {
            let bodies = [one, other].map(|part| format!("- **{part}**: "));
            disputes(&[
                ("CLAUDE", &format!("{}Jest", bodies[0])),
                ("a", &format!("{}Vitest", bodies[1])),
            ])
        };
        let clash = ["JavaScript test runner: Jest×1 Vitest×1"];
        assert_eq!(told("Tests", "Tests"), clash);
        assert_eq!(told("Tests", "Frontend tests"), clash);
        assert_eq!(told("Backend tests", "Frontend tests"), [""; 0]);
    }

    #[test]
    fn a_language_is_decided_where_two_speak_of_one_thing() {
        let told = |one: &str, other: &str| disputes(&[("CLAUDE", one), ("a", other)]);
        assert_eq!(
            told("New classes are written in Kotlin.", "Write new classes in Java."),
            ["programming language: Kotlin×1 Java×1"]
        );
        assert_eq!(
            told("New classes are written in Kotlin.", "Write all scripts in Python."),
            [""; 0]
        );
    }

    #[test]
    fn two_programs_have_versions_of_their_own() {
        let told = |one: &str, other: &str| disputes(&[("CLAUDE", one), ("a", other)]);
        let clash = ["version of Node.js: Node.js 22×1 Node.js 18×1"];
        assert_eq!(told("Use Node.js 22.", "The lambda runs on Node.js 18."), clash);
        assert_eq!(
            told("The web app runs on Node.js 22.", "The lambda runs on Node.js 18."),
            [""; 0]
        );
    }

    #[test]
    fn all_tests_and_the_pipeline_itself_are_no_part_of_their_own() {
        let told = |one: &str, other: &str| disputes(&[("CLAUDE", one), ("a", other)]);
        assert_eq!(
            told("Do not mock the database in tests.", "Always mock the database.").len(),
            1
        );
        assert_eq!(
            told("- CI: GitHub Actions", "The pipeline runs on GitLab CI."),
            ["CI system: GitHub Actions×1 GitLab CI×1"]
        );
    }

    #[test]
    fn titles_are_names() {
        let told = disputes(&[
            ("CLAUDE", "- Use Vitest.\n\n# Docs and bug finder\n\n- Diagrams are Mermaid blocks."),
            ("a", "- Write diagrams in PlantUML."),
        ]);
        assert_eq!(told, ["diagram tool: Mermaid×1 PlantUML×1"]);
    }

    #[test]
    fn what_implies_the_other_agrees() {
        let told =
            disputes(&[("a", "- **Database**: Supabase"), ("b", "- **Database**: PostgreSQL")]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn practices_that_oppose_each_other_conflict() {
        let told = disputes(&[
            ("CLAUDE", "- Commit and push after every change."),
            ("a", "- Never commit without explicit permission."),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn two_memory_files_of_one_folder_are_brought_in_line_with_each_other() {
        let files = [
            ("AGENTS.md", "# P\n\n- Always use pnpm.\n"),
            ("CLAUDE.md", "# P\n\n- Always use npm.\n"),
        ];
        let drafts = with_facts(&files, &[], Scope::Project, crate::rules::disputes::findings);
        let [draft] = drafts.as_slice() else { panic!("{drafts:?}") };
        assert!(draft.message.ends_with("both memory files hold for one folder"));
        assert_eq!(draft.help, HELP_FOR_MEMORIES);
    }
}
