use std::path::Path;

use crate::{
    Options, Output, compile, diagnostics::Diagnostics, project, source::Sources,
    tests::descriptions::MemoryFiles,
};

/// A description with machines `crossing`, with `lamp` nested in it, and `gate`.
fn compiled(mode: &str, toml: &str) -> (Option<Output>, Vec<String>) {
    let state = r#""states": [{ "name": "s", "initial": true }]"#;
    let text = format!(
        r#"{{ "name": "railway", "version": "2.0", "memoryMode": "{mode}", "stateMachines": [
            {{ "name": "crossing", {state}, "stateMachines": [{{ "name": "lamp", {state} }}] }},
            {{ "name": "gate", {state} }},
            {{ "name": "outline", "abstract": true, {state} }}
        ] }}"#
    );
    let mut sources = Sources::new();
    let root = sources.add("t.csml", text);
    let file = sources.add("csml.toml", toml);
    let mut diagnostics = Diagnostics::new();
    let project = project::take(&mut sources, file, Path::new(""), &MemoryFiles::default(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let options = Options { placement: project.placement, ..Options::default() };
    let (output, diagnostics) = compile(&sources, root, &options);
    // That no machine extends the abstract one is not the point.
    let found = diagnostics.iter().filter(|found| found.rule.code.starts_with("CSML062"));
    let said = found.map(|found| {
        let help = found.help.iter().chain(&found.notes).map(|help| format!(" | {help}")).collect::<String>();
        let place = sources.text(found.primary.span);
        format!("{} at {place}: {}{help}", found.rule.code.trim_start_matches("CSML"), found.message)
    });
    let said = said.collect();
    (output, said)
}

fn tables(toml: &str) -> String {
    let (output, said) = compiled("distributed", toml);
    assert_eq!(said, [""; 0], "{toml}");
    let tokens = output.unwrap().tokens.to_string().replace(char::is_whitespace, "");
    let from = tokens.find("pubstaticDESCRIPTION").unwrap();
    let table = tokens.get(from..).unwrap();
    table.split("};").next().unwrap().replace("rt::", "")
}

#[test]
fn nothing_said_is_nothing_in_the_tables() {
    let tables = tables("");
    assert!(!tables.contains("InstanceInfo") && !tables.contains("ProcessInfo"), "{tables}");
}

#[test]
fn instances_and_processes_are_in_the_tables() {
    let toml = r#"
        [instances]
        south = "gate"
        north = "gate"
        middle = "crossing"
        [subscriptions]
        north = ["middle", "middle"]
        south = []
        [processes]
        field = ["south", "north"]
    "#;
    let tables = tables(toml);
    for part in [
        "instances:&[InstanceInfo{name:\"south\",machine:2,subscribes:Some(&[])},\
         InstanceInfo{name:\"north\",machine:2,subscribes:Some(&[\"middle\"])},\
         InstanceInfo{name:\"middle\",machine:0,subscribes:None}]",
        "processes:&[ProcessInfo{name:\"field\",instances:&[\"north\",\"south\"]}]",
    ] {
        assert!(tables.contains(part), "{tables}");
    }
}

#[test]
fn subscriptions_alone_are_of_the_usual_instances() {
    let tables = tables("[subscriptions]\ngate = ['crossing']");
    let expected = "instances:&[InstanceInfo{name:\"crossing\",machine:0,subscribes:None},\
                    InstanceInfo{name:\"gate\",machine:2,subscribes:Some(&[\"crossing\"])}]";
    assert!(tables.contains(expected) && !tables.contains("ProcessInfo"), "{tables}");
}

#[test]
fn what_cannot_be_is_said() {
    let note = "instances are of top-level machines that are not abstract";
    for (toml, expected) in [
        (
            "[instances]\na = 'gatr'",
            format!("0620 at 'gatr': the description has no machine `gatr` | did you mean `gate`? | {note}"),
        ),
        ("[instances]\na = 'outline'", format!("0620 at 'outline': the description has no machine `outline` | {note}")),
        (
            "[instances]\na = 'lamp'",
            "0620 at 'lamp': machine `lamp` is nested in another one | it starts with every instance of `crossing`"
                .to_owned(),
        ),
        (
            "[processes]\nfield = ['gat']",
            "0621 at 'gat': the application has no instance `gat` | did you mean `gate`?".to_owned(),
        ),
        (
            "[instances]\nnorth = 'gate'\n[subscriptions]\ngate = ['north']",
            "0621 at gate: the application has no instance `gate`".to_owned(),
        ),
        (
            "[processes]\nfield = []",
            "0621 at field: process `field` has no instances | list at least one, or remove the process".to_owned(),
        ),
        (
            "[processes]\na = ['gate']\nb = ['gate']",
            "0622 at 'gate': instance `gate` is in process `a` already".to_owned(),
        ),
        (
            "[processes]\na = ['gate', 'gate']",
            "0622 at 'gate': instance `gate` is in process `a` already".to_owned(),
        ),
        ("[instances]\n'' = 'gate'", "0623 at '': the name of the instance is empty".to_owned()),
        ("[processes]\n'' = ['gate']", "0623 at '': the name of the process is empty".to_owned()),
        (
            "[instances]\n'a/b' = 'gate'",
            "0623 at 'a/b': the name of instance `a/b` contains `/` | `crossing/gate` is the machine `gate` nested in \
             the instance `crossing`"
                .to_owned(),
        ),
        (
            "[processes]\ngate = ['crossing']",
            "0623 at gate: process `gate` has the name of an instance that is not part of it | an instance that runs \
             alone is a process of its own name"
                .to_owned(),
        ),
    ] {
        let (output, said) = compiled("distributed", toml);
        assert_eq!(said, [expected], "{toml}");
        assert!(output.is_none());
    }
}

#[test]
fn one_memory_is_one_process() {
    let (_, said) = compiled("shared", "[processes]\nfield = ['gate']");
    assert!(
        said.len() == 1 && said[0].starts_with("0624 at field: `field` cannot run as a process"),
        "{said:?}"
    );
    let (output, said) = compiled("shared", "[instances]\na = 'gate'\nb = 'gate'");
    assert_eq!(said, [""; 0]);
    assert_eq!(output.unwrap().program.placement.instances.len(), 2);
}
