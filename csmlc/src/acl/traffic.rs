//! Who says what to whom: instances of an application, and the events between them.

use std::collections::BTreeSet;

use csml_compiler::{
    ir::Program,
    model::{Event, MachineId},
    placement::Instance,
    vocabulary::Channel,
};

/// The events of an application between its instances.
pub(super) struct Traffic<'p> {
    pub(super) program: &'p Program,
}

impl<'p> Traffic<'p> {
    pub(super) fn instances(&self) -> &'p [Instance] {
        &self.program.placement.instances
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &'p Event> {
        self.program.app.events.values()
    }

    /// Events that may come from outside.
    pub(super) fn outside_events(&self) -> impl Iterator<Item = &'p Event> {
        self.events().filter(|event| event.from_outside())
    }

    /// The channels on which an instance, or a machine nested in it, raises an event.
    pub(super) fn raised(&self, instance: &Instance, event: &Event) -> BTreeSet<Channel> {
        let own = event.raisers().into_iter().filter(|(machine, _)| self.is_part(*machine, instance));
        own.map(|(_, channel)| channel).collect()
    }

    /// Whether other instances may see it when an instance raises an event.
    pub(super) fn tells(&self, instance: &Instance, event: &Event) -> bool {
        let channels = self.raised(instance, event);
        channels.contains(&Channel::External) || channels.contains(&Channel::Global)
    }

    /// Whether an instance, or a machine nested in it, handles an event.
    pub(super) fn handles(&self, instance: &Instance, event: &Event) -> bool {
        event.handlers.iter().any(|machine| self.is_part(*machine, instance))
    }

    /// Whether a receiver sees an event of a source (docs/semantics.md#4-channels).
    pub(super) fn hears(&self, receiver: &Instance, source: &Instance, event: &Event) -> bool {
        let channels = self.raised(source, event);
        let covered = receiver.subscribes.as_ref().is_none_or(|sources| sources.contains(&source.name));
        let seen = channels.contains(&Channel::Global) || (channels.contains(&Channel::External) && covered);
        seen && self.handles(receiver, event)
    }

    fn is_part(&self, machine: MachineId, instance: &Instance) -> bool {
        self.program.app.machines[machine].top == instance.machine
    }
}
