//! Limits and delays of a link.

/// Limits and delays of a [`Link`](super::Link). Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOptions {
    /// Unacknowledged events of all local sources together, from which on [`Link::has_room`](super::Link::has_room)
    /// is false.
    pub capacity: usize,
    /// The same limit in bytes of the events' bodies ([`Weight`](super::Weight)).
    pub capacity_bytes: usize,
    /// Events of a source and lane that may be in flight before a first receiver acknowledges one.
    pub window: usize,
    /// A receiver acknowledges at once when it has consumed this many events of a source,
    pub ack_every: u32,
    /// or after this time.
    pub ack_delay_ms: u64,
    /// Delay before an unacknowledged event is sent again; doubles with each attempt
    pub resend_min_ms: u64,
    /// up to this.
    pub resend_max_ms: u64,
    /// Early events of one source that are held back until the missing ones arrive. Also the number of events of
    /// one source that a local receiver may have been given and not consumed.
    pub hold_back: usize,
    /// Bytes of one source's events that are held back, and again as many that are delivered and not consumed. The link
    /// drops events beyond that; their source sends them again.
    pub hold_back_bytes: usize,
    /// The same limit for all sources together.
    pub hold_back_total_bytes: usize,
    /// Remote sources that are known at a time.
    pub max_sources: usize,
}

impl Default for LinkOptions {
    fn default() -> Self {
        Self {
            capacity: 65_536,
            capacity_bytes: 64 << 20,
            window: 1_024,
            ack_every: 64,
            ack_delay_ms: 10,
            resend_min_ms: 200,
            resend_max_ms: 5_000,
            hold_back: 4_096,
            hold_back_bytes: 32 << 20,
            hold_back_total_bytes: 64 << 20,
            max_sources: 65_536,
        }
    }
}
