//! HTML as it grows. What stands in the source of this program is written as
//! it is, everything else only through [`Markup::text`]: a foreign string does
//! not live for `'static`, so the compiler keeps it from being taken for markup.

use serde::Serialize;

use super::escape;
use crate::render::quote::clean;
use crate::render::wording::thousands;

/// A piece of a page.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, cleaned and escaped, for an element or a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&super::text(text));
        self
    }

    /// A number, for an id or an attribute.
    pub(super) fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        self.0.push_str(&number.into().to_string());
        self
    }

    /// A place in a drawing, to a tenth.
    pub(super) fn tenths(&mut self, place: f64) -> &mut Self {
        self.0.push_str(&format!("{place:.1}"));
        self
    }

    /// A number for a person: `12,345`.
    pub(super) fn count(&mut self, count: usize) -> &mut Self {
        self.0.push_str(&thousands(count as u64));
        self
    }

    /// What a function before has made.
    pub(super) fn append(&mut self, markup: Self) -> &mut Self {
        self.0.push_str(&markup.0);
        self
    }

    /// Data for the script, in an element of its own. No string in it can end
    /// the element or begin a comment, as `<` is escaped; line separators are
    /// line ends to some readers of JSON.
    ///
    /// # Errors
    /// Those of the data's `Serialize`.
    pub(super) fn json(&mut self, data: &impl Serialize) -> serde_json::Result<&mut Self> {
        let json = serde_json::to_string(data)?;
        for c in json.chars() {
            match c {
                '<' => self.0.push_str("\\u003c"),
                '\u{2028}' => self.0.push_str("\\u2028"),
                '\u{2029}' => self.0.push_str("\\u2029"),
                c => self.0.push(c),
            }
        }
        Ok(self)
    }

    /// A sentence of this program: what stands in backticks becomes code.
    pub(super) fn prose(&mut self, sentence: &str) -> &mut Self {
        let sentence = clean(sentence);
        let n_marks = sentence.matches('`').count();
        for (at, part) in sentence.split('`').enumerate() {
            // A mark without a partner is a part of the text.
            if at % 2 == 1 && at < n_marks {
                self.raw("<code>");
                self.0.push_str(&escape(part));
                self.raw("</code>");
                continue;
            }
            if at % 2 == 1 {
                self.raw("`");
            }
            self.0.push_str(&escape(part));
        }
        self
    }

    /// The page so far.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    fn text(text: &str) -> String {
        let mut out = Markup::default();
        out.text(text);
        out.into_string()
    }

    fn prose(sentence: &str) -> String {
        let mut out = Markup::default();
        out.prose(sentence);
        out.into_string()
    }

    #[test]
    fn text_is_neither_markup_nor_the_end_of_an_attribute() {
        assert_eq!(
            text("\"><img src=x onerror='alert(1)'> & </script>"),
            "&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &amp; &lt;/script&gt;"
        );
    }

    #[test]
    fn text_is_cleaned() {
        assert_eq!(text("a\x1b[31m\u{202e}b\0\nc"), "ab c");
    }

    #[test]
    fn data_cannot_end_its_element() {
        let data = ["</script><!--", "a\u{2028}b"];
        let mut out = Markup::default();
        out.json(&data).unwrap();
        let json = out.into_string();
        assert_eq!(json, r#"["\u003c/script>\u003c!--","a\u2028b"]"#);
        assert_eq!(serde_json::from_str::<[String; 2]>(&json).unwrap(), data);
    }

    #[test]
    fn backticks_become_code() {
        assert_eq!(
            prose("`a` and `<b>`, but no c"),
            "<code>a</code> and <code>&lt;b&gt;</code>, but no c"
        );
        assert_eq!(prose("one ` alone"), "one ` alone");
        assert_eq!(prose("`a` and one ` alone"), "<code>a</code> and one ` alone");
    }
}
