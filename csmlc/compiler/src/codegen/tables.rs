//! `DESCRIPTION`: the constant tables of a program.

use crate::sorted::SortedSet;
use csml_rt_core::EventInfo;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Generator, ident::number};
use crate::{
    canonical::{Property, PropertyValue},
    model::{DatumId, Event, InvokeId, MachineId, VarId, arena::Id},
    types::Type,
    vocabulary::{Channel, MemoryMode},
};

impl Generator<'_> {
    pub(super) fn tables(&self) -> TokenStream {
        let app = &self.program.app;
        let name = &app.name.text;
        let mode = match app.memory_mode {
            MemoryMode::Shared => quote!(rt::MemoryMode::Shared),
            MemoryMode::Distributed => quote!(rt::MemoryMode::Distributed),
        };
        let machines = app.machines.ids().map(|id| self.machine_table(id));
        let events = app.events.values().map(|event| self.event_table(event));
        let persistent = self.persistent_variables();
        let persistent = persistent.iter().map(|id| {
            let (path, optional) = (&app.variables[*id].path, app.variables[*id].optional);
            quote!(rt::PersistentInfo { path: #path, optional: #optional })
        });
        let placement = &self.program.placement;
        let instances = placement.instances.iter().filter(|_| placement.configured).map(|instance| {
            let (name, machine) = (&instance.name, number(instance.machine.index() as u64));
            let subscribes = match &instance.subscribes {
                Some(sources) => {
                    let sources = sources.iter();
                    quote!(Some(&[#(#sources),*]))
                }
                None => quote!(None),
            };
            quote!(rt::InstanceInfo { name: #name, machine: #machine, subscribes: #subscribes })
        });
        let processes = placement.processes.iter().map(|process| {
            let (name, instances) = (&process.name, process.instances.iter());
            quote!(rt::ProcessInfo { name: #name, instances: &[#(#instances),*] })
        });
        let services = app.services.values().map(|service| {
            let name = &service.name.text;
            quote!(rt::ServiceInfo { name: #name })
        });
        quote! {
            /// The description's tables: machines, states, events and services by their own names.
            pub static DESCRIPTION: rt::Description = rt::Description {
                name: #name,
                memory_mode: #mode,
                machines: &[#(#machines),*],
                events: &[#(#events),*],
                services: &[#(#services),*],
                persistent: &[#(#persistent),*],
                instances: &[#(#instances),*],
                processes: &[#(#processes),*],
            };
        }
    }

    fn machine_table(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let name = &machine.name.text;
        let path = machine.path.strip_prefix(&app.machines[machine.top].path).unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let top = number(machine.top.index() as u64);
        let parent = match machine.parent {
            Some(parent) => {
                let index = number(parent.index() as u64);
                quote!(Some(#index))
            }
            None => quote!(None),
        };
        let states = machine.states.iter().map(|id| {
            let state = &app.states[*id];
            let (name, terminal) = (&state.name.text, state.terminal);
            quote!(rt::StateInfo { name: #name, terminal: #terminal })
        });
        let timers = machine.timers.iter().map(|id| {
            let name = &app.timers[*id].name.text;
            quote!(rt::TimerInfo { name: #name })
        });
        let invokes = machine.invokes.iter().map(|id| self.invoke_table(*id));
        let all = self.persistent_variables();
        let used: SortedSet<VarId> = self.uses.persistent(id).collect();
        let persistent = all.iter().enumerate().filter(|(_, id)| used.contains(id));
        let persistent = persistent.map(|(position, _)| number(position as u64));
        quote! {
            rt::MachineInfo {
                name: #name,
                path: #path,
                top: #top,
                parent: #parent,
                states: &[#(#states),*],
                timers: &[#(#timers),*],
                invokes: &[#(#invokes),*],
                persistent: &[#(#persistent),*],
            }
        }
    }

    fn invoke_table(&self, id: InvokeId) -> TokenStream {
        let invoke = &self.program.app.invokes[id];
        let service = number(invoke.service.index() as u64);
        let (local, while_active) = (invoke.local, invoke.while_active);
        let known = Known::of(&invoke.properties);
        let timeout = match known.timeout_ms {
            Some(ms) => {
                let ms = number(ms);
                quote!(Some(#ms))
            }
            None => quote!(None),
        };
        let implementation = match known.implementation {
            Some(name) => quote!(Some(#name)),
            None => quote!(None),
        };
        let (retries, backoff) = (number(known.retries), number(known.backoff_ms));
        let others = known.others.iter().map(|property| {
            let name = &property.name.value;
            let value = match &property.value {
                PropertyValue::Bool(value) => quote!(rt::PropertyValue::Bool(#value)),
                PropertyValue::Int(value) => quote!(rt::PropertyValue::Int(#value)),
                PropertyValue::Float(value) => quote!(rt::PropertyValue::Float(#value)),
                PropertyValue::Text(value) => quote!(rt::PropertyValue::Text(#value)),
            };
            quote!(rt::Property { name: #name, value: #value })
        });
        quote! {
            rt::InvokeInfo {
                service: #service,
                local: #local,
                while_active: #while_active,
                timeout_ms: #timeout,
                retries: #retries,
                backoff_ms: #backoff,
                implementation: #implementation,
                properties: &[#(#others),*],
            }
        }
    }

    fn event_table(&self, event: &Event) -> TokenStream {
        let (name, from_outside) = (&event.name.text, event.from_outside());
        let compact = self.is_compact(event);
        let receivers = event.handlers.iter().map(|id| number(id.index() as u64));
        let raised = event.raisers().into_iter().map(|(machine, channel)| {
            let machine = number(machine.index() as u64);
            let channel = match channel {
                Channel::Internal => quote!(Internal),
                Channel::External => quote!(External),
                Channel::Global => quote!(Global),
                Channel::Peripheral => quote!(Peripheral),
            };
            quote!(rt::Raise { machine: #machine, channel: rt::Channel::#channel })
        });
        quote! {
            rt::EventInfo {
                name: #name,
                receivers: &[#(#receivers),*],
                raised: &[#(#raised),*],
                from_outside: #from_outside,
                compact: #compact,
            }
        }
    }

    /// Whether an event's data have at most `EventInfo::COMPACT` bytes, however they are written.
    fn is_compact(&self, event: &Event) -> bool {
        /// What a number of 64 bits takes at most, and what stands around a name and it.
        const VALUE: usize = 25 + 4;
        /// A byte of a name, escaped.
        const ESCAPED: usize = 6;

        let name = |datum: DatumId| self.program.app.data[datum].name.text.len();
        let size: usize = event.data.iter().map(|datum| VALUE + ESCAPED * name(*datum)).sum();
        let plain = |ty: &Type| match ty {
            Type::Option(inner) => matches!(**inner, Type::Null | Type::Bool | Type::Int | Type::Float),
            ty => matches!(ty, Type::Null | Type::Bool | Type::Int | Type::Float),
        };
        size + 2 <= EventInfo::COMPACT && event.data.iter().all(|datum| plain(&self.program.data[*datum]))
    }
}

/// Properties with a meaning to the runtime (SEMANTICS 6), and the others. `check` has refused wrong values.
struct Known<'p> {
    timeout_ms: Option<u64>,
    retries: u32,
    backoff_ms: u64,
    implementation: Option<&'p str>,
    others: Vec<&'p Property>,
}

impl<'p> Known<'p> {
    fn of(properties: &'p [Property]) -> Self {
        let mut known =
            Self { timeout_ms: None, retries: 0, backoff_ms: 0, implementation: None, others: Vec::new() };
        for property in properties {
            match (property.name.as_str(), &property.value) {
                ("timeoutMs", PropertyValue::Int(ms)) => known.timeout_ms = u64::try_from(*ms).ok(),
                ("retries", PropertyValue::Int(count)) => {
                    known.retries = u32::try_from(*count).unwrap_or(u32::MAX)
                }
                ("backoffMs", PropertyValue::Int(ms)) => {
                    known.backoff_ms = u64::try_from(*ms).unwrap_or_default()
                }
                ("implementation", PropertyValue::Text(name)) => known.implementation = Some(name),
                _ => known.others.push(property),
            }
        }
        known
    }
}
