//! Every kind of diagnostic, by code.

use crate::{aids, check, diagnostic::Rule, expr, infer, inherit, normalise, read, resolve, syntax};

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
        expr::rules::RULES,
        infer::rules::RULES,
        aids::rules::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// The rule with this code or name, as flags and `explain` take it; case does not matter.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| {
        rule.code.eq_ignore_ascii_case(code_or_name) || rule.name.eq_ignore_ascii_case(code_or_name)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_well_formed() {
        let rules = all();
        let codes: BTreeSet<_> = rules.iter().map(|rule| rule.code).collect();
        let names: BTreeSet<_> = rules.iter().map(|rule| rule.name).collect();
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
        assert_eq!(find("csml0012").map(|rule| rule.name), Some("duplicate-key"));
        assert_eq!(find("duplicate-key").map(|rule| rule.code), Some("CSML0012"));
        assert!(find("CSML9999").is_none());
    }
}
