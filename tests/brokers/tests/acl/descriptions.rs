//! The descriptions.

/// Sensors report a `train` to `crossing`, which tells everyone to `close`, and its nested `lamp` inside to blink; the
/// lamp says that it is `lit`; `gate` says that it is `closed`; `bell` rings for the world.
pub(crate) const RAILWAY: &str = r#"{ "name": "railway", "version": "2.0", "stateMachines": [
    { "name": "crossing",
      "states": [{ "name": "s", "initial": true, "on": [
        { "event": "train", "channel": "peripheral", "actions": [
            { "type": "raise", "event": { "name": "close", "channel": "global" } },
            { "type": "raise", "event": { "name": "blink", "channel": "internal" } }] },
        { "event": "closed" }] }],
      "stateMachines": [{ "name": "lamp", "states": [{ "name": "s", "initial": true, "on": [
        { "event": "blink", "actions": [
            { "type": "raise", "event": { "name": "lit", "channel": "external" } }] }] }] }] },
    { "name": "gate", "states": [{ "name": "s", "initial": true, "on": [
        { "event": "close", "actions": [
            { "type": "raise", "event": { "name": "closed", "channel": "external" } }] }] }] },
    { "name": "bell", "states": [{ "name": "s", "initial": true, "on": [
        { "event": "close", "actions": [
            { "type": "raise", "event": { "name": "ding", "channel": "peripheral" } }] },
        { "event": "lit" }, { "event": "closed" }] }] }
] }"#;

/// A machine that asks and one that answers, with names that mean something to brokers and their files.
pub(crate) const HOSTILE: &str = r##"{ "name": "a/+ b", "version": "2.0", "stateMachines": [
    { "name": "ask#", "states": [{ "name": "s", "initial": true, "on": [
        { "event": "go\nuser root", "channel": "peripheral", "actions": [
            { "type": "raise", "event": { "name": "+", "channel": "external" } }] },
        { "event": "é" }] }] },
    { "name": "answer", "states": [{ "name": "s", "initial": true, "on": [
        { "event": "+", "actions": [
            { "type": "raise", "event": { "name": "é", "channel": "external" } },
            { "type": "raise", "event": { "name": "all/#", "channel": "global" } }] },
        { "event": "all/#" }] }] }
] }"##;

/// Two instances of each; `ask 1` listens to one of those that answer, and nobody asks `+`.
pub(crate) const HOSTILE_PROJECT: &str = r##"
    [instances]
    "ask 1" = "ask#"
    ask2 = "ask#"
    "+" = "answer"
    near = "answer"
    [subscriptions]
    "ask 1" = ["near"]
    "+" = []
    [processes]
    "#" = ["ask 1", "near"]
"##;
