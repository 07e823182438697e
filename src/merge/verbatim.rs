//! What stands in a file word for word, however its lines are put together.
//!
//! One file makes a paragraph of each statement, another one breaks lines
//! within one, or makes a list of them. Units then differ, though both say the
//! same words. So the lines of a file are looked up one by one: only whole
//! lines and units count, as "commit it" stands in "never commit it" as well, and
//! the sentence with which a unit begins.

use std::collections::BTreeMap;

use super::circumstance::{Circumstance, Circumstances};
use crate::agent::{Agent, Direction, Unit, UnitKind, split};

/// The lines and units of a body, headings aside, with their directions and
/// circumstances.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    /// By words, direction and circumstance: the first unit with them.
    units: BTreeMap<(String, Direction, Circumstance), u32>,
}

impl Lines {
    pub(crate) fn new(agent: &Agent, source: &str) -> Self {
        let mut units = BTreeMap::new();
        let mut circumstances = Circumstances::new(agent, source);
        // A heading names what stands below it, an item of a list what is to be done.
        let units_of_text = (0..).zip(&agent.units);
        for (unit_idx, unit) in units_of_text.filter(|(_, unit)| unit.is_statement()) {
            let circumstance = circumstances.of(unit);
            let lines = lines(agent, unit, source);
            let whole = (lines.len() > 1).then(|| lines.join(" "));
            let first = first_sentence(agent, unit, source);
            for words in lines.into_iter().chain(whole).chain(first) {
                let key = (words, unit.direction, circumstance.clone());
                units.entry(key).or_insert(unit_idx);
            }
        }
        Self { units }
    }

    /// The first unit of this body that has words of a unit of another one, which
    /// holds under `circumstance`, if all its lines stand here. Code is no matter
    /// of lines.
    pub(crate) fn say(
        &self,
        agent: &Agent,
        unit: &Unit,
        source: &str,
        circumstance: &Circumstance,
    ) -> Option<u32> {
        if unit.kind == UnitKind::Code {
            return None;
        }
        let get = |words: String| {
            let mut key = (words, unit.direction, Circumstance::ALWAYS);
            // What covers more than itself comes first: it holds always, or nearly so.
            let first = self.units.range(&key..).next();
            let first = first.filter(|((words, direction, own), _)| {
                *words == key.0 && *direction == key.1 && own.covers(circumstance)
            });
            key.2 = circumstance.clone();
            first.map(|(_, unit)| unit).or_else(|| self.units.get(&key)).copied()
        };
        let lines = lines(agent, unit, source);
        get(lines.join(" ")).or_else(|| {
            let found: Option<Vec<u32>> = lines.into_iter().map(get).collect();
            found?.first().copied()
        })
    }
}

/// Whether a text has all targets of the links of a unit, which its words do not show.
pub(crate) fn has_links_of(text: &str, unit: &Unit, source: &str) -> bool {
    let end = unit.span.end as usize;
    // A unit ends with the words of a link, not with its target.
    let rest = &source[end..];
    let target = match rest.strip_prefix("](") {
        Some(target) => target.find(')').map_or(0, |n| "](".len() + n),
        None => 0,
    };
    let own = &source[unit.span.start as usize..end + target];
    own.split("](").skip(1).all(|target| {
        let end = target.find([')', ' ', '\n', '\r']);
        text.contains(&target[..end.unwrap_or(target.len())])
    })
}

/// The words of each line of a unit that has some.
fn lines(agent: &Agent, unit: &Unit, source: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut end = unit.span.start as usize;
    for piece in &agent.pieces[unit.pieces.range()] {
        let place = piece.span.range();
        if source[end..place.start].contains(['\n', '\r']) {
            lines.push(String::new());
        }
        end = place.end;
        if let Some(line) = lines.last_mut() {
            line.push_str(if piece.spaced { " " } else { "" });
            line.push_str(&source[place]);
        }
    }
    let lines = lines.iter().map(|line| words(line));
    lines.filter(|words| !words.is_empty()).collect()
}

/// The words of the sentence with which a unit of several begins, unless the next
/// one takes some of it back.
fn first_sentence(agent: &Agent, unit: &Unit, source: &str) -> Option<String> {
    const LIMITS: [&str; 10] = [
        "but", "except", "however", "never", "no", "not", "only", "otherwise", "unless", "without",
    ];
    if unit.kind == UnitKind::Code {
        return None;
    }
    let text = agent.unit_text(unit, source);
    let mut sentences = split::sentences(&text).into_iter();
    let (first, next) = (sentences.next()?, sentences.next()?);
    let next = words(&text[next]);
    let is_limited = LIMITS.contains(&next.split(' ').next()?);
    let first = words(&text[first]);
    (!is_limited && first.contains(' ')).then_some(first)
}

/// The words of a text in lower case, without the signs around them.
fn words(text: &str) -> String {
    const SIGNS: [char; 10] = ['.', ',', ';', ':', '"', '\'', '`', '*', '-', '–'];
    let mut words = String::with_capacity(text.len());
    let all = text.split_whitespace().map(|word| word.trim_matches(SIGNS));
    for word in all.filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Kind, Origin, Product, parse};
    use crate::source::{FileId, SourceFile};

    fn read(text: &str) -> Agent {
        let origin = Origin {
            kind: Some(Kind::Agent),
            product: Product::Claude,
            load_root: String::new(),
            project_root: None,
        };
        parse(FileId(0), &SourceFile::new("agents/a.md", text), origin)
    }

    fn says_all(own: &str, other: &str) -> bool {
        let lines = Lines::new(&read(own), own);
        let agent = read(other);
        let mut circumstances = Circumstances::new(&agent, other);
        let mut units = agent.units.iter();
        units.all(|unit| {
            let circumstance = circumstances.of(unit);
            lines.say(&agent, unit, other, &circumstance).is_some()
        })
    }

    #[test]
    fn a_link_with_another_target_is_another_link() {
        let kept = "- See the [guide](docs/style.md) first\n";
        let has_links = |other: &str| {
            let agent = read(other);
            let mut units = agent.units.iter();
            units.all(|unit| has_links_of(kept, unit, other))
        };
        assert!(has_links("- See the [guide](docs/style.md)\n"));
        assert!(has_links("- See the guide\n- [guide](docs/style.md \"Title\") first\n"));
        assert!(!has_links("- See the [guide](docs/other.md)\n"));
        assert!(!has_links("- See the [guide](docs/other.md) first\n"));
    }

    #[test]
    fn lines_may_be_put_together_in_another_way() {
        let broken = "Wax the skis\nDry the boots\nHang up the ropes\n";
        for other in [
            "Dry the boots\n\n**Wax** the skis.\n",
            "- Hang up the ropes\n- Wax the skis\n",
            broken,
        ] {
            assert!(says_all(broken, other), "{other}");
            assert!(says_all("- Hang up the ropes\n- Wax the skis\n- Dry the boots\n", other));
        }
        for (own, other) in [
            (broken, "Dry the boots and the skis\n"),
            (broken, "Wax the skis\nBrush the skis\n"),
            ("Only on Sundays wax the skis\n", "Wax the skis\n"),
            ("## Wax the skis\n", "1. Wax the skis\n"),
            ("Never:\n- Wax the skis\n", "Wax the skis\n"),
            ("If it thaws:\n- Wax the skis\n", "Wax the skis\n"),
            ("If it thaws:\n- Wax the skis\n", "If it snows:\n- Wax the skis\n"),
            ("```\nwax the skis\n```\n", "```\nwax the skis\ndry them\n```\n"),
        ] {
            assert!(!says_all(own, other), "{own} / {other}");
        }
    }

    #[test]
    fn the_first_sentence_of_an_item_is_said_unless_the_next_one_limits_it() {
        let item = "- Wax the skis every evening. Dry the boots beside the stove.\n";
        assert!(says_all(item, "- Wax the skis every evening.\n"));
        for limited in [
            "- Wax the skis every evening. Except when it thaws.\n",
            "- Wax the skis every evening. Not those for hire.\n",
        ] {
            assert!(!says_all(limited, "- Wax the skis every evening.\n"), "{limited}");
        }
    }
}
