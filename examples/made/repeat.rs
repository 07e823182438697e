//! Real definitions, repeated with changes until there are enough.
//!
//! Repeated as they are, n files would be n / k copies of each other, which no
//! collection is. So each round swaps words: a rare word becomes another one
//! of about the same frequency, the same throughout the round, and a word of
//! one file becomes a new one. Within a round files are then as alike as the
//! real ones; those of two rounds have in common what frequent words alone
//! say. Copies across rounds, one line in ten changed, are written as often as
//! is asked for.

use std::collections::{BTreeSet, HashMap};

use agent_overlap::source::SourceFile;

use crate::recipe::{Random, original};

/// See the module.
pub(crate) struct Repeated {
    files: Vec<SourceFile>,
    /// Places in `files` of those that later rounds have: what is written in
    /// letters that are not swapped would be copied as it is.
    lasting: Vec<usize>,
    copies: f64,
    seed: u64,
    words: Words,
}

impl Repeated {
    /// Repeats these files; they are drawn in an order that depends on the seed.
    pub(crate) fn new(mut files: Vec<SourceFile>, copies: f64, seed: u64) -> Self {
        let mut random = Random::new(seed, 0);
        for last in (1..files.len()).rev() {
            files.swap(last, random.below(last + 1));
        }
        let is_lasting = |&place: &usize| share_of_words(&files[place].text) > 0.5;
        Self {
            words: Words::new(&files),
            lasting: (0..files.len()).filter(is_lasting).collect(),
            files,
            copies,
            seed,
        }
    }

    /// One of the files. The first round has the files as they are.
    pub(crate) fn file(&self, number: usize) -> SourceFile {
        let n_files = self.files.len();
        let (original, _) = original(number, n_files, self.copies, self.seed);
        let file = match original.checked_sub(n_files) {
            None => self.files[original].clone(),
            Some(later) => {
                let place = self.lasting[later % self.lasting.len()];
                self.of_round(1 + later / self.lasting.len(), &self.files[place])
            }
        };
        if original == number { file } else { self.edited(number, &file) }
    }

    fn of_round(&self, round: usize, file: &SourceFile) -> SourceFile {
        let swapped = |text: &str| self.words.swapped(text, self.seed, round);
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        // Of what such names as `SKILL.md` and `style.instructions.md` say, the kind stays.
        let stem = name.split('.').next().unwrap_or_default();
        let is_kind = stem.starts_with(|c: char| c.is_ascii_uppercase());
        let (stem, rest) = name.split_at(if is_kind { 0 } else { stem.len() });
        SourceFile::new(
            format!("round-{round}/{folder}/{}{rest}", swapped(stem)),
            changed(&file.text, swapped),
        )
    }

    /// A copy with other words in one line of ten.
    fn edited(&self, number: usize, file: &SourceFile) -> SourceFile {
        let mut random = Random::new(!self.seed, number);
        let text = changed(&file.text, |line| {
            if random.happens(0.1) {
                self.words.swapped(line, !self.seed, number)
            } else {
                line.to_owned()
            }
        });
        SourceFile::new(format!("copy-{number}/{}", file.path), text)
    }
}

/// Changes a file line by line; of frontmatter only names and descriptions, so
/// that it stays what it is.
fn changed(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut is_frontmatter = false;
    let mut is_free = true;
    let mut changed = String::with_capacity(text.len());
    for (nth, line) in text.split_inclusive('\n').enumerate() {
        let is_fence = line.trim_end() == "---";
        if nth == 0 || is_frontmatter {
            is_frontmatter = is_fence == (nth == 0);
        }
        let is_key = is_frontmatter && line.starts_with(|c: char| c.is_ascii_alphabetic());
        let key = line.find(':').filter(|_| is_key).map_or("", |colon| &line[..=colon]);
        if is_key {
            is_free = matches!(key, "name:" | "description:");
        }
        if is_free || !is_frontmatter {
            changed += key;
            changed += &change(&line[key.len()..]);
        } else {
            changed += line;
        }
    }
    changed
}

/// The words of all files, the most frequent first.
struct Words {
    ranked: Vec<String>,
    ranks: HashMap<String, usize>,
    /// Number of words that are in more than one file.
    n_repeated: usize,
}

/// So many of the most frequent words stay as they are: they carry the grammar.
const N_KEPT: usize = 100;

/// Words are swapped among so many of about the same frequency.
const BLOCK: usize = 64;

impl Words {
    fn new(files: &[SourceFile]) -> Self {
        let mut n_files: HashMap<String, usize> = HashMap::new();
        for file in files {
            let words = runs(&file.text).filter(|run| is_word(run));
            for word in words.map(str::to_lowercase).collect::<BTreeSet<_>>() {
                *n_files.entry(word).or_default() += 1;
            }
        }
        let mut ranked: Vec<(String, usize)> = n_files.into_iter().collect();
        ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let n_repeated = ranked.partition_point(|(_, n_files)| *n_files > 1);
        let ranked: Vec<String> = ranked.into_iter().map(|(word, _)| word).collect();
        let ranks = ranked.iter().cloned().zip(0..).collect();
        Self { ranked, ranks, n_repeated }
    }

    /// The text with the words of a round.
    fn swapped(&self, text: &str, seed: u64, round: usize) -> String {
        runs(text)
            .map(|run| {
                let rank = self.ranks.get(&run.to_lowercase());
                rank.map_or_else(
                    || run.to_owned(),
                    |&rank| like(run, &self.swapped_word(rank, seed, round)),
                )
            })
            .collect()
    }

    fn swapped_word(&self, rank: usize, seed: u64, round: usize) -> String {
        let word = &self.ranked[rank];
        if rank < N_KEPT {
            return word.clone();
        }
        if rank >= self.n_repeated {
            // The digits of the round as letters.
            let digits = format!("{round:o}");
            let letters = digits.bytes().map(|digit| char::from(digit - b'0' + b'q'));
            return word.chars().chain(letters).collect();
        }
        let start = rank - (rank - N_KEPT) % BLOCK;
        let block = &self.ranked[start..self.n_repeated.min(start + BLOCK)];
        let shift = Random::new(seed ^ start as u64, round).below(block.len());
        block[(rank - start + shift) % block.len()].clone()
    }
}

/// Runs of letters and of everything else, in turn.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphabetic();
        let end = rest.find(|c: char| c.is_alphabetic() != is_word);
        let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(run)
    })
}

/// Short ones and those of other scripts stay as they are.
fn is_word(run: &str) -> bool {
    run.len() > 2 && run.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Share of a text's letters, in bytes, that are in words.
fn share_of_words(text: &str) -> f64 {
    let is_letters = |run: &&str| run.starts_with(char::is_alphabetic);
    let n_letters: usize = runs(text).filter(is_letters).map(str::len).sum();
    let n_in_words: usize = runs(text).filter(|run| is_word(run)).map(str::len).sum();
    n_in_words as f64 / n_letters.max(1) as f64
}

/// `word` with the capitals of `model`.
fn like(model: &str, word: &str) -> String {
    if model.bytes().all(|byte| byte.is_ascii_uppercase()) {
        word.to_uppercase()
    } else if model.starts_with(|c: char| c.is_ascii_uppercase()) {
        word[..1].to_uppercase() + &word[1..]
    } else {
        word.to_owned()
    }
}
