//! Random functions of the expression language.

use alloc::{format, vec::Vec};

use super::MAX_TEXT;
use crate::{Bytes, Position, Rng, StepError, StepErrorKind};

/// `std:randomPayload(sizes)`: random bytes of one of `sizes`, drawn at random.
///
/// # Errors
/// There is no size, or the one drawn is negative or too large.
pub fn random_payload(sizes: &[i64], rng: &mut Rng, at: Position) -> Result<Bytes, StepError> {
    let drawn = rng.below(sizes.len() as u64);
    let size = usize::try_from(drawn).ok().and_then(|drawn| sizes.get(drawn));
    let Some(size) = size else {
        return Err(StepError::new(StepErrorKind::Missing, at, "no size to draw for a random payload"));
    };
    let Some(length) = usize::try_from(*size).ok().filter(|size| *size <= MAX_TEXT) else {
        return Err(StepError::new(
            StepErrorKind::TooLarge,
            at,
            format!("a random payload cannot have {size} bytes"),
        ));
    };
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        let random = rng.next_u64().to_le_bytes();
        let left = length - bytes.len();
        bytes.extend(random.into_iter().take(left));
    }
    Ok(Bytes(bytes))
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

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
    fn impossible_sizes_are_refused() {
        let mut rng = Rng::new(1);
        for sizes in [&[][..], &[-1], &[i64::MAX]] {
            assert!(random_payload(sizes, &mut rng, AT).is_err());
        }
    }
}
