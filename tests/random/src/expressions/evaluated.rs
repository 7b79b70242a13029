//! Expressions through the evaluator.

use std::collections::BTreeMap;

use csml_expr::{encode, eval::Program, parse};
use csml_rt_core::{Fuel, Rng, Value};
use serde_json::Value as Json;

/// The value, encoded.
///
/// # Errors
/// The message of the syntax or evaluation error.
///
/// # Panics
/// If an encoded value is no JSON.
pub fn evaluated(source: &str) -> Result<Json, String> {
    let script =
        parse(source, &|start, _| start).map_err(|fault| format!("{source}: {}", fault.message()))?;
    let mut variables: BTreeMap<String, Value> = BTreeMap::new();
    let mut rng = Rng::new(7);
    let value = Program::new(&script)
        .evaluate(&mut variables, &mut rng, Fuel::DEFAULT_LIMIT)
        .map_err(|error| error.message)?;
    Ok(serde_json::from_str(&encode(&value)).expect("an encoded value is JSON"))
}
