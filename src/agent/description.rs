//! What routes requests to an agent: trigger text and examples.

use crate::source::Span;

/// A description, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    /// Where the value stands in the file; `None` where there is no description.
    pub span: Option<Span>,
    /// The text without its examples, white space folded.
    pub trigger: String,
    /// The `<example>` blocks, of the description and of the body.
    pub examples: Vec<Example>,
}

/// One example request. The texts are slices of the file, so that each word can be quoted with its line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Example {
    /// The whole block.
    pub span: Span,
    /// After `Context:`; empty where there is none. So are the others.
    pub context: Span,
    /// The user's words, quotation marks left out.
    pub user: Span,
    /// The assistant's words, quotation marks left out.
    pub assistant: Span,
    /// Between `<commentary>` and `</commentary>`.
    pub commentary: Span,
}
