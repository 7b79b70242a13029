//! The functions of the namespaces `std` and `utility` (docs/expressions/library.md).

use alloc::{collections::BTreeSet, format, vec::Vec};

use super::{
    MAX_TEXT,
    list::{check, limit},
    negative,
};
use crate::{Bytes, Datum, Position, Rng, StepError, StepErrorKind, budget, ops::copied};

/// `std:randomPayload(sizes)`: random bytes of one of `sizes`, drawn at random.
///
/// # Errors
/// There is no size, or the one drawn is negative or too large.
pub fn random_payload(sizes: &[i64], rng: &mut Rng, at: Position) -> Result<Bytes, StepError> {
    let drawn = rng.below(sizes.len() as u64);
    let size = usize::try_from(drawn).ok().and_then(|drawn| sizes.get(drawn));
    let Some(size) = size else {
        return Err(StepError::new(StepErrorKind::Range, at, "no size to draw for a random payload"));
    };
    let Some(length) = usize::try_from(*size).ok().filter(|size| *size <= MAX_TEXT) else {
        return Err(StepError::new(
            StepErrorKind::TooLarge,
            at,
            format!("a random payload cannot have {size} bytes"),
        ));
    };
    budget::spend(budget::of_bytes(length), at)?;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        let random = rng.next_u64().to_le_bytes();
        let left = length - bytes.len();
        bytes.extend(random.into_iter().take(left));
    }
    Ok(Bytes(bytes))
}

/// `std:takeRandom(list)`: a copy of one of the items, drawn at random.
///
/// # Errors
/// There are none.
pub fn take_random<T: Datum + Clone>(items: &[T], rng: &mut Rng, at: Position) -> Result<T, StepError> {
    let drawn = rng.below(items.len() as u64);
    let item = usize::try_from(drawn).ok().and_then(|drawn| items.get(drawn));
    item.map(copied)
        .ok_or_else(|| StepError::new(StepErrorKind::Range, at, "no item to take from an empty list"))
}

/// `std:takeRandom(set)`: a copy of one of the elements, drawn at random.
///
/// # Errors
/// There are none.
pub fn take_random_element<T: Datum + Clone>(
    items: &BTreeSet<T>,
    rng: &mut Rng,
    at: Position,
) -> Result<T, StepError> {
    let drawn = rng.below(items.len() as u64);
    let item = usize::try_from(drawn).ok().and_then(|drawn| items.iter().nth(drawn));
    item.map(copied)
        .ok_or_else(|| StepError::new(StepErrorKind::Range, at, "no element to take from an empty set"))
}

/// `std:randomAround(base, delta)`: a float that is at most `delta` away from `base`, all equally likely.
pub fn random_around(base: f64, delta: f64, rng: &mut Rng) -> f64 {
    base + delta * (2.0 * rng.unit() - 1.0)
}

/// `std:repeat(item, n)`: a list of `n` times the item.
///
/// # Errors
/// `times` is negative, or the list would be too long or nest too deep.
pub fn repeat<T: Datum + Clone>(item: T, times: i64, at: Position) -> Result<Vec<T>, StepError> {
    let Ok(count) = usize::try_from(times) else {
        return Err(negative("repeat an item", times, at));
    };
    limit(count, at)?;
    check(&item, at)?;
    budget::spend(
        count.saturating_mul(item.copy_cost().saturating_add(budget::of_bytes(size_of::<T>()))),
        at,
    )?;
    Ok(core::iter::repeat_n(item, count).collect())
}

/// `std:seed(n)`: starts the instance's generator anew.
pub fn seed(seed: i64, rng: &mut Rng) {
    *rng = Rng::new(seed as u64);
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn every_size_is_drawn_and_a_seed_repeats() {
        let sizes = [0, 3, 8, 21];
        let draw = |seed| {
            let mut rng = Rng::new(seed);
            let draws = (0..100).map(|_| random_payload(&sizes, &mut rng, AT).unwrap());
            draws.collect::<Vec<_>>()
        };
        let drawn = draw(7);
        let lengths: BTreeSet<_> = drawn.iter().map(|bytes| bytes.0.len()).collect();
        assert_eq!(lengths, BTreeSet::from([0, 3, 8, 21]));
        assert_eq!(drawn, draw(7));
        assert_ne!(drawn, draw(8));
    }

    #[test]
    fn items_and_numbers_are_drawn() {
        let mut rng = Rng::new(7);
        let drawn: BTreeSet<_> = (0..100).map(|_| take_random(&[1_i64, 2], &mut rng, AT).unwrap()).collect();
        assert_eq!(drawn, BTreeSet::from([1, 2]));
        assert!(take_random::<i64>(&[], &mut rng, AT).is_err());
        assert!((0..1_000).all(|_| (9.5..=10.5).contains(&random_around(10.0, 0.5, &mut rng))));
        seed(3, &mut rng);
        let first = random_around(0.0, 1.0, &mut rng);
        seed(3, &mut rng);
        assert_eq!(first, random_around(0.0, 1.0, &mut rng));
    }

    #[test]
    fn items_are_repeated() {
        assert_eq!(repeat(true, 3, AT), Ok(vec![true; 3]));
        assert_eq!(repeat(1_i64, 0, AT), Ok(vec![]));
        assert!(repeat(1_i64, -1, AT).is_err());
        assert!(repeat(1_i64, i64::MAX, AT).is_err());
    }

    #[test]
    fn impossible_sizes_are_refused() {
        let mut rng = Rng::new(1);
        for sizes in [&[][..], &[-1], &[i64::MAX]] {
            assert!(random_payload(sizes, &mut rng, AT).is_err());
        }
    }
}
