//! The expressions in cel: parsed once; a resolver hands out variables by reference.
//!
//! This avoids conversions and copies: variables and data of events are cel values all the time, and the scope of an
//! evaluation allocates nothing. cel has no assignments, so the machine stores the result in the variable.

use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::parser::Parser;
use cel::{Context, IdedExpr};
use csml_benches::expressions::{Contestant, Kind, Row};
use csml_rt::Value;

/// The cel interpreter; `None` if cel cannot express the row.
pub(crate) fn interpreted(row: &Row) -> Option<Box<dyn Contestant>> {
    let source = row.cel?;
    let assigned = match row.kind {
        Kind::Guard => None,
        Kind::Assign(variable) => Some(variable),
    };
    let inputs = row.inputs().iter().map(Datum::new).collect::<Option<_>>()?;
    // Only variables that the expression uses, because a lookup searches all names.
    let variables = (row.start)()?
        .into_iter()
        .filter(|(name, _)| source.contains(name) || assigned == Some(*name))
        .map(|(name, value)| Some((name, Datum::new(&value)?)))
        .collect::<Option<_>>()?;
    Some(Box::new(Machine {
        program: Parser::default().parse(source).ok()?,
        functions: Context::default(),
        variables,
        assigned,
        datum: row.datum,
        inputs,
    }))
}

type Bindings = Vec<(&'static str, Datum)>;

struct Machine {
    program: IdedExpr,
    functions: Context<'static, 'static>,
    variables: Bindings,
    assigned: Option<&'static str>,
    datum: &'static str,
    inputs: Vec<Datum>,
}

impl Machine {
    fn evaluate(&mut self, number: usize) -> Option<Datum> {
        let names = Names { variables: &self.variables, datum: self.datum, input: self.inputs.get(number)? };
        let result = evaluate(&self.program, &self.functions, &names)?;
        let Some(assigned) = self.assigned else { return Some(result) };
        let (_, variable) = self.variables.iter_mut().find(|(name, _)| *name == assigned)?;
        *variable = result;
        Some(Datum::Bool(CelBool::from(true)))
    }
}

fn evaluate<'v>(program: &IdedExpr, functions: &Context<'_, 'v>, names: &'v Names<'v>) -> Option<Datum> {
    let mut scope = functions.new_inner_scope();
    scope.set_variable_resolver(names);
    let result = cel::Value::resolve_val(program, &scope).ok()?;
    Datum::of_result(&*result)
}

impl Contestant for Machine {
    fn run(&mut self, times: u64) -> u64 {
        let numbers = (0..self.inputs.len()).cycle().take(times as usize);
        numbers.filter(|number| self.evaluate(*number).is_none()).count() as u64
    }

    fn result(&mut self, number: usize) -> Option<Value> {
        let result = self.evaluate(number)?;
        match self.assigned {
            None => result.value(),
            Some(assigned) => {
                self.variables.iter().find(|(name, _)| *name == assigned).and_then(|(_, datum)| datum.value())
            }
        }
    }
}

/// The variables and data of an expression.
struct Names<'m> {
    variables: &'m Bindings,
    datum: &'static str,
    input: &'m Datum,
}

impl VariableResolver for Names<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        if variable == self.datum {
            return Some(CowVal::Borrowed(self.input.val()));
        }
        let found = self.variables.iter().find(|(name, _)| *name == variable);
        found.map(|(_, datum)| CowVal::Borrowed(datum.val()))
    }
}

/// A cel value of a known type, borrowed in place.
enum Datum {
    Bool(CelBool),
    Int(CelInt),
    Float(CelDouble),
    Text(CelString<'static>),
    List(CelList<'static>),
    Map(CelMap<'static>),
}

impl Datum {
    fn new(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Bool((*value).into()),
            Value::Int(value) => Self::Int((*value).into()),
            Value::Float(value) => Self::Float((*value).into()),
            Value::Text(value) => Self::Text(String::from(value.as_str()).into()),
            Value::List(items) => {
                let items = items.iter().map(|item| Some(Self::new(item)?.boxed()));
                Self::List(items.collect::<Option<Vec<_>>>()?.into())
            }
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    Some((CelMapKey::from(key.as_text()?.to_owned()), Self::new(value)?.boxed()))
                });
                Self::Map(entries.collect::<Option<std::collections::HashMap<_, _>>>()?.into())
            }
            _ => return None,
        })
    }

    /// Converts the result of a row.
    fn of_result(result: &dyn Val) -> Option<Self> {
        if let Some(value) = result.downcast_ref::<CelBool>() {
            return Some(Self::Bool((*value.inner()).into()));
        }
        if let Some(value) = result.downcast_ref::<CelInt>() {
            return Some(Self::Int((*value.inner()).into()));
        }
        if let Some(value) = result.downcast_ref::<CelDouble>() {
            return Some(Self::Float((*value.inner()).into()));
        }
        let text = result.downcast_ref::<CelString<'_>>()?;
        Some(Self::Text(text.inner().to_owned().into()))
    }

    fn val(&self) -> &dyn Val {
        match self {
            Self::Bool(value) => value,
            Self::Int(value) => value,
            Self::Float(value) => value,
            Self::Text(value) => value,
            Self::List(value) => value,
            Self::Map(value) => value,
        }
    }

    fn boxed(self) -> Box<dyn Val> {
        match self {
            Self::Bool(value) => Box::new(value),
            Self::Int(value) => Box::new(value),
            Self::Float(value) => Box::new(value),
            Self::Text(value) => Box::new(value),
            Self::List(value) => Box::new(value),
            Self::Map(value) => Box::new(value),
        }
    }

    /// Checks the results of the rows.
    fn value(&self) -> Option<Value> {
        match self {
            Self::Bool(value) => Some(Value::Bool(*value.inner())),
            Self::Int(value) => Some(Value::Int(*value.inner())),
            Self::Float(value) => Some(Value::Float(*value.inner())),
            Self::Text(value) => Some(Value::from(value.inner())),
            Self::List(_) | Self::Map(_) => None,
        }
    }
}
