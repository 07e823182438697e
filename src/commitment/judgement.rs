//! What the words around a name say of it.

use std::ops::Range;

use super::phrase::{
    ALONE, LINKS, begins_with_task, ends_clause, ends_phrase, ends_with_word, is_command,
    is_complete, is_conceded, is_filler, is_list_member, is_participle, is_refused, is_sub_product,
    is_subject, is_subject_and_verb, is_used_whole, label, overlaps, starts_with_any,
};
use super::prose::Prose;
use super::wording::{Cue, Found};
use super::{Strength, decided};
use crate::facet::clause::is_open_condition;
use crate::facet::scan::{CodeSign, Hit, Target};

/// Cues under which nothing is decided, wherever they stand in a statement.
const OPEN: [Cue; 4] = [Cue::Condition, Cue::History, Cue::Comparison, Cue::Detection];

/// Cues of a heading or lead-in under which nothing is decided.
pub(super) const OPEN_ABOVE: [Cue; 7] = [
    Cue::Condition,
    Cue::History,
    Cue::Comparison,
    Cue::Detection,
    Cue::Knowledge,
    Cue::Example,
    Cue::Sample,
];

/// What the words around a name say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It speaks of something else: other times, conditions, samples.
    Elsewhere,
    /// Nothing.
    Mention,
    /// It is taken.
    Takes { strength: Strength, is_speciality: bool },
    /// It is rejected.
    Rejects,
}

impl Judgement {
    fn takes(strength: Strength) -> Self {
        Self::Takes { strength, is_speciality: false }
    }

    fn specialises(strength: Strength) -> Self {
        Self::Takes { strength, is_speciality: true }
    }

    fn only_if(self, condition: bool) -> Self {
        if condition { self } else { Self::Mention }
    }
}

/// A name in a statement, and what is needed to judge it.
pub(super) struct Name<'a> {
    prose: &'a Prose<'a>,
    hit: Hit,
    /// The sentence that it stands in.
    sentence: Range<usize>,
    /// The cues of the whole statement.
    found: &'a [Found],
}

impl<'a> Name<'a> {
    pub(super) fn new(prose: &'a Prose<'a>, hit: Hit, found: &'a [Found]) -> Self {
        Self { prose, hit, sentence: prose.sentence(hit.start as usize), found }
    }

    /// What is said of a thing that is chosen: the first check with an answer decides.
    pub(super) fn judge(&self) -> Judgement {
        self.excluded()
            .or_else(|| self.by_description())
            .or_else(|| self.by_suffix())
            .or_else(|| self.by_place())
            .or_else(|| self.by_command())
            .or_else(|| self.by_label())
            .or_else(|| self.by_wording())
            .unwrap_or(Judgement::takes(Strength::Named))
    }

    /// A practice is prescribed by its cue, unless something takes it back.
    pub(super) fn judge_practice(&self) -> Judgement {
        let prose = self.prose;
        let is_inside = |cue: &Found| cue.start >= self.start() && cue.end <= self.end();
        let is_open = self.cues().any(|cue| {
            let leaves_open = match cue.cue {
                Cue::Condition => is_open_condition(prose.text, cue.start),
                cue => matches!(cue, Cue::History | Cue::Comparison),
            };
            leaves_open && !is_inside(cue)
        });
        let is_negative = self.found.iter().any(|cue| cue.cue == Cue::Rejection && is_inside(cue))
            || starts_with_any(&prose.text[self.start()..self.end()], &["nothing", "nobody"]);
        // "Never delete rows, set `deleted_at`": what is behind the comma is asked for.
        let is_turned = self.has_before(Cue::Rejection) && self.before().contains([',', ';']);
        let is_reversed = prose.is_warning() && !is_negative && !is_turned;
        let is_apart = prose.unit.is_none()
            || prose.is_heading()
            || prose.context.has_any(&[Cue::Sample, Cue::Condition, Cue::Example])
            || self.is_asked()
            || prose.is_quoted(self.start());
        Judgement::takes(Strength::Medium).only_if(!is_open && !is_reversed && !is_apart)
    }

    /// Where something else is spoken of, or the name is rejected.
    fn excluded(&self) -> Option<Judgement> {
        let prose = self.prose;
        if is_sub_product(self.after())
            || prose.is_quoted(self.start())
            || prose.context.has_any(&[Cue::Sample, Cue::History])
            || self.is_open()
            || self.is_asked()
            || self.is_unknown_command()
        {
            return Some(Judgement::Elsewhere);
        }
        // "In the web app, inline styles are not allowed" refuses them there.
        if is_refused(self.after_list())
            && is_filler(self.before(), self.prose.hits, self.sentence.start)
        {
            return Some(Judgement::Rejects);
        }
        if self.is_rejected() {
            return Some(if self.rejects_itself() {
                Judgement::Rejects
            } else {
                Judgement::Elsewhere
            });
        }
        (self.has_before(Cue::Example) || self.has_before(Cue::Rejection) || prose.is_warning())
            .then_some(Judgement::Elsewhere)
    }

    /// A description tells its subject first and triggers later.
    fn by_description(&self) -> Option<Judgement> {
        const MAX_BYTES_BEFORE: usize = 120;
        let is_first = self.sentence.start == 0 && !self.has_before(Cue::Order);
        self.prose.unit.is_none().then(|| {
            Judgement::specialises(Strength::Weak)
                .only_if(is_first && self.before().len() < MAX_BYTES_BEFORE)
        })
    }

    /// "pnpm-first".
    fn by_suffix(&self) -> Option<Judgement> {
        (self.after().starts_with("-first") && !self.has_before(Cue::Knowledge))
            .then_some(Judgement::takes(Strength::Medium))
    }

    /// Where the name stands in the file: who the agent is, titles, headings and what is below them.
    fn by_place(&self) -> Option<Judgement> {
        let prose = self.prose;
        if self.has_before(Cue::Identity) {
            return Some(Judgement::specialises(Strength::Strong).only_if(prose.is_identity()));
        }
        if prose.is_title() {
            return Some(Judgement::specialises(Strength::Medium));
        }
        // "Define resources with Pulumi" tells of no knowledge.
        let is_known = || self.has(&[Cue::Knowledge]) && !self.is_means() && !self.is_told();
        (prose.is_heading() || prose.context.has_any(&OPEN_ABOVE) || is_known())
            .then_some(Judgement::Mention)
    }

    /// "npm run lint", "npx vitest", "uv run pytest".
    fn by_command(&self) -> Option<Judgement> {
        const MAX_WORDS_BEFORE: usize = 2;
        let before = self.before();
        let starts = before.trim_end().rmatch_indices(' ').map(|(space, _)| space + 1);
        let runs_it = |start: usize| {
            let code = &self.prose.text[self.sentence.start + start..];
            let option = self.prose.table.scanner().code_option(code);
            matches!((option, self.hit.target), (Some((run, CodeSign::Command)), Target::Option(own)) if run == own)
        };
        let is_run = is_command(self.onward())
            || before.ends_with(' ') && starts.take(MAX_WORDS_BEFORE).any(runs_it);
        is_run.then_some(Judgement::takes(Strength::Medium))
    }

    /// "Framework: " before the name, or the first cell of a row.
    fn by_label(&self) -> Option<Judgement> {
        let prose = self.prose;
        let before = self.before();
        // Where a sentence ends inside the row, its first cell is no label of the next one.
        let first_cell = prose
            .first_cell()
            .filter(|&n| self.sentence.start == 0 && n <= before.len())
            .map(|n| (0, n));
        let (from, to) = label(before).or(first_cell)?;
        let name = &before[from..to];
        let list = &prose.text[self.sentence.start + to..self.sentence.end];
        let is_stack = prose.is_stack_label(name) && !prose.is_survey(name, list);
        let is_listed = self.is_listed_since(to);
        // "Logs: every service writes with winston" goes on as a sentence.
        if is_stack && !is_listed && (self.is_told() || self.is_means()) {
            return None;
        }
        let is_meant = is_stack && is_listed && !is_conceded(self.after());
        Some(Judgement::takes(Strength::Strong).only_if(is_meant))
    }

    /// Orders, facts, and names alone in the list of a stack.
    fn by_wording(&self) -> Option<Judgement> {
        const STANDARD: [&str; 12] = [
            "is your default", "is the default", "is our", "is what we use", "is used for",
            "are used for", "is the project", "is the only", "is the standard", "is mandatory",
            "is required", "by default",
        ];
        let is_listed = self.is_listed_since(0);
        let is_standard = starts_with_any(self.after(), &STANDARD) && ends_clause(self.before());
        let is_fact = self.has_before(Cue::Fact)
            && (self.has_before(Cue::Order) || self.has_before(Cue::Use));
        if is_standard || is_fact {
            return Some(Judgement::takes(Strength::Strong));
        }
        let medium_if = |is_sure: bool| {
            if is_sure { Strength::Medium } else { Strength::Weak }
        };
        let strength = match self.lead() {
            Some(order) if order.cue == Cue::Order => self.strength_of_order(order),
            Some(fact) if self.is_ours(fact) => Strength::Medium,
            _ if self.is_told() => Strength::Medium,
            _ if self.is_means() => medium_if(is_used_whole(self.after())),
            Some(used) if used.cue == Cue::Use => {
                medium_if(self.is_foreign_fact(used) || self.is_made_with(used))
            }
            _ if ends_with_word(self.before().trim_end(), &["our"]) => Strength::Weak,
            _ if is_listed && self.prose.is_in_stack() && self.prose.is_short() => Strength::Strong,
            _ => return None,
        };
        Some(Judgement::takes(strength))
    }

    /// The last cue before the name, where it leads straight to it.
    fn lead(&self) -> Option<&Found> {
        self.cues().rfind(|cue| cue.end <= self.start()).filter(|cue| {
            let between = &self.prose.text[cue.end..self.start()];
            is_filler(between, self.prose.hits, cue.end)
        })
    }

    /// An order decides by beginning its sentence and by holding always.
    fn strength_of_order(&self, order: &Found) -> Strength {
        const MAX_LETTERS_BEFORE: usize = 12;
        let text = self.prose.text;
        let n_letters =
            text[self.sentence.start..order.start].chars().filter(|c| c.is_alphabetic()).count();
        let is_said_of_part = text[order.start..].starts_with("use")
            && is_subject(&text[self.sentence.start..order.start]);
        let is_first = n_letters <= MAX_LETTERS_BEFORE || is_said_of_part;
        let between = &text[order.end..self.start()];
        let is_always = between.split(' ').any(|word| ALONE.contains(&word))
            || starts_with_any(&text[order.start..], &["always", "must", "only", "use only"])
            || starts_with_any(self.before(), &["always", "must", "you always", "only"]);
        match (is_first, is_always) {
            (true, true) => Strength::Strong,
            (true, false) | (false, true) => Strength::Medium,
            (false, false) => Strength::Weak,
        }
    }

    /// Whether a short order says to do something with it: "Write unit tests with Jest."
    fn is_means(&self) -> bool {
        self.is_short_sentence()
            && begins_with_task(self.unfilled_before())
            && ends_with_word(self.unfilled_before(), &LINKS)
    }

    /// "We use Drizzle", "we're using Drizzle".
    fn is_ours(&self, fact: &Found) -> bool {
        let text = &self.prose.text[fact.start..fact.end];
        fact.cue == Cue::Fact && text.to_ascii_lowercase().starts_with("we")
    }

    /// Whether a short sentence in another language than English ends with the
    /// means: "Las pruebas se escriben con `PHPUnit`".
    fn is_foreign_fact(&self, used: &Found) -> bool {
        const LINKS: [&str; 7] = ["con", "mit", "avec", "com", "базе", "基于", "による"];
        self.is_short_sentence()
            && is_used_whole(self.after())
            && ends_with_word(&self.prose.text[used.start..used.end], &LINKS)
    }

    /// Whether a sentence begins with how a thing is made: "Built on Zephyr 3.6".
    fn is_made_with(&self, used: &Found) -> bool {
        let phrase = self.prose.text[used.start..used.end].to_ascii_lowercase();
        let before = &self.prose.text[self.sentence.start..used.start];
        !before.contains(char::is_alphanumeric)
            && is_participle(phrase.split(' ').next().unwrap_or_default())
            && is_used_whole(self.after())
    }

    /// Whether a short sentence says of a part of the project that this is it:
    /// "The database is `MySQL`.", "Events go through Kafka."
    fn is_told(&self) -> bool {
        self.is_short_sentence()
            && is_used_whole(self.after())
            && is_subject_and_verb(self.unfilled_before())
            && !self.prose.hits.iter().any(|hit| {
                (self.sentence.start..self.start()).contains(&(hit.start as usize))
                    && self.is_rival(hit)
            })
    }

    /// Whether another name is one of the same facet.
    fn is_rival(&self, other: &Hit) -> bool {
        let facet = |hit: &Hit| match hit.target {
            Target::Option(option) => Some(self.prose.table.option(option).facet),
            Target::Measure(_) => None,
        };
        facet(other) == facet(&self.hit)
    }

    fn is_short_sentence(&self) -> bool {
        const MAX_WORDS: usize = 18;
        let sentence = self.prose.text[self.sentence.clone()].bytes();
        sentence.filter(|&byte| byte == b' ').count() < MAX_WORDS
    }

    /// What the sentence says before the name, without a label in front and
    /// signs and articles at its end.
    fn unfilled_before(&self) -> &str {
        let before = self.before();
        let before = label(before).map_or(before, |(_, end)| before[end..].trim_start());
        let before = before.trim_end_matches(['`', '*', '"', ' ']);
        let articles = ["the", "a", "an", "our", "plain"];
        match before.rsplit_once(' ') {
            Some((rest, word)) if articles.contains(&word) => rest,
            _ => before,
        }
    }

    fn start(&self) -> usize {
        self.hit.start as usize
    }

    fn end(&self) -> usize {
        self.hit.end as usize
    }

    /// What the sentence says before the name.
    fn before(&self) -> &str {
        &self.prose.text[self.sentence.start..self.start()]
    }

    /// The statement from the name on.
    fn onward(&self) -> &str {
        &self.prose.text[self.start()..]
    }

    /// The statement behind the name.
    fn after(&self) -> &str {
        &self.prose.text[self.end()..]
    }

    /// The statement behind the list that the name begins: "`ESLint` and Prettier are not used".
    fn after_list(&self) -> &str {
        const JOINTS: [&str; 6] = [" and ", ", ", ", and ", " or ", " nor ", "/"];
        let text = self.prose.text;
        let later = self.prose.hits.iter().filter(|hit| hit.start >= self.hit.end);
        let end = later.fold(self.end(), |end, hit| match text.get(end..hit.start as usize) {
            Some(joint) if JOINTS.contains(&joint) => hit.end as usize,
            _ => end,
        });
        &text[end..]
    }

    /// The cues of the sentence.
    fn cues(&self) -> impl DoubleEndedIterator<Item = &Found> {
        self.found
            .iter()
            .filter(|cue| cue.start >= self.sentence.start && cue.end <= self.sentence.end)
    }

    /// Those cues of the sentence that are one of `cues`, apart from words of names.
    fn unnamed(&self, cues: &[Cue]) -> impl Iterator<Item = &Found> {
        let is_named = |found: &Found| {
            let mut hits = self.prose.hits.iter();
            hits.any(|hit| overlaps(found, hit.start as usize, hit.end as usize))
        };
        self.cues().filter(move |found| cues.contains(&found.cue) && !is_named(found))
    }

    /// Whether the sentence has one of the cues, apart from words of names.
    fn has(&self, cues: &[Cue]) -> bool {
        self.unnamed(cues).next().is_some()
    }

    fn has_before(&self, cue: Cue) -> bool {
        self.cues().any(|found| found.cue == cue && found.end <= self.start())
    }

    /// Whether the sentence leaves open what is used. "Requests go through axios"
    /// and "Errors are reported to Sentry" do not, for all that they look for.
    fn is_open(&self) -> bool {
        let is_told = |found: &Found| {
            found.cue == Cue::Detection
                && found.end <= self.start()
                && !ends_with_word(self.unfilled_before(), &["is", "are"])
                && self.is_told()
        };
        self.unnamed(&OPEN).any(|found| !is_told(found))
    }

    /// Whether the sentence is a question.
    fn is_asked(&self) -> bool {
        self.prose.text[..self.sentence.end].ends_with('?')
    }

    /// Whether it is the program of a command that tells nothing, as of plain npm.
    fn is_unknown_command(&self) -> bool {
        let text = self.onward();
        is_command(text) && self.prose.table.scanner().code_option(text).is_none()
    }

    /// Whether the name stands in a list since a byte of [`Self::before`], for the thing itself.
    fn is_listed_since(&self, at: usize) -> bool {
        is_complete(self.after())
            && is_list_member(&self.before()[at..], self.prose.hits, self.sentence.start + at)
    }

    /// Whether a rejection leads straight to the name, and the sentence says no more about it.
    fn is_rejected(&self) -> bool {
        let text = self.prose.text;
        let before = self.found.iter().rev().filter(|cue| cue.end <= self.start());
        // "Never use", "nunca usar": the order is part of the rejection.
        let Some(cue) = before
            .clone()
            .find(|cue| !matches!(cue.cue, Cue::Order | Cue::Use))
            .or(before.clone().next())
        else {
            return false;
        };
        let cue_text = &text[cue.start..];
        // "View models should not import UIKit" rejects it for view models alone.
        let clause = &text[..cue.start];
        let clause = &clause[clause
            .rfind([',', ';', ':', '(', '—', '–', '.', '!'])
            .map_or(0, |at| clause.ceil_char_boundary(at + 1))..];
        let is_about_other =
            clause.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).count() > 2
                || starts_with_any(cue_text, &["should", "must", "cannot"])
                    && !clause.trim().is_empty();
        let is_migration =
            starts_with_any(cue_text, &["migrated from", "migrated away from", "moved away from"]);
        let is_comparison = is_migration
            || starts_with_any(cue_text, &["over", "instead of", "rather than", "in place of"]);
        let between = &text[cue.end..self.start()];
        cue.cue == Cue::Rejection
            && (is_comparison || !is_about_other)
            && !self.is_aside(cue.start)
            && is_filler(between, self.prose.hits, cue.end)
            // "From webpack to Vite" leaves the first one.
            && !(is_migration && between.contains(" to "))
            && (is_comparison || ends_phrase(self.after()))
    }

    /// Whether a rejection is of the thing itself: "Svelte 5 instead of Svelte 4"
    /// rejects no more than the version, "not Lucide React" another thing, and
    /// what was left for something built on it is still there.
    fn rejects_itself(&self) -> bool {
        let Self { prose, hit, .. } = *self;
        let Target::Option(option) = hit.target else {
            return false;
        };
        let is_part_of = |other: &Hit| {
            other.end + 1 == hit.start && prose.text[other.end as usize..].starts_with(' ')
        };
        let is_kept = |other: &Hit| {
            decided(other, prose.table)
                .is_some_and(|other| other != option && prose.table.includes(other, option))
        };
        prose.version(hit, option).is_none()
            && !prose.hits.iter().any(|other| is_part_of(other) || is_kept(other))
    }

    /// Whether a cue stands amid brackets that describe something else than an
    /// option: "`roles.ts` is half of it (pure, no Prisma)".
    fn is_aside(&self, at: usize) -> bool {
        let before = &self.prose.text[..at];
        let Some(open) = before.rfind('(').filter(|&open| !before[open..].contains(')')) else {
            return false;
        };
        let subject = before[..open].trim_end().len();
        before[open..].contains(char::is_alphabetic)
            && !self
                .prose
                .hits
                .iter()
                .any(|hit| hit.end as usize >= subject && hit.start as usize <= open)
    }
}
