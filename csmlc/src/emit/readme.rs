//! The README of a standalone crate.

use std::fmt::{self, Write as _};

use super::module_text::{VERSION, plain};
use csml_compiler::{
    ir::Program,
    model::{EventId, ServiceId, StateId},
    types::Type,
};

/// What the crate is, how it runs, and what it takes from and asks of its surroundings.
pub(super) fn readme(program: &Program, package: &str, source: &str) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = write_readme(&mut text, program, package, source);
    text
}

fn write_readme(out: &mut String, program: &Program, package: &str, source: &str) -> fmt::Result {
    let name = code(&program.app.name.text);
    let source = code(source);
    writeln!(out, "# {package}\n")?;
    writeln!(
        out,
        "The CSML description {name} as a native program. csmlc {VERSION} generated this crate from {source}; \
         `csmlc build` generates it again and keeps your changes to `src/services.rs` and `Cargo.toml`.\n"
    )?;
    running(out, program)?;
    machines(out, program)?;
    events(out, program)?;
    services(out, program)?;
    out.write_str(FLAGS)
}

const FLAGS: &str = "\
## Flags

| flag | meaning |
|---|---|
| `--events FILE` | events from outside, one JSON object per line; `-` is the standard input |
| `--services FILE` | answers for services without an implementation |
| `--virtual-time` | simulate the clock: it starts at 0 and jumps to the next timer or event |
| `--until MS` | stop at this time |
| `--max-steps N` | stop after this many steps |
| `--seed N` | seed of the random functions |
| `--trace json\\|text\\|off` | print what happens |
| `--run NAMES` | run only these instances, separated by commas |
| `--on-error POLICY` | when a step fails: `continue`, `stop-instance` or `stop` |

`--help` says more.
";

fn running(out: &mut String, program: &Program) -> fmt::Result {
    writeln!(out, "## Run\n\n```sh")?;
    let event = outside(program).next();
    // With a timer, the application may run permanently.
    let until = if program.app.timers.is_empty() { "" } else { " --until 60000" };
    match event {
        Some(event) => {
            let line = event_line(program, event);
            writeln!(out, "echo {} > events.jsonl", shell(&line))?;
            writeln!(out, "cargo run -- --virtual-time --trace text --events events.jsonl{until}")?;
        }
        None => writeln!(out, "cargo run -- --virtual-time --trace text{until}")?,
    }
    writeln!(out, "```\n")?;
    if program.app.services.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "Implement the services in `src/services.rs`. `--services FILE` answers for those that are not \
         implemented:\n\n```json\n{}\n```\n",
        service_stubs(program)
    )
}

fn machines(out: &mut String, program: &Program) -> fmt::Result {
    writeln!(out, "## Machines\n\n| machine | states |\n|---|---|")?;
    for machine in program.app.machines.values() {
        let states: Vec<_> =
            machine.states.iter().map(|id| state(program, *id, *id == machine.initial)).collect();
        writeln!(out, "| {} | {} |", cell(&machine.path), states.join(", "))?;
    }
    writeln!(out)
}

fn state(program: &Program, id: StateId, initial: bool) -> String {
    let state = &program.app.states[id];
    let mut text = cell(&state.name.text);
    if initial {
        text.push_str(" (initial)");
    }
    if state.terminal {
        text.push_str(" (terminal)");
    }
    text
}

/// Events that come from outside: handled here and said to be peripheral, or raised nowhere.
fn outside(program: &Program) -> impl Iterator<Item = EventId> {
    program.app.events.iter().filter_map(|(id, event)| {
        let from_outside = event.peripheral || !event.raised;
        let handled = !event.handlers.is_empty();
        (handled && from_outside && event.failure_of.is_none()).then_some(id)
    })
}

fn events(out: &mut String, program: &Program) -> fmt::Result {
    let mut events = outside(program).peekable();
    writeln!(out, "## Events from outside\n")?;
    if events.peek().is_none() {
        return writeln!(out, "None.\n");
    }
    writeln!(out, "| event | data |\n|---|---|")?;
    for id in events {
        let event = &program.app.events[id];
        let data = event.data.iter().map(|id| {
            let datum = &program.app.data[*id];
            Field::new(&datum.name.text, &program.data[*id], datum.optional)
        });
        writeln!(out, "| {} | {} |", cell(&event.name.text), fields(data))?;
    }
    writeln!(out)
}

fn services(out: &mut String, program: &Program) -> fmt::Result {
    if program.app.services.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Services\n\n| service | input | output |\n|---|---|---|")?;
    for (id, service) in program.app.services.iter() {
        let input = service.inputs.iter().map(|id| {
            let input = &program.app.inputs[*id];
            Field::new(&input.name.text, &program.inputs[*id], input.optional)
        });
        let output = fields(outputs(program, id));
        writeln!(out, "| {} | {} | {output} |", cell(&service.name.text), fields(input))?;
    }
    writeln!(out)
}

fn outputs(program: &Program, service: ServiceId) -> impl Iterator<Item = Field<'_>> {
    program.app.services[service].outputs.iter().map(|id| {
        let output = &program.app.outputs[*id];
        Field::new(&output.name.text, &program.outputs[*id], output.optional)
    })
}

struct Field<'a> {
    name: &'a str,
    ty: &'a Type,
    optional: bool,
}

impl<'a> Field<'a> {
    fn new(name: &'a str, ty: &'a Type, optional: bool) -> Self {
        Self { name, ty, optional }
    }
}

fn fields<'a>(fields: impl Iterator<Item = Field<'a>>) -> String {
    let fields: Vec<_> = fields
        .map(|field| {
            let optional = if field.optional { ", optional" } else { "" };
            format!("{}: {}{optional}", cell(field.name), field.ty)
        })
        .collect();
    if fields.is_empty() { "none".to_owned() } else { fields.join("; ") }
}

fn event_line(program: &Program, id: EventId) -> String {
    let event = &program.app.events[id];
    let data = event.data.iter().map(|id| {
        let datum = &program.app.data[*id];
        Field::new(&datum.name.text, &program.data[*id], datum.optional)
    });
    let name = json(&event.name.text);
    match sample_object(data) {
        Some(data) => format!("{{\"event\": {name}, \"data\": {data}}}"),
        None => format!("{{\"event\": {name}}}"),
    }
}

fn service_stubs(program: &Program) -> String {
    let answers: Vec<_> = program
        .app
        .services
        .iter()
        .map(|(id, service)| {
            let output = sample_object(outputs(program, id)).unwrap_or_else(|| "{}".to_owned());
            format!("  {}: {{\"output\": {output}}}", json(&service.name.text))
        })
        .collect();
    format!("{{\n{}\n}}", answers.join(",\n"))
}

fn sample_object<'a>(fields: impl Iterator<Item = Field<'a>>) -> Option<String> {
    let members: Vec<_> = fields
        .filter(|field| !field.optional)
        .map(|field| format!("{}: {}", json(field.name), sample(field.ty)))
        .collect();
    (!members.is_empty()).then(|| format!("{{{}}}", members.join(", ")))
}

/// Some JSON value of a type.
fn sample(ty: &Type) -> String {
    match ty {
        // Of a type of the user's nothing is known.
        Type::Unknown | Type::Null | Type::Option(_) | Type::Host(_) | Type::Dynamic => "null".to_owned(),
        Type::Bool => "true".to_owned(),
        Type::Int => "1".to_owned(),
        Type::Float => "1.5".to_owned(),
        Type::Text => "\"text\"".to_owned(),
        Type::Bytes => "{\"$bytes\": \"AQID\"}".to_owned(),
        Type::List(item) => format!("[{}]", sample(item)),
        Type::Set(item) => format!("{{\"$set\": [{}]}}", sample(item)),
        Type::Map(_, value) => format!("{{\"key\": {}}}", sample(value)),
    }
}

/// A JSON string of ASCII characters.
fn json(text: &str) -> String {
    let mut json = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok(quoted @ ('"' | '\\')) => json.extend(['\\', quoted]),
            Ok(plain) if plain == ' ' || plain.is_ascii_graphic() => json.push(plain),
            _ => json.push_str(&format!("\\u{unit:04x}")),
        }
    }
    json.push('"');
    json
}

/// One word for a shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Text of the description as inline code, whatever it holds.
fn code(text: &str) -> String {
    let text = plain(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The same within a table.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_whatever_they_hold() {
        assert_eq!(code("gate"), "`gate`");
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(code("a\nb"), "`a\\u{a}b`");
        assert_eq!(code(""), "`  `");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(shell("it's"), "'it'\\''s'");
        assert_eq!(json("a\"\\\n→"), r#""a\"\\\u000a\u2192""#);
    }

    #[test]
    fn samples_are_json_of_the_type() {
        let ty = Type::Map(Box::new(Type::Text), Box::new(Type::List(Box::new(Type::Int))));
        assert_eq!(sample(&ty), r#"{"key": [1]}"#);
        let fields = [Field::new("on", &Type::Bool, false), Field::new("why", &Type::Text, true)];
        assert_eq!(sample_object(fields.into_iter()).as_deref(), Some(r#"{"on": true}"#));
        assert_eq!(sample_object([].into_iter()), None);
    }
}
