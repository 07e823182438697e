//! The parse of any body.

#![no_main]

#[path = "../sound.rs"]
mod sound;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| {
    sound::check(&format!(
        "---\nname: brewer\ndescription: Brews beer.\n---\n\n{body}"
    ));
});
