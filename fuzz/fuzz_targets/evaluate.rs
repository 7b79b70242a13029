//! `cargo xtask fuzz evaluate`

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| csml_tests_random::texts::evaluate(text));
