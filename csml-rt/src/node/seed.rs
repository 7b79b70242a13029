//! Seeds of the instances' random generators.

use csml_rt_core::Rng;

/// The seed of an instance's generator: depends on the application's seed and the instance's name only, so
/// an instance draws the same numbers whoever else runs in the process.
#[must_use]
pub fn instance_seed(seed: u64, name: &str) -> u64 {
    // FNV-1a spreads names, the generator's first number spreads neighbouring seeds.
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    Rng::new(seed ^ hash).next_u64()
}
