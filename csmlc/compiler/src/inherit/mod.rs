//! Pass `inherit`: description as written → the same without inheritance.
//!
//! Requires what `syntax` makes. Establishes a tree in which every machine has what it inherits, without abstract
//! machines; each copy of a text says through which `extends` it came ([`Via`](crate::source::Via)). Reports bases that cannot be
//! extended, states that cannot be redefined or are not defined, and copies beyond measure.
//!
//! Named actions and guards stay names, looked up later from the derived machine: one that it redefines is the one
//! that inherited states use.

mod base_copies;
mod bases;
mod inheritance_rules;
mod merge;

use self::bases::BaseLevel;
use crate::{
    diagnostics::{Diagnostic, Diagnostics},
    lists::Gather,
    sorted::{SortedMap, SortedSet},
    source::Span,
    syntax::tree::{Description, Machine, set},
    text::{Text, shown},
    vocabulary::Gaps,
};
pub(crate) use inheritance_rules::{DUPLICATE_MACHINE, RULES};

/// Most bytes of copies.
const MAX_COPIED: usize = 64 << 20;
/// Deepest nesting of machines. A text alone cannot nest them deeper.
const MAX_DEPTH: usize = 64;
/// Most errors reported by this pass.
const MAX_ERRORS: usize = 500;

/// Writes out what machines inherit. `None` if that would be too large, or if nothing remains that could run.
pub(crate) fn flatten(mut description: Description, diagnostics: &mut Diagnostics) -> Option<Description> {
    let mut all = AllMachines::default();
    all.add(&description.machines);
    let missing = description.gaps.states || all.nameless;
    let mut pass = Inherit {
        diagnostics,
        errors: 0,
        levels: Vec::new(),
        all: all.names,
        extended: SortedSet::new(),
        abstracts: Vec::new(),
        circular: SortedSet::new(),
        copied: 0,
        full: false,
        missing,
        gaps: description.gaps,
        broken: missing,
    };
    let machines = std::mem::take(&mut description.machines);
    let had_machines = !machines.is_empty();
    description.machines = pass.siblings(Vec::new(), machines);
    if pass.full {
        return None;
    }
    let (broken, unused) = (pass.broken, pass.never_extended());
    description.gaps = pass.gaps;
    if had_machines && description.machines.iter().all(is_abstract) {
        if let (Some(first), false) = (description.machines.first(), broken) {
            all_abstract(first, &description.machines, diagnostics);
        }
        return None;
    }
    for unused in unused {
        diagnostics.push(unused);
    }
    drop_abstract(&mut description.machines);
    Some(description)
}

fn is_abstract(machine: &Machine) -> bool {
    set(machine.is_abstract).is_some()
}

/// Abstract machines are never instantiated, nor what is nested in them.
fn drop_abstract(machines: &mut Vec<Machine>) {
    machines.retain(|machine| !is_abstract(machine));
    for machine in machines {
        drop_abstract(&mut machine.machines);
    }
}

fn all_abstract(first: &Machine, machines: &[Machine], diagnostics: &mut Diagnostics) {
    let span = set(first.is_abstract).unwrap_or(first.name.span);
    let mut found = Diagnostic::new(
        &inheritance_rules::ALL_ABSTRACT,
        span,
        match machines {
            [_] => format!(
                "the only machine, {}, is abstract: there is nothing to run",
                shown(&first.name.value)
            ),
            _ => "every machine is abstract: there is nothing to run".to_owned(),
        },
    );
    for other in machines.iter().skip(1).take(4) {
        found = found.related(set(other.is_abstract).unwrap_or(other.name.span), "also abstract");
    }
    diagnostics.push(found.help("add a machine that extends one of them, or remove `abstract`"));
}

/// Every machine of a text by name, the first of each name.
#[derive(Default)]
struct AllMachines {
    names: SortedMap<String, Span>,
    /// Whether there is one whose name is not known.
    nameless: bool,
}

impl AllMachines {
    fn add(&mut self, machines: &[Machine]) {
        for machine in machines {
            self.nameless |= machine.name.is_broken();
            self.names.entry(machine.name.value.clone()).or_insert(machine.name.span);
            self.add(&machine.machines);
        }
    }
}

struct Inherit<'d> {
    diagnostics: &'d mut Diagnostics,
    errors: usize,
    /// The machines beside the one at work and beside those around it, outermost first.
    levels: Vec<BaseLevel>,
    /// Every machine of the text.
    all: SortedMap<String, Span>,
    /// Names of the machines that are extended, where they stand.
    extended: SortedSet<Span>,
    /// Names of the abstract machines.
    abstracts: Vec<Text>,
    /// Names of machines that a reported cycle goes through.
    circular: SortedSet<Span>,
    /// Bytes of copies made.
    copied: usize,
    /// There are more copies than there may be.
    full: bool,
    /// States or machines may be missing because of earlier errors.
    missing: bool,
    /// What errors have left out, those of this pass included.
    gaps: Gaps,
    /// Which machines are extended is not known for sure.
    broken: bool,
}

impl Inherit<'_> {
    /// Machines of one scope, after those that it has inherited.
    fn siblings(&mut self, inherited: Vec<Machine>, machines: Vec<Machine>) -> Vec<Machine> {
        let names: SortedMap<String, Text> =
            inherited.iter().map(|machine| (machine.name.value.clone(), machine.name.clone())).collect();
        self.levels.push(BaseLevel::new(inherited, &machines));
        for (index, machine) in machines.into_iter().enumerate() {
            if let Some(level) = self.levels.last_mut() {
                level.at(index);
            }
            if let Some(first) = names.get(machine.name.as_str()) {
                self.nested_again(&machine.name, first);
                continue;
            }
            self.abstract_twice(&machine);
            let machine = self.machine(machine);
            if let Some(level) = self.levels.last_mut() {
                level.push(machine);
            }
        }
        self.levels.pop().map(BaseLevel::into_machines).unwrap_or_default()
    }

    /// A machine with what it inherits.
    fn machine(&mut self, mut machine: Machine) -> Machine {
        if is_abstract(&machine) {
            self.abstracts.push(machine.name.clone());
        }
        for state in &machine.states {
            if let (Some(span), false) = (set(state.is_abstract), is_abstract(&machine)) {
                self.abstract_state(&machine.name, &state.name, span);
            }
        }
        let nested = std::mem::take(&mut machine.machines);
        let mut inherited = Vec::new();
        if let Some(extends) = machine.extends.take() {
            match self.base(&machine.name, &extends) {
                Some(mut base) => {
                    inherited = std::mem::take(&mut base.machines);
                    machine = self.merge(base, machine);
                }
                None => {
                    self.broken = true;
                    self.gaps.join(Gaps::ALL);
                    machine.gaps = Gaps::ALL;
                    machine.definitions_known = false;
                }
            }
        }
        machine.machines = self.siblings(inherited, nested);
        machine
    }

    fn nested_again(&mut self, name: &Text, first: &Text) {
        self.broken = true;
        self.gaps.join(Gaps::ALL);
        self.report(
            Diagnostic::new(
                &inheritance_rules::NESTED_AGAIN,
                name.span,
                format!("a nested machine {} is inherited already", shown(&name.value)),
            )
            .label("nested machines cannot be redefined")
            .related(first.span, "the inherited one is here")
            .help("give it another name; it may extend the inherited one"),
        );
    }

    /// `resolve` compares names of machines, but not those of abstract ones: it does not see them.
    fn abstract_twice(&mut self, machine: &Machine) {
        if machine.name.is_broken() {
            return;
        }
        let Some(first) = self.levels.last().and_then(|level| level.named(machine.name.as_str())) else {
            return;
        };
        if !is_abstract(machine) && !is_abstract(first) {
            return;
        }
        let found = Diagnostic::new(
            &DUPLICATE_MACHINE,
            machine.name.span,
            format!("machine {} is declared twice", shown(&machine.name.value)),
        )
        .label("declared again here")
        .related(first.name.span, "first declared here");
        self.report(found);
    }

    fn abstract_state(&mut self, machine: &Text, state: &Text, span: Span) {
        let machine = shown(&machine.value);
        self.report(
            Diagnostic::new(
                &inheritance_rules::ABSTRACT_STATE,
                span,
                format!("{machine} is not abstract, but its state {} is", shown(&state.value)),
            )
            .help(format!("define the state, or make {machine} abstract: \"abstract\": true")),
        );
    }

    /// Warnings about abstract machines that are there for nothing.
    fn never_extended(&self) -> Vec<Diagnostic> {
        // A base that is not known may be any of them.
        let unused = self.abstracts.iter().filter(|name| !self.broken && !self.extended.contains(&name.span));
        unused
            .map(|name| {
                Diagnostic::new(
                    &inheritance_rules::NEVER_EXTENDED,
                    name.span,
                    format!("the abstract machine {} is never extended", shown(&name.value)),
                )
                .help("extend it, or remove it")
            })
            .gather()
    }

    fn is_enough(&self) -> bool {
        self.errors >= MAX_ERRORS
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.is_enough() {
            self.diagnostics.push(diagnostic);
        }
        self.errors += 1;
    }
}

#[cfg(test)]
mod tests;
