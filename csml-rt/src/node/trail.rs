//! The last steps before a limit, to tell which instances go round in a cycle.

use csml_rt_core::Machines;

use super::{Address, Cause, Node};

impl<A: Machines> Node<A> {
    /// From now on remembers which steps are taken. Meant for the last steps before a limit: the trail grows with
    /// every step.
    pub(crate) fn keep_trail(&mut self) {
        self.trail.get_or_insert_default();
    }

    /// Forgets the trail and keeps none any more.
    pub(crate) fn drop_trail(&mut self) {
        self.trail = None;
    }

    /// Path and cause of the steps since [`keep_trail`](Self::keep_trail), each pair once, in order.
    pub(crate) fn trail(&self) -> Vec<(String, String)> {
        let mut seen: Vec<(Address, Cause)> = Vec::new();
        for step in self.trail.iter().flatten() {
            if !seen.contains(step) {
                seen.push(*step);
            }
        }
        let text = |(at, cause): (Address, Cause)| {
            (self.directory.path(at).to_string(), cause.name(A::DESCRIPTION, at.machine))
        };
        seen.into_iter().map(text).collect()
    }
}
