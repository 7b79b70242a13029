//! What people read on standard error. Nobody reading it is no failure, so errors of writing are ignored.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

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
    print(&format!("{}: {message}\n", paint("error", "1;31")));
}

pub(super) fn warning(message: &str) {
    print(&format!("{}: {message}\n", paint("warning", "1;33")));
}

/// Reports failures as they happen.
pub(super) fn failures<E>() -> impl FnMut(&Observation<E>) + Send {
    let mut count = 0;
    move |observation| {
        count += 1;
        let place = format!("{} at {} ms", observation.instance, observation.at);
        let message = match &observation.kind {
            ObservationKind::DeadLetter { event, error, .. } => {
                format!("{place}: step for `{event}` failed: {error}")
            }
            ObservationKind::InvocationFailed { service, error, .. } => {
                format!("{place}: invocation of `{service}` failed: {error}")
            }
            _ => return,
        };
        match count {
            1..SHOWN => warning(&message),
            SHOWN => warning(&format!("{message}\nFurther failures are only counted.")),
            _ => {}
        }
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
        "  {} steps; events: {} handled, {} unhandled; {} dead letters; invocations: {} done, {} failed",
        counters.steps,
        counters.handled,
        counters.unhandled,
        counters.dead_letters,
        counters.invocations_ok,
        counters.invocations_failed,
    );
    for (path, instance) in summary.snapshot.instances.iter().take(INSTANCES) {
        let _ = write!(
            out,
            "  {} is {}",
            path.escape_debug(),
            instance.state.unwrap_or("not started").escape_debug()
        );
        for (name, value) in &instance.data {
            let mut text = value.to_json();
            if text.chars().count() > 60 {
                text = text.chars().take(57).collect::<String>() + "...";
            }
            let _ = write!(out, ", {} = {text}", name.escape_debug());
        }
        out.push('\n');
    }
    if let Some(more @ 1..) = summary.snapshot.instances.len().checked_sub(INSTANCES) {
        let _ = writeln!(out, "  and {more} more instances");
    }
    print(&out);
}
