//! Errors in the options of a connection.

use std::fmt;

/// Invalid options, and how to correct them. The message never contains a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MqttError(String);

impl MqttError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for MqttError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MqttError {}
