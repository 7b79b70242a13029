//! What a script is translated to: instructions for a machine with a stack of operands.
//!
//! Evaluating a tree by recursion would need stack in proportion to the depth of calls times the depth of the
//! script; a flat list of instructions needs none.

use csml_rt_core::Value;

use crate::ast::{Binary, Unary};

/// The instructions of a script or function, and what a frame of it needs.
#[derive(Debug)]
pub(super) struct Code<S> {
    /// The instructions.
    pub(super) ops: Vec<Op>,
    /// Where the expression stands that each instruction belongs to.
    pub(super) spans: Vec<S>,
    /// Where a frame is to be found.
    pub(super) shape: Shape,
}

/// What a frame of a function needs.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Its parameters, which have the first slots.
    pub(super) parameters: usize,
    /// Slots of values, parameters included.
    pub(super) values: usize,
    /// Slots of functions. The first one is the function itself if it has a name.
    pub(super) functions: usize,
    /// Values that are copied when the function is created.
    pub(super) captured_values: Vec<Capture>,
    /// Functions that are kept when the function is created.
    pub(super) captured_functions: Vec<Capture>,
}

/// A slot of the frame in which a function is created, and the slot of its own frame that gets its content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capture {
    pub(super) outer: Slot,
    pub(super) inner: Slot,
}

/// A place in a frame for a value or a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(pub(super) usize);

/// A position in the instructions of the same function.
pub(super) type Target = usize;

/// A variable as the root of a place.
#[derive(Debug, Clone)]
pub(super) enum Root {
    /// A local.
    Local(Slot),
    /// A variable of the context.
    Variable(Box<str>),
}

/// A variable, or an item of an item … of one. Keys stand on the stack, the outermost first.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) root: Root,
    /// How many keys lead to it; for each what happens if there is no such item.
    pub(super) keys: Vec<Missing>,
}

/// What the access to an item does where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// It fails.
    Fails,
    /// It fails on `null` as the base, otherwise it gives `null`.
    FailsOnNull,
    /// It gives `null`.
    Null,
}

/// An instruction. "Pops" and "pushes" are about the stack of operands.
#[derive(Debug)]
pub(super) enum Op {
    /// Pushes a value.
    Constant(Value),
    /// Pushes a variable of the context.
    Variable(Box<str>),
    /// Pushes an event datum.
    Datum(Box<str>),
    /// Pushes a local.
    Local(Slot),
    /// Pops nothing: the value stays, as that of the declaration.
    SetLocal(Slot),
    /// Pops a value.
    Pop,
    /// Drops that many values below the topmost one.
    DropBelow(usize),
    /// Pops the items, pushes a list.
    List(usize),
    /// Pops the elements, pushes a set.
    Set(usize),
    /// Pops keys and values, pushes a map of that many entries.
    Map(usize),
    /// Pops the pieces, pushes a string.
    Template(usize),
    /// Pops an operand, pushes the result.
    Unary(Unary),
    /// Pops two operands, pushes the result; none of those that may skip their right operand.
    Binary(Binary),
    /// Pops a base and a key, pushes the item.
    Index(Missing),
    /// From here up to [`Op::Unprotect`] an error about `null` or something missing goes on there, with `null` on the
    /// stack.
    Protect(Target),
    /// Ends what the last [`Op::Protect`] has begun.
    Unprotect,
    /// Goes on elsewhere.
    Jump(Target),
    /// Pops a condition; goes on elsewhere if it does not hold. `null` does not.
    JumpUnless(Target),
    /// Pops the left operand of `&&` (`||` if true). If it decides, pushes the truth value and goes on elsewhere.
    Decide(bool, Target),
    /// Pops a value, pushes its truth.
    Truth,
    /// Goes on elsewhere if the topmost value counts as true, else pops it.
    JumpIfHolds(Target),
    /// Goes on elsewhere if the topmost value is not `null`, else pops it.
    JumpUnlessNull(Target),
    /// Goes on elsewhere if the topmost value is `null`.
    JumpIfNull(Target),
    /// Pops the arguments, pushes the result of a library function.
    Call(Box<Callee>),
    /// Pops receiver and arguments, pushes the result.
    Method(Box<Callee>),
    /// Pops keys and arguments, calls a method on the value at a place, pushes the result.
    MethodAt(Box<Place>, Box<Callee>),
    /// Pushes the value at a place, whose keys stay.
    Peek(Box<Place>),
    /// Pops a value and keys, changes the place, pushes the value that it has then.
    Assign(Box<Place>, Option<Binary>),
    /// Pops keys, changes the place, pushes its new value (old one if not `prefix`).
    Increment { place: Box<Place>, down: bool, prefix: bool },
    /// Creates a function from the code of that number and keeps it in a slot of functions.
    Define(usize, Slot),
    /// Pops the arguments, calls the function in a slot of functions.
    CallLocal(Slot, usize),
    /// Pops the arguments, creates a function from the code of that number and calls it.
    Apply(usize, usize),
    /// Ends the function or script with the topmost value.
    Return,
    /// Pops a collection to iterate over.
    Iterate,
    /// Pops the bounds of a range to iterate over.
    IterateRange,
    /// Pushes what comes next; goes on elsewhere if there is nothing.
    Next(Target),
    /// Ends the iteration.
    EndIterate,
    /// Begins a loop.
    Enter,
    /// Counts an iteration of a loop.
    Burn,
    /// Pops the value of the loop so far.
    Result,
    /// Drops what the iteration has left on the stack: `break` and `continue`.
    Unwind,
    /// Ends a loop, pushes its value.
    Leave,
    /// Fails: the tree breaks a rule that the parser keeps.
    Malformed(&'static str),
}

/// What is called from the library.
#[derive(Debug)]
pub(super) struct Callee {
    pub(super) namespace: Option<Box<str>>,
    pub(super) name: Box<str>,
    pub(super) arguments: usize,
}
