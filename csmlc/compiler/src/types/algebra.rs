//! The order of types: what two flows into one slot make of it.
//!
//! `Unknown` is below everything, `Dynamic` above everything; between them `int` is below `float`, `null` and
//! `T` below `option<T>`, lists are ordered by their items and maps of the same keys by their values, and nothing
//! else is comparable.

use super::Type;

/// Levels of collections a slot's type may have; a variable that goes into a list of itself has no end.
const MAX_LEVELS: u32 = 8;

/// The least type above both.
pub(crate) fn join(a: &Type, b: &Type) -> Type {
    match (a, b) {
        _ if a == b => a.clone(),
        (Type::Unknown, other) | (other, Type::Unknown) => other.clone(),
        (Type::Dynamic, _) | (_, Type::Dynamic) => Type::Dynamic,
        (Type::Null, other) | (other, Type::Null) => option(other.clone()),
        (Type::Option(a), Type::Option(b)) => option(join(a, b)),
        (Type::Option(item), other) | (other, Type::Option(item)) => option(join(item, other)),
        (Type::Int, Type::Float) | (Type::Float, Type::Int) => Type::Float,
        (Type::List(a), Type::List(b)) => Type::List(Box::new(join(a, b))),
        (Type::Set(a), Type::Set(b)) => match (&**a, &**b) {
            (Type::Unknown, item) | (item, Type::Unknown) => Type::Set(Box::new(item.clone())),
            (a, b) if a == b => Type::Set(Box::new(a.clone())),
            _ => Type::Dynamic,
        },
        (Type::Map(ka, va), Type::Map(kb, vb)) => match (&**ka, &**kb) {
            (Type::Unknown, key) | (key, Type::Unknown) => map(key.clone(), join(va, vb)),
            (a, b) if a == b => map(a.clone(), join(va, vb)),
            _ => Type::Dynamic,
        },
        _ => Type::Dynamic,
    }
}

/// `option<T>`, where there is such a type of its own.
pub(crate) fn option(item: Type) -> Type {
    match item {
        Type::Unknown => Type::Null,
        Type::Null | Type::Option(_) | Type::Dynamic => item,
        item => Type::Option(Box::new(item)),
    }
}

pub(crate) fn map(key: Type, value: Type) -> Type {
    Type::Map(Box::new(key), Box::new(value))
}

/// The type of a value as an operand: `T` of `option<T>`, and `dynamic` of a type of the user's or a collection of
/// it, which expressions cannot look into.
pub(crate) fn present(ty: &Type) -> &Type {
    let ty = held(ty);
    if ty.has_host() { &Type::Dynamic } else { ty }
}

/// `T` of `option<T>`; any other type itself.
pub(crate) fn held(ty: &Type) -> &Type {
    match ty {
        Type::Option(item) => item,
        other => other,
    }
}

/// Whether `wanted` holds for the type or a part of it.
fn any(ty: &Type, wanted: fn(&Type) -> bool) -> bool {
    wanted(ty)
        || match ty {
            Type::List(item) | Type::Set(item) | Type::Option(item) => any(item, wanted),
            Type::Map(key, value) => any(key, wanted) || any(value, wanted),
            _ => false,
        }
}

/// Whether something dynamic is in it.
pub(crate) fn is_dynamic(ty: &Type) -> bool {
    any(ty, |ty| *ty == Type::Dynamic)
}

/// Whether an integer is in it.
pub(crate) fn has_int(ty: &Type) -> bool {
    any(ty, |ty| *ty == Type::Int)
}

/// Whether a float is in it.
pub(crate) fn has_float(ty: &Type) -> bool {
    any(ty, |ty| *ty == Type::Float)
}

/// Whether how a slot is used may still say more about its type.
pub(crate) fn is_open(ty: &Type) -> bool {
    *ty == Type::Null || any(ty, |ty| *ty == Type::Unknown)
}

/// The type as it stands in a finished program: what stayed unknown is dynamic, and so is what is only ever
/// `null`. The keys of a map and the elements of a set that nothing was ever put into are strings.
pub(crate) fn settle(ty: &Type) -> Type {
    match ty {
        Type::Unknown | Type::Null => Type::Dynamic,
        Type::List(item) => Type::List(Box::new(settle(item))),
        Type::Set(item) if **item == Type::Unknown => Type::Set(Box::new(Type::Text)),
        Type::Set(item) => Type::Set(Box::new(settle(item))),
        Type::Option(item) => option(settle(item)),
        Type::Map(key, value) if **key == Type::Unknown => map(Type::Text, settle(value)),
        Type::Map(key, value) => map(settle(key), settle(value)),
        Type::Bool | Type::Int | Type::Float | Type::Text | Type::Bytes | Type::Host(_) | Type::Dynamic => {
            ty.clone()
        }
    }
}

/// The type with everything below [`MAX_LEVELS`] made dynamic.
pub(crate) fn limit(ty: Type) -> Type {
    fn cut(ty: Type, levels: u32) -> Type {
        match ty {
            Type::List(_) | Type::Map(..) if levels == 0 => Type::Dynamic,
            Type::List(item) => Type::List(Box::new(cut(*item, levels - 1))),
            Type::Set(item) => Type::Set(Box::new(cut(*item, levels - 1))),
            Type::Map(key, value) => map(*key, cut(*value, levels - 1)),
            Type::Option(item) => option(cut(*item, levels)),
            other => other,
        }
    }
    cut(ty, MAX_LEVELS)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn list(item: Type) -> Type {
        Type::List(Box::new(item))
    }

    fn some(item: Type) -> Type {
        Type::Option(Box::new(item))
    }

    /// One of each kind.
    pub(crate) fn all() -> Vec<Type> {
        let scalars = [
            Type::Unknown,
            Type::Null,
            Type::Bool,
            Type::Int,
            Type::Float,
            Type::Text,
            Type::Bytes,
            Type::Dynamic,
        ];
        let mut all = scalars.to_vec();
        all.extend(scalars.iter().cloned().map(list));
        all.extend([Type::Bool, Type::Int, Type::Float, Type::Text].map(some));
        all.extend(scalars.iter().cloned().map(|value| map(Type::Text, value)));
        all.extend([map(Type::Unknown, Type::Unknown), map(Type::Int, Type::Int)]);
        all.extend(
            [Type::Unknown, Type::Int, Type::Text, Type::Dynamic].map(|item| Type::Set(Box::new(item))),
        );
        all.extend([list(some(Type::Int)), list(some(Type::Float)), some(list(Type::Int))]);
        all
    }

    #[test]
    fn joins_as_the_language_says() {
        assert_eq!(join(&Type::Int, &Type::Float), Type::Float);
        assert_eq!(join(&Type::Null, &Type::Int), some(Type::Int));
        assert_eq!(join(&some(Type::Int), &Type::Float), some(Type::Float));
        assert_eq!(join(&Type::Bool, &Type::Int), Type::Dynamic);
        assert_eq!(join(&list(Type::Int), &list(Type::Text)), list(Type::Dynamic));
        assert_eq!(join(&list(Type::Unknown), &list(Type::Int)), list(Type::Int));
        let (text, int) = (map(Type::Text, Type::Int), map(Type::Int, Type::Int));
        assert_eq!(join(&text, &int), Type::Dynamic);
    }

    #[test]
    fn joining_knows_no_order_and_only_goes_up() {
        for a in &all() {
            assert_eq!(join(a, a), *a);
            for b in &all() {
                let both = join(a, b);
                assert_eq!(both, join(b, a), "{a} {b}");
                assert_eq!(join(&both, a), both, "{a} {b}");
                for c in &all() {
                    assert_eq!(join(&both, c), join(a, &join(b, c)), "{a} {b} {c}");
                }
            }
        }
    }

    #[test]
    fn types_are_finite() {
        let mut ty = Type::Int;
        for _ in 0..20 {
            ty = limit(list(ty));
        }
        assert_eq!(limit(list(ty.clone())), ty);
        assert!(is_dynamic(&ty));
    }
}
