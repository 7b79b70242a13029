//! The state of the commits of a process.

use super::requests::Requests;

/// The connection of a process, and its last commit.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) requests: Option<Requests>,
    /// The revision of this process's key.
    pub(super) operation: i64,
    /// The number of the last commit.
    pub(super) number: u64,
    /// The outcome of the last commit is unknown, because its future was dropped.
    pub(super) unresolved: bool,
}

impl Writer {
    pub(super) fn begin(&mut self, requests: Requests, revision: i64) {
        *self = Self { requests: Some(requests), operation: revision, ..Self::default() };
    }
}
