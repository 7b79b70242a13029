//! All identifiers of generated code are made here: any text becomes a Rust name, and texts that become the
//! same name are told apart, always in the same way.

use crate::lists::Gather;
use crate::sorted::SortedSet;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// Keywords of every edition, and names that cannot be raw identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "safe", "self",
    "Self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe",
    "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types and variants of the prelude that generated code uses by their plain names.
const PRELUDE: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "Eq",
    "Err",
    "From",
    "FromStr",
    "Into",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Vec",
];

/// Characters of a name that are kept; the rest is told apart by [`Scope`].
const LONGEST: usize = 60;

/// The names of one scope of generated code.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: SortedSet<String>,
}

impl Scope {
    /// A scope in which `reserved` names are taken.
    pub(super) fn new(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// Takes a name that generated code makes itself.
    pub(super) fn reserve(&mut self, name: String) {
        self.taken.insert(name);
    }

    /// A name for a field, function, variable or module.
    pub(super) fn snake(&mut self, text: &str) -> Ident {
        self.claim(snake(text))
    }

    /// A name for a type or variant.
    pub(super) fn camel(&mut self, text: &str) -> Ident {
        self.claim(camel(text))
    }

    fn claim(&mut self, wanted: String) -> Ident {
        let mut name = wanted.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = numbered(&wanted, count);
        }
        Ident::new(&name, Span::call_site())
    }
}

/// A name given as Rust, such as `r#match`; what is no Rust name becomes one.
pub(super) fn given(text: &str) -> Ident {
    let mut tokens = text.parse::<TokenStream>().unwrap_or_default().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(ident)), None) if ident != "_" && !KEYWORDS.contains(&text) => ident,
        _ => Ident::new(&snake(text), Span::call_site()),
    }
}

/// A name with a number behind it, in the case of the name: `a_2`, `A2`, `V1_2`.
fn numbered(name: &str, count: u32) -> String {
    let name = name.trim_end_matches('_');
    let is_type = name.starts_with(|first: char| !first.is_lowercase()) && !name.contains('_');
    if is_type && !name.ends_with(|last: char| last.is_ascii_digit()) {
        return format!("{name}{count}");
    }
    format!("{name}_{count}")
}

/// `Surveillance System` → `surveillance_system`
pub(super) fn snake(text: &str) -> String {
    let words = words(text);
    let name = words.iter().map(|word| word.to_lowercase()).gather().join("_");
    finish(name, "unnamed", 'n')
}

/// `Surveillance System` → `SurveillanceSystem`
pub(super) fn camel(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let mut chars = word.chars();
        let Some(first) = chars.next() else { continue };
        // Two digits that stood apart stay apart: `v1.2` is not `v12`.
        if first.is_ascii_digit() && name.ends_with(|last: char| last.is_ascii_digit()) {
            name.push('_');
        }
        name.push(upper(first));
        name.extend(chars.flat_map(char::to_lowercase).filter(|c| keep(*c)));
    }
    finish(name, "Unnamed", 'N')
}

fn finish(name: String, empty: &str, before_digit: char) -> String {
    let mut name: String = name.chars().take(LONGEST).collect();
    while name.ends_with('_') {
        name.pop();
    }
    if name.is_empty() {
        name = empty.to_owned();
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, before_digit);
    }
    if KEYWORDS.contains(&name.as_str()) || PRELUDE.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// Splits at what is no letter or digit, and where a capital starts a word.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = text.chars().take(4 * LONGEST).gather();
    for (index, &c) in chars.iter().enumerate() {
        let last = index.checked_sub(1).and_then(|before| chars.get(before)).copied().unwrap_or(' ');
        let next_is_lower = chars.get(index + 1).is_some_and(|next| next.is_lowercase());
        let starts_word = c.is_uppercase() && (last.is_lowercase() || last.is_ascii_digit() || next_is_lower);
        let latin = transliterate(c);
        let part_of_word = keep(c) || latin.is_some();
        if starts_word || !part_of_word {
            words.push(String::new());
        }
        let Some(word) = words.last_mut() else { continue };
        match latin {
            Some(latin) => word.push_str(&latin),
            None if keep(c) => word.push(c),
            // Written as its number, so that `é` and `e` with an accent of its own stay two names.
            None if !c.is_ascii() => {
                word.push_str(&format!("u{:x}", u32::from(c)));
                words.push(String::new());
            }
            None => {
                if let Some(symbol) = symbol(c) {
                    word.push_str(symbol);
                    words.push(String::new());
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Cyrillic and Greek in Latin letters: kept as they are, some would look like ASCII letters, which rustc
/// warns about in a way that generated code cannot allow.
fn transliterate(c: char) -> Option<String> {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let (_, latin) = LATIN.iter().find(|(letter, _)| *letter == lower)?;
    let mut chars = latin.chars();
    match chars.next() {
        Some(first) if c.is_uppercase() => Some(first.to_uppercase().chain(chars).collect()),
        _ => Some((*latin).to_owned()),
    }
}

const LATIN: &[(char, &str)] = &[
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('ґ', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "yo"),
    ('є', "ye"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('і', "i"),
    ('ї', "yi"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ў', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
    ('ј', "j"),
    ('љ', "lj"),
    ('њ', "nj"),
    ('ћ', "c"),
    ('ђ', "dj"),
    ('џ', "dz"),
    ('α', "a"),
    ('ά', "a"),
    ('β', "v"),
    ('γ', "g"),
    ('δ', "d"),
    ('ε', "e"),
    ('έ', "e"),
    ('ζ', "z"),
    ('η', "i"),
    ('ή', "i"),
    ('θ', "th"),
    ('ι', "i"),
    ('ί', "i"),
    ('κ', "k"),
    ('λ', "l"),
    ('μ', "m"),
    ('ν', "n"),
    ('ξ', "x"),
    ('ο', "o"),
    ('ό', "o"),
    ('π', "p"),
    ('ρ', "r"),
    ('σ', "s"),
    ('ς', "s"),
    ('ß', "ss"),
    ('τ', "t"),
    ('υ', "y"),
    ('ύ', "y"),
    ('φ', "f"),
    ('χ', "ch"),
    ('ψ', "ps"),
    ('ω', "o"),
    ('ώ', "o"),
];

/// Symbols that mean something in a name.
fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        '+' => "plus",
        '%' => "percent",
        '&' => "and",
        '<' => "less",
        '>' => "greater",
        '=' => "equals",
        '!' => "not",
        '?' => "query",
        '#' => "hash",
        '*' => "star",
        '$' => "dollar",
        '@' => "at",
        _ => return None,
    })
}

/// Whether a character can stand in a Rust name as it is. Beyond ASCII only letters that no normalisation
/// changes, as rustc compares names in NFC, and that rustc does not take for look-alikes of others.
fn keep(c: char) -> bool {
    let latin =
        matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ı' | 'Ĵ'..='ķ' | 'Ĺ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž');
    let other = matches!(c, '\u{4e00}'..='\u{9fff}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '가'..='힣');
    c.is_ascii_alphanumeric() || latin || (other && !LOOK_ALIKES.contains(c))
}

/// Han characters and kana that look like each other.
const LOOK_ALIKES: &str = "一丨丶丿乙乚亅二八力卜口囗夕工彐アイエオカクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンへべぺベペ";

fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) if keep(one) => one,
        _ => c,
    }
}

/// A number as it is written by hand, where its type is known.
pub(super) fn number(value: impl Into<u64>) -> proc_macro2::Literal {
    proc_macro2::Literal::u64_unsuffixed(value.into())
}

/// A user's text for a doc comment, as code.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// A user's text for a doc comment: one line, nothing invisible, no end of code.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(200) {
        match c {
            '`' => shown.push('\''),
            c if c == ' ' || c.is_alphanumeric() || c.is_ascii_punctuation() => shown.push(c),
            c => shown.extend(c.escape_unicode()),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions() {
        assert_eq!(snake("Surveillance System"), "surveillance_system");
        assert_eq!(camel("Surveillance System"), "SurveillanceSystem");
        assert_eq!(snake("gateUp"), "gate_up");
        assert_eq!(snake("HTTPServer2Go"), "http_server2_go");
        assert_eq!(camel("gate-up"), "GateUp");
        assert_eq!(camel("Türöffner"), "Türöffner");
        assert_eq!(snake("按下"), "按下");
        assert_eq!(camel("ДверьОткрыта"), "DverOtkryta");
        assert_eq!(snake("Πύλη"), "pyli");
    }

    #[test]
    fn any_text_becomes_a_name() {
        assert_eq!(snake(""), "unnamed");
        assert_eq!(snake("type"), "type_");
        assert_eq!(camel("self"), "Self_");
        assert_eq!(camel("option"), "Option_");
        assert_eq!(snake("3d"), "n3d");
        assert_eq!(camel("v1.2"), "V1_2");
        assert_eq!(snake("*/ fn"), "star_fn");
        assert_eq!(snake("e\u{301}"), "e_u301");
        assert_eq!(snake("\u{202e}"), "u202e");
        assert!(snake(&"x".repeat(1 << 16)).len() <= LONGEST + 1);
    }

    #[test]
    fn given_names_stay_as_they_are() {
        for name in ["Gate", "r#match", "_gate", "gate2"] {
            assert_eq!(given(name).to_string(), name);
        }
        for (name, ident) in
            [("match", "match_"), ("_", "unnamed"), ("a b", "a_b"), ("\"", "unnamed"), ("", "unnamed")]
        {
            assert_eq!(given(name).to_string(), ident);
        }
    }

    #[test]
    fn equal_names_are_told_apart() {
        let mut scope = Scope::new(&["event"]);
        let names = ["a-b", "a_b", "a b", "event", "a_b_2"].map(|text| scope.snake(text).to_string());
        assert_eq!(names, ["a_b", "a_b_2", "a_b_3", "event_2", "a_b_2_2"]);
        let mut scope = Scope::new(&["Self_"]);
        let names = ["Self", "a", "A", "v1", "V1"].map(|text| scope.camel(text).to_string());
        assert_eq!(names, ["Self2", "A", "A2", "V1", "V1_2"]);
    }
}
