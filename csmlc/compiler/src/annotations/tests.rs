//! Type annotations in whole compilations.

use crate::{
    Options, Output,
    annotations::{
        AnnotationText, Annotations, FunctionAnnotation, SchemaAnnotation, TypeAnnotation, kind, name,
        subjects,
    },
    compile,
    diagnostics::Severity,
    model::Subject,
    source::{Sources, Span},
};

/// A machine with a variable of each kind, an event from outside and a service; `guard` and `value` are expressions.
fn description(guard: &str, value: &str) -> String {
    format!(
        r#"{{ "name": "app", "version": "2.0",
            "persistentData": [{{ "name": "total", "value": "0" }}],
            "stateMachines": [{{ "name": "m",
                "localData": [{{ "name": "x", "value": "{value}" }}],
                "states": [{{ "name": "a", "initial": true,
                    "on": [{{ "event": "e", "channel": "peripheral", "guards": ["{guard}"], "actions": [
                        {{ "type": "assign", "variable": "total", "value": "total + 1" }},
                        {{ "type": "invoke", "serviceType": "s", "input": [{{ "name": "i", "value": "x" }}],
                            "output": ["x"] }}
                    ] }}]
                }}]
            }}] }}"#
    )
}

struct AnnotationCase {
    sources: Sources,
    annotations: Annotations,
}

impl AnnotationCase {
    fn new() -> Self {
        Self { sources: Sources::new(), annotations: Annotations::default() }
    }

    fn given(&mut self, text: &str) -> AnnotationText {
        let source = self.sources.add("csml.toml", format!("{text:?}"));
        let end = self.sources.get(source).text.len() as u32;
        AnnotationText::new(text, Span::new(source, 0, end), &self.sources)
    }

    fn types(mut self, types: &[(&str, &str)]) -> Self {
        for (of, rust) in types {
            let annotation = TypeAnnotation { of: self.given(of), rust: self.given(rust) };
            self.annotations.types.push(annotation);
        }
        self
    }

    fn schema(mut self, of: &str, schema: &str) -> Self {
        let source = self.sources.add("s.json", schema);
        let annotation = SchemaAnnotation { of: self.given(of), file: self.given("s.json"), source };
        self.annotations.schemas.push(annotation);
        self
    }

    fn function(mut self, signature: &str, rust: &str) -> Self {
        let annotation = FunctionAnnotation { signature: self.given(signature), rust: self.given(rust) };
        self.annotations.functions.push(annotation);
        self
    }

    /// The output, and what is said as `code: message | related | help`.
    fn compile(mut self, description: &str) -> (Option<Output>, Vec<String>) {
        let root = self.sources.add("app.csml", description);
        let options = Options { annotations: self.annotations, ..Options::default() };
        let (output, diagnostics) = compile(&self.sources, root, &options);
        let said = diagnostics.iter().filter(|found| found.severity == Severity::Error).map(|found| {
            let related = found.related.iter().map(|label| format!(" | {}", label.text));
            let help = found.help.iter().map(|help| format!(" | {help}"));
            format!("{}: {}{}", found.rule.code, found.message, related.chain(help).collect::<String>())
        });
        let said = said.collect();
        (output, said)
    }

    fn errors(self, description: &str) -> Vec<String> {
        self.compile(description).1
    }

    /// The types of everything, by name.
    fn all(self, description: &str) -> Vec<String> {
        let (output, errors) = self.compile(description);
        assert_eq!(errors, [""; 0]);
        let program = output.unwrap().program;
        let ty = |subject| match subject {
            Subject::Variable(id) => &program.variables[id],
            Subject::Datum(id) => &program.data[id],
            Subject::Input(id) => &program.inputs[id],
            Subject::Output(id) => &program.outputs[id],
        };
        let app = &program.app;
        subjects(app).into_iter().map(|it| format!("{} {}: {}", kind(it), name(app, it), ty(it))).collect()
    }
}

#[test]
fn a_fixed_type_spreads_as_an_inferred_one() {
    let case = AnnotationCase::new().types(&[("m/x", "f64"), ("e.$v", "Vec<String>")]);
    assert_eq!(
        case.all(&description("size($v) > 0", "1")),
        [
            "variable total: int",
            "variable m/x: float",
            "event datum e.$v: list<string>",
            "service input s.input.i: float",
            "service output s.output.x: float",
        ]
    );
}

#[test]
fn a_type_of_the_users_is_opaque_and_reads_as_dynamic() {
    let case = AnnotationCase::new().types(&[("m/x", "crate::Reading"), ("e.$v", "crate::Reading")]);
    let (output, errors) = case.compile(&description("$v != x && $v.level > 3", "{'level': 1}"));
    assert_eq!(errors, [""; 0]);
    let output = output.unwrap();
    assert_eq!(output.host_paths.iter().map(String::as_str).collect::<Vec<_>>(), ["crate::Reading"]);
    let text = output.tokens.to_string();
    assert!(text.contains("assert_datum :: < crate :: Reading >"), "{text}");
    assert!(text.contains("assert_variable :: < crate :: Reading >"), "{text}");
    assert!(text.contains("pub v : crate :: Reading"), "{text}");
    // Equality is the type's own.
    assert!(text.contains("payload . v != ") || text.contains("!= payload . v"), "{text}");
}

#[test]
fn collections_of_the_users_types_are_dynamic_too() {
    for guard in [
        "size(x) > 0",
        "x[0].level > 3",
        "x.contains($v)",
        "x == [$v]",
        "(x + [$v]).size() > 1",
        "var n = 0; for (var r : x) { n += r.level }; n > 3",
    ] {
        let case = AnnotationCase::new().types(&[("m/x", "Vec<crate::Reading>"), ("e.$v", "crate::Reading")]);
        let guard = format!("var v = $v; {guard}");
        assert_eq!(case.errors(&description(&guard, "[]")), [""; 0], "{guard}");
    }
}

#[test]
fn what_cannot_change_in_place_says_so() {
    for guard in ["x.level = 3; true", "x.put('level', 3); true"] {
        let case = AnnotationCase::new().types(&[("m/x", "crate::Reading")]);
        let errors = case.errors(&description(guard, "{:}"));
        assert!(errors.len() == 1 && errors[0].contains("`crate::Reading`"), "{guard}: {errors:?}");
    }
}

#[test]
fn a_value_that_does_not_fit_names_both_places() {
    for (rust, value, expected) in [
        ("i64", "'text'", "variable `x` is `int`, but is given `string` | `int` is fixed here"),
        ("i64", "1.5", "variable `x` is `int`, but is given `float`"),
        ("f64", "null", "but is given `null` | `float` is fixed here | `Option<…>` around the type"),
        ("Vec<i64>", "['a']", "variable `x` is `list<int>`, but is given `list<string>`"),
    ] {
        let errors = AnnotationCase::new().types(&[("m/x", rust)]).errors(&description("x == x", value));
        assert!(errors[0].starts_with("CSML0612") && errors[0].contains(expected), "{value}: {errors:?}");
    }
    assert_eq!(
        AnnotationCase::new().types(&[("m/x", "Option<f64>")]).errors(&description("x == null", "null")),
        [""; 0]
    );
}

#[test]
fn unknown_names_and_types_are_errors() {
    let errors = AnnotationCase::new()
        .types(&[("m/y", "i64"), ("e.v", "Reading")])
        .errors(&description("$v > 1", "1"));
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("no `m/y` | did you mean `m/x`?")), "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("no `e.v` | did you mean `e.$v`?")), "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("such as `crate::Reading`")), "{errors:?}");
}

#[test]
fn of_two_types_for_one_thing_the_later_counts() {
    let case = AnnotationCase::new().types(&[("m/x", "crate::Old"), ("m/x", "f64")]);
    assert!(case.all(&description("x > 0", "1")).contains(&"variable m/x: float".to_owned()));
}

#[test]
fn schemas_fix_data_inputs_and_outputs() {
    let event =
        r#"{ "properties": { "v": { "type": "number" }, "w": { "type": "string" } }, "required": ["v"] }"#;
    let output = r#"{ "properties": { "x": { "type": ["integer", "null"] } }, "required": ["x"] }"#;
    let input = r#"{ "properties": { "i": {} }, "required": ["i"] }"#;
    let case = AnnotationCase::new().schema("e", event).schema("s.output", output).schema("s.input", input);
    assert_eq!(
        case.all(&description("$v > 1 && $w != null", "null")),
        [
            "variable total: int",
            "variable m/x: option<int>",
            "event datum e.$v: float",
            "event datum e.$w: option<string>",
            "service input s.input.i: dynamic",
            "service output s.output.x: option<int>",
        ]
    );
}

#[test]
fn what_a_schema_does_not_have_is_an_error() {
    let schema = r#"{ "properties": { "value": { "type": "integer" }, "j": {} }, "required": ["j"] }"#;
    let errors = AnnotationCase::new().schema("e", schema).errors(&description("$valu > 1", "1"));
    assert_eq!(
        errors,
        ["CSML0615: the schema of event `e` has no `valu` | the schema | did you mean `value`?"]
    );
    let errors = AnnotationCase::new().schema("s.input", schema).errors(&description("x > 1", "1"));
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors.iter().any(|error| error.contains("needs `j` | required here")), "{errors:?}");
    let errors = AnnotationCase::new().schema("f", schema).errors(&description("x > 1", "1"));
    assert!(errors[0].contains("the description has no `f`"), "{errors:?}");
    let open = r#"{ "properties": {}, "additionalProperties": { "type": "integer" } }"#;
    let case = AnnotationCase::new().schema("e", open);
    assert!(case.all(&description("$v > 1", "1")).contains(&"event datum e.$v: option<int>".to_owned()));
}

#[test]
fn functions_of_the_host_are_typed() {
    let case = || AnnotationCase::new().function("geo:far(float, string) -> bool", "crate::far");
    assert_eq!(case().errors(&description("geo:far(x, $v)", "1")), [""; 0]);
    let types = case().all(&description("geo:far(x, $v)", "1"));
    assert!(types.contains(&"event datum e.$v: string".to_owned()), "{types:?}");
    let errors = case().errors(&description("geo:far('a', 'b')", "1"));
    assert!(errors[0].contains("argument 1 of `geo:far` is a `float`, but this is a `string`"), "{errors:?}");
    let errors = case().errors(&description("geo:fra(1, 'b')", "1"));
    assert!(errors[0].contains("did you mean `geo:far`?"), "{errors:?}");
    let errors = case().errors(&description("geo:far(1)", "1"));
    assert!(errors[0].contains("takes 2 arguments, not 1"), "{errors:?}");
}

#[test]
fn functions_of_the_host_are_called() {
    let case = AnnotationCase::new()
        .function("geo:far(float, list<string>) -> bool!", "crate::far")
        .function("log:say(string)", "house::say");
    let (output, errors) = case.compile(&description("log:say('a'); geo:far(x, ['b'])", "1"));
    assert_eq!(errors, [""; 0]);
    let output = output.unwrap();
    assert_eq!(
        output.host_paths.iter().map(String::as_str).collect::<Vec<_>>(),
        ["::house::say", "crate::far"]
    );
    let text = output.tokens.to_string();
    assert!(text.contains(":: house :: say (\"a\")"), "{text}");
    assert!(text.contains("host_result (crate :: far ("), "{text}");
}
