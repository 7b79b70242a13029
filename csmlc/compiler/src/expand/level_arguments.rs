//! Levels of rules as arguments of `csml!`: `allow = unread_variable`, `deny = ["unreachable-state", all]`.

use proc_macro2::{Delimiter, Span, TokenTree};

use super::{
    arguments::{ArgumentError, error, split},
    literal,
};
use crate::diagnostics::levels::{Level, Levels};

/// Sets what one option names: a rule, or a list of them.
pub(super) fn set(
    levels: &mut Levels,
    level: Level,
    value: &[TokenTree],
    span: Span,
) -> Result<(), ArgumentError> {
    let all = crate::rules::all();
    let mut one = |tokens: &[TokenTree], place: Span| {
        let (name, at) = rule(tokens, place)?;
        let set = levels.set(level, &name, &all);
        set.map_err(|wrong| error(at, format!("`{}`: {wrong}", level.as_str())))
    };
    match value {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => {
            split(list.stream()).iter().try_for_each(|tokens| one(tokens, list.span_close()))
        }
        _ => one(value, span),
    }
}

/// The name of a rule. In an identifier `_` stands for `-`.
fn rule(tokens: &[TokenTree], place: Span) -> Result<(String, Span), ArgumentError> {
    match tokens {
        [TokenTree::Ident(name)] => Ok((name.to_string(), name.span())),
        [TokenTree::Literal(name)] if literal::string_value(&name.to_string()).is_some() => {
            Ok((literal::string_value(&name.to_string()).unwrap_or_default(), name.span()))
        }
        [TokenTree::Literal(number)] if number.to_string().bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok((number.to_string(), number.span()))
        }
        [TokenTree::Ident(_), TokenTree::Punct(minus), ..] if minus.as_char() == '-' => {
            Err(error(minus.span(), "put a name with `-` in quotes, or write `_` for `-`"))
        }
        [TokenTree::Ident(_) | TokenTree::Literal(_), next, ..] => {
            Err(error(next.span(), "expected `,` between the names of rules"))
        }
        [] => Err(error(place, "unexpected comma")),
        [other, ..] => Err(error(
            other.span(),
            "expected the name of a rule, its code or `all`, or a list of them: `[unread_variable, \"CSML0302\"]`",
        )),
    }
}
