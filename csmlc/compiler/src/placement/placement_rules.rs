//! Rules about instances, subscriptions and processes of the project file (codes 062).

use crate::diagnostics::Rule;

/// An instance of what is no top-level machine.
pub(crate) static INSTANCE_MACHINE: Rule = Rule::error(
    "CSML0620",
    "instance-machine",
    "The table `instances` of the project file asks for an instance of something that is not a top-level \
     machine of the description. Nested machines start with the one around them, and abstract machines \
     never start.",
);

/// A name of no instance.
pub(crate) static UNKNOWN_INSTANCE: Rule = Rule::error(
    "CSML0621",
    "unknown-instance",
    "A table of the project file names an instance that the application does not have. Without a table `instances` \
     there is one of each top-level machine, named after it.",
);

/// An instance in more than one process.
pub(crate) static TWO_PROCESSES: Rule = Rule::error(
    "CSML0622",
    "instance-in-two-processes",
    "The table `processes` of the project file lists an instance twice. Exactly one process runs an \
     instance: two would both handle its events.",
);

/// A name that an instance or a process cannot have.
pub(crate) static UNUSABLE_NAME: Rule = Rule::error(
    "CSML0623",
    "unusable-instance-name",
    "An instance or a process of the project file has no name; or the name of an instance contains `/`, \
     which separates an instance from the machines nested in it; or a process has the name of an instance \
     that is not part of it.",
);

/// Processes of an application with one memory.
pub(crate) static SHARED_PROCESSES: Rule = Rule::error(
    "CSML0624",
    "processes-share-memory",
    "The project file spreads instances over processes, but the memory mode of the description is \
     `shared`: all its instances run in one process.",
);

/// All rules about placement.
pub(crate) static RULES: &[&Rule] =
    &[&INSTANCE_MACHINE, &UNKNOWN_INSTANCE, &TWO_PROCESSES, &UNUSABLE_NAME, &SHARED_PROCESSES];
