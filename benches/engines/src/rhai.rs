//! The expressions in rhai: compiled once, with all variables in one scope that lives as long as the machine.
//!
//! The datum of an event is moved into the scope before an evaluation and out of it afterwards, so the measured time
//! contains no conversions and copies. The engine assigns to the scope itself.

use csml_benches::expressions::{Contestant, Kind, Row};
use csml_rt::Value;
use rhai::grain::{Compiler, Program, Vm};
use rhai::{AST, Dynamic, Engine, Map, OptimizationLevel, Scope};

/// The tree interpreter of rhai.
pub(crate) fn tree(row: &Row) -> Option<Box<dyn Contestant>> {
    let program = |engine: &Engine, scope: &Scope<'_>| engine.compile_with_scope(scope, row.rhai).ok();
    Some(Box::new(Machine::new(row, program)?))
}

/// The bytecode of rhai.
pub(crate) fn bytecode(row: &Row) -> Option<Box<dyn Contestant>> {
    let program = |engine: &Engine, scope: &Scope<'_>| {
        let tree = engine.compile_with_scope(scope, row.rhai).ok()?;
        let program = Compiler::new().compile(&tree);
        // The tree interpreter evaluates no part of it.
        (program.residual_count() == 0).then_some(program)
    };
    Some(Box::new(Machine::new(row, program)?))
}

/// A compiled expression.
trait Compiled {
    fn evaluate(&self, engine: &Engine, scope: &mut Scope<'_>) -> Option<Dynamic>;
}

impl Compiled for AST {
    fn evaluate(&self, engine: &Engine, scope: &mut Scope<'_>) -> Option<Dynamic> {
        engine.eval_ast_with_scope(scope, self).ok()
    }
}

impl Compiled for Program<'static> {
    fn evaluate(&self, engine: &Engine, scope: &mut Scope<'_>) -> Option<Dynamic> {
        Vm::new(engine).eval_with_scope(scope, self).ok()
    }
}

struct Machine<P> {
    engine: Engine,
    program: P,
    scope: Scope<'static>,
    kind: Kind,
    datum: &'static str,
    inputs: Vec<Dynamic>,
}

impl<P: Compiled> Machine<P> {
    fn new(row: &Row, compile: impl FnOnce(&Engine, &Scope<'_>) -> Option<P>) -> Option<Self> {
        let mut engine = Engine::new();
        engine.set_optimization_level(OptimizationLevel::Full);
        let inputs = row.inputs().iter().map(dynamic).collect::<Option<_>>()?;
        let mut scope = Scope::new();
        // Only variables that the expression uses, because a lookup searches all names.
        for (name, value) in (row.start)()?.into_iter().filter(|(name, _)| row.rhai.contains(name)) {
            scope.push_dynamic(name, dynamic(&value)?);
        }
        scope.push_dynamic(row.datum, Dynamic::UNIT);
        let program = compile(&engine, &scope)?;
        Some(Self { engine, program, scope, kind: row.kind, datum: row.datum, inputs })
    }

    fn evaluate(&mut self, number: usize) -> Option<Dynamic> {
        let input = self.inputs.get_mut(number)?;
        std::mem::swap(self.scope.get_mut(self.datum)?, input);
        let result = self.program.evaluate(&self.engine, &mut self.scope);
        std::mem::swap(self.scope.get_mut(self.datum)?, input);
        result
    }
}

impl<P: Compiled> Contestant for Machine<P> {
    fn run(&mut self, times: u64) -> u64 {
        let numbers = (0..self.inputs.len()).cycle().take(times as usize);
        numbers.filter(|number| self.evaluate(*number).is_none()).count() as u64
    }

    fn result(&mut self, number: usize) -> Option<Value> {
        let result = self.evaluate(number)?;
        match self.kind {
            Kind::Guard => value(&result),
            Kind::Assign(variable) => value(self.scope.get(variable)?),
        }
    }
}

fn dynamic(value: &Value) -> Option<Dynamic> {
    Some(match value {
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(value) => value.to_string().into(),
        Value::List(items) => items.iter().map(dynamic).collect::<Option<Vec<_>>>()?.into(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| Some((key.as_text()?.into(), dynamic(value)?)))
            .collect::<Option<Map>>()?
            .into(),
        _ => return None,
    })
}

/// Checks the results of the rows.
fn value(result: &Dynamic) -> Option<Value> {
    let int = result.as_int().ok().map(Value::Int);
    let float = || result.as_float().ok().map(Value::Float);
    let bool = || result.as_bool().ok().map(Value::Bool);
    let text = || result.clone().into_string().ok().map(Value::from);
    int.or_else(float).or_else(bool).or_else(text)
}
