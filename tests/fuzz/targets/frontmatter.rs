//! The parse of any frontmatter.

#![no_main]

#[path = "../sound.rs"]
mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|frontmatter: &str| {
    sound::check(&format!(
        "---\n{frontmatter}\n---\n\nYou are a brewer.\n\n- Boil the malt.\n"
    ));
});
