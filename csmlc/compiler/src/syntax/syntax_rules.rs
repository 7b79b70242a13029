//! What the syntax pass reports.

use crate::diagnostics::Rule;

/// All of them.
pub static RULES: &[&Rule] = &[
    &UNKNOWN_KEYWORD,
    &MISSING_KEYWORD,
    &WRONG_TYPE,
    &UNKNOWN_VALUE,
    &UNKNOWN_VERSION,
    &KEYWORD_TWICE,
    &LOCK,
    &UNKNOWN_MEMORY_MODE,
    &UNKNOWN_CHANNEL,
    &PROPERTY_TEXT,
];

pub(super) static UNKNOWN_KEYWORD: Rule = Rule::error(
    "CSML0101",
    "unknown-keyword",
    "Each construct has its own keywords. A keyword that the construct does not have is an error, because \
     it would otherwise be ignored silently.",
);

pub(super) static MISSING_KEYWORD: Rule = Rule::error(
    "CSML0102",
    "missing-keyword",
    "The keywords that the tables of the 2.0 text do not mark as optional are required. As an exception, \
     `stateMachines` of a machine and `target` of a transition may be left out, as the listings and the \
     prose of the 2.0 text show.",
);

pub(super) static WRONG_TYPE: Rule = Rule::error(
    "CSML0103",
    "wrong-json-type",
    "The value has a JSON type that its keyword does not take. An expression is a string, such as \"n + 1\"; a \
     number, `true` and `false` may be written without quotes. The string five is \"'five'\".",
);

pub(super) static UNKNOWN_VALUE: Rule = Rule::error(
    "CSML0104",
    "unknown-value",
    "The `type` of an action is one of a fixed set of words (2.0, Action). A number in `properties` must \
     fit into 64 bits.",
);

pub(super) static UNKNOWN_VERSION: Rule = Rule::error(
    "CSML0105",
    "unknown-version",
    "The versions of CSML in JSON are \"0.1\", \"1.0\" and \"2.0\". All of them are read in the same way: the \
     keywords decide, not the version.",
);

pub(super) static KEYWORD_TWICE: Rule = Rule::error(
    "CSML0106",
    "keyword-twice",
    "Some keywords have two spellings, such as `localData` and `localContext`. An object may have only \
     one of them.",
);

pub(super) static LOCK: Rule = Rule::error(
    "CSML0107",
    "lock-action",
    "A step is a transaction: its reads and writes of persistent data are serialisable across the whole \
     application, so there is nothing to lock.",
);

pub(super) static UNKNOWN_MEMORY_MODE: Rule = Rule::error(
    "CSML0110",
    "unknown-memory-mode",
    "`memoryMode` is `distributed` or `shared` (2.0, Collaborative State Machine Memory Mode).",
);

pub(super) static UNKNOWN_CHANNEL: Rule = Rule::error(
    "CSML0111",
    "unknown-channel",
    "The channel of an event is `internal`, `external`, `global` (2.0, Event Channel) or `peripheral`.",
);

pub(super) static PROPERTY_TEXT: Rule = Rule::warning(
    "CSML0112",
    "property-text",
    "The value of a property is an expression as all values are, and constant. A string that is no constant expression \
     is the text itself, because descriptions in use write it so.",
);
