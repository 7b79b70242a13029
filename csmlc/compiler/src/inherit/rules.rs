//! What inheritance reports.

use crate::diagnostic::Rule;

/// All of them.
pub(crate) static RULES: &[&Rule] = &[
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
    "`extends` names a machine that is declared earlier, beside the derived one or beside a machine around it \
     (SEMANTICS 1, \"Inheritance\").",
);

pub(super) static BASE_LATER: Rule = Rule::error(
    "CSML0132",
    "base-declared-later",
    "A machine is declared before those that extend it, so that a text can be read from top to bottom \
     (SEMANTICS 1, \"Inheritance\").",
);

pub(super) static CYCLE: Rule = Rule::error(
    "CSML0133",
    "inheritance-cycle",
    "A machine cannot extend itself, not through others, and not a machine in which it stands: it would have no end \
     (SEMANTICS 1, \"Inheritance\").",
);

pub(super) static NOT_VIRTUAL: Rule = Rule::error(
    "CSML0134",
    "state-not-virtual",
    "A state may be redefined only if the base marks it `virtual` or `abstract` (SEMANTICS 1, \"Inheritance\"). \
     Who reads the base can so rely on its other states.",
);

pub(super) static ABSTRACT_STATE: Rule = Rule::error(
    "CSML0135",
    "abstract-state-in-concrete-machine",
    "Only abstract machines may hold abstract states: an instance could enter a state that nobody has defined \
     (SEMANTICS 1, \"Inheritance\").",
);

pub(super) static UNDEFINED_STATE: Rule = Rule::error(
    "CSML0136",
    "abstract-state-not-defined",
    "A machine that is not abstract itself defines every abstract state that it inherits (SEMANTICS 1, \
     \"Inheritance\").",
);

pub(super) static NESTED_AGAIN: Rule = Rule::error(
    "CSML0137",
    "nested-machine-redefined",
    "States, data, named actions and named guards may be redefined by a derived machine, nested machines may not: \
     names of machines are unique among their siblings, inherited ones included.",
);

pub(super) static TOO_LARGE: Rule = Rule::error(
    "CSML0138",
    "inheritance-too-large",
    "With everything inherited written out, a description may have 64 MiB of copies, and machines nested 64 deep.",
);

pub(super) static ALL_ABSTRACT: Rule = Rule::error(
    "CSML0139",
    "nothing-but-abstract-machines",
    "Abstract machines are never instantiated (SEMANTICS 1, \"Inheritance\"), so a description needs a machine that is \
     not abstract.",
);

pub(super) static NEVER_EXTENDED: Rule = Rule::warning(
    "CSML0140",
    "abstract-machine-never-extended",
    "An abstract machine that no machine extends never runs, and little of it is checked.",
);
