//! Tree → instructions.

use csml_rt_core::Value;

use super::code::{Callee, Code, Op, Place, Root, Shape, Target};
use super::scope::Scopes;
use crate::{
    Symbol,
    ast::{Binary, Expr, Function, Kind, LocalId, Piece},
    library,
};

/// Translates a script. Functions come after the code that creates them; the script itself is the first.
pub(super) fn translate<S: Clone>(root: &Expr<Symbol, S>) -> Vec<Code<S>> {
    let mut translator = Translator { done: Vec::new(), open: Vec::new(), scopes: Scopes::new() };
    translator.function(None, &[], root, &root.span);
    let mut codes: Vec<_> = translator.done;
    codes.sort_by_key(|(number, _)| *number);
    codes.into_iter().map(|(_, code)| code).collect()
}

struct Translator<S> {
    /// Functions whose code is complete, by number.
    done: Vec<(usize, Code<S>)>,
    /// The function being translated, last, and those around it.
    open: Vec<Open<S>>,
    scopes: Scopes,
}

struct Open<S> {
    number: usize,
    ops: Vec<Op>,
    spans: Vec<S>,
    /// Where the expression stands that is being translated.
    span: S,
    /// The loops around it, innermost last.
    loops: Vec<Loop>,
}

#[derive(Default)]
struct Loop {
    /// Instructions that go on after the loop, once it is known where that is.
    breaks: Vec<usize>,
    /// Instructions that go on with the next round.
    continues: Vec<usize>,
}

impl<S: Clone> Translator<S> {
    /// Translates a function in a frame of its own; its number.
    fn function(
        &mut self,
        name: Option<LocalId>,
        parameters: &[LocalId],
        body: &Expr<Symbol, S>,
        span: &S,
    ) -> usize {
        let number = self.done.len() + self.open.len();
        self.scopes.open(name, parameters);
        self.open.push(Open {
            number,
            ops: Vec::new(),
            spans: Vec::new(),
            span: span.clone(),
            loops: Vec::new(),
        });
        self.expr(body);
        self.emit(Op::Return);
        let shape = self.scopes.close(parameters.len());
        self.finish(shape);
        number
    }

    fn finish(&mut self, shape: Shape) {
        if let Some(Open { number, ops, spans, .. }) = self.open.pop() {
            self.done.push((number, Code { ops, spans, shape }));
        }
    }

    fn emit(&mut self, op: Op) -> usize {
        match self.open.last_mut() {
            Some(open) => {
                open.ops.push(op);
                open.spans.push(open.span.clone());
                open.ops.len() - 1
            }
            None => 0,
        }
    }

    fn constant(&mut self, value: impl Into<Value>) {
        self.emit(Op::Constant(value.into()));
    }

    fn here(&self) -> Target {
        self.open.last().map_or(0, |open| open.ops.len())
    }

    /// Makes the jump at `at` go to `to`.
    fn aim(&mut self, at: usize, to: Target) {
        let op = self.open.last_mut().and_then(|open| open.ops.get_mut(at));
        if let Some(
            Op::Jump(target)
            | Op::JumpUnless(target)
            | Op::Decide(_, target)
            | Op::JumpIfHolds(target)
            | Op::JumpUnlessNull(target)
            | Op::JumpIfNull(target)
            | Op::Next(target),
        ) = op
        {
            *target = to;
        }
    }

    fn aim_here(&mut self, at: usize) {
        self.aim(at, self.here());
    }

    /// What is in error messages the place of the following instructions; the one before.
    fn place(&mut self, span: &S) -> Option<S> {
        let open = self.open.last_mut()?;
        Some(std::mem::replace(&mut open.span, span.clone()))
    }

    fn back_to(&mut self, span: Option<S>) {
        if let (Some(open), Some(span)) = (self.open.last_mut(), span) {
            open.span = span;
        }
    }

    /// Pushes the value of `expr`.
    fn expr(&mut self, expr: &Expr<Symbol, S>) {
        let outer = self.place(&expr.span);
        // In functions of their own, to keep the stack of the recursion small.
        match &expr.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Ref(_)
            | Kind::Local(_) => self.leaf(&expr.kind),
            Kind::Template(pieces) => self.template(pieces),
            Kind::List(items) => self.items(items, Op::List(items.len())),
            Kind::Set(items) => self.items(items, Op::Set(items.len())),
            Kind::Map(entries) => self.map(entries),
            Kind::Unary(operator, operand) => {
                self.expr(operand);
                self.emit(Op::Unary(*operator));
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
            Kind::Conditional(condition, then, otherwise) => {
                self.conditional(condition, then, Some(otherwise));
            }
            Kind::If(condition, then, otherwise) => self.conditional(condition, then, otherwise.as_deref()),
            Kind::Index { .. } | Kind::Field { .. } => self.access(&expr.kind),
            Kind::Call { .. } | Kind::Method { .. } | Kind::CallLocal { .. } | Kind::Apply { .. } => {
                self.call(&expr.kind);
            }
            Kind::Assign { target, operator, value } => self.assign(target, *operator, value),
            Kind::Increment { target, down, prefix } => self.increment(target, *down, *prefix),
            Kind::Block(statements) => self.block(statements),
            Kind::Declare { .. } | Kind::Define { .. } => self.declaration(&expr.kind, &expr.span),
            Kind::While(..) | Kind::DoWhile(..) | Kind::ForEach { .. } | Kind::For { .. } => {
                self.a_loop(&expr.kind);
            }
            Kind::Break | Kind::Continue => self.leave_round(matches!(expr.kind, Kind::Break)),
            Kind::Return(value) => {
                self.optional(value.as_deref());
                self.emit(Op::Return);
            }
        }
        self.back_to(outer);
    }

    fn optional(&mut self, expr: Option<&Expr<Symbol, S>>) {
        match expr {
            Some(expr) => self.expr(expr),
            None => self.constant(Value::Null),
        }
    }

    fn leaf(&mut self, kind: &Kind<Symbol, S>) {
        match kind {
            Kind::Bool(value) => self.constant(*value),
            Kind::Int(value) => self.constant(*value),
            Kind::Float(value) => self.constant(*value),
            Kind::Text(value) => self.constant(value.as_str()),
            Kind::Ref(Symbol::Name(name)) => {
                self.emit(Op::Variable(name.as_str().into()));
            }
            Kind::Ref(Symbol::Datum(name)) => {
                self.emit(Op::Datum(name.as_str().into()));
            }
            Kind::Local(local) => {
                let slot = self.scopes.value(*local);
                self.emit(Op::Local(slot));
            }
            _ => self.constant(Value::Null),
        }
    }

    fn template(&mut self, pieces: &[Piece<Symbol, S>]) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.constant(text.as_str()),
                Piece::Expr(expr) => self.expr(expr),
            }
        }
        self.emit(Op::Template(pieces.len()));
    }

    fn items(&mut self, items: &[Expr<Symbol, S>], op: Op) {
        self.arguments(items);
        self.emit(op);
    }

    fn map(&mut self, entries: &[(Expr<Symbol, S>, Expr<Symbol, S>)]) {
        for (key, value) in entries {
            self.expr(key);
            self.expr(value);
        }
        self.emit(Op::Map(entries.len()));
    }

    fn binary(&mut self, operator: Binary, left: &Expr<Symbol, S>, right: &Expr<Symbol, S>) {
        self.expr(left);
        let skip = match operator {
            Binary::Elvis => self.emit(Op::JumpIfHolds(0)),
            Binary::Coalesce => self.emit(Op::JumpUnlessNull(0)),
            Binary::Or => self.emit(Op::Decide(true, 0)),
            Binary::And => self.emit(Op::Decide(false, 0)),
            _ => {
                self.expr(right);
                self.emit(Op::Binary(operator));
                return;
            }
        };
        self.expr(right);
        if matches!(operator, Binary::Or | Binary::And) {
            self.emit(Op::Truth);
        }
        self.aim_here(skip);
    }

    fn conditional(
        &mut self,
        condition: &Expr<Symbol, S>,
        then: &Expr<Symbol, S>,
        otherwise: Option<&Expr<Symbol, S>>,
    ) {
        self.expr(condition);
        let no = self.emit(Op::JumpUnless(0));
        self.expr(then);
        let end = self.emit(Op::Jump(0));
        self.aim_here(no);
        self.optional(otherwise);
        self.aim_here(end);
    }

    fn access(&mut self, kind: &Kind<Symbol, S>) {
        let (base, safe) = match kind {
            // A variable that holds `null` has no fields to be careful with: JEXL refuses it.
            Kind::Field { base, safe, .. } => (base, *safe && !is_variable(base)),
            Kind::Index { base, safe, .. } => (base, *safe),
            _ => return,
        };
        self.expr(base);
        let null = safe.then(|| self.emit(Op::JumpIfNull(0)));
        self.key(kind);
        self.emit(Op::Index);
        if let Some(null) = null {
            self.aim_here(null);
        }
    }

    /// Pushes the key of an index or field.
    fn key(&mut self, kind: &Kind<Symbol, S>) {
        match kind {
            Kind::Field { name, .. } => self.constant(name.as_str()),
            Kind::Index { index, .. } => self.expr(index),
            _ => {}
        }
    }

    fn arguments(&mut self, arguments: &[Expr<Symbol, S>]) {
        for argument in arguments {
            self.expr(argument);
        }
    }

    fn call(&mut self, kind: &Kind<Symbol, S>) {
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
            Kind::Method { receiver, name, arguments, safe, .. } => {
                self.method(receiver, name, arguments, *safe);
            }
            _ => {}
        }
    }

    fn literal(&mut self, name: Option<LocalId>, function: &Function<Symbol, S>) -> usize {
        let span = function.body.span.clone();
        self.function(name, &function.parameters, &function.body, &span)
    }

    fn method(&mut self, receiver: &Expr<Symbol, S>, name: &str, arguments: &[Expr<Symbol, S>], safe: bool) {
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
    fn keys(&mut self, expr: &Expr<Symbol, S>) -> Option<Place> {
        // From the outside in; only indices recurse, through `key`.
        let mut steps = Vec::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                Kind::Ref(Symbol::Name(name)) => break Root::Variable(name.as_str().into()),
                Kind::Local(local) => break Root::Local(self.scopes.value(*local)),
                Kind::Field { base, safe, .. } => {
                    steps.push((at, *safe && !is_variable(base)));
                    at = base;
                }
                Kind::Index { base, safe, .. } => {
                    steps.push((at, *safe));
                    at = base;
                }
                _ => return None,
            }
        };
        let keys = steps.iter().rev().map(|(_, safe)| *safe).collect();
        for (step, _) in steps.iter().rev() {
            self.key(&step.kind);
        }
        Some(Place { root, keys })
    }

    fn target(&mut self, target: &Expr<Symbol, S>) -> Option<Box<Place>> {
        if matches!(target.kind, Kind::Ref(Symbol::Datum(_))) {
            self.emit(Op::Malformed("event data cannot be changed"));
        }
        let place = self.keys(target);
        if place.is_none() {
            self.emit(Op::Malformed("this is no variable, nor an item of one, and cannot be changed"));
        }
        place.map(Box::new)
    }

    fn assign(&mut self, target: &Expr<Symbol, S>, operator: Option<Binary>, value: &Expr<Symbol, S>) {
        // As in JEXL the right side comes first, then the keys of the target.
        self.expr(value);
        let Some(place) = self.target(target) else {
            return;
        };
        self.emit(Op::Assign(place, operator));
    }

    fn increment(&mut self, target: &Expr<Symbol, S>, down: bool, prefix: bool) {
        if let Some(place) = self.target(target) {
            self.emit(Op::Increment { place, down, prefix });
        }
    }

    fn block(&mut self, statements: &[Expr<Symbol, S>]) {
        let Some((last, before)) = statements.split_last() else {
            self.constant(Value::Null);
            return;
        };
        for statement in before {
            self.expr(statement);
            self.emit(Op::Pop);
        }
        self.expr(last);
    }

    fn declaration(&mut self, kind: &Kind<Symbol, S>, span: &S) {
        match kind {
            Kind::Declare { local, value } => {
                self.optional(value.as_deref());
                let slot = self.scopes.value(*local);
                self.emit(Op::SetLocal(slot));
            }
            Kind::Define { local, function } => {
                let slot = self.scopes.define(*local);
                let number = self.function(Some(*local), &function.parameters, &function.body, span);
                self.emit(Op::Define(number, slot));
                self.constant(Value::Null);
            }
            _ => {}
        }
    }

    fn a_loop(&mut self, kind: &Kind<Symbol, S>) {
        match kind {
            Kind::While(condition, body) => self.while_loop(Some(condition), body, None),
            Kind::For { init, condition, step, body } => {
                if let Some(init) = init {
                    self.expr(init);
                    self.emit(Op::Pop);
                }
                self.while_loop(condition.as_deref(), body, step.as_deref());
            }
            Kind::DoWhile(body, condition) => self.do_while(body, condition),
            Kind::ForEach { target, collection, body } => self.for_each(target, collection, body),
            _ => {}
        }
    }

    /// Translates the body of a round and its value; the jumps of its `break`s and `continue`s.
    fn round(&mut self, body: &Expr<Symbol, S>) -> Loop {
        if let Some(open) = self.open.last_mut() {
            open.loops.push(Loop::default());
        }
        self.expr(body);
        self.emit(Op::Result);
        self.open.last_mut().and_then(|open| open.loops.pop()).unwrap_or_default()
    }

    fn aim_all_here(&mut self, jumps: &[usize]) {
        for jump in jumps {
            self.aim_here(*jump);
        }
    }

    fn while_loop(
        &mut self,
        condition: Option<&Expr<Symbol, S>>,
        body: &Expr<Symbol, S>,
        step: Option<&Expr<Symbol, S>>,
    ) {
        self.emit(Op::Enter);
        let top = self.here();
        let end = condition.map(|condition| {
            self.expr(condition);
            self.emit(Op::JumpUnless(0))
        });
        self.emit(Op::Burn);
        let jumps = self.round(body);
        self.aim_all_here(&jumps.continues);
        if let Some(step) = step {
            self.expr(step);
            self.emit(Op::Pop);
        }
        self.emit(Op::Jump(top));
        self.aim_all_here(&jumps.breaks);
        self.aim_all_here(end.as_slice());
        self.emit(Op::Leave);
    }

    fn do_while(&mut self, body: &Expr<Symbol, S>, condition: &Expr<Symbol, S>) {
        self.emit(Op::Enter);
        let top = self.emit(Op::Burn);
        let jumps = self.round(body);
        self.aim_all_here(&jumps.continues);
        self.expr(condition);
        let end = self.emit(Op::JumpUnless(0));
        self.emit(Op::Jump(top));
        self.aim_all_here(&jumps.breaks);
        self.aim_here(end);
        self.emit(Op::Leave);
    }

    fn for_each(&mut self, target: &Expr<Symbol, S>, collection: &Expr<Symbol, S>, body: &Expr<Symbol, S>) {
        if let Kind::Binary(Binary::Range, from, to) = &collection.kind {
            self.expr(from);
            self.expr(to);
            self.emit(Op::IterateRange);
        } else {
            self.expr(collection);
            self.emit(Op::Iterate);
        }
        self.emit(Op::Enter);
        let top = self.emit(Op::Next(0));
        if let Some(place) = self.target(target) {
            self.emit(Op::Assign(place, None));
            self.emit(Op::Pop);
        }
        let jumps = self.round(body);
        self.aim_all_here(&jumps.continues);
        self.emit(Op::Jump(top));
        self.aim_all_here(&jumps.breaks);
        self.aim_here(top);
        self.emit(Op::Leave);
        self.emit(Op::EndIterate);
    }

    fn leave_round(&mut self, ends: bool) {
        if self.open.last().is_none_or(|open| open.loops.is_empty()) {
            self.emit(Op::Malformed("there is no loop around this"));
            return;
        }
        self.emit(Op::Unwind);
        let jump = self.emit(Op::Jump(0));
        if let Some(around) = self.open.last_mut().and_then(|open| open.loops.last_mut()) {
            if ends { around.breaks.push(jump) } else { around.continues.push(jump) }
        }
    }
}

fn is_variable<S>(expr: &Expr<Symbol, S>) -> bool {
    matches!(expr.kind, Kind::Ref(_) | Kind::Local(_))
}

fn callee<S>(namespace: Option<&str>, name: &str, arguments: &[Expr<Symbol, S>]) -> Box<Callee> {
    Box::new(Callee { namespace: namespace.map(Into::into), name: name.into(), arguments: arguments.len() })
}

impl Place {
    fn again(&self) -> Self {
        Self { root: self.root.clone(), keys: self.keys.clone() }
    }
}
