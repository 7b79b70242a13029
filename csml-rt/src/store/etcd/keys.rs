//! Keys in etcd: `csml/<app>/v/<path>` for values, `csml/<app>/op/<process>` for the last operation of a process.

use std::collections::BTreeMap;

use csml_rt_core::encode_name;

use super::super::store_trait::Scope;
use super::super::transaction_check::named;

/// The keys of one scope.
#[derive(Debug)]
pub(super) struct Keys {
    /// The prefix of all keys of the application.
    pub(super) app: String,
    /// The prefix of all keys of values.
    pub(super) values: String,
    /// The key of this process.
    pub(super) operation: String,
    /// The keys of the variables, by position.
    pub(super) variables: Vec<String>,
    /// Their positions.
    positions: BTreeMap<String, u16>,
}

impl Keys {
    pub(super) fn new(scope: &Scope) -> Self {
        let app = format!("csml/{}/", encode_name(&scope.app));
        let values = format!("{app}v/");
        let operations = format!("{app}op/");
        let below = |start: &str, name: &str| format!("{start}{}", encode_name(name));
        let operation = below(&operations, &scope.process);
        let variables: Vec<_> = named(scope).map(|(_, name)| below(&values, name)).collect();
        let positions = variables.iter().cloned().zip(0..=u16::MAX).collect();
        Self { app, values, operation, variables, positions }
    }

    /// The key of a variable.
    pub(super) fn variable(&self, variable: u16) -> &str {
        self.variables.get(usize::from(variable)).map_or("", String::as_str)
    }

    /// The variable that a key belongs to.
    pub(super) fn position(&self, key: &[u8]) -> Option<u16> {
        self.positions.get(std::str::from_utf8(key).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_level() {
        let scope = Scope {
            app: "a/v".into(),
            process: "../op".into(),
            variables: vec!["n", "machine/state/n", "ä"],
        };
        let keys = Keys::new(&scope);
        assert_eq!(keys.operation, "csml/a%2Fv/op/..%2Fop");
        assert_eq!(keys.variables[1], "csml/a%2Fv/v/machine%2Fstate%2Fn");
        assert_eq!(keys.position(keys.variables[2].as_bytes()), Some(2));
        assert_eq!(keys.position(b"csml/a%2Fv/v/x"), None);
    }
}
