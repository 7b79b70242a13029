//! Counts instructions with valgrind. Other load does not change them.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Lengths of the two runs of each program. Their difference contains no start-up.
const STEPS: [u64; 2] = [51_200, 256_000];

/// Whether valgrind is installed.
#[must_use]
pub fn is_there() -> bool {
    let version = Command::new("valgrind").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// Instructions of one step of `program` and of the loop around it. The last argument of `program` is the number of
/// steps.
///
/// # Errors
/// Valgrind does not start, or the program fails under it.
pub fn per_step(program: &Path, arguments: &[&str]) -> Result<f64, String> {
    let [few, many] = STEPS;
    let difference = count(program, arguments, many)?.saturating_sub(count(program, arguments, few)?);
    Ok(difference as f64 / (many - few) as f64)
}

fn count(program: &Path, arguments: &[&str], steps: u64) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(arguments.iter().map(OsStr::new))
        .arg(steps.to_string())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("valgrind on {arguments:?} failed:\n{said}"));
    }
    collected(&said).ok_or_else(|| format!("valgrind tells no number of instructions:\n{said}"))
}

/// The number after `Collected :` in the output of callgrind.
fn collected(said: &str) -> Option<u64> {
    let (_, number) = said.lines().find_map(|line| line.split_once("Collected :"))?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_number_is_found_in_what_callgrind_says() {
        let said = "==7== Events    : Ir\n==7== Collected : 2837298\n==7==\n";
        assert_eq!(collected(said), Some(2_837_298));
        assert_eq!(collected("==7== nothing"), None);
    }
}
