//! Functions of the namespaces `std` and `utility`, which draw from the instance's generator.

use super::{
    Entry, On,
    Ty::{Bytes, Float, Int, Item, List, Null, Set},
};

const STD: Entry = Entry::on(On::Namespace("std"));
const UTILITY: Entry = Entry::on(On::Namespace("utility"));

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "takeRandom",
        parameters: &[("items", List(&Item))],
        result: Item,
        path: "random::take_random",
        fails: true,
        random: true,
        doc: "One of the items, drawn at random.",
        errors: "The list is empty.",
        example: ("std:takeRandom([7])", "7"),
        ..STD
    },
    Entry {
        name: "takeRandom",
        parameters: &[("items", Set(&Item))],
        result: Item,
        path: "random::take_random_element",
        fails: true,
        random: true,
        doc: "One of the elements, drawn at random.",
        errors: "The set is empty.",
        example: ("std:takeRandom({7})", "7"),
        ..STD
    },
    Entry {
        name: "randomAround",
        parameters: &[("base", Float), ("delta", Float)],
        result: Float,
        path: "random::random_around",
        random: true,
        doc: "A random float between `base - delta` and `base + delta`, uniformly distributed.",
        example: ("std:randomAround(20, 0)", "20.0"),
        ..STD
    },
    Entry {
        name: "randomPayload",
        parameters: &[("sizes", List(&Int))],
        result: Bytes,
        path: "random::random_payload",
        fails: true,
        random: true,
        doc: "Random bytes. Their number is one of `sizes`, drawn at random.",
        errors: "There are no sizes, or the drawn size is negative or too large.",
        example: ("std:randomPayload([8]).size()", "8"),
        ..STD
    },
    Entry {
        name: "repeat",
        parameters: &[("item", Item), ("times", Int)],
        result: List(&Item),
        path: "random::repeat",
        fails: true,
        keeps: true,
        doc: "A list with the item `times` times.",
        errors: "`times` is negative, or the list is too long.",
        example: ("std:repeat('a', 2)", "[a, a]"),
        ..STD
    },
    Entry {
        name: "seed",
        parameters: &[("seed", Int)],
        result: Null,
        path: "random::seed",
        random: true,
        doc: "Restarts the generator of the instance with this seed.",
        example: ("std:seed(1)", "null"),
        ..STD
    },
    Entry {
        name: "takeRandom",
        parameters: &[("items", List(&Item))],
        result: Item,
        path: "random::take_random",
        fails: true,
        random: true,
        doc: "The same as `std:takeRandom`.",
        errors: "The list is empty.",
        example: ("utility:takeRandom([7])", "7"),
        ..UTILITY
    },
    Entry {
        name: "takeRandom",
        parameters: &[("items", Set(&Item))],
        result: Item,
        path: "random::take_random_element",
        fails: true,
        random: true,
        doc: "The same as `std:takeRandom`.",
        errors: "The set is empty.",
        example: ("utility:takeRandom({7})", "7"),
        ..UTILITY
    },
    Entry {
        name: "randomAround",
        parameters: &[("base", Float), ("delta", Float)],
        result: Float,
        path: "random::random_around",
        random: true,
        doc: "The same as `std:randomAround`.",
        example: ("utility:randomAround(20, 0)", "20.0"),
        ..UTILITY
    },
    Entry {
        name: "randomPayload",
        parameters: &[("sizes", List(&Int))],
        result: Bytes,
        path: "random::random_payload",
        fails: true,
        random: true,
        doc: "The same as `std:randomPayload`.",
        errors: "There are no sizes, or the drawn size is negative or too large.",
        example: ("utility:randomPayload([8]).size()", "8"),
        ..UTILITY
    },
    Entry {
        name: "genRandPayload",
        parameters: &[("sizes", List(&Int))],
        result: Bytes,
        path: "random::random_payload",
        fails: true,
        random: true,
        doc: "The same as `std:randomPayload`.",
        errors: "There are no sizes, or the drawn size is negative or too large.",
        example: ("utility:genRandPayload([8]).size()", "8"),
        ..UTILITY
    },
    Entry {
        name: "repeat",
        parameters: &[("item", Item), ("times", Int)],
        result: List(&Item),
        path: "random::repeat",
        fails: true,
        keeps: true,
        doc: "The same as `std:repeat`.",
        errors: "`times` is negative, or the list is too long.",
        example: ("utility:repeat('a', 2)", "[a, a]"),
        ..UTILITY
    },
    Entry {
        name: "seed",
        parameters: &[("seed", Int)],
        result: Null,
        path: "random::seed",
        random: true,
        doc: "The same as `std:seed`.",
        example: ("utility:seed(1)", "null"),
        ..UTILITY
    },
];
