//! What inheritance reports.

use crate::diagnostics::Rule;

/// All of them.
pub(crate) static RULES: &[&Rule] = &[
    &DUPLICATE_MACHINE,
    &UNKNOWN_BASE,
    &BASE_LATER,
    &CYCLE,
    &NOT_VIRTUAL,
    &ABSTRACT_STATE,
    &UNDEFINED_STATE,
    &NESTED_AGAIN,
    &TOO_LARGE,
    &ALL_ABSTRACT,
    &NEVER_EXTENDED,
];

pub(super) static UNKNOWN_BASE: Rule = Rule::error(
    "CSML0131",
    "unknown-base",
    "`extends` names a machine that is declared earlier, beside the derived machine or beside a machine \
     around it.",
);

pub(super) static BASE_LATER: Rule = Rule::error(
    "CSML0132",
    "base-declared-later",
    "A base is declared before the machines that extend it, so that a description can be read from top to \
     bottom.",
);

pub(super) static CYCLE: Rule = Rule::error(
    "CSML0133",
    "inheritance-cycle",
    "A machine cannot extend itself, directly or through others, nor a machine in which it is nested.",
);

pub(super) static NOT_VIRTUAL: Rule = Rule::error(
    "CSML0134",
    "state-not-virtual",
    "A derived machine may redefine a state only if the base marks it `virtual` or `abstract`. All other \
     states of the base are the same in every derived machine.",
);

pub(super) static ABSTRACT_STATE: Rule = Rule::error(
    "CSML0135",
    "abstract-state-in-concrete-machine",
    "Only abstract machines may have abstract states: an instance could otherwise enter a state that is \
     not defined.",
);

pub(super) static UNDEFINED_STATE: Rule = Rule::error(
    "CSML0136",
    "abstract-state-not-defined",
    "A machine that is not abstract defines every abstract state that it inherits.",
);

pub(super) static NESTED_AGAIN: Rule = Rule::error(
    "CSML0137",
    "nested-machine-redefined",
    "A derived machine may redefine states, data, named actions and named guards, but not nested \
     machines: names of machines are unique among their siblings, inherited ones included.",
);

pub(super) static TOO_LARGE: Rule = Rule::error(
    "CSML0138",
    "inheritance-too-large",
    "With everything inherited written out, a description may have 64 MiB of copies, and machines nested 64 deep.",
);

pub(super) static ALL_ABSTRACT: Rule = Rule::error(
    "CSML0139",
    "nothing-but-abstract-machines",
    "Abstract machines have no instances, so a description needs a machine that is not abstract.",
);

pub(super) static NEVER_EXTENDED: Rule = Rule::warning(
    "CSML0140",
    "abstract-machine-never-extended",
    "An abstract machine that no machine extends never runs, and the compiler checks little of it.",
);

/// Two machines of one name; `resolve` reports those that have no part in inheritance.
pub(crate) static DUPLICATE_MACHINE: Rule = Rule::error(
    "CSML0210",
    "duplicate-machine",
    "Sibling machines have different names, because instances are named after them.",
);
