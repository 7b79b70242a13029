//! `list = list + x` grows the list in place instead of making another one (docs/expressions/types.md#cost).

use csml_expr::library::{self, On};

use crate::ir::{Expr, Kind, Place, Root};

/// The change that assigning `value` to `place` amounts to, if `value` is what stands there and more behind it.
///
/// Like the assignment it either succeeds or leaves the list as it is.
pub(super) fn growth(place: &Place, value: &Expr) -> Option<Expr> {
    let Kind::Append(list, more) = &value.kind else { return None };
    let same = match (&list.kind, &place.root) {
        (Kind::Variable(read), Root::Variable(changed)) => read == changed,
        (Kind::Local(read), Root::Local(changed)) => read == changed,
        _ => false,
    };
    if !same || !place.path.is_empty() || list.ty != place.ty {
        return None;
    }
    let (name, argument) = match &more.kind {
        Kind::List(items) => match items.as_slice() {
            [item] => ("add", item),
            _ => ("addAll", &**more),
        },
        _ => ("addAll", &**more),
    };
    let entry = library::methods(name).find(|entry| entry.on == On::List && entry.parameters.len() == 1)?;
    let kind = Kind::Change(entry, Box::new(place.clone()), vec![argument.clone()]);
    Some(Expr { kind, ty: crate::types::Type::Bool, span: value.span, at: value.at })
}
