//! Functions of the script's own.

use std::sync::Arc;

use csml_rt_core::{StepError, StepErrorKind, Value, private::budget};

use super::{AT, Frame, Machine, missing};

/// A function with what it has captured.
pub(super) struct Closure {
    code: usize,
    values: Vec<Value>,
    functions: Vec<Option<Arc<Closure>>>,
}

impl<S> Machine<'_, S> {
    pub(super) fn closure(&mut self, number: usize) -> Arc<Closure> {
        let mut closure = Closure { code: number, values: Vec::new(), functions: Vec::new() };
        if let Some(code) = self.codes.get(number) {
            for capture in &code.shape.captured_values {
                let value = self.local(capture.outer).cloned();
                closure.values.push(value.unwrap_or_default());
            }
            for capture in &code.shape.captured_functions {
                let function = self.functions.get(self.frame.functions + capture.outer.0);
                closure.functions.push(function.cloned().flatten());
            }
        }
        Arc::new(closure)
    }

    /// Makes a frame of the arguments on the stack and what has been captured.
    pub(super) fn call(&mut self, closure: &Arc<Closure>, arguments: usize) -> Result<(), StepError> {
        self.fuel.enter(AT)?;
        budget::check(AT)?;
        let Some(code) = self.codes.get(closure.code) else {
            return Err(missing("this function is not defined"));
        };
        let shape = &code.shape;
        if shape.parameters != arguments {
            let takes = shape.parameters;
            let message = format!("this function takes {takes} arguments, not {arguments}");
            return Err(StepError::new(StepErrorKind::Type, AT, message));
        }
        self.callers.push(self.frame);
        self.frame = Frame {
            code: closure.code,
            next: 0,
            values: self.stack.len().saturating_sub(arguments),
            functions: self.functions.len(),
            iterators: self.iterators.len(),
            loops: self.loops.len(),
            protections: self.protections.len(),
        };
        self.stack.resize(self.frame.values + shape.values, Value::Null);
        for (capture, value) in shape.captured_values.iter().zip(&closure.values) {
            if let Some(local) = self.local(capture.inner) {
                *local = value.clone();
            }
        }
        let base = self.frame.functions;
        self.functions.resize(base + shape.functions, None);
        // A function with a name sees itself in the first slot.
        if let Some(itself) = self.functions.get_mut(base) {
            *itself = Some(Arc::clone(closure));
        }
        for (capture, function) in shape.captured_functions.iter().zip(&closure.functions) {
            if let Some(slot) = self.functions.get_mut(base + capture.inner.0) {
                slot.clone_from(function);
            }
        }
        Ok(())
    }
}
