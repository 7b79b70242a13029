//! Changed texts: a small fuzzer for machines without libFuzzer, and for tests. Same seed, same texts.

use csml_rt_core::Rng;

use super::seeds::SEEDS;

/// Tokens to insert, which change the meaning of the tokens around them.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "`",
    "${",
    "$",
    "'",
    "\"",
    "\\",
    "\\u",
    ";",
    ",",
    ".",
    "..",
    "...",
    "?",
    "?.",
    "?:",
    "??",
    ":",
    "::",
    "=",
    "==",
    "===",
    "!",
    "!=",
    "!~",
    "!$",
    "=~",
    "=$",
    "++",
    "--",
    "+",
    "-",
    "*",
    "/",
    "//",
    "/*",
    "*/",
    "##",
    "#",
    "@",
    "%",
    "&",
    "&&",
    "|",
    "^",
    "~",
    "<",
    "<<",
    ">>>",
    "->",
    "=>",
    "+=",
    ">>>=",
    " ",
    "\n",
    "var ",
    "let ",
    "const ",
    "if (",
    "else ",
    "while (",
    "do ",
    "for (",
    "break",
    "continue",
    "return ",
    "function ",
    "function f(",
    "new ",
    "size ",
    "empty ",
    "not ",
    "and",
    "or",
    "eq",
    "mod",
    "null",
    "true",
    "NaN",
    "0",
    "1",
    "0x",
    "08",
    "1e",
    "9223372036854775808",
    "1.5",
    "a",
    "b",
    "l",
    "m",
    "f",
    "x",
    "$x",
    "std:",
    "math:",
    "é",
    "😀",
    "\u{2028}",
    "x -> ",
    "(x) -> {",
    "f(",
    ".size()",
    "[0]",
    "{:}",
    "{}",
    "a ? b : ",
];

/// A source of changed texts.
pub struct Mutator {
    rng: Rng,
    /// Texts to begin with; interesting ones join them.
    pool: Vec<String>,
}

impl Mutator {
    /// Begins with the seeds and these texts.
    #[must_use]
    pub fn new(seed: u64, more: impl IntoIterator<Item = String>) -> Self {
        let pool = SEEDS.iter().map(|text| (*text).to_owned()).chain(more).collect();
        Self { rng: Rng::new(seed), pool }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.rng.below(bound.max(1) as u64)).unwrap_or(0)
    }

    /// Keeps a text to change it further.
    pub fn keep(&mut self, text: String) {
        const MOST: usize = 4_000;
        const LONGEST: usize = 2_000;
        if text.len() > LONGEST {
            return;
        }
        if self.pool.len() < MOST {
            self.pool.push(text);
        } else {
            let place = SEEDS.len() + self.below(MOST - SEEDS.len());
            if let Some(old) = self.pool.get_mut(place) {
                *old = text;
            }
        }
    }

    fn pick(&mut self) -> Vec<char> {
        let place = self.below(self.pool.len());
        self.pool.get(place).map(|text| text.chars().collect()).unwrap_or_default()
    }

    /// A changed text.
    pub fn text(&mut self) -> String {
        let mut text = self.pick();
        for _ in 0..=self.below(4) {
            self.change(&mut text);
        }
        text.into_iter().collect()
    }

    fn range(&mut self, text: &[char]) -> std::ops::Range<usize> {
        let start = self.below(text.len() + 1);
        let length = self.below(8);
        start..(start + length).min(text.len())
    }

    fn change(&mut self, text: &mut Vec<char>) {
        let range = self.range(text);
        match self.below(8) {
            0 => drop(text.splice(range, [])),
            1 => {
                let copy: Vec<char> = text.get(range.clone()).unwrap_or_default().to_vec();
                let times = 1 + self.below(6);
                text.splice(range.end..range.end, copy.repeat(times));
            }
            2 => {
                let c = char::from_u32(self.below(0x180) as u32).unwrap_or('?');
                text.splice(range.start..range.start, [c]);
            }
            3 => {
                let other = self.pick();
                let part = self.range(&other);
                let part = other.get(part.start..).unwrap_or_default();
                text.truncate(range.start);
                text.extend(part);
            }
            4 => {
                let other = self.pick();
                text.splice(range, other);
            }
            5 => {
                // Nested in itself.
                let whole = text.clone();
                text.splice(range, whole);
            }
            _ => {
                let token = TOKENS.get(self.below(TOKENS.len())).copied().unwrap_or_default();
                text.splice(range, token.chars());
            }
        }
        text.truncate(5_000);
    }
}
