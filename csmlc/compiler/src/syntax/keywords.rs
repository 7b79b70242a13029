//! The keywords of each construct, with their other spellings (docs/semantics.md#1-descriptions).

/// A keyword.
#[derive(Debug)]
pub struct Keyword {
    /// Its spelling in the 2.0 text.
    pub name: &'static str,
    /// Its other spellings.
    pub aliases: &'static [&'static str],
}

/// A construct: what messages call it, and the keywords it may have.
#[derive(Debug)]
pub struct Construct {
    /// With its article.
    pub name: &'static str,
    /// Its keywords.
    pub keywords: &'static [Keyword],
}

impl Construct {
    /// The keyword that `key` spells.
    pub fn keyword(&self, key: &str) -> Option<&'static Keyword> {
        self.keywords.iter().find(|keyword| keyword.name == key || keyword.aliases.contains(&key))
    }
}

macro_rules! constructs {
    ($($id:ident: $name:literal { $($keyword:literal $(= $alias:literal)*),* $(,)? };)*) => {
        $(
            #[doc = $name]
            pub static $id: Construct = Construct {
            name: $name,
            keywords: &[$(Keyword { name: $keyword, aliases: &[$($alias),*] }),*],
        };
        )*

        /// All of them.
        pub static ALL: &[&Construct] = &[$(&$id),*];
    };
}

constructs! {
    DESCRIPTION: "a description" {
        "name", "version", "memoryMode", "stateMachines",
        "localData" = "localContext", "persistentData" = "persistentContext", "$schema",
    };
    DATA: "a data construct" { "variables" };
    VARIABLE: "a variable" { "name", "value" };
    VARIABLE_REFERENCE: "a variable reference" { "reference" };
    EXPRESSION: "an expression" { "expression" };
    MACHINE: "a state machine" {
        "name", "extends", "abstract" = "isAbstract", "states", "stateMachines", "actions", "guards",
        "localData" = "localContext", "persistentData" = "persistentContext",
    };
    STATE: "a state" {
        "name", "initial", "terminal", "abstract" = "isAbstract", "virtual" = "isVirtual",
        "entry", "exit", "while", "after", "on", "always",
        "localData" = "localContext", "persistentData" = "persistentContext", "staticData" = "staticContext",
    };
    ON: "an on-transition" { "event", "channel", "target", "guards", "actions", "else" };
    TRANSITION: "a transition" { "target", "guards", "actions", "else" };
    GUARD: "a guard" { "name", "expression" };
    REFERENCE: "a reference" { "reference", "name" };
    EVENT: "an event" { "name", "channel", "data" };
    PROPERTY: "a property" { "name", "value" };
    INVOKE: "an `invoke` action" {
        "type", "name", "serviceType", "local" = "isLocal", "input", "output", "done", "properties",
    };
    OUTPUT: "a data construct of outputs" { "variables" };
    CREATE: "a `create` action" { "type", "name", "variable", "persistent" = "isPersistent" };
    ASSIGN: "an `assign` action" { "type", "name", "variable", "value" };
    ASSIGNED: "the variable of an `assign` action" { "name" = "reference", "value" };
    DELETE: "a `delete` action" { "type", "name", "variable" };
    RAISE: "a `raiseEvent` action" { "type", "name", "event" };
    TIMEOUT: "a `timeout` action" { "type", "name", "delay", "actions" = "action" };
    TIMED: "a timer with a transition" { "type", "name", "delay", "target", "guards", "actions", "else" };
    MATCH: "a `match` action" { "type", "name", "value", "cases" = "case", "default" };
    CASE: "a case of a `match` action" { "name", "case", "actions" = "action" };
    DEFAULT: "the default of a `match` action" { "name", "actions" = "action" };
    TIMEOUT_RESET: "a `timeoutReset` action" { "type", "name", "action" };
}
