//! Methods of strings.

use super::{
    Entry, On,
    Ty::{Any, Bool, Int, List, Text},
};

const TEXT: Entry = Entry::on(On::Text);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "length",
        result: Int,
        path: "text::length",
        doc: "The number of characters (code points).",
        example: ("'añb'.length()", "3"),
        ..TEXT
    },
    Entry {
        name: "size",
        result: Int,
        path: "text::length",
        doc: "The same as `length`.",
        example: ("'abc'.size()", "3"),
        ..TEXT
    },
    Entry {
        name: "isEmpty",
        result: Bool,
        path: "text::is_empty",
        doc: "Whether the string has no characters.",
        example: ("''.isEmpty()", "true"),
        ..TEXT
    },
    Entry {
        name: "isBlank",
        result: Bool,
        path: "text::is_blank",
        doc: "Whether the string consists of white space only.",
        example: ("'  '.isBlank()", "true"),
        ..TEXT
    },
    Entry {
        name: "contains",
        parameters: &[("part", Text)],
        result: Bool,
        path: "text::contains",
        doc: "Whether the string contains `part`.",
        example: ("'railway'.contains('way')", "true"),
        ..TEXT
    },
    Entry {
        name: "startsWith",
        parameters: &[("start", Text)],
        result: Bool,
        path: "text::starts_with",
        doc: "Whether the string begins with `start`.",
        example: ("'railway'.startsWith('rail')", "true"),
        ..TEXT
    },
    Entry {
        name: "endsWith",
        parameters: &[("end", Text)],
        result: Bool,
        path: "text::ends_with",
        doc: "Whether the string ends with `end`.",
        example: ("'railway'.endsWith('rail')", "false"),
        ..TEXT
    },
    Entry {
        name: "indexOf",
        parameters: &[("part", Text)],
        result: Int,
        path: "text::index_of",
        doc: "The index of the first `part`, in characters from 0; -1 if there is none.",
        example: ("'banana'.indexOf('an')", "1"),
        ..TEXT
    },
    Entry {
        name: "indexOf",
        parameters: &[("part", Text), ("from", Int)],
        result: Int,
        path: "text::index_of_from",
        doc: "The index of the first `part` at or after the index `from`; -1 if there is none.",
        example: ("'banana'.indexOf('an', 2)", "3"),
        ..TEXT
    },
    Entry {
        name: "lastIndexOf",
        parameters: &[("part", Text)],
        result: Int,
        path: "text::last_index_of",
        doc: "The index of the last `part`; -1 if there is none.",
        example: ("'banana'.lastIndexOf('an')", "3"),
        ..TEXT
    },
    Entry {
        name: "substring",
        parameters: &[("from", Int)],
        result: Text,
        path: "text::substring",
        fails: true,
        doc: "The characters from the index `from` to the end.",
        errors: "`from` is negative or beyond the end.",
        example: ("'railway'.substring(4)", "way"),
        ..TEXT
    },
    Entry {
        name: "substring",
        parameters: &[("from", Int), ("to", Int)],
        result: Text,
        path: "text::substring_to",
        fails: true,
        doc: "The characters from the index `from` to the index `to`, exclusive.",
        errors: "An index is negative or beyond the end, or `from` is larger than `to`.",
        example: ("'railway'.substring(0, 4)", "rail"),
        ..TEXT
    },
    Entry {
        name: "charAt",
        parameters: &[("index", Int)],
        result: Text,
        path: "text::char_at",
        fails: true,
        doc: "The character at an index, as a string.",
        errors: "There is no such character.",
        example: ("'abc'.charAt(1)", "b"),
        ..TEXT
    },
    Entry {
        name: "toUpperCase",
        result: Text,
        path: "text::to_upper_case",
        doc: "The string in upper case.",
        example: ("'abc'.toUpperCase()", "ABC"),
        ..TEXT
    },
    Entry {
        name: "toLowerCase",
        result: Text,
        path: "text::to_lower_case",
        doc: "The string in lower case.",
        example: ("'ABC'.toLowerCase()", "abc"),
        ..TEXT
    },
    Entry {
        name: "trim",
        result: Text,
        path: "text::trim",
        doc: "The string without spaces and control characters at both ends.",
        example: ("'  a '.trim() + '|'", "a|"),
        ..TEXT
    },
    Entry {
        name: "strip",
        result: Text,
        path: "text::strip",
        doc: "The string without white space of any script at both ends.",
        example: ("'\\u2003a '.strip()", "a"),
        ..TEXT
    },
    Entry {
        name: "replace",
        parameters: &[("from", Text), ("to", Text)],
        result: Text,
        path: "text::replace",
        fails: true,
        doc: "The string with every `from` replaced by `to`, both taken literally.",
        errors: "The result is too long.",
        example: ("'a.b.c'.replace('.', '/')", "a/b/c"),
        ..TEXT
    },
    Entry {
        name: "split",
        parameters: &[("pattern", Text)],
        result: List(&Text),
        path: "text::split",
        fails: true,
        doc: "The parts between matches of a regular expression; empty parts at the end are dropped.",
        errors: "The regular expression is malformed or unsupported.",
        example: ("'a, b,c'.split(',\\\\s*')", "[a, b, c]"),
        ..TEXT
    },
    Entry {
        name: "split",
        parameters: &[("pattern", Text), ("limit", Int)],
        result: List(&Text),
        path: "text::split_limit",
        fails: true,
        doc: "At most `limit` parts between matches of a regular expression; the last part contains the rest. A negative limit means no limit, and keeps empty parts at the end.",
        errors: "The regular expression is malformed or unsupported.",
        example: ("'a,b,c'.split(',', 2)", "[a, b,c]"),
        ..TEXT
    },
    Entry {
        name: "matches",
        parameters: &[("pattern", Text)],
        result: Bool,
        path: "text::matches",
        fails: true,
        doc: "Whether a regular expression matches the whole string.",
        errors: "The regular expression is malformed or unsupported.",
        example: ("'A17'.matches('[A-Z]\\\\d+')", "true"),
        ..TEXT
    },
    Entry {
        name: "concat",
        parameters: &[("other", Text)],
        result: Text,
        path: "text::append",
        fails: true,
        doc: "The string followed by `other`.",
        errors: "The result is too long.",
        example: ("'rail'.concat('way')", "railway"),
        ..TEXT
    },
    Entry {
        name: "repeat",
        parameters: &[("times", Int)],
        result: Text,
        path: "text::repeat",
        fails: true,
        doc: "The string repeated `times` times.",
        errors: "`times` is negative, or the result is too long.",
        example: ("'ab'.repeat(2)", "abab"),
        ..TEXT
    },
    Entry {
        name: "compareTo",
        parameters: &[("other", Text)],
        result: Int,
        path: "text::compare_to",
        doc: "Negative, 0 or positive if the string is less than, equal to or greater than `other` by code points: the difference of the first characters that differ, or of the lengths.",
        example: ("'abc'.compareTo('abe')", "-2"),
        ..TEXT
    },
    Entry {
        name: "equals",
        parameters: &[("other", Text)],
        result: Bool,
        path: "text::equals",
        doc: "Whether the strings are equal.",
        example: ("'a'.equals('a')", "true"),
        ..TEXT
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "text::equals_value",
        doc: "Whether the other value is an equal string.",
        example: ("'5'.equals(5)", "false"),
        ..TEXT
    },
    Entry {
        name: "pattern",
        result: Text,
        path: "text::owned",
        doc: "The string itself: a literal of a regular expression is the string of its pattern.",
        example: ("'abc'.matches(~/a.c/.pattern())", "true"),
        ..TEXT
    },
    Entry {
        name: "toString",
        result: Text,
        path: "text::owned",
        doc: "The string itself.",
        example: ("'abc'.toString()", "abc"),
        ..TEXT
    },
];
