//! Tags and comments, hidden from the Markdown parser.
//!
//! `<rules>`, `<role>` and the like are prose to people and models, but an
//! HTML block to `CommonMark`, which would hide the lists inside. So each tag is
//! overwritten, byte for byte, before the parser runs: offsets stay what they
//! are, and the text between tags is read as the Markdown it is.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter, memrchr};

use crate::source::Span;

/// Stands for a masked byte where a space would change the structure. It is
/// no white space to `CommonMark` and never a part of a unit's text.
pub(super) const FILLER: char = '\u{1F}';

/// A part of the body whose tags say how to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RegionKind {
    /// `<example>`: a sample dialogue or output, no advice.
    Example,
    /// `<bad>`: what not to do.
    Bad,
    /// `<good>`: what to do, wherever it stands.
    Good,
}

/// A region and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) kind: RegionKind,
    pub(super) span: Span,
}

/// The regions around one place after the other, in the order of the file.
pub(super) struct Regions<'a> {
    /// Those that were not reached yet.
    ahead: std::slice::Iter<'a, Region>,
    /// Those that were entered and not left, each inside the one before it:
    /// where it ends, and its kind. What lies in an example is an example.
    open: Vec<(u32, RegionKind)>,
}

impl<'a> Regions<'a> {
    /// `regions` as [`mask`] gives them: by start, and of two one holds the
    /// other or they are apart.
    pub(super) fn new(regions: &'a [Region]) -> Self {
        Self { ahead: regions.iter(), open: Vec::new() }
    }

    /// The kind of the innermost region that holds `span`, which must not lie
    /// before the spans asked for earlier nor overlap them.
    pub(super) fn around(&mut self, span: Span) -> Option<RegionKind> {
        while let Some(region) = self.ahead.as_slice().first()
            && region.span.start <= span.start
        {
            self.ahead.next();
            self.leave(region.span.start);
            let outer = self.open.last().map(|&(_, kind)| kind);
            let kind = outer.filter(|&kind| kind == RegionKind::Example);
            self.open.push((region.span.end, kind.unwrap_or(region.kind)));
        }
        // What ends inside `span` does not hold it and will hold no later one.
        self.leave(span.end - 1);
        self.open.last().map(|&(_, kind)| kind)
    }

    /// Drops the regions that end at `place` or before it.
    fn leave(&mut self, place: u32) {
        while self.open.last().is_some_and(|&(end, _)| end <= place) {
            self.open.pop();
        }
    }
}

/// A body without tags, of the same length, and the regions they marked.
pub(super) struct Masked<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) regions: Vec<Region>,
}

/// Tags that stand inside a line of text; all others begin a statement of their own.
const INLINE_TAGS: [&str; 19] = [
    "a", "abbr", "b", "br", "code", "del", "em", "font", "i", "img", "ins", "kbd", "mark", "s",
    "small", "span", "strong", "sub", "sup",
];

/// A longer tag is taken for text.
const MAX_TAG_BYTES: usize = 400;

/// Masks the tags and comments of `source[start..]`, those in code excepted,
/// and makes a line feed of each lone carriage return, which not every reader
/// takes for the end of a line. Linear in the length of the text.
pub(super) fn mask(source: &str, start: usize) -> Masked<'_> {
    match with_line_feeds(&source[start..]) {
        Cow::Borrowed(body) => mask_body(body, start),
        Cow::Owned(body) => {
            let masked = mask_body(&body, start);
            Masked { text: Cow::Owned(masked.text.into_owned()), regions: masked.regions }
        }
    }
}

fn with_line_feeds(body: &str) -> Cow<'_, str> {
    let bytes = body.as_bytes();
    let is_lone = |&at: &usize| bytes.get(at + 1) != Some(&b'\n');
    if !memchr_iter(b'\r', bytes).any(|at| is_lone(&at)) {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut from = 0;
    for at in memchr_iter(b'\r', bytes).filter(is_lone) {
        out.extend([&body[from..at], "\n"]);
        from = at + 1;
    }
    out.push_str(&body[from..]);
    Cow::Owned(out)
}

/// [`mask`] of a body without lone carriage returns that begins at `start` of its file.
fn mask_body(body: &str, start: usize) -> Masked<'_> {
    let mut masker = Masker {
        out: Cow::Borrowed(body.as_bytes()),
        open: Vec::new(),
        n_open: [0; 3],
        regions: Vec::new(),
        base: start,
    };
    let mut fences = Fences::new(body);
    let mut at = 0;
    // Only lines with a `<` are looked at, and the fences before them.
    while let Some(n) = memchr(b'<', &body.as_bytes()[at..]) {
        let line = line_around(body, at + n);
        let from = at.max(line.start);
        at = line.end;
        if fences.hold(&line) {
            continue;
        }
        let comment_end = masker.line(body, from, line.end);
        if comment_end > line.end {
            at = comment_end;
            let last = line_around(body, at - 1);
            if !body[at..last.end].trim().is_empty() {
                masker.fill(last.start..at);
            }
            fences.skip_to(last.start);
        }
    }
    let text = match masker.out {
        Cow::Borrowed(_) => Cow::Borrowed(body),
        Cow::Owned(bytes) => {
            let text = String::from_utf8(bytes);
            Cow::Owned(text.expect("whole characters were replaced by ASCII"))
        }
    };
    masker.regions.sort_by_key(|region| (region.span.start, std::cmp::Reverse(region.span.end)));
    Masked { text, regions: masker.regions }
}

/// The line that holds byte `at`, its line break included.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
    start..end
}

/// The code fences of a body, found as far as they are asked for.
struct Fences<'a> {
    body: &'a str,
    /// Up to where the body was searched.
    at: usize,
    /// The mark of the open fence and how often it stands there.
    open: Option<(u8, usize)>,
}

impl<'a> Fences<'a> {
    fn new(body: &'a str) -> Self {
        Self { body, at: 0, open: None }
    }

    /// Whether a line lies in a fence, or opens or closes one. Lines have to
    /// be asked for in the order of the body.
    fn hold(&mut self, line: &Range<usize>) -> bool {
        while let Some(n) = find_marks(&self.body[self.at..line.end]) {
            let place = line_around(self.body, self.at + n);
            self.at = place.end;
            let Some((marker, n_marks, rest)) = fence_marks(&self.body[place.clone()]) else {
                continue;
            };
            match self.open {
                Some((open, n_open)) => {
                    if marker == open && n_marks >= n_open && rest.trim().is_empty() {
                        self.open = None;
                    }
                }
                None => self.open = Some((marker, n_marks)),
            }
            if place.start == line.start {
                return true;
            }
        }
        self.at = line.end;
        self.open.is_some()
    }

    /// Leaves out what lies before `at`.
    fn skip_to(&mut self, at: usize) {
        self.at = at;
    }
}

/// Where three marks of a fence stand first.
fn find_marks(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_run = |&at: &usize| bytes[at..].starts_with(&[bytes[at]; 3]);
    memchr2_iter(b'`', b'~', bytes).find(is_run)
}

/// The mark of a line that opens or closes a code fence, how often it stands
/// there, and what follows.
fn fence_marks(line: &str) -> Option<(u8, usize, &str)> {
    let is_mark = |byte: u8| matches!(byte, b'`' | b'~');
    let first = *line.as_bytes().first()?;
    // Most lines begin with a letter or a hyphen.
    if first.is_ascii_graphic() && !is_mark(first) {
        return None;
    }
    let trimmed = line.trim_start();
    let marker = *trimmed.as_bytes().first()?;
    let n_marks = trimmed.bytes().take_while(|&byte| byte == marker).count();
    (is_mark(marker) && n_marks >= 3).then(|| (marker, n_marks, &trimmed[n_marks..]))
}

struct Masker<'a> {
    /// The body as it will be; a copy once something was masked.
    out: Cow<'a, [u8]>,
    open: Vec<(RegionKind, usize)>,
    /// By kind: how many are open.
    n_open: [usize; 3],
    regions: Vec<Region>,
    base: usize,
}

impl Masker<'_> {
    /// Masks one line, `body[start..end]`. Returns where a comment ends that
    /// begins in it, else 0.
    fn line(&mut self, body: &str, start: usize, end: usize) -> usize {
        let bytes = body.as_bytes();
        let mut at = start;
        // How many backticks opened the code that a place lies in.
        let mut n_ticks = 0;
        let mut seen_text = false;
        let mut opens_statement = false;
        let mut comment_end = 0;
        let mut blanked: Vec<Range<usize>> = Vec::new();
        while at < end {
            match bytes[at] {
                b'`' => {
                    let n = bytes[at..end].iter().take_while(|&&byte| byte == b'`').count();
                    n_ticks = match n_ticks {
                        0 => n,
                        open if open == n => 0,
                        open => open,
                    };
                    seen_text = true;
                    at += n;
                    continue;
                }
                b'<' if n_ticks == 0 && body[at..].starts_with("<!--") => {
                    let stop = body[at..].find("-->").map_or(body.len(), |n| at + n + 3);
                    self.blank(at, stop);
                    blanked.push(at..stop);
                    if stop >= end {
                        comment_end = stop;
                        break;
                    }
                    at = stop;
                    continue;
                }
                b'<' if n_ticks == 0 => {
                    // `Vec<String>` is a type.
                    let after_word = at > start && bytes[at - 1].is_ascii_alphanumeric();
                    if let Some(tag) =
                        Tag::read(&body[at..end]).filter(|tag| tag.is_closing || !after_word)
                    {
                        self.region(&tag, at);
                        self.blank(at, at + tag.byte_len);
                        blanked.push(at..at + tag.byte_len);
                        opens_statement |= !seen_text && !INLINE_TAGS.contains(&tag.name);
                        at += tag.byte_len;
                        continue;
                    }
                }
                _ => {}
            }
            seen_text |= !bytes[at].is_ascii_whitespace();
            at += 1;
        }
        if seen_text {
            for run in blanked {
                self.fill(run.start..run.end.min(end));
            }
            self.lead(start, opens_statement);
        }
        comment_end
    }

    /// Makes what was blanked beside text no white space, which could look
    /// like the indentation of code and would part `**` from what it marks.
    fn fill(&mut self, range: Range<usize>) {
        for byte in &mut self.out.to_mut()[range] {
            if *byte == b' ' {
                *byte = FILLER as u8;
            }
        }
    }

    /// Text after a leading tag must not look indented. Where the tag opens a
    /// statement, as `<rule>Never …</rule>` does, the line becomes a list item.
    fn lead(&mut self, start: usize, opens_statement: bool) {
        if !opens_statement {
            return;
        }
        let line = &mut self.out.to_mut()[start..];
        let n_blank = line
            .iter()
            .take_while(|&&byte| matches!(byte, b' ' | b'\t') || byte == FILLER as u8)
            .count();
        if n_blank >= 3 {
            line[..n_blank].fill(FILLER as u8);
            line[0] = b'-';
            line[1] = b' ';
        }
    }

    fn blank(&mut self, start: usize, end: usize) {
        for byte in &mut self.out.to_mut()[start..end] {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = b' ';
            }
        }
    }

    fn region(&mut self, tag: &Tag<'_>, at: usize) {
        let kind = match tag.name.to_ascii_lowercase().as_str() {
            "example" => RegionKind::Example,
            "bad" | "incorrect" | "wrong" | "anti-pattern" | "antipattern" => RegionKind::Bad,
            "good" | "correct" => RegionKind::Good,
            _ => return,
        };
        if !tag.is_closing {
            self.open.push((kind, at));
            self.n_open[kind as usize] += 1;
        } else if self.n_open[kind as usize] > 0 {
            self.close(kind, at + tag.byte_len);
        }
    }

    /// Ends the innermost open region of this kind; those inside it that nothing closed are none.
    fn close(&mut self, kind: RegionKind, end: usize) {
        while let Some((open, start)) = self.open.pop() {
            self.n_open[open as usize] -= 1;
            if open == kind {
                let span = Span::new(self.base + start, self.base + end);
                self.regions.push(Region { kind, span });
                break;
            }
        }
    }
}

struct Tag<'a> {
    name: &'a str,
    is_closing: bool,
    byte_len: usize,
}

impl<'a> Tag<'a> {
    /// The tag at the beginning of `text`, if there is one.
    fn read(text: &'a str) -> Option<Self> {
        let is_closing = text.as_bytes().get(1) == Some(&b'/');
        let name_start = if is_closing { 2 } else { 1 };
        let rest = text.get(name_start..)?;
        let n_name = rest
            .bytes()
            .take_while(|&b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            .count();
        let name = &rest[..n_name];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let after = rest.as_bytes().get(n_name)?;
        if !matches!(after, b' ' | b'>' | b'/' | b'\t') {
            return None;
        }
        let n_attributes = rest.as_bytes()[n_name..]
            .iter()
            .take(MAX_TAG_BYTES)
            .position(|&byte| byte == b'>' || byte == b'<')
            .filter(|&n| rest.as_bytes()[n_name + n] == b'>')?;
        Some(Self { name, is_closing, byte_len: name_start + n_name + n_attributes + 1 })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// [`mask`] that looks at every line.
    fn mask_by_line(body: &str) -> (String, Vec<Region>) {
        let mut masker = Masker {
            out: Cow::Borrowed(body.as_bytes()),
            open: Vec::new(),
            n_open: [0; 3],
            regions: Vec::new(),
            base: 0,
        };
        let mut fence: Option<(u8, usize)> = None;
        let mut comment_until = 0;
        let mut at = 0;
        for line in body.split_inclusive('\n') {
            let line_start = at;
            at += line.len();
            if comment_until >= at {
                continue;
            }
            if comment_until > line_start && !body[comment_until..at].trim().is_empty() {
                masker.fill(line_start..comment_until);
            }
            match (fence_marks(line), fence) {
                (Some((marker, n_marks, rest)), Some((open, n_open))) => {
                    if marker == open && n_marks >= n_open && rest.trim().is_empty() {
                        fence = None;
                    }
                }
                (Some((marker, n_marks, _)), None) => fence = Some((marker, n_marks)),
                (None, Some(_)) => {}
                (None, None) => {
                    let from = line_start.max(comment_until);
                    comment_until = masker.line(body, from, at).max(comment_until);
                }
            }
        }
        masker
            .regions
            .sort_by_key(|region| (region.span.start, std::cmp::Reverse(region.span.end)));
        let text = String::from_utf8(masker.out.into_owned()).unwrap();
        (text, masker.regions)
    }

    proptest! {
        #[test]
        fn lines_without_angles_need_no_look(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "<b>", "<rule>", "</rule>", "<example>", "</example>", "<!--", "-->", "```", "````", "~~~", "`",
                    "\n", "\n", "\n", "\r\n", " ", "a", "é", "\u{a0}", "<", "- ",
                ]),
                0..24,
            ),
        ) {
            let body = parts.concat();
            let masked = mask(&body, 0);
            let (text, regions) = mask_by_line(&body);
            prop_assert_eq!(masked.text, text);
            prop_assert_eq!(masked.regions, regions);
        }
    }

    fn masked(text: &str) -> String {
        mask(text, 0).text.replace(FILLER, "·")
    }

    #[test]
    fn tags_vanish_and_offsets_stay() {
        assert_eq!(
            masked("<rules>\n- Never <b>do</b>\n</rules>\n"),
            "       \n- Never ···do····\n        \n"
        );
        assert_eq!(masked("  <rule id=\"1\">Do it</rule>\n"), "- ·············Do it·······\n");
    }

    #[test]
    fn lone_carriage_returns_become_line_feeds() {
        assert_eq!(masked("a\r```\r<b>\r```\r<b>\r\n\rc\r"), "a\n```\n<b>\n```\n   \r\n\nc\n");
        assert_eq!(masked("a\r\nb"), "a\r\nb");
    }

    #[test]
    fn code_and_generics_are_left_alone() {
        for text in [
            "Use `<b>` here", "Use ``<b> ` <i>`` here", "```\n<b>\n```\n", "a Vec<String> b",
            "1 < 2 > 0", "<https://a.b>",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn comments_vanish_over_lines() {
        assert_eq!(masked("a <!-- b\nc --> d\n<!-- e"), "a ······\n····· d\n      ");
    }

    #[test]
    fn regions_are_the_tags_with_their_content() {
        let regions = mask("x\n<example>\n<bad>y</bad>\n</example>\n<example>", 0).regions;
        let found: Vec<_> = regions.iter().map(|region| (region.kind, region.span)).collect();
        assert_eq!(
            found,
            [(RegionKind::Example, Span::new(2, 35)), (RegionKind::Bad, Span::new(12, 24))]
        );
    }
}
