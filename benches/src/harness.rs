//! Timing and the table. Contestants take turns within one run, so that other load affects all of them.

use std::fmt;
use std::time::Duration;

/// Nanoseconds per item of one contestant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// The fastest round.
    pub least: f64,
    /// The median round.
    pub median: f64,
}

/// One contestant: runs a round and returns its nanoseconds per item.
pub type Contestant<'c> = &'c mut dyn FnMut() -> f64;

/// Lets contestants take turns for some rounds. The first round is a warm-up.
pub fn compare<const N: usize>(rounds: usize, mut contestants: [Contestant<'_>; N]) -> [Timing; N] {
    let mut times = [(); N].map(|()| Vec::with_capacity(rounds));
    for round in 0..=rounds {
        for (contestant, times) in contestants.iter_mut().zip(&mut times) {
            let time = contestant();
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        let least = times.first().copied().unwrap_or(f64::NAN);
        let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
        Timing { least, median }
    })
}

/// Nanoseconds per item of what `work` does to `items` items on this thread.
pub fn per_item<T>(items: u64, work: impl FnOnce() -> T) -> f64 {
    let start = processor_time();
    std::hint::black_box(work());
    (processor_time() - start).as_nanos() as f64 / items as f64
}

/// Processor time of this thread. Other load on the machine does not count, although it evicts caches. Elapsed time if the
/// system does not report it.
#[must_use]
pub fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), time.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    {
        static START: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed()
    }
}

/// Processor time of the finished child processes, in seconds; `None` if the system does not report it.
#[must_use]
pub fn children_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may contain any character. Times are in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some((ticks(13)? + ticks(14)?) as f64 / 100.0)
}

/// Resident memory of this process, in bytes; `None` if the system does not report it.
#[must_use]
pub fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// The goal of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// At most this much, in the measured unit.
    AtMost(f64),
    /// At most this many times the reference.
    Ratio(f64),
    /// Shown for comparison only.
    None,
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// The measured quantity.
    pub what: String,
    /// The result.
    pub measured: f64,
    /// Its unit.
    pub unit: &'static str,
    /// The reference and its result, in the same unit.
    pub reference: Option<(&'static str, f64)>,
    /// The goal.
    pub goal: Goal,
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        self.reference.map(|(_, reference)| self.measured / reference)
    }

    /// Whether the goal is met; `None` without a goal.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        match self.goal {
            Goal::AtMost(limit) => Some(self.measured <= limit),
            Goal::Ratio(limit) => Some(self.ratio()? <= limit),
            Goal::None => None,
        }
    }
}

/// Rows as a table in Markdown.
#[derive(Debug, Clone, Default)]
pub struct Table(pub Vec<Row>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["what", "measured", "reference", "ratio", "goal", "met"].map(str::to_owned);
        let mut lines = vec![head];
        lines.extend(self.0.iter().map(cells));
        let mut widths = [0; 6];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let rule = widths.map(|width| "-".repeat(width));
        lines.insert(1, rule);
        for line in lines {
            for (width, cell) in widths.iter().zip(&line) {
                write!(f, "| {cell:width$} ")?;
            }
            writeln!(f, "|")?;
        }
        Ok(())
    }
}

fn cells(row: &Row) -> [String; 6] {
    let unit = row.unit;
    let amount = |value: f64| format!("{} {unit}", number(value));
    [
        row.what.clone(),
        amount(row.measured),
        row.reference.map_or_else(String::new, |(name, value)| format!("{name}: {}", amount(value))),
        row.ratio().map_or_else(String::new, |ratio| format!("{} ×", number(ratio))),
        match row.goal {
            Goal::AtMost(limit) => format!("≤ {limit} {unit}"),
            Goal::Ratio(limit) => format!("≤ {limit} ×"),
            Goal::None => String::new(),
        },
        match row.met() {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => String::new(),
        },
    ]
}

/// Three significant digits.
fn number(value: f64) -> String {
    match value.abs() {
        ..0.01 => format!("{value:.4}"),
        0.01..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(measured: f64, goal: Goal) -> Row {
        Row { what: "step".into(), measured, unit: "ns", reference: Some(("by hand", 2.0)), goal }
    }

    #[test]
    fn goals_are_met_up_to_their_limit() {
        assert_eq!(row(2.0, Goal::Ratio(1.0)).met(), Some(true));
        assert_eq!(row(2.1, Goal::Ratio(1.0)).met(), Some(false));
        assert_eq!(row(8.0, Goal::AtMost(8.0)).met(), Some(true));
        assert_eq!(row(8.1, Goal::AtMost(8.0)).met(), Some(false));
        assert_eq!(row(8.1, Goal::None).met(), None);
    }

    #[test]
    fn the_table_is_markdown_with_even_columns() {
        let table = Table(vec![row(2.5, Goal::Ratio(1.15)), row(123.4, Goal::None)]).to_string();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()));
        assert_eq!(lines[2], "| step | 2.50 ns  | by hand: 2.00 ns | 1.25 × | ≤ 1.15 × | no  |");
    }

    #[test]
    fn the_first_round_does_not_count() {
        let mut times = [9.0, 3.0, 1.0, 2.0].into_iter();
        let [timing] = compare(3, [&mut || times.next().unwrap()]);
        assert_eq!(timing, Timing { least: 1.0, median: 2.0 });
    }
}
