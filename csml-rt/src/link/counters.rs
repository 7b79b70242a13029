//! What a link has done so far.

/// Counters of a [`Link`](super::Link), from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LinkCounters {
    /// Events handed out for sending the first time.
    pub sent: u64,
    /// Events handed out for sending again.
    pub resent: u64,
    /// Events that every receiver outside has acknowledged.
    pub acked: u64,
    /// Events handed to receivers here; one for each receiver.
    pub delivered: u64,
    /// Events that a receiver here had already; one for each receiver.
    pub duplicates: u64,
    /// Events that came before one they have to wait for.
    pub early: u64,
    /// Places at which events of a source that has restarted are missing for good: nobody has them any more.
    pub gaps: u64,
    /// Events dropped for lack of room (too many sources, too much held back); they will be sent again.
    pub refused: u64,
    /// Messages, or parts of them, that cannot be from an honest process of this application as it is now: an
    /// earlier run, numbers beyond what was sent, strangers.
    pub ignored: u64,
}

impl std::ops::AddAssign for LinkCounters {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.resent += other.resent;
        self.acked += other.acked;
        self.delivered += other.delivered;
        self.duplicates += other.duplicates;
        self.early += other.early;
        self.gaps += other.gaps;
        self.refused += other.refused;
        self.ignored += other.ignored;
    }
}
