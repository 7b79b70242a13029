//! Prints a random description: `cargo run --example print SEED [faulty]`.

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let make = if arguments.next().is_some() {
        csml_tests_random::descriptions::faulty
    } else {
        csml_tests_random::descriptions::description
    };
    print!("{}", make(seed));
}
