//! The command line and the environment.

use std::ffi::OsString;
use std::fmt::Write as _;

use csml_rt_core::Machines;
use lexopt::{Arg, Parser, ValueExt};

use super::About;
use crate::node::ErrorPolicy;
use crate::suggest::hint;

/// What the user asks for.
#[derive(Debug)]
pub(super) enum Asked {
    Run(Args),
    Help,
    Version,
}

/// Options of a run.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) events: Option<String>,
    pub(super) services: Option<String>,
    pub(super) virtual_time: bool,
    pub(super) until: Option<u64>,
    pub(super) seed: Option<u64>,
    pub(super) trace: TraceChoice,
    pub(super) run: Vec<String>,
    pub(super) max_steps: Option<u64>,
    pub(super) on_error: ErrorPolicy,
    pub(super) quiet: bool,
}

/// Which trace is written to standard output.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum TraceChoice {
    Json,
    Text,
    #[default]
    Off,
}

/// One option: name, placeholder of its value (empty for a switch), help.
const OPTIONS: [(&str, &str, &str); 10] = [
    (
        "events",
        "FILE",
        "Events from outside, JSON Lines; - reads standard input.\n\
         {\"at\": 0, \"event\": \"sensor\", \"data\": {\"value\": true}, \"to\": \"crossing\"}",
    ),
    (
        "services",
        "FILE",
        "Answers for services that nothing implements, JSON.\n\
         {\"detect\": {\"output\": {\"found\": true}, \"delayMs\": 5}}",
    ),
    ("virtual-time", "", "Simulate the clock: it starts at 0 and jumps to the next due thing."),
    ("until", "MS", "Stop after so many milliseconds."),
    ("seed", "N", "Seed of the random functions."),
    ("trace", "FORMAT", "Trace on standard output: json, text or off. [default: off]"),
    ("run", "NAMES", "Run only these instances, separated by commas."),
    (
        "max-steps",
        "N",
        "End with an error after so many steps.\n\
         [default: 10000000 in virtual time, otherwise no limit]",
    ),
    ("on-error", "POLICY", "When a step fails: continue, stop-instance or stop. [default: continue]"),
    ("quiet", "", "No warnings and no summary on standard error."),
];

/// Reads the command line; what it does not say is taken from the environment.
pub(super) fn parse(
    arguments: impl Iterator<Item = OsString>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Asked, String> {
    let mut args = Args::default();
    let mut given: Vec<String> = Vec::new();
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Asked::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Asked::Version),
            Arg::Short('q') => "quiet".to_owned(),
            Arg::Long(name) => name.to_owned(),
            Arg::Short(letter) => return Err(format!("unknown option `-{letter}`")),
            Arg::Value(value) => {
                return Err(format!("unexpected argument `{}`", value.to_string_lossy()));
            }
        };
        let Some((_, placeholder, _)) = OPTIONS.iter().find(|(known, ..)| *known == name) else {
            let known = OPTIONS.iter().map(|(known, ..)| *known);
            return Err(format!("unknown option `--{name}`{}", hint(&name, known)));
        };
        let value = if placeholder.is_empty() {
            "true".to_owned()
        } else {
            let missing = |_| format!("`--{name}` needs a value, {placeholder}");
            parser.value().map_err(missing)?.string().map_err(|error| error.to_string())?
        };
        set(&mut args, &name, &value).map_err(|message| format!("--{name}: {message}"))?;
        given.push(name);
    }
    for (name, ..) in OPTIONS {
        let variable = variable(name);
        if let Some(value) = environment(&variable).filter(|value| !value.is_empty())
            && !given.iter().any(|g| g == name)
        {
            set(&mut args, name, &value).map_err(|message| format!("{variable}: {message}"))?;
        }
    }
    Ok(Asked::Run(args))
}

/// The environment variable of an option.
fn variable(name: &str) -> String {
    format!("CSML_{}", name.to_uppercase().replace('-', "_"))
}

fn set(args: &mut Args, name: &str, value: &str) -> Result<(), String> {
    let number = || {
        let parsed = value.parse::<u64>();
        parsed.map_err(|_| format!("expected a whole number that is not negative, found `{value}`"))
    };
    let switch = || match value {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(format!("expected true or false, found `{value}`")),
    };
    match name {
        "events" => args.events = Some(value.to_owned()),
        "services" => args.services = Some(value.to_owned()),
        "virtual-time" => args.virtual_time = switch()?,
        "until" => args.until = Some(number()?),
        "seed" => args.seed = Some(number()?),
        "max-steps" => args.max_steps = Some(number()?),
        "quiet" => args.quiet = switch()?,
        "run" => {
            let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
            args.run.extend(names.map(str::to_owned));
        }
        "trace" => {
            args.trace = match value {
                "json" => TraceChoice::Json,
                "text" => TraceChoice::Text,
                "off" => TraceChoice::Off,
                _ => {
                    let hint = hint(value, ["json", "text", "off"]);
                    return Err(format!("expected json, text or off, found `{value}`{hint}"));
                }
            }
        }
        "on-error" => {
            args.on_error = match value {
                "continue" => ErrorPolicy::Continue,
                "stop-instance" => ErrorPolicy::StopInstance,
                "stop" => ErrorPolicy::StopApplication,
                _ => {
                    let hint = hint(value, ["continue", "stop-instance", "stop"]);
                    return Err(format!("expected continue, stop-instance or stop, found `{value}`{hint}"));
                }
            }
        }
        _ => return Err("unknown option".to_owned()),
    }
    Ok(())
}

/// The text of `--help`.
pub(super) fn help<A: Machines>(about: &About) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    if !about.description.is_empty() {
        let _ = writeln!(out, "{}\n", about.description);
    }
    let _ = writeln!(out, "Usage: {} [OPTIONS]\n\nOptions:", about.name);
    let extra = [("help", "", "Print this text."), ("version", "", "Print the version.")];
    for (name, placeholder, text) in OPTIONS.iter().chain(&extra) {
        let short = match *name {
            "quiet" => "-q, ",
            "help" => "-h, ",
            "version" => "-V, ",
            _ => "    ",
        };
        let _ = writeln!(out, "  {:<26}{}", format!("{short}--{name} {placeholder}"), {
            text.replace('\n', &format!("\n{:28}", ""))
        });
    }
    let events = A::DESCRIPTION.events.iter();
    let events: Vec<&str> = events.filter(|e| !e.receivers.is_empty()).map(|e| e.name).collect();
    let tops = A::DESCRIPTION.machines.iter().filter(|m| m.parent.is_none());
    let tops: Vec<&str> = tops.map(|m| m.name).collect();
    let services: Vec<&str> = A::DESCRIPTION.services.iter().map(|s| s.name).collect();
    out.push('\n');
    for (what, names) in [("Instances", tops), ("Events", events), ("Services", services)] {
        if !names.is_empty() {
            let _ = writeln!(out, "{what}: {}", names.join(", "));
        }
    }
    out.push_str(
        "\nEvery option can be given as an environment variable: CSML_EVENTS, CSML_VIRTUAL_TIME=true, …\n\
         Without --until the run ends when no event, timer or invocation is pending.\n\
         Exit codes: 0 fine, 1 the application failed, 2 usage, unreadable files, events that do not fit.\n",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Args, String> {
        let lookup = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        match parse(arguments.iter().map(OsString::from), lookup)? {
            Asked::Run(args) => Ok(args),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn the_command_line_wins_over_the_environment() {
        let args = parsed(
            &["--until=5", "--run", "a,b", "--run", "c", "--virtual-time", "--trace", "json"],
            &[("CSML_UNTIL", "7"), ("CSML_SEED", "9"), ("CSML_RUN", "z"), ("CSML_QUIET", "1")],
        )
        .unwrap();
        assert_eq!((args.until, args.seed), (Some(5), Some(9)));
        assert_eq!(args.run, ["a", "b", "c"]);
        assert!(args.virtual_time && args.quiet);
        assert_eq!(args.trace, TraceChoice::Json);
    }

    #[test]
    fn mistakes_are_named() {
        let error = |arguments: &[&str]| parsed(arguments, &[]).unwrap_err();
        assert!(error(&["--evnets", "x"]).contains("did you mean `events`"));
        assert!(error(&["--until", "-3"]).contains("not negative"));
        assert!(error(&["--until"]).contains("needs a value"));
        assert!(error(&["--trace", "jsn"]).contains("did you mean `json`"));
        assert!(error(&["file"]).contains("unexpected argument"));
        let error = parsed(&[], &[("CSML_SEED", "x")]).unwrap_err();
        assert!(error.starts_with("CSML_SEED:"));
    }
}
