//! Declarations: which of them are new locals, and which are errors.

use super::{Info, Name, Scopes};
use crate::{
    ast::{Local, LocalId, LocalRole},
    fault::Fault,
};

impl<S> Scopes<S> {
    /// Declares with `var`, `let` or `const`. Until [`Self::initialised`] says so, a new local has no value.
    /// Whether it is new comes along.
    pub(crate) fn declare(
        &mut self,
        name: &Name,
        span: S,
        role: LocalRole,
    ) -> Result<(LocalId, bool), Fault> {
        if role != LocalRole::Var {
            self.check_undeclared(name)?;
            return Ok((self.add(name, span, role, true), true));
        }
        let mut successor = false;
        if let Some(known) = self.find_in_function(&name.text) {
            match self.role(known) {
                LocalRole::Loop if self.info(known).is_some_and(|info| info.ended) => successor = true,
                LocalRole::Var | LocalRole::Parameter | LocalRole::Loop => {
                    return Ok((known, false));
                }
                LocalRole::Let | LocalRole::Const | LocalRole::Function => return Err(redeclared(name)),
            }
        }
        let local = self.add(name, span, role, false);
        if let Some(info) = self.info_mut(local) {
            info.successor = successor;
        }
        Ok((local, true))
    }

    /// Says that the initial value of a new local is being read.
    pub(crate) fn initialising(&mut self, local: LocalId) {
        if let Some(info) = self.info_mut(local) {
            info.pending = true;
        }
    }

    /// Says that a declaration has given a local a value.
    pub(crate) fn initialised(&mut self, local: LocalId) {
        let block = self.block();
        if let Some(info) = self.info_mut(local) {
            info.pending = false;
            if info.valued.last() != Some(&block) {
                info.valued.push(block);
            }
        }
    }

    /// Declares the variable of a loop whose block is open: with `let` or `const` for the loop, with `var` as if
    /// it stood before the loop.
    pub(crate) fn declare_loop(&mut self, name: &Name, span: S, role: LocalRole) -> Result<LocalId, Fault> {
        let (local, new) = self.declare(name, span, role)?;
        if new
            && role == LocalRole::Var
            && let Some(declared) = self.locals.get_mut(local.0 as usize)
        {
            declared.role = LocalRole::Loop;
        }
        self.initialised(local);
        Ok(local)
    }

    /// Says that a loop over a local has ended.
    pub(crate) fn end_loop(&mut self, local: LocalId) {
        let block = self.block();
        let role = self.role(local);
        if let Some(info) = self.info_mut(local) {
            info.ended |= role == LocalRole::Loop && info.block == block;
        }
    }

    /// Declares a parameter of the function that was opened last.
    pub(crate) fn declare_parameter(&mut self, name: &Name, span: S) -> Result<LocalId, Fault> {
        self.check_undeclared(name)?;
        let local = self.add(name, span, LocalRole::Parameter, true);
        self.initialised(local);
        Ok(local)
    }

    /// Declares a function for the rest of the block. `shadows` says that it is declared with `let` or `const`,
    /// and so may hide something of an outer block.
    pub(crate) fn declare_function(&mut self, name: &Name, span: S, shadows: bool) -> Result<LocalId, Fault> {
        let text = &name.text;
        if shadows {
            self.check_undeclared(name)?;
        } else if let Some(known) = self.find_in_function(text) {
            return Err(match self.role(known) {
                LocalRole::Function => name
                    .misused(format!("`{text}` is a function already"))
                    .label("the meaning of a call must not depend on what ran before")
                    .help("give the second function another name"),
                _ => name
                    .misused(format!("`{text}` is a variable that holds values"))
                    .help("give the function a name of its own"),
            });
        }
        Ok(self.add(name, span, LocalRole::Function, true))
    }

    /// What a name stands for, if it is declared in this function.
    fn find_in_function(&self, name: &str) -> Option<LocalId> {
        let local = self.find(name)?;
        (self.info(local)?.function == self.function()).then_some(local)
    }

    /// Refuses a name that is declared in this block already.
    fn check_undeclared(&self, name: &Name) -> Result<(), Fault> {
        let known = self.find_in_function(&name.text).and_then(|known| self.info(known));
        match known {
            Some(known) if known.block == self.block() && !known.ended => Err(redeclared(name)),
            _ => Ok(()),
        }
    }

    fn add(&mut self, name: &Name, span: S, role: LocalRole, in_block: bool) -> LocalId {
        let local = LocalId(self.locals.len() as u32);
        self.locals.push(Local { name: name.text.clone(), span, role, nullable: false });
        self.info.push(Info {
            function: self.function(),
            block: self.block(),
            valued: Vec::new(),
            pending: false,
            ended: false,
            successor: false,
            callable: None,
        });
        self.names.entry(name.text.clone()).or_default().push(local);
        let index = self.function();
        let names = if in_block {
            self.blocks.last_mut().map(|block| &mut block.names)
        } else {
            self.functions.get_mut(index).map(|function| &mut function.names)
        };
        if let Some(names) = names {
            names.push(name.text.clone());
        }
        local
    }
}

fn redeclared(name: &Name) -> Fault {
    name.misused(format!("`{}` is declared already", name.text)).help("give the second one another name")
}
