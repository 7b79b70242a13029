//! What environment data and open locals learn from their use in scripts, and the report of all types.

use super::{compile, lines, quoted, with};
use crate::{ir::types_report, types::Type};

#[test]
fn uses_in_scripts_tell_types() {
    let on = |guard: &str| {
        let more = format!(r#", "on": [{{"event": "e", "guards": [{}]}}]"#, quoted(guard));
        lines(&with(r#"["local", "i", "1"], ["local", "t", "''"]"#, "", &more), "event e").remove(0)
    };
    assert_eq!(on("var a = $v; a > 3"), "event e {v: float} open");
    assert_eq!(on("var g = a -> a + 1; g($v) > 1"), "event e {v: float} open");
    assert_eq!(on("$v.toUpperCase() == 'X'"), "event e {v: string} open");
    assert_eq!(on("$v =^ 'x'"), "event e {v: string} open");
    assert_eq!(on("$v =~ ['a', 'b']"), "event e {v: string} open");
    assert_eq!(on("math:sqrt($v) > 2"), "event e {v: float} open");
    assert_eq!(on("t.startsWith($v)"), "event e {v: string} open");
    assert_eq!(on("while ($v) { i++ } i > 1"), "event e {v: bool} open");
    assert_eq!(on("for (var a : 1..$v) { i += a } i > 1"), "event e {v: int} open");
    assert_eq!(on("($v & 3) == 1"), "event e {v: int} open");
    assert_eq!(on("($v ?? 3) == 1"), "event e {v?: float} open");
    assert_eq!(on("i = $v; i > 1"), "event e {v: int} open");
    assert_eq!(on("var l = [1]; l.add($v)"), "event e {v: int} open");
    assert_eq!(on("if ($v) { return $w } false"), "event e {v: bool, w: bool} open");
}

#[test]
fn everything_is_reported_with_its_type() {
    let json = r#"{"data": [["local", "n", "0"]], "machines": [
        {"name": "a", "data": [["local", "threat", "false"]], "states": [{"name": "s", "initial": true,
          "entry": [{"assign": ["n", "'x'"]}, {"invoke": {"service": "detect", "input": {"size": "1"}, "output": ["threat"]}}],
          "on": [{"event": "e", "guards": ["$v > 1"]}]}]}]}"#;
    let (program, _) = compile(json);
    let rows = types_report(&program.unwrap());
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            format!("{}/{}: {}{}", row.owner, row.name, row.ty, if row.is_dynamic() { " !" } else { "" })
        })
        .collect();
    assert_eq!(
        found,
        ["/n: dynamic !", "/a/threat: bool", "e/v: float", "detect/size: int", "detect/threat: bool"]
    );
    let why = rows[0].why.as_ref().unwrap();
    assert_eq!((&why[0].0, &why[1].0), (&Type::Int, &Type::Text));
    assert!(rows[1..].iter().all(|row| row.why.is_none()));
}
