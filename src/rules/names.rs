//! `name-collision`: two definitions that their product cannot tell apart.
//!
//! Identity is what each product goes by: the field `name` in Claude Code,
//! Codex, Gemini CLI and Cursor, the file's name in Copilot and OpenCode. Only
//! files that are loaded together are in each other's way, those of one load
//! root; plugins are apart from each other, and rules go by their paths.

use std::collections::BTreeMap;

use super::{Draft, Facts};
use crate::agent::file_name::stem;
use crate::agent::{Agent, Kind, Product};
use crate::finding::{Evidence, Rule, Severity};
use crate::relation::Relation;

/// One finding for each name that more than one definition bears.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let mut drafts = same_root(facts);
    drafts.extend(project_over_user(facts));
    drafts.extend(skill_over_command(facts));
    drafts
}

/// What a definition is told apart by.
#[derive(Clone, Copy)]
struct Identity<'a> {
    id: u32,
    /// As written.
    name: &'a str,
    /// Whether it stands in the file, not in its path.
    is_written: bool,
}

/// The identity of an agent or a skill; `None` where the product knows none.
fn identity<'a>(facts: &Facts<'a>, id: u32) -> Option<Identity<'a>> {
    let agent = facts.agent(id);
    // A generated copy for another product or place is no rival, one beside its source is.
    let original = facts.groups.mirror_of.get(id as usize).copied().flatten();
    let is_apart = |original: u32| facts.agent(original).origin.load_root != agent.origin.load_root;
    if original.is_some_and(is_apart) || !matches!(agent.kind, Kind::Agent | Kind::Skill) {
        return None;
    }
    let by_file = agent.kind == Kind::Agent
        && matches!(agent.origin.product, Product::Copilot | Product::OpenCode);
    let is_written = !by_file && agent.name_span.is_some();
    // Without a `name` these take the file for documentation, or may do so.
    let needs_name = agent.kind == Kind::Agent
        && matches!(
            agent.origin.product,
            Product::Claude | Product::Codex | Product::Gemini | Product::Other(_)
        );
    if needs_name && !is_written {
        return None;
    }
    let name = if by_file { file_stem(facts.path(id)) } else { agent.name.as_str() };
    let is_template = name.contains(['{', '}', '<', '>', '$']);
    (!is_template).then_some(Identity { id, name, is_written })
}

/// The file's name without what Copilot and OpenCode drop of it.
fn file_stem(path: &str) -> &str {
    stem(path.rsplit('/').next().unwrap_or(path))
}

fn same_root(facts: &Facts<'_>) -> Vec<Draft> {
    let mut bearers: BTreeMap<(&str, Product, Kind, String), Vec<Identity<'_>>> = BTreeMap::new();
    for (id, agent) in (0..).zip(facts.agents()) {
        if let Some(identity) = identity(facts, id) {
            let key = (
                agent.origin.load_root.as_str(),
                agent.origin.product,
                agent.kind,
                identity.name.to_lowercase(),
            );
            bearers.entry(key).or_default().push(identity);
        }
    }
    let mut drafts = Vec::new();
    for ((root, product, kind, _), mut bearers) in bearers {
        bearers.sort_by_key(|bearer| (bearer.name, bearer.id));
        let namesakes = || bearers.chunk_by(|one, other| one.name == other.name);
        let several = namesakes().filter(|same| same.len() > 1);
        drafts.extend(several.map(|same| collision(facts, root, product, kind, same)));
        let mut spellings: Vec<Identity<'_>> = namesakes().map(|same| same[0]).collect();
        if spellings.len() > 1 {
            spellings.sort_by_key(|bearer| bearer.id);
            drafts.push(look_alikes(facts, root, kind, &spellings));
        }
    }
    drafts
}

/// Several bearers of one name.
fn collision(
    facts: &Facts<'_>,
    root: &str,
    product: Product,
    kind: Kind,
    bearers: &[Identity<'_>],
) -> Draft {
    let name = bearers[0].name;
    let ids: Vec<u32> = bearers.iter().map(|bearer| bearer.id).collect();
    let place = place(root);
    let n = bearers.len();
    let kinds = plural(kind);
    let product_name = product.as_str();
    let goes_by = if bearers[0].is_written { "goes by `name`" } else { "goes by the file name" };
    let is_known = !matches!(product, Product::Other(_));
    let (severity, confidence, message) = if kind == Kind::Agent && is_known {
        (
            Severity::Error,
            0.95,
            format!(
                "{n} {kinds} in {place} are called `{name}`; {product_name} {goes_by} and loads \
                 one of them, by the order in which the file system lists them"
            ),
        )
    } else {
        (
            Severity::Warning,
            0.9,
            format!(
                "{n} {kinds} in {place} are called `{name}`; where they are loaded together, \
                 only one of them can be called by it"
            ),
        )
    };
    draft(severity, confidence, message, help(facts, &ids), ids, evidence(facts, bearers))
}

/// Bearers of names that differ only in capitals, one for each.
fn look_alikes(facts: &Facts<'_>, root: &str, kind: Kind, bearers: &[Identity<'_>]) -> Draft {
    let (name, other) = (bearers[0].name, bearers[1].name);
    let ids: Vec<u32> = bearers.iter().map(|bearer| bearer.id).collect();
    draft(
        Severity::Warning,
        0.85,
        format!(
            "{} in {} are called `{name}` and `{other}`, which differ only in capitals; people \
             and models will take one for the other",
            plural(kind),
            place(root)
        ),
        help(facts, &ids),
        ids,
        evidence(facts, bearers),
    )
}

/// A load root in words.
fn place(root: &str) -> String {
    if root.is_empty() { "one folder".to_owned() } else { format!("`{root}`") }
}

fn draft(
    severity: Severity,
    confidence: f64,
    message: String,
    help: String,
    agents: Vec<u32>,
    evidence: Vec<Evidence>,
) -> Draft {
    Draft {
        rule: Rule::NameCollision,
        severity,
        confidence,
        message,
        help,
        agents,
        dispute: None,
        evidence,
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Skill => "skills",
        Kind::Command => "commands",
        _ => "agents",
    }
}

fn evidence(facts: &Facts<'_>, bearers: &[Identity<'_>]) -> Vec<Evidence> {
    let quote = |bearer: &Identity<'_>| match facts.agent(bearer.id).name_span {
        Some(span) if bearer.is_written => facts.quote_line(bearer.id, span),
        _ => facts.quote_start(bearer.id),
    };
    bearers.iter().map(quote).collect()
}

/// What to do, by whether the bearers are one agent or several.
fn help(facts: &Facts<'_>, ids: &[u32]) -> String {
    let relation = |other: &u32| Some(facts.pair(ids[0], *other)?.relation);
    let all =
        |is: fn(Relation) -> bool| ids[1..].iter().all(|other| relation(other).is_some_and(is));
    let help = if all(|relation| relation == Relation::Identical) {
        "they say the same: remove all but one, after a look at their frontmatter"
    } else if all(|relation| relation.is_redundant() && relation != Relation::Redundant) {
        "they say much the same: consolidate them into one file and remove the others"
    } else if all(Relation::is_redundant) {
        "they have one role, told in own words: make them one, or rename all but one and say in \
         each description which requests are its own"
    } else {
        "they differ: rename all but one, or remove what is no longer wanted"
    };
    help.to_owned()
}

/// Whether the files of a load root are the user's own, for all projects.
fn is_user_root(agent: &Agent) -> bool {
    agent.origin.load_root.starts_with("~/")
}

/// The same name in a project and among the user's own: the project's wins.
fn project_over_user(facts: &Facts<'_>) -> Vec<Draft> {
    let mut bearers: BTreeMap<(Product, Kind, &str), Vec<Identity<'_>>> = BTreeMap::new();
    for (id, agent) in (0..).zip(facts.agents()) {
        if agent.origin.project_root.is_none() || agent.kind != Kind::Agent {
            continue;
        }
        if let Some(identity) = identity(facts, id) {
            let key = (agent.origin.product, agent.kind, identity.name);
            bearers.entry(key).or_default().push(identity);
        }
    }
    let mut drafts = Vec::new();
    for ((product, _, name), mut bearers) in bearers {
        let is_user = |bearer: &Identity<'_>| is_user_root(facts.agent(bearer.id));
        if !bearers.iter().any(is_user) || bearers.iter().all(is_user) {
            continue;
        }
        bearers.sort_by_key(|bearer| (is_user(bearer), bearer.id));
        let ids: Vec<u32> = bearers.iter().map(|bearer| bearer.id).collect();
        let rule = match product {
            Product::Claude | Product::Cursor => ", which takes the project's",
            _ => "",
        };
        drafts.push(draft(
            Severity::Note,
            0.9,
            format!(
                "the project and the user's own folder both have an agent `{name}` for {}{rule}",
                product.as_str()
            ),
            "rename the user's own, or remove it if the project's replaces it".to_owned(),
            ids,
            evidence(facts, &bearers),
        ));
    }
    drafts
}

/// A skill and a command of one name side by side: Claude Code runs the skill.
fn skill_over_command(facts: &Facts<'_>) -> Vec<Draft> {
    let mut skills: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let is_claude = |agent: &Agent| agent.origin.product == Product::Claude;
    for (id, agent) in (0..).zip(facts.agents()) {
        if agent.kind == Kind::Skill && is_claude(agent) {
            skills.entry((home(agent), agent.name.as_str())).or_insert(id);
        }
    }
    let mut drafts = Vec::new();
    for (id, agent) in (0..).zip(facts.agents()) {
        if agent.kind != Kind::Command || !is_claude(agent) || home(agent) == agent.origin.load_root
        {
            continue;
        }
        let stem = file_stem(facts.path(id));
        // A command in a folder below is called by that folder too.
        let is_direct = facts.path(id).len() == agent.origin.load_root.len() + stem.len() + 4;
        let Some(&skill) = skills.get(&(home(agent), stem)).filter(|_| is_direct) else {
            continue;
        };
        let quote = |id: u32| match facts.agent(id).name_span {
            Some(span) => facts.quote_line(id, span),
            None => facts.quote_start(id),
        };
        drafts.push(draft(
            Severity::Note,
            0.85,
            format!(
                "a skill and a command are both called `{stem}`; Claude Code takes the skill, \
                 and the command is out of reach"
            ),
            "rename one of them, or remove the command if the skill replaces it".to_owned(),
            vec![skill, id],
            vec![quote(skill), quote(id)],
        ));
    }
    drafts
}

/// The folder that holds the load root; the root itself where it is named like
/// no folder of definitions.
fn home(agent: &Agent) -> &str {
    let root = agent.origin.load_root.as_str();
    let (home, last) = root.rsplit_once('/').unwrap_or(("", root));
    match last {
        "skills" | "skill" | "commands" | "command" => home,
        _ => root,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::Pair;
    use crate::report::Scope;
    use crate::rules::with_facts;

    fn found(files: &[(&str, &str)], pairs: &[Pair]) -> Vec<Draft> {
        with_facts(files, pairs, Scope::Project, findings)
    }

    fn named(name: &str) -> String {
        format!("---\nname: {name}\ndescription: d\n---\nText.\n")
    }

    fn severities(files: &[(&str, &str)]) -> Vec<Severity> {
        let found = found(files, &[]);
        found.iter().map(|draft| draft.severity).collect()
    }

    #[test]
    fn names_collide_within_one_tree_of_agents() {
        let text = named("scout");
        let found = found(
            &[
                ("p/.claude/agents/a.md", &text),
                ("p/.claude/agents/sub/b.md", &text),
                ("p/.claude/agents/sub/c.md", &text),
            ],
            &[],
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(found[0].agents, [0, 1, 2]);
        assert_eq!(found[0].evidence[2].text, "name: scout");
    }

    #[test]
    fn other_plugins_projects_and_products_do_not_collide() {
        let text = named("scout");
        let files = [
            ("a/.claude/agents/x.md", text.as_str()),
            ("b/.claude/agents/x.md", &text),
            ("a/.cursor/agents/x.md", &text),
            ("plugins/m/agents/x.md", &text),
            ("plugins/n/agents/x.md", &text),
            ("a/.github/agents/x.agent.md", &text),
            ("a/.github/agents/y.agent.md", &text),
        ];
        assert_eq!(severities(&files), []);
    }

    #[test]
    fn capitals_alone_are_a_warning() {
        let (small, big) = (named("scout"), named("Scout"));
        assert_eq!(
            severities(&[("agents/a.md", &small), ("agents/b.md", &big)]),
            [Severity::Warning]
        );
    }

    #[test]
    fn namesakes_are_told_apart_from_names_in_other_capitals() {
        let names = ["ab-c", "AB-C", "Ab-c", "AB-C"].map(named);
        let paths = ["agents/a.md", "agents/b.md", "agents/c.md", "agents/d.md"];
        let files: Vec<(&str, &str)> =
            (paths.into_iter()).zip(names.iter().map(String::as_str)).collect();
        let found = found(&files, &[]);
        let agents: Vec<(Severity, &[u32])> =
            found.iter().map(|draft| (draft.severity, draft.agents.as_slice())).collect();
        let expected: [(Severity, &[u32]); 2] =
            [(Severity::Error, &[1, 3]), (Severity::Warning, &[0, 1, 2])];
        assert_eq!(agents, expected);
    }

    #[test]
    fn the_projects_agent_wins_over_the_users() {
        let text = named("scout");
        assert_eq!(
            severities(&[(".claude/agents/a.md", &text), ("~/.claude/agents/a.md", &text)]),
            [Severity::Note]
        );
    }

    #[test]
    fn a_skill_wins_over_a_command() {
        let text = named("pack");
        let files = [
            (".claude/commands/pack.md", text.as_str()),
            (".claude/commands/sub/pack.md", &text),
            (".claude/skills/pack/SKILL.md", &text),
        ];
        assert_eq!(severities(&files), [Severity::Note]);
    }
}
