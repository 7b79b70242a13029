//! Methods of sets.

use super::{
    Entry, On,
    Ty::{Any, Bool, Int, Item, List, Null, Receiver, Set, Text},
};

const SET: Entry = Entry::on(On::Set);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "size",
        result: Int,
        path: "set::size",
        doc: "The number of elements.",
        example: ("{1, 2}.size()", "2"),
        ..SET
    },
    Entry {
        name: "isEmpty",
        result: Bool,
        path: "set::is_empty",
        doc: "Whether the set has no elements.",
        example: ("{1}.isEmpty()", "false"),
        ..SET
    },
    Entry {
        name: "contains",
        parameters: &[("item", Item)],
        result: Bool,
        path: "set::contains",
        doc: "Whether the set contains `item`.",
        example: ("{1, 2}.contains(2)", "true"),
        ..SET
    },
    Entry {
        name: "containsAll",
        parameters: &[("items", List(&Item))],
        result: Bool,
        path: "set::contains_all",
        doc: "Whether the set contains all of `items`.",
        example: ("{1, 2}.containsAll([2])", "true"),
        ..SET
    },
    Entry {
        name: "containsAll",
        parameters: &[("items", Set(&Item))],
        result: Bool,
        path: "set::contains_all",
        doc: "Whether the set contains all of `items`.",
        example: ("{1, 2}.containsAll({2, 3})", "false"),
        ..SET
    },
    Entry {
        name: "add",
        parameters: &[("item", Item)],
        result: Bool,
        path: "set::add",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds `item`. Returns whether it is new.",
        errors: "The set is too large.",
        example: ("var s = {1}; s.add(1)", "false"),
        ..SET
    },
    Entry {
        name: "addAll",
        parameters: &[("items", List(&Item))],
        result: Bool,
        path: "set::add_all",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds all of `items`. Returns whether any of them is new.",
        errors: "The set is too large.",
        example: ("var s = {1}; s.addAll([1, 2]); s", "[1, 2]"),
        ..SET
    },
    Entry {
        name: "addAll",
        parameters: &[("items", Set(&Item))],
        result: Bool,
        path: "set::add_all",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds all of `items`. Returns whether any of them is new.",
        errors: "The set is too large.",
        example: ("var s = {1}; s.addAll({1})", "false"),
        ..SET
    },
    Entry {
        name: "remove",
        parameters: &[("item", Item)],
        result: Bool,
        path: "set::remove",
        changes: true,
        doc: "Removes `item`. Returns whether it was in the set.",
        example: ("var s = {1, 2}; s.remove(1); s", "[2]"),
        ..SET
    },
    Entry {
        name: "clear",
        result: Null,
        path: "set::clear",
        changes: true,
        doc: "Removes all elements.",
        example: ("var s = {1}; s.clear(); s", "[]"),
        ..SET
    },
    Entry {
        name: "equals",
        parameters: &[("other", Receiver)],
        result: Bool,
        path: "set::equals",
        doc: "Whether the other set has the same elements.",
        example: ("{1, 2}.equals({2, 1})", "true"),
        ..SET
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "set::equals_value",
        doc: "Whether the other value is a set with the same elements.",
        example: ("{1}.equals([1])", "false"),
        ..SET
    },
    Entry {
        name: "toString",
        result: Text,
        path: "set::to_text",
        fails: true,
        doc: "The set as text.",
        errors: "The text is too long.",
        example: ("{1, 2}.toString()", "[1, 2]"),
        ..SET
    },
];
