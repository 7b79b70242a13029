//! Runs instructions.

mod calls;
mod places;

use std::sync::Arc;

use csml_rt_core::{
    Position, Rng, StepError, StepErrorKind, Value,
    private::{Fuel, budget, dynamic},
};

use super::{
    Context,
    code::{Callee, Code, Op, Slot},
    items::Items,
    operators,
};
use calls::Closure;

/// The runtime's operators want a place in a description. Errors get the place in the script instead.
pub(super) const AT: Position = Position::new(1, 1);

/// Where an evaluation stopped, and why.
pub(super) struct Stop {
    /// The number of the function, and of the instruction in it.
    pub(super) at: (usize, usize),
    pub(super) error: StepError,
}

/// Everything an evaluation changes.
pub(super) struct Machine<'a, S> {
    codes: &'a [Code<S>],
    context: &'a mut dyn Context,
    rng: &'a mut Rng,
    fuel: Fuel,
    /// Slots and operands of all frames.
    stack: Vec<Value>,
    /// Slots of functions of all frames.
    functions: Vec<Option<Arc<Closure>>>,
    iterators: Vec<Items>,
    loops: Vec<Round>,
    /// Where `null` need not fail, innermost last.
    protections: Vec<Protection>,
    callers: Vec<Frame>,
    frame: Frame,
}

/// A call of a function, or the script.
#[derive(Clone, Copy, Default)]
struct Frame {
    code: usize,
    next: usize,
    /// Where its slots begin.
    values: usize,
    functions: usize,
    /// What the caller has open.
    iterators: usize,
    loops: usize,
    protections: usize,
}

/// What is restored when an error about `null` ends a protected expression.
struct Protection {
    /// The frame, which goes on elsewhere.
    frame: Frame,
    callers: usize,
    stack: usize,
    functions: usize,
    iterators: usize,
    loops: usize,
}

/// A loop that is running.
struct Round {
    /// Operands that stood before it.
    stack: usize,
    iterators: usize,
    protections: usize,
    result: Value,
}

impl<'a, S> Machine<'a, S> {
    pub(super) fn new(
        codes: &'a [Code<S>],
        context: &'a mut dyn Context,
        rng: &'a mut Rng,
        limit: u64,
    ) -> Self {
        let mut machine = Self {
            codes,
            context,
            rng,
            fuel: Fuel::new(limit),
            stack: Vec::new(),
            functions: Vec::new(),
            iterators: Vec::new(),
            loops: Vec::new(),
            protections: Vec::new(),
            callers: Vec::new(),
            frame: Frame::default(),
        };
        budget::renew();
        if let Some(code) = codes.first() {
            machine.stack.resize(code.shape.values, Value::Null);
            machine.functions.resize(code.shape.functions, None);
        }
        machine
    }

    /// Runs the script to its end; its value.
    pub(super) fn run(&mut self) -> Result<Value, Stop> {
        let codes = self.codes;
        loop {
            let at = (self.frame.code, self.frame.next);
            let Some(op) = codes.get(at.0).and_then(|code| code.ops.get(at.1)) else {
                return Ok(self.pop());
            };
            self.frame.next += 1;
            if matches!(op, Op::Return) {
                let value = self.pop();
                let Some(caller) = self.callers.pop() else {
                    return Ok(value);
                };
                self.stack.truncate(self.frame.values);
                self.functions.truncate(self.frame.functions);
                self.iterators.truncate(self.frame.iterators);
                self.loops.truncate(self.frame.loops);
                self.protections.truncate(self.frame.protections);
                self.frame = caller;
                self.fuel.leave();
                self.stack.push(value);
                continue;
            }
            if let Err(error) = self.step(op)
                && !self.survives(&error)
            {
                return Err(Stop { at, error });
            }
        }
    }

    /// Goes on behind the innermost protected expression, with `null` as its value, if the error is about `null` or
    /// something missing.
    fn survives(&mut self, error: &StepError) -> bool {
        if error.kind() != StepErrorKind::Missing {
            return false;
        }
        let Some(protection) = self.protections.pop() else { return false };
        while self.callers.len() > protection.callers {
            self.callers.pop();
            self.fuel.leave();
        }
        self.frame = protection.frame;
        self.stack.truncate(protection.stack);
        self.functions.truncate(protection.functions);
        self.iterators.truncate(protection.iterators);
        self.loops.truncate(protection.loops);
        self.push(Value::Null);
        true
    }

    fn protect(&mut self, target: usize) {
        self.protections.push(Protection {
            frame: Frame { next: target, ..self.frame },
            callers: self.callers.len(),
            stack: self.stack.len(),
            functions: self.functions.len(),
            iterators: self.iterators.len(),
            loops: self.loops.len(),
        });
    }

    fn step(&mut self, op: &Op) -> Result<(), StepError> {
        match op {
            Op::Constant(value) => self.push(value.clone()),
            Op::Variable(name) => {
                let value = self.context.variable(name).cloned().ok_or_else(|| unknown(name))?;
                self.push(value);
            }
            Op::Datum(name) => {
                let value = self.context.datum(name).cloned();
                self.push(value.ok_or_else(|| missing(format!("unknown event data `${name}`")))?);
            }
            Op::Local(slot) => {
                let value = self.local(*slot).cloned().unwrap_or_default();
                self.push(value);
            }
            Op::SetLocal(slot) => {
                let value = self.top().clone();
                if let Some(local) = self.local(*slot) {
                    *local = value;
                }
            }
            Op::Pop => drop(self.pop()),
            Op::DropBelow(count) => {
                let value = self.pop();
                drop(self.take(*count));
                self.push(value);
            }
            Op::List(_) | Op::Set(_) | Op::Map(_) | Op::Template(_) => self.build(op)?,
            Op::Unary(operator) => {
                let operand = self.pop();
                self.push(operators::unary(*operator, &operand)?);
            }
            Op::Binary(operator) => {
                let right = self.pop();
                let left = self.pop();
                self.push(operators::binary(*operator, &left, &right)?);
            }
            Op::Index(missing) => {
                let key = self.pop();
                let base = self.pop();
                let item = places::item(&base, &key, *missing)?.clone();
                self.push(item);
            }
            Op::Protect(target) => self.protect(*target),
            Op::Unprotect => drop(self.protections.pop()),
            Op::Call(_) | Op::Method(_) | Op::MethodAt(..) => self.library(op)?,
            Op::Peek(place) => self.peek(place)?,
            Op::Assign(place, operator) => self.assign(place, *operator)?,
            Op::Increment { place, down, prefix } => self.increment(place, *down, *prefix)?,
            Op::Define(number, slot) => {
                let closure = self.closure(*number);
                if let Some(function) = self.functions.get_mut(self.frame.functions + slot.0) {
                    *function = Some(closure);
                }
            }
            Op::CallLocal(slot, arguments) => {
                let function = self.functions.get(self.frame.functions + slot.0).cloned().flatten();
                let function = function.ok_or_else(|| missing("this function is not defined yet"))?;
                self.call(&function, *arguments)?;
            }
            Op::Apply(number, arguments) => {
                let closure = self.closure(*number);
                self.call(&closure, *arguments)?;
            }
            Op::Malformed(message) => return Err(StepError::new(StepErrorKind::Type, AT, *message)),
            Op::Iterate
            | Op::IterateRange
            | Op::Next(_)
            | Op::EndIterate
            | Op::Enter
            | Op::Burn
            | Op::Result
            | Op::Unwind
            | Op::Leave => self.round(op)?,
            _ => self.branch(op)?,
        }
        Ok(())
    }

    /// The instructions that go on elsewhere.
    fn branch(&mut self, op: &Op) -> Result<(), StepError> {
        let target = match op {
            Op::Jump(target) => Some(target),
            Op::JumpUnless(target) => {
                let condition = self.pop();
                (!dynamic::condition(&condition)).then_some(target)
            }
            Op::Decide(decisive, target) => {
                let operand = self.pop();
                if dynamic::to_bool(&operand, AT)? == *decisive {
                    self.push(Value::Bool(*decisive));
                    Some(target)
                } else {
                    None
                }
            }
            Op::Truth => {
                let operand = self.pop();
                self.push(dynamic::to_bool(&operand, AT)?.into());
                None
            }
            Op::JumpIfHolds(target) => self.keep_or_pop(dynamic::condition(self.top()), target),
            Op::JumpUnlessNull(target) => self.keep_or_pop(!self.top().is_null(), target),
            Op::JumpIfNull(target) => self.top().is_null().then_some(target),
            _ => None,
        };
        if let Some(target) = target {
            self.frame.next = *target;
        }
        Ok(())
    }

    fn keep_or_pop<'t>(&mut self, keep: bool, target: &'t usize) -> Option<&'t usize> {
        if keep {
            return Some(target);
        }
        self.pop();
        None
    }

    /// The instructions of loops.
    fn round(&mut self, op: &Op) -> Result<(), StepError> {
        match op {
            Op::Iterate => {
                let collection = self.pop();
                self.iterators.push(Items::of(collection));
            }
            Op::IterateRange => {
                let to = self.pop();
                let from = self.pop();
                self.iterators.push(Items::range(&from, &to)?);
            }
            Op::Next(end) => match self.iterators.last_mut().and_then(Items::next) {
                Some(item) => {
                    self.burn()?;
                    self.push(item);
                }
                None => self.frame.next = *end,
            },
            Op::EndIterate => drop(self.iterators.pop()),
            Op::Enter => self.loops.push(Round {
                stack: self.stack.len(),
                iterators: self.iterators.len(),
                protections: self.protections.len(),
                result: Value::Null,
            }),
            Op::Burn => self.burn()?,
            Op::Result => {
                let value = self.pop();
                if let Some(round) = self.loops.last_mut() {
                    round.result = value;
                }
            }
            Op::Unwind => {
                if let Some(round) = self.loops.last() {
                    self.stack.truncate(round.stack);
                    self.iterators.truncate(round.iterators);
                    self.protections.truncate(round.protections);
                }
            }
            Op::Leave => {
                let value = self.loops.pop().map(|round| round.result).unwrap_or_default();
                self.push(value);
            }
            _ => {}
        }
        Ok(())
    }

    /// A round of a loop.
    fn burn(&mut self) -> Result<(), StepError> {
        self.fuel.burn(AT)?;
        budget::check(AT)
    }

    fn build(&mut self, op: &Op) -> Result<(), StepError> {
        let value = match op {
            Op::List(count) => dynamic::list(self.take(*count), AT)?,
            Op::Set(count) => dynamic::set(self.take(*count), AT)?,
            Op::Map(count) => operators::map(self.take(count.saturating_mul(2)))?,
            Op::Template(count) => operators::template(&self.take(*count))?,
            _ => Value::Null,
        };
        self.push(value);
        Ok(())
    }

    fn library(&mut self, op: &Op) -> Result<(), StepError> {
        let value = match op {
            Op::Call(callee) => {
                let arguments = self.take(callee.arguments);
                self.function(callee, &arguments)?
            }
            Op::Method(callee) => {
                let arguments = self.take(callee.arguments);
                let mut receiver = self.pop();
                dynamic::method_mut(&mut receiver, &callee.name, &arguments, AT)?
            }
            Op::MethodAt(place, callee) => {
                let arguments = self.take(callee.arguments);
                let keys = self.take(place.keys.len());
                let receiver = self.place(place, &keys)?;
                dynamic::method_mut(receiver, &callee.name, &arguments, AT)?
            }
            _ => Value::Null,
        };
        self.push(value);
        Ok(())
    }

    fn function(&mut self, callee: &Callee, arguments: &[Value]) -> Result<Value, StepError> {
        match &callee.namespace {
            Some(namespace) => dynamic::function(namespace, &callee.name, arguments, self.rng, AT),
            None => {
                let message = format!("unknown function `{}`", callee.name);
                Err(StepError::new(StepErrorKind::Call, AT, message))
            }
        }
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    fn top(&self) -> &Value {
        const NULL: &Value = &Value::Null;
        self.stack.last().unwrap_or(NULL)
    }

    /// The topmost values, the lowest of them first.
    fn take(&mut self, count: usize) -> Vec<Value> {
        self.stack.split_off(self.stack.len().saturating_sub(count))
    }

    fn local(&mut self, slot: Slot) -> Option<&mut Value> {
        self.stack.get_mut(self.frame.values + slot.0)
    }
}

#[cold]
fn unknown(name: &str) -> StepError {
    missing(format!("unknown variable `{name}`"))
}

#[cold]
fn missing(message: impl Into<std::borrow::Cow<'static, str>>) -> StepError {
    StepError::new(StepErrorKind::Missing, AT, message)
}
