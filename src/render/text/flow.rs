//! Text in columns: display width, line breaks, cuts.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that the text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `room` columns, the end cut off where it is longer.
pub(super) fn clip(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    format!("{}…", head(text, room.saturating_sub(1)).trim_end())
}

/// The text in at most `room` columns, cut in the middle where it is longer:
/// of a name, both the beginning and the ending tell something.
pub(super) fn clip_middle(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let kept = room.saturating_sub(1);
    let tail = tail(text, kept / 3);
    format!("{}…{tail}", head(text, kept - width(tail)))
}

/// The longest beginning of at most `room` columns.
fn head(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > room {
            return &text[..start];
        }
    }
    text
}

/// The longest end of at most `room` columns.
fn tail(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (start, grapheme) in text.grapheme_indices(true).rev() {
        used += width(grapheme);
        if used > room {
            return &text[start + grapheme.len()..];
        }
    }
    text
}

/// A path in at most `room` columns. Folders go first, from the middle; the
/// first `n_common` ones, which the paths beside it share, before all others.
pub(super) fn shorten_path(path: &str, room: usize, n_common: usize) -> String {
    if width(path) <= room {
        return path.to_owned();
    }
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.len() - 1;
    let start = n_common.min(last);
    let with = |head: usize, tail: usize| {
        let mut kept = Vec::new();
        if start > 0 {
            kept.push("…");
        }
        kept.extend(&parts[start..head]);
        if head < tail && kept.last() != Some(&"…") {
            kept.push("…");
        }
        kept.extend(&parts[tail..]);
        kept.join("/")
    };
    let fits = |head, tail| width(&with(head, tail)) <= room;
    if !fits(start, last) {
        return clip_middle(parts[last], room);
    }
    let (mut head, mut tail) = (start, last);
    loop {
        let before = (head, tail);
        if head < tail && fits(head + 1, tail) {
            head += 1;
        }
        if head < tail && fits(head, tail - 1) {
            tail -= 1;
        }
        if (head, tail) == before {
            return with(head, tail);
        }
    }
}

/// How many leading folders all the paths share.
pub(super) fn n_common_folders<'a>(paths: impl IntoIterator<Item = &'a str>) -> usize {
    let mut paths = paths.into_iter();
    let Some(first) = paths.next() else { return 0 };
    let folders: Vec<&str> = first.split('/').collect();
    let mut n_common = folders.len() - 1;
    for path in paths {
        let same = folders.iter().zip(path.split('/'));
        n_common = n_common.min(same.take_while(|(left, right)| *left == right).count());
    }
    n_common
}

/// What stands beside or below each other in short forms, the whole ones in
/// place of those of which two look the same.
pub(super) fn told_apart<T: PartialEq>(short: Vec<T>, whole: impl Fn(usize) -> T) -> Vec<T> {
    let is_unique = |one: &T| short.iter().filter(|other| *other == one).count() == 1;
    let are_unique: Vec<bool> = short.iter().map(is_unique).collect();
    let told = short.into_iter().zip(are_unique).enumerate();
    told.map(|(at, (short, is_unique))| if is_unique { short } else { whole(at) }).collect()
}

/// Breaks text that [`clean`](crate::render::quote::clean) made into lines of
/// at most `rest` columns, the first of at most `first`. The first line is
/// empty where not even one word has room in it. What does not fit in
/// `max_lines` is cut, with an ellipsis. Empty text has no lines.
pub(super) fn wrap(text: &str, first: usize, rest: usize, max_lines: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut room = first;
    let mut used = 0;
    for piece in pieces(text, rest) {
        let blank = usize::from(piece.after_blank && used > 0);
        if used + blank + width(piece.text) > room {
            if lines.len() + 1 == max_lines {
                lines.push(cut(&line, room));
                return lines;
            }
            lines.push(std::mem::take(&mut line));
            room = rest;
            used = 0;
        }
        if piece.after_blank && used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(piece.text);
        used += width(piece.text);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The line with an ellipsis that says there is more, in at most `room`
/// columns.
fn cut(line: &str, room: usize) -> String {
    let kept = head(line, room.saturating_sub(1));
    let at_word = match kept.rfind(' ') {
        Some(at) if kept.len() < line.len() && at > kept.len() / 2 => &kept[..at],
        _ => kept,
    };
    format!("{}…", at_word.trim_end())
}

/// Text that is not broken.
struct Piece<'a> {
    text: &'a str,
    after_blank: bool,
}

/// Words, broken further between wide characters, as Chinese and Japanese are
/// written without blanks, and anywhere where a word is wider than a line.
fn pieces(text: &str, room: usize) -> impl Iterator<Item = Piece<'_>> {
    text.split(' ').filter(|word| !word.is_empty()).flat_map(move |word| {
        let mut starts = vec![0];
        let mut before = "";
        let mut piece_width = 0;
        for (at, grapheme) in word.grapheme_indices(true) {
            let wide = width(grapheme) > 1 || width(before) > 1;
            let may_break = wide && !closes(grapheme) && !opens(before);
            if at > 0 && (may_break || piece_width + width(grapheme) > room) {
                starts.push(at);
                piece_width = 0;
            }
            piece_width += width(grapheme);
            before = grapheme;
        }
        let ends: Vec<usize> = starts[1..].iter().copied().chain([word.len()]).collect();
        starts
            .into_iter()
            .zip(ends)
            .map(move |(start, end)| Piece { text: &word[start..end], after_blank: start == 0 })
    })
}

/// Whether no line may begin with it.
fn closes(grapheme: &str) -> bool {
    "、。，．・：；？！）］｝〕〉》」』】’”ー…,.:;?!)]}".contains(grapheme)
}

/// Whether no line may end with it.
fn opens(grapheme: &str) -> bool {
    !grapheme.is_empty() && "（［｛〔〈《「『【‘“([{".contains(grapheme)
}

#[cfg(test)]
mod tests {
    use super::{clip, n_common_folders, shorten_path, told_apart, width, wrap};

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 7, 9, 9), ["one two", "three"]);
        assert_eq!(wrap("extraordinary", 4, 20, 9), ["", "extraordinary"]);
        assert_eq!(wrap("", 4, 20, 9), Vec::<String>::new());
    }

    #[test]
    fn words_wider_than_a_line_break_anywhere() {
        assert_eq!(wrap("a 123456789", 4, 4, 9), ["a", "1234", "5678", "9"]);
    }

    #[test]
    fn wide_characters_break_between_each_other_but_not_before_a_stop() {
        assert_eq!(wrap("使用事务处理。好", 8, 8, 9), ["使用事务", "处理。好"]);
        assert_eq!(wrap("使用事。好", 6, 6, 9), ["使用", "事。好"]);
    }

    #[test]
    fn cut_lines_end_in_an_ellipsis() {
        let lines = wrap("one two three four five", 7, 7, 2);
        assert_eq!(lines, ["one two", "three…"]);
        assert_eq!(wrap("one two three four five", 7, 11, 2), ["one two", "three four…"]);
        assert_eq!(clip("extraordinary", 6), "extra…");
    }

    #[test]
    fn paths_lose_folders_first() {
        let path = "plugins/backend/agents/python/expert.md";
        assert_eq!(shorten_path(path, 40, 0), "plugins/backend/agents/python/expert.md");
        assert_eq!(shorten_path(path, 34, 0), "plugins/backend/…/python/expert.md");
        assert_eq!(shorten_path(path, 28, 1), "…/backend/…/python/expert.md");
        assert_eq!(shorten_path(path, 20, 0), "plugins/…/expert.md");
        assert_eq!(shorten_path(path, 12, 0), "…/expert.md");
        assert_eq!(shorten_path(path, 8, 0), "exper…md");
        for room in 3..40 {
            assert!(width(&shorten_path(path, room, 2)) <= room);
        }
    }

    #[test]
    fn what_looks_the_same_is_whole() {
        let whole = ["a/x/1/f.md", "a/y/1/f.md", "b/f.md"];
        let short = whole.iter().map(|path| shorten_path(path, 8, 0)).collect();
        assert_eq!(told_apart(short, |at| whole[at].to_owned()), whole);
    }

    #[test]
    fn shared_folders_are_counted_without_the_file_name() {
        assert_eq!(n_common_folders(["a/b/c.md", "a/b/d.md"]), 2);
        assert_eq!(n_common_folders(["a/b/c.md"]), 2);
        assert_eq!(n_common_folders(["c.md", "a/c.md"]), 0);
        assert_eq!(n_common_folders([]), 0);
    }
}
