//! Copies of bases: how large they are, and how they are marked.

use super::{Inherit, MAX_COPIED, MAX_DEPTH, inheritance_rules};
use crate::sorted::SortedMap;
use crate::{
    diagnostics::{Diagnostic, provenance::Link},
    source::Via,
    syntax::{spans::VisitSpans, tree::Machine},
    text::{Text, shown},
};

/// What a copy of a machine takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// Bytes, roughly.
    bytes: usize,
    /// How deep machines are nested in it.
    height: usize,
}

impl Measure {
    fn of(machine: &mut Machine) -> Self {
        let mut bytes = 0;
        machine.places(&mut |_, size| bytes += size);
        Self { bytes, height: height(machine) }
    }
}

fn height(machine: &Machine) -> usize {
    machine.machines.iter().map(|nested| 1 + height(nested)).max().unwrap_or(0)
}

impl Inherit<'_> {
    /// A copy of the machine that `extends` means, each of its places marked with this `extends`. Nothing, and reported,
    /// if there is no such machine or if there would be too much.
    pub(super) fn base(&mut self, machine: &Text, extends: &Text) -> Option<Machine> {
        if self.full {
            return None;
        }
        let done = self.find(machine, extends)?;
        let Measure { bytes, height } = *done.measure.get_or_insert_with(|| Measure::of(&mut done.machine));
        let name = done.machine.name.clone();
        let copied = self.copied + bytes;
        if copied > MAX_COPIED {
            self.full = true;
            let message = format!("with {} extended here, the description is too large", shown(&name.value));
            self.too_large(extends, message, format!("at most {} MiB of copies", MAX_COPIED >> 20));
            return None;
        }
        if self.levels.len() + height > MAX_DEPTH {
            let message = format!("with {} extended here, machines are nested too deep", shown(&name.value));
            self.too_large(extends, message, format!("at most {MAX_DEPTH} levels"));
            return None;
        }
        self.copied = copied;
        self.extended.insert(name.span.plain());
        let mut copy = self.find(machine, extends)?.machine.clone();
        let mut vias: SortedMap<Via, Via> = SortedMap::new();
        let diagnostics = &mut *self.diagnostics;
        copy.places(&mut |span, _| {
            let before = span.via;
            span.via = *vias.entry(before).or_insert_with(|| {
                diagnostics.link(Link::Extends { machine: machine.value.clone(), at: extends.span, before })
            });
        });
        Some(copy)
    }

    fn too_large(&mut self, extends: &Text, message: String, note: String) {
        self.report(Diagnostic::new(&inheritance_rules::TOO_LARGE, extends.span, message).note(note));
    }
}
