use super::*;
use csml_compiler::{
    Options, compile,
    placement::PlacementSettings,
    source::{Sources, Span},
};

/// Compared with a real broker as well: `tests/brokers`.
const RAILWAY: &str = include_str!("railway.csml");

fn program(text: &str, settings: impl FnOnce(Span) -> PlacementSettings) -> Program {
    let mut sources = Sources::new();
    let root = sources.add("t.csml", text);
    let placement = settings(Span::new(root, 0, 0));
    let options = Options { generate: false, placement, ..Options::default() };
    let (output, diagnostics) = compile(&sources, root, &options);
    output.unwrap_or_else(|| panic!("{diagnostics:?}")).program
}

fn acl(plan: &Plan) -> Result<String, String> {
    mosquitto(&program(RAILWAY, |_| PlacementSettings::default()), plan).map_err(|error| error.to_string())
}

fn pairs(pairs: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    pairs.iter().map(|(name, names)| ((*name).to_owned(), owned(names))).collect()
}

#[test]
fn a_user_for_each_instance_and_device() {
    let plan = Plan {
        source: "rail\nway.csml".to_owned(),
        devices: pairs(&[("track 7", &["train"]), ("horn", &["ding"])]),
        ..Plan::default()
    };
    insta::assert_snapshot!(acl(&plan).unwrap());
}

#[test]
fn a_user_for_each_process() {
    let plan = Plan {
        processes: pairs(&[("field", &["gate", "bell"])]),
        source: "r.csml".to_owned(),
        ..Plan::default()
    };
    insta::assert_snapshot!(acl(&plan).unwrap());
}

#[test]
fn subscriptions_are_respected() {
    let given = |text: &str, span: Span| csml_compiler::annotations::AnnotationText {
        text: text.to_owned(),
        span,
        verbatim: false,
    };
    let program = program(RAILWAY, |span| PlacementSettings {
        instances: [("one", "gate"), ("two", "gate"), ("bell", "bell"), ("crossing", "crossing")]
            .map(|(name, machine)| (given(name, span), given(machine, span)))
            .into(),
        subscriptions: vec![
            (given("crossing", span), vec![given("one", span)]),
            (given("bell", span), Vec::new()),
        ],
        ..PlacementSettings::default()
    });
    let text = mosquitto(&program, &Plan::default()).unwrap();
    let user = |name: &str| {
        let from = text.find(&format!("user {name}\n")).unwrap();
        text[from..].split("\n\n").next().unwrap().to_owned()
    };
    let crossing = user("crossing");
    assert!(crossing.contains("read csml/rail%20way/ev/one/closed\n"), "{crossing}");
    assert!(!crossing.contains("ev/two"), "{crossing}");
    let bell = user("bell");
    // Global events reach everyone who handles them.
    assert!(bell.contains("read csml/rail%20way/ev/crossing/close\n"), "{bell}");
    assert!(!bell.contains("/lit") && !bell.contains("/closed"), "{bell}");
    let two = user("two");
    assert!(two.contains("write csml/rail%20way/ev/two/closed\n"), "{two}");
    assert!(!two.contains("read csml/rail%20way/ack/bell"), "{two}");
}

#[test]
fn what_does_not_fit_is_said() {
    let cases: &[(Plan, &str)] = &[
        (
            Plan { processes: pairs(&[("a", &["gatte"])]), ..Plan::default() },
            "unknown instance `gatte` of process `a`; did you mean `gate`?",
        ),
        (
            Plan { processes: pairs(&[("a", &["gate"]), ("b", &["gate"])]), ..Plan::default() },
            "instance `gate` would be in two processes",
        ),
        (
            Plan { processes: pairs(&[("bell", &["gate"])]), ..Plan::default() },
            "two users would be named `bell`: rename one",
        ),
        (
            Plan { devices: pairs(&[("gate", &["train"])]), ..Plan::default() },
            "two users would be named `gate`: rename one",
        ),
        (
            Plan { devices: pairs(&[("d", &["trains"])]), ..Plan::default() },
            "unknown event `trains` of device `d`; did you mean `train`?",
        ),
        (
            Plan { devices: pairs(&[("d", &["closed"])]), ..Plan::default() },
            "event `closed` neither comes from outside nor leaves the application, so device `d` can neither send nor read it",
        ),
        (
            Plan { users: Users::Processes, processes: pairs(&[("a", &["gate"])]), ..Plan::default() },
            "instance `crossing` is in no process: name one in `[processes]` of csml.toml, or with --process",
        ),
        (
            Plan { users: Users::Instances, processes: pairs(&[("a", &["gate"])]), ..Plan::default() },
            "a user for each instance excludes processes: remove one of the two options",
        ),
    ];
    for (plan, expected) in cases {
        assert_eq!(acl(plan), Err((*expected).to_owned()));
    }
}

#[test]
fn one_memory_is_one_user() {
    let shared = RAILWAY.replace(r#""version": "2.0","#, r#""version": "2.0", "memoryMode": "shared","#);
    let program = program(&shared, |_| PlacementSettings::default());
    let refused = mosquitto(&program, &Plan::default()).map_err(|error| error.to_string());
    let expected = "all instances of `rail way` share one memory, and so one process: give it a name with --process \
                    NAME=crossing,gate,bell";
    assert_eq!(refused, Err(expected.to_owned()));
    let plan = Plan { processes: pairs(&[("all", &["crossing", "gate", "bell"])]), ..Plan::default() };
    let text = mosquitto(&program, &plan).unwrap();
    assert_eq!(text.matches("\nuser ").count(), 1);
    assert!(!text.contains("read csml/rail%20way/ev/"), "{text}");
}

#[test]
fn no_name_reaches_another_line_or_topic() {
    let evil = RAILWAY.replace("bell", "x/#\\nuser root").replace("ding", "+\\ntopic #");
    let program = program(&evil, |_| PlacementSettings::default());
    let text = mosquitto(&program, &Plan::default()).unwrap();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["user", _] => {}
            ["topic", "read" | "write", topic] => {
                assert!(topic.starts_with("csml/rail%20way/") && !topic.contains('#'), "{topic}");
                let wild = topic.split('/').filter(|level| level.contains('+'));
                assert!(wild.into_iter().all(|level| level == "+"), "{topic}");
            }
            _ => panic!("{line}"),
        }
    }
}

/// Many instances that all handle `tick`, of which every third also says `beat`, which all others hear.
fn many(count: usize) -> String {
    let machine = |number: usize| {
        let beat = match number % 3 {
            0 => {
                r#", "entry": [{ "type": "raiseEvent", "event": { "name": "beat", "channel": "external" } }]"#
            }
            _ => "",
        };
        format!(
            r#"{{ "name": "m{number}", "states": [{{ "name": "s", "initial": true{beat},
                "on": [{{ "event": "tick", "channel": "peripheral" }}, {{ "event": "beat" }}] }}] }}"#
        )
    };
    let machines: Vec<String> = (0..count).map(machine).collect();
    let machines = machines.join(",");
    format!(
        r#"{{ "name": "many", "version": "2.0", "memoryMode": "distributed", "stateMachines": [{machines}] }}"#
    )
}

#[test]
fn many_instances_are_read_by_wildcards_that_mean_the_same() {
    let text = |count: usize| {
        let program = program(&many(count), |_| PlacementSettings::default());
        mosquitto(&program, &Plan::default()).unwrap()
    };
    let few = text(20);
    assert!(!few.contains("/ack/+") && few.contains("topic read csml/many/ack/m19"), "{few}");
    let lines = |text: &str| text.lines().count();
    let (some, twice) = (text(100), text(200));
    assert!(some.contains("`+` stands for them"), "{some}");
    // One line for all, whether of those that acknowledge or of the third that raises `beat`.
    for topic in ["ack/+", "ev/+/beat", "syn/ev/+"] {
        assert_eq!(some.matches(&format!("topic read csml/many/{topic}\n")).count(), 100, "{topic}");
    }
    assert!(lines(&twice) < 2 * lines(&some), "{} lines, then {}", lines(&some), lines(&twice));
    // A wildcard allows to read only: what a user publishes is named.
    assert!(!some.lines().any(|line| line.starts_with("topic write") && line.contains('+')), "{some}");
}
