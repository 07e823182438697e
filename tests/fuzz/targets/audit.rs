//! The report on any file beside ordinary ones.

#![no_main]

#[path = "../audited.rs"]
mod audited;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| audited::check(text));
