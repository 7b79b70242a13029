//! The levels of rules for one run: `--strict`, `--allow`, `--warn`, `--deny` and the same settings of the macro, the
//! builder and `csml.toml`.
//!
//! Settings come in layers: the call of a front end is above the project file, and the upper one of two layers that set
//! a rule decides. Within a layer a setting for one rule overrides a setting for all warnings, which overrides `strict`;
//! of two settings for the same rule the stricter one counts, so their order does not matter.

use crate::sorted::SortedMap;
use std::fmt;

use crate::{
    diagnostics::{Diagnostics, Rule, Severity, suggest::suggest},
    lists::PushAll,
    text::shown,
};

/// How a warning is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not at all.
    Allow,
    /// As a warning.
    Warn,
    /// As an error.
    Deny,
}

impl Level {
    /// All, from the mildest to the strictest.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// The word of the flag.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// Names that mean every warning.
pub const GROUPS: [&str; 2] = ["all", "warnings"];

/// The settings of one run.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// The layer that [`set`](Self::set) sets.
    top: Layer,
    /// The layers below it, the upper ones first.
    below: Vec<Layer>,
}

/// The settings of one place.
#[derive(Debug, Clone, Default)]
struct Layer {
    strict: Option<bool>,
    every: Option<Level>,
    rules: SortedMap<&'static str, Level>,
}

impl Levels {
    /// Each rule as it is defined.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether warnings that the 2.0 text calls violations are errors. `false` overrides a
    /// layer below.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.top.strict = Some(strict);
        self
    }

    /// Sets the rule with this code or name, as [`Rule::is_called`] takes them, or all warnings (`all`, `warnings`).
    /// `rules` is every rule there is.
    ///
    /// # Errors
    /// If there is no such rule, or if it is an error of the language and would be weakened.
    pub fn set(&mut self, level: Level, selector: &str, rules: &[&'static Rule]) -> Result<(), LevelError> {
        if GROUPS.contains(&selector) {
            self.top.every = self.top.every.max(Some(level));
            return Ok(());
        }
        let rule = rules
            .iter()
            .find(|rule| rule.is_called(selector))
            .ok_or_else(|| LevelError::unknown(level, selector, rules))?;
        if rule.severity == Severity::Error && !rule.lowerable && level != Level::Deny {
            return Err(LevelError::Fixed { rule, level });
        }
        let entry = self.top.rules.entry(rule.code).or_insert(level);
        *entry = level.max(*entry);
        Ok(())
    }

    /// These settings over those of `below`.
    #[must_use]
    pub fn over(mut self, below: Self) -> Self {
        self.below.push(below.top);
        self.below.push_all(below.below);
        self
    }

    /// The severity of a violation of `rule`; `None` if it is not reported.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        let level = match (rule.severity, rule.lowerable) {
            (Severity::Error, false) => Level::Deny,
            // Settings for all warnings do not concern it.
            (Severity::Error, true) => self.named(rule).unwrap_or(Level::Deny),
            (Severity::Warning, _) => self.level(rule),
        };
        match level {
            Level::Allow => None,
            Level::Warn => Some(Severity::Warning),
            Level::Deny => Some(Severity::Error),
        }
    }

    /// The level that is set for this very rule.
    fn named(&self, rule: &Rule) -> Option<Level> {
        std::iter::once(&self.top).chain(&self.below).find_map(|layer| layer.rules.get(rule.code).copied())
    }

    fn level(&self, rule: &Rule) -> Level {
        let mut strict = None;
        for layer in std::iter::once(&self.top).chain(&self.below) {
            if let Some(level) = layer.rules.get(rule.code).copied().or(layer.every) {
                return level;
            }
            strict = strict.or(layer.strict);
            if strict == Some(true) && rule.strict {
                return Level::Deny;
            }
        }
        Level::Warn
    }

    /// The diagnostics that are reported, with their severities set.
    #[must_use]
    pub fn apply(&self, diagnostics: &Diagnostics) -> Diagnostics {
        let mut applied = Diagnostics::new();
        for diagnostic in diagnostics.iter() {
            if let Some(severity) = self.severity(diagnostic.rule) {
                let mut diagnostic = diagnostic.clone();
                diagnostic.severity = severity;
                applied.push(diagnostic);
            }
        }
        applied
    }
}

/// Codes and names of the rules that this level can be set for.
pub(crate) fn settable<'r>(
    level: Level,
    rules: &'r [&'static Rule],
) -> impl Iterator<Item = &'static str> + 'r {
    let rules = rules
        .iter()
        .filter(move |rule| rule.severity != Severity::Error || rule.lowerable || level == Level::Deny);
    rules.flat_map(|rule| [rule.code, rule.name])
}

/// Why a level cannot be set.
#[derive(Debug, Clone)]
pub enum LevelError {
    /// There is no such rule.
    Unknown {
        /// What was asked for.
        selector: String,
        /// A name or code close to it.
        nearest: Option<&'static str>,
    },
    /// It is an error of the language: a description that violates it has no meaning.
    Fixed {
        /// The rule.
        rule: &'static Rule,
        /// What was asked for.
        level: Level,
    },
}

impl LevelError {
    fn unknown(level: Level, selector: &str, rules: &[&'static Rule]) -> Self {
        let candidates = settable(level, rules).chain(GROUPS);
        Self::Unknown { selector: selector.to_owned(), nearest: suggest(selector, candidates) }
    }

    /// What is wrong, without what to do about it.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Unknown { selector, .. } => format!("there is no rule {}", shown(selector)),
            Self::Fixed { rule, level } => format!(
                "`{}` ({}) is an error of the language and cannot be set to {}",
                rule.name,
                rule.code,
                level.as_str()
            ),
        }
    }
}

impl fmt::Display for LevelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        match self {
            Self::Unknown { nearest: Some(nearest), .. } => write!(f, "; did you mean `{nearest}`?"),
            Self::Unknown { nearest: None, .. } => {
                f.write_str("; give a code such as `CSML0301`, the name of a rule, or `warnings`")
            }
            Self::Fixed { .. } => Ok(()),
        }
    }
}

impl std::error::Error for LevelError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        diagnostics::Diagnostic,
        source::{SourceId, Span},
    };

    static ERROR: Rule = Rule::error("CSML0201", "unknown-target", "");
    static WARNING: Rule = Rule::warning("CSML0311", "event-unhandled", "");
    static STRICT: Rule = Rule::strict("CSML0301", "unreachable-state", "");
    static RULES: [&Rule; 3] = [&ERROR, &WARNING, &STRICT];

    fn with(settings: &[(Level, &str)]) -> Levels {
        let mut levels = Levels::new();
        for (level, selector) in settings {
            levels.set(*level, selector, &RULES).unwrap();
        }
        levels
    }

    #[test]
    fn rules_keep_their_severity_unless_set() {
        let levels = Levels::new();
        assert_eq!(levels.severity(&ERROR), Some(Severity::Error));
        assert_eq!(levels.severity(&WARNING), Some(Severity::Warning));
        assert_eq!(levels.severity(&STRICT), Some(Severity::Warning));
    }

    #[test]
    fn strict_concerns_only_rules_of_the_text() {
        let levels = Levels::new().strict(true);
        assert_eq!(levels.severity(&STRICT), Some(Severity::Error));
        assert_eq!(levels.severity(&WARNING), Some(Severity::Warning));
    }

    #[test]
    fn a_rule_wins_over_a_group_and_a_group_over_strict() {
        let levels = with(&[(Level::Deny, "warnings"), (Level::Allow, "event-unhandled")]);
        assert_eq!(levels.severity(&WARNING), None);
        assert_eq!(levels.severity(&STRICT), Some(Severity::Error));
        let levels = with(&[(Level::Allow, "all")]).strict(true);
        assert_eq!(levels.severity(&STRICT), None);
        assert_eq!(levels.severity(&ERROR), Some(Severity::Error));
    }

    #[test]
    fn the_stricter_of_two_settings_wins_in_any_order() {
        for settings in [
            [(Level::Deny, "CSML0311"), (Level::Allow, "csml0311")],
            [(Level::Allow, "CSML0311"), (Level::Deny, "event-unhandled")],
        ] {
            assert_eq!(with(&settings).severity(&WARNING), Some(Severity::Error));
        }
    }

    #[test]
    fn an_upper_layer_decides_where_it_says_something() {
        let call = with(&[(Level::Warn, "event_unhandled")]);
        let project = with(&[(Level::Deny, "all"), (Level::Allow, "unreachable-state")]);
        let levels = call.over(project.clone());
        assert_eq!(levels.severity(&WARNING), Some(Severity::Warning));
        assert_eq!(levels.severity(&STRICT), None);
        // `--strict` and groups of the upper one, too, win over single rules of the lower one.
        assert_eq!(Levels::new().strict(true).over(project.clone()).severity(&STRICT), Some(Severity::Error));
        assert_eq!(with(&[(Level::Warn, "all")]).over(project).severity(&STRICT), Some(Severity::Warning));
    }

    #[test]
    fn a_call_can_say_that_it_is_not_strict() {
        let project = Levels::new().strict(true);
        assert_eq!(Levels::new().over(project.clone()).severity(&STRICT), Some(Severity::Error));
        assert_eq!(Levels::new().strict(false).over(project).severity(&STRICT), Some(Severity::Warning));
    }

    #[test]
    fn levels_have_words() {
        for level in Level::ALL {
            assert_eq!(Level::named(level.as_str()), Some(level));
        }
        assert_eq!(Level::named("forbid"), None);
    }

    #[test]
    fn errors_of_the_language_cannot_be_weakened() {
        let mut levels = Levels::new();
        assert!(levels.set(Level::Deny, "CSML0201", &RULES).is_ok());
        let error = levels.set(Level::Allow, "unknown-target", &RULES).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`unknown-target` (CSML0201) is an error of the language and cannot be set to allow"
        );
    }

    #[test]
    fn an_error_that_may_be_lowered_is_lowered_by_its_own_name_only() {
        static LOWERABLE: Rule = Rule::lowerable("CSML0350", "overlap", "");
        let set = |settings: &[(Level, &str)]| {
            let mut levels = Levels::new();
            for (level, selector) in settings {
                levels.set(*level, selector, &[&LOWERABLE]).unwrap();
            }
            levels
        };
        assert_eq!(Levels::new().severity(&LOWERABLE), Some(Severity::Error));
        assert_eq!(set(&[(Level::Allow, "all")]).severity(&LOWERABLE), Some(Severity::Error));
        assert_eq!(set(&[(Level::Warn, "overlap")]).severity(&LOWERABLE), Some(Severity::Warning));
        assert_eq!(set(&[(Level::Allow, "CSML0350")]).severity(&LOWERABLE), None);
        let project = set(&[(Level::Warn, "overlap")]);
        assert_eq!(
            set(&[(Level::Deny, "all")]).over(project.clone()).severity(&LOWERABLE),
            Some(Severity::Warning)
        );
        assert_eq!(
            set(&[(Level::Deny, "overlap")]).over(project).severity(&LOWERABLE),
            Some(Severity::Error)
        );
    }

    #[test]
    fn a_rule_is_named_as_for_explain() {
        for selector in ["311", "0311", "CSML311", "csml0311", "warning[CSML0311]", "Event_Unhandled"] {
            assert_eq!(with(&[(Level::Allow, selector)]).severity(&WARNING), None, "{selector}");
        }
    }

    #[test]
    fn unknown_rules_get_a_suggestion() {
        let mut levels = Levels::new();
        let mut say = |selector| levels.set(Level::Warn, selector, &RULES).unwrap_err().to_string();
        assert_eq!(
            say("unreachable-sate"),
            "there is no rule `unreachable-sate`; did you mean `unreachable-state`?"
        );
        assert!(say("CSML0331").contains("did you mean"));
        assert!(say("kettle").contains("give a code"));
    }

    #[test]
    fn applying_drops_and_changes() {
        let span = Span::new(SourceId(0), 0, 0);
        let mut found = Diagnostics::new();
        found.push(Diagnostic::new(&WARNING, span, "one"));
        found.push(Diagnostic::new(&STRICT, span, "two"));
        let applied = with(&[(Level::Allow, "event-unhandled")]).strict(true).apply(&found);
        let list: Vec<_> =
            applied.iter().map(|diagnostic| (diagnostic.message.as_str(), diagnostic.severity)).collect();
        assert_eq!(list, [("two", Severity::Error)]);
        assert!(applied.has_errors());
        assert!(!found.has_errors());
    }
}
