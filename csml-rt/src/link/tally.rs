//! What a link counts and reports.

use std::ops::{Deref, DerefMut};

use super::counters::LinkCounters;
use super::reports::Reports;

/// The counters of a link, and the reports that wait for the driver.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counters: LinkCounters,
    pub(super) reports: Reports,
}

impl Deref for Tally {
    type Target = LinkCounters;

    fn deref(&self) -> &LinkCounters {
        &self.counters
    }
}

impl DerefMut for Tally {
    fn deref_mut(&mut self) -> &mut LinkCounters {
        &mut self.counters
    }
}
