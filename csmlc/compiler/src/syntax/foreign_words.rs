//! Words that people bring along from other languages of state machines (SCXML, XState, UML tools), and what CSML has
//! in their place.

use super::keywords::{
    ASSIGN, Construct, DESCRIPTION, EVENT, GUARD, INVOKE, MACHINE, ON, RAISE, STATE, TIMED, TIMEOUT,
    TRANSITION, VARIABLE,
};

/// What CSML has in place of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instead {
    /// Another word, which takes the same value.
    Word(&'static str),
    /// Something else.
    Advice(&'static str),
}
use Instead::{Advice, Word};

/// Words with what there is instead of each of them.
type Table = &'static [(&'static [&'static str], Instead)];

const DATA: Instead =
    Advice("data are lists of variables in `localData`: [{ \"name\": \"n\", \"value\": \"0\" }]");
const COMMENT: Instead = Advice("write it as a comment: `// …`");
const VIRTUAL: Instead = Advice("only a state can be virtual; any machine can be extended");
const SUB_STATES: Instead = Advice(
    "CSML has no compound states: nest a machine in the machine, beside its list of states, as in \
     \"stateMachines\": [{ \"name\": \"inner\", \"states\": [{ \"name\": \"first\", \"initial\": true }] }]; it reacts to \
     the internal events of the machine around it",
);
const ONLY_STATES: Instead =
    Advice("a machine has no transitions and actions of its own: write them in each state that needs them");
const NOT_DECLARED: Instead = Advice(
    "events and services are not declared: `raiseEvent`, `on` and `invoke` name them where they are used",
);
const CHANNEL: Instead = Advice(
    "events have no address: `channel` decides who receives one, and a transition in `on` handles it by its name",
);
const TIMER: Instead = Advice(
    "only timers wait: an entry of the state's `after`, as in { \"delay\": \"1000\", \"actions\": [{ \"type\": \
     \"raiseEvent\", … }] }",
);
const PARTS_OF_THE_EVENT: Instead = Advice(
    "it belongs to the event: \"event\": { \"name\": \"e\", \"channel\": \"internal\", \"data\": […] }",
);

const OF_DESCRIPTION: Table = &[
    (&["id"], Word("name")),
    (&["machines", "machine", "children", "regions"], Word("stateMachines")),
    (
        &["states", "initial", "on", "entry", "exit", "always", "after", "actions", "guards"],
        Advice(
            "states belong to a machine, and machines to the description: \"stateMachines\": [{ \"name\": \"m\", \
             \"states\": […] }]",
        ),
    ),
    (&["staticData", "staticContext"], Advice("only a state has static data")),
    (&["context", "data", "datamodel", "variables"], DATA),
    (&["events", "services"], NOT_DECLARED),
    (&["description", "comment", "meta", "doc"], COMMENT),
    (&["extends"], Advice("only a machine can extend another one, not a description")),
];

const OF_MACHINE: Table = &[
    (&["id", "key"], Word("name")),
    (&["machines", "children", "regions"], Word("stateMachines")),
    (
        &["initial", "initialState", "start", "startState"],
        Advice("the initial state says so itself: \"initial\": true beside its name"),
    ),
    (
        &["type", "parallel"],
        Advice("machines of one list `stateMachines` always run side by side, and a machine has no type"),
    ),
    (&["on", "always", "after", "entry", "exit", "while", "transitions", "terminal", "final"], ONLY_STATES),
    (&["staticData", "staticContext"], Advice("only a state has static data")),
    (&["context", "data", "datamodel", "variables"], DATA),
    (&["events", "services"], NOT_DECLARED),
    (&["description", "comment", "meta", "tags", "doc"], COMMENT),
    (&["virtual", "isVirtual"], VIRTUAL),
];

const OF_STATE: Table = &[
    (&["id", "key"], Word("name")),
    (&["final", "isFinal", "end"], Word("terminal")),
    (&["start"], Word("initial")),
    (&["onentry", "onenter", "enter"], Word("entry")),
    (&["onexit", "onleave", "leave"], Word("exit")),
    (&["do", "activity", "activities"], Word("while")),
    (&["transitions", "transition"], Word("on")),
    (&["timers", "timeouts", "timer", "timeout"], Word("after")),
    (&["states", "substates", "children", "regions", "machines", "stateMachines", "parallel"], SUB_STATES),
    (
        &["history"],
        Advice("CSML has no history states: keep what is to be remembered in a variable of the machine"),
    ),
    (
        &["type"],
        Advice(
            "a state has no type: the first one has \"initial\": true, a final one \"terminal\": true, and in place of \
             compound, parallel and history states there are nested machines",
        ),
    ),
    (
        &["invoke", "services"],
        Advice("call a service with an action of `entry`: { \"type\": \"invoke\", \"serviceType\": \"…\" }"),
    ),
    (&["ondone"], Advice("raise an internal event where the work ends, and handle it in `on`")),
    (&["context", "data", "datamodel", "variables"], DATA),
    (&["description", "comment", "meta", "tags", "doc"], COMMENT),
];

const OF_TRANSITION: Table = &[
    (
        &["cond", "condition", "conditions", "if", "when", "in"],
        Advice("conditions are expressions in the list `guards`: \"guards\": [\"n > 0\"]"),
    ),
    (&["to", "next", "goto", "destination", "dest", "nextState"], Word("target")),
    (&["otherwise"], Word("else")),
    (&["do", "effect", "effects", "execute", "perform"], Word("actions")),
    (
        &["internal", "external", "reenter"],
        Advice(
            "a transition without `target` stays in its state; one whose `target` is its own state leaves and enters it",
        ),
    ),
    (&["from", "source"], Advice("a transition is written in the state that it leaves")),
    (&["description", "comment", "meta", "doc"], COMMENT),
];

const OF_UNTIMED: Table = &[(&["delay", "after"], TIMER)];

const OF_ON: Table = &[
    (&["name", "trigger", "signal", "type", "id", "on"], Word("event")),
    (
        &["data", "payload"],
        Advice("the data of the event need no declaration: expressions read them as `$name`"),
    ),
];

const OF_ALWAYS: Table = &[(
    &["event", "channel"],
    Advice("a transition of `always` has no event: write one with an event in `on`"),
)];

const OF_INVOKE: Table = &[
    (&["src", "call", "function", "method"], Word("serviceType")),
    (&["id"], Word("name")),
    (&["parameters", "params", "args", "arguments", "data"], Word("input")),
    (&["result", "results", "returns"], Word("output")),
    (
        &["ondone", "then"],
        Advice("`done` lists the events to raise: [{ \"name\": \"done\", \"channel\": \"internal\" }]"),
    ),
    (
        &["onerror", "error", "catch"],
        Advice(
            "a service that has failed raises the internal event `error.invoke.<serviceType>`: handle it in `on`",
        ),
    ),
    (
        &["timeout", "retries", "retry", "backoff"],
        Advice("write it in `properties`, which has `timeoutMs`, `retries` and `backoffMs`"),
    ),
];

const OF_RAISE: Table = &[
    (&["channel", "data"], PARTS_OF_THE_EVENT),
    (&["to", "target", "receiver"], CHANNEL),
    (&["delay", "after"], TIMER),
];

const OF_EVENT: Table = &[
    (&["id", "type", "event"], Word("name")),
    (&["params", "parameters", "payload", "args", "arguments"], Word("data")),
    (&["to", "target", "receiver"], CHANNEL),
    (&["delay", "after"], TIMER),
];

const OF_TIMED: Table =
    &[(&["time", "duration", "interval", "timeout", "after", "every", "ms", "delayMs"], Word("delay"))];

const OF_TIMEOUT: Table = &[
    (
        &["target", "guards", "else"],
        Advice("a timer with a transition is written in the list `after` of its state"),
    ),
    (&["do", "then"], Word("actions")),
    (
        &["event", "raise"],
        Advice(
            "the actions of a timer raise events: \"actions\": [{ \"type\": \"raiseEvent\", \"event\": { \"name\": \
             \"e\", \"channel\": \"internal\" } }]",
        ),
    ),
    (
        &["repeat", "once", "periodic"],
        Advice(
            "a timer fires again after each further delay until its state is left: to fire once, let the event that \
             it raises leave the state",
        ),
    ),
];

const OF_ASSIGN: Table =
    &[(&["location", "target", "key"], Word("variable")), (&["expr", "expression", "to"], Word("value"))];

const OF_VARIABLE: Table = &[
    (&["id", "key"], Word("name")),
    (&["expr", "expression", "default", "initial", "initialValue", "init"], Word("value")),
    (
        &["type"],
        Advice(
            "types follow from the expressions; where one must be set, `csml.toml` sets it (docs/typing.md)",
        ),
    ),
];

const OF_GUARD: Table = &[(&["expr", "condition", "cond", "value", "code"], Word("expression"))];

static TABLES: &[(&Construct, &[Table])] = &[
    (&DESCRIPTION, &[OF_DESCRIPTION]),
    (&MACHINE, &[OF_MACHINE]),
    (&STATE, &[OF_STATE]),
    (&ON, &[OF_ON, OF_TRANSITION, OF_UNTIMED]),
    (&TRANSITION, &[OF_ALWAYS, OF_TRANSITION, OF_UNTIMED]),
    (&INVOKE, &[OF_INVOKE]),
    (&RAISE, &[OF_RAISE]),
    (&EVENT, &[OF_EVENT]),
    (&TIMEOUT, &[OF_TIMED, OF_TIMEOUT]),
    (&TIMED, &[OF_TIMED, OF_TRANSITION]),
    (&ASSIGN, &[OF_ASSIGN]),
    (&VARIABLE, &[OF_VARIABLE]),
    (&GUARD, &[OF_GUARD]),
];

/// What a construct has in place of a keyword that it does not have.
pub(super) fn keyword(key: &str, construct: &Construct) -> Option<Instead> {
    let (_, tables) = TABLES.iter().find(|(of, _)| of.name == construct.name)?;
    tables.iter().find_map(|table| find(table, key))
}

/// Whether something is missing from the description where such a word is refused.
pub(super) fn leaves_gap(instead: Instead) -> bool {
    instead != COMMENT && instead != VIRTUAL
}

const ACTION_TYPES: Table = &[
    (
        &["log", "print", "trace", "console", "debug"],
        Advice(
            "CSML has no action that writes a log: `--trace text` shows each step, and a log of your own is a service \
             of yours, called with `invoke`",
        ),
    ),
    (
        &[
            "send",
            "sendTo",
            "sendParent",
            "emit",
            "publish",
            "forward",
            "forwardTo",
            "respond",
            "fire",
            "dispatch",
        ],
        Word("raiseEvent"),
    ),
    (&["event", "notify", "signal", "throw"], Word("raiseEvent")),
    (&["set", "update", "let", "compute"], Word("assign")),
    (&["call", "service", "request"], Word("invoke")),
    (&["unset", "remove"], Word("delete")),
    (&["switch", "choose"], Word("match")),
    (
        &["if", "else", "elseif", "while", "for", "foreach", "loop", "repeat"],
        Advice(
            "a condition is a guard of a transition or a `match` action; loops are written in the expression of an \
             `assign`, as in \"for (x : list) { … }\"",
        ),
    ),
    (
        &["script", "eval", "execute", "exec", "run", "code", "function"],
        Advice("a script is an expression: the `value` of an `assign`, as in \"var n = 1; n + 1\""),
    ),
    (&["wait", "delay", "sleep", "after", "timer", "every"], TIMER),
    (
        &["cancel", "stop", "clearTimeout"],
        Advice("a timer stops when its state is left; `timeoutReset` starts it again"),
    ),
    (
        &["spawn", "spawnChild", "start", "fork"],
        Advice("machines are not started by actions: nested machines run as long as the machine around them"),
    ),
    (
        &["transition", "goto", "goTo", "changeState"],
        Advice("actions do not change the state: raise an event, and handle it with a transition in `on`"),
    ),
];

/// What there is in place of a `type` of an action that there is not.
pub(super) fn action_type(word: &str) -> Option<Instead> {
    find(ACTION_TYPES, word)
}

/// The spelling in capitals and with separators does not matter.
fn find(table: Table, word: &str) -> Option<Instead> {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
    };
    let word = letters(word);
    let holds = |words: &&[&str]| words.iter().any(|other| letters(other) == word);
    table.iter().find(|(words, _)| holds(words)).map(|(_, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::action::TYPES;

    /// Every word of a table, with what there is instead.
    fn entries<'t>(tables: &'t [Table]) -> impl Iterator<Item = (&'static str, Instead)> + 't {
        let rows = tables.iter().flat_map(|table| table.iter());
        rows.flat_map(|(words, instead)| words.iter().map(|word| (*word, *instead)))
    }

    #[test]
    fn what_is_proposed_exists_and_what_exists_is_not_foreign() {
        for (construct, tables) in TABLES {
            for (word, instead) in entries(tables) {
                assert!(construct.keyword(word).is_none(), "{word} of {}", construct.name);
                if let Word(keyword) = instead {
                    assert!(construct.keyword(keyword).is_some(), "{keyword} of {}", construct.name);
                }
            }
        }
        let known = |word: &str| TYPES.iter().any(|(known, _)| *known == word);
        for (word, instead) in entries(&[ACTION_TYPES]) {
            assert!(!known(word), "{word}");
            assert!(!matches!(instead, Word(other) if !known(other)), "{instead:?}");
        }
    }

    #[test]
    fn capitals_and_separators_do_not_matter() {
        assert_eq!(keyword("onEntry", &STATE), Some(Word("entry")));
        assert_eq!(keyword("on_exit", &STATE), Some(Word("exit")));
        assert_eq!(keyword("kettle", &STATE), None);
    }
}
