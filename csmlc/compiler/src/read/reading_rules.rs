//! What reading reports.

use crate::diagnostics::Rule;

/// All of them.
pub(crate) static RULES: &[&Rule] = &[
    &EMPTY,
    &TOO_LARGE,
    &NOT_UTF_8,
    &TOO_DEEP,
    &UNCLOSED,
    &UNEXPECTED,
    &MISSING_COMMA,
    &MISSING_COLON,
    &MISSING_VALUE,
    &BAD_WORD,
    &UNQUOTED_KEY,
    &DUPLICATE_KEY,
    &BAD_NUMBER,
    &BAD_ESCAPE,
    &LONE_SURROGATE,
    &CONTROL_CHARACTER,
    &UNCLOSED_STRING,
    &UNCLOSED_COMMENT,
    &WRONG_QUOTES,
    &TRAILING_TEXT,
];

pub(super) static EMPTY: Rule = Rule::error(
    "CSML0001",
    "empty-text",
    "A description is one JSON object. A file that is blank or has only comments describes nothing.",
);

pub(super) static TOO_LARGE: Rule = Rule::error(
    "CSML0002",
    "text-too-large",
    "A description may have 32 MiB and two million values. Larger texts are most likely not descriptions.",
);

pub(super) static NOT_UTF_8: Rule = Rule::error(
    "CSML0003",
    "not-utf-8",
    "JSON is encoded in UTF-8. The message shows the first byte that is not part of a character. Convert \
     a file in UTF-16 or Latin-1 with the editor that wrote it.",
);

pub(super) static TOO_DEEP: Rule = Rule::error(
    "CSML0004",
    "nesting-too-deep",
    "Lists and objects may be nested 128 levels deep. Each nested state machine takes two of them.",
);

pub(super) static UNCLOSED: Rule = Rule::error(
    "CSML0005",
    "unclosed-bracket",
    "Each `{` needs its `}` and each `[` its `]`, in order. The message shows the bracket that is still \
     open and the place where the compiler noticed: the end of the text, or another closing bracket.",
);

pub(super) static UNEXPECTED: Rule =
    Rule::error("CSML0006", "unexpected-character", "JSON does not allow this character here.");

pub(super) static MISSING_COMMA: Rule = Rule::error(
    "CSML0007",
    "missing-comma",
    "Commas separate the members of an object and the items of a list. A comma after the last one is \
     allowed.",
);

pub(super) static MISSING_COLON: Rule = Rule::error(
    "CSML0008",
    "missing-colon",
    "A key and its value are separated by a colon: `\"name\": \"value\"`.",
);

pub(super) static MISSING_VALUE: Rule =
    Rule::error("CSML0009", "missing-value", "Each key has a value. Leave the key out if it has no value.");

pub(super) static BAD_WORD: Rule = Rule::error(
    "CSML0010",
    "unknown-word",
    "The only words of JSON are `true`, `false` and `null`, in lower case. All other text is written in \
     double quotes.",
);

pub(super) static UNQUOTED_KEY: Rule =
    Rule::error("CSML0011", "unquoted-key", "Keys are written in double quotes.");

pub(super) static DUPLICATE_KEY: Rule = Rule::error(
    "CSML0012",
    "duplicate-key",
    "An object has each key at most once, because only one of the values could count.",
);

pub(super) static BAD_NUMBER: Rule = Rule::error(
    "CSML0013",
    "malformed-number",
    "A number is an optional minus sign, digits without leading zeros, and optionally a fraction and an exponent.",
);

pub(super) static BAD_ESCAPE: Rule = Rule::error(
    "CSML0014",
    "unknown-escape",
    "The escapes of JSON are `\\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` and `\\uXXXX` with four \
     hexadecimal digits. A backslash itself is written `\\\\`.",
);

pub(super) static LONE_SURROGATE: Rule = Rule::error(
    "CSML0015",
    "lone-surrogate",
    "`\\uD800` to `\\uDFFF` are halves of one character and are valid only in pairs: a high half, then a \
     low half.",
);

pub(super) static CONTROL_CHARACTER: Rule = Rule::error(
    "CSML0016",
    "control-character",
    "Characters below U+0020 must be escaped in strings: `\\n`, `\\t`, `\\u0000`.",
);

pub(super) static UNCLOSED_STRING: Rule = Rule::error(
    "CSML0017",
    "unclosed-string",
    "A string ends on the line on which it begins. A line break in it is written `\\n`, a double quote `\\\"`.",
);

pub(super) static UNCLOSED_COMMENT: Rule = Rule::error(
    "CSML0018",
    "unclosed-comment",
    "A comment that begins with `/*` ends with `*/`. Such comments do not nest.",
);

pub(super) static WRONG_QUOTES: Rule = Rule::error(
    "CSML0019",
    "wrong-quotes",
    "Strings are written in double quotes (`\"`), not in single or typographic ones.",
);

pub(super) static TRAILING_TEXT: Rule = Rule::error(
    "CSML0020",
    "trailing-text",
    "A file holds one description: only blanks and comments may follow its closing brace.",
);
