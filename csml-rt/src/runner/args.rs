//! The command line and the environment.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;

use csml_rt_core::Machines;
use lexopt::{Arg, Parser, ValueExt};

use super::About;
use crate::node::ErrorPolicy;
use crate::suggest::{hint, nearest};

/// What the user asks for.
#[derive(Debug)]
pub(super) enum Asked {
    Run(Box<Args>),
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
    pub(super) max_queue: Option<u64>,
    pub(super) on_error: ErrorPolicy,
    pub(super) quiet: bool,
    pub(super) process: Option<String>,
    /// Name and machine.
    pub(super) instances: Vec<(String, String)>,
    /// Receiver and sources.
    pub(super) subscriptions: Vec<(String, Vec<String>)>,
    pub(super) mqtt: Option<String>,
    pub(super) mqtt_password: Option<String>,
    pub(super) mqtt_password_file: Option<String>,
    pub(super) mqtt_ca: Option<String>,
    pub(super) mqtt_cert: Option<String>,
    pub(super) mqtt_key: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) backpressure: Option<String>,
    pub(super) store: Option<String>,
    pub(super) separate_data: Option<bool>,
    pub(super) log: Option<String>,
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
const OPTIONS: &[(&str, &str, &str)] = &[
    (
        "events",
        "FILE",
        "Events from outside, JSON Lines; - reads standard input.\n\
         {\"at\": 0, \"event\": \"sensor\", \"data\": {\"value\": true}, \"to\": \"crossing\"}",
    ),
    (
        "services",
        "FILE",
        "Answers for services without an implementation, JSON.\n\
         {\"detect\": {\"output\": {\"found\": true}, \"delayMs\": 5}}",
    ),
    ("virtual-time", "", "Simulate the clock: it starts at 0 and jumps to the next time something is due."),
    ("until", "MS", "Stop after so many milliseconds."),
    ("seed", "N", "Seed of the random functions."),
    ("trace", "FORMAT", "Trace on standard output: json, text or off. [default: off]"),
    ("run", "NAMES", "Run only these instances, separated by commas."),
    (
        "process",
        "NAME",
        "Name of this process, the same after every restart. One of csml.toml says\n\
         which instances it runs. [default: the names of the instances]",
    ),
    (
        "instance",
        "NAME=MACHINE",
        "Instances instead of one of each machine, separated by commas; the same in\n\
         every process.",
    ),
    (
        "subscribe",
        "NAME=SOURCES",
        "Whose external events an instance receives, separated by `+`; by default\n\
         those of every instance. Several options are separated by commas.",
    ),
    (
        "mqtt",
        "URL",
        "Reach instances of other processes through an MQTT broker:\n\
         mqtt://[user@]host[:1883] or mqtts://…, with ?version=3.1.1 if it must be.\n\
         The password comes from the environment, CSML_MQTT_PASSWORD, or a file.",
    ),
    ("mqtt-password-file", "FILE", "File with the password for the broker."),
    ("mqtt-ca", "FILE", "Certificates of the authorities to trust, PEM. [default: the system's]"),
    ("mqtt-cert", "FILE", "Client certificate, PEM; with --mqtt-key."),
    ("mqtt-key", "FILE", "Key of the client certificate, PEM."),
    ("encoding", "FORMAT", "How data of events are sent: json or cbor. [default: json]"),
    (
        "backpressure",
        "POLICY",
        "When too many events wait for other processes: block (steps wait) or reject\n\
         (steps that raise such events fail). [default: block]",
    ),
    (
        "store",
        "STORE",
        "Where persistent data are kept: memory, redb:FILE (one process), or\n\
         etcd://[user@]host:2379 (shared by processes). [default: memory]",
    ),
    (
        "separate-data",
        "",
        "Let each process keep values of its own of persistent variables that several\n\
         processes use. Otherwise they start only with a store that they share.",
    ),
    ("log", "LEVEL", "Log of connections and stores: off, error, warn, info, debug. [default: info]"),
    (
        "max-steps",
        "N",
        "End with an error after so many steps.\n\
         [default: 10000000 in virtual time, otherwise no limit]",
    ),
    ("max-queue", "N", "End with an error when more than N raised events wait. [default: 4000000]"),
    ("on-error", "POLICY", "When a step fails: continue, stop-instance or stop. [default: continue]"),
    ("quiet", "", "No warnings and no summary on standard error."),
];

/// What the environment says that is not an option: secrets, and what belongs to stores.
const VARIABLES: [&str; 6] = [
    "CSML_MQTT_PASSWORD",
    "CSML_ETCD_PASSWORD",
    "CSML_ETCD_PASSWORD_FILE",
    "CSML_ETCD_CA",
    "CSML_ETCD_CERT",
    "CSML_ETCD_KEY",
];

/// The variables of the environment that are meant for such a program, without empty ones.
///
/// # Errors
/// One has a name that is nearly that of a known one, or a value that is not Unicode.
fn environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, String> {
    let known: Vec<String> = OPTIONS.iter().map(|(name, ..)| variable(name)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).chain(VARIABLES).collect();
    let bare = |name: &str| name.strip_prefix("CSML_").map(str::to_owned);
    let mut found = BTreeMap::new();
    for (name, value) in variables {
        let Some((name, given)) = name.to_str().and_then(|name| Some((name, bare(name)?))) else {
            continue;
        };
        if !known.contains(&name) {
            // Other programs may have variables of their own that begin like this.
            let Some(near) = nearest(&given, known.iter().filter_map(|known| known.strip_prefix("CSML_")))
            else {
                continue;
            };
            return Err(format!("unknown environment variable `{name}`; did you mean `CSML_{near}`?"));
        }
        let value = value.into_string().map_err(|_| format!("{name}: the value is not Unicode"))?;
        if !value.is_empty() {
            found.insert(name.to_owned(), value);
        }
    }
    Ok(found)
}

/// Reads the command line; what it does not say is taken from the environment.
pub(super) fn parse(
    arguments: impl Iterator<Item = OsString>,
    variables: impl Iterator<Item = (OsString, OsString)>,
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
        if name == "mqtt-password" {
            return Err(
                "every user of this machine can read a command line: put the password into the environment \
                        variable CSML_MQTT_PASSWORD, or into a file for --mqtt-password-file"
                    .to_owned(),
            );
        }
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
    let environment = environment(variables)?;
    for (name, ..) in OPTIONS {
        let variable = variable(name);
        if let Some(value) = environment.get(&variable)
            && !given.iter().any(|g| g == name)
        {
            set(&mut args, name, value).map_err(|message| format!("{variable}: {message}"))?;
        }
    }
    // Not an option: every user of the machine can read a command line.
    args.mqtt_password = environment.get("CSML_MQTT_PASSWORD").cloned();
    Ok(Asked::Run(Box::new(args)))
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
        "max-queue" => args.max_queue = Some(number()?),
        "quiet" => args.quiet = switch()?,
        "process" if value.is_empty() => return Err("the name is empty".to_owned()),
        "process" => args.process = Some(value.to_owned()),
        "instance" => {
            for pair in listed(value) {
                let (name, machine) = pair
                    .split_once('=')
                    .filter(|(name, machine)| !name.is_empty() && !machine.is_empty())
                    .ok_or_else(|| format!("expected NAME=MACHINE, found `{pair}`"))?;
                args.instances.push((name.to_owned(), machine.to_owned()));
            }
        }
        "subscribe" => {
            for pair in listed(value) {
                let (name, sources) = pair
                    .split_once('=')
                    .filter(|(name, _)| !name.is_empty())
                    .ok_or_else(|| format!("expected NAME=SOURCES, found `{pair}`"))?;
                let sources = sources.split('+').filter(|source| !source.is_empty());
                args.subscriptions.push((name.to_owned(), sources.map(str::to_owned).collect()));
            }
        }
        "mqtt" => args.mqtt = Some(value.to_owned()),
        "mqtt-password-file" => args.mqtt_password_file = Some(value.to_owned()),
        "mqtt-ca" => args.mqtt_ca = Some(value.to_owned()),
        "mqtt-cert" => args.mqtt_cert = Some(value.to_owned()),
        "mqtt-key" => args.mqtt_key = Some(value.to_owned()),
        "encoding" => args.encoding = Some(one_of(value, &["json", "cbor"])?),
        "backpressure" => args.backpressure = Some(one_of(value, &["block", "reject"])?),
        "store" => args.store = Some(value.to_owned()),
        "separate-data" => args.separate_data = Some(switch()?),
        "log" => args.log = Some(one_of(value, &["off", "error", "warn", "info", "debug"])?),
        "run" if listed(value).next().is_none() => return Err("expected names of instances".to_owned()),
        "run" => {
            args.run.extend(listed(value).map(str::to_owned));
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

/// The parts of a value that are separated by commas.
fn listed(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// A value that must be one of a few.
fn one_of(value: &str, known: &[&str]) -> Result<String, String> {
    if known.contains(&value) {
        return Ok(value.to_owned());
    }
    let hint = hint(value, known.iter().copied());
    Err(format!("expected {}, found `{value}`{hint}", known.join(", ")))
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
        let option = format!("{short}--{name} {placeholder}");
        // One that reaches into the column of the texts has a line of its own.
        let gap = if option.len() < 26 { "" } else { "\n                            " };
        let text = text.replace('\n', &format!("\n{:28}", ""));
        let _ = writeln!(out, "  {option:<26}{gap}{text}");
    }
    let events = A::DESCRIPTION.events.iter();
    let events: Vec<&str> = events.filter(|e| e.from_outside).map(|e| e.name).collect();
    let tops = A::DESCRIPTION.machines.iter().filter(|m| m.parent.is_none());
    let mut tops: Vec<&str> = tops.map(|m| m.name).collect();
    if !A::DESCRIPTION.instances.is_empty() {
        tops = A::DESCRIPTION.instances.iter().map(|info| info.name).collect();
    }
    let processes: Vec<&str> = A::DESCRIPTION.processes.iter().map(|info| info.name).collect();
    let services: Vec<&str> = A::DESCRIPTION.services.iter().map(|s| s.name).collect();
    out.push('\n');
    for (what, names) in [
        ("Instances", tops),
        ("Processes", processes),
        ("Events from outside", events),
        ("Services", services),
    ] {
        if !names.is_empty() {
            let _ = writeln!(out, "{what}: {}", names.join(", "));
        }
    }
    out.push_str(
        "\nEvery option can be given as an environment variable: CSML_EVENTS, CSML_VIRTUAL_TIME=true, …\n\
         Without --until and --mqtt the run ends when no event, timer or invocation is pending.\n\
         Exit codes: 0 fine, 1 the application or its transport failed, or events have not reached other processes,\n\
         2 usage, unreadable files, a store that cannot be used, events that do not fit.\n",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Box<Args>, String> {
        let variables = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        match parse(arguments.iter().map(OsString::from), variables)? {
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
    fn a_slip_in_the_name_of_a_variable_is_an_error() {
        for (name, meant) in [
            ("CSML_PROCES", "CSML_PROCESS"),
            ("CSML_UNTILL", "CSML_UNTIL"),
            ("CSML_MQTT_PASWORD", "CSML_MQTT_PASSWORD"),
            ("CSML_ETCD_KEYS", "CSML_ETCD_KEY"),
        ] {
            let error = parsed(&[], &[(name, "x")]).unwrap_err();
            let expected = format!("unknown environment variable `{name}`; did you mean `{meant}`?");
            assert_eq!(error, expected);
        }
        assert!(parsed(&[], &[("CSML_COLOUR_OF_THE_SKY", "x"), ("PROCES", "x")]).is_ok());
    }

    #[test]
    fn instances_processes_and_secrets() {
        let args = parsed(
            &[
                "--instance",
                "a=m, b=m",
                "--subscribe=a=b+c,b=",
                "--process",
                "edge",
                "--backpressure",
                "reject",
            ],
            &[("CSML_MQTT", "mqtt://h"), ("CSML_MQTT_PASSWORD", "secret")],
        )
        .unwrap();
        let pair = |name: &str, machine: &str| (name.to_owned(), machine.to_owned());
        assert_eq!(args.instances, [pair("a", "m"), pair("b", "m")]);
        assert_eq!(args.subscriptions[0], ("a".to_owned(), vec!["b".to_owned(), "c".to_owned()]));
        assert_eq!(args.subscriptions[1], ("b".to_owned(), Vec::new()));
        assert_eq!((args.mqtt.as_deref(), args.mqtt_password.as_deref()), (Some("mqtt://h"), Some("secret")));
        let error = |arguments: &[&str]| parsed(arguments, &[]).unwrap_err();
        assert!(error(&["--instance", "a"]).contains("NAME=MACHINE"));
        assert!(error(&["--backpressure", "drop"]).contains("block, reject"));
        assert!(error(&["--mqtt-password", "x"]).contains("CSML_MQTT_PASSWORD"));
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
