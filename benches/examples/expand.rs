//! Measures csmlc on a description of a thousand lines. Cargo compiles macros without optimisation, and so does
//! `cargo run -p csml-benches --example expand`: it shows the time of a macro expansion.

use csml_benches::describe;
use csml_benches::harness::{compare, processor_time};
use csmlc::{Options, compile, source::Sources};

fn main() {
    let text = describe::thousand_lines();
    let [time] = compare(
        10,
        [&mut || {
            let mut sources = Sources::new();
            let root = sources.add("large.csml", text.clone());
            let start = processor_time();
            std::hint::black_box(compile(&sources, root, &Options::default()));
            (processor_time() - start).as_secs_f64() * 1e3
        }],
    );
    println!(
        "{} lines: {:.1} ms at best, {:.1} ms in the middle",
        text.lines().count(),
        time.least,
        time.median
    );
}
