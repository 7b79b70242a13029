//! The numbers of instances by the hashes of their names.

/// A hash table with open addressing. A place is eight bytes and holds the hash beside the number, so that a search and a
/// growing table look at nothing else: in a large table each look elsewhere is a cache miss.
///
/// The hashes have to come from a hasher with a seed, as names may come from outside.
#[derive(Debug, Clone, Default)]
pub(super) struct NameIndex {
    /// A power of two, or none yet. Zero where there is nothing, otherwise a number plus one and, above it, its hash.
    places: Vec<u64>,
    len: usize,
}

/// The places of the first table.
const FEWEST: usize = 8;

impl NameIndex {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), len: 0 }
    }

    /// The number with this hash that is the right one.
    pub(super) fn find(&self, hash: u32, is_right: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = hash as usize;
        loop {
            // An empty place ends the search; a third of them are empty.
            let (number, found) = taken(*self.places.get(at & self.mask())?)?;
            if found == hash && is_right(number) {
                return Some(number);
            }
            at = at.wrapping_add(1);
        }
    }

    /// Adds a number that is not there yet. The largest number is not possible.
    pub(super) fn insert(&mut self, hash: u32, number: u32) {
        self.reserve(1);
        self.fill(hash, number);
        self.len += 1;
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        let needed = (self.len + more) / 2 * 3 + 1;
        if needed > self.places.len() {
            let empty = vec![0; needed.next_power_of_two().max(FEWEST)];
            for place in std::mem::replace(&mut self.places, empty) {
                if let Some((number, hash)) = taken(place) {
                    self.fill(hash, number);
                }
            }
        }
    }

    fn fill(&mut self, hash: u32, number: u32) {
        let (mut at, mask) = (hash as usize, self.mask());
        while let Some(place) = self.places.get_mut(at & mask) {
            if *place == 0 {
                *place = u64::from(hash) << 32 | (u64::from(number) + 1);
                return;
            }
            at = at.wrapping_add(1);
        }
    }

    fn mask(&self) -> usize {
        self.places.len().wrapping_sub(1)
    }
}

/// Number and hash in a place.
fn taken(place: u64) -> Option<(u32, u32)> {
    Some(((place as u32).checked_sub(1)?, (place >> 32) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_numbers_are_found_again_however_the_table_grew() {
        for (bits, reserved) in [(0, 0), (3, 0), (32, 0), (32, 1_000), (32, 10_000)] {
            let hash = |number: u32| number.wrapping_mul(0x9E37_79B9) >> (32 - bits).min(31);
            let mut index = NameIndex::new();
            index.reserve(reserved);
            for number in 0..1_000 {
                assert_eq!(index.find(hash(number), |other| other == number), None);
                index.insert(hash(number), number);
                assert!(index.places.len() > index.len, "a search ends at an empty place");
            }
            for number in 0..1_000 {
                assert_eq!(index.find(hash(number), |other| other == number), Some(number));
                assert_eq!(index.find(hash(number), |_| false), None);
            }
        }
    }

    #[test]
    fn an_empty_table_has_no_places() {
        assert_eq!(NameIndex::new().find(7, |_| true), None);
    }

    #[test]
    fn what_is_reserved_is_enough() {
        let mut index = NameIndex::new();
        index.reserve(1_000);
        let places = index.places.len();
        for number in 0..1_000 {
            index.insert(number, number);
        }
        assert_eq!(index.places.len(), places);
    }
}
