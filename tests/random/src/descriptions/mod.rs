//! Random descriptions, built as trees of constructs, so that most of them compile, and changed here and there, so
//! that others do not. The compiler must take each without a panic and with places that lie in the text; what it
//! accepts, rustc must accept without a warning.

mod actions;
pub mod build;
pub mod check;
mod describe;
mod dice;
mod expression;
mod inherit;
mod json;
mod mutate;

use dice::Dice;

/// The description of a number: the same each time.
#[must_use]
pub fn description(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let tree = describe::description(&mut dice);
    tree.print(&mut dice)
}

/// The description of a number with a few mistakes in it.
#[must_use]
pub fn faulty(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut tree = describe::description(&mut dice);
    for _ in 0..1 + dice.below(3) {
        mutate::change(&mut tree, &mut dice);
    }
    tree.print(&mut dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats() {
        assert_eq!(description(3), description(3));
        assert_ne!(description(3), description(4));
        assert_eq!(faulty(3), faulty(3));
        assert_ne!(faulty(3), description(3));
    }
}
