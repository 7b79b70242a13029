//! Choices that are the same for the same seed.

use csml_rt_core::Rng;

/// A source of choices.
pub(crate) struct Dice(Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rng::new(seed))
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.below(end.max(1) as u64)).unwrap_or_default()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them, if there are any.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// One of some words.
    pub(crate) fn word<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.pick(of).copied().unwrap_or_default()
    }

    /// Some of them, in order, at least `least`.
    pub(crate) fn some<T: Clone>(&mut self, of: &[T], least: usize) -> Vec<T> {
        let wanted = least + self.below(of.len().saturating_sub(least) + 1);
        let mut left = of.len();
        let mut missing = wanted;
        let mut found = Vec::new();
        for item in of {
            if self.below(left) < missing {
                found.push(item.clone());
                missing -= 1;
            }
            left -= 1;
        }
        found
    }
}
