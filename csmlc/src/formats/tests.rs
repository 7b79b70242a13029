use csml_compiler::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    source::{SourceId, Sources, Span},
};

use super::*;

static RULE: Rule = Rule::error("CSML9901", "test-rule", "A rule of tests.");
static WARN: Rule = Rule::warning("CSML9902", "test-warning", "A rule of tests.");

fn sources(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::new();
    let id = sources.add("a.csml", text);
    (sources, id)
}

fn span(source: SourceId, start: usize, end: usize) -> Span {
    Span::new(source, start as u32, end as u32)
}

fn find(sources: &Sources, id: SourceId, what: &str) -> Span {
    let start = sources.get(id).text.find(what).unwrap();
    span(id, start, start + what.len())
}

#[test]
fn json_has_stable_keys() {
    let (sources, id) = sources("é\n \"b\"\n");
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "\"b\""), "say \"b\"")
        .related(find(&sources, id, "é"), "é")
        .help("h")
        .did_you_mean(find(&sources, id, "\"b\""), "b", Some("c\"d"))
        .note("n");
    assert_eq!(
        to_json_line(&sources, &diagnostic),
        "{\"record\":\"diagnostic\",\"code\":\"CSML9901\",\"name\":\"test-rule\",\"severity\":\"error\",\"message\":\"say \\\"b\\\"\",\
         \"file\":\"a.csml\",\"line\":2,\"column\":2,\"endLine\":2,\"endColumn\":5,\"label\":\"\",\
         \"related\":[{\"file\":\"a.csml\",\"line\":1,\"column\":1,\"endLine\":1,\"endColumn\":2,\"label\":\"é\"}],\
         \"help\":[\"h\",\"did you mean `c\\\"d`?\"],\"notes\":[\"n\"],\"fixes\":[{\"message\":\
         \"did you mean `c\\\"d`?\",\"edits\":[{\"file\":\"a.csml\",\"line\":2,\"column\":2,\"endLine\":2,\
         \"endColumn\":5,\"replacement\":\"\\\"c\\\\\\\"d\\\"\"}]}]}"
    );
    assert_eq!(
        failure_to_json_line("a.csml", "cannot read it"),
        "{\"record\":\"failure\",\"file\":\"a.csml\",\"message\":\"cannot read it\"}"
    );
    assert_eq!(
        tally_to_json_line(&Tally { files: 3, failures: 1, errors: 2, warnings: 0 }),
        "{\"record\":\"summary\",\"format\":1,\"files\":3,\"failures\":1,\"errors\":2,\"warnings\":0}"
    );
}

#[test]
fn summaries() {
    let (_, id) = sources("");
    let mut diagnostics = Diagnostics::new();
    assert_eq!(summary(&diagnostics), "");
    diagnostics.push(Diagnostic::new(&WARN, span(id, 0, 0), ""));
    assert_eq!(summary(&diagnostics), "1 warning");
    diagnostics.push(Diagnostic::new(&RULE, span(id, 0, 0), ""));
    diagnostics.push(Diagnostic::new(&RULE, span(id, 0, 0), ""));
    assert_eq!(summary(&diagnostics), "2 errors, 1 warning");
    assert_eq!(Tally::default().words(), "ok");
    let tally = Tally { files: 4, failures: 2, errors: 1, warnings: 0 };
    assert_eq!(tally.words(), "1 error, 2 could not be read");
}
