//! Pass `resolve`: names → ids.
//!
//! Requires a canonical tree. Establishes that every name refers to what it names; after this pass no string
//! refers to anything but inside expressions. Reports duplicates, unknown names, missing and surplus initial
//! states, and descriptions beyond what ids can number.

mod declare;
mod paths;
mod refer;
pub(crate) mod resolution_rules;

use crate::sorted::SortedMap;
pub(crate) use refer::FAILURE;

use crate::{
    canonical::Description,
    diagnostics::{Diagnostic, Diagnostics},
    model::{Application, EventId, Name, Owner, ServiceId, VarId, scope::Scopes},
    text::Text,
    vocabulary::{ChoicePolicy, Gaps, MemoryMode, Storage},
};

/// Resolves a description. Absent if its structure does not allow to go on.
pub(crate) fn resolve(description: &Description, diagnostics: &mut Diagnostics) -> Option<Application<Text>> {
    let memory_mode = memory_mode(description);
    let mut resolver = Resolver {
        app: Application {
            name: name(&description.name),
            memory_mode,
            root_data: Vec::new(),
            machines: Default::default(),
            states: Default::default(),
            events: Default::default(),
            data: Default::default(),
            services: Default::default(),
            inputs: Default::default(),
            outputs: Default::default(),
            variables: Default::default(),
            timers: Default::default(),
            invokes: Default::default(),
            matches: Default::default(),
            choice: ChoicePolicy::default(),
            gaps: description.gaps,
        },
        own_gaps: description.own_gaps,
        own: SortedMap::new(),
        scopes: Scopes::default(),
        events: SortedMap::new(),
        services: SortedMap::new(),
        diagnostics,
        broken: false,
    };
    let declared = resolver.declare(description);
    if resolver.broken {
        return None;
    }
    resolver.scopes = Scopes::new(&resolver.app);
    resolver.refer(&declared);
    resolver.finish_events();
    Some(resolver.app)
}

struct Resolver<'d> {
    app: Application<Text>,
    /// What errors have left out outside of machines.
    own_gaps: Gaps,
    /// Variables by component and name.
    own: SortedMap<Owner, SortedMap<String, VarId>>,
    /// What can be seen from where, once all variables are declared.
    scopes: Scopes,
    events: SortedMap<String, EventId>,
    services: SortedMap<String, ServiceId>,
    diagnostics: &'d mut Diagnostics,
    /// The structure does not allow to go on.
    broken: bool,
}

impl Resolver<'_> {
    /// The variable `name` of one component.
    fn own(&self, owner: Owner, name: &str) -> Option<VarId> {
        self.own.get(&owner)?.get(name).copied()
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

fn name(text: &Text) -> Name {
    Name { text: text.value.clone(), span: text.span }
}

/// The mode a description says, or the default of docs/semantics.md#9-memory-modes.
fn memory_mode(description: &Description) -> MemoryMode {
    let has_local = description.data.iter().any(|variable| variable.storage == Storage::Local);
    match description.memory_mode {
        Some((mode, _)) => mode,
        None if has_local => MemoryMode::Shared,
        None => MemoryMode::Distributed,
    }
}

/// All rules of this pass.
pub(crate) static RULES: &[&crate::diagnostics::Rule] = &[
    &resolution_rules::NO_MACHINE,
    &resolution_rules::NO_STATE,
    &resolution_rules::INITIAL_STATE,
    &resolution_rules::DUPLICATE_STATE,
    &resolution_rules::UNKNOWN_STATE,
    &resolution_rules::UNKNOWN_VARIABLE,
    &resolution_rules::UNKNOWN_TIMER,
    &resolution_rules::EMPTY_NAME,
    &resolution_rules::TOO_MANY,
    &resolution_rules::DUPLICATE_VARIABLE,
    &resolution_rules::DUPLICATE_TIMER,
    &resolution_rules::DUPLICATE_DATUM,
    &resolution_rules::DUPLICATE_INPUT,
    &resolution_rules::UNKNOWN_ELSE,
    &resolution_rules::UNKNOWN_DELETED,
    &resolution_rules::UNKNOWN_OUTPUT,
    &resolution_rules::AMBIGUOUS_PATH,
];
