//! What a link counts.

/// Counters of a [`Link`](super::Link), since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LinkCounters {
    /// Events sent for the first time.
    pub sent: u64,
    /// Events sent again.
    pub resent: u64,
    /// Events that all remote receivers have acknowledged.
    pub acked: u64,
    /// Events delivered to local receivers; counted per receiver.
    pub delivered: u64,
    /// Events that a local receiver already had; counted per receiver.
    pub duplicates: u64,
    /// Events that arrived before an earlier one.
    pub early: u64,
    /// Places at which events of a restarted source are missing permanently: its earlier incarnation was the only
    /// holder.
    pub gaps: u64,
    /// Events dropped because a limit was reached (sources, held back events); their source sends them again.
    pub rejected: u64,
    /// Events of earlier incarnations of sources that were received and dropped: a later incarnation runs, and this
    /// process does not know whether an earlier one of its own has handled them.
    pub dropped: u64,
    /// Own events, of this or an earlier incarnation, that other processes report as lost.
    pub lost: u64,
    /// Incarnations of a source or receiver that ran at the same time as another one of the same name.
    pub twins: u64,
    /// Those of `ignored` that no process of this application can have sent, now or earlier: they are forged, or two
    /// processes run the same instance.
    pub impossible: u64,
    /// Messages, or parts of them, that no current process of this application can have sent: from an earlier
    /// incarnation, with numbers that were never used, from unknown receivers.
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
        self.rejected += other.rejected;
        self.dropped += other.dropped;
        self.lost += other.lost;
        self.twins += other.twins;
        self.impossible += other.impossible;
        self.ignored += other.ignored;
    }
}
