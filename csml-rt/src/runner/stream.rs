//! Events from outside that come bit by bit: from a terminal, a pipe, or another file that is not a regular one.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::thread;

use csml_rt_core::Machines;

use super::{messages, reason};
use crate::app::InputSender;
use crate::event_script::{EventScriptError, ScriptReader};

/// The longest line.
const LONGEST_LINE: u64 = 64 << 20;

/// Whether a file is more than what it contains now: `-`, the standard input, if it is not a regular file, and others that
/// are not.
pub(super) fn is_endless(file: &str) -> bool {
    let path = if file == "-" { "/dev/stdin" } else { file };
    match fs::metadata(path) {
        Ok(found) => !found.is_file() && !found.is_dir(),
        // A system without names for open files.
        Err(_) => file == "-",
    }
}

/// Reads lines in a thread of its own and sends them to the application.
///
/// # Errors
/// There is no such thread.
pub(super) fn read<A: Machines>(file: &str, sender: InputSender<A>) -> Result<(), String> {
    let path = file.to_owned();
    let work = move || {
        let source: Box<dyn Read> = match path.as_str() {
            "-" => Box::new(io::stdin()),
            path => match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    let message = format!("cannot be read: {}", reason(&error));
                    // Without a receiver the application has ended.
                    let _ = sender.blocking_send(Err(EventScriptError { line: 1, message }));
                    return;
                }
            },
        };
        let lenient = path == "-" && io::stdin().is_terminal();
        send_lines::<A>(BufReader::new(source), &sender, lenient);
    };
    let spawned = thread::Builder::new().name("events".to_owned()).spawn(work);
    spawned.map(drop).map_err(|error| format!("the events cannot be read: {error}"))
}

/// With `lenient` a line that cannot be used is reported and skipped: a slip at the keyboard does not end the run.
fn send_lines<A: Machines>(mut source: impl BufRead, sender: &InputSender<A>, lenient: bool) {
    let mut reader = ScriptReader::default();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let line = match source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes) {
            Ok(0) => return,
            Ok(read) if read as u64 == LONGEST_LINE => Err("longer than 64 MiB".to_owned()),
            Ok(_) => std::str::from_utf8(&bytes).map_err(|_| "not UTF-8".to_owned()),
            Err(error) => Err(format!("cannot be read: {error}")),
        };
        let line = line.map_err(|message| EventScriptError { line: number, message });
        let line = line.and_then(|text| reader.line::<A>(text));
        let Some(line) = line.transpose() else {
            continue;
        };
        match line {
            Err(error) if lenient => messages::warning(&format!("{error}; the line is skipped")),
            line => {
                let last = line.is_err();
                if sender.blocking_send(line).is_err() || last {
                    return;
                }
            }
        }
    }
}
