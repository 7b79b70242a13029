//! The typed program that code generator and interpreter read: machines, states, transitions, actions and
//! typed expressions. Every coercion is a node of its own; operators have operands of one concrete type.

mod children;
mod choices;
pub(crate) mod conversion;
mod facts;
mod host_usage;
mod match_constants;
#[cfg(test)]
mod print;
mod same;
mod script;
mod types_report;

use std::sync::Arc;

use csml_expr::library::Entry;
use csml_rt_core::Position;

pub use choices::Choices;
pub(crate) use host_usage::{host_functions, host_paths};
pub use match_constants::Constant;
#[cfg(test)]
pub(crate) use print::{print, print_expr};
pub use script::{
    Function as ScriptFunction, FunctionId, Local, LocalId, Over, Part, Place, Root, Script, Stmt,
};
pub use types_report::{TypeRow, types_report};

use crate::{
    model::{Application, DatumId, InputId, InvokeId, MatchId, OutputId, Subject, VarId, arena::Arena},
    placement::Placement,
    sorted::SortedMap,
    source::Span,
    types::{HostFunction, Type},
};

/// A typed application, before anything is known about its choices.
#[derive(Debug)]
pub(crate) struct Typed {
    /// Its structure.
    pub(crate) app: Application<Expr>,
    /// As in [`Program`].
    pub(crate) variables: Arena<VarId, Type>,
    /// As in [`Program`].
    pub(crate) data: Arena<DatumId, Type>,
    /// As in [`Program`].
    pub(crate) inputs: Arena<InputId, Type>,
    /// As in [`Program`].
    pub(crate) outputs: Arena<OutputId, Type>,
    /// As in [`Program`].
    pub(crate) taken: Arena<InvokeId, Vec<TakenOutput>>,
    /// As in [`Program`].
    pub(crate) matches: Arena<MatchId, Type>,
    /// As in [`Program`].
    pub(crate) disagreements: Vec<Disagreement>,
    /// As in [`Program`].
    pub(crate) host_types: SortedMap<Box<str>, Span>,
}

impl Typed {
    /// The whole program.
    pub(crate) fn complete(self, choices: Choices, placement: Placement) -> Program {
        let Self { app, variables, data, inputs, outputs, taken, matches, disagreements, host_types } = self;
        Program {
            app,
            variables,
            data,
            inputs,
            outputs,
            taken,
            matches,
            disagreements,
            host_types,
            choices,
            placement,
        }
    }
}

/// A typed application, and all that is known about it.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its structure.
    pub app: Application<Expr>,
    /// Type of each variable, without the `Option` of an optional slot.
    pub variables: Arena<VarId, Type>,
    /// Type of each event datum, without the `Option` of an optional one.
    pub data: Arena<DatumId, Type>,
    /// Type of each service input, without the `Option` of an optional one.
    pub inputs: Arena<InputId, Type>,
    /// Type of each service output, without the `Option` of an optional one.
    pub outputs: Arena<OutputId, Type>,
    /// What each invocation assigns when it completes.
    pub taken: Arena<InvokeId, Vec<TakenOutput>>,
    /// Type of the value of each `match`.
    pub matches: Arena<MatchId, Type>,
    /// Why some of them are `dynamic`.
    pub disagreements: Vec<Disagreement>,
    /// The user's own types, by path, with the place that names each first.
    pub host_types: SortedMap<Box<str>, Span>,
    /// Which transitions may be enabled together.
    pub choices: Choices,
    /// Instances and processes.
    pub placement: Placement,
}

/// A service output that a variable takes.
#[derive(Debug, Clone)]
pub struct TakenOutput {
    /// The output.
    pub output: OutputId,
    /// The variable.
    pub variable: VarId,
    /// The output as a value of the variable's type.
    pub value: Expr,
}

/// Two places that give something values of types that have nothing in common, so that it is `dynamic`, whole or
/// in part.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// What is given the values.
    pub subject: Subject,
    /// One type, and where it comes from.
    pub first: (Type, Span),
    /// The other type, and where it comes from.
    pub second: (Type, Span),
}

/// A typed expression. Its type is never `Unknown` or `Null`, whole or in part.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Its type; never `Unknown`.
    pub ty: Type,
    /// Its place.
    pub span: Span,
    /// The same place for run-time errors.
    pub at: Position,
}

/// What a typed expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`, of type `option<T>` or `dynamic`
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Text(String),
    /// A variable. Fails if its slot is optional and absent.
    Variable(VarId),
    /// Event data, all sources of the type of this node. Fails if `partial` and the step was triggered by
    /// something else, or if the datum is optional and absent.
    Datum {
        /// The name, without `$`.
        name: String,
        /// One datum for each event that may have triggered the step, with the coercion to this node's type.
        sources: Vec<(DatumId, Option<Coercion>)>,
        /// Whether the step may have been triggered by something that does not carry it.
        partial: bool,
    },
    /// An output of the service whose completion is being handled.
    Output(OutputId),
    /// The value of the `match` in whose case it stands.
    Matched(MatchId),
    /// A list; items have its item type.
    List(Vec<Expr>),
    /// A set; elements have its element type.
    Set(Vec<Expr>),
    /// A map; keys and values have its types.
    Map(Vec<(Expr, Expr)>),
    /// Conversion to this node's type.
    Coerce(Coercion, Box<Expr>),
    /// Negation of an `int` or `float`.
    Negate(Box<Expr>),
    /// Negation of a `bool`.
    Not(Box<Expr>),
    /// Arithmetic on two `int`s or two `float`s.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Operation on the bits of two `int`s. Shifts count modulo 64.
    Bits(Bits, Box<Expr>, Box<Expr>),
    /// All bits of an `int` inverted.
    BitNot(Box<Expr>),
    /// Integers from one to another, both included: a `list<int>`. Fails if they are too many.
    Range(Box<Expr>, Box<Expr>),
    /// Concatenation of strings.
    Concat(Vec<Expr>),
    /// Concatenation of two lists of one type.
    Append(Box<Expr>, Box<Expr>),
    /// Collections put together or taken apart: see [`Combine`] for the types of the operands. The result has
    /// the type of the left one.
    Combine(Combine, Box<Expr>, Box<Expr>),
    /// Comparison of two operands of one type: for an order `bool`, `int`, `float` or `string`; for equality also
    /// `bytes`, collections and options.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Whether an `option` is `null`.
    IsNull(Box<Expr>),
    /// The first operand; the second one where evaluating the first meets a `null` that fails, or something that does
    /// not exist. Both are of this node's type.
    Protected(Box<Expr>, Box<Expr>),
    /// Both, the right one only if the left one holds.
    And(Box<Expr>, Box<Expr>),
    /// Either, the right one only if the left one does not hold.
    Or(Box<Expr>, Box<Expr>),
    /// One of two operands of this node's type.
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Item of a list by `int`.
    ListItem(Box<Expr>, Box<Expr>),
    /// Value of a map by key of its key type, `null` if there is none: of type `option<V>`, or `V` if that can be
    /// `null` itself.
    MapItem(Box<Expr>, Box<Expr>),
    /// An operation on `dynamic` operands; the result is `dynamic`, or `bool` for what asks.
    Dynamic(DynamicOp, Vec<Expr>),
    /// `size` or `empty`.
    Function(LibraryFunction, Vec<Expr>),
    /// A function of the library, or a method that changes nothing, with its receiver first. Operands and result
    /// have the types of the entry's signature. One without a result (`Ty::Null`) is only evaluated as a statement,
    /// and its type means nothing.
    Library(&'static Entry, Vec<Expr>),
    /// A method that changes its receiver.
    Change(&'static Entry, Box<Place>, Vec<Expr>),
    /// A method of a `dynamic` receiver, the first operand, by name; all operands and the result are `dynamic`.
    DynamicMethod(String, Vec<Expr>),
    /// A method that may change its `dynamic` receiver, by name.
    DynamicChange(String, Box<Place>, Vec<Expr>),
    /// A function of the library by namespace and name; all operands and the result are `dynamic`.
    DynamicFunction(&'static str, &'static str, Vec<Expr>),
    /// A call of a host function; operands and result have the types of its signature. One without a result
    /// is called for its effect, and is `dynamic`.
    Host(Arc<HostFunction>, Vec<Expr>),
    /// A local of the script or function it stands in.
    Local(LocalId),
    /// A call of a function of the script; burns fuel. Arguments have the types of its parameters.
    Call(FunctionId, Vec<Expr>),
    /// Statements, and then a value.
    Block(Vec<Stmt>, Box<Expr>),
    /// A script; only at the root of an expression.
    Script(Box<Script>),
    /// Stands where a value would after statements that always leave (`return`, `break`, `continue`).
    Never,
}

/// Operations on bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Bits {
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Ushr,
}

/// How collections are put together and taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// `list<T> - list<T>`, `list<T> - set<T>`: the items that are not among those on the right. Never fails.
    ListWithout,
    /// `set<T> + set<T>`; fails if the result is too large.
    SetUnion,
    /// `set<T> + T`; fails if the result is too large.
    SetWith,
    /// `set<T> - set<T>`, `set<T> - list<T>`. Never fails.
    SetWithout,
    /// `map<K, V> + map<K, V>`, values of the right one winning; fails if the result is too large.
    MapUnion,
    /// `map<K, V> - list<K>`, `map<K, V> - set<K>`: without these keys. Never fails.
    MapWithout,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// Comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A conversion of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coercion {
    /// Any type to `dynamic`.
    ToDynamic,
    /// `int` to `float`.
    IntToFloat,
    /// `T` to `option<T>`.
    Some,
    /// `option<T>` to `T`; fails on `null`.
    Unwrap,
    /// Item by item, for `list<A>` to `list<B>`; the type is that of the converted item.
    Items(Box<Coercion>, Type),
    /// Value by value, for `map<K, A>` to `map<K, B>`; the type is that of the converted value.
    Values(Box<Coercion>, Type),
    /// Within, for `option<A>` to `option<B>`; the type is `B`.
    Inside(Box<Coercion>, Type),
    /// Text of a `bool`, `int`, `float` or `dynamic`, as in concatenation.
    ToText,
    /// Text of a `dynamic` in a template string, where `null` has none.
    ToShownText,
    /// `dynamic` to `bool` as JEXL does; fails on `null`.
    DynamicToBool,
    /// Any type to `bool` as the condition of `? :`, `if` and loops; `null` does not hold. Never fails.
    Condition,
    /// `bool` to `int` as JEXL arithmetic does.
    BoolToInt,
    /// `dynamic` to a type that the user has fixed; fails on what does not fit.
    FromDynamic(Type),
}

/// Operations on `dynamic` operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum DynamicOp {
    Negate,
    Not,
    Arithmetic(Arithmetic),
    Compare(Comparison),
    /// The second operand is the key; `null` where a map has no such key.
    Index,
    /// Likewise; `null` where there is no such item.
    SafeIndex,
    Plus,
    BitNot,
    Bits(Bits),
    /// `=~`
    Matches,
    /// `=^`
    StartsWith,
    /// `=$`
    EndsWith,
    /// `===`
    Same,
    /// `a..b` as a list.
    Range,
    /// `+ 1` of `++`, which takes only numbers.
    Increment,
    /// `- 1` of `--`.
    Decrement,
}

/// Library functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LibraryFunction {
    /// `size x` of a string (in characters), `bytes`, list, set, map, an option of one, or `dynamic`.
    Size,
    /// `empty x` of the same.
    Empty,
}
