//! Who says what to whom: instances of an application, and the events between them.

use std::collections::{BTreeMap, BTreeSet};

use csml_compiler::{
    ir::Program,
    model::{Event, MachineId},
    placement::Instance,
    vocabulary::Channel,
};
use csml_rt_core::encode_name as level;

/// The events of an application between its instances, each looked at once.
pub(super) struct Traffic<'p> {
    program: &'p Program,
    /// Names as levels of topics, by instance.
    names: Vec<String>,
    /// In the order of the description.
    pub(super) events: Vec<EventTraffic<'p>>,
    /// By top-level machine: the events that its instances raise or handle.
    by_machine: BTreeMap<MachineId, BTreeSet<usize>>,
    /// Instances that acknowledge events, of others or from outside.
    pub(super) acknowledging: BTreeSet<usize>,
    /// Instances that raise events for others.
    pub(super) telling: BTreeSet<usize>,
    /// Instances that handle events from outside.
    pub(super) outside: BTreeSet<usize>,
}

/// One event: which instances raise it how, and which handle it.
pub(super) struct EventTraffic<'p> {
    pub(super) event: &'p Event,
    pub(super) level: String,
    /// Raised on `external` only, on `global`, and on `peripheral`.
    pub(super) external: BTreeSet<usize>,
    pub(super) global: BTreeSet<usize>,
    pub(super) leaving: BTreeSet<usize>,
    /// On `external` or `global`.
    pub(super) telling: BTreeSet<usize>,
    pub(super) handling: BTreeSet<usize>,
    /// Whether all of `handling` see it, whichever instance raises it.
    pub(super) open: bool,
    /// Whether it is open, and every instance that acknowledges any event handles it.
    pub(super) reaches_all: bool,
}

impl<'p> Traffic<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        let instances = &program.placement.instances;
        let mut of_machine: BTreeMap<MachineId, Vec<usize>> = BTreeMap::new();
        for (index, instance) in instances.iter().enumerate() {
            of_machine.entry(instance.machine).or_default().push(index);
        }
        let of = |machine: MachineId| {
            let top = program.app.machines[machine].top;
            of_machine.get(&top).into_iter().flatten().copied()
        };
        let mut traffic = Self {
            program,
            names: instances.iter().map(|instance| level(&instance.name)).collect(),
            events: Vec::new(),
            by_machine: BTreeMap::new(),
            acknowledging: BTreeSet::new(),
            telling: BTreeSet::new(),
            outside: BTreeSet::new(),
        };
        for (index, event) in program.app.events.values().enumerate() {
            let raisers = event.raisers();
            let raising = |channel: Channel| -> BTreeSet<usize> {
                let own = raisers.iter().filter(|(_, on)| *on == channel);
                own.flat_map(|(machine, _)| of(*machine)).collect()
            };
            let global = raising(Channel::Global);
            let mut external = raising(Channel::External);
            external.retain(|instance| !global.contains(instance));
            let handling: BTreeSet<usize> = event.handlers.iter().flat_map(|machine| of(*machine)).collect();
            let machines = raisers.iter().map(|(machine, _)| *machine).chain(event.handlers.iter().copied());
            for machine in machines {
                let top = program.app.machines[machine].top;
                traffic.by_machine.entry(top).or_default().insert(index);
            }
            let restricted = |receiver: &usize| instances[*receiver].subscribes.is_some();
            let open = external.is_empty() || !handling.iter().any(restricted);
            let telling: BTreeSet<usize> = &external | &global;
            traffic.telling.extend(&telling);
            if event.from_outside() {
                traffic.outside.extend(&handling);
            }
            traffic.events.push(EventTraffic {
                event,
                level: level(&event.name.text),
                leaving: raising(Channel::Peripheral),
                external,
                global,
                telling,
                handling,
                open,
                reaches_all: false,
            });
        }
        let acknowledging = traffic.acknowledging();
        for event in &mut traffic.events {
            event.reaches_all = event.open && event.handling.is_superset(&acknowledging);
        }
        traffic.acknowledging = acknowledging;
        traffic
    }

    /// Who handles an event from outside, or one of another instance.
    fn acknowledging(&self) -> BTreeSet<usize> {
        let mut found = self.outside.clone();
        for event in &self.events {
            for receiver in event.handling.difference(&self.outside) {
                if event
                    .telling
                    .iter()
                    .any(|&source| source != *receiver && self.hears(*receiver, source, event))
                {
                    found.insert(*receiver);
                }
            }
        }
        found
    }

    pub(super) fn instances(&self) -> &'p [Instance] {
        &self.program.placement.instances
    }

    /// The name of an instance as a level of topics.
    pub(super) fn name(&self, instance: usize) -> &str {
        self.names.get(instance).map_or("", String::as_str)
    }

    /// The events that an instance, or a machine nested in it, raises or handles.
    pub(super) fn of(&self, instance: usize) -> impl Iterator<Item = &EventTraffic<'p>> {
        let machine = self.instances().get(instance).map(|instance| instance.machine);
        let events = machine.and_then(|machine| self.by_machine.get(&machine));
        events.into_iter().flatten().filter_map(|event| self.events.get(*event))
    }

    /// Whether a receiver, which handles the event of a source, sees it (docs/semantics.md#4-channels).
    pub(super) fn hears(&self, receiver: usize, source: usize, event: &EventTraffic<'_>) -> bool {
        let instances = self.instances();
        let (Some(receiver), Some(raiser)) = (instances.get(receiver), instances.get(source)) else {
            return false;
        };
        let covered = receiver.subscribes.as_ref().is_none_or(|sources| sources.contains(&raiser.name));
        event.global.contains(&source) || (covered && event.external.contains(&source))
    }
}
