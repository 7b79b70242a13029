//! Methods of maps.

use super::{
    Entry, On,
    Ty::{self, Any, Bool, Int, Key, List, Null, Option, Receiver, Set, Text},
};

const MAP: Entry = Entry::on(On::Map);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "size",
        result: Int,
        path: "map::size",
        doc: "The number of entries.",
        example: ("{'a': 1}.size()", "1"),
        ..MAP
    },
    Entry {
        name: "isEmpty",
        result: Bool,
        path: "map::is_empty",
        doc: "Whether the map has no entries.",
        example: ("{:}.isEmpty()", "true"),
        ..MAP
    },
    Entry {
        name: "get",
        parameters: &[("key", Key)],
        result: Option(&Ty::Entry),
        path: "map::get",
        doc: "The value of a key, `null` if there is no such key; the same as `map[key]`.",
        example: ("{'a': 1}.get('a')", "1"),
        ..MAP
    },
    Entry {
        name: "getOrDefault",
        parameters: &[("key", Key), ("default", Ty::Entry)],
        result: Ty::Entry,
        path: "map::get_or_default",
        doc: "The value of a key, or `default` if there is no such key.",
        example: ("{'a': 1}.getOrDefault('b', 7)", "7"),
        ..MAP
    },
    Entry {
        name: "containsKey",
        parameters: &[("key", Key)],
        result: Bool,
        path: "map::contains_key",
        doc: "Whether the map has the key.",
        example: ("{'a': 1}.containsKey('a')", "true"),
        ..MAP
    },
    Entry {
        name: "containsValue",
        parameters: &[("value", Ty::Entry)],
        result: Bool,
        path: "map::contains_value",
        doc: "Whether a key has this value.",
        example: ("{'a': 1}.containsValue(2)", "false"),
        ..MAP
    },
    Entry {
        name: "put",
        parameters: &[("key", Key), ("value", Ty::Entry)],
        result: Option(&Ty::Entry),
        path: "map::put",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Sets the value of a key. Returns the previous value, `null` if there was none.",
        errors: "The map is too large.",
        example: ("var m = {'a': 1}; m.put('b', 2); m", "{a=1, b=2}"),
        ..MAP
    },
    Entry {
        name: "putAll",
        parameters: &[("entries", Receiver)],
        result: Null,
        path: "map::put_all",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds all entries of another map.",
        errors: "The map is too large.",
        example: ("var m = {'a': 1}; m.putAll({'b': 2}); m", "{a=1, b=2}"),
        ..MAP
    },
    Entry {
        name: "remove",
        parameters: &[("key", Key)],
        result: Option(&Ty::Entry),
        path: "map::remove",
        changes: true,
        doc: "Removes a key. Returns its value, `null` if there is no such key.",
        example: ("var m = {'a': 1}; m.remove('a')", "1"),
        ..MAP
    },
    Entry {
        name: "clear",
        result: Null,
        path: "map::clear",
        changes: true,
        doc: "Removes all entries.",
        example: ("var m = {'a': 1}; m.clear(); m.size()", "0"),
        ..MAP
    },
    Entry {
        name: "keySet",
        result: Set(&Key),
        path: "map::key_set",
        doc: "The keys, as a set.",
        example: ("{'a': 1}.keySet()", "[a]"),
        ..MAP
    },
    Entry {
        name: "values",
        result: List(&Ty::Entry),
        path: "map::values",
        doc: "The values, in the order of their keys.",
        example: ("{'b': 1, 'a': 2}.values()", "[2, 1]"),
        ..MAP
    },
    Entry {
        name: "entrySet",
        result: Set(&Any),
        path: "map::entry_set",
        doc: "The entries, as a set of maps with the keys `key` and `value`.",
        example: ("{'a': 1}.entrySet()", "[{key=a, value=1}]"),
        ..MAP
    },
    Entry {
        name: "equals",
        parameters: &[("other", Receiver)],
        result: Bool,
        path: "map::equals",
        doc: "Whether the other map has the same entries.",
        example: ("{'a': 1}.equals({'a': 1})", "true"),
        ..MAP
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "map::equals_value",
        doc: "Whether the other value is a map with the same entries of the same types.",
        example: ("{'a': 1}.equals(1)", "false"),
        ..MAP
    },
    Entry {
        name: "toString",
        result: Text,
        path: "map::to_text",
        fails: true,
        doc: "The map as text.",
        errors: "The text is too long.",
        example: ("{'a': 1}.toString()", "{a=1}"),
        ..MAP
    },
];
