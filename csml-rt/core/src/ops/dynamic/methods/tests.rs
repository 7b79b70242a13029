use alloc::vec;

use super::*;
use crate::{Bytes, Rng};

const AT: Position = Position::new(1, 2);

fn ints(items: &[i64]) -> Value {
    Value::list(items.iter().copied().map(Value::Int))
}

fn call(receiver: &Value, name: &str, arguments: &[Value]) -> Value {
    method(receiver, name, arguments, AT).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn message(receiver: &Value, name: &str, arguments: &[Value]) -> String {
    method(receiver, name, arguments, AT).unwrap_err().message().to_string()
}

#[test]
fn methods_give_what_jexl_gives() {
    let hello = Value::from("Hello World");
    let parts = Value::list(["Hello".into(), "World".into()]);
    assert_eq!(call(&hello, "split", &[" ".into()]), parts);
    assert_eq!(call(&hello, "replace", &["o".into(), "0".into()]), "Hell0 W0rld".into());
    assert_eq!(call(&"  pad ".into(), "compareTo", &["A".into()]), (-33).into());
    assert_eq!(call(&5.into(), "equals", &[5.into()]), true.into());
    assert_eq!(call(&5.into(), "equals", &[5.0.into()]), false.into());
    assert_eq!(call(&true.into(), "toString", &[]), "true".into());
    assert_eq!(call(&2.9.into(), "intValue", &[]), 2.into());
    assert_eq!(call(&2.into(), "doubleValue", &[]), 2.0.into());
    let map = Value::map([("a", 1.into()), ("b", 2.into())]);
    assert_eq!(call(&map, "keySet", &[]), Value::set(["a".into(), "b".into()]));
    assert_eq!(call(&map, "values", &[]), ints(&[1, 2]));
    assert_eq!(call(&map, "get", &["q".into()]), Value::Null);
    assert_eq!(call(&map, "getOrDefault", &["q".into(), 7.into()]), 7.into());
    assert_eq!(call(&call(&map, "entrySet", &[]), "size", &[]), 2.into());
    assert_eq!(call(&Bytes(vec![1, 2]).into(), "size", &[]), 2.into());
    assert_eq!(call(&ints(&[1, 2]), "contains", &[2.0.into()]), true.into());
    assert_eq!(call(&ints(&[1, 2]), "toString", &[]), "[1, 2]".into());
}

#[test]
fn a_float_without_a_fraction_fits_where_an_integer_is_expected() {
    let list = ints(&[7, 8, 9]);
    assert_eq!(call(&list, "get", &[1.0.into()]), 8.into());
    assert_eq!(call(&list, "subList", &[0.into(), 2.0.into()]), ints(&[7, 8]));
    assert_eq!(call(&"abc".into(), "substring", &[1.0.into(), 2.into()]), "b".into());
    assert_eq!(function("math", "floorMod", &[7.0.into(), 2.into()], &mut Rng::new(1), AT), Ok(1.into()));
    let mut changed = list.clone();
    assert_eq!(method_mut(&mut changed, "set", &[2.0.into(), 1.5.into()], AT), Ok(9.into()));
    assert_eq!(changed, Value::list([7.into(), 8.into(), 1.5.into()]));
    // What takes a float takes it as it is.
    assert_eq!(call(&list, "indexOf", &[8.0.into()]), 1.into());
    assert_eq!(call(&list, "remove", &[1.0.into()]), false.into());
    for odd in [1.5, f64::NAN, f64::INFINITY, 1e300] {
        assert_eq!(message(&list, "get", &[odd.into()]), "`get` of a list takes (int), not (float)");
    }
    assert_eq!(message(&list, "get", &["1".into()]), "`get` of a list takes (int), not (string)");
}

#[test]
fn receivers_change_in_place_and_copies_do_not() {
    let mut list = ints(&[1, 2, 3]);
    let copy = list.clone();
    let mut change = |name: &str, arguments: &[Value]| method_mut(&mut list, name, arguments, AT).unwrap();
    assert_eq!(change("add", &[9.into()]), true.into());
    assert_eq!(change("add", &[0.into(), 8.into()]), Value::Null);
    assert_eq!(change("remove", &[0.into()]), 8.into());
    assert_eq!(change("set", &[0.into(), "x".into()]), 1.into());
    assert_eq!(change("remove", &["x".into()]), true.into());
    assert_eq!(change("addAll", &[Value::set([4.into()])]), true.into());
    assert_eq!(change("size", &[]), 4.into());
    assert_eq!(list, ints(&[2, 3, 9, 4]));
    assert_eq!(copy, ints(&[1, 2, 3]));
    assert_eq!(call(&copy, "remove", &[0.into()]), 1.into());
    assert_eq!(copy, ints(&[1, 2, 3]));

    let mut set = Value::set([1.into(), 2.into()]);
    assert_eq!(method_mut(&mut set, "remove", &[1.into()], AT), Ok(true.into()));
    assert_eq!(method_mut(&mut set, "add", &[2.into()], AT), Ok(false.into()));
    assert_eq!(set, Value::set([2.into()]));

    let mut map = Value::map([("a", 1.into())]);
    let more = Value::map([("z", 26.into())]);
    assert_eq!(method_mut(&mut map, "putAll", &[more], AT), Ok(Value::Null));
    assert_eq!(method_mut(&mut map, "put", &["a".into(), 2.into()], AT), Ok(1.into()));
    assert_eq!(method_mut(&mut map, "remove", &["z".into()], AT), Ok(26.into()));
    assert_eq!(map, Value::map([("a", 2.into())]));
    assert_eq!(method_mut(&mut map, "clear", &[], AT), Ok(Value::Null));
    assert_eq!(map, Value::map::<Value>([]));
}

#[test]
fn errors_say_what_there_is() {
    assert_eq!(
        message(&"a".into(), "substring", &["x".into()]),
        "`substring` of a string takes (int) or (int, int), not (string)"
    );
    assert_eq!(
        message(&5.into(), "foo", &[]),
        "a number has no method `foo`; it has doubleValue, equals, intValue, toString"
    );
    assert_eq!(message(&Value::Null, "size", &[]), "cannot call `size` of null");
    assert_eq!(message(&ints(&[1]), "add", &[]), "`add` of a list takes (item) or (int, item), not ()");
    assert_eq!(
        message(&true.into(), "size", &[]),
        "a truth value has no method `size`; it has equals, toString"
    );
    let function = |namespace, name, arguments: &[Value]| {
        let error = function(namespace, name, arguments, &mut Rng::new(1), AT).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::Call);
        error.message().to_string()
    };
    assert_eq!(function("math", "sqrt", &["4".into()]), "`math:sqrt` takes (number), not (string)");
    assert_eq!(function("nope", "f", &[]), "unknown namespace `nope`; the namespaces are math, std, utility");
    assert_eq!(
        function("std", "genRandPayload", &[]),
        "unknown function `std:genRandPayload`; the functions are randomAround, randomPayload, repeat, seed, takeRandom"
    );
    assert!(
        function("math", "f", &[])
            .starts_with("unknown function `math:f`; the functions are E, PI, abs, acos,")
    );
    assert_eq!(
        function("std", "randomPayload", &[Value::list(["x".into()])]),
        "`std:randomPayload` takes (list of int), not (list)"
    );
}

#[test]
fn functions_by_name() {
    let mut rng = Rng::new(1);
    let mut call = |namespace: &str, name: &str, arguments: &[Value]| {
        function(namespace, name, arguments, &mut rng, AT).unwrap_or_else(|error| panic!("{error}"))
    };
    assert_eq!(call("math", "abs", &[(-3).into()]), 3.into());
    assert_eq!(call("math", "abs", &[(-3.5).into()]), 3.5.into());
    assert_eq!(call("math", "max", &[1.into(), 2.5.into()]), 2.5.into());
    assert_eq!(call("math", "round", &[2.5.into()]), 3.into());
    assert_eq!(call("math", "sqrt", &[4.into()]), 2.0.into());
    assert_eq!(call("std", "repeat", &["a".into(), 2.into()]), Value::list(["a".into(), "a".into()]));
    assert_eq!(call("utility", "seed", &[7.into()]), Value::Null);
    let first = call("std", "randomAround", &[10.into(), 1.into()]);
    call("std", "seed", &[7.into()]);
    assert_eq!(call("utility", "randomAround", &[10.into(), 1.into()]), first);
    assert_eq!(call("std", "takeRandom", &[Value::set([5.into()])]), 5.into());
    let payload = call("utility", "genRandPayload", &[ints(&[8])]);
    assert_eq!(payload.as_bytes().map(<[u8]>::len), Some(8));
}
