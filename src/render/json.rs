//! JSON with one line for each element of a top-level list. That is as small
//! as compact JSON but for the line ends, and `diff` and `grep` can read it.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// Writes the result and a final newline.
pub(super) fn write(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // JSON is written by the word, which is dear through `dyn`.
    let mut out = BufWriter::new(out);
    let mut serializer = Serializer::with_formatter(&mut out, LinePerElement::default());
    report.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a list, each element on its own line, and a final newline.
pub(super) fn write_list(list: &[impl Serialize], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (at, element) in list.iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, element)?;
    }
    out.write_all(if list.is_empty() { b"]\n" } else { b"\n]\n" })
}

/// Depth of a value in the report: the report, its fields, their elements.
const FIELD: usize = 1;
const ELEMENT: usize = 2;

/// Breaks the line before each field of the report and each element of a list
/// that is such a field, and nowhere else.
#[derive(Default)]
struct LinePerElement {
    depth: usize,
    /// Whether the list that ends now had an element.
    filled: bool,
}

impl Formatter for LinePerElement {
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.depth == FIELD {
            out.write_all(b"\n")?;
        }
        self.depth -= 1;
        out.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        separate(out, first, self.depth == FIELD)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        separate(out, first, self.depth == ELEMENT)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.depth == ELEMENT && self.filled {
            out.write_all(b"\n")?;
        }
        self.depth -= 1;
        out.write_all(b"]")
    }
}

/// What stands between two values, and before the first.
fn separate<W: ?Sized + Write>(out: &mut W, first: bool, own_line: bool) -> io::Result<()> {
    out.write_all(match (first, own_line) {
        (true, true) => b"\n",
        (true, false) => b"",
        (false, true) => b",\n",
        (false, false) => b",",
    })
}
