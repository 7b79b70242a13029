//! Messages for people, on standard error. A reader that has gone is no failure, so errors of writing are ignored.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use csml_rt_core::{Printable, is_invisible};

use crate::{Observation, ObservationKind, Summary};

/// Dead letters and failed invocations reported one by one; further ones are only counted.
const SHOWN: u32 = 20;
/// Instances whose final state is shown.
const INSTANCES: usize = 20;

/// Whether the user has not asked for plain text (<https://no-color.org>).
pub(super) fn colour_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn paint(text: &str, colour: &str) -> String {
    if io::stderr().is_terminal() && colour_wanted() {
        format!("\u{1b}[{colour}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn print(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

pub(super) fn error(message: &str) {
    print(&format!("{}: {}\n", paint("error", "1;31"), tidy(message)));
}

pub(super) fn warning(message: &str) {
    print(&format!("{}: {}\n", paint("warning", "1;33"), tidy(message)));
}

/// A message holds names and texts from files and services: nothing in it may act on the terminal, and it stays
/// short.
fn tidy(message: &str) -> String {
    const LONGEST: usize = 2_000;
    let mut out = String::with_capacity(message.len().min(LONGEST));
    for (index, c) in message.chars().enumerate() {
        if index == LONGEST {
            out.push('…');
            break;
        }
        if c == '\n' || !is_invisible(c) {
            out.push(c);
        } else {
            let _ = write!(out, "{}", Printable(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

/// Reports failures as they happen.
pub(super) fn failures<E>() -> impl FnMut(&Observation<E>) + Send {
    let mut count = 0;
    move |observation| {
        count += 1;
        let place = format!("{} at {} ms", observation.instance, observation.at);
        // One line: what comes from outside must not look like a message of its own.
        let message = match &observation.kind {
            ObservationKind::DeadLetter { event, error, .. } => {
                format!("{place}: step for `{event}` failed: {error}")
            }
            ObservationKind::InvocationFailed { service, error, .. } => {
                format!("{place}: invocation of `{service}` failed: {error}")
            }
            _ => return,
        };
        let message = Printable(&message).to_string();
        match count {
            1..SHOWN => warning(&message),
            SHOWN => warning(&format!("{message}\nFurther failures are only counted.")),
            _ => {}
        }
    }
}

/// What went wrong between processes, if anything did.
#[cfg(feature = "distributed")]
fn connection(out: &mut String, summary: &Summary) {
    let Some(connection) = &summary.connection else { return };
    let link = &connection.link;
    let rejected: u64 =
        connection.rejected.iter().filter(|(kind, _)| !REPORTED.contains(kind)).map(|(_, n)| n).sum();
    let counts = [
        ("gaps", link.gaps),
        ("events of earlier runs dropped", link.dropped),
        ("own events lost for others", link.lost),
        ("twins", link.twins),
        ("impossible messages", link.impossible),
        ("rejected messages", rejected),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    if !counts.is_empty() {
        let _ = writeln!(out, "  other processes: {}", counts.join("; "));
    }
}

/// The summary of a run.
pub(super) fn summary(summary: &Summary) {
    let mut out = String::new();
    let counters = &summary.counters;
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}: {}, clock {} ms, took {:.1?}",
        paint("end", "1"),
        summary.reason,
        summary.clock_ms,
        summary.elapsed,
    );
    let _ = writeln!(
        out,
        "  {} {}; events: {} handled, {} unhandled; {} dead letters; invocations: {} done, {} failed",
        counters.steps,
        if counters.steps == 1 { "step" } else { "steps" },
        counters.handled,
        counters.unhandled,
        counters.dead_letters,
        counters.invocations_ok,
        counters.invocations_failed,
    );
    #[cfg(feature = "distributed")]
    connection(&mut out, summary);
    for (path, instance) in summary.snapshot.instances.iter().take(INSTANCES) {
        let _ =
            write!(out, "  {} is {}", Printable(path), Printable(instance.state.unwrap_or("not started")));
        for (name, value) in &instance.data {
            let mut text = value.to_json();
            if text.chars().count() > 60 {
                text = text.chars().take(57).collect::<String>() + "...";
            }
            let _ = write!(out, ", {} = {}", Printable(name), Printable(&text));
        }
        out.push('\n');
    }
    if let Some(more @ 1..) = summary.snapshot.instances.len().checked_sub(INSTANCES) {
        let _ = writeln!(out, "  and {more} more instances");
    }
    print(&out);
}

/// Kinds that the counters of the link have as well.
#[cfg(feature = "distributed")]
const REPORTED: [&str; 6] = ["twin", "dropped", "lost", "impossible", "overflow", "unsent"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_do_not_act_on_the_terminal() {
        assert_eq!(tidy("a `\u{1b}[31mb`\n  é\u{202e}"), "a `\\u001b[31mb`\n  é\\u202e");
        assert_eq!(tidy(&"x".repeat(3_000)).chars().count(), 2_001);
    }
}
