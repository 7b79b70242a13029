//! `DESCRIPTION`: the constant tables of a program.

use crate::sorted::SortedSet;
use csml_rt_core::EventInfo;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{Generator, ident::number};
use crate::{
    canonical::{Property, PropertyValue},
    lists::Gather,
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
            if optional {
                quote!(rt::PersistentInfo::optional(#path))
            } else {
                quote!(rt::PersistentInfo::new(#path))
            }
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
            quote!(rt::ServiceInfo::new(#name))
        });
        let table = Table::new(quote!(rt::Description))
            .field("name", quote!(#name))
            .field("memory_mode", mode)
            .list("machines", machines)
            .list("events", events)
            .list("services", services)
            .list("persistent", persistent)
            .list("instances", instances)
            .list("processes", processes)
            .optional("separate_data", placement.separate_data.then(|| quote!(true)))
            .tokens();
        quote! {
            /// The description's tables: machines, states, events and services by their own names.
            pub static DESCRIPTION: rt::Description = #table;
        }
    }

    fn machine_table(&self, id: MachineId) -> TokenStream {
        let app = &self.program.app;
        let machine = &app.machines[id];
        let name = &machine.name.text;
        let path = machine.path.strip_prefix(&app.machines[machine.top].path).unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let top = number(machine.top.index() as u64);
        let parent = machine.parent.map(|parent| {
            let index = number(parent.index() as u64);
            quote!(Some(#index))
        });
        let states = machine.states.iter().map(|id| {
            let name = &app.states[*id].name.text;
            if app.states[*id].terminal {
                quote!(rt::StateInfo::terminal(#name))
            } else {
                quote!(rt::StateInfo::new(#name))
            }
        });
        let timers = machine.timers.iter().map(|id| {
            let name = &app.timers[*id].name.text;
            quote!(rt::TimerInfo::new(#name))
        });
        let invokes = machine.invokes.iter().map(|id| self.invoke_table(*id));
        let all = self.persistent_variables();
        let used: SortedSet<VarId> = self.uses.persistent(id).collect();
        let persistent = all.iter().enumerate().filter(|(_, id)| used.contains(id));
        let persistent = persistent.map(|(position, _)| number(position as u64));
        Table::new(quote!(rt::MachineInfo))
            .field("name", quote!(#name))
            .optional("path", (!path.is_empty()).then(|| quote!(#path)))
            .optional("top", (machine.top.index() > 0).then(|| quote!(#top)))
            .optional("parent", parent)
            .list("states", states)
            .list("timers", timers)
            .list("invokes", invokes)
            .list("persistent", persistent)
            .tokens()
    }

    fn invoke_table(&self, id: InvokeId) -> TokenStream {
        let invoke = &self.program.app.invokes[id];
        let service = number(invoke.service.index() as u64);
        let (local, while_active) = (invoke.local, invoke.while_active);
        let known = KnownProperties::of(&invoke.properties);
        let timeout = known.timeout_ms.map(|ms| {
            let ms = number(ms);
            quote!(Some(#ms))
        });
        let implementation = known.implementation.map(|name| quote!(Some(#name)));
        let (retries, backoff) = (number(known.retries), number(known.backoff_ms));
        let others = known.others.iter().map(|property| {
            let name = &property.name.value;
            let value = match &property.value {
                PropertyValue::Bool(value) => quote!(rt::PropertyValue::Bool(#value)),
                PropertyValue::Int(value) => quote!(rt::PropertyValue::Int(#value)),
                PropertyValue::Float(value) => quote!(rt::PropertyValue::Float(#value)),
                PropertyValue::Text(value) => quote!(rt::PropertyValue::Text(#value)),
            };
            quote!(rt::Property::new(#name, #value))
        });
        Table::new(quote!(rt::InvokeInfo))
            .field("service", quote!(#service))
            .optional("local", local.then(|| quote!(true)))
            .optional("while_active", while_active.then(|| quote!(true)))
            .optional("timeout_ms", timeout)
            .optional("retries", (known.retries > 0).then(|| quote!(#retries)))
            .optional("backoff_ms", (known.backoff_ms > 0).then(|| quote!(#backoff)))
            .optional("implementation", implementation)
            .list("properties", others)
            .tokens()
    }

    fn event_table(&self, event: &Event) -> TokenStream {
        let (name, from_outside) = (&event.name.text, event.from_outside());
        let compact = self.is_compact(event);
        let receivers = event.handlers.iter().map(|id| number(id.index() as u64));
        let raised = event.raisers().into_iter().map(|(machine, channel)| {
            let machine = number(machine.index() as u64);
            let channel = match channel {
                Channel::Internal => quote!(internal),
                Channel::External => quote!(external),
                Channel::Global => quote!(global),
                Channel::Peripheral => quote!(peripheral),
            };
            quote!(rt::Raise::#channel(#machine))
        });
        let from_outside = from_outside.then(|| quote!(.from_outside()));
        let large = (!compact).then(|| quote!(.of_any_size()));
        quote!(rt::EventInfo::new(#name, &[#(#receivers),*], &[#(#raised),*]) #from_outside #large)
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

/// Properties with a meaning to the runtime (`docs/semantics.md#6-timers-and-invocations`), and the others. `check` has refused wrong values.
struct KnownProperties<'p> {
    timeout_ms: Option<u64>,
    retries: u32,
    backoff_ms: u64,
    implementation: Option<&'p str>,
    others: Vec<&'p Property>,
}

impl<'p> KnownProperties<'p> {
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

/// A constant of a table, without what its type's `EMPTY` has.
struct Table {
    ty: TokenStream,
    fields: Vec<TokenStream>,
    /// How many fields have been left out.
    left_out: usize,
}

impl Table {
    fn new(ty: TokenStream) -> Self {
        Self { ty, fields: Vec::new(), left_out: 0 }
    }

    fn field(self, name: &str, value: TokenStream) -> Self {
        self.optional(name, Some(value))
    }

    fn optional(mut self, name: &str, value: Option<impl ToTokens>) -> Self {
        let name = quote::format_ident!("{name}");
        match value {
            Some(value) => self.fields.push(quote!(#name: #value)),
            None => self.left_out += 1,
        }
        self
    }

    fn list(self, name: &str, items: impl Iterator<Item = impl ToTokens>) -> Self {
        let items: Vec<_> = items.gather();
        self.optional(name, (!items.is_empty()).then(|| quote!(&[#(#items),*])))
    }

    fn tokens(self) -> TokenStream {
        let Self { ty, fields, left_out } = self;
        let rest = (left_out > 0).then(|| quote!(..#ty::EMPTY));
        quote!(#ty { #(#fields,)* #rest })
    }
}
