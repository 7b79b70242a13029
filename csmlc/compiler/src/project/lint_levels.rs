//! `[lints]`: how severe rules are.

use toml::de::{DeTable, DeValue};

use super::{Key, Taker, Value, in_order};
use crate::{
    annotations::annotation_rules,
    diagnostics::{
        Diagnostic, Rule,
        levels::{GROUPS, Level, LevelError, Levels, settable},
        suggest::suggest,
    },
    text::shown,
};

/// The key that is no rule.
const STRICT: &str = "strict";

impl Taker<'_> {
    /// Takes `strict = true`, `all = "warn"` and one level for each rule named.
    pub(super) fn lints(&mut self, entries: &DeTable<'_>) {
        let all = crate::rules::all();
        for (key, value) in in_order(entries) {
            if key.get_ref().as_ref() == STRICT {
                self.strict(value);
            } else {
                self.lint(key, value, &all);
            }
        }
    }

    fn strict(&mut self, value: &Value<'_>) {
        match value.get_ref() {
            DeValue::Boolean(strict) => {
                self.project.levels = std::mem::take(&mut self.project.levels).strict(*strict);
            }
            _ => self.wrong(value, "`true` or `false`"),
        }
    }

    fn lint(&mut self, key: &Key<'_>, value: &Value<'_>, all: &[&'static Rule]) {
        let selector = key.get_ref().as_ref();
        let level = self.level(value);
        let set = match level {
            Some(level) => self.project.levels.set(level, selector, all),
            // Whether the rule exists is a question of its own.
            None => Levels::new().set(Level::Deny, selector, all),
        };
        let Err(error) = set else { return };
        let span = self.span(&key.span());
        let fault = match &error {
            LevelError::Unknown { .. } => {
                // `strict` is no rule, but may have been meant.
                let rules = settable(level.unwrap_or(Level::Deny), all);
                let known = rules.chain(GROUPS).chain([STRICT]);
                let near = suggest(selector, known);
                let otherwise = "a key is the name or code of a rule, `all` or `strict`";
                Diagnostic::new(&annotation_rules::UNKNOWN_LINT, span, error.message())
                    .did_you_mean(span, selector, near)
                    .maybe_help(near.is_none().then(|| otherwise.to_owned()))
            }
            LevelError::Fixed { rule, .. } => {
                Diagnostic::new(&annotation_rules::FIXED_LINT, span, error.message())
                    .related(self.span(&value.span()), "only `deny` is allowed here")
                    .note(format!("a description that violates `{}` cannot be compiled", rule.name))
            }
        };
        self.diagnostics.push(fault);
    }

    fn level(&mut self, value: &Value<'_>) -> Option<Level> {
        let DeValue::String(word) = value.get_ref() else {
            self.wrong(value, "a level: `allow`, `warn` or `deny`");
            return None;
        };
        let level = Level::named(word);
        if level.is_none() {
            let span = self.span(&value.span());
            let near = suggest(word, Level::ALL.into_iter().map(Level::as_str));
            let message = format!("{} is not a level", shown(word));
            let fault = Diagnostic::new(&annotation_rules::BAD_VALUE, span, message)
                .did_you_mean(span, word, near)
                .maybe_help(near.is_none().then(|| "use one of `allow`, `warn`, `deny`".to_owned()));
            self.diagnostics.push(fault);
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use crate::{diagnostics::Severity, project::testing::taken, rules};

    fn severity(text: &str, rule: &str) -> Option<Severity> {
        let (project, faults) = taken(text);
        assert_eq!(faults, [""; 0], "{text}");
        project.levels.severity(rules::find(rule).unwrap())
    }

    #[test]
    fn levels_are_set_by_name_code_and_group() {
        let unread = "unread-variable";
        assert_eq!(severity("[lints]\n", unread), Some(Severity::Warning));
        assert_eq!(severity("[lints]\nunread-variable = 'deny'\n", unread), Some(Severity::Error));
        assert_eq!(severity("lints = { all = 'allow' }\n", unread), None);
        assert_eq!(
            severity("[lints]\nall = 'deny'\nunread-variable = 'warn'\n", unread),
            Some(Severity::Warning)
        );
        let code = rules::find(unread).unwrap().code;
        for key in [code, code.trim_start_matches("CSML0"), "unread_variable"] {
            assert_eq!(severity(&format!("[lints]\n{key} = 'allow'\n"), unread), None, "{key}");
        }
    }

    #[test]
    fn strict_is_taken() {
        assert_eq!(severity("lints.strict = true", "unreachable-state"), Some(Severity::Error));
        assert_eq!(severity("lints.strict = false", "unreachable-state"), Some(Severity::Warning));
        // One of two that say the same in any order.
        let text = "[lints]\nstrict = true\nunreachable-state = 'allow'\n";
        assert_eq!(severity(text, "unreachable-state"), None);
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        for (text, expected) in [
            ("lints = 1", "expected a table of levels, found an integer"),
            ("[lints]\nunreachable-sate = 'deny'", "did you mean `unreachable-state`?"),
            ("[lints]\nunreachable-sate = 'deny'", "2 | unreachable-state = 'deny'\n  |              +"),
            ("[lints]\nstrictt = true", "did you mean `strict`?"),
            ("[lints]\nbanana = 'deny'", "csml.toml:2:1"),
            ("[lints]\nbanana = 'deny'", "`all` or `strict`"),
            ("[lints]\nduplicate-key = 'allow'", "is an error of the language and cannot be set to allow"),
            ("[lints]\nunread-variable = 'denyy'", "2 + unread-variable = \"deny\""),
            ("[lints]\nunread-variable = 'forbid'", "use one of `allow`, `warn`, `deny`"),
            (
                "[lints]\nunread-variable = true",
                "expected a level: `allow`, `warn` or `deny`, found a boolean",
            ),
            ("[lints]\nstrict = 'yes'", "expected `true` or `false`, found a string"),
        ] {
            let (_, faults) = taken(text);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{text}: {faults:?}");
        }
    }
}
