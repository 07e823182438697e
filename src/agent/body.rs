//! Sections and units of the Markdown.
