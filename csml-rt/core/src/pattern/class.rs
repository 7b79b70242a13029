//! Sets of characters in a regular expression.

use alloc::{boxed::Box, vec::Vec};

/// A set of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Class {
    /// Characters from the first to the second, both included.
    Range(char, char),
    /// What a name such as `\d` or `\p{L}` stands for.
    Named(Named),
    /// Everything in one of these.
    Any(Vec<Class>),
    /// Everything in all of these.
    All(Vec<Class>),
    /// Everything else.
    Not(Box<Class>),
    /// The same whatever the case of ASCII letters.
    IgnoreCase(Box<Class>),
}

/// Sets that have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// `.`: everything but line terminators.
    Dot,
    /// Everything.
    Everything,
    /// `\d`
    Digit,
    /// `\s`
    Space,
    /// `\w`
    Word,
    /// `\h`
    Horizontal,
    /// `\v`
    Vertical,
    /// ASCII letters and digits.
    AsciiAlphanumeric,
    /// ASCII letters.
    AsciiAlphabetic,
    /// ASCII lower case letters.
    AsciiLower,
    /// ASCII upper case letters.
    AsciiUpper,
    /// ASCII punctuation.
    Punctuation,
    /// ASCII punctuation, letters and digits.
    Graphic,
    /// The same and the blank.
    Printable,
    /// ASCII control characters.
    Control,
    /// Hexadecimal digits.
    HexDigit,
    /// Blank and tab.
    Blank,
    /// All of ASCII.
    Ascii,
    /// Letters of any script.
    Letter,
    /// Upper case letters of any script.
    Upper,
    /// Lower case letters of any script.
    Lower,
    /// Numbers of any script.
    Number,
    /// White space of any script.
    WhiteSpace,
}

impl Named {
    /// The set that `\p{name}` stands for.
    pub(super) fn property(name: &str) -> Option<Self> {
        let name = name.strip_prefix("Is").unwrap_or(name);
        Some(match name {
            "Alpha" => Self::AsciiAlphabetic,
            "Digit" => Self::Digit,
            "Alnum" => Self::AsciiAlphanumeric,
            "Lower" => Self::AsciiLower,
            "Upper" => Self::AsciiUpper,
            "Punct" => Self::Punctuation,
            "Graph" => Self::Graphic,
            "Print" => Self::Printable,
            "Cntrl" => Self::Control,
            "XDigit" => Self::HexDigit,
            "Blank" => Self::Blank,
            "Space" => Self::Space,
            "ASCII" => Self::Ascii,
            "L" | "Alphabetic" | "javaLetter" => Self::Letter,
            "Lu" | "Uppercase" | "javaUpperCase" => Self::Upper,
            "Ll" | "Lowercase" | "javaLowerCase" => Self::Lower,
            "N" => Self::Number,
            "White_Space" | "javaWhitespace" => Self::WhiteSpace,
            _ => return None,
        })
    }

    fn contains(self, character: char) -> bool {
        match self {
            Self::Dot => !is_line_terminator(character),
            Self::Everything => true,
            Self::Digit => character.is_ascii_digit(),
            Self::Space => matches!(character, ' ' | '\t'..='\r'),
            Self::Word => is_word(character),
            Self::Horizontal => matches!(
                character,
                ' ' | '\t' | '\u{A0}' | '\u{1680}' | '\u{180E}' | '\u{2000}'
                    ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
            ),
            Self::Vertical => matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}'),
            Self::AsciiAlphanumeric => character.is_ascii_alphanumeric(),
            Self::AsciiAlphabetic => character.is_ascii_alphabetic(),
            Self::AsciiLower => character.is_ascii_lowercase(),
            Self::AsciiUpper => character.is_ascii_uppercase(),
            Self::Punctuation => character.is_ascii_punctuation(),
            Self::Graphic => character.is_ascii_graphic(),
            Self::Printable => character == ' ' || character.is_ascii_graphic(),
            Self::Control => character.is_ascii_control(),
            Self::HexDigit => character.is_ascii_hexdigit(),
            Self::Blank => matches!(character, ' ' | '\t'),
            Self::Ascii => character.is_ascii(),
            Self::Letter => character.is_alphabetic(),
            Self::Upper => character.is_uppercase(),
            Self::Lower => character.is_lowercase(),
            Self::Number => character.is_numeric(),
            Self::WhiteSpace => character.is_whitespace(),
        }
    }
}

impl Class {
    /// Just this character.
    pub(super) const fn of(character: char) -> Self {
        Self::Range(character, character)
    }

    /// Everything but this.
    pub(super) fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Whether `character` is in the set. Nests no deeper than the parser allows.
    pub(super) fn contains(&self, character: char) -> bool {
        match self {
            Self::Range(first, last) => (*first..=*last).contains(&character),
            Self::Named(named) => named.contains(character),
            Self::Any(classes) => classes.iter().any(|class| class.contains(character)),
            Self::All(classes) => classes.iter().all(|class| class.contains(character)),
            Self::Not(class) => !class.contains(character),
            Self::IgnoreCase(class) => {
                class.contains(character)
                    || class.contains(character.to_ascii_lowercase())
                    || class.contains(character.to_ascii_uppercase())
            }
        }
    }
}

/// What `\w` matches and `\b` stands at.
pub(super) fn is_word(character: char) -> bool {
    character == '_' || character.is_ascii_alphanumeric()
}

/// What ends a line in Java's regular expressions.
pub(super) fn is_line_terminator(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn sets_combine() {
        let vowels = Class::Any("aeiou".chars().map(Class::of).collect());
        let consonants = Class::All(vec![Class::Range('a', 'z'), vowels.negated()]);
        assert!(consonants.contains('b'));
        assert!(!consonants.contains('e'));
        assert!(!consonants.contains('B'));
        assert!(Class::IgnoreCase(Box::new(consonants)).contains('B'));
    }

    #[test]
    fn names_are_those_of_java() {
        assert_eq!(Named::property("Lu"), Some(Named::Upper));
        assert_eq!(Named::property("IsAlphabetic"), Some(Named::Letter));
        assert_eq!(Named::property("Klingon"), None);
        assert!(Named::Letter.contains('é'));
        assert!(!Named::Word.contains('é'));
        assert!(!Named::Dot.contains('\r'));
    }
}
