//! What a case of a `match` is: a comparison of its expression with the value, as `==` compares
//! (docs/semantics.md#1-descriptions).

use crate::solve::outline;
use crate::{
    expr::{
        Node, Referent, Resolved,
        ast::{Binary, Function, Kind},
    },
    model::MatchId,
};

/// `value == case`, for the expression of a case.
pub(crate) fn comparison(id: MatchId, case: Resolved) -> Resolved {
    let span = case.root.span;
    let node = |kind| Box::new(Node { kind, span });
    let value = node(Kind::Ref(Referent::Matched(id)));
    let mut returns = false;
    outline::returns(&case.root, &mut |_, _| returns = true);
    let compared = if returns {
        // A `return` ends the expression of the case, not the comparison.
        let function = Function { parameters: Vec::new(), captures: Vec::new(), body: case.root };
        node(Kind::Apply { function: Box::new(function), arguments: Vec::new() })
    } else {
        Box::new(case.root)
    };
    let kind = Kind::Binary(Binary::Eq, value, compared);
    Resolved { root: Node { kind, span }, locals: case.locals }
}
