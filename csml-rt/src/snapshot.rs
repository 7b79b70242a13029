//! States and data of all instances at one moment.

use std::collections::BTreeMap;

use csml_rt_core::{Machines, Status, Value};

use crate::node::Node;

/// States and data at one moment, between two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The application's clock in milliseconds.
    pub now: u64,
    /// Instances of this process by path.
    pub instances: BTreeMap<String, InstanceSnapshot>,
    /// Persistent variables by component path.
    pub persistent: BTreeMap<&'static str, Value>,
    /// The root's local variables.
    pub root: BTreeMap<&'static str, Value>,
}

/// One instance at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstanceSnapshot {
    /// Name of the active state; `None` if it never started.
    pub state: Option<&'static str>,
    /// Whether it has started or ended.
    pub status: Status,
    /// Local and static variables of the machine and its active state.
    pub data: BTreeMap<&'static str, Value>,
}

impl Snapshot {
    /// Reads everything from a node.
    #[must_use]
    pub fn of<A: Machines>(node: &Node<A>) -> Self {
        let directory = node.directory();
        let instances = directory.addresses().map(|at| {
            let snapshot = InstanceSnapshot {
                state: node.state(at),
                status: node.status(at),
                // Inner variables come last and hide outer ones of the same name.
                data: node.data(at).into_iter().collect(),
            };
            (directory.path(at).to_string(), snapshot)
        });
        Self {
            now: node.now(),
            instances: instances.collect(),
            persistent: node.persistent().into_iter().collect(),
            root: node.root_data().into_iter().collect(),
        }
    }

    /// Name of an instance's active state.
    #[must_use]
    pub fn state(&self, path: &str) -> Option<&'static str> {
        self.instances.get(path)?.state
    }

    /// A variable of an instance.
    #[must_use]
    pub fn value(&self, path: &str, variable: &str) -> Option<&Value> {
        self.instances.get(path)?.data.get(variable)
    }
}
