//! Topics of an application (`docs/wire.md`), spelt as the runtime spells them.

use std::fmt::Write as _;

/// A name as exactly one level of a topic, in its only spelling: letters, digits and `-._~` of ASCII stand for
/// themselves, every other byte is `%` with two upper-case hexadecimal digits, and the empty name is `%`.
#[must_use]
pub fn level(name: &str) -> String {
    if name.is_empty() {
        return "%".to_owned();
    }
    let mut level = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            level.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(level, "%{byte:02X}");
        }
    }
    level
}

/// The level that stands for any name.
pub(super) const ANY: &str = "+";

/// Topics of one application. Arguments are levels.
pub(super) struct Topics {
    app: String,
}

impl Topics {
    pub(super) fn new(app: &str) -> Self {
        Self { app: level(app) }
    }

    /// An event that an instance raises for others.
    pub(super) fn event(&self, source: &str, event: &str) -> String {
        format!("csml/{}/ev/{source}/{event}", self.app)
    }

    /// An event from outside that a process or a device numbers.
    pub(super) fn handed_on(&self, process: &str, event: &str) -> String {
        format!("csml/{}/env/{process}/{event}", self.app)
    }

    /// A plain event from outside.
    pub(super) fn outside(&self, event: &str) -> String {
        format!("csml/{}/in/{event}", self.app)
    }

    /// A peripheral event that leaves the application.
    pub(super) fn leaving(&self, source: &str, event: &str) -> String {
        format!("csml/{}/out/{source}/{event}", self.app)
    }

    /// What a receiver acknowledges.
    pub(super) fn ack(&self, receiver: &str) -> String {
        format!("csml/{}/ack/{receiver}", self.app)
    }

    /// What an instance says as a source.
    pub(super) fn sync(&self, source: &str) -> String {
        format!("csml/{}/syn/ev/{source}", self.app)
    }

    /// What a process or a device says as a source.
    pub(super) fn sync_outside(&self, process: &str) -> String {
        format!("csml/{}/syn/env/{process}", self.app)
    }

    /// Whether a process is there.
    pub(super) fn presence(&self, process: &str) -> String {
        format!("csml/{}/proc/{process}", self.app)
    }
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn names_are_one_level() {
        for (name, expected) in [
            ("gate", "gate"),
            ("a-b.c_d~9", "a-b.c_d~9"),
            ("", "%"),
            ("a/b", "a%2Fb"),
            ("+", "%2B"),
            ("#", "%23"),
            ("%", "%25"),
            ("x\nuser y", "x%0Auser%20y"),
            ("\u{e9}", "%C3%A9"),
        ] {
            assert_eq!(level(name), expected);
        }
    }
}
