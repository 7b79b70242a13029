//! Values that variables and event data can have at all: those that the description gives them, where all of
//! these are constants.

use csml_rt_core::Value;

use super::{
    evaluate,
    formula::{Formula, Literal},
    linear::Linear,
    terms::{Shape, Term, Terms},
};
use crate::{
    ir::{Expr, Kind, Typed},
    model::{Action, ActionKind, DatumId, Raise, VarId, arena::Arena},
    types::Type,
    vocabulary::Storage,
};

/// The constants that something is ever given; none if it is given anything else.
#[derive(Debug, Clone)]
struct PossibleValues(Option<Vec<Value>>);

/// More values than this are as good as any.
const MOST: usize = 8;

impl PossibleValues {
    fn add(&mut self, value: &Expr) {
        match evaluate::constant(value) {
            Some(value) => self.add_value(&value),
            None => self.0 = None,
        }
    }

    fn add_value(&mut self, value: &Value) {
        let Some(values) = &mut self.0 else { return };
        // Equal to the other zero, and not the same.
        let minus_zero = matches!(value, Value::Float(zero) if *zero == 0.0 && zero.is_sign_negative());
        if minus_zero || (values.len() == MOST && !values.contains(value)) {
            self.0 = None;
        } else if !values.contains(value) {
            values.push(value.clone());
        }
    }

    /// Adds what something else is given; whether that was new.
    fn join(&mut self, other: &Self) -> bool {
        let before = self.0.as_ref().map(Vec::len);
        match &other.0 {
            Some(values) => {
                for value in values {
                    self.add_value(value);
                }
            }
            None => self.0 = None,
        }
        before != self.0.as_ref().map(Vec::len)
    }

    fn anything(&mut self) {
        self.0 = None;
    }
}

/// What the description gives its variables and event data.
pub(super) struct KnownValues {
    variables: Arena<VarId, PossibleValues>,
    data: Arena<DatumId, PossibleValues>,
}

impl KnownValues {
    pub(super) fn new(program: &Typed) -> Self {
        let app = &program.app;
        let mut known = Self { variables: Arena::new(), data: Arena::new() };
        let mut copies = Vec::new();
        for (id, variable) in app.variables.iter() {
            // Persistent data are kept, maybe from another version of the description.
            let kept = variable.storage == Storage::Persistent || program.variables[id].has_host();
            known.variables.push(PossibleValues((!kept).then(Vec::new)));
            if let Some(initial) = &variable.initial {
                known.give(id, initial, &mut copies);
            }
        }
        for datum in app.data.values() {
            let event = &app.events[datum.event];
            let outside = event.open || event.peripheral || !event.raised || event.failure_of.is_some();
            known.data.push(PossibleValues((!outside).then(Vec::new)));
        }
        for timer in app.timers.values() {
            known.raises(&timer.raises);
        }
        for invoke in app.invokes.values() {
            for (_, variable) in &invoke.output {
                known.variables[*variable].anything();
            }
            known.raises(&invoke.done);
        }
        for state in app.states.values() {
            for list in [&state.entry, &state.exit, &state.while_actions] {
                known.actions(list, &mut copies);
            }
            for transition in state.on.iter().flat_map(|on| &on.transitions).chain(&state.always) {
                known.actions(&transition.actions, &mut copies);
            }
        }
        app.each_expression(&mut |expr| {
            // Only scripts and methods change anything.
            if !matches!(expr.kind, Kind::Variable(_) | Kind::Int(_) | Kind::Text(_) | Kind::Bool(_)) {
                for variable in expr.changes() {
                    known.variables[variable].anything();
                }
            }
        });
        known.copy(&copies);
        known
    }

    /// A variable gets a value. That of another variable is noted in `copies`.
    fn give(&mut self, variable: VarId, value: &Expr, copies: &mut Vec<(VarId, VarId)>) {
        match value.kind {
            Kind::Variable(source) => copies.push((variable, source)),
            _ => self.variables[variable].add(value),
        }
    }

    /// What a variable is given, those have that get its value.
    fn copy(&mut self, copies: &[(VarId, VarId)]) {
        let mut changed = true;
        while changed {
            changed = false;
            for (variable, source) in copies {
                let values = self.variables[*source].clone();
                changed |= self.variables[*variable].join(&values);
            }
        }
    }

    fn actions(&mut self, actions: &[Action<Expr>], copies: &mut Vec<(VarId, VarId)>) {
        for action in Action::all(actions) {
            match &action.kind {
                ActionKind::Assign(variable, value) | ActionKind::Create(variable, value) => {
                    self.give(*variable, value, copies);
                }
                ActionKind::Raise(raise) => self.raises(std::slice::from_ref(raise)),
                ActionKind::Delete(_)
                | ActionKind::Invoke(_)
                | ActionKind::ResetTimer(_)
                | ActionKind::Match(_) => {}
            }
        }
    }

    fn raises(&mut self, raises: &[Raise<Expr>]) {
        for (datum, value) in raises.iter().flat_map(|raise| &raise.data) {
            self.data[*datum].add(value);
        }
    }

    /// All values that a variable can have.
    pub(super) fn variable(&self, variable: VarId) -> Option<&[Value]> {
        self.variables[variable].0.as_deref()
    }

    /// All values that an event datum has where this description raises the event; the embedding program can raise it
    /// with others.
    pub(super) fn datum(&self, datum: DatumId) -> Option<&[Value]> {
        self.data[datum].0.as_deref()
    }

    /// That a variable has one of its values, where they are few and of a simple type.
    pub(super) fn formula(&self, program: &Typed, terms: &mut Terms<'_>, variable: VarId) -> Formula {
        let (Some(values), Some(term)) = (self.variable(variable), terms.find(&Shape::Variable(variable)))
        else {
            return Formula::Constant(true);
        };
        let ty = &program.variables[variable];
        let is: Option<Vec<_>> = values.iter().map(|value| is(terms, term, ty, value)).collect();
        match is {
            // A variable that nothing gives a value is not there at all.
            Some(is) if !is.is_empty() => Formula::any(is),
            _ => Formula::Constant(true),
        }
    }
}

/// That a term has a value.
fn is(terms: &mut Terms<'_>, term: Term, ty: &Type, value: &Value) -> Option<Formula> {
    Some(match (ty, value) {
        (Type::Bool, Value::Bool(value)) => Formula::Literal(Literal::Truth(term, *value)),
        (Type::Int, Value::Int(value)) => {
            let distance = Linear::term(term).plus(&Linear::constant(-i128::from(*value)))?;
            Formula::zero(distance, true)
        }
        (Type::Float, Value::Float(_)) | (Type::Text, Value::Text(_)) => {
            Formula::Literal(Literal::Same(term, terms.constant(value.clone())?))
        }
        (Type::Option(_), Value::Null) => Formula::Literal(Literal::Null(term, true)),
        (Type::Option(content), value) => {
            let there = Formula::Literal(Literal::Null(term, false));
            let inner = terms.of(Shape::Present(term));
            Formula::all([there, is(terms, inner, content, value)?])
        }
        _ => return None,
    })
}
