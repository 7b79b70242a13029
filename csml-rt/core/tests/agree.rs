//! Typed and untyped versions of an operation give the same: random operands from a fixed seed.

use std::collections::{BTreeMap, BTreeSet};

use csml_rt_core::{Datum, Rng, StepError, StepErrorKind, Value, private::*};

const AT: Position = Position::new(1, 1);
const ROUNDS: usize = 2_000;

type Outcome = Result<Value, StepErrorKind>;

fn value<T: Datum>(result: Result<T, StepError>) -> Outcome {
    result.map(Datum::into_value).map_err(|error| error.kind())
}

fn some_int(rng: &mut Rng) -> i64 {
    const EDGES: [i64; 9] = [0, 1, -1, 2, 63, 64, i64::MAX, i64::MIN, 1 << 53];
    match rng.below(3) {
        0 => EDGES[rng.below(9) as usize],
        1 => rng.below(20) as i64 - 10,
        _ => rng.next_u64() as i64,
    }
}

fn some_float(rng: &mut Rng) -> f64 {
    const EDGES: [f64; 9] = [0.0, -0.0, 0.5, -1.5, 1e300, 1e-300, f64::INFINITY, f64::NAN, 9e18];
    if rng.below(2) == 0 { EDGES[rng.below(9) as usize] } else { rng.unit() * 200.0 - 100.0 }
}

fn some_text(rng: &mut Rng) -> String {
    const LETTERS: [char; 8] = ['a', 'b', 'A', ' ', '1', 'é', '😀', '.'];
    (0..rng.below(6)).map(|_| LETTERS[rng.below(8) as usize]).collect()
}

fn some_list(rng: &mut Rng) -> Vec<i64> {
    (0..rng.below(5)).map(|_| rng.below(4) as i64).collect()
}

#[test]
fn integers() {
    type Typed = fn(i64, i64) -> Result<i64, StepError>;
    type Untyped = fn(&Value, &Value, Position) -> Result<Value, StepError>;
    let operators: [(Typed, Untyped); 11] = [
        (|a, b| int::add(a, b, AT), dynamic::add),
        (|a, b| int::sub(a, b, AT), dynamic::sub),
        (|a, b| int::mul(a, b, AT), dynamic::mul),
        (|a, b| int::div(a, b, AT), dynamic::div),
        (|a, b| int::rem(a, b, AT), dynamic::rem),
        (|a, b| Ok(a & b), dynamic::bit_and),
        (|a, b| Ok(a | b), dynamic::bit_or),
        (|a, b| Ok(a ^ b), dynamic::bit_xor),
        (|a, b| Ok(int::shl(a, b)), dynamic::shl),
        (|a, b| Ok(int::shr(a, b)), dynamic::shr),
        (|a, b| Ok(int::ushr(a, b)), dynamic::ushr),
    ];
    let mut rng = Rng::new(1);
    for _ in 0..ROUNDS {
        let (a, b) = (some_int(&mut rng), some_int(&mut rng));
        let (left, right) = (Value::from(a), Value::from(b));
        for (index, (typed, untyped)) in operators.iter().enumerate() {
            assert_eq!(value(typed(a, b)), value(untyped(&left, &right, AT)), "operator {index}: {a}, {b}");
        }
        assert_eq!(value(int::neg(a, AT)), value(dynamic::neg(&left, AT)));
        assert_eq!(Ok(Value::from(!a)), dynamic::bit_not(&left, AT));
        assert_eq!(value(int::add(a, 1, AT)), value(dynamic::increment(&left, AT)));
        assert_eq!(value(int::sub(a, 1, AT)), value(dynamic::decrement(&left, AT)));
        assert_eq!((a == b, Ok(a < b)), (dynamic::eq(&left, &right), dynamic::lt(&left, &right, AT)));
        assert_eq!(a == b, dynamic::identical(&left, &right));
        assert_eq!(a != 0, dynamic::condition(&left));
        let end = a.saturating_add(b % 10);
        assert_eq!(value(list::range(a, end, AT)), value(dynamic::range(&left, &end.into(), AT)));
    }
}

#[test]
fn floats() {
    let mut rng = Rng::new(2);
    for _ in 0..ROUNDS {
        let (a, b) = (some_float(&mut rng), some_float(&mut rng));
        let (left, right) = (Value::from(a), Value::from(b));
        assert_eq!(Ok(Value::from(a + b)), dynamic::add(&left, &right, AT));
        assert_eq!(Ok(Value::from(a - b)), dynamic::sub(&left, &right, AT));
        assert_eq!(Ok(Value::from(a * b)), dynamic::mul(&left, &right, AT));
        assert_eq!(value(float::div(a, b, AT)), value(dynamic::div(&left, &right, AT)));
        assert_eq!(value(float::rem(a, b, AT)), value(dynamic::rem(&left, &right, AT)));
        let bits = Value::from(float::to_int(a) & float::to_int(b));
        assert_eq!(Ok(bits), dynamic::bit_and(&left, &right, AT));
        assert_eq!(a != 0.0 && !a.is_nan(), dynamic::condition(&left));
        for (name, typed) in [("max", math::max(a, b)), ("min", math::min(a, b)), ("pow", math::pow(a, b))] {
            let untyped = dynamic::function("math", name, &[left.clone(), right.clone()], &mut rng, AT);
            assert_eq!(Ok(Value::from(typed)), untyped, "{name}: {a}, {b}");
        }
    }
}

#[test]
fn strings() {
    let mut rng = Rng::new(3);
    for _ in 0..ROUNDS {
        let (a, b) = (some_text(&mut rng), some_text(&mut rng));
        let (from, to) = (rng.below(8) as i64 - 1, rng.below(8) as i64 - 1);
        let (left, right) = (Value::from(a.as_str()), Value::from(b.as_str()));
        let concatenated = text::concat(&[text::Piece::Text(&a), text::Piece::Text(&b)], AT);
        assert_eq!(value(concatenated), value(dynamic::add(&left, &right, AT)));
        assert_eq!((a == b, Ok(a < b)), (dynamic::eq(&left, &right), dynamic::lt(&left, &right, AT)));
        assert_eq!(text::starts_with(&a, &b), dynamic::starts_with(&left, &right));
        assert_eq!(Ok(text::ends_with(&a, &b)), dynamic::ends_with(&left, &right, AT));
        assert_eq!(value(text::matches(&a, &b, AT)), value(dynamic::matches(&left, &right, AT)));
        let call = |name: &str, arguments: &[Value]| value(dynamic::method(&left, name, arguments, AT));
        let other = std::slice::from_ref(&right);
        let range = [Value::from(from), Value::from(to)];
        assert_eq!(Ok(text::contains(&a, &b).into()), call("contains", other));
        assert_eq!(Ok(text::index_of(&a, &b).into()), call("indexOf", other));
        assert_eq!(Ok(text::last_index_of(&a, &b).into()), call("lastIndexOf", other));
        assert_eq!(Ok(text::compare_to(&a, &b).into()), call("compareTo", other));
        assert_eq!((text::compare_to(&a, &b) < 0, text::compare_to(&a, &b) == 0), (a < b, a == b));
        assert_eq!(value(text::split(&a, &b, AT)), call("split", other));
        assert_eq!(value(text::substring_to(&a, from, to, AT)), call("substring", &range));
        assert_eq!(value(text::char_at(&a, from, AT)), call("charAt", &range[..1]));
        assert_eq!(value(text::repeat(&a, from, AT)), call("repeat", &range[..1]));
        assert_eq!(Ok(text::length(&a).into()), call("length", &[]));
        assert_eq!(Ok(text::trim(&a).into()), call("trim", &[]));
    }
}

#[test]
fn lists_and_sets() {
    let mut rng = Rng::new(4);
    for _ in 0..ROUNDS {
        let (a, b) = (some_list(&mut rng), some_list(&mut rng));
        let (item, index) = (rng.below(4) as i64, rng.below(7) as i64 - 1);
        let (left, right) = (a.to_value(), b.to_value());
        assert_eq!(value(list::concat(a.clone(), b.clone(), AT)), value(dynamic::add(&left, &right, AT)));
        assert_eq!(value(list::append(a.clone(), item, AT)), value(dynamic::add(&left, &item.into(), AT)));
        assert_eq!(
            list::without(a.clone(), &b, AT).map(|rest| rest.to_value()),
            dynamic::sub(&left, &right, AT)
        );
        assert_eq!(Ok(list::contains(&a, &item)), dynamic::matches(&item.into(), &left, AT));
        assert_eq!(list::contains_all(&b, &a, AT), dynamic::matches(&left, &right, AT));
        assert_eq!(
            value(list::item(&a, index, AT).copied()),
            value(dynamic::index(&left, &index.into(), AT).cloned())
        );

        let (mut typed, mut untyped) = (a.clone(), left.clone());
        let mut call =
            |name: &str, arguments: &[Value]| value(dynamic::method_mut(&mut untyped, name, arguments, AT));
        assert_eq!(value(list::add(&mut typed, item, AT)), call("add", &[item.into()]));
        let inserted = list::insert(&mut typed, index, item, AT).map(|()| Value::Null);
        assert_eq!(value(inserted), call("add", &[index.into(), item.into()]));
        assert_eq!(value(list::set(&mut typed, index, 9, AT)), call("set", &[index.into(), 9.into()]));
        assert_eq!(value(list::remove(&mut typed, index, AT)), call("remove", &[index.into()]));
        assert_eq!(value(list::add_all(&mut typed, &b, AT)), call("addAll", std::slice::from_ref(&right)));
        assert_eq!(typed.to_value(), untyped);

        let (a, b) = (a.into_iter().collect::<BTreeSet<_>>(), b.into_iter().collect::<BTreeSet<_>>());
        let (left, right) = (a.to_value(), b.to_value());
        assert_eq!(value(set::union(a.clone(), b.clone(), AT)), value(dynamic::add(&left, &right, AT)));
        assert_eq!(Ok(set::without(a.clone(), &b).to_value()), dynamic::sub(&left, &right, AT));
        let (mut typed, mut untyped) = (a, left);
        let mut call =
            |name: &str, arguments: &[Value]| value(dynamic::method_mut(&mut untyped, name, arguments, AT));
        assert_eq!(value(set::add(&mut typed, item, AT)), call("add", &[item.into()]));
        assert_eq!(Ok(set::remove(&mut typed, &index).into()), call("remove", &[index.into()]));
        assert_eq!(typed.to_value(), untyped);
    }
}

#[test]
fn maps() {
    let mut rng = Rng::new(5);
    let some_map = |rng: &mut Rng| -> BTreeMap<String, i64> {
        (0..rng.below(4)).map(|_| (some_text(rng), rng.below(4) as i64)).collect()
    };
    for _ in 0..ROUNDS {
        let (a, b) = (some_map(&mut rng), some_map(&mut rng));
        let (key, number) = (some_text(&mut rng), rng.below(4) as i64);
        let (left, right, by) = (a.to_value(), b.to_value(), Value::from(key.as_str()));
        assert_eq!(value(map::merge(a.clone(), b.clone(), AT)), value(dynamic::add(&left, &right, AT)));
        let keys = map::key_set(&b);
        assert_eq!(Ok(map::without(a.clone(), &keys).to_value()), dynamic::sub(&left, &keys.to_value(), AT));
        assert_eq!(Ok(&map::get(&a, &key).to_value()), dynamic::index(&left, &by, AT));
        assert_eq!(Ok(&map::get(&a, &key).to_value()), dynamic::member(&left, &key, AT));
        assert_eq!(Ok(map::contains_key(&a, &key)), dynamic::matches(&by, &left, AT));

        let (mut typed, mut untyped) = (a, left);
        dynamic::set_index(&mut untyped, by.clone(), number.into(), AT).unwrap();
        map::assign(&mut typed, key.clone(), number, AT).unwrap();
        assert_eq!(typed.to_value(), untyped);
        let place = dynamic::index_mut(&mut untyped, &by, AT).unwrap();
        *place = dynamic::increment(place, AT).unwrap();
        *map::item_mut(&mut typed, &key, AT).unwrap() += 1;
        assert_eq!(typed.to_value(), untyped);
        let mut call =
            |name: &str, arguments: &[Value]| value(dynamic::method_mut(&mut untyped, name, arguments, AT));
        assert_eq!(Ok(map::values(&typed).to_value()), call("values", &[]));
        assert_eq!(Ok(map::entry_set(&typed).to_value()), call("entrySet", &[]));
        assert_eq!(Ok(map::contains_value(&typed, &number).into()), call("containsValue", &[number.into()]));
        assert_eq!(
            Ok(map::put_all(&mut typed, &b, AT).map(|()| Value::Null).unwrap()),
            call("putAll", std::slice::from_ref(&right))
        );
        assert_eq!(Ok(map::remove(&mut typed, &key).to_value()), call("remove", &[by]));
        assert_eq!(typed.to_value(), untyped);
    }
}
