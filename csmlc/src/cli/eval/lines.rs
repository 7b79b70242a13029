//! `csmlc eval --lines`: one answer for each line, whatever it holds.

use std::io::{self, BufRead, Read as _, Write as _};

use csml_compiler::source::MAX_BYTES;
use csml_expr::{encode, json};
use csml_rt_core::{Value, write_json_text};

use super::{super::failure::Failure, session::Session};

/// Answers every line. The variables and the seed of `session` are those of each.
pub(super) fn answer(session: &Session, mut input: impl BufRead) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        let answer = match next_line(&mut input, &mut line) {
            Ok(ReadLine::End) => return Ok(()),
            Ok(ReadLine::Complete) => answer_line(session, &line),
            Ok(ReadLine::TooLong) => Err(format!("the line is longer than {} MiB", MAX_BYTES >> 20)),
            Err(error) => return Err(Failure::message(format!("cannot read the lines: {error}"))),
        };
        let mut text = match answer {
            Ok(value) => encode(&value),
            Err(message) => {
                let mut text = String::from("{\"t\":\"error\",\"message\":");
                write_json_text(&message, &mut text);
                text.push('}');
                text
            }
        };
        text.push('\n');
        match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Err(Failure::ClosedOutput),
            Err(error) => {
                return Err(Failure::message(format!("cannot write to the standard output: {error}")));
            }
        }
    }
}

enum ReadLine {
    Complete,
    TooLong,
    End,
}

/// Reads a line without its end into `line`. Of one that is too long the rest is skipped, not kept.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<ReadLine> {
    line.clear();
    let limit = MAX_BYTES as u64 + 1;
    if input.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(ReadLine::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(ReadLine::Complete);
    }
    if line.len() <= MAX_BYTES {
        return Ok(ReadLine::Complete);
    }
    line.clear();
    loop {
        let buffer = input.fill_buf()?;
        let (length, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(length);
        if ended {
            return Ok(ReadLine::TooLong);
        }
    }
}

fn answer_line(session: &Session, line: &[u8]) -> Result<Value, String> {
    let line = std::str::from_utf8(line).map_err(|error| format!("the line is not UTF-8: {error}"))?;
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    if line.trim().is_empty() {
        return Err("the line is empty".to_owned());
    }
    let request = json::read(line).map_err(|error| format!("the line is not JSON: {error}"))?;
    if request.as_map().is_none() {
        return Err(format!("the line is not an object, but {}", request.kind()));
    }
    let source = match request.get("source") {
        Some(Value::Text(source)) => source,
        Some(other) => return Err(format!("`source` is not a string, but {}", other.kind())),
        None => return Err("the line has no `source`".to_owned()),
    };
    let mut session = session.clone();
    match request.get("vars") {
        None | Some(Value::Null) => {}
        Some(Value::Map(variables)) => {
            for (name, value) in variables.iter() {
                let name = name.as_text().unwrap_or_default().to_owned();
                session.variables.insert(name, value.clone());
            }
        }
        Some(other) => return Err(format!("`vars` is not an object, but {}", other.kind())),
    }
    session.evaluate("", source.as_bytes().to_vec()).map_err(|failed| {
        let place = failed.sources.position(failed.diagnostic.primary.span);
        format!("{} at {place}", failed.diagnostic.message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_too_long_are_skipped() {
        let mut text = vec![b'x'; MAX_BYTES + 1];
        text.extend(b"\nshort\n");
        text.extend(vec![b'y'; MAX_BYTES]);
        text.extend(b"\nlast");
        let mut input = io::BufReader::new(text.as_slice());
        let mut line = Vec::new();
        assert!(matches!(next_line(&mut input, &mut line), Ok(ReadLine::TooLong)));
        assert!(matches!(next_line(&mut input, &mut line), Ok(ReadLine::Complete)));
        assert_eq!(line, b"short");
        assert!(matches!(next_line(&mut input, &mut line), Ok(ReadLine::Complete)));
        assert_eq!(line.len(), MAX_BYTES);
        assert!(matches!(next_line(&mut input, &mut line), Ok(ReadLine::Complete)));
        assert_eq!(line, b"last");
        assert!(matches!(next_line(&mut input, &mut line), Ok(ReadLine::End)));
    }
}
