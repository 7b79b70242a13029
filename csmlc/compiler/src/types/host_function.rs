//! Functions of the user's that expressions can call.

use super::Type;

/// A host function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFunction {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Types of its parameters.
    pub parameters: Vec<Type>,
    /// Type of its result; none for a function called for its effect, whose value is `null`.
    pub result: Option<Type>,
    /// Whether it can end the step with an error.
    pub fails: bool,
    /// Path of the Rust function, as generated code can name it from anywhere.
    pub path: String,
    /// Where its Rust path is given.
    pub span: crate::source::Span,
}

impl HostFunction {
    /// `geo:distance`
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.namespace, self.name)
    }
}
