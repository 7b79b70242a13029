//! Rules about type annotations and the project file (codes 06).

use crate::diagnostics::Rule;

/// The project file is no TOML.
pub(crate) static TOML_SYNTAX: Rule = Rule::error(
    "CSML0601",
    "project-file-syntax",
    "The project file `csml.toml` is not valid TOML. The message says what was expected at the place it points to.",
);

/// A key of the project file that has no meaning.
pub(crate) static UNKNOWN_KEY: Rule = Rule::error(
    "CSML0602",
    "unknown-project-key",
    "The project file has an unknown table or key. It may have the tables `lints`, `types`, `schemas`, \
     `functions`, `instances`, `subscriptions` and `processes` and the key `loop-limit`.",
);

/// A value of the project file of the wrong kind.
pub(crate) static BAD_VALUE: Rule = Rule::error(
    "CSML0603",
    "wrong-project-value",
    "A value of the project file has a type that its key does not take, or is out of range.",
);

/// A type annotation for what does not exist.
pub(crate) static UNKNOWN_SUBJECT: Rule = Rule::error(
    "CSML0610",
    "unknown-typing-subject",
    "A type annotation names something that the description does not have. Variables are named by their \
     component path (`lamp/on/level`), event data `event.$name`, service values `service.input.name` and \
     `service.output.name`; `csmlc check --types` prints all names.",
);

/// A Rust type that cannot be one of data.
pub(crate) static BAD_RUST_TYPE: Rule = Rule::error(
    "CSML0611",
    "unusable-rust-type",
    "The text of a type annotation is not a Rust type that data can have. The types of the language \
     itself are `bool`, `i64`, `f64`, `String`, `Vec<u8>` for bytes, and `Vec`, `BTreeSet`, `BTreeMap` \
     and `Option` of such types; write a type of your own with its full path, `crate::Reading` or \
     `::house::Reading`.",
);

/// An annotation and the description do not go together.
pub(crate) static CONTRADICTED_TYPE: Rule = Rule::error(
    "CSML0612",
    "contradicted-type",
    "A type annotation or a JSON Schema fixes a type, and the description gives, or needs, a value of a \
     type that does not fit.",
);

/// A schema that cannot be read.
pub(crate) static BAD_SCHEMA: Rule = Rule::error(
    "CSML0613",
    "unusable-schema",
    "The compiler cannot use a JSON Schema: the file cannot be read, the schema does not describe an \
     object with properties, or it refers to something outside its file.",
);

/// Part of a schema that is not checked.
pub(crate) static UNCHECKED_KEYWORD: Rule = Rule::warning(
    "CSML0614",
    "unchecked-schema-keyword",
    "A keyword of a JSON Schema, such as `minimum` or `pattern`, restricts values further than their \
     type. The runtime checks only the types of incoming values; it does not check this restriction.",
);

/// A datum that the schema of its event does not have.
pub(crate) static NOT_IN_SCHEMA: Rule = Rule::error(
    "CSML0615",
    "not-in-schema",
    "The description uses event data, an input or an output of a service that its JSON Schema does not \
     have, or leaves out an input that the schema requires.",
);

/// A host function that cannot be declared so.
pub(crate) static BAD_FUNCTION: Rule = Rule::error(
    "CSML0616",
    "unusable-host-function",
    "The declaration of a host function is not valid. A signature is `namespace:name(types) -> type`, \
     with types of the expression language and `!` after the result if the function can fail; the Rust \
     function is named by its full path.",
);

/// A level for a rule that does not exist.
pub(crate) static UNKNOWN_LINT: Rule = Rule::error(
    "CSML0617",
    "unknown-lint",
    "The table `lints` of the project file sets the level of a rule that does not exist. A key is the name of a rule, \
     its code, `all` for every warning, or `strict`.",
);

/// A level that a rule cannot have.
pub(crate) static FIXED_LINT: Rule = Rule::error(
    "CSML0618",
    "fixed-lint",
    "The table `lints` of the project file lowers the level of a rule whose violation is an error of the \
     language. Only warnings can be allowed or kept as warnings.",
);

/// All rules about type annotations and the project file.
pub(crate) static RULES: &[&Rule] = &[
    &TOML_SYNTAX,
    &UNKNOWN_KEY,
    &BAD_VALUE,
    &UNKNOWN_SUBJECT,
    &BAD_RUST_TYPE,
    &CONTRADICTED_TYPE,
    &BAD_SCHEMA,
    &UNCHECKED_KEYWORD,
    &NOT_IN_SCHEMA,
    &BAD_FUNCTION,
    &UNKNOWN_LINT,
    &FIXED_LINT,
];
