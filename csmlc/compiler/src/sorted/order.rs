//! The order of entries, by their numbers.

use std::cmp::Ordering;

/// Numbers in a block at most: moving so many is cheap, and a million entries are some thousand blocks.
const BLOCK: usize = 512;

/// Numbers of entries in the order of their keys, in blocks none of which is empty.
#[derive(Clone, Default)]
pub(super) struct KeyOrder {
    blocks: Vec<Vec<u32>>,
}

/// Where a number is, or belongs.
#[derive(Clone, Copy)]
pub(super) struct BlockPosition {
    block: usize,
    at: usize,
}

impl BlockPosition {
    pub(super) const FIRST: Self = Self { block: 0, at: 0 };
}

impl KeyOrder {
    pub(super) const fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// Finds an entry; `compare` says how the key of a number compares with the one that is looked for.
    ///
    /// # Errors
    /// There is none: where it belongs.
    pub(super) fn find(
        &self,
        compare: &mut dyn FnMut(u32) -> Ordering,
    ) -> Result<(BlockPosition, u32), BlockPosition> {
        // The last block that begins at or before the key.
        let (mut low, mut high) = (0, self.blocks.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.blocks.get(middle).and_then(|block| block.first()).map(|first| compare(*first)) {
                Some(Ordering::Greater) | None => high = middle,
                Some(Ordering::Less | Ordering::Equal) => low = middle + 1,
            }
        }
        let block = low.saturating_sub(1);
        let numbers = self.blocks.get(block).map_or(&[][..], Vec::as_slice);
        let (mut low, mut high) = (0, numbers.len());
        while low < high {
            let at = low + (high - low) / 2;
            match numbers.get(at).map(|number| (compare(*number), *number)) {
                Some((Ordering::Less, _)) => low = at + 1,
                Some((Ordering::Equal, number)) => return Ok((BlockPosition { block, at }, number)),
                Some((Ordering::Greater, _)) | None => high = at,
            }
        }
        Err(BlockPosition { block, at: low })
    }

    pub(super) fn insert(&mut self, place: BlockPosition, number: u32) {
        let Some(block) = self.blocks.get_mut(place.block) else {
            self.blocks.push(vec![number]);
            return;
        };
        block.insert(place.at, number);
        if block.len() > BLOCK {
            // Mostly keys come in order: a full block is left as it is, and a new one begun.
            let keep = if place.at + 1 == block.len() { BLOCK } else { BLOCK / 2 };
            let rest = block.split_off(keep);
            self.blocks.insert(place.block + 1, rest);
        }
    }

    /// Adds the number of a key behind all others.
    pub(super) fn push(&mut self, number: u32) {
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(number),
            _ => self.blocks.push(vec![number]),
        }
    }

    pub(super) fn remove(&mut self, place: BlockPosition) {
        if let Some(block) = self.blocks.get_mut(place.block) {
            block.remove(place.at);
            if block.is_empty() {
                self.blocks.remove(place.block);
            }
        }
    }

    pub(super) fn first(&self) -> Option<u32> {
        self.blocks.first()?.first().copied()
    }

    pub(super) fn last(&self) -> Option<u32> {
        self.blocks.last()?.last().copied()
    }

    pub(super) fn iter(&self) -> Numbers<'_> {
        Numbers { blocks: &self.blocks, current: &[] }
    }

    /// All numbers, in order.
    pub(super) fn into_numbers(self) -> Vec<u32> {
        self.blocks.concat()
    }
}

/// The numbers in order.
#[derive(Clone)]
pub(super) struct Numbers<'o> {
    /// Blocks that are not begun.
    blocks: &'o [Vec<u32>],
    current: &'o [u32],
}

impl Numbers<'_> {
    pub(super) fn next(&mut self) -> Option<u32> {
        loop {
            if let Some((first, rest)) = self.current.split_first() {
                self.current = rest;
                return Some(*first);
            }
            let (block, rest) = self.blocks.split_first()?;
            (self.current, self.blocks) = (block, rest);
        }
    }
}
