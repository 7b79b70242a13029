use std::collections::{BTreeMap, BTreeSet};

use csml_rt_core::{
    Bytes, Position, Rng, StepErrorKind, Value,
    private::{dynamic, text},
};

use super::*;

const AT: Position = Position::new(1, 1);

/// A value of a type, with the contents that let the call of an entry succeed.
fn value_of(ty: Ty) -> Value {
    match ty {
        Ty::Bool => true.into(),
        Ty::Int | Ty::Any => 1.into(),
        Ty::Float => 1.5.into(),
        Ty::Text => "ab".into(),
        Ty::Item | Ty::Key => "a".into(),
        Ty::Entry => "b".into(),
        Ty::Bytes => Bytes(vec![1, 2]).into(),
        Ty::List(item) => Value::list([value_of(*item), value_of(*item)]),
        Ty::Set(item) => Value::set([value_of(*item)]),
        Ty::Option(item) => value_of(*item),
        Ty::Receiver | Ty::Null => Value::Null,
    }
}

fn receiver(on: On) -> Value {
    value_of(match on {
        On::Text => Ty::Text,
        On::Bytes => Ty::Bytes,
        On::List => Ty::List(&Ty::Item),
        On::Set => Ty::Set(&Ty::Item),
        On::Map => return Value::map([("a", value_of(Ty::Entry))]),
        On::Int => Ty::Int,
        On::Float => Ty::Float,
        On::Bool => Ty::Bool,
        On::Namespace(_) => Ty::Null,
    })
}

fn fits(value: &Value, ty: Ty) -> bool {
    match ty {
        Ty::Bool => value.as_bool().is_some(),
        Ty::Int => value.as_int().is_some(),
        Ty::Float => matches!(value, Value::Float(_)),
        Ty::Text | Ty::Item | Ty::Key | Ty::Entry => value.as_text().is_some(),
        Ty::Bytes => value.as_bytes().is_some(),
        Ty::List(_) => value.as_list().is_some(),
        Ty::Set(_) => value.as_set().is_some(),
        Ty::Option(item) => value.is_null() || fits(value, *item),
        Ty::Receiver | Ty::Any => true,
        Ty::Null => value.is_null(),
    }
}

fn call(entry: &Entry, arguments: &[Value]) -> Result<Value, csml_rt_core::StepError> {
    match entry.on {
        On::Namespace(namespace) => dynamic::function(namespace, entry.name, arguments, &mut Rng::new(1), AT),
        on => dynamic::method_mut(&mut receiver(on), entry.name, arguments, AT),
    }
}

#[test]
fn every_entry_can_be_called_by_name() {
    for entry in entries() {
        let receiver = receiver(entry.on);
        let argument = |ty: Ty| if ty == Ty::Receiver { receiver.clone() } else { value_of(ty) };
        let mut arguments: Vec<Value> = entry.parameters.iter().map(|(_, ty)| argument(*ty)).collect();
        let result = call(entry, &arguments).unwrap_or_else(|error| panic!("{entry:?}: {error}"));
        assert!(fits(&result, entry.result), "{entry:?} gives {result:?}");
        let arities: BTreeSet<_> = entries()
            .filter(|other| other.on == entry.on && other.name == entry.name)
            .map(|other| other.parameters.len())
            .collect();
        while arities.contains(&arguments.len()) {
            arguments.push(1.into());
        }
        let error = call(entry, &arguments).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::Call, "{entry:?}: {error}");
    }
}

#[test]
fn what_changes_its_receiver_is_marked() {
    for entry in entries().filter(|entry| !matches!(entry.on, On::Namespace(_))) {
        let before = receiver(entry.on);
        let mut after = before.clone();
        let argument = |ty: Ty| match ty {
            Ty::Receiver => Value::map([("z", 1.into())]),
            Ty::Int => 0.into(),
            // `add` and `put` need something new.
            ty if entry.keeps => match ty {
                Ty::List(_) => Value::list(["new".into()]),
                Ty::Set(_) => Value::set(["new".into()]),
                _ => "new".into(),
            },
            ty => value_of(ty),
        };
        let arguments: Vec<Value> = entry.parameters.iter().map(|(_, ty)| argument(*ty)).collect();
        let result = dynamic::method_mut(&mut after, entry.name, &arguments, AT);
        assert!(result.is_ok(), "{entry:?}: {result:?}");
        assert_eq!(before != after, entry.changes, "{entry:?}");
    }
}

#[test]
fn no_entry_stands_twice() {
    let mut known = BTreeSet::new();
    for entry in entries() {
        let parameters: Vec<_> = entry.parameters.iter().map(|(_, ty)| format!("{ty:?}")).collect();
        assert!(known.insert((entry.on, entry.name, parameters)), "{entry:?}");
    }
}

#[test]
fn entries_are_written_for_a_reader() {
    for entry in entries() {
        assert!(entry.doc.ends_with('.'), "{entry:?}");
        assert_eq!(entry.fails, !entry.errors.is_empty(), "{entry:?}");
        assert!(entry.errors.is_empty() || entry.errors.ends_with('.'), "{entry:?}");
        let called = match entry.on {
            On::Namespace(namespace) => format!("{namespace}:{}(", entry.name),
            _ => format!(".{}(", entry.name),
        };
        assert!(entry.example.0.contains(&called), "{entry:?}");
        assert!(!entry.example.1.is_empty(), "{entry:?}");
    }
}

#[test]
fn examples_give_what_they_say() {
    for entry in entries() {
        let (source, expected) = entry.example;
        let script = crate::parse(source, &|start, end| (start, end))
            .unwrap_or_else(|fault| panic!("{source}: {}", fault.message()));
        let program = crate::eval::Program::new(&script);
        let result = program.evaluate(&mut BTreeMap::<String, Value>::new(), &mut Rng::new(1), 1_000);
        let found = match result {
            Ok(value) => text::join(&[text::Piece::Value(&value)]),
            Err(error) => format!("error: {}", error.message),
        };
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn names_are_found() {
    assert_eq!(methods("substring").count(), 2);
    assert_eq!(functions("math", "abs").count(), 2);
    assert_eq!(functions("nope", "abs").count(), 0);
    assert_eq!(functions("std", "genRandPayload").count(), 0);
    assert!(function_names("utility").contains(&"genRandPayload"));
    assert!(function_names("nope").is_empty());
    assert!(method_names().contains(&"keySet"));
    assert!(names_on(On::Bool) == ["equals", "toString"]);
}
