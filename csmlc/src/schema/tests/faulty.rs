//! One description for each kind of mistake in structure: refused by the schema at its place, and by the compiler.

use super::{errors, plain, refusals, validator};

/// A description with further members in its root.
fn root(members: &str) -> String {
    format!(r#"{{"name":"d","version":"2.0",{members},"stateMachines":[{{"name":"m","states":[{S}]}}]}}"#)
}

/// A state that nothing is wrong with.
const S: &str = r#"{"name":"s","initial":true}"#;

/// A description with this machine.
fn machine(machine: &str) -> String {
    format!(r#"{{"name":"d","version":"2.0","stateMachines":[{machine}]}}"#)
}

/// A description with further members in its machine.
fn in_machine(members: &str) -> String {
    machine(&format!(r#"{{"name":"m","states":[{S}],{members}}}"#))
}

/// A description with further members in its state.
fn state(members: &str) -> String {
    machine(&format!(r#"{{"name":"m","states":[{{"name":"s","initial":true,{members}}}]}}"#))
}

/// A description with this entry action.
fn action(action: &str) -> String {
    state(&format!(r#""entry":[{action}]"#))
}

/// A description with these members in a transition.
fn on(members: &str) -> String {
    state(&format!(r#""on":[{{"event":"e","channel":"peripheral",{members}}}]"#))
}

const MACHINE: &str = "/stateMachines/0";
const STATE: &str = "/stateMachines/0/states/0";
const ACTION: &str = "/stateMachines/0/states/0/entry/0";
const ON: &str = "/stateMachines/0/states/0/on/0";
const AFTER: &str = "/stateMachines/0/states/0/after/0";

/// What is wrong, the description, and where the schema says that it is wrong.
fn mistakes() -> Vec<(&'static str, String, String)> {
    let at = |place: &str, rest: &str| format!("{place}{rest}");
    vec![
        ("the root is a list", "[]".to_owned(), String::new()),
        ("the root has no name", r#"{"version":"2.0","stateMachines":[]}"#.to_owned(), String::new()),
        (
            "the root has no version",
            machine(&format!(r#"{{"name":"m","states":[{S}]}}"#)).replace(r#""version":"2.0","#, ""),
            String::new(),
        ),
        ("there is no list of machines", r#"{"name":"d","version":"2.0"}"#.to_owned(), String::new()),
        (
            "there is no machine",
            r#"{"name":"d","version":"2.0","stateMachines":[]}"#.to_owned(),
            "/stateMachines".to_owned(),
        ),
        ("the root has an unknown keyword", root(r#""states":[]"#), String::new()),
        ("the root has static data", root(r#""staticData":[]"#), String::new()),
        (
            "the version is unknown",
            root(r#""memoryMode":"shared""#).replace("2.0", "2.1"),
            "/version".to_owned(),
        ),
        (
            "the version is a number",
            root(r#""memoryMode":"shared""#).replace(r#""2.0""#, "2.0"),
            "/version".to_owned(),
        ),
        ("the memory mode is unknown", root(r#""memoryMode":"local""#), "/memoryMode".to_owned()),
        ("the schema is no string", root(r#""$schema":true"#), "/$schema".to_owned()),
        ("data are a string", root(r#""localData":"n""#), "/localData".to_owned()),
        ("data are an object without variables", root(r#""localData":{}"#), "/localData".to_owned()),
        ("data are an object of names", root(r#""localData":{"n":"0"}"#), "/localData".to_owned()),
        (
            "two spellings of one keyword",
            root(r#""localData":[],"localContext":[]"#),
            "/localData".to_owned(),
        ),
        ("a variable is a string", root(r#""localData":["n"]"#), "/localData/0".to_owned()),
        ("a variable has no value", root(r#""localData":[{"name":"n"}]"#), "/localData/0".to_owned()),
        (
            "a variable has a type",
            root(r#""localData":[{"name":"n","value":"0","type":"int"}]"#),
            "/localData/0".to_owned(),
        ),
        (
            "an expression is a list",
            root(r#""localData":[{"name":"n","value":[0]}]"#),
            "/localData/0/value".to_owned(),
        ),
        (
            "an expression is null",
            root(r#""localData":[{"name":"n","value":null}]"#),
            "/localData/0/value".to_owned(),
        ),
        (
            "an expression is an unknown object",
            root(r#""localData":[{"name":"n","value":{"text":"0"}}]"#),
            "/localData/0/value".to_owned(),
        ),
        ("a machine has no states", machine(r#"{"name":"m"}"#), MACHINE.to_owned()),
        (
            "a machine is an object by name",
            r#"{"name":"d","version":"2.0","stateMachines":{"m":{}}}"#.to_owned(),
            "/stateMachines".to_owned(),
        ),
        ("a machine has an unknown keyword", in_machine(r#""initial":"s""#), MACHINE.to_owned()),
        ("states are an object", machine(r#"{"name":"m","states":{}}"#), at(MACHINE, "/states")),
        ("a base is a list", in_machine(r#""extends":["b"]"#), at(MACHINE, "/extends")),
        ("an abstract flag is a string", in_machine(r#""abstract":"yes""#), at(MACHINE, "/abstract")),
        (
            "two spellings of abstract",
            in_machine(r#""abstract":false,"isAbstract":false"#),
            at(MACHINE, "/abstract"),
        ),
        ("a virtual machine", in_machine(r#""virtual":true"#), MACHINE.to_owned()),
        (
            "a named action has no name",
            in_machine(r#""actions":[{"type":"delete","variable":"n"}]"#),
            at(MACHINE, "/actions/0"),
        ),
        ("a named action is a string", in_machine(r#""actions":["a"]"#), at(MACHINE, "/actions/0")),
        (
            "a named guard has no name",
            in_machine(r#""guards":[{"expression":"true"}]"#),
            at(MACHINE, "/guards/0"),
        ),
        ("a named guard is a string", in_machine(r#""guards":["true"]"#), at(MACHINE, "/guards/0")),
        ("a state has no name", machine(r#"{"name":"m","states":[{"initial":true}]}"#), STATE.to_owned()),
        ("a state is a string", machine(r#"{"name":"m","states":["s"]}"#), STATE.to_owned()),
        ("a state has an unknown keyword", state(r#""onEntry":[]"#), STATE.to_owned()),
        ("a flag is a string", state(r#""terminal":"false""#), at(STATE, "/terminal")),
        (
            "a list of actions is one action",
            state(r#""entry":{"type":"delete","variable":"n"}"#),
            at(STATE, "/entry"),
        ),
        (
            "a list of transitions is an object by event",
            state(r#""on":{"e":{"target":"s"}}"#),
            at(STATE, "/on"),
        ),
        (
            "a nested machine is wrong",
            machine(&format!(r#"{{"name":"m","states":[{S},{{"name":"n","states":[{{"name":1}}]}}]}}"#)),
            at(MACHINE, "/states/1/states/0/name"),
        ),
        ("a transition has no event", state(r#""on":[{"target":"s"}]"#), ON.to_owned()),
        (
            "an always transition has an event",
            state(r#""always":[{"event":"e","target":"s"}]"#),
            at(STATE, "/always/0"),
        ),
        ("a channel is unknown", state(r#""on":[{"event":"e","channel":"outside"}]"#), at(ON, "/channel")),
        ("a target is a list", on(r#""target":["s"]"#), at(ON, "/target")),
        ("guards are a string", on(r#""guards":"true""#), at(ON, "/guards")),
        ("a guard is a list", on(r#""guards":[[]]"#), at(ON, "/guards/0")),
        ("a guard is empty", on(r#""guards":[{}]"#), at(ON, "/guards/0")),
        (
            "a guard has both forms",
            on(r#""guards":[{"reference":"g","expression":"true"}]"#),
            at(ON, "/guards/0"),
        ),
        (
            "a guard is an action",
            on(r#""guards":[{"expression":"true","type":"assign"}]"#),
            at(ON, "/guards/0"),
        ),
        ("an action is a number", action("1"), ACTION.to_owned()),
        ("an action has no type", action(r#"{"variable":"n","value":"1"}"#), ACTION.to_owned()),
        ("a type is unknown", action(r#"{"type":"set","variable":"n","value":"1"}"#), at(ACTION, "/type")),
        ("a type is no string", action(r#"{"type":["raise"]}"#), at(ACTION, "/type")),
        ("a lock", action(r#"{"type":"lock"}"#), at(ACTION, "/type")),
        (
            "a timer out of place",
            action(r#"{"type":"timeout","delay":"1","actions":[]}"#),
            at(ACTION, "/type"),
        ),
        ("a use with more than a name", action(r#"{"reference":"a","value":"1"}"#), ACTION.to_owned()),
        ("invoke without a service", action(r#"{"type":"invoke"}"#), ACTION.to_owned()),
        (
            "invoke with an event",
            action(r#"{"type":"invoke","serviceType":"s","event":"e"}"#),
            ACTION.to_owned(),
        ),
        (
            "outputs are variables",
            action(r#"{"type":"invoke","serviceType":"s","output":[{"name":"n","value":"1"}]}"#),
            at(ACTION, "/output/0"),
        ),
        (
            "done is one event",
            action(r#"{"type":"invoke","serviceType":"s","done":{"name":"e","channel":"global"}}"#),
            at(ACTION, "/done"),
        ),
        (
            "a property has no value",
            action(r#"{"type":"invoke","serviceType":"s","properties":[{"name":"p"}]}"#),
            at(ACTION, "/properties/0"),
        ),
        (
            "a property is a list",
            action(r#"{"type":"invoke","serviceType":"s","properties":{"p":[]}}"#),
            at(ACTION, "/properties/p"),
        ),
        (
            "a known property is negative",
            action(r#"{"type":"invoke","serviceType":"s","properties":{"retries":-1}}"#),
            at(ACTION, "/properties/retries"),
        ),
        (
            "a known property of a list is no number",
            action(r#"{"type":"invoke","serviceType":"s","properties":[{"name":"timeoutMs","value":true}]}"#),
            at(ACTION, "/properties/0/value"),
        ),
        ("create has a name only", action(r#"{"type":"create","variable":"n"}"#), at(ACTION, "/variable")),
        ("assign has no value", action(r#"{"type":"assign","variable":"n"}"#), ACTION.to_owned()),
        (
            "assign has two values",
            action(r#"{"type":"assign","variable":{"name":"n","value":"1"},"value":"2"}"#),
            at(ACTION, "/value"),
        ),
        (
            "assign has two names",
            action(r#"{"type":"assign","variable":{"name":"n","reference":"n"},"value":"2"}"#),
            at(ACTION, "/variable/name"),
        ),
        ("delete with a value", action(r#"{"type":"delete","variable":"n","value":"2"}"#), ACTION.to_owned()),
        ("raise without an event", action(r#"{"type":"raise"}"#), ACTION.to_owned()),
        ("raise by name", action(r#"{"type":"raiseEvent","event":"e"}"#), at(ACTION, "/event")),
        (
            "an event has no channel",
            action(r#"{"type":"raiseEvent","event":{"name":"e"}}"#),
            at(ACTION, "/event"),
        ),
        (
            "an event has a target",
            action(r#"{"type":"raiseEvent","event":{"name":"e","channel":"global","target":"m"}}"#),
            at(ACTION, "/event"),
        ),
        ("a timer is reset without its name", action(r#"{"type":"timeoutReset"}"#), ACTION.to_owned()),
        ("match without cases", action(r#"{"type":"match","value":"1"}"#), ACTION.to_owned()),
        (
            "a case without actions",
            action(r#"{"type":"match","value":"1","cases":[{"case":"1"}]}"#),
            at(ACTION, "/cases/0"),
        ),
        (
            "a case with a list",
            action(r#"{"type":"match","value":"1","cases":[{"case":[1],"action":"a"}]}"#),
            at(ACTION, "/cases/0/case"),
        ),
        (
            "a default of a wrong action",
            action(r#"{"type":"match","value":"1","cases":[],"default":{"type":"raise"}}"#),
            at(ACTION, "/default"),
        ),
        ("a timer has no delay", state(r#""after":[{"actions":[]}]"#), AFTER.to_owned()),
        ("a timer has no actions", state(r#""after":[{"delay":"1"}]"#), AFTER.to_owned()),
        ("a transition has no delay", state(r#""after":[{"target":"s"}]"#), AFTER.to_owned()),
        (
            "a timer with a transition for an event",
            state(r#""after":[{"delay":"1","target":"s","event":"e"}]"#),
            AFTER.to_owned(),
        ),
        ("a delay is a list", state(r#""after":[{"delay":[1],"actions":[]}]"#), at(AFTER, "/delay")),
        (
            "another action among the timers",
            state(r#""after":[{"type":"delete","variable":"n"}]"#),
            at(AFTER, "/type"),
        ),
        (
            "a timer that assigns",
            state(r#""after":[{"delay":"1","action":{"type":"assign","variable":"n","value":"1"}}]"#),
            at(AFTER, "/action/type"),
        ),
    ]
}

#[test]
fn mistakes_are_found_at_their_place() {
    let validator = validator();
    let mistakes = mistakes();
    assert!(mistakes.len() >= 40);
    for (what, description, place) in mistakes {
        let errors = errors(&validator, &plain(&description));
        assert!(errors.iter().any(|(at, _)| *at == place), "{what} ({place}): {errors:#?}");
        // A list of everything that it might have been would not help.
        assert!(errors.len() <= 3, "{what}: {errors:#?}");
        assert_ne!(refusals(&description), [], "{what}");
    }
}

/// What is wrong only if the whole description is known is left to the compiler.
#[test]
fn what_needs_the_whole_description_is_left_to_the_compiler() {
    let validator = validator();
    let descriptions = [
        ("CSML0202", machine(r#"{"name":"m","states":[]}"#)),
        ("CSML0203", machine(r#"{"name":"m","states":[{"name":"s"}]}"#)),
        ("CSML0211", root(r#""localData":[{"name":"n","value":"0"},{"name":"n","value":"1"}]"#)),
        ("CSML0205", on(r#""target":"elsewhere""#)),
        ("CSML0206", action(r#"{"type":"assign","variable":"n","value":"1"}"#)),
        ("CSML0207", action(r#"{"type":"timeoutReset","action":"t"}"#)),
        ("CSML0121", action(r#""unknown""#)),
        ("CSML0122", on(r#""guards":[{"reference":"unknown"}]"#)),
    ];
    for (code, description) in descriptions {
        assert_eq!(errors(&validator, &plain(&description)), [], "{code}");
        let refusals = refusals(&description);
        assert!(refusals.iter().any(|(refused, _)| *refused == code), "{code}: {refusals:?}");
    }
}
