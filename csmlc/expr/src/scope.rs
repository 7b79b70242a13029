//! Locals of a script: what a name stands for where it is read, and what functions capture.
//!
//! Names mean what was declared before them in the text, as in JEXL. `var` declares for the rest of the function,
//! `let` and `const` for the rest of their block, so that the declarations of one name nest.

mod captures;
mod declare;

use std::collections::BTreeMap;

use self::captures::FunctionScope;
use crate::{
    ast::{Local, LocalId, LocalRole},
    fault::{Fault, FaultKind},
};

/// A name in the text.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Name {
    /// A fault about how this name is used.
    pub(crate) fn misused(&self, message: impl Into<String>) -> Fault {
        Fault::new(FaultKind::Local, self.start, self.end, message)
    }
}

/// What the resolution knows about a local besides what is in the tree.
struct Info {
    /// The function it is declared in.
    function: usize,
    /// The block it is declared in.
    block: u32,
    /// Blocks where a declaration has given it a value: up to their end it has one.
    valued: Vec<u32>,
    /// Whether its own initial value is being read.
    pending: bool,
    /// Whether it is of a `for` that has ended.
    ended: bool,
    /// Whether a local of the same name, of a `for` that has ended, came before it.
    successor: bool,
    /// Number of parameters and index, of a function.
    callable: Option<(usize, usize)>,
}

/// A block that is open.
struct Block {
    id: u32,
    /// Names declared for this block.
    names: Vec<String>,
}

/// The locals of a script and the scopes that are open.
pub(crate) struct Scopes<S> {
    pub(crate) locals: Vec<Local<S>>,
    info: Vec<Info>,
    /// All functions, the script first.
    functions: Vec<FunctionScope>,
    /// Those that are open, the innermost last.
    open: Vec<usize>,
    blocks: Vec<Block>,
    /// Whether a function calls one that it stands in.
    inner_recursion: bool,
    /// How many blocks there have been.
    block_count: u32,
    /// What each name stands for, the innermost declaration last.
    names: BTreeMap<String, Vec<LocalId>>,
}

impl<S> Scopes<S> {
    /// Of a script in which nothing is declared yet.
    pub(crate) fn new() -> Self {
        let mut scopes = Self {
            locals: Vec::new(),
            info: Vec::new(),
            functions: vec![FunctionScope::default()],
            open: vec![0],
            blocks: Vec::new(),
            inner_recursion: false,
            block_count: 0,
            names: BTreeMap::new(),
        };
        scopes.open_block();
        scopes
    }

    pub(crate) fn open_block(&mut self) {
        self.blocks.push(Block { id: self.block_count, names: Vec::new() });
        self.block_count += 1;
    }

    pub(crate) fn close_block(&mut self) {
        let names = self.blocks.pop().map(|block| block.names).unwrap_or_default();
        self.forget(names);
    }

    fn forget(&mut self, names: Vec<String>) {
        for name in names {
            if let Some(declared) = self.names.get_mut(&name) {
                declared.pop();
            }
        }
    }

    fn block(&self) -> u32 {
        self.blocks.last().map_or(0, |block| block.id)
    }

    fn function(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    /// The local that a name stands for here.
    pub(crate) fn find(&self, name: &str) -> Option<LocalId> {
        self.names.get(name)?.last().copied()
    }

    /// What a local is.
    pub(crate) fn role(&self, local: LocalId) -> LocalRole {
        self.locals.get(local.0 as usize).map_or(LocalRole::Var, |local| local.role)
    }

    fn info(&self, local: LocalId) -> Option<&Info> {
        self.info.get(local.0 as usize)
    }

    fn info_mut(&mut self, local: LocalId) -> Option<&mut Info> {
        self.info.get_mut(local.0 as usize)
    }

    /// Notes that a local, other than a function, is read here.
    pub(crate) fn read(&mut self, local: LocalId, name: &Name) -> Result<(), Fault> {
        self.capture(local, name)?;
        let Some(info) = self.info.get_mut(local.0 as usize) else { return Ok(()) };
        if info.pending {
            let text = &name.text;
            return Err(name
                .misused(format!("`{text}` has no value yet"))
                .label("this is its own initial value")
                .help(format!("if the outer `{text}` is meant, give the new variable another name")));
        }
        // Identifiers of blocks grow, and one that was closed never comes back.
        let is_open = |id: &u32| self.blocks.binary_search_by_key(id, |block| block.id).is_ok();
        info.valued.retain(is_open);
        if !info.valued.is_empty() {
            return Ok(());
        }
        if info.successor {
            let text = &name.text;
            return Err(name
                .misused(format!("`{text}` may be the variable of either loop here"))
                .label("both loops above declare it")
                .help(format!("declare `var {text}` before them")));
        }
        if let Some(declared) = self.locals.get_mut(local.0 as usize) {
            declared.nullable = true;
        }
        Ok(())
    }

    /// Notes that a local is assigned here.
    pub(crate) fn write(&mut self, local: LocalId, name: &Name) -> Result<(), Fault> {
        self.check_assignable(local, name)?;
        self.capture(local, name)
    }

    /// Refuses an assignment to a constant or a function.
    pub(crate) fn check_assignable(&self, local: LocalId, name: &Name) -> Result<(), Fault> {
        let text = &name.text;
        match self.role(local) {
            LocalRole::Const => Err(name
                .misused(format!("`{text}` is a constant"))
                .label("assigned here")
                .help(format!("declare it with `var {text}` or `let {text}`"))),
            LocalRole::Function => Err(name
                .misused(format!("`{text}` is a function"))
                .label("assigned here")
                .help("give the variable another name")),
            _ => Ok(()),
        }
    }
}
