//! The last operation of a process, as stored in etcd.

use std::fmt;

/// The content of a process's key: `<incarnation> <number>` after a commit, followed by `fence` otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operation {
    /// The opening of the store that it belongs to.
    pub(super) incarnation: u64,
    /// Its number, from 1; 0 for the opening itself.
    pub(super) number: u64,
    /// A fence: written instead of the commit with this number, which can then no longer succeed.
    pub(super) fence: bool,
}

impl Operation {
    /// The opening of a store.
    pub(super) const fn claim(incarnation: u64) -> Self {
        Self { incarnation, number: 0, fence: false }
    }

    /// Parses an operation; `None` for content of another program.
    pub(super) fn parse(content: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(content).ok()?.split(' ');
        let incarnation = u64::from_str_radix(words.next()?, 16).ok()?;
        let number = words.next()?.parse().ok()?;
        let fence = match words.next() {
            None => false,
            Some("fence") => true,
            Some(_) => return None,
        };
        words.next().is_none().then_some(Self { incarnation, number, fence })
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fence = if self.fence { " fence" } else { "" };
        write!(f, "{:016x} {}{fence}", self.incarnation, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_written() {
        for fence in [false, true] {
            let operation = Operation { incarnation: u64::MAX - 7, number: 12, fence };
            assert_eq!(Operation::parse(operation.to_string().as_bytes()), Some(operation));
        }
        for other in ["", "1", "x 1", "1 x", "1 2 y", "1 2 fence z", "\u{ff}"] {
            assert_eq!(Operation::parse(other.as_bytes()), None, "{other}");
        }
    }
}
