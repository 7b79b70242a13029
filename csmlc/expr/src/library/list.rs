//! Methods of lists.

use super::{
    Entry, On,
    Ty::{Any, Bool, Int, Item, List, Null, Receiver, Set, Text},
};

const LIST: Entry = Entry::on(On::List);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "size",
        result: Int,
        path: "list::size",
        doc: "The number of items.",
        example: ("[1, 2].size()", "2"),
        ..LIST
    },
    Entry {
        name: "length",
        result: Int,
        path: "list::size",
        doc: "The same as `size`.",
        example: ("[1, 2].length()", "2"),
        ..LIST
    },
    Entry {
        name: "isEmpty",
        result: Bool,
        path: "list::is_empty",
        doc: "Whether the list has no items.",
        example: ("[...].isEmpty()", "true"),
        ..LIST
    },
    Entry {
        name: "contains",
        parameters: &[("item", Item)],
        result: Bool,
        path: "list::contains",
        doc: "Whether the list contains `item`. An integer and a float with the same value are equal, other values of different types are not.",
        example: ("[1, 2].contains(2)", "true"),
        ..LIST
    },
    Entry {
        name: "containsAll",
        parameters: &[("items", List(&Item))],
        result: Bool,
        path: "list::contains_all",
        fails: true,
        doc: "Whether the list contains all of `items`.",
        errors: "There are too many items to compare each with every other.",
        example: ("[1, 2, 3].containsAll([3, 1])", "true"),
        ..LIST
    },
    Entry {
        name: "containsAll",
        parameters: &[("items", Set(&Item))],
        result: Bool,
        path: "list::contains_all",
        fails: true,
        doc: "Whether the list contains all of `items`.",
        errors: "There are too many items to compare each with every other.",
        example: ("[1, 2, 3].containsAll({3, 4})", "false"),
        ..LIST
    },
    Entry {
        name: "indexOf",
        parameters: &[("item", Item)],
        result: Int,
        path: "list::index_of",
        doc: "The index of the first `item`, from 0; -1 if there is none.",
        example: ("['a', 'b', 'a'].indexOf('a')", "0"),
        ..LIST
    },
    Entry {
        name: "lastIndexOf",
        parameters: &[("item", Item)],
        result: Int,
        path: "list::last_index_of",
        doc: "The index of the last `item`; -1 if there is none.",
        example: ("['a', 'b', 'a'].lastIndexOf('a')", "2"),
        ..LIST
    },
    Entry {
        name: "get",
        parameters: &[("index", Int)],
        result: Item,
        path: "list::get",
        fails: true,
        doc: "The item at an index; the same as `list[index]`.",
        errors: "There is no such item.",
        example: ("[1, 2].get(1)", "2"),
        ..LIST
    },
    Entry {
        name: "set",
        parameters: &[("index", Int), ("item", Item)],
        result: Item,
        path: "list::set",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Replaces the item at an index by `item`. Returns the replaced item.",
        errors: "There is no such item.",
        example: ("var l = [1, 2]; l.set(0, 9); l", "[9, 2]"),
        ..LIST
    },
    Entry {
        name: "add",
        parameters: &[("item", Item)],
        result: Bool,
        path: "list::add",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds `item` at the end. Returns true.",
        errors: "The list is too long.",
        example: ("var l = [1]; l.add(2); l", "[1, 2]"),
        ..LIST
    },
    Entry {
        name: "add",
        parameters: &[("index", Int), ("item", Item)],
        result: Null,
        path: "list::insert",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Inserts `item` before the item at an index, or at the end if `index` is the size.",
        errors: "The index is negative or beyond the end, or the list is too long.",
        example: ("var l = [1]; l.add(0, 2); l", "[2, 1]"),
        ..LIST
    },
    Entry {
        name: "addAll",
        parameters: &[("items", List(&Item))],
        result: Bool,
        path: "list::add_all",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds all of `items` at the end. Returns whether there were any.",
        errors: "The list is too long.",
        example: ("var l = [1]; l.addAll([2, 3]); l", "[1, 2, 3]"),
        ..LIST
    },
    Entry {
        name: "addAll",
        parameters: &[("items", Set(&Item))],
        result: Bool,
        path: "list::add_all",
        fails: true,
        changes: true,
        keeps: true,
        doc: "Adds all of `items` at the end. Returns whether there were any.",
        errors: "The list is too long.",
        example: ("var l = [1]; l.addAll({2}); l", "[1, 2]"),
        ..LIST
    },
    Entry {
        name: "remove",
        parameters: &[("index", Int)],
        result: Item,
        path: "list::remove",
        fails: true,
        changes: true,
        doc: "Removes the item at an index. Returns the removed item.",
        errors: "There is no such item.",
        example: ("var l = [7, 8]; l.remove(0)", "7"),
        ..LIST
    },
    Entry {
        name: "remove",
        parameters: &[("item", Item)],
        result: Bool,
        path: "list::remove_item",
        changes: true,
        doc: "Removes the first `item`, if it is not an integer. Returns whether there was one.",
        example: ("var l = ['a', 'b']; l.remove('a'); l", "[b]"),
        ..LIST
    },
    Entry {
        name: "clear",
        result: Null,
        path: "list::clear",
        changes: true,
        doc: "Removes all items.",
        example: ("var l = [1]; l.clear(); l", "[]"),
        ..LIST
    },
    Entry {
        name: "subList",
        parameters: &[("from", Int), ("to", Int)],
        result: Receiver,
        path: "list::sub_list",
        fails: true,
        doc: "The items from the index `from` to the index `to`, exclusive.",
        errors: "An index is negative or beyond the end, or `from` is larger than `to`.",
        example: ("[1, 2, 3].subList(0, 2)", "[1, 2]"),
        ..LIST
    },
    Entry {
        name: "equals",
        parameters: &[("other", Receiver)],
        result: Bool,
        path: "list::equals",
        doc: "Whether the other list has the same items.",
        example: ("[1, 2].equals([1, 2])", "true"),
        ..LIST
    },
    Entry {
        name: "equals",
        parameters: &[("other", Any)],
        result: Bool,
        path: "list::equals_value",
        doc: "Whether the other value is a list with the same items of the same types.",
        example: ("[1].equals('[1]')", "false"),
        ..LIST
    },
    Entry {
        name: "toString",
        result: Text,
        path: "list::to_text",
        fails: true,
        doc: "The list as text.",
        errors: "The text is too long.",
        example: ("[1, 2].toString()", "[1, 2]"),
        ..LIST
    },
];
