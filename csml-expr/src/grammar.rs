//! Operators and words of the language, as tables: one place to look up precedence (EXPRESSIONS, Syntax).

use crate::ast::{Binary, Unary};

/// What brackets enclose may be anything.
pub(crate) const ANYTHING: u8 = 0;
/// Precedence of `? :`.
pub(crate) const CONDITIONAL: u8 = 1;
/// Precedence of the loosest operator with two operands.
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
    /// What it is, or the subject of "… not supported yet".
    pub(crate) operator: Result<Binary, &'static str>,
}

const PATTERNS: &str = "matching with `=~` and `!~` is";
const AFFIXES: &str = "the operators `=^ !^ =$ !$` are";
const IDENTITY: &str = "the operators `===` and `!==` are";
const BITS: &str = "operators on bits are";
const SHIFTS: &str = "shift operators are";
const RANGES: &str = "ranges are";

/// Spelling, word form, precedence, meaning.
const INFIX: &[(&str, &str, u8, Result<Binary, &str>)] = &[
    ("||", "or", 2, Ok(Binary::Or)),
    ("&&", "and", 3, Ok(Binary::And)),
    ("|", "", 4, Err(BITS)),
    ("^", "", 5, Err(BITS)),
    ("&", "", 6, Err(BITS)),
    ("==", "eq", 7, Ok(Binary::Eq)),
    ("!=", "ne", 7, Ok(Binary::Ne)),
    ("===", "", 7, Err(IDENTITY)),
    ("!==", "", 7, Err(IDENTITY)),
    ("<", "lt", 8, Ok(Binary::Lt)),
    ("<=", "le", 8, Ok(Binary::Le)),
    (">", "gt", 8, Ok(Binary::Gt)),
    (">=", "ge", 8, Ok(Binary::Ge)),
    ("=~", "", 8, Err(PATTERNS)),
    ("!~", "", 8, Err(PATTERNS)),
    ("=^", "", 8, Err(AFFIXES)),
    ("!^", "", 8, Err(AFFIXES)),
    ("=$", "", 8, Err(AFFIXES)),
    ("!$", "", 8, Err(AFFIXES)),
    ("..", "", 9, Err(RANGES)),
    ("<<", "", 10, Err(SHIFTS)),
    (">>", "", 10, Err(SHIFTS)),
    (">>>", "", 10, Err(SHIFTS)),
    ("+", "", 11, Ok(Binary::Add)),
    ("-", "", 11, Ok(Binary::Sub)),
    ("*", "", 12, Ok(Binary::Mul)),
    ("/", "div", 12, Ok(Binary::Div)),
    ("%", "mod", 12, Ok(Binary::Rem)),
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
    INFIX.iter().find(|entry| entry.3 == Ok(operator)).map_or(LOOSEST, |entry| entry.2)
}

/// How an operator between operands is written.
pub(crate) fn symbol(operator: Binary) -> &'static str {
    INFIX.iter().find(|entry| entry.3 == Ok(operator)).map_or("", |entry| entry.0)
}

/// Whether `a op b op c` is refused without parentheses, as in JEXL.
pub(crate) fn never_chains(precedence: u8) -> bool {
    precedence == 7 || precedence == 8
}

/// The operator before an operand that is spelt like this.
pub(crate) fn prefix(spelling: &str) -> Option<Unary> {
    match spelling {
        "-" => Some(Unary::Minus),
        "+" => Some(Unary::Plus),
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

/// What a spelling stands for that JEXL has and this compiler has not yet, as subject of "… not supported yet".
pub(crate) fn unsupported(spelling: &str) -> Option<&'static str> {
    Some(match spelling {
        "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "<<=" | ">>=" | ">>>=" => {
            "assignments are"
        }
        "++" | "--" => "increments and decrements are",
        "~" => BITS,
        "?:" => "the operator `?:` is",
        "??" => "the operator `??` is",
        "?." => "access with `?.` is",
        "->" | "=>" | "function" => "functions of one's own are",
        ";" => "several statements are",
        "@" => "annotations are",
        "if" | "else" => "`if` is",
        "while" | "do" | "for" => "loops are",
        "break" | "continue" => "`break` and `continue` are",
        "var" | "let" | "const" => "local variables are",
        "return" => "`return` is",
        "new" => "`new` is",
        _ => return None,
    })
}

/// What to write instead of something [`unsupported`], where there is a way.
pub(crate) fn instead(spelling: &str) -> Option<&'static str> {
    Some(match spelling {
        "=" => "`==` compares; to set a variable use an `assign` action",
        "++" | "--" | "+=" | "-=" | "*=" | "/=" | "%=" => "to change a variable use an `assign` action",
        "if" | "else" | "?:" => "write `condition ? a : b`",
        _ => return None,
    })
}
