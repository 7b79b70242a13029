//! Values that enable two transitions, proven by evaluating the guards with them.

use csml_rt_core::Value;

use super::{
    candidate::Candidate,
    evaluate::{self, Stop, is_of},
    formula::Literal,
    known::KnownValues,
    linear::Linear,
    terms::{Shape, StringPart, Term, Terms},
    theory::{self, Deductions},
};
use crate::{
    ir::{Coercion, Expr, Kind, Typed},
    lists::{Gather, PushAll},
    model::DatumId,
    types::Type,
};

/// Something that guards read, with a value.
pub(super) type Example<'e> = Vec<(&'e Expr, Value)>;

/// What an example is looked for in.
pub(super) struct Finder<'f, 'e> {
    pub(super) program: &'e Typed,
    pub(super) terms: &'f Terms<'e>,
    pub(super) known: &'f KnownValues,
    pub(super) candidates: [&'f Candidate<'e>; 2],
    /// Everything that both guards read, once.
    leaves: Vec<(Term, &'e Expr)>,
    /// Constants of the guards.
    hints: Vec<Value>,
    /// Sets of values that were tried.
    pub(super) tries: u32,
    values: Vec<Value>,
}

/// Sets of values that are tried for two guards.
const MOST_TRIES: u32 = 60;
/// Values that one variable is tried with.
const MOST_VALUES: usize = 8;
/// Constants of the guards that are tried.
const MOST_HINTS: usize = 16;
const MOST_LEAVES: usize = 12;
/// Values that all variables together are tried with, to be sure that there are no others.
const MOST_ENUMERATED: usize = 64;

impl<'f, 'e> Finder<'f, 'e> {
    pub(super) fn new(
        program: &'e Typed,
        terms: &'f Terms<'e>,
        known: &'f KnownValues,
        candidates: [&'f Candidate<'e>; 2],
    ) -> Self {
        let mut leaves: Vec<(Term, &'e Expr)> = Vec::new();
        let mut hints = Vec::new();
        for candidate in candidates {
            for leaf in &candidate.leaves {
                if !leaves.iter().any(|(term, _)| *term == leaf.0) {
                    leaves.push(*leaf);
                }
            }
            for guard in &candidate.transition.guards {
                constants(guard, &mut hints);
            }
        }
        Self { program, terms, known, candidates, leaves, hints, tries: 0, values: Vec::new() }
    }

    /// The values that were found.
    pub(super) fn example(&self) -> Example<'e> {
        self.leaves.iter().map(|(_, expr)| *expr).zip(self.values.iter().cloned()).gather()
    }

    /// Looks for values of which `literals` are true.
    pub(super) fn find(&mut self, literals: &[&Literal], facts: &Deductions) -> bool {
        if self.leaves.len() > MOST_LEAVES {
            return false;
        }
        self.values.clear();
        self.assign(literals, facts)
    }

    fn assign(&mut self, literals: &[&Literal], facts: &Deductions) -> bool {
        let Some((term, expr)) = self.leaves.get(self.values.len()).copied() else {
            self.tries += 1;
            return self.enables() == Ok(true);
        };
        for value in self.possible(term, expr, facts) {
            if self.tries > MOST_TRIES {
                return false;
            }
            let said = saying(term, &expr.ty, &value);
            self.values.push(value);
            let found = match &said {
                // What is false already needs no more values.
                _ if matches!(self.enables(), Ok(false) | Err(Stop::Fails | Stop::Lacks)) => {
                    self.tries += 1;
                    false
                }
                Some(said) => {
                    let more: Vec<_> = literals.iter().copied().chain([said]).gather();
                    self.tries += 1;
                    match theory::check(self.terms, &more) {
                        Ok(facts) => self.assign(&more, &facts),
                        Err(_) => false,
                    }
                }
                None => self.assign(literals, facts),
            };
            if found {
                return true;
            }
            self.values.pop();
        }
        false
    }

    /// Whether the values at hand enable both; unknown as long as values are missing.
    fn enables(&self) -> Result<bool, Stop> {
        if !self.one_event() {
            return Ok(false);
        }
        let look = |expr: &Expr| {
            let term = self.terms.find_leaf(expr)?;
            let place = self.leaves.iter().position(|(known, _)| *known == term)?;
            self.values.get(place).cloned()
        };
        // Both are always evaluated, and one that fails ends the step.
        let [first, second] = self.candidates.map(|candidate| candidate.enabled_with(&look));
        match (first, second) {
            (Ok(false), _) | (_, Ok(false)) => Ok(false),
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            (Ok(true), Ok(true)) => Ok(true),
        }
    }

    /// Whether there is an event that brings all event data at hand.
    fn one_event(&self) -> bool {
        let mut data =
            self.leaves.iter().zip(&self.values).filter_map(|((_, expr), value)| match &expr.kind {
                Kind::Datum { sources, .. } => Some((sources, value)),
                _ => None,
            });
        let Some((first, value)) = data.next() else { return true };
        let rest: Vec<_> = data.gather();
        first.iter().any(|source| {
            let event = self.program.app.data[source.0].event;
            self.brings(source, value)
                && rest.iter().all(|(sources, value)| {
                    sources.iter().any(|source| {
                        self.program.app.data[source.0].event == event && self.brings(source, value)
                    })
                })
        })
    }

    fn brings(&self, (datum, coercion): &(DatumId, Option<Coercion>), value: &Value) -> bool {
        let given = self.known.datum(*datum).is_none_or(|given| given.contains(value));
        match coercion {
            None => given,
            Some(Coercion::Some | Coercion::ToDynamic) => given && is_of(value, &self.program.data[*datum]),
            // An event that carries integers brings whole numbers.
            Some(Coercion::IntToFloat) => {
                self.known.datum(*datum).is_none()
                    && value.as_float().is_some_and(|value| value.fract() == 0.0 && value.abs() < 1e15)
            }
            Some(_) => false,
        }
    }

    /// Whether both are ever enabled together, if it can be said of all values there are.
    pub(super) fn enumerate(&mut self) -> Option<bool> {
        let all: Vec<Vec<Value>> =
            self.leaves.iter().map(|(_, expr)| self.all(expr)).collect::<Option<_>>()?;
        let count = all.iter().try_fold(1_usize, |count, values| count.checked_mul(values.len()))?;
        if count > MOST_ENUMERATED {
            return None;
        }
        for number in 0..count {
            let mut rest = number;
            self.values.clear();
            for values in &all {
                self.values.push(values.get(rest % values.len())?.clone());
                rest /= values.len();
            }
            match self.enables() {
                Ok(true) => return Some(true),
                Ok(false) | Err(Stop::Fails | Stop::Lacks) => {}
                Err(Stop::Unknown) => return None,
            }
        }
        Some(false)
    }

    /// All values that something can have.
    fn all(&self, expr: &Expr) -> Option<Vec<Value>> {
        let values = match (&expr.kind, &expr.ty) {
            (Kind::Variable(variable), _) if self.known.variable(*variable).is_some() => {
                self.known.variable(*variable)?.to_vec()
            }
            (Kind::Variable(_) | Kind::Datum { .. }, Type::Bool) => {
                vec![Value::Bool(true), Value::Bool(false)]
            }
            _ => return None,
        };
        (!values.is_empty()).then_some(values)
    }

    /// Values worth trying, the likeliest first.
    fn possible(&self, term: Term, expr: &Expr, facts: &Deductions) -> Vec<Value> {
        if let Kind::Variable(variable) = &expr.kind
            && let Some(values) = self.known.variable(*variable)
        {
            return values.to_vec();
        }
        let mut values = Vec::new();
        if let Kind::Datum { sources, .. } = &expr.kind {
            let given = sources.iter().filter_map(|(datum, _)| self.known.datum(*datum)).flatten();
            values.push_all(given.cloned());
        }
        values.push_all(self.of_type(term, &expr.ty, facts));
        let mut tried = Vec::new();
        for value in values {
            if is_of(&value, &expr.ty) && !tried.contains(&value) && tried.len() < MOST_VALUES {
                tried.push(value);
            }
        }
        tried
    }

    fn of_type(&self, term: Term, ty: &Type, facts: &Deductions) -> Vec<Value> {
        if let Some(value) = facts.value(self.terms, term) {
            return vec![value];
        }
        let hints = || self.hints.iter().cloned();
        match ty {
            Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Type::Int => self.integers(term, facts),
            Type::Float => self.floats(term, facts),
            Type::Text => self.texts(term, facts),
            Type::Option(content) => {
                let mut values = match self.terms.find(&Shape::Present(term)) {
                    Some(inner) => self.of_type(inner, content, facts),
                    None => hints().gather(),
                };
                match facts.null(term) {
                    Some(true) => return vec![Value::Null],
                    Some(false) => {}
                    None => values.insert(0, Value::Null),
                }
                values
            }
            Type::Dynamic => {
                let null = facts.null(term).unwrap_or(false).then_some(Value::Null);
                null.into_iter().chain(hints()).gather()
            }
            Type::List(item) | Type::Set(item) => self.collections(ty, item),
            Type::Map(..) => self.maps(term, facts).into_iter().chain([Value::map::<Value>([])]).gather(),
            _ => Vec::new(),
        }
    }

    fn integers(&self, term: Term, facts: &Deductions) -> Vec<Value> {
        /// Larger numbers are no help to a reader.
        const LARGE: i128 = 1 << 40;

        let (low, high) = facts.bounds.get(term);
        let mut values: Vec<i128> = [low, high].into_iter().filter(|end| end.abs() < LARGE).gather();
        values.push_all(self.remainders(term, facts, low));
        let ints = self.hints.iter().filter_map(|hint| hint.as_int().map(i128::from));
        values.push_all(ints.flat_map(|hint| [hint, hint + 1, hint - 1]));
        values.push_all([0, 1, low, high]);
        let fits = values.into_iter().filter(|value| (low..=high).contains(value));
        fits.filter_map(|value| i64::try_from(value).ok()).map(Value::Int).gather()
    }

    /// A small value that leaves the remainders which are known.
    fn remainders(&self, term: Term, facts: &Deductions, low: i128) -> Option<i128> {
        let mut value = low.max(0);
        let (mut step, mut any) = (1, false);
        for other in self.terms.all() {
            let Some(Shape::Remainder(of, divisor)) = self.terms.shape(other) else { continue };
            let Some(remainder) = facts.bounds.fixed(other) else { continue };
            if of.terms.as_slice() != [(term, 1)] {
                continue;
            }
            let mut left = (*divisor).min(1_000);
            while (value + of.constant - remainder) % divisor != 0 && left > 0 {
                value += step;
                left -= 1;
            }
            any = true;
            step *= divisor;
            if step > 1 << 60 {
                break;
            }
        }
        any.then_some(value)
    }

    fn floats(&self, term: Term, facts: &Deductions) -> Vec<Value> {
        let (low, high) = facts.order.range(term);
        let numbers = self.hints.iter().filter_map(Value::as_float);
        let mut values = vec![low.ceil(), high.floor(), low + 1.0, high - 1.0];
        values.retain(|value| value.abs() < 1e15);
        values.push_all([low / 2.0 + high / 2.0, 0.0, 1.0]);
        values.push_all(numbers.flat_map(|hint| [hint, hint + 1.0, hint - 1.0]));
        values.push_all([low, high]);
        let fits = values.into_iter().filter(|value| value.is_finite() && *value >= low && *value <= high);
        fits.map(|value| Value::Float(value + 0.0)).gather()
    }

    fn texts(&self, term: Term, facts: &Deductions) -> Vec<Value> {
        let mut parts = [String::new(), String::new(), String::new()];
        let mut size = 0;
        for other in self.terms.all() {
            match self.terms.shape(other) {
                Some(Shape::Has(place, of, part)) if *of == term && facts.truth(other) == Some(true) => {
                    let [start, middle, end] = &mut parts;
                    match place {
                        StringPart::Start if part.len() > start.len() => start.clone_from(part),
                        StringPart::End if part.len() > end.len() => end.clone_from(part),
                        StringPart::Anywhere => middle.push_str(part),
                        _ => {}
                    }
                }
                Some(Shape::Size(of)) if *of == term => size = facts.bounds.get(other).0.clamp(0, 40),
                _ => {}
            }
        }
        let [start, middle, end] = parts;
        let length = [&start, &middle, &end].map(|part| part.chars().count()).iter().sum();
        let fill = "a".repeat((size as usize).saturating_sub(length));
        let mut values = vec![[start, middle, fill, end].concat(), "a".repeat(size as usize)];
        values.push_all(self.hints.iter().filter_map(Value::as_text).map(str::to_owned));
        values.push(String::new());
        values.push_all(["a", "z"].map(str::to_owned));
        values.push_all(self.hints.iter().filter_map(Value::as_text).map(|hint| format!("{hint}a")));
        values.into_iter().filter(|text| text.chars().count() >= size as usize).map(Value::from).gather()
    }

    /// Those that the guards name, and some of the items that they name.
    fn collections(&self, ty: &Type, item: &Type) -> Vec<Value> {
        let items: Vec<_> = self.hints.iter().filter(|hint| is_of(hint, item)).cloned().gather();
        let single = items.iter().map(|item| vec![item.clone()]);
        let some = single.chain([items.clone(), Vec::new()]);
        let make = |items: Vec<Value>| match ty {
            Type::List(_) => Value::list(items),
            _ => Value::set(items),
        };
        self.hints.iter().cloned().chain(some.map(make)).gather()
    }

    /// A map with the entries that are asked for.
    fn maps(&self, term: Term, facts: &Deductions) -> Option<Value> {
        let mut entries = Vec::new();
        for other in self.terms.all() {
            let Some(Shape::Opaque(number)) = self.terms.shape(other) else { continue };
            let Some(Kind::MapItem(map, key)) = self.terms.opaque.get(*number).map(|expr| &expr.kind) else {
                continue;
            };
            if self.terms.find_leaf(map) != Some(term) || facts.null(other) != Some(false) {
                continue;
            }
            let key = evaluate::constant(key)?;
            let inner = self.terms.find(&Shape::Present(other))?;
            let value = self.of_type(inner, map.ty.content(), facts).into_iter().next()?;
            entries.push((key, value));
        }
        Some(Value::map(entries))
    }
}

/// The constants in an expression.
fn constants(expr: &Expr, found: &mut Vec<Value>) {
    if let Kind::Int(_) | Kind::Float(_) | Kind::Text(_) | Kind::List(_) | Kind::Set(_) = expr.kind
        && found.len() < MOST_HINTS
        && let Some(value) = evaluate::constant(expr)
        && !found.contains(&value)
    {
        found.push(value);
    }
    expr.for_each_child(&mut |child| constants(child, found));
}

/// That a term has a value, for what is taken into account as others are chosen.
fn saying(term: Term, ty: &Type, value: &Value) -> Option<Literal> {
    match (ty, value) {
        (Type::Bool, Value::Bool(value)) => Some(Literal::Truth(term, *value)),
        (Type::Int, Value::Int(value)) => {
            let distance = Linear::term(term).plus(&Linear::constant(-i128::from(*value)))?;
            Some(Literal::Zero(distance))
        }
        (Type::Option(_), value) => Some(Literal::Null(term, value.is_null())),
        _ => None,
    }
}
