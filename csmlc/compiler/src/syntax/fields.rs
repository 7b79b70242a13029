//! Members of an object by keyword, and the values that every construct is made of.

use super::{
    foreign_words::{self, Instead},
    keywords::{Construct, EXPRESSION, Keyword, VARIABLE_REFERENCE},
    other_shapes, syntax_rules,
    tree::{Action, Definition, Flag, Guard},
};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule, suggest::suggest},
    lists::Gather,
    read::{JsonKind, JsonNode, Member},
    source::Span,
    text::{Text, shown},
    vocabulary::Gaps,
};

/// Most errors reported by this pass: a text of a million unknown keywords must not fill the memory.
const MAX_ERRORS: usize = 500;

/// Values that are only known to be refused: neither listed nor proposed.
const REFUSED: [&str; 2] = ["lock", "unlock"];

/// State of the pass.
pub(super) struct Syntax<'d> {
    diagnostics: &'d mut Diagnostics,
    left: usize,
    /// What errors have left out of the component at work.
    pub(super) gaps: Gaps,
    /// What errors have left out of the components before.
    pub(super) other_gaps: Gaps,
    /// Actions and guards of the machine at work that have a name where they are used.
    pub(super) named: NamedInline,
}

/// Actions and guards that have a name where they are used.
#[derive(Default)]
pub(super) struct NamedInline {
    pub(super) actions: Vec<Definition<Action>>,
    pub(super) guards: Vec<Definition<Guard>>,
}

/// The members of one object by their keywords in canonical spelling, in order of the text.
pub(super) struct Fields<'a> {
    construct: &'static Construct,
    /// The whole object.
    pub(super) span: Span,
    members: Vec<(&'static str, &'a Member)>,
    /// Whether a key was not understood.
    pub(super) unknown: bool,
}

impl<'a> Fields<'a> {
    /// The value of a keyword.
    pub(super) fn get(&self, keyword: &str) -> Option<&'a JsonNode> {
        self.members.iter().find(|(name, _)| *name == keyword).map(|(_, member)| &member.value)
    }

    /// All keywords with their values, in order of the text.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &'a JsonNode)> {
        self.members.iter().map(|(name, member)| (*name, &member.value))
    }
}

/// Whether an object has a key, in this very spelling.
pub(super) fn has_key(node: &JsonNode, key: &str) -> bool {
    member(node, key).is_some()
}

/// The value of an object's key, in this very spelling.
pub(super) fn member<'a>(node: &'a JsonNode, key: &str) -> Option<&'a JsonNode> {
    let JsonKind::Object(members) = &node.kind else {
        return None;
    };
    members.iter().find(|member| member.key.value == key).map(|member| &member.value)
}

impl<'d> Syntax<'d> {
    pub(super) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            diagnostics,
            left: MAX_ERRORS,
            gaps: Gaps::default(),
            other_gaps: Gaps::default(),
            named: NamedInline::default(),
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        match self.left {
            0 => {}
            1 => self.diagnostics.push(diagnostic.note("too many errors: the rest are not shown")),
            _ => self.diagnostics.push(diagnostic),
        }
        self.left = self.left.saturating_sub(1);
    }

    /// The members of an object that is to be `construct`; unknown and repeated keywords are reported.
    pub(super) fn fields<'a>(
        &mut self,
        node: &'a JsonNode,
        construct: &'static Construct,
    ) -> Option<Fields<'a>> {
        let JsonKind::Object(members) = &node.kind else {
            let expected = format!("an object: {}", construct.name);
            self.wrong_type(node, &expected, None);
            return None;
        };
        let mut fields = Fields { construct, span: node.span, members: Vec::new(), unknown: false };
        let mut meant = Vec::new();
        let mut present = None;
        for member in members {
            let Some(keyword) = construct.keyword(&member.key.value) else {
                let present = present.get_or_insert_with(|| {
                    let known = members.iter().filter_map(|member| construct.keyword(member.key.as_str()));
                    known.map(|keyword| keyword.name).gather()
                });
                match self.unknown_keyword(&member.key, construct, present) {
                    Some(keyword) => meant.push((keyword.name, member)),
                    // What it says is known, if not to this construct.
                    None => match foreign_words::keyword(&member.key.value, construct) {
                        Some(instead) if foreign_words::leaves_gap(instead) => self.gap(&member.key.value),
                        Some(_) => {}
                        None => fields.unknown = true,
                    },
                }
                continue;
            };
            // A few keywords at most, so the search is short.
            match fields.members.iter().find(|(name, _)| *name == keyword.name) {
                None => fields.members.push((keyword.name, member)),
                Some((_, earlier)) => self.report(
                    Diagnostic::new(
                        &syntax_rules::KEYWORD_TWICE,
                        member.key.span,
                        format!(
                            "{} and {} are two spellings of one keyword",
                            shown(&earlier.key.value),
                            shown(&member.key.value)
                        ),
                    )
                    .related(earlier.key.span, "the other spelling is here")
                    .help("remove one of them"),
                ),
            }
        }
        // A misspelt keyword counts as the one that was meant: what else is wrong with its value shows too.
        for (name, member) in meant {
            if fields.get(name).is_none() {
                fields.members.push((name, member));
            }
        }
        if fields.unknown {
            // The unknown one may have been meant for any that is not there.
            let absent = construct.keywords.iter().filter(|keyword| fields.get(keyword.name).is_none());
            for keyword in absent {
                self.gap(keyword.name);
            }
        }
        Some(fields)
    }

    /// Notes that something of the value of a keyword is left out because of an error.
    pub(super) fn gap(&mut self, keyword: &str) {
        let none = Gaps::default();
        let gaps = match keyword {
            "stateMachines" | "states" | "extends" => Gaps::ALL,
            "name" => Gaps { actions: true, reads: true, ..none },
            "initial" => Gaps { states: true, targets: true, ..none },
            "abstract" | "virtual" => Gaps { states: true, ..none },
            "target" | "else" => Gaps { targets: true, ..none },
            "localData" | "persistentData" | "staticData" | "variables" => {
                Gaps { variables: true, reads: true, ..none }
            }
            "after" => Gaps { timers: true, actions: true, reads: true, ..none },
            "variable" => Gaps { variables: true, actions: true, reads: true, ..none },
            "version" | "memoryMode" | "$schema" | "properties" | "local" | "persistent" => none,
            "channel" => Gaps { actions: true, ..none },
            "value" | "expression" | "delay" => Gaps { reads: true, ..none },
            _ => Gaps { targets: true, actions: true, reads: true, ..none },
        };
        self.gaps.join(gaps);
    }

    /// Reports an unknown keyword; the one that was meant, if any is near enough.
    fn unknown_keyword(
        &mut self,
        key: &Text,
        construct: &'static Construct,
        present: &[&str],
    ) -> Option<&'static Keyword> {
        if self.left == 0 {
            return None;
        }
        let name = key.value.as_str();
        // One that is there already cannot have been meant.
        let absent = construct.keywords.iter().filter(|keyword| !present.contains(&keyword.name));
        let known = absent
            .clone()
            .flat_map(|keyword| std::iter::once(keyword.name).chain(keyword.aliases.iter().copied()));
        let (near, others) = match foreign_words::keyword(name, construct) {
            Some(Instead::Word(word)) if absent.clone().any(|keyword| keyword.name == word) => {
                (Some(word), None)
            }
            Some(Instead::Word(word)) => (None, Some(format!("`{word}` says it"))),
            Some(Instead::Advice(advice)) => (None, Some(advice.to_owned())),
            None => (suggest(name, known), None),
        };
        let others = others.or_else(|| {
            let all = construct.keywords.iter();
            let names = || all.map(|keyword| format!("`{}`", keyword.name));
            near.is_none().then(|| format!("it may have {}", names().gather().join(", ")))
        });
        self.report(
            Diagnostic::new(
                &syntax_rules::UNKNOWN_KEYWORD,
                key.span,
                format!("{} has no keyword {}", construct.name, shown(name)),
            )
            .did_you_mean(key.span, name, near)
            .maybe_help(others),
        );
        construct.keyword(near?)
    }

    /// The value of a keyword that must be there.
    pub(super) fn required<'a>(
        &mut self,
        fields: &Fields<'a>,
        keyword: &'static str,
    ) -> Option<&'a JsonNode> {
        let found = fields.get(keyword);
        if found.is_none() {
            self.missing(fields, keyword, None);
        }
        found
    }

    /// The expression of a keyword that must be there; one that is in error is broken.
    pub(super) fn required_expression(&mut self, fields: &Fields<'_>, keyword: &'static str) -> Text {
        let text = self.required(fields, keyword).and_then(|node| self.expression(node, keyword));
        text.unwrap_or_else(|| self.broken(fields, keyword))
    }

    /// The name of what is kept although its name is in error.
    pub(super) fn required_name(&mut self, fields: &Fields<'_>) -> Text {
        self.required_text(fields, "name").unwrap_or_else(|| self.broken(fields, "name"))
    }

    /// The placeholder for a keyword whose value is in error.
    pub(super) fn broken(&mut self, fields: &Fields<'_>, keyword: &'static str) -> Text {
        self.gap(keyword);
        Text::broken(fields.span.opening())
    }

    /// Reports that a keyword is missing.
    pub(super) fn missing(&mut self, fields: &Fields<'_>, keyword: &str, help: Option<&str>) {
        self.report(
            Diagnostic::new(
                &syntax_rules::MISSING_KEYWORD,
                fields.span.opening(),
                format!("{} needs the keyword `{keyword}`", fields.construct.name),
            )
            .label(format!("`{keyword}` is missing in this object"))
            .maybe_help(help.map(str::to_owned)),
        );
    }

    /// Reports that a value has the wrong JSON type.
    pub(super) fn wrong_type(&mut self, node: &JsonNode, expected: &str, help: Option<String>) {
        self.report(wrong_type(node, expected).maybe_help(help));
    }

    /// Reports anything else.
    pub(super) fn error(&mut self, rule: &'static Rule, span: Span, message: String, help: Option<String>) {
        self.report(Diagnostic::new(rule, span, message).maybe_help(help));
    }

    /// The string of a keyword that must be there.
    pub(super) fn required_text(&mut self, fields: &Fields<'_>, keyword: &'static str) -> Option<Text> {
        let node = self.required(fields, keyword)?;
        self.text(node, keyword)
    }

    /// The string of a keyword; the outer `None` means that it is not a string.
    pub(super) fn optional_text(
        &mut self,
        fields: &Fields<'_>,
        keyword: &'static str,
    ) -> Option<Option<Text>> {
        match fields.get(keyword) {
            None => Some(None),
            Some(node) => self.text(node, keyword).map(Some),
        }
    }

    /// A string.
    pub(super) fn text(&mut self, node: &JsonNode, keyword: &str) -> Option<Text> {
        match &node.kind {
            JsonKind::String(text) => Some(text.clone()),
            kind => {
                let wrong = wrong_type(node, &format!("a string for `{keyword}`"));
                self.report(match kind {
                    JsonKind::Number(number) => in_quotes(wrong, "write it as a string:", node, number),
                    JsonKind::Bool(value) => {
                        in_quotes(wrong, "write it as a string:", node, &value.to_string())
                    }
                    JsonKind::Null => wrong.help(format!("leave `{keyword}` out if it has no value")),
                    _ => wrong,
                });
                None
            }
        }
    }

    /// A truth value; nothing where it is left out or wrong.
    pub(super) fn flag(&mut self, fields: &Fields<'_>, keyword: &'static str) -> Option<Flag> {
        let node = fields.get(keyword)?;
        match &node.kind {
            JsonKind::Bool(value) => Some(Flag { value: *value, span: node.span }),
            kind => {
                let meant = match kind {
                    JsonKind::String(text) if matches!(text.as_str(), "true" | "false") => {
                        Some(text.as_str())
                    }
                    _ => None,
                };
                let wrong = wrong_type(node, &format!("`true` or `false` for `{keyword}`"));
                self.report(match meant {
                    Some(word) => wrong.fix(format!("write {word} without quotes"), node.span, word),
                    None => match keyword {
                        "initial" => {
                            wrong.help("`initial` is `true` in the state that the machine starts in")
                        }
                        _ => wrong,
                    },
                });
                if meant.is_none() {
                    self.gap(keyword);
                }
                meant.map(|word| Flag { value: word == "true", span: node.span })
            }
        }
    }

    /// An expression: `"…"`, a number, `true` or `false`, or an object `{"expression": …}` with one of them.
    pub(super) fn expression(&mut self, node: &JsonNode, keyword: &str) -> Option<Text> {
        if let JsonKind::Object(_) = node.kind {
            let fields = self.fields(node, &EXPRESSION)?;
            let inner = self.required(&fields, "expression")?;
            return match inner.kind {
                JsonKind::Object(_) => self.text(inner, "expression"),
                _ => self.expression(inner, "expression"),
            };
        }
        let wrong = || wrong_type(node, &format!("an expression for `{keyword}`"));
        let say = "an expression is a string: write";
        self.report(match &node.kind {
            JsonKind::String(text) => return Some(text.clone()),
            JsonKind::Number(number) => return Some(Text::plain(number.as_str(), node.span)),
            JsonKind::Bool(value) => return Some(Text::plain(value.to_string(), node.span)),
            JsonKind::Null => in_quotes(wrong(), say, node, "null"),
            _ => wrong().help(format!("{say} a list as \"[1, 2]\"")),
        });
        None
    }

    /// A variable reference: `"…"` or `{"reference": "…"}`.
    pub(super) fn variable_reference(&mut self, node: &JsonNode, keyword: &str) -> Option<Text> {
        if matches!(node.kind, JsonKind::Object(_)) {
            let fields = self.fields(node, &VARIABLE_REFERENCE)?;
            return self.required_text(&fields, "reference");
        }
        self.text(node, keyword)
    }

    /// One of a fixed set of words; the one that was meant where it is misspelt.
    pub(super) fn word<T: Copy>(
        &mut self,
        node: &JsonNode,
        keyword: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(node, keyword)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(*value);
        }
        let known = || words.iter().map(|(word, _)| *word).filter(|word| !REFUSED.contains(word));
        let (rule, foreign) = match keyword {
            "memoryMode" => (&syntax_rules::UNKNOWN_MEMORY_MODE, None),
            "channel" => (&syntax_rules::UNKNOWN_CHANNEL, None),
            _ => (&syntax_rules::UNKNOWN_VALUE, foreign_words::action_type(&text.value)),
        };
        let message = format!("{} is not a value of `{keyword}`", shown(&text.value));
        let near = match foreign {
            Some(Instead::Word(word)) => Some(word),
            Some(Instead::Advice(_)) => None,
            None => suggest(&text.value, known()),
        };
        self.report(match foreign {
            Some(Instead::Advice(advice)) => Diagnostic::new(rule, text.span, message).help(advice),
            _ => unknown_word(rule, &text, message, near, known()),
        });
        words.iter().find(|(word, _)| Some(*word) == near).map(|(_, value)| *value)
    }

    /// The items of a list, those that `read` understands; an empty list where the keyword is left out.
    pub(super) fn list<T>(
        &mut self,
        fields: &Fields<'_>,
        keyword: &'static str,
        mut read: impl FnMut(&mut Self, &JsonNode) -> Option<T>,
    ) -> Vec<T> {
        match fields.get(keyword) {
            None => Vec::new(),
            Some(node) => self.items(node, keyword, &mut read),
        }
    }

    /// The items of a list, those that `read` understands.
    pub(super) fn items<T>(
        &mut self,
        node: &JsonNode,
        keyword: &str,
        read: &mut impl FnMut(&mut Self, &JsonNode) -> Option<T>,
    ) -> Vec<T> {
        let JsonKind::Array(items) = &node.kind else {
            let wrong = wrong_type(node, &format!("a list for `{keyword}`"));
            self.report(other_shapes::no_list(wrong, node, keyword));
            if node.kind != JsonKind::Null {
                self.gap(keyword);
            }
            return Vec::new();
        };
        let found: Vec<T> = items.iter().filter_map(|item| read(self, item)).gather();
        if found.len() < items.len() {
            self.gap(keyword);
        }
        found
    }
}

pub(super) fn wrong_type(node: &JsonNode, expected: &str) -> Diagnostic {
    let message = format!("expected {expected}; found {}", node.kind.describe());
    Diagnostic::new(&syntax_rules::WRONG_TYPE, short(node), message)
}

/// With the advice to put a number or word between quotes.
fn in_quotes(wrong: Diagnostic, say: &str, node: &JsonNode, value: &str) -> Diagnostic {
    wrong.fix(format!("{say} \"{value}\""), node.span, format!("\"{value}\""))
}

/// About a text that is none of a few words, perhaps meant to be `near`.
pub(super) fn unknown_word<'a>(
    rule: &'static Rule,
    text: &Text,
    message: String,
    near: Option<&str>,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::new(rule, text.span, message)
        .did_you_mean(text.span, &text.value, near)
        .maybe_help(near.is_none().then(|| one_of(known)))
}

/// `use one of …`
pub(super) fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).gather();
    format!("use one of {}", words.join(", "))
}

/// Messages about a whole object or list point at its bracket: marking a page of text does not help.
fn short(node: &JsonNode) -> Span {
    match node.kind {
        JsonKind::Object(_) | JsonKind::Array(_) => node.span.opening(),
        _ => node.span,
    }
}
