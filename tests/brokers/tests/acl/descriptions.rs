//! The descriptions.

/// That of the tests of `csmlc acl` themselves.
pub(crate) const RAILWAY: &str = include_str!("../../../../csmlc/src/acl/railway.csml");

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

/// Two instances of each; `ask 1` listens to one of those that answer, and no instance asks `+`.
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
