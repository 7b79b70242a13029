//! Every kind of diagnostic, by code.

use crate::{
    annotations, check, determinism,
    diagnostics::{Rule, suggest::suggest},
    expr, inherit,
    lists::Gather,
    lower, normalise, placement, read, resolve, solve, syntax,
};

/// All rules of all passes, by code.
#[must_use]
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = [
        read::RULES,
        syntax::RULES,
        inherit::RULES,
        normalise::RULES,
        resolve::RULES,
        check::RULES,
        expr::expression_rules::RULES,
        solve::solving_rules::RULES,
        lower::lowering_rules::RULES,
        determinism::RULES,
        annotations::annotation_rules::RULES,
        placement::placement_rules::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
    .gather();
    crate::sorted::sort_by_key(&mut rules, |rule| rule.code);
    rules
}

/// The rule with this code or name, as [`Rule::is_called`] takes them.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.is_called(code_or_name))
}

/// The code or name most like one that no rule has.
#[must_use]
pub fn nearest(code_or_name: &str) -> Option<&'static str> {
    let rules = all();
    suggest(code_or_name, rules.iter().flat_map(|rule| [rule.name, rule.code]))
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_well_formed() {
        let rules = all();
        let codes: std::collections::BTreeSet<_> = rules.iter().map(|rule| rule.code).collect();
        let names: std::collections::BTreeSet<_> = rules.iter().map(|rule| rule.name).collect();
        assert_eq!(codes.len(), rules.len());
        assert_eq!(names.len(), rules.len());
        for rule in rules {
            let digits = rule.code.strip_prefix("CSML").unwrap_or_default();
            assert!(digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{}", rule.code);
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(rule.name.chars().all(kebab), "{}", rule.name);
            assert!(rule.explanation.ends_with('.'), "{}", rule.code);
        }
    }

    #[test]
    fn finds_by_code_and_name() {
        for written in [
            "csml0012",
            "CSML0012",
            "0012",
            "12",
            "CSML12",
            "error[CSML0012]",
            "Duplicate_Key",
            " duplicate-key ",
        ] {
            assert_eq!(find(written).map(|rule| rule.name), Some("duplicate-key"), "{written}");
        }
        for written in ["CSML9999", "", "0", "+12", "CSML", "12a", "]", "[CSML0012"] {
            assert!(find(written).is_none(), "{written}");
        }
        assert_eq!(nearest("dupplicate-key"), Some("duplicate-key"));
        assert_eq!(nearest("kettle"), None);
    }
}
