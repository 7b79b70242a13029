use std::collections::{BTreeMap, BTreeSet};

use super::{SortedMap, SortedSet};

/// Numbers that look random, always the same.
struct PseudoRandom(u64);

impl PseudoRandom {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn a_map_does_what_a_tree_does() {
    for (seed, keys) in [(1, 10), (2, 300), (3, 5_000), (4, 100_000)] {
        let mut numbers = PseudoRandom(seed);
        let (mut tree, mut map) = (BTreeMap::new(), SortedMap::new());
        for round in 0..20_000 {
            let key = numbers.below(keys);
            match numbers.below(8) {
                0..3 => assert_eq!(tree.insert(key, round), map.insert(key, round)),
                3 => assert_eq!(tree.remove(&key), map.remove(&key)),
                4 => {
                    *tree.entry(key).or_default() += 1;
                    *map.entry(key).or_default() += 1;
                }
                5 => assert_eq!(tree.get_mut(&key), map.get_mut(&key)),
                6 if numbers.below(20) == 0 => assert_eq!(tree.pop_first(), map.pop_first()),
                7 if numbers.below(2_000) == 0 => {
                    tree.retain(|key, _| key % 3 != 0);
                    map.retain(|key, _| key % 3 != 0);
                }
                _ => assert_eq!(tree.get(&key), map.get(&key)),
            }
            assert_eq!((tree.len(), tree.is_empty()), (map.len(), map.is_empty()));
            if round % 500 == 0 {
                assert!(tree.iter().eq(&map), "seed {seed}, round {round}");
                assert_eq!(tree.first_key_value(), map.first_key_value());
                assert_eq!(tree.last_key_value(), map.last_key_value());
                assert_eq!(map.iter().size_hint(), (tree.len(), Some(tree.len())));
            }
        }
        assert!(tree.into_iter().eq(map));
    }
}

#[test]
fn keys_in_order_and_in_reverse_order_fill_blocks() {
    let keys = 0..10_000u32;
    let upwards: SortedSet<u32> = keys.clone().collect();
    let downwards: SortedSet<u32> = keys.clone().rev().collect();
    assert!(keys.clone().eq(upwards.iter().copied()));
    assert_eq!(upwards, downwards);
    assert!(keys.eq(downwards));
}

#[test]
fn an_item_that_is_there_stays() {
    #[derive(Debug, Clone, Copy)]
    struct ComparedByKey(u8, &'static str);
    impl PartialEq for ComparedByKey {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }
    impl Eq for ComparedByKey {}
    impl PartialOrd for ComparedByKey {
        fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
            Some(self.cmp(other))
        }
    }
    impl Ord for ComparedByKey {
        fn cmp(&self, other: &Self) -> std::cmp::Ordering {
            self.0.cmp(&other.0)
        }
    }
    let mut set = SortedSet::from([ComparedByKey(1, "first")]);
    assert!(!set.insert(ComparedByKey(1, "second")));
    assert_eq!(set.first().map(|item| item.1), Some("first"));
}

#[test]
fn sets_compare_and_combine_as_trees_do() {
    let lists: [&[u8]; 5] = [&[], &[1], &[1, 2], &[2, 3], &[1, 2, 3]];
    for a in lists {
        for b in lists {
            let trees: (BTreeSet<u8>, BTreeSet<u8>) =
                (a.iter().copied().collect(), b.iter().copied().collect());
            let sets: (SortedSet<u8>, SortedSet<u8>) =
                (a.iter().copied().collect(), b.iter().copied().collect());
            assert_eq!(trees.0.cmp(&trees.1), sets.0.cmp(&sets.1));
            assert_eq!(trees.0 == trees.1, sets.0 == sets.1);
            assert_eq!(trees.0.is_subset(&trees.1), sets.0.is_subset(&sets.1));
            assert_eq!(trees.0.is_disjoint(&trees.1), sets.0.is_disjoint(&sets.1));
            assert!(trees.0.intersection(&trees.1).eq(sets.0.intersection(&sets.1)));
            assert!(trees.0.difference(&trees.1).eq(sets.0.difference(&sets.1)));
            assert_eq!(format!("{:?}", trees.0), format!("{:?}", sets.0));
        }
    }
}
