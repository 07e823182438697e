//! The `agent-overlap` program.
fn main() {}
