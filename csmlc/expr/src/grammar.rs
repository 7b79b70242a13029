//! Operators and words of the language, as tables: one place to look up precedence (docs/expressions/syntax.md).

use crate::ast::{Binary, Unary};

/// What brackets enclose may be anything, assignments too.
pub(crate) const ANYTHING: u8 = 0;
/// Precedence of `? :`, `?:` and `??`, which group from the right.
pub(crate) const CONDITIONAL: u8 = 1;
/// Precedence of the loosest operator with two operands that groups from the left.
pub(crate) const LOOSEST: u8 = 2;
/// Precedence of operators before their operand.
pub(crate) const PREFIX: u8 = 13;
/// Precedence of access and calls.
pub(crate) const POSTFIX: u8 = 14;
/// Precedence of what needs no parentheses anywhere.
pub(crate) const PRIMARY: u8 = 15;

/// An operator between two operands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Infix {
    /// How tightly it binds.
    pub(crate) precedence: u8,
    /// What it is.
    pub(crate) operator: Binary,
}

/// Spelling, word form, precedence, meaning.
const INFIX: &[(&str, &str, u8, Binary)] = &[
    ("?:", "", CONDITIONAL, Binary::Elvis),
    ("??", "", CONDITIONAL, Binary::Coalesce),
    ("||", "or", LOOSEST, Binary::Or),
    ("&&", "and", 3, Binary::And),
    ("|", "", 4, Binary::BitOr),
    ("^", "", 5, Binary::BitXor),
    ("&", "", 6, Binary::BitAnd),
    ("==", "eq", 7, Binary::Eq),
    ("!=", "ne", 7, Binary::Ne),
    ("===", "", 7, Binary::Same),
    ("!==", "", 7, Binary::NotSame),
    ("<", "lt", 8, Binary::Lt),
    ("<=", "le", 8, Binary::Le),
    (">", "gt", 8, Binary::Gt),
    (">=", "ge", 8, Binary::Ge),
    ("=~", "", 8, Binary::Matches),
    ("!~", "", 8, Binary::NotMatches),
    ("=^", "", 8, Binary::StartsWith),
    ("!^", "", 8, Binary::NotStartsWith),
    ("=$", "", 8, Binary::EndsWith),
    ("!$", "", 8, Binary::NotEndsWith),
    ("..", "", 9, Binary::Range),
    ("<<", "", 10, Binary::Shl),
    (">>", "", 10, Binary::Shr),
    (">>>", "", 10, Binary::Ushr),
    ("+", "", 11, Binary::Add),
    ("-", "", 11, Binary::Sub),
    ("*", "", 12, Binary::Mul),
    ("/", "div", 12, Binary::Div),
    ("%", "mod", 12, Binary::Rem),
];

/// The operator between operands that is spelt like this.
pub(crate) fn infix(spelling: &str) -> Option<Infix> {
    let found = INFIX
        .iter()
        .find(|(symbol, word, ..)| *symbol == spelling || (!word.is_empty() && *word == spelling))?;
    Some(Infix { precedence: found.2, operator: found.3 })
}

/// Precedence of an operator between operands.
pub(crate) fn precedence(operator: Binary) -> u8 {
    INFIX.iter().find(|entry| entry.3 == operator).map_or(LOOSEST, |entry| entry.2)
}

/// How an operator between operands is written.
pub(crate) fn symbol(operator: Binary) -> &'static str {
    INFIX.iter().find(|entry| entry.3 == operator).map_or("", |entry| entry.0)
}

/// Whether `a op b op c` needs parentheses, as in JEXL.
pub(crate) fn never_chains(precedence: u8) -> bool {
    (7..=9).contains(&precedence)
}

/// What an assignment does with the old value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assignment {
    /// `=`
    Plain,
    /// `+=` and the like.
    With(Binary),
}

const ASSIGNMENTS: &[(&str, Binary)] = &[
    ("+=", Binary::Add),
    ("-=", Binary::Sub),
    ("*=", Binary::Mul),
    ("/=", Binary::Div),
    ("%=", Binary::Rem),
    ("&=", Binary::BitAnd),
    ("|=", Binary::BitOr),
    ("^=", Binary::BitXor),
    ("<<=", Binary::Shl),
    (">>=", Binary::Shr),
    (">>>=", Binary::Ushr),
];

/// The assignment that is spelt like this.
pub(crate) fn assignment(spelling: &str) -> Option<Assignment> {
    if spelling == "=" {
        return Some(Assignment::Plain);
    }
    ASSIGNMENTS.iter().find(|entry| entry.0 == spelling).map(|entry| Assignment::With(entry.1))
}

/// How an assignment is written.
pub(crate) fn assignment_symbol(operator: Option<Binary>) -> &'static str {
    let Some(operator) = operator else { return "=" };
    ASSIGNMENTS.iter().find(|entry| entry.1 == operator).map_or("", |entry| entry.0)
}

/// The operator before an operand that is spelt like this.
pub(crate) fn prefix(spelling: &str) -> Option<Unary> {
    match spelling {
        "-" => Some(Unary::Minus),
        "+" => Some(Unary::Plus),
        "~" => Some(Unary::BitNot),
        "!" | "not" => Some(Unary::Not),
        "size" => Some(Unary::Size),
        "empty" => Some(Unary::Empty),
        _ => None,
    }
}

/// How an operator before an operand is written.
pub(crate) fn prefix_symbol(operator: Unary) -> &'static str {
    match operator {
        Unary::Minus => "-",
        Unary::Plus => "+",
        Unary::Not => "!",
        Unary::BitNot => "~",
        Unary::Size => "size",
        Unary::Empty => "empty",
    }
}

/// Whether a word is an operator and so cannot end a value.
pub(crate) fn is_operator_word(word: &str) -> bool {
    infix(word).is_some() || prefix(word).is_some()
}

/// Words that begin or join statements and so cannot be names.
const KEYWORDS: &[&str] = &[
    "break", "const", "continue", "do", "else", "for", "function", "if", "let", "new", "return", "var",
    "while",
];

/// Whether a word begins or joins statements, or is `new`.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether a word cannot be the name of anything.
pub(crate) fn is_reserved(word: &str) -> bool {
    is_keyword(word) || is_operator_word(word) || matches!(word, "true" | "false" | "null" | "NaN")
}
