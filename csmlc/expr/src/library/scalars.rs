//! Methods of numbers, truth values and bytes.

use super::{
    Entry, On,
    Ty::{Any, Bool, Float, Int, Text},
};

const INT: Entry = Entry::on(On::Int);
const FLOAT: Entry = Entry::on(On::Float);
const BOOL: Entry = Entry::on(On::Bool);
const BYTES: Entry = Entry::on(On::Bytes);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "intValue",
        result: Int,
        path: "int::int_value",
        doc: "The integer itself.",
        example: ("(5).intValue()", "5"),
        ..INT
    },
    Entry {
        name: "doubleValue",
        result: Float,
        path: "float::from_int",
        doc: "The integer as a float.",
        example: ("(5).doubleValue()", "5.0"),
        ..INT
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "int::equals_value",
        doc: "Whether the other value is an equal integer.",
        example: ("(5).equals(5.0)", "false"),
        ..INT
    },
    Entry {
        name: "toString",
        result: Text,
        path: "text::from_int",
        doc: "The integer as text.",
        example: ("(5).toString()", "5"),
        ..INT
    },
    Entry {
        name: "intValue",
        result: Int,
        path: "float::to_int",
        doc: "The float without its fraction; at most the largest integer, 0 for `NaN`.",
        example: ("(2.9).intValue()", "2"),
        ..FLOAT
    },
    Entry {
        name: "doubleValue",
        result: Float,
        path: "float::double_value",
        doc: "The float itself.",
        example: ("(2.5).doubleValue()", "2.5"),
        ..FLOAT
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "float::equals_value",
        doc: "Whether the other value is an equal float. `NaN` equals itself here.",
        example: ("(2.5).equals(2.5)", "true"),
        ..FLOAT
    },
    Entry {
        name: "toString",
        result: Text,
        path: "text::from_float",
        doc: "The float as text.",
        example: ("(1e10).toString()", "1.0E10"),
        ..FLOAT
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "truth::equals_value",
        doc: "Whether the other value is an equal boolean.",
        example: ("true.equals(1)", "false"),
        ..BOOL
    },
    Entry {
        name: "toString",
        result: Text,
        path: "text::from_bool",
        doc: "`true` or `false`.",
        example: ("(1 == 1).toString()", "true"),
        ..BOOL
    },
    Entry {
        name: "size",
        result: Int,
        path: "bytes::size",
        doc: "The number of bytes.",
        example: ("std:randomPayload([8]).size()", "8"),
        ..BYTES
    },
    Entry {
        name: "length",
        result: Int,
        path: "bytes::size",
        doc: "The same as `size`.",
        example: ("std:randomPayload([8]).length()", "8"),
        ..BYTES
    },
    Entry {
        name: "isEmpty",
        result: Bool,
        path: "bytes::is_empty",
        doc: "Whether there are no bytes.",
        example: ("std:randomPayload([0]).isEmpty()", "true"),
        ..BYTES
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "bytes::equals_value",
        doc: "Whether the other value is equal `bytes`.",
        example: ("std:randomPayload([0]).equals('')", "false"),
        ..BYTES
    },
    Entry {
        name: "toString",
        result: Text,
        path: "bytes::to_text",
        fails: true,
        doc: "The bytes as text, in Base64.",
        errors: "The text is too long.",
        example: ("std:randomPayload([3]).toString().length()", "4"),
        ..BYTES
    },
];
