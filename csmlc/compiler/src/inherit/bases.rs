//! Which machine an `extends` means.

use super::{Inherit, base_copies::Measure, inheritance_rules};
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    diagnostics::{Diagnostic, suggest::suggest},
    lists::Gather,
    syntax::tree::Machine,
    text::{Text, shown},
};

/// Longest cycle that is recognised as one: to follow every chain to its end would take too long in a text made to
/// that end.
const MOST_FOLLOWED: usize = 100;

/// The machines of one scope.
pub(super) struct BaseLevel {
    /// What the text has here.
    written: Vec<WrittenMachine>,
    /// Where each of them stands, by name; of several with one name the first.
    written_by_name: SortedMap<String, usize>,
    /// Which of them is at work.
    current: usize,
    /// Those that can be extended: inherited ones, then those of the text before the one at work.
    done: Vec<Done>,
    /// Where each of them stands, by name.
    by_name: SortedMap<String, usize>,
}

/// A machine with what it inherits.
pub(super) struct Done {
    pub(super) machine: Machine,
    /// What a copy of it takes, once it has been measured.
    pub(super) measure: Option<Measure>,
}

/// A machine of the text.
struct WrittenMachine {
    name: Text,
    extends: Option<Text>,
}

impl BaseLevel {
    pub(super) fn new(inherited: Vec<Machine>, machines: &[Machine]) -> Self {
        let mut written_by_name = SortedMap::new();
        for (index, machine) in machines.iter().enumerate() {
            written_by_name.entry(machine.name.value.clone()).or_insert(index);
        }
        let written = machines
            .iter()
            .map(|machine| WrittenMachine { name: machine.name.clone(), extends: machine.extends.clone() })
            .gather();
        let mut level =
            Self { written, written_by_name, current: 0, done: Vec::new(), by_name: SortedMap::new() };
        for machine in inherited {
            level.push(machine);
        }
        level
    }

    /// Notes which machine of the text is at work.
    pub(super) fn at(&mut self, index: usize) {
        self.current = index;
    }

    pub(super) fn push(&mut self, machine: Machine) {
        self.by_name.entry(machine.name.value.clone()).or_insert(self.done.len());
        self.done.push(Done { machine, measure: None });
    }

    pub(super) fn named(&self, name: &str) -> Option<&Machine> {
        self.done.get(*self.by_name.get(name)?).map(|done| &done.machine)
    }

    pub(super) fn into_machines(self) -> Vec<Machine> {
        self.done.into_iter().map(|done| done.machine).gather()
    }
}

/// A machine of the text, by its level and its place there.
type MachineIndex = (usize, usize);

impl Inherit<'_> {
    /// The machine that `extends` means; reported if there is none.
    pub(super) fn find(&mut self, machine: &Text, extends: &Text) -> Option<&mut Done> {
        let found = self
            .levels
            .iter()
            .enumerate()
            .rev()
            .find_map(|(level, machines)| Some((level, *machines.by_name.get(extends.as_str())?)));
        let Some((level, index)) = found else {
            self.not_found(machine, extends);
            return None;
        };
        self.levels.get_mut(level)?.done.get_mut(index)
    }

    fn not_found(&mut self, machine: &Text, extends: &Text) {
        if self.is_enough() || self.circular.contains(&machine.span) {
            return;
        }
        let innermost = self.levels.len().saturating_sub(1);
        let diagnostic = match self.written(innermost, extends) {
            // It may be one that has not been understood.
            None if self.missing => return,
            None => self.unknown(extends),
            Some(place) => {
                let way = self.way_from(place);
                if self.is_at_work(place) || way.last().is_some_and(|(last, ..)| self.is_at_work(*last)) {
                    self.cycle(machine, extends, place, &way)
                } else {
                    match self.text_at(place) {
                        Some(base) if self.is_later(place) => later(machine, extends, &base.name),
                        // It has been left out because of an error.
                        _ => return,
                    }
                }
            }
        };
        self.report(diagnostic);
    }

    /// The machine of the text that a name means in a scope, wherever it stands there.
    fn written(&self, level: usize, name: &Text) -> Option<MachineIndex> {
        let mut levels = self.levels.iter().enumerate().take(level + 1).rev();
        levels.find_map(|(at, level)| Some((at, *level.written_by_name.get(name.as_str())?)))
    }

    fn text_at(&self, (level, index): MachineIndex) -> Option<&WrittenMachine> {
        self.levels.get(level)?.written.get(index)
    }

    /// Whether a machine is the one at work or one around it.
    fn is_at_work(&self, (level, index): MachineIndex) -> bool {
        self.levels.get(level).is_some_and(|level| level.current == index)
    }

    fn is_later(&self, (level, index): MachineIndex) -> bool {
        self.levels.get(level).is_some_and(|level| level.current < index)
    }

    /// What a machine extends, what that extends, and so on up to one that is at work: each with the name that says so
    /// and who says it.
    fn way_from(&self, from: MachineIndex) -> Vec<(MachineIndex, Text, Text)> {
        let mut way = Vec::new();
        let mut seen = SortedSet::from([from]);
        let mut place = from;
        while way.len() < MOST_FOLLOWED
            && !self.is_at_work(place)
            && let Some(machine) = self.text_at(place)
            && let Some(extends) = &machine.extends
            && let Some(next) = self.written(place.0, extends)
            && seen.insert(next)
        {
            way.push((next, machine.name.clone(), extends.clone()));
            place = next;
        }
        way
    }

    fn cycle(
        &mut self,
        machine: &Text,
        extends: &Text,
        place: MachineIndex,
        way: &[(MachineIndex, Text, Text)],
    ) -> Diagnostic {
        let name = shown(&machine.value);
        let innermost = self.levels.len().saturating_sub(1);
        let end = way.last().map_or(place, |(last, ..)| *last);
        let message = match (way, end.0 == innermost) {
            ([], true) => format!("{name} extends itself"),
            ([], false) => format!("{name} extends {}, in which it is nested", shown(&extends.value)),
            (_, true) => format!("{name} extends itself through other machines"),
            (_, false) => format!("{name} extends, through other machines, a machine in which it is nested"),
        };
        let mut diagnostic = Diagnostic::new(&inheritance_rules::CYCLE, extends.span, message);
        if !way.is_empty() {
            diagnostic = diagnostic.label(format!("{name} extends {}", shown(&extends.value)));
        }
        for (_, who, whom) in way {
            self.circular.insert(who.span);
            let text = format!("{} extends {}", shown(&who.value), shown(&whom.value));
            diagnostic = diagnostic.related(whom.span, text);
        }
        match self.text_at(end) {
            Some(around) if end.0 != innermost => diagnostic
                .related(around.name.span, format!("{name} is nested in {}", shown(&around.name.value))),
            _ => diagnostic.help("remove one `extends` of the cycle"),
        }
    }

    fn unknown(&self, extends: &Text) -> Diagnostic {
        let name = shown(&extends.value);
        let diagnostic = Diagnostic::new(
            &inheritance_rules::UNKNOWN_BASE,
            extends.span,
            format!("there is no machine {name} here to extend"),
        );
        if let Some(elsewhere) = self.all.get(&extends.value) {
            return diagnostic
                .label("not visible from here")
                .related(*elsewhere, format!("{name} is nested in a machine that is not around this one"))
                .help("a machine can extend only machines beside it or beside a machine around it");
        }
        let known = self.levels.iter().rev().flat_map(|level| level.by_name.keys().map(String::as_str));
        let near = suggest(&extends.value, known);
        let place = "declare a base earlier, beside this machine or beside a machine around it";
        diagnostic
            .did_you_mean(extends.span, &extends.value, near)
            .maybe_help(near.is_none().then(|| place.to_owned()))
    }
}

fn later(machine: &Text, extends: &Text, base: &Text) -> Diagnostic {
    let (machine, name) = (shown(&machine.value), shown(&base.value));
    Diagnostic::new(
        &inheritance_rules::BASE_LATER,
        extends.span,
        format!("{name} is declared later than {machine}"),
    )
    .label("declare the base first")
    .related(base.span, format!("{name} is declared here"))
    .help(format!("move {name} before {machine}"))
}
