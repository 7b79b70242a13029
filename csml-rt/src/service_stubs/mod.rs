//! Service stubs: canned answers for services without an implementation.

mod expr;

use std::collections::BTreeMap;

use csml_rt_core::{Datum as _, Machines, Rng, Value};

use crate::json::milliseconds;
use crate::service::ServiceError;
use crate::suggest::hint;
use expr::Expr;

/// Answers by service type.
#[derive(Debug, Default)]
pub struct ServiceStubs {
    services: BTreeMap<String, Answers>,
    rng: Rng,
}

/// Answers used in turn; the last one repeats.
#[derive(Debug)]
struct Answers {
    list: Vec<StubAnswer>,
    used: usize,
}

#[derive(Debug)]
struct StubAnswer {
    delay_ms: u64,
    result: Result<Vec<(String, StubOutput)>, ServiceError>,
}

#[derive(Debug)]
enum StubOutput {
    Value(Value),
    Expr(Expr),
}

/// What a stub answers, and after how many milliseconds.
pub(crate) struct Answered<R> {
    pub(crate) delay_ms: u64,
    pub(crate) result: Result<R, ServiceError>,
}

impl ServiceStubs {
    /// Reads a JSON object: service type → answer, or a list of answers. An answer is
    /// `{"output": {"image": "x"}, "delayMs": 5}` or `{"error": "text", "status": 503}`.
    ///
    /// # Errors
    /// Says what is wrong, and at which service.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value = crate::json::parse(text)?;
        let entries = value.as_map().ok_or_else(|| format!("expected an object, found {}", value.kind()))?;
        let mut services = BTreeMap::new();
        for (service, answers) in entries {
            let service = service.as_text().unwrap_or_default();
            let within = |message: String| format!("service `{service}`: {message}");
            let list = match answers {
                Value::List(items) if items.is_empty() => {
                    return Err(within("the list of answers is empty".into()));
                }
                Value::List(items) => {
                    items.iter().map(answer).collect::<Result<Vec<_>, _>>().map_err(within)?
                }
                one => vec![answer(one).map_err(within)?],
            };
            services.insert(service.to_owned(), Answers { list, used: 0 });
        }
        Ok(Self { services, rng: Rng::default() })
    }

    /// Says which answers are for a service that the description does not invoke, the first ones.
    pub(crate) fn unknown<A: Machines>(&self) -> Option<String> {
        let known = || A::DESCRIPTION.services.iter().map(|info| info.name);
        let name = self.services.keys().find(|name| known().all(|k| k != name.as_str()))?;
        Some(format!("the description invokes no service `{name}`{}", hint(name, known())))
    }

    pub(crate) fn has(&self, service: &str) -> bool {
        self.services.contains_key(service)
    }

    /// Seeds the random functions of expressions, from the seed of the application.
    pub(crate) fn seed(&mut self, seed: u64) {
        // Any other sequence than those of the machines.
        const OTHER: u64 = 0x5354_414e_442d_494e;
        self.rng = Rng::new(seed ^ OTHER);
    }

    /// The next answer of a service, for an input.
    pub(crate) fn answer<A: Machines>(
        &mut self,
        service: u16,
        name: &str,
        input: &Value,
    ) -> Option<Answered<A::Reply>> {
        let answers = self.services.get_mut(name)?;
        let answer = answers.list.get(answers.used)?;
        if answers.used + 1 < answers.list.len() {
            answers.used += 1;
        }
        let result = match &answer.result {
            Ok(outputs) => evaluate(outputs, input, &mut self.rng)
                .and_then(|output| A::reply_from(service, &output).map_err(ServiceError::from)),
            Err(error) => Err(error.clone()),
        };
        Some(Answered { delay_ms: answer.delay_ms, result })
    }
}

fn evaluate(outputs: &[(String, StubOutput)], input: &Value, rng: &mut Rng) -> Result<Value, ServiceError> {
    let mut values = Vec::with_capacity(outputs.len());
    for (name, output) in outputs {
        let value = match output {
            StubOutput::Value(value) => value.clone(),
            StubOutput::Expr(expr) => expr
                .evaluate(input, rng)
                .map_err(|error| ServiceError::new(format!("output `{name}`: {error}")))?,
        };
        values.push((name.as_str(), value));
    }
    Ok(Value::map(values))
}

fn answer(value: &Value) -> Result<StubAnswer, String> {
    const KEYS: [&str; 4] = ["output", "delayMs", "error", "status"];
    let entries =
        value.as_map().ok_or_else(|| format!("expected an answer, an object; found {}", value.kind()))?;
    for key in entries.keys() {
        let key = key.as_text().unwrap_or_default();
        if !KEYS.contains(&key) {
            return Err(format!("unknown key `{key}`{}", hint(key, KEYS)));
        }
    }
    let delay_ms = match value.get("delayMs") {
        None => 0,
        Some(delay) => milliseconds(delay)
            .ok_or_else(|| format!("`delayMs`: expected milliseconds, found {}", delay.to_json()))?,
    };
    let result = match (value.get("error"), value.get("output")) {
        (Some(_), Some(_)) => return Err("an answer is an `output` or an `error`, not both".into()),
        (Some(Value::Text(message)), None) => {
            let error = ServiceError::new(message.as_str());
            match value.get("status") {
                None => Err(error),
                Some(status) => match i64::from_value(status) {
                    Ok(status) => Err(error.with_status(status)),
                    Err(_) => {
                        return Err(format!("`status`: expected an integer, found {}", status.to_json()));
                    }
                },
            }
        }
        (Some(other), None) => {
            return Err(format!("`error`: expected a text, found {}", other.kind()));
        }
        (None, _) if value.get("status").is_some() => {
            return Err("`status` belongs to an `error`".into());
        }
        (None, None) => Ok(Vec::new()),
        (None, Some(output)) => Ok(outputs(output)?),
    };
    Ok(StubAnswer { delay_ms, result })
}

fn outputs(output: &Value) -> Result<Vec<(String, StubOutput)>, String> {
    let entries =
        output.as_map().ok_or_else(|| format!("`output`: expected an object, found {}", output.kind()))?;
    let mut outputs = Vec::with_capacity(entries.len());
    for (name, value) in entries {
        let name = name.as_text().unwrap_or_default();
        let output = match (value.as_map().map(BTreeMap::len), value.get("expr")) {
            (Some(1), Some(Value::Text(source))) => Expr::parse(source)
                .map(StubOutput::Expr)
                .map_err(|error| format!("output `{name}`: {error}"))?,
            _ => StubOutput::Value(value.clone()),
        };
        outputs.push((name.to_owned(), output));
    }
    Ok(outputs)
}
