//! The command line of a standalone application. This program is both the test and the application.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::Arc;

use csml_rt::NoServices;
use csml_rt::runner::{self, About};
use workshop::Workshop;

const CHILD: &str = "CSML_TEST_CHILD";

fn main() -> ExitCode {
    if std::env::var_os(CHILD).is_some() {
        let about = About { name: "workshop", version: "1.2.3", description: "Presses things." };
        return runner::main::<Workshop>(|| Arc::new(NoServices), about);
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    for (name, test) in TESTS {
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            test();
            println!("test {name} ... ok");
        }
    }
    ExitCode::SUCCESS
}

const TESTS: &[(&str, fn())] = &[
    ("help_and_version", help_and_version),
    ("a_run_with_everything", a_run_with_everything),
    ("usage_errors", usage_errors),
    ("never_settles", never_settles),
    ("broken_pipe", broken_pipe),
    ("events_are_handled_as_they_come", events_are_handled_as_they_come),
    ("text_from_outside_is_escaped", text_from_outside_is_escaped),
    #[cfg(unix)]
    ("interrupt", interrupt),
    #[cfg(unix)]
    ("a_second_signal_ends_a_step_that_does_not", a_second_signal_ends_a_step_that_does_not),
];

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(arguments)
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = command(arguments).spawn().unwrap();
    // The application may end without reading its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A file that is removed again.
struct Temporary(std::path::PathBuf);

impl Temporary {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("csml-rt-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn help_and_version() {
    let (code, out, _) = run(&["--help"], "");
    assert_eq!(code, 0);
    for part in ["Presses things.", "Usage: workshop", "--events FILE", "Instances: press, monitor"] {
        assert!(out.contains(part), "{out}");
    }
    // A long option does not run into its text.
    let long = out.lines().position(|line| line.trim_end().ends_with("--mqtt-password-file FILE"));
    let text = long.and_then(|line| out.lines().nth(line + 1));
    assert_eq!(text.map(str::trim_start), Some("File with the password for the broker."), "{out}");
    assert_eq!(run(&["-V"], ""), (0, "workshop 1.2.3\n".into(), String::new()));
}

fn a_run_with_everything() {
    let services =
        Temporary::new("services.json", r#"{"measure":{"output":{"value":9},"delayMs":5},"hum":{}}"#);
    let events = "{\"event\":\"start\"}\n{\"at\":1,\"event\":\"fault\",\"data\":{\"by\":0}}\n{\"at\":9,\"event\":\"quit\"}\n";
    let arguments =
        ["--events", "-", "--services", services.path(), "--virtual-time", "--trace=json", "--seed", "1"];
    let (code, out, err) = run(&arguments, events);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().next(), Some(r#"{"t":0,"i":"press","k":"start","state":"idle"}"#));
    assert!(out.lines().last().unwrap().starts_with(r#"{"t":9,"k":"end""#));
    for part in [
        "step for `fault` failed: division by zero at 30:9",
        "end: all instances have terminated, clock 9 ms",
        "1 dead letters; invocations: 2 done, 0 failed",
        "press is done, count = 0",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let quiet = [&arguments[..], &["-q"]].concat();
    let (_, again, err) = run(&quiet, events);
    assert_eq!(again, out);
    assert!(!err.contains("end:") && !err.contains("division"), "{err}");
}

fn usage_errors() {
    let bad = Temporary::new("bad.json", "{\"measure\":{\"outptu\":{}}}");
    let unknown = Temporary::new("unknown.json", r#"{"measure":{"output":{"value":9}},"humm":{}}"#);
    for (arguments, input, part) in [
        (&["--evnts"][..], "", "did you mean `events`"),
        (&["--events", "/nowhere/at/all"], "", "cannot read `/nowhere/at/all`: there is no such file"),
        (&["--services", "/nowhere/at/all"], "", "cannot read `/nowhere/at/all`: there is no such file"),
        (&["--events", "-", "--services", "-"], "{}", "only one of --events and --services"),
        (&["--services", "-"], "", "-: it is empty"),
        (&["--services", "-"], "{\n  \"measure\": x\n}", "-: line 2: "),
        (&["--services", "-"], "[]", "-: expected an object, found list"),
        (&["--events", "-"], "\n{\"event\"", "-: line 2: "),
        (&["--events", "-"], "{\"event\":\"quit\"} {}", "-: line 1: trailing characters"),
        (&["--events", "-"], "[]", "-: line 1: expected an object"),
        (&["--events", "-"], "{\"at\":-1,\"event\":\"quit\"}", "-: line 1: `at`: expected milliseconds"),
        (&["--events", "-"], "{\"event\":\"a\\u001b[31m\"}", "no machine handles the event `a\\u001b[31m`"),
        (&["--events", "-"], "{\"event\":\"quit\",\"dat\":{}}", "-: line 1: unknown key `dat`"),
        (&["--events", "-"], "{}", "-: line 1: `event` is missing"),
        (
            &["--events", "-"],
            "\n{\"event\":\"quit\",\"to\":\"prss\"}",
            "-: line 2: `to`: there is no instance `prss`; did you mean `press`?",
        ),
        (&["--services", bad.path()], "", "service `measure`: unknown key `outptu`; did you mean `output`?"),
        (
            &["--services", unknown.path()],
            "",
            "the description invokes no service `humm`; did you mean `hum`?",
        ),
        (&["--run", ","], "", "--run: expected names of instances"),
        (&["--process", ""], "", "--process: the name is empty"),
        (&["--instance", "a=prss"], "", "there is no top-level machine `prss`; did you mean `press`?"),
        (&["--subscribe", "monitr=press"], "", "there is no instance `monitr`; did you mean `monitor`?"),
        (&["--subscribe", "monitor=press+prss"], "", "there is no instance `prss`; did you mean `press`?"),
        (&["--store", "redis:x"], "", "--store: `redis:x` is not a store"),
        (
            &["--events", "-"],
            "{\"event\":\"ack\"}",
            "-: line 1: the event `ack` does not come from outside: machines raise it",
        ),
        (
            &["--events", "-"],
            "{\"event\":\"error.invoke.measure\",\"data\":{\"message\":\"x\"}}",
            "-: line 1: the event `error.invoke.measure` does not come from outside: the runtime raises it",
        ),
        (&["--run", "monitr"], "", "there is no instance `monitr`; did you mean `monitor`?"),
        (&["--until", "soon"], "", "--until: expected a whole number"),
    ] {
        let (code, out, err) = run(arguments, input);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.lines().any(|line| line.starts_with("error: ")) && err.contains(part), "{err}");
    }
}

fn never_settles() {
    let services = Temporary::new(
        "slow.json",
        r#"{"measure":{"output":{"value":9},"delayMs":100000},"hum":{"delayMs":1000000}}"#,
    );
    let arguments =
        ["--events", "-", "--services", services.path(), "--virtual-time", "--max-steps", "30", "-q"];
    // The time limit of the invocation fires first: the press is idle again, then starts anew.
    let events: String = (0..30).map(|n| format!("{{\"at\":{},\"event\":\"start\"}}\n", n * 10)).collect();
    let (code, _, err) = run(&arguments, &events);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("no end after 30 steps; in a cycle:") && err.contains("at `press`"), "{err}");
}

fn broken_pipe() {
    let events: String = "{\"event\":\"work\",\"data\":{\"n\":1}}\n".repeat(20_000);
    let file = Temporary::new("many.jsonl", &events);
    let mut child = command(&["--events", file.path(), "--virtual-time", "--trace", "json"]).spawn().unwrap();
    let mut first = [0; 10];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("the reader of the trace has gone") && !err.contains("panicked"), "{err}");
}

fn events_are_handled_as_they_come() {
    let mut child = command(&["--events", "-", "--trace", "json"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut trace = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |part: &str| {
        let found = trace.by_ref().map(Result::unwrap).find(|line| line.contains(part));
        assert!(found.is_some(), "{part}");
    };
    // The input stays open, and each line is answered before the next one is written.
    for n in 1..=3 {
        writeln!(input, r#"{{"event":"work","data":{{"n":{n}}}}}"#).unwrap();
        until(&format!(r#""event":"work","channel":"peripheral","from":"env","data":{{"n":{n}}}"#));
    }
    // A time that is over counts as now; the last line needs no end.
    write!(input, r#"{{"event":"quit","at":0,"to":"monitor"}}"#).unwrap();
    drop(input);
    until(r#""k":"terminated","state":"closed""#);
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && err.contains("end: nothing was left to do"), "{err}");
}

fn text_from_outside_is_escaped() {
    let services =
        Temporary::new("hostile.json", r#"{"measure":{"error":"\u001b[2J\u202egone\nerror: fake"}}"#);
    let arguments = [
        "--events",
        "-",
        "--services",
        services.path(),
        "--virtual-time",
        "--trace",
        "text",
        "--until",
        "50",
    ];
    let (code, out, err) = run(&arguments, "{\"event\":\"start\"}\n");
    assert_eq!(code, 0, "{err}");
    for text in [&out, &err] {
        assert!(text.contains(r"\u001b[2J\u202egone\nerror: fake"), "{text}");
        assert!(text.lines().all(|line| csml_rt::Printable(line).to_string() == line), "{text:?}");
    }
}

#[cfg(unix)]
fn interrupt() {
    let events = "{\"at\":600000,\"event\":\"quit\"}\n";
    let mut child = command(&["--events", "-", "--trace", "json"]).spawn().unwrap();
    child.stdin.take().unwrap().write_all(events.as_bytes()).unwrap();
    // The trace of the start is written before the long wait begins.
    let mut first = [0; 10];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    if !killed.is_ok_and(|status| status.success()) {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && err.contains("end: stopped"), "{err}");
}

/// The step begins, and goes on without end: the first signal cannot end the run in order.
#[cfg(unix)]
fn a_second_signal_ends_a_step_that_does_not() {
    for signal in ["-INT", "-TERM"] {
        let mut command = command(&["--events", "-", "--trace", "json"]);
        let mut child = command.env(workshop::ENDLESS, "1").spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"{\"event\":\"work\",\"data\":{\"n\":1}}\n").unwrap();
        let mut first = [0; 1];
        child.stderr.as_mut().unwrap().read_exact(&mut first).unwrap();
        // Signals of one kind that wait become one, so the second one is repeated until the process has ended.
        let ended = (0..2_000).any(|_| {
            let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
            child.try_wait().unwrap().is_some() || !sent.unwrap().success()
        });
        if !ended {
            child.kill().unwrap();
        }
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(130));
    }
}
