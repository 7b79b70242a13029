//! Where locals of a script live: slots of the frames of its functions.

use std::collections::BTreeMap;

use crate::ast::LocalId;
use crate::eval::code::{Capture, Shape, Slot};

/// The functions that are being translated, innermost last.
pub(super) struct FrameScopes(Vec<Scope>);

/// The slots of one function's frame.
#[derive(Default)]
struct Scope {
    values: BTreeMap<LocalId, Slot>,
    functions: BTreeMap<LocalId, Slot>,
    captured_values: Vec<Capture>,
    captured_functions: Vec<Capture>,
}

impl Scope {
    fn slots(&mut self, kind: SlotKind) -> (&mut BTreeMap<LocalId, Slot>, &mut Vec<Capture>) {
        match kind {
            SlotKind::Value => (&mut self.values, &mut self.captured_values),
            SlotKind::Function => (&mut self.functions, &mut self.captured_functions),
        }
    }
}

#[derive(Clone, Copy)]
enum SlotKind {
    Value,
    Function,
}

impl FrameScopes {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Begins a function.
    pub(super) fn open(&mut self, name: Option<LocalId>, parameters: &[LocalId]) {
        let mut scope = Scope::default();
        for (index, parameter) in parameters.iter().enumerate() {
            scope.values.insert(*parameter, Slot(index));
        }
        scope.functions.extend(name.map(|name| (name, Slot(0))));
        self.0.push(scope);
    }

    /// Ends the function begun last.
    pub(super) fn close(&mut self, parameters: usize) -> Shape {
        let scope = self.0.pop().unwrap_or_default();
        Shape {
            parameters,
            // Two parameters of one name would share a slot and still be passed.
            values: scope.values.len().max(parameters),
            functions: scope.functions.len(),
            captured_values: scope.captured_values,
            captured_functions: scope.captured_functions,
        }
    }

    /// The slot of a value: of the function itself, or captured from those around it.
    pub(super) fn value(&mut self, local: LocalId) -> Slot {
        self.find(local, SlotKind::Value)
    }

    /// The slot of a function that is called.
    pub(super) fn function(&mut self, local: LocalId) -> Slot {
        self.find(local, SlotKind::Function)
    }

    /// The slot of a function that is defined here.
    pub(super) fn define(&mut self, local: LocalId) -> Slot {
        match self.0.last_mut() {
            Some(scope) => own(&mut scope.functions, local),
            None => Slot(0),
        }
    }

    fn find(&mut self, local: LocalId, kind: SlotKind) -> Slot {
        let holder = self.0.iter_mut().rposition(|scope| scope.slots(kind).0.contains_key(&local));
        let from = holder.unwrap_or(self.0.len().saturating_sub(1));
        let mut scopes = self.0.iter_mut().skip(from);
        let mut slot = scopes.next().map_or(Slot(0), |scope| own(scope.slots(kind).0, local));
        // Functions between the one that holds it and this one capture it too.
        for scope in scopes {
            let (slots, captures) = scope.slots(kind);
            let inner = own(slots, local);
            captures.push(Capture { outer: slot, inner });
            slot = inner;
        }
        slot
    }
}

/// The slot of a local in one frame, a new one if it has none yet.
fn own(slots: &mut BTreeMap<LocalId, Slot>, local: LocalId) -> Slot {
    let next = Slot(slots.len());
    *slots.entry(local).or_insert(next)
}
