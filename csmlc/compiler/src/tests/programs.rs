//! A program to test expressions with, and short ways to write them.

use crate::sorted::SortedSet;
use csml_expr::library::Entry;
use csml_rt_core::Position;

use crate::ir::{
    Arithmetic, Coercion, Comparison, DynamicOp, Expr, FunctionId, Kind, LibraryFunction, Local, LocalId,
    Part, Place, Program, Root, Script, ScriptFunction, Stmt,
};
use crate::{
    model::{
        Application, Datum, DatumId, EventId, Machine, MachineId, Name, OutputId, Owner, Service, ServiceId,
        ServiceOutput, VarId, Variable,
        arena::{Arena, Id},
    },
    source::{SourceId, Span},
    types::Type,
    vocabulary::{MemoryMode, Storage},
};

const SPAN: Span = Span::new(SourceId(0), 0, 0);

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: SPAN }
}

pub(crate) fn list(item: Type) -> Type {
    Type::List(Box::new(item))
}

pub(crate) fn set(item: Type) -> Type {
    Type::Set(Box::new(item))
}

pub(crate) fn map(key: Type, value: Type) -> Type {
    Type::Map(Box::new(key), Box::new(value))
}

pub(crate) fn option(item: Type) -> Type {
    Type::Option(Box::new(item))
}

/// Variables of the program: name, whether the slot is optional, type.
fn variables() -> Vec<(&'static str, bool, Type)> {
    vec![
        ("flag", false, Type::Bool),
        ("count", false, Type::Int),
        ("level", false, Type::Float),
        ("label", false, Type::Text),
        ("items", false, list(Type::Int)),
        ("names", false, list(Type::Text)),
        ("ages", false, map(Type::Text, Type::Int)),
        ("any", false, Type::Dynamic),
        ("maybe", false, option(Type::Int)),
        ("title", false, option(Type::Text)),
        ("made", true, Type::Int),
        ("note", true, Type::Text),
        ("blob", false, Type::Bytes),
        ("tags", false, set(Type::Text)),
        ("grid", false, list(list(Type::Int))),
        ("table", false, map(Type::Text, Type::Dynamic)),
        ("texts", false, map(Type::Text, Type::Text)),
    ]
}

/// Event data: name, event, whether optional, type.
fn data() -> Vec<(&'static str, usize, bool, Type)> {
    vec![
        ("value", 0, false, Type::Int),
        ("value", 1, false, Type::Float),
        ("value", 2, true, Type::Int),
        ("text", 0, false, Type::Text),
        ("text", 1, false, Type::Text),
    ]
}

/// A program of nothing but variables, event data and outputs.
pub(crate) fn program() -> Program {
    let mut app = Application {
        name: name("test"),
        memory_mode: MemoryMode::Shared,
        root_data: Vec::new(),
        gaps: Default::default(),
        machines: Arena::<MachineId, Machine>::new(),
        states: Arena::new(),
        events: Arena::new(),
        data: Arena::new(),
        services: Arena::<ServiceId, Service>::new(),
        inputs: Arena::new(),
        outputs: Arena::new(),
        variables: Arena::new(),
        timers: Arena::new(),
        invokes: Arena::new(),
        matches: Arena::new(),
        choice: Default::default(),
    };
    let mut types = (Arena::new(), Arena::new(), Arena::new());
    for (text, optional, ty) in variables() {
        app.variables.push(Variable {
            name: name(text),
            owner: Owner::Root,
            storage: Storage::Local,
            initial: None,
            optional,
            path: text.to_owned(),
        });
        types.0.push(ty);
    }
    for (text, event, optional, ty) in data() {
        app.data.push(Datum { event: EventId::new(event), name: name(text), optional, fixed: None });
        types.1.push(ty);
    }
    for (text, optional) in [("image", false), ("score", true)] {
        app.outputs.push(ServiceOutput { service: ServiceId::new(0), name: name(text), optional });
        types.2.push(Type::Int);
    }
    Program {
        app,
        variables: types.0,
        data: types.1,
        inputs: Arena::new(),
        outputs: types.2,
        taken: Arena::new(),
        matches: Arena::new(),
        host_types: Default::default(),
        disagreements: Vec::new(),
        choices: crate::ir::Choices::default(),
        placement: crate::placement::Placement::default(),
    }
}

pub(crate) fn expr(kind: Kind, ty: Type) -> Expr {
    Expr { kind, ty, span: SPAN, at: Position::new(3, 7) }
}

/// A variable of [`program`].
pub(crate) fn var(name: &str) -> Expr {
    let found = variables().into_iter().enumerate().find(|(_, variable)| variable.0 == name);
    let (index, (_, _, ty)) = found.unwrap();
    expr(Kind::Variable(VarId::new(index)), ty)
}

/// The datum `name` of these events of [`program`], converted to `ty`.
pub(crate) fn datum(name: &str, events: &[(usize, Option<Coercion>)], partial: bool, ty: Type) -> Expr {
    let data = data();
    let sources = events.iter().map(|(event, coercion)| {
        let index = data.iter().position(|datum| datum.0 == name && datum.1 == *event);
        (DatumId::new(index.unwrap()), coercion.clone())
    });
    expr(Kind::Datum { name: name.to_owned(), sources: sources.collect(), partial }, ty)
}

pub(crate) fn output(index: usize) -> Expr {
    expr(Kind::Output(OutputId::new(index)), Type::Int)
}

pub(crate) fn null(ty: Type) -> Expr {
    expr(Kind::Null, ty)
}

pub(crate) fn bool(value: bool) -> Expr {
    expr(Kind::Bool(value), Type::Bool)
}

pub(crate) fn int(value: i64) -> Expr {
    expr(Kind::Int(value), Type::Int)
}

pub(crate) fn float(value: f64) -> Expr {
    expr(Kind::Float(value), Type::Float)
}

pub(crate) fn text(value: &str) -> Expr {
    expr(Kind::Text(value.to_owned()), Type::Text)
}

pub(crate) fn list_of(item: Type, items: &[Expr]) -> Expr {
    expr(Kind::List(items.to_vec()), list(item))
}

pub(crate) fn map_of(entries: &[(Expr, Expr)], ty: Type) -> Expr {
    expr(Kind::Map(entries.to_vec()), ty)
}

pub(crate) fn coerce(coercion: Coercion, operand: Expr, ty: Type) -> Expr {
    expr(Kind::Coerce(coercion, Box::new(operand)), ty)
}

pub(crate) fn arithmetic(operator: Arithmetic, left: Expr, right: Expr) -> Expr {
    let ty = left.ty.clone();
    expr(Kind::Arithmetic(operator, Box::new(left), Box::new(right)), ty)
}

pub(crate) fn add(left: Expr, right: Expr) -> Expr {
    arithmetic(Arithmetic::Add, left, right)
}

pub(crate) fn negate(operand: Expr) -> Expr {
    let ty = operand.ty.clone();
    expr(Kind::Negate(Box::new(operand)), ty)
}

pub(crate) fn not(operand: Expr) -> Expr {
    expr(Kind::Not(Box::new(operand)), Type::Bool)
}

pub(crate) fn compare(operator: Comparison, left: Expr, right: Expr) -> Expr {
    expr(Kind::Compare(operator, Box::new(left), Box::new(right)), Type::Bool)
}

pub(crate) fn eq(left: Expr, right: Expr) -> Expr {
    compare(Comparison::Eq, left, right)
}

pub(crate) fn and(left: Expr, right: Expr) -> Expr {
    expr(Kind::And(Box::new(left), Box::new(right)), Type::Bool)
}

pub(crate) fn or(left: Expr, right: Expr) -> Expr {
    expr(Kind::Or(Box::new(left), Box::new(right)), Type::Bool)
}

pub(crate) fn conditional(condition: Expr, yes: Expr, no: Expr) -> Expr {
    let ty = yes.ty.clone();
    expr(Kind::Conditional(Box::new(condition), Box::new(yes), Box::new(no)), ty)
}

pub(crate) fn list_item(list: Expr, index: Expr) -> Expr {
    let ty = list.ty.content().clone();
    expr(Kind::ListItem(Box::new(list), Box::new(index)), ty)
}

pub(crate) fn map_item(map: Expr, key: Expr) -> Expr {
    let ty = match map.ty.content() {
        nullable @ (Type::Option(_) | Type::Dynamic) => nullable.clone(),
        value => option(value.clone()),
    };
    expr(Kind::MapItem(Box::new(map), Box::new(key)), ty)
}

pub(crate) fn is_null(operand: Expr) -> Expr {
    expr(Kind::IsNull(Box::new(operand)), Type::Bool)
}

pub(crate) fn concat(pieces: &[Expr]) -> Expr {
    expr(Kind::Concat(pieces.to_vec()), Type::Text)
}

pub(crate) fn append(left: Expr, right: Expr) -> Expr {
    let ty = left.ty.clone();
    expr(Kind::Append(Box::new(left), Box::new(right)), ty)
}

pub(crate) fn dynamic(operation: DynamicOp, operands: &[Expr], ty: Type) -> Expr {
    expr(Kind::Dynamic(operation, operands.to_vec()), ty)
}

pub(crate) fn function(function: LibraryFunction, argument: Expr, ty: Type) -> Expr {
    expr(Kind::Function(function, vec![argument]), ty)
}

/// A script of these locals, of which the first ones are named.
pub(crate) fn script(locals: &[(&str, Type)], functions: Vec<ScriptFunction>, body: Expr) -> Expr {
    let local = |(name, ty): &(&str, Type)| Local { name: (*name).to_owned(), ty: ty.clone() };
    let ty = body.ty.clone();
    expr(Kind::Script(Box::new(Script { locals: locals.iter().map(local).collect(), functions, body })), ty)
}

pub(crate) fn block(statements: &[Stmt], value: Expr) -> Expr {
    let ty = value.ty.clone();
    expr(Kind::Block(statements.to_vec(), Box::new(value)), ty)
}

pub(crate) fn local(id: u32, ty: Type) -> Expr {
    expr(Kind::Local(LocalId(id)), ty)
}

/// A place in a local or a variable of [`program`].
pub(crate) fn place(root: Root, path: &[Part], ty: Type) -> Place {
    Place { root, path: path.to_vec(), ty, span: SPAN, at: Position::new(3, 7) }
}

pub(crate) fn variable(name: &str) -> Root {
    match var(name).kind {
        Kind::Variable(id) => Root::Variable(id),
        _ => unreachable!(),
    }
}

pub(crate) fn assign_local(id: u32, value: Expr) -> Stmt {
    Stmt::Assign(place(Root::Local(LocalId(id)), &[], value.ty.clone()), value)
}

pub(crate) fn assign(name: &str, value: Expr) -> Stmt {
    Stmt::Assign(place(variable(name), &[], value.ty.clone()), value)
}

pub(crate) fn call(function: u32, arguments: &[Expr], ty: Type) -> Expr {
    expr(Kind::Call(FunctionId(function), arguments.to_vec()), ty)
}

/// The method or function of the library with this path.
pub(crate) fn entry(path: &str) -> &'static Entry {
    csml_expr::library::entries().find(|entry| entry.path == path).unwrap()
}

pub(crate) fn library(path: &str, operands: &[Expr], ty: Type) -> Expr {
    expr(Kind::Library(entry(path), operands.to_vec()), ty)
}

pub(crate) fn change(path: &str, place: Place, arguments: &[Expr], ty: Type) -> Expr {
    expr(Kind::Change(entry(path), Box::new(place), arguments.to_vec()), ty)
}

/// Ids that [`program`] has, to keep the arenas' order in one place.
pub(crate) fn ids(names: &[&str]) -> SortedSet<VarId> {
    let variables = variables();
    let index = |name: &&str| variables.iter().position(|variable| variable.0 == *name).unwrap();
    names.iter().map(|name| VarId::new(index(name))).collect()
}
