//! Pass `placement`: what the project file says about instances, subscriptions and processes → what the tables of
//! the generated code hold.
//!
//! Requires a resolved application. Establishes instances of top-level machines with unique names, and processes
//! that share none of them. Reports the rules of `placement_rules`.

pub(crate) mod placement_rules;
#[cfg(test)]
mod tests;

use crate::{
    annotations::AnnotationText,
    diagnostics::{Diagnostic, Diagnostics, suggest::suggest},
    lists::Gather,
    model::{Application, MachineId},
    sorted::{SortedMap, SortedSet},
    source::Span,
    text::shown,
    vocabulary::{Gaps, MemoryMode},
};

/// What a project file says about instances and processes, in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct PlacementSettings {
    /// `[instances]`: name and machine.
    pub instances: Vec<(AnnotationText, AnnotationText)>,
    /// `[subscriptions]`: the receiver, and whose external events it sees.
    pub subscriptions: Vec<(AnnotationText, Vec<AnnotationText>)>,
    /// `[processes]`: name and instances.
    pub processes: Vec<(AnnotationText, Vec<AnnotationText>)>,
    /// `separate-data`: whether each process may keep values of its own of variables that others use, too.
    pub separate_data: bool,
}

/// Instances and processes of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// The instances, in the order in which they start.
    pub instances: Vec<Instance>,
    /// Whether they are more than one of each top-level machine, named after it.
    pub configured: bool,
    /// Sets of instances that run as processes, in the order of the text.
    pub processes: Vec<Process>,
    /// Whether each process may keep values of its own of persistent variables that others use, too.
    pub separate_data: bool,
}

/// A top-level instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its name.
    pub name: String,
    /// Its machine.
    pub machine: MachineId,
    /// The instances whose external events it sees; everyone's if absent (docs/semantics.md#4-channels).
    pub subscribes: Option<SortedSet<String>>,
}

/// A set of instances that one process runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its name.
    pub name: String,
    /// Its instances.
    pub instances: SortedSet<String>,
}

/// Finds what the settings speak of.
pub(crate) fn place<E>(
    app: &Application<E>,
    settings: &PlacementSettings,
    diagnostics: &mut Diagnostics,
) -> Placement {
    // A machine that is not there may be what an error has left out.
    let certain = app.gaps == Gaps::default();
    let placement = Placement { separate_data: settings.separate_data, ..Placement::default() };
    let mut placing = Placing { app, certain, diagnostics, placement };
    placing.instances(&settings.instances);
    placing.subscriptions(&settings.subscriptions);
    placing.processes(&settings.processes);
    placing.placement
}

struct Placing<'a, E> {
    app: &'a Application<E>,
    certain: bool,
    diagnostics: &'a mut Diagnostics,
    placement: Placement,
}

impl<E> Placing<'_, E> {
    fn instances(&mut self, settings: &[(AnnotationText, AnnotationText)]) {
        let tops = self.app.machines.iter().filter(|(_, machine)| machine.parent.is_none());
        let tops: SortedMap<&str, MachineId> =
            tops.map(|(id, machine)| (machine.name.text.as_str(), id)).collect();
        if settings.is_empty() {
            let own = self.app.machines.iter().filter(|(_, machine)| machine.parent.is_none());
            self.placement.instances = own
                .map(|(id, machine)| Instance {
                    name: machine.name.text.clone(),
                    machine: id,
                    subscribes: None,
                })
                .gather();
            return;
        }
        self.placement.configured = true;
        for (name, machine) in settings {
            self.usable(name, "instance");
            if name.text.contains('/') {
                let message = format!("the name of instance {} contains `/`", shown(&name.text));
                self.report(
                    Diagnostic::new(&placement_rules::UNUSABLE_NAME, name.span, message)
                        .note("`crossing/gate` is the machine `gate` nested in the instance `crossing`"),
                );
            }
            match tops.get(machine.text.as_str()) {
                Some(id) => self.placement.instances.push(Instance {
                    name: name.text.clone(),
                    machine: *id,
                    subscribes: None,
                }),
                None => {
                    // The name is known all the same.
                    if let Some(first) = tops.values().next() {
                        let instance =
                            Instance { name: name.text.clone(), machine: *first, subscribes: None };
                        self.placement.instances.push(instance);
                    }
                    self.no_machine(machine, tops.keys().copied());
                }
            }
        }
    }

    fn no_machine<'t>(&mut self, machine: &AnnotationText, tops: impl Iterator<Item = &'t str>) {
        let text = machine.text.as_str();
        let nested = self.app.machines.values().find(|m| m.name.text == text || m.path == text);
        let fault = match nested {
            Some(nested) => {
                let message = format!("machine {} is nested in another one", shown(&nested.name.text));
                let top = &self.app.machines[nested.top].name.text;
                Diagnostic::new(&placement_rules::INSTANCE_MACHINE, machine.span, message)
                    .related(nested.name.span, "declared here")
                    .help(format!("it starts with every instance of {}", shown(top)))
            }
            None if !self.certain => return,
            None => {
                let message = format!("the description has no machine {}", shown(text));
                Diagnostic::new(&placement_rules::INSTANCE_MACHINE, machine.span, message)
                    .did_you_mean(machine.span, text, suggest(text, tops))
                    .note("instances are of top-level machines that are not abstract")
            }
        };
        self.report(fault);
    }

    fn subscriptions(&mut self, settings: &[(AnnotationText, Vec<AnnotationText>)]) {
        for (receiver, sources) in settings {
            let known = sources.iter().filter(|source| self.known(source)).map(|source| source.text.clone());
            let known: SortedSet<String> = known.collect();
            let known_receiver = self.known(receiver);
            for unknown in sources.iter().filter(|source| !known.contains(&source.text)) {
                self.unknown(unknown);
            }
            if !known_receiver {
                self.unknown(receiver);
            }
            self.placement.configured = true;
            let receivers = self.placement.instances.iter_mut().filter(|it| it.name == receiver.text);
            for instance in receivers {
                instance.subscribes = Some(known.clone());
            }
        }
    }

    fn processes(&mut self, settings: &[(AnnotationText, Vec<AnnotationText>)]) {
        let Some((first, _)) = settings.first() else { return };
        if self.app.memory_mode == MemoryMode::Shared {
            let message = format!("{} cannot run as a process of its own", shown(&first.text));
            let fault = Diagnostic::new(&placement_rules::SHARED_PROCESSES, first.span, message)
                .related(self.app.name.span, "all instances of this application share one memory")
                .help(
                    "say `\"memoryMode\": \"distributed\"` in the description, whose root must then have \
                       no local data, or remove `[processes]`",
                );
            self.report(fault);
        }
        let mut taken: SortedMap<&str, (&str, Span)> = SortedMap::new();
        for (name, instances) in settings {
            self.usable(name, "process");
            if instances.is_empty() {
                let message = format!("process {} has no instances", shown(&name.text));
                self.report(
                    Diagnostic::new(&placement_rules::UNKNOWN_INSTANCE, name.span, message)
                        .help("list at least one, or remove the process"),
                );
            }
            for instance in instances {
                if !self.known(instance) {
                    self.unknown(instance);
                }
                if let Some((process, before)) = taken.get(instance.text.as_str()) {
                    let message = format!(
                        "instance {} is in process {} already",
                        shown(&instance.text),
                        shown(process)
                    );
                    self.report(
                        Diagnostic::new(&placement_rules::TWO_PROCESSES, instance.span, message)
                            .related(*before, "here first"),
                    );
                } else {
                    taken.insert(&instance.text, (&name.text, instance.span));
                }
            }
            let own = instances.iter().any(|instance| instance.text == name.text);
            if self.known(name) && !own {
                let message = format!(
                    "process {} has the name of an instance that is not part of it",
                    shown(&name.text)
                );
                self.report(
                    Diagnostic::new(&placement_rules::UNUSABLE_NAME, name.span, message)
                        .note("an instance that runs alone is a process of its own name"),
                );
            }
            let instances = instances.iter().map(|instance| instance.text.clone()).collect();
            self.placement.processes.push(Process { name: name.text.clone(), instances });
        }
    }

    fn usable(&mut self, name: &AnnotationText, kind: &str) {
        if name.text.is_empty() {
            let message = format!("the name of the {kind} is empty");
            self.report(Diagnostic::new(&placement_rules::UNUSABLE_NAME, name.span, message));
        }
    }

    fn known(&self, name: &AnnotationText) -> bool {
        self.placement.instances.iter().any(|instance| instance.name == name.text)
    }

    fn unknown(&mut self, name: &AnnotationText) {
        if !self.certain && !self.placement.configured {
            return;
        }
        let message = format!("the application has no instance {}", shown(&name.text));
        let known = self.placement.instances.iter().map(|instance| instance.name.as_str());
        let near = suggest(&name.text, known);
        let fault = Diagnostic::new(&placement_rules::UNKNOWN_INSTANCE, name.span, message)
            .did_you_mean(name.span, &name.text, near);
        self.report(fault);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
