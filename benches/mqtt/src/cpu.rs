//! Processor time, as Linux reports it.

use std::time::Duration;

/// Linux reports hundredths of a second to programs, whatever it counts internally.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of all threads of a process, in user mode and in the kernel; of this process for `None`. Zero if it is
/// unknown.
pub(crate) fn used(process: Option<u32>) -> Duration {
    let process = process.map_or_else(|| "self".to_owned(), |id| id.to_string());
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the program is in brackets and may contain any character.
    let fields = line.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u32>().ok());
    TICK * ticks.sum::<u32>()
}
