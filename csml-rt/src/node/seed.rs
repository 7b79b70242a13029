//! Seeds of the instances' random generators.

use csml_rt_core::Rng;

/// The seed of an instance's generator: depends on the application's seed and the instance's name only, so
/// an instance draws the same numbers whatever else runs in the process.
#[must_use]
// Not computed where no machine draws random numbers.
#[inline]
pub fn instance_seed(seed: u64, name: &str) -> u64 {
    // FNV-1a spreads names, the generator's first number spreads neighbouring seeds.
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    Rng::new(seed ^ hash).next_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_draw_differently_and_the_same_seed_repeats() {
        let names = ["gate", "gate/left", "gate2", "train"];
        let seeds: std::collections::BTreeSet<u64> =
            [0, 1].into_iter().flat_map(|seed| names.map(|name| instance_seed(seed, name))).collect();
        assert_eq!(seeds.len(), 8);
        assert_eq!(instance_seed(7, "gate"), instance_seed(7, "gate"));
    }
}
