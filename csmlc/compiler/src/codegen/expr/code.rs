//! Rust code with its precedence, so that parentheses stand where they are needed and nowhere else.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// How tightly an expression binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `if`, `match`
    Block,
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`, `<`, …
    Compare,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `+`, `-`
    Sum,
    /// `*`, `/`, `%`
    Product,
    /// `-x`, `!x`, `*x`, `&x`
    Unary,
    /// Paths, calls, literals, `x?`
    Atom,
}

/// A Rust expression.
#[derive(Debug, Clone)]
pub(super) struct Code {
    tokens: TokenStream,
    level: Level,
}

impl Code {
    pub(super) fn new(level: Level, tokens: TokenStream) -> Self {
        Self { tokens, level }
    }

    pub(super) fn atom(tokens: TokenStream) -> Self {
        Self::new(Level::Atom, tokens)
    }

    pub(super) fn unary(tokens: TokenStream) -> Self {
        Self::new(Level::Unary, tokens)
    }

    /// `left operator right`, for a left-associative operator of `level`.
    pub(super) fn binary(level: Level, left: Self, operator: TokenStream, right: Self) -> Self {
        // Comparisons do not associate at all, `&&` and `||` either way alike.
        let (loosest_left, loosest_right) = match level {
            Level::Compare => (Level::BitOr, Level::BitOr),
            Level::Or | Level::And => (level, level),
            Level::Sum => (level, Level::Product),
            Level::BitOr => (level, Level::BitXor),
            Level::BitXor => (level, Level::BitAnd),
            Level::BitAnd => (level, Level::Sum),
            _ => (level, Level::Unary),
        };
        let (left, right) = (left.at_least(loosest_left), right.at_least(loosest_right));
        Self::new(level, quote!(#left #operator #right))
    }

    /// The expression where it needs to bind at least as tightly as `level`.
    pub(super) fn at_least(self, level: Level) -> TokenStream {
        let tokens = self.tokens;
        if self.level < level { quote!((#tokens)) } else { tokens }
    }

    /// The expression where a method is called on it.
    pub(super) fn receiver(self) -> TokenStream {
        self.at_least(Level::Atom)
    }

    /// `&self`
    pub(super) fn reference(self) -> Self {
        let operand = self.at_least(Level::Unary);
        Self::unary(quote!(&#operand))
    }

    /// `!self`
    pub(super) fn not(self) -> Self {
        let operand = self.at_least(Level::Unary);
        Self::unary(quote!(!#operand))
    }

    pub(super) fn into_tokens(self) -> TokenStream {
        self.tokens
    }
}

impl ToTokens for Code {
    /// The expression where anything may stand: as an argument, or as the value of a block.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}
