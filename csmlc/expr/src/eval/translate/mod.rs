//! Tree → instructions.

mod access;
mod frame_scopes;
mod loops;

use csml_rt_core::Value;

use super::code::{Code, Op, Shape, Target};
use crate::{
    Symbol,
    ast::{Binary, Expr, Kind, LocalId, Piece},
};
use frame_scopes::FrameScopes;

/// A script, or an expression or statement of one.
type Tree<S> = Expr<Symbol, S>;

/// Translates a script. Functions come after the code that creates them; the script itself is the first.
pub(super) fn translate<S: Clone>(root: &Tree<S>) -> Vec<Code<S>> {
    let mut translator = Translator { done: Vec::new(), open: Vec::new(), scopes: FrameScopes::new() };
    translator.function(None, &[], root, &root.span);
    let mut codes: Vec<_> = translator.done;
    codes.sort_by_key(|(number, _)| *number);
    codes.into_iter().map(|(_, code)| code).collect()
}

struct Translator<S> {
    /// Functions whose code is complete, by number.
    done: Vec<(usize, Code<S>)>,
    /// The function being translated, last, and those around it.
    open: Vec<OpenFunction<S>>,
    scopes: FrameScopes,
}

struct OpenFunction<S> {
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
    fn function(&mut self, name: Option<LocalId>, parameters: &[LocalId], body: &Tree<S>, span: &S) -> usize {
        let number = self.done.len() + self.open.len();
        self.scopes.open(name, parameters);
        self.open.push(OpenFunction {
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
        if let Some(OpenFunction { number, ops, spans, .. }) = self.open.pop() {
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
            | Op::Protect(target)
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
    fn expr(&mut self, expr: &Tree<S>) {
        let outer = self.place(&expr.span);
        // In functions of their own, to keep the stack of the recursion small.
        match &expr.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Regex(_)
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
            Kind::Protected(operand) => {
                let protection = self.emit(Op::Protect(0));
                self.expr(operand);
                self.emit(Op::Unprotect);
                self.aim_here(protection);
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
            Kind::Conditional(condition, then, otherwise) => {
                self.expr(condition);
                self.branches(then, Some(otherwise));
            }
            Kind::If(condition, then, otherwise) => {
                self.truth(condition);
                self.branches(then, otherwise.as_deref());
            }
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

    fn optional(&mut self, expr: Option<&Tree<S>>) {
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
            Kind::Regex(pattern) => self.constant(pattern.as_str()),
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

    fn items(&mut self, items: &[Tree<S>], op: Op) {
        self.arguments(items);
        self.emit(op);
    }

    fn map(&mut self, entries: &[(Tree<S>, Tree<S>)]) {
        for (key, value) in entries {
            self.expr(key);
            self.expr(value);
        }
        self.emit(Op::Map(entries.len()));
    }

    fn binary(&mut self, operator: Binary, left: &Tree<S>, right: &Tree<S>) {
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

    /// Pushes whether the condition of an `if` or a loop holds, which fails on `null`.
    fn truth(&mut self, condition: &Tree<S>) {
        self.expr(condition);
        let outer = self.place(&condition.span);
        self.emit(Op::Truth);
        self.back_to(outer);
    }

    /// One of two values, by the condition on the stack.
    fn branches(&mut self, then: &Tree<S>, otherwise: Option<&Tree<S>>) {
        let no = self.emit(Op::JumpUnless(0));
        self.expr(then);
        let end = self.emit(Op::Jump(0));
        self.aim_here(no);
        self.optional(otherwise);
        self.aim_here(end);
    }

    fn block(&mut self, statements: &[Tree<S>]) {
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
}
