//! Bytes of the events that are held back, of one source and of all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A sum of bytes that everything held back is part of as long as it lives.
#[derive(Debug, Clone, Default)]
pub(super) struct HeldBytes(Arc<AtomicUsize>);

impl HeldBytes {
    pub(super) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// The part of one event in the sums of its source and of all sources. Dropping it takes the part out.
#[derive(Debug)]
pub(super) struct HeldPart {
    bytes: usize,
    sums: [HeldBytes; 2],
}

impl HeldPart {
    pub(super) fn new(bytes: usize, sums: [HeldBytes; 2]) -> Self {
        sums.iter().for_each(|sum| _ = sum.0.fetch_add(bytes, Ordering::Relaxed));
        Self { bytes, sums }
    }
}

impl Drop for HeldPart {
    fn drop(&mut self) {
        self.sums.iter().for_each(|sum| _ = sum.0.fetch_sub(self.bytes, Ordering::Relaxed));
    }
}
