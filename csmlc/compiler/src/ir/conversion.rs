//! How a value gets from one type to another: the coercions, one after the other.

use super::Coercion;
use crate::lists::{Gather, PushAll};
use crate::types::{
    Type,
    algebra::{is_dynamic, map, option},
};

/// The coercions that lead from one type to another, each with the type it results in. Nothing if there is no
/// way. Ways up the order never fail; `option<T>` to `T` fails on `null`.
pub(crate) fn steps(from: &Type, to: &Type) -> Option<Vec<(Coercion, Type)>> {
    let one = |coercion| Some(vec![(coercion, to.clone())]);
    match (from, to) {
        _ if from == to => Some(Vec::new()),
        (_, Type::Dynamic) => one(Coercion::ToDynamic),
        (Type::Int, Type::Float) => one(Coercion::IntToFloat),
        (Type::Bool, Type::Int) => one(Coercion::BoolToInt),
        (Type::Bool, Type::Float) => {
            Some(vec![(Coercion::BoolToInt, Type::Int), (Coercion::IntToFloat, Type::Float)])
        }
        (Type::Option(a), Type::Option(b)) => {
            let inner = steps(a, b)?.into_iter();
            Some(inner.map(|(c, ty)| (Coercion::Inside(Box::new(c), ty.clone()), option(ty))).gather())
        }
        (Type::Option(item), _) => {
            let mut steps_ = vec![(Coercion::Unwrap, (**item).clone())];
            steps_.push_all(steps(item, to)?);
            Some(steps_)
        }
        (_, Type::Option(item)) => {
            let mut steps_ = steps(from, item)?;
            steps_.push((Coercion::Some, to.clone()));
            Some(steps_)
        }
        (Type::List(a), Type::List(b)) => {
            let inner = steps(a, b)?.into_iter();
            let wrap = |(c, ty): (Coercion, Type)| {
                (Coercion::Items(Box::new(c), ty.clone()), Type::List(Box::new(ty)))
            };
            Some(inner.map(wrap).gather())
        }
        (Type::Map(ka, a), Type::Map(kb, b)) if ka == kb => {
            let inner = steps(a, b)?.into_iter();
            let wrap = |(c, ty): (Coercion, Type)| {
                (Coercion::Values(Box::new(c), ty.clone()), map((**ka).clone(), ty))
            };
            Some(inner.map(wrap).gather())
        }
        _ => None,
    }
}

/// How a value gets to a type that a user has fixed: by the steps up, without its option, or through `dynamic`
/// with a look at it while it runs. Nothing if it certainly does not fit.
pub(crate) fn conversion(from: &Type, to: &Type) -> Option<Vec<(Coercion, Type)>> {
    if let Some(steps) = steps(from, to) {
        return Some(steps);
    }
    if let (Type::Option(item), false) = (from, matches!(to, Type::Option(_)) || to.has_host()) {
        let mut ways = vec![(Coercion::Unwrap, (**item).clone())];
        ways.push_all(conversion(item, to)?);
        return Some(ways);
    }
    if !is_dynamic(from) && !to.has_host() {
        return None;
    }
    let mut ways = steps(from, &Type::Dynamic)?;
    ways.push((Coercion::FromDynamic(to.clone()), to.clone()));
    Some(ways)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::algebra::{join, settle, tests::all};

    #[test]
    fn every_way_up_has_steps() {
        for a in &all() {
            for b in &all() {
                let (a, b) = (settle(a), settle(b));
                let both = join(&a, &b);
                let steps = steps(&a, &both).unwrap_or_else(|| panic!("{a} to {both}"));
                assert_eq!(steps.last().map_or(&a, |step| &step.1), &both);
            }
        }
    }
}
