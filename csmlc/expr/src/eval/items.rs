//! The items of a `for` loop.

use std::{sync::Arc, vec};

use csml_rt_core::{StepError, Value, private::dynamic};

use super::machine::AT;

/// The items that a loop has still before it.
pub(super) enum Items {
    /// Those of a list as it was when the loop began, from an index on.
    List(Arc<Vec<Value>>, usize),
    /// Those of another collection.
    Owned(vec::IntoIter<Value>),
    /// From a number to another, both included.
    Range { next: Option<i64>, last: i64 },
}

impl Items {
    pub(super) fn of(collection: Value) -> Self {
        match collection {
            Value::List(items) => Self::List(items, 0),
            other => Self::Owned(dynamic::items(&other).into_iter()),
        }
    }

    pub(super) fn range(from: &Value, to: &Value) -> Result<Self, StepError> {
        let (from, last) = dynamic::bounds(from, to, AT)?;
        Ok(Self::Range { next: Some(from), last })
    }

    pub(super) fn next(&mut self) -> Option<Value> {
        match self {
            Self::List(items, next) => {
                let item = items.get(*next).cloned();
                *next += 1;
                item
            }
            Self::Owned(items) => items.next(),
            Self::Range { next, last } => {
                let number = (*next)?;
                // Up, down, or to the end of it.
                let step = (*last).cmp(&number) as i64;
                *next = (step != 0).then(|| number.saturating_add(step));
                Some(Value::Int(number))
            }
        }
    }
}
