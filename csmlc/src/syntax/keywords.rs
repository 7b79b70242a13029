//! The keywords of each construct, with their other spellings (SEMANTICS 1, "Aliases").

/// A keyword.
#[derive(Debug)]
pub(crate) struct Keyword {
    /// Its spelling in the 2.0 text.
    pub(crate) name: &'static str,
    /// Its other spellings.
    pub(crate) aliases: &'static [&'static str],
}

/// A construct: what messages call it, and the keywords it may have.
#[derive(Debug)]
pub(crate) struct Construct {
    /// With its article.
    pub(crate) name: &'static str,
    /// Its keywords.
    pub(crate) keywords: &'static [Keyword],
}

impl Construct {
    /// The keyword that `key` spells.
    pub(crate) fn keyword(&self, key: &str) -> Option<&'static Keyword> {
        self.keywords.iter().find(|keyword| keyword.name == key || keyword.aliases.contains(&key))
    }
}

macro_rules! construct {
    ($id:ident: $name:literal { $($keyword:literal $(= $alias:literal)*),* $(,)? }) => {
        pub(crate) static $id: Construct = Construct {
            name: $name,
            keywords: &[$(Keyword { name: $keyword, aliases: &[$($alias),*] }),*],
        };
    };
}

construct!(DESCRIPTION: "a description" {
    "name", "version", "memoryMode", "stateMachines",
    "localData" = "localContext", "persistentData" = "persistentContext", "$schema",
});
construct!(DATA: "a data construct" { "variables" });
construct!(VARIABLE: "a variable" { "name", "value" });
construct!(VARIABLE_REFERENCE: "a variable reference" { "reference" });
construct!(EXPRESSION: "an expression" { "expression" });
construct!(MACHINE: "a state machine" {
    "name", "extends", "abstract" = "isAbstract", "states", "stateMachines", "actions", "guards",
    "localData" = "localContext", "persistentData" = "persistentContext",
});
construct!(STATE: "a state" {
    "name", "initial", "terminal", "abstract" = "isAbstract", "virtual" = "isVirtual", "entry", "exit", "while", "after", "on", "always",
    "localData" = "localContext", "persistentData" = "persistentContext", "staticData" = "staticContext",
});
construct!(ON: "an on-transition" { "event", "channel", "target", "guards", "actions", "else" });
construct!(TRANSITION: "a transition" { "target", "guards", "actions", "else" });
construct!(GUARD: "a guard" { "name", "expression" });
construct!(REFERENCE: "a reference" { "reference", "name" });
construct!(EVENT: "an event" { "name", "channel", "data" });
construct!(PROPERTY: "a property" { "name", "value" });
construct!(INVOKE: "an `invoke` action" {
    "type", "name", "serviceType", "local" = "isLocal", "input", "output", "done", "properties",
});
construct!(CREATE: "a `create` action" { "type", "name", "variable", "persistent" = "isPersistent" });
construct!(ASSIGN: "an `assign` action" { "type", "name", "variable", "value" });
construct!(ASSIGNED: "the variable of an `assign` action" { "name" = "reference", "value" });
construct!(DELETE: "a `delete` action" { "type", "name", "variable" });
construct!(RAISE: "a `raiseEvent` action" { "type", "name", "event" });
construct!(TIMEOUT: "a `timeout` action" { "type", "name", "delay", "actions" = "action" });
construct!(MATCH: "a `match` action" { "type", "name", "value", "cases" = "case", "default" });
construct!(CASE: "a case of a `match` action" { "name", "case", "actions" = "action" });
construct!(DEFAULT: "the default of a `match` action" { "name", "actions" = "action" });
construct!(TIMEOUT_RESET: "a `timeoutReset` action" { "type", "name", "action" });

/// All of them.
#[cfg(all(test, feature = "schema"))]
pub(crate) static ALL: [&Construct; 21] = [
    &DESCRIPTION,
    &DATA,
    &VARIABLE,
    &VARIABLE_REFERENCE,
    &EXPRESSION,
    &MACHINE,
    &STATE,
    &ON,
    &TRANSITION,
    &GUARD,
    &REFERENCE,
    &EVENT,
    &PROPERTY,
    &INVOKE,
    &CREATE,
    &ASSIGN,
    &ASSIGNED,
    &DELETE,
    &RAISE,
    &TIMEOUT,
    &TIMEOUT_RESET,
];
