//! What is reported about variables that exist or do not.

use crate::diagnostics::Rule;

pub(crate) static CREATE_EXISTING: Rule = Rule::error(
    "CSML0313",
    "create-existing",
    "`create` creates a variable that certainly exists already when the action runs, so the step would \
     fail (2.0, Data Action Variable: when creating a variable, it must not exist).",
);

pub(crate) static MAY_CREATE_EXISTING: Rule = Rule::warning(
    "CSML0314",
    "create-possibly-existing",
    "`create` creates a variable that may exist already: on some of the paths that lead to the action it \
     does. The step then fails (2.0, Data Action Variable).",
);

pub(crate) static USE_MISSING: Rule = Rule::error(
    "CSML0315",
    "use-missing",
    "A variable is read or assigned where it certainly does not exist, so the step would fail (2.0, Data \
     Action Variable: when manipulating an existing variable, it must exist).",
);

pub(crate) static MAY_USE_MISSING: Rule = Rule::warning(
    "CSML0316",
    "use-possibly-missing",
    "A variable is read or assigned where it may not exist: on some of the paths that lead here it has \
     not been created, or has been deleted. The step then fails (2.0, Data Action Variable).",
);

pub(crate) static DELETE_MISSING: Rule = Rule::error(
    "CSML0317",
    "delete-missing",
    "`delete` deletes a variable that certainly does not exist when the action runs, so the step would \
     fail (2.0, Data Action Variable).",
);

pub(crate) static MAY_DELETE_MISSING: Rule = Rule::warning(
    "CSML0318",
    "delete-possibly-missing",
    "`delete` deletes a variable that may not exist: on some of the paths that lead to the action it has \
     not been created, or has been deleted already. The step then fails (2.0, Data Action Variable).",
);
