//! What to do with each member of a group.

use std::collections::BTreeSet;

use super::field::{self, KnownFields, Variant};
use super::folder::Folders;
use super::statement::{Statements, Voice};
use super::trigger::{Triggers, example_text, new_examples};
use super::verbatim::{Lines, has_links_of};
use super::{Action, MemberPlan, Merge, is_family};
use crate::agent::Unit;
use crate::graph::Group;
use crate::relation::Relation;
use crate::report::Quote;
use crate::rules::Facts;
use crate::source::Span;
use crate::text::{counted, listed, n_tokens};

/// What only one member has, to be put into the draft.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Its units of [`MemberPlan::only_here`].
    pub(crate) units: Vec<u32>,
    /// Its example requests, of the description and of the body.
    pub(crate) examples: Vec<Span>,
    /// Its fields of [`MemberPlan::fields`], by index.
    pub(crate) fields: Vec<usize>,
}

/// A member that is merged or dropped.
pub(crate) struct Member<'a> {
    pub(crate) agent: u32,
    pub(crate) units: &'a [u32],
    pub(crate) triggers: &'a [String],
    pub(crate) fields: &'a [usize],
    examples: &'a [Span],
}

impl<'a> Member<'a> {
    /// `None` for a member that stays.
    pub(crate) fn of(plan: &'a MemberPlan) -> Option<Self> {
        (plan.action != Action::Keep).then_some(Self {
            agent: plan.agent,
            units: &plan.own.units,
            triggers: &plan.triggers,
            fields: &plan.own.fields,
            examples: &plan.own.examples,
        })
    }

    /// The examples of its description that no other one has, as they read,
    /// with the name of the kept one instead of its own.
    pub(crate) fn examples(&self, facts: &Facts<'_>, keep: &str) -> Vec<String> {
        let agent = facts.agent(self.agent);
        let text = facts.text(self.agent);
        let spans = self.examples.iter();
        spans
            .filter(|span| span.start < agent.frontmatter.body_start)
            .map(|span| example_text(agent, *span, text))
            .map(|text| renamed(&text, &agent.name, keep))
            .collect()
    }

    /// The examples of its body that no other one has.
    pub(crate) fn body_examples(&self, facts: &Facts<'_>) -> Vec<Span> {
        let body_start = facts.agent(self.agent).frontmatter.body_start;
        let spans = self.examples.iter().copied();
        spans.filter(|span| span.start >= body_start).collect()
    }
}

/// The text with one name instead of another, where that stands as a whole
/// word. A name that could be a plain word stays.
fn renamed(text: &str, old: &str, new: &str) -> String {
    if old == new || !old.contains(['-', '_']) {
        return text.to_owned();
    }
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, _) in text.match_indices(old) {
        let end = start + old.len();
        let is_part = joins(text[..start].chars().next_back()) || joins(text[end..].chars().next());
        if !is_part {
            out.push_str(&text[at..start]);
            out.push_str(new);
            at = end;
        }
    }
    out.push_str(&text[at..]);
    out
}

pub(super) fn merge(
    facts: &Facts<'_>,
    statements: &Statements,
    triggers: &Triggers,
    folders: &Folders<'_>,
    group: &Group,
    elsewhere: &[u32],
) -> Merge {
    let keep = group.representative;
    let joined = &group.drop;
    let mut said = Said::new(facts, statements, keep);
    let mut known_triggers = triggers.known(keep);
    let mut known_fields = KnownFields::new(facts.agent(keep));
    let mut known_examples = Vec::new();
    new_examples(facts, keep, &mut known_examples);
    let others = match joined.len() {
        1 => "the other one".to_owned(),
        n => format!("the other {n}"),
    };
    let mut members = vec![MemberPlan {
        agent: keep,
        action: Action::Keep,
        reason: format!("could replace {others}"),
        statements: n_statements(statements, keep),
        only_here: Vec::new(),
        triggers: Vec::new(),
        examples: 0,
        fields: Vec::new(),
        own: Own::default(),
    }];
    let mut tokens = 0;
    let mut description_tokens = 0;
    let ids = joined.iter().chain([&keep]);
    let names: Vec<&str> = ids.map(|&id| facts.agent(id).name.as_str()).collect();
    for &agent in joined {
        let units = said.missing(agent);
        let own: Vec<Quote> = units.iter().map(|&unit| facts.quote_lines(agent, unit)).collect();
        let sentences = triggers.missing(agent, &mut known_triggers, &names);
        let examples = new_examples(facts, agent, &mut known_examples);
        let definition = facts.agent(agent);
        let fields = known_fields.missing(definition);
        let keys: Vec<String> =
            fields.iter().map(|&at| definition.frontmatter.fields[at].key.clone()).collect();
        let text = facts.text(agent);
        let moved_of_description = sentences.iter().map(|text| n_tokens(text)).sum::<u64>()
            + examples.iter().map(|span| n_tokens(span.of(text))).sum::<u64>();
        let description = facts.agent(agent).description.span;
        let moved_of_fields = fields
            .iter()
            .map(|&at| &definition.frontmatter.fields[at])
            .map(|field| n_tokens(field.key_span.of(text)) + n_tokens(field.value_span.of(text)))
            .sum::<u64>();
        let moved = own.iter().map(|quote| n_tokens(&quote.text)).sum::<u64>();
        tokens += n_tokens(text).saturating_sub(moved + moved_of_description + moved_of_fields);
        description_tokens += description
            .map_or(0, |span| n_tokens(span.of(text)))
            .saturating_sub(moved_of_description);
        let is_twin = |&&other: &&u32| {
            facts.pair(other, agent).is_some_and(|pair| pair.relation == Relation::Identical)
        };
        let above = joined.iter().take_while(|&&other| other != agent);
        let twin = [&keep].into_iter().chain(above).find(is_twin);
        let n_statements = n_statements(statements, agent);
        let only_here = OnlyHere {
            n_statements: own.len(),
            n_triggers: sentences.len(),
            n_examples: examples.len(),
            fields: &keys,
        };
        let twin = twin.map(|&twin| {
            let path = facts.path(twin);
            let why = folders.reason(path, facts.path(agent));
            let why = why.map_or_else(String::new, |why| format!(", {why}"));
            format!("`{path}`{why}")
        });
        let (action, reason) = verdict(twin.as_deref(), n_statements, &only_here);
        members.push(MemberPlan {
            agent,
            action,
            reason,
            statements: n_statements,
            only_here: own,
            triggers: sentences,
            examples: examples.len(),
            fields: keys,
            own: Own { units, examples, fields },
        });
    }
    let stay = elsewhere.iter();
    members.extend(stay.map(|&agent| stays(facts, statements, keep, agent)));
    Merge {
        relation: group.relation,
        keep,
        members,
        tokens_saved: tokens,
        description_tokens_saved: description_tokens,
    }
}

/// What is said so far: by the kept agent, and by what is moved into it.
pub(crate) struct Said<'a> {
    facts: &'a Facts<'a>,
    statements: &'a Statements,
    kept: Voice<'a>,
    /// The text of the kept file.
    text: &'a str,
    lines: Lines,
    moved: BTreeSet<u32>,
}

impl<'a> Said<'a> {
    /// What the agent `keep` says alone.
    pub(crate) fn new(facts: &'a Facts<'a>, statements: &'a Statements, keep: u32) -> Self {
        let text = facts.text(keep);
        Self {
            facts,
            statements,
            kept: statements.voice(keep),
            text,
            lines: Lines::new(facts.agent(keep), text),
            moved: BTreeSet::new(),
        }
    }

    /// The units of an agent that say something new, one each, in the order
    /// of the file. They count as moved from then on.
    pub(crate) fn missing(&mut self, agent: u32) -> Vec<u32> {
        let mut missing = Vec::new();
        let units = &self.facts.agent(agent).units;
        for (idx, wording) in (0..).zip(&self.statements.of_units[agent as usize]) {
            let Some(wording) = *wording else { continue };
            let sayers = self.statements.sayers(wording);
            let is_moved = sayers.iter().any(|(sayer, _)| self.moved.contains(sayer));
            if !is_moved && !self.is_kept(agent, &units[idx as usize], wording) {
                self.moved.insert(wording);
                missing.push(idx);
            }
        }
        missing
    }

    /// Whether the kept agent says what a unit of another one says.
    fn is_kept(&self, agent: u32, unit: &Unit, wording: u32) -> bool {
        let (definition, text) = (self.facts.agent(agent), self.facts.text(agent));
        let is_said = self.statements.said(wording, &self.kept).is_some();
        let circumstance = self.statements.circumstance(wording);
        let is_verbatim = || {
            let same = self.lines.say(definition, unit, text, circumstance);
            same.is_some()
        };
        (is_said || is_verbatim()) && has_links_of(self.text, unit, text)
    }
}

/// What to do with a member by what only it has, and why.
fn verdict(twin: Option<&str>, n_statements: usize, member: &OnlyHere<'_>) -> (Action, String) {
    let beside = member.beside_statements();
    let n_own = member.n_statements;
    let verb = if n_own == 1 { "is" } else { "are" };
    let statements = counted(n_statements as u64, "statement", "statements");
    let reason = match (n_own, beside.is_empty()) {
        (0, true) => {
            let same = |twin: &str| format!("the same text as {twin}");
            let nothing = "says nothing that those above lack".to_owned();
            return (Action::Drop, twin.map_or(nothing, same));
        }
        (0, false) => format!("its statements stand above, but not {beside}"),
        (_, true) => format!("{n_own} of its {statements} {verb} only here"),
        (_, false) => format!("{n_own} of its {statements} {verb} only here; also {beside}"),
    };
    let reason = match has_hardly_a_line(n_own, n_statements) {
        true => format!("its task is alike, hardly a line of it: {reason}"),
        false => reason,
    };
    (Action::Merge, reason)
}

/// Whether hardly anything that some files say is said by the one to keep.
pub(crate) fn has_hardly_a_line(n_own: usize, n_statements: usize) -> bool {
    /// Of fewer statements each is much.
    const MIN_STATEMENTS: usize = 5;
    /// Nine in ten are a file of its own.
    const TENTHS: usize = 9;
    n_statements >= MIN_STATEMENTS && n_own * 10 >= n_statements * TENTHS
}

/// How much only one member has.
struct OnlyHere<'a> {
    n_statements: usize,
    n_triggers: usize,
    n_examples: usize,
    /// Keys of its frontmatter.
    fields: &'a [String],
}

/// Keys that a reason names.
const MAX_KEYS: usize = 3;

impl OnlyHere<'_> {
    /// What is no statement of the body, in words; empty where there is nothing.
    fn beside_statements(&self) -> String {
        let mut parts = Vec::new();
        if self.n_triggers > 0 {
            let sentences = counted(self.n_triggers as u64, "sentence", "sentences");
            parts.push(format!("{sentences} of its description"));
        }
        if self.n_examples > 0 {
            let n = self.n_examples as u64;
            parts.push(counted(n, "example request", "example requests"));
        }
        match self.fields {
            [] => {}
            [key] => parts.push(format!("its `{key}`")),
            keys if keys.len() <= MAX_KEYS => {
                parts.push(format!("its fields {}", keys.join(", ")));
            }
            keys => parts.push(format!("{} fields of its frontmatter", keys.len())),
        }
        listed(&parts)
    }
}

/// A member that the kept one cannot stand in for, since it is loaded otherwise.
fn stays(facts: &Facts<'_>, statements: &Statements, keep: u32, agent: u32) -> MemberPlan {
    let (kept, own) = (facts.agent(keep), facts.agent(agent));
    let reason = if own.kind != kept.kind {
        let (own, kept) = (own.kind.as_str(), kept.kind.as_str());
        format!("is loaded in another way: it is of kind {own}, the one above of kind {kept}")
    } else if own.origin.product != kept.origin.product {
        let (own, kept) = (own.origin.product.as_str(), kept.origin.product.as_str());
        format!("is loaded by {own}, the one above by {kept}")
    } else if let Some(variant) = field::variant(facts, keep, agent) {
        let (what, key) = match variant {
            Variant::Models(key) => ("made for another model on purpose", key),
            Variant::Files(key) => ("loaded for other files", key),
        };
        format!("is {what}: its `{key}` differs from that above")
    } else if is_family(kept, own) {
        "is of one family with the one above, of which one is a member and one stands for all"
            .to_owned()
    } else if own.origin.project_root != kept.origin.project_root {
        "belongs to another project".to_owned()
    } else {
        "belongs to another plugin, which is installed by itself".to_owned()
    };
    MemberPlan {
        agent,
        action: Action::Keep,
        reason,
        statements: n_statements(statements, agent),
        only_here: Vec::new(),
        triggers: Vec::new(),
        examples: 0,
        fields: Vec::new(),
        own: Own::default(),
    }
}

/// Distinct statements of an agent.
fn n_statements(statements: &Statements, agent: u32) -> usize {
    let own = statements.of_units[agent as usize].iter().flatten();
    own.collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::has_hardly_a_line;

    #[test]
    fn nine_in_ten_statements_of_its_own_are_hardly_a_line_in_common() {
        for (n_own, n_all, expected) in
            [(65, 66, true), (9, 10, true), (8, 10, false), (2, 2, false)]
        {
            assert_eq!(has_hardly_a_line(n_own, n_all), expected, "{n_own} {n_all}");
        }
    }
}
