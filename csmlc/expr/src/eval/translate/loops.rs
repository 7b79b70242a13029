//! Loops.

use super::{Loop, Translator, Tree};
use crate::{
    Symbol,
    ast::{Binary, Kind},
    eval::code::Op,
};

impl<S: Clone> Translator<S> {
    pub(super) fn a_loop(&mut self, kind: &Kind<Symbol, S>) {
        match kind {
            Kind::While(condition, body) => self.while_loop(Some(condition), body, None),
            Kind::For { init, condition, step, body } => {
                if let Some(init) = init {
                    self.expr(init);
                    self.emit(Op::Pop);
                }
                self.while_loop(condition.as_deref(), body, step.as_deref());
            }
            Kind::DoWhile(body, condition) => self.do_while(body, condition),
            Kind::ForEach { target, collection, body } => self.for_each(target, collection, body),
            _ => {}
        }
    }

    /// Translates the body of a round and its value; the jumps of its `break`s and `continue`s.
    fn round(&mut self, body: &Tree<S>) -> Loop {
        if let Some(open) = self.open.last_mut() {
            open.loops.push(Loop::default());
        }
        self.expr(body);
        self.emit(Op::Result);
        self.open.last_mut().and_then(|open| open.loops.pop()).unwrap_or_default()
    }

    fn aim_all_here(&mut self, jumps: &[usize]) {
        for jump in jumps {
            self.aim_here(*jump);
        }
    }

    fn while_loop(&mut self, condition: Option<&Tree<S>>, body: &Tree<S>, step: Option<&Tree<S>>) {
        self.emit(Op::Enter);
        let top = self.here();
        let end = condition.map(|condition| {
            self.truth(condition);
            self.emit(Op::JumpUnless(0))
        });
        self.emit(Op::Burn);
        let jumps = self.round(body);
        self.aim_all_here(&jumps.continues);
        if let Some(step) = step {
            self.expr(step);
            self.emit(Op::Pop);
        }
        self.emit(Op::Jump(top));
        self.aim_all_here(&jumps.breaks);
        self.aim_all_here(end.as_slice());
        self.emit(Op::Leave);
    }

    fn do_while(&mut self, body: &Tree<S>, condition: &Tree<S>) {
        self.emit(Op::Enter);
        let top = self.emit(Op::Burn);
        let jumps = self.round(body);
        self.aim_all_here(&jumps.continues);
        self.truth(condition);
        let end = self.emit(Op::JumpUnless(0));
        self.emit(Op::Jump(top));
        self.aim_all_here(&jumps.breaks);
        self.aim_here(end);
        self.emit(Op::Leave);
    }

    fn for_each(&mut self, target: &Tree<S>, collection: &Tree<S>, body: &Tree<S>) {
        if let Kind::Binary(Binary::Range, from, to) = &collection.kind {
            self.expr(from);
            self.expr(to);
            self.emit(Op::IterateRange);
        } else {
            self.expr(collection);
            self.emit(Op::Iterate);
        }
        self.emit(Op::Enter);
        let top = self.emit(Op::Next(0));
        if let Some(place) = self.target(target) {
            self.emit(Op::Assign(place, None));
            self.emit(Op::Pop);
        }
        let jumps = self.round(body);
        self.aim_all_here(&jumps.continues);
        self.emit(Op::Jump(top));
        self.aim_all_here(&jumps.breaks);
        self.aim_here(top);
        self.emit(Op::Leave);
        self.emit(Op::EndIterate);
    }

    pub(super) fn leave_round(&mut self, ends: bool) {
        if self.open.last().is_none_or(|open| open.loops.is_empty()) {
            self.emit(Op::Malformed("there is no loop around this"));
            return;
        }
        self.emit(Op::Unwind);
        let jump = self.emit(Op::Jump(0));
        if let Some(around) = self.open.last_mut().and_then(|open| open.loops.last_mut()) {
            if ends { around.breaks.push(jump) } else { around.continues.push(jump) }
        }
    }
}
