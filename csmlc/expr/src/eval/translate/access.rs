//! Items and fields, calls, and places that are changed.

use super::{Translator, Tree};
use crate::{
    Symbol,
    ast::{Access, Binary, Function, Kind, LocalId},
    eval::code::{Callee, Missing, Op, Place, Root},
    library,
};

impl<S: Clone> Translator<S> {
    pub(super) fn access(&mut self, kind: &Kind<Symbol, S>) {
        let (base, missing) = match kind {
            Kind::Field { base, access, .. } => (base, if_missing(base, *access, true)),
            Kind::Index { base, access, .. } => (base, if_missing(base, *access, false)),
            _ => return,
        };
        self.expr(base);
        let null = (missing == Missing::Null).then(|| self.emit(Op::JumpIfNull(0)));
        self.key(kind);
        self.emit(Op::Index(missing));
        if let Some(null) = null {
            self.aim_here(null);
        }
    }

    /// Pushes the key of an index or field.
    pub(super) fn key(&mut self, kind: &Kind<Symbol, S>) {
        match kind {
            Kind::Field { name, .. } => self.constant(name.as_str()),
            Kind::Index { index, .. } => self.expr(index),
            _ => {}
        }
    }

    pub(super) fn arguments(&mut self, arguments: &[Tree<S>]) {
        for argument in arguments {
            self.expr(argument);
        }
    }

    pub(super) fn call(&mut self, kind: &Kind<Symbol, S>) {
        match kind {
            Kind::Call { namespace, name, arguments, .. } => {
                self.arguments(arguments);
                let callee = callee(namespace.as_deref(), name, arguments);
                self.emit(Op::Call(callee));
            }
            Kind::CallLocal { function, arguments } => {
                self.arguments(arguments);
                let slot = self.scopes.function(*function);
                self.emit(Op::CallLocal(slot, arguments.len()));
            }
            Kind::Apply { function, arguments } => {
                self.arguments(arguments);
                let number = self.literal(None, function);
                self.emit(Op::Apply(number, arguments.len()));
            }
            Kind::Method { receiver, name, arguments, access, .. } => {
                self.method(receiver, name, arguments, *access != Access::Plain);
            }
            _ => {}
        }
    }

    fn literal(&mut self, name: Option<LocalId>, function: &Function<Symbol, S>) -> usize {
        let span = function.body.span.clone();
        self.function(name, &function.parameters, &function.body, &span)
    }

    pub(super) fn method(&mut self, receiver: &Tree<S>, name: &str, arguments: &[Tree<S>], safe: bool) {
        let changes = library::methods(name).any(|entry| entry.changes);
        let place = if changes { self.keys(receiver) } else { None };
        let callee = callee(None, name, arguments);
        let Some(place) = place else {
            self.expr(receiver);
            let null = safe.then(|| self.emit(Op::JumpIfNull(0)));
            self.arguments(arguments);
            self.emit(Op::Method(callee));
            if let Some(null) = null {
                self.aim_here(null);
            }
            return;
        };
        // With `?.` arguments are not evaluated if there is nothing to call the method on.
        let keys = place.keys.len();
        let careful = safe.then(|| {
            self.emit(Op::Peek(Box::new(place.again())));
            let null = self.emit(Op::JumpIfNull(0));
            self.emit(Op::Pop);
            null
        });
        self.arguments(arguments);
        self.emit(Op::MethodAt(Box::new(place), callee));
        if let Some(null) = careful {
            let end = self.emit(Op::Jump(0));
            self.aim_here(null);
            self.emit(Op::DropBelow(keys));
            self.aim_here(end);
        }
    }

    /// Pushes the keys that lead to a place; nothing, and nothing pushed, if `expr` is none.
    pub(super) fn keys(&mut self, expr: &Tree<S>) -> Option<Place> {
        // From the outside in; only indices recurse, through `key`.
        let mut steps = Vec::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                Kind::Ref(Symbol::Name(name)) => break Root::Variable(name.as_str().into()),
                Kind::Local(local) => break Root::Local(self.scopes.value(*local)),
                Kind::Field { base, access, .. } => {
                    steps.push((at, if_missing(base, *access, true)));
                    at = base;
                }
                Kind::Index { base, access, .. } => {
                    steps.push((at, if_missing(base, *access, false)));
                    at = base;
                }
                _ => return None,
            }
        };
        let keys = steps.iter().rev().map(|(_, missing)| *missing).collect();
        for (step, _) in steps.iter().rev() {
            self.key(&step.kind);
        }
        Some(Place { root, keys })
    }

    pub(super) fn target(&mut self, target: &Tree<S>) -> Option<Box<Place>> {
        if matches!(target.kind, Kind::Ref(Symbol::Datum(_))) {
            self.emit(Op::Malformed("event data cannot be changed"));
        }
        let place = self.keys(target);
        if place.is_none() {
            self.emit(Op::Malformed("this is neither a variable nor an item of one, and cannot be changed"));
        }
        place.map(Box::new)
    }

    pub(super) fn assign(&mut self, target: &Tree<S>, operator: Option<Binary>, value: &Tree<S>) {
        // As in JEXL the right side comes first, then the keys of the target.
        self.expr(value);
        let Some(place) = self.target(target) else {
            return;
        };
        self.emit(Op::Assign(place, operator));
    }

    pub(super) fn increment(&mut self, target: &Tree<S>, down: bool, prefix: bool) {
        if let Some(place) = self.target(target) {
            self.emit(Op::Increment { place, down, prefix });
        }
    }
}

/// What the access to a member of `base` does if there is none.
fn if_missing<S>(base: &Tree<S>, access: Access, field: bool) -> Missing {
    match access {
        Access::Plain => Missing::Fails,
        // Of a variable that is `null` JEXL takes no field, however it is written.
        Access::Safe if field && matches!(base.kind, Kind::Ref(_) | Kind::Local(_)) => Missing::FailsOnNull,
        Access::Safe | Access::Protected => Missing::Null,
    }
}

fn callee<S>(namespace: Option<&str>, name: &str, arguments: &[Tree<S>]) -> Box<Callee> {
    Box::new(Callee { namespace: namespace.map(Into::into), name: name.into(), arguments: arguments.len() })
}

impl Place {
    fn again(&self) -> Self {
        Self { root: self.root.clone(), keys: self.keys.clone() }
    }
}
