//! Functions of a script. What they use of the locals around them is copied where they are defined, and passed
//! by every call besides the arguments.

use super::{
    Lowered, Lowering,
    script_state::{Call, Goal},
};
use crate::sorted::SortedSet;
use crate::{
    expr::{Node, ast},
    ir::{Expr, FunctionId, Kind, LocalId, ScriptFunction, Stmt},
    lists::Gather,
    solve::outline::Lambda,
    source::Span,
    types::algebra::settle,
};

impl Lowering<'_> {
    /// `var f = x -> …`
    pub(super) fn define(&mut self, local: ast::LocalId, lambda: &Lambda, out: &mut Vec<Stmt>) -> Option<()> {
        let id = self.reserve();
        self.script.named.insert(local, id);
        let result = self.script.ty(LocalId(local.0));
        let name = self.script.locals.get(local.0 as usize).map(|local| local.name.clone());
        self.lambda(id, name.unwrap_or_default(), lambda, Goal::Type(result), out)
    }

    /// `(x -> …)(1)`
    pub(super) fn apply_function(&mut self, lambda: &Lambda, arguments: &[Node], span: Span) -> Lowered {
        let result = settle(&self.types().lambda(lambda));
        let id = self.reserve();
        let mut out = Vec::new();
        let mark = self.script.open();
        let defined = self.lambda(id, String::new(), lambda, Goal::Type(result.clone()), &mut out);
        let arguments = self.passed(lambda, arguments);
        self.script.close(mark);
        defined?;
        self.called(id);
        let call = self.node(Kind::Call(id, arguments?), result, span);
        Some(self.after(out, call))
    }

    /// `f(1)`
    pub(super) fn call_local(&mut self, function: ast::LocalId, arguments: &[Node], span: Span) -> Lowered {
        let outlines = self.outlines;
        let outline = outlines.get(self.script.item);
        let lambda = outline.and_then(|outline| outline.functions.get(&function));
        let (Some(lambda), Some(id)) = (lambda, self.script.named.get(&function).copied()) else {
            return self.refuse(span, "this function is called before it is defined");
        };
        let arguments = self.passed(lambda, arguments)?;
        self.called(id);
        let ty = self.script.ty(LocalId(function.0));
        Some(self.node(Kind::Call(id, arguments), ty, span))
    }

    fn reserve(&mut self) -> FunctionId {
        self.script.functions.push(None);
        FunctionId(self.script.functions.len() as u32 - 1)
    }

    /// Arguments in the types of the parameters.
    fn passed(&mut self, lambda: &Lambda, arguments: &[Node]) -> Option<Vec<Expr>> {
        let pairs = lambda.parameters.iter().zip(arguments);
        let values: Vec<_> = pairs
            .map(|(parameter, argument)| {
                let ty = self.script.ty(LocalId(parameter.0));
                self.to(argument, &ty)
            })
            .gather();
        values.into_iter().map(|value| value.map(|value| *value)).collect()
    }

    fn called(&mut self, to: FunctionId) {
        let from = self.script.frames.last().and_then(|frame| frame.function);
        self.script.calls.push(Call { from, to });
    }

    /// Lowers a function, and copies what it uses of the locals around it.
    fn lambda(
        &mut self,
        id: FunctionId,
        name: String,
        lambda: &Lambda,
        goal: Goal,
        out: &mut Vec<Stmt>,
    ) -> Option<()> {
        self.script.push_frame(goal, Some(id), &lambda.parameters);
        let mark = self.script.open();
        let mut first = Vec::new();
        self.hoist(&lambda.body, &mut first);
        // Wherever it is called, it is a text of its own.
        let shelters = std::mem::take(&mut self.shelters);
        let body = self.tail(&lambda.body);
        self.shelters = shelters;
        self.script.close(mark);
        let frame = self.script.frames.pop()?;
        let home = self.script.frames.last().and_then(|frame| frame.function);
        let mut captures = Vec::new();
        for (original, copy) in frame.copies {
            let value = self.local(original, lambda.body.span);
            out.push(Stmt::Let(copy, *value));
            self.script.homes.insert(copy, home);
            captures.push(copy);
        }
        let body = *self.after(first, body?);
        let parameters = lambda.parameters.iter().map(|parameter| LocalId(parameter.0)).gather();
        let function = ScriptFunction { name, parameters, captures, body };
        if let Some(place) = self.script.functions.get_mut(id.0 as usize) {
            *place = Some(function);
        }
        Some(())
    }

    /// Lets every function take what the functions it calls need, as long as it is not its own. The parser has
    /// seen to it that a function is only called where the block that defines it is open.
    pub(super) fn finish_functions(&mut self) {
        let count = self.script.functions.len();
        let mut needs: Vec<SortedSet<LocalId>> = self
            .script
            .functions
            .iter()
            .map(|function| function.iter().flat_map(|function| function.captures.iter().copied()).collect())
            .gather();
        let homes = &self.script.homes;
        // Each round adds something to a function, or is the last one.
        for _ in 0..=count {
            let mut changed = false;
            for call in &self.script.calls {
                let Some(from) = call.from else { continue };
                let Some(wanted) = needs.get(call.to.0 as usize).cloned() else { continue };
                let Some(known) = needs.get_mut(from.0 as usize) else { continue };
                for local in wanted {
                    let own = homes.get(&local).is_some_and(|home| *home == Some(from));
                    changed |= !own && known.insert(local);
                }
            }
            if !changed {
                break;
            }
        }
        for (function, needs) in self.script.functions.iter_mut().zip(needs) {
            if let Some(function) = function {
                function.captures = needs.into_iter().gather();
            }
        }
    }
}
