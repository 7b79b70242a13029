//! Rust code with its precedence, so that parentheses stand where they are needed and nowhere else.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// How tightly an expression binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precedence {
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
    level: Precedence,
}

impl Code {
    pub(super) fn new(level: Precedence, tokens: TokenStream) -> Self {
        Self { tokens, level }
    }

    pub(super) fn atom(tokens: TokenStream) -> Self {
        Self::new(Precedence::Atom, tokens)
    }

    pub(super) fn unary(tokens: TokenStream) -> Self {
        Self::new(Precedence::Unary, tokens)
    }

    /// `left operator right`, for a left-associative operator of `level`.
    pub(super) fn binary(level: Precedence, left: Self, operator: TokenStream, right: Self) -> Self {
        // Comparisons do not associate at all, `&&` and `||` either way alike.
        let (loosest_left, loosest_right) = match level {
            Precedence::Compare => (Precedence::BitOr, Precedence::BitOr),
            Precedence::Or | Precedence::And => (level, level),
            Precedence::Sum => (level, Precedence::Product),
            Precedence::BitOr => (level, Precedence::BitXor),
            Precedence::BitXor => (level, Precedence::BitAnd),
            Precedence::BitAnd => (level, Precedence::Sum),
            _ => (level, Precedence::Unary),
        };
        let (left, right) = (left.at_least(loosest_left), right.at_least(loosest_right));
        Self::new(level, quote!(#left #operator #right))
    }

    /// The expression where it needs to bind at least as tightly as `level`.
    pub(super) fn at_least(self, level: Precedence) -> TokenStream {
        let tokens = self.tokens;
        if self.level < level { quote!((#tokens)) } else { tokens }
    }

    /// The expression where a method is called on it.
    pub(super) fn receiver(self) -> TokenStream {
        self.at_least(Precedence::Atom)
    }

    /// `&self`
    pub(super) fn reference(self) -> Self {
        let operand = self.at_least(Precedence::Unary);
        Self::unary(quote!(&#operand))
    }

    /// `!self`
    pub(super) fn not(self) -> Self {
        let operand = self.at_least(Precedence::Unary);
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
