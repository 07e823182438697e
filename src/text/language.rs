//! Which language a text is in, its stop words and its stems.

use std::borrow::Cow;
use std::sync::OnceLock;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashSet;
use whatlang::{Detector, Lang};

/// A language with stems, or [`Language::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, and whatever is too short to tell.
    English,
    /// Dutch.
    Dutch,
    /// French.
    French,
    /// German.
    German,
    /// Italian.
    Italian,
    /// Portuguese.
    Portuguese,
    /// Russian.
    Russian,
    /// Spanish.
    Spanish,
    /// Turkish.
    Turkish,
    /// Any other: words are compared as they stand.
    Other,
}

impl Language {
    /// Number of variants.
    pub const COUNT: usize = Self::ALL.len();

    /// All variants, in order.
    pub const ALL: [Self; 10] = [
        Self::English,
        Self::Dutch,
        Self::French,
        Self::German,
        Self::Italian,
        Self::Portuguese,
        Self::Russian,
        Self::Spanish,
        Self::Turkish,
        Self::Other,
    ];

    /// The language with this ISO 639-1 code.
    pub fn from_code(code: &str) -> Self {
        match code {
            "en" | "und" => Self::English,
            "nl" => Self::Dutch,
            "fr" => Self::French,
            "de" => Self::German,
            "it" => Self::Italian,
            "pt" => Self::Portuguese,
            "ru" => Self::Russian,
            "es" => Self::Spanish,
            "tr" => Self::Turkish,
            _ => Self::Other,
        }
    }

    pub(crate) fn idx(self) -> usize {
        self as usize
    }

    pub(super) fn is_stop_word(self, token: &str) -> bool {
        // English words stand in texts of every language.
        tools(Self::English).stop_words.contains(token) || tools(self).stop_words.contains(token)
    }

    pub(crate) fn stem(self, token: &str) -> Cow<'_, str> {
        match &tools(self).stemmer {
            Some(stemmer) => stemmer.stem(token),
            None => Cow::Borrowed(token),
        }
    }
}

struct Tools {
    stop_words: FxHashSet<&'static str>,
    stemmer: Option<Stemmer>,
}

fn tools(language: Language) -> &'static Tools {
    static TOOLS: [OnceLock<Tools>; Language::COUNT] = [const { OnceLock::new() }; Language::COUNT];
    TOOLS[language.idx()].get_or_init(|| {
        let (algorithm, code) = match language {
            Language::English => (Some(Algorithm::English), "en"),
            Language::Dutch => (Some(Algorithm::Dutch), "nl"),
            Language::French => (Some(Algorithm::French), "fr"),
            Language::German => (Some(Algorithm::German), "de"),
            Language::Italian => (Some(Algorithm::Italian), "it"),
            Language::Portuguese => (Some(Algorithm::Portuguese), "pt"),
            Language::Russian => (Some(Algorithm::Russian), "ru"),
            Language::Spanish => (Some(Algorithm::Spanish), "es"),
            Language::Turkish => (Some(Algorithm::Turkish), "tr"),
            Language::Other => (None, ""),
        };
        Tools {
            stop_words: stop_words::lookup(code).unwrap_or_default().iter().copied().collect(),
            stemmer: algorithm.map(Stemmer::new),
        }
    })
}

/// Whether a character is written without spaces between words: Chinese,
/// Japanese, Korean.
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{3040}'..='\u{30FF}' | '\u{3130}'..='\u{318F}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{3FFFF}')
}

/// Fewer letters than this tell no language.
const MIN_LETTERS: usize = 40;

/// A text is plainly English when this share of its words are among
/// the frequent ones; what stays below is left to the detector.
const ENGLISH_SHARE: f64 = 0.03;

/// Whether it is one of the most frequent English words that are no words of
/// the neighbouring languages.
fn is_frequent_english(word: &[u8]) -> bool {
    matches!(
        word,
        b"the"
            | b"and"
            | b"to"
            | b"of"
            | b"for"
            | b"with"
            | b"is"
            | b"you"
            | b"your"
            | b"are"
            | b"that"
            | b"this"
            | b"when"
            | b"or"
    )
}

/// A share of such characters that cannot be quoted words.
const SCRIPT_SHARE: f64 = 0.2;

/// What tells languages apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    letters: usize,
    kana: usize,
    han: usize,
    hangul: usize,
    words: usize,
    /// Words that are frequent in English.
    english: usize,
}

impl Counts {
    fn of(sample: &str) -> Self {
        let mut counts = Self::default();
        let is_border = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphabetic();
        for run in sample.as_bytes().split(is_border) {
            if run.is_ascii() {
                counts.letters += run.len();
                counts.add_word(run);
            } else {
                let run = str::from_utf8(run).expect("cut at ASCII only");
                run.split(|c: char| !c.is_alphabetic()).for_each(|word| counts.add_letters(word));
            }
        }
        counts
    }

    fn add_word(&mut self, word: &[u8]) {
        self.words += usize::from(!word.is_empty());
        self.english += usize::from(is_frequent_english(word));
    }

    fn add_letters(&mut self, word: &str) {
        self.add_word(word.as_bytes());
        for c in word.chars() {
            self.letters += 1;
            match c {
                '\u{3040}'..='\u{30FF}' => self.kana += 1,
                '\u{AC00}'..='\u{D7AF}' => self.hangul += 1,
                c if is_cjk(c) => self.han += 1,
                _ => {}
            }
        }
    }
}

/// The language of a sample of prose as an ISO 639-1 code; `"und"` for too
/// little text. A few hundred bytes suffice.
pub fn detect(sample: &str) -> &'static str {
    let Counts { letters, kana, han, hangul, words, english } = Counts::of(sample);
    let share = |n: usize| n as f64 / letters as f64;
    // A CJK character says about as much as three letters.
    if letters + 2 * (kana + han + hangul) < MIN_LETTERS {
        return "und";
    }
    if share(hangul) >= SCRIPT_SHARE {
        return "ko";
    }
    if share(kana + han) >= SCRIPT_SHARE {
        return if share(kana) >= share(han) * 0.1 { "ja" } else { "zh" };
    }
    if english as f64 >= ENGLISH_SHARE * words as f64 {
        return "en";
    }
    // Keywords of computing look like any language; only a sure answer counts.
    match detector().detect(sample) {
        Some(info) if info.is_reliable() => {
            let code = code(info.lang());
            if has_words_of(sample, Language::from_code(code)) { code } else { "en" }
        }
        _ => "en",
    }
}

/// Whether a sample has a letter that English lacks or a frequent word of the
/// language: what is written in it is not all nouns. Taken for granted where no
/// such words are known.
fn has_words_of(sample: &str, language: Language) -> bool {
    let stop_words = &tools(language).stop_words;
    let is_own = |word: &str| {
        let word = word.to_lowercase();
        let is_english = tools(Language::English).stop_words.contains(&*word);
        !is_english && stop_words.contains(&*word)
    };
    let mut words = sample.split(|c: char| !c.is_alphabetic());
    stop_words.is_empty() || words.any(|word| !word.is_ascii() || is_own(word))
}

fn detector() -> &'static Detector {
    static DETECTOR: OnceLock<Detector> = OnceLock::new();
    DETECTOR
        .get_or_init(|| Detector::with_allowlist(LANGUAGES.iter().map(|&(lang, _)| lang).collect()))
}

/// The languages that public definition files are written in.
const LANGUAGES: [(Lang, &str); 16] = [
    (Lang::Eng, "en"),
    (Lang::Ara, "ar"),
    (Lang::Ces, "cs"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Heb, "he"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Rus, "ru"),
    (Lang::Spa, "es"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Vie, "vi"),
];

fn code(lang: Lang) -> &'static str {
    LANGUAGES.iter().find(|&&(known, _)| known == lang).map_or("en", |&(_, code)| code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_of_ascii_are_counted_like_all_letters(
            parts in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec!["the", " ", "You", "of", "—", "é", "の", "검", "中", "1", "\u{b2}"])
                        .prop_map(str::to_owned),
                    any::<String>(),
                ],
                0..12,
            ),
        ) {
            let sample = parts.concat();
            let mut expected = Counts::default();
            for word in sample.split(|c: char| !c.is_alphabetic()) {
                expected.add_letters(word);
            }
            prop_assert_eq!(Counts::of(&sample), expected);
        }
    }

    #[test]
    fn languages_are_told_apart() {
        let cases = [
            ("You review changes and say what is wrong with them, line by line.", "en"),
            (
                "Revisas los cambios y explicas qué está mal en cada línea, con ejemplos claros para el equipo.",
                "es",
            ),
            (
                "Du prüfst Änderungen und erklärst, was daran falsch ist, Zeile für Zeile und mit Beispielen.",
                "de",
            ),
            ("Ты проверяешь изменения и объясняешь, что в них не так, строка за строкой.", "ru"),
            ("変更をレビューし、問題点を一行ずつ説明してください。テストも確認します。", "ja"),
            ("请逐行审查代码改动,说明其中的问题,并给出修改建议和示例代码以供团队参考。", "zh"),
            ("변경 사항을 검토하고 한 줄씩 문제를 설명해 주세요. 테스트도 확인합니다.", "ko"),
            ("Docker, Kubernetes, Terraform, Helm, Ansible, Jenkins, Prometheus, Grafana", "en"),
            ("[CRITICAL]: direct exploit path (injection, exposed secret in code)", "en"),
            ("OK", "und"),
            ("", "und"),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text), language, "{text}");
        }
    }

    #[test]
    fn stems_never_panic_on_odd_unicode() {
        for token in ["", "'", "ß", "İ", "\u{301}", "👩‍👩‍👧", "a\u{0}b", "ﬁﬁﬁﬁ", "yyyyyy", "日本", "ꓘ"]
        {
            for code in ["en", "nl", "fr", "de", "it", "pt", "ru", "es", "tr", "zh"] {
                let _ = Language::from_code(code).stem(token);
            }
        }
    }
}
