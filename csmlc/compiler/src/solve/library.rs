//! Which entry of the library's table a call means, given the types of its operands: the one place that both
//! inference and lowering ask (docs/expressions/library.md).

use csml_expr::library::{self as table, Entry, On, Ty};

use crate::types::Type;
use crate::{
    lists::Gather,
    solve::typing::key_of,
    types::algebra::{is_open, join, map, option, present, settle},
};

/// What a call means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Callee {
    /// Not known yet.
    Unknown,
    /// `size` or `isEmpty`/`empty` of anything, or `length` of a string.
    Size,
    Empty,
    /// This entry.
    Entry(&'static Entry, Generics),
    /// Found by name when it runs.
    Dynamic,
    /// There is none of this name for the receiver.
    Missing,
    /// There is none with this many parameters.
    Arity,
    /// There is none for arguments of these types.
    Refused,
}

/// What [`Ty::Item`], [`Ty::Key`], [`Ty::Entry`] and [`Ty::Receiver`] stand for in a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Generics {
    item: Type,
    key: Type,
    entry: Type,
    receiver: Type,
}

impl Generics {
    fn of(receiver: &Type) -> Self {
        let (item, key, entry) = match receiver {
            Type::List(item) | Type::Set(item) => ((**item).clone(), Type::Unknown, Type::Unknown),
            Type::Map(key, value) => (Type::Unknown, (**key).clone(), (**value).clone()),
            _ => (Type::Unknown, Type::Unknown, Type::Unknown),
        };
        Self { item, key, entry, receiver: receiver.clone() }
    }

    /// The type that a type of a signature stands for.
    pub(crate) fn stands_for(&self, ty: Ty) -> Type {
        match ty {
            Ty::Bool => Type::Bool,
            Ty::Int => Type::Int,
            Ty::Float => Type::Float,
            Ty::Text => Type::Text,
            Ty::Bytes => Type::Bytes,
            Ty::Item => self.item.clone(),
            Ty::Key => self.key.clone(),
            Ty::Entry => self.entry.clone(),
            Ty::Receiver => self.receiver.clone(),
            Ty::List(item) => Type::List(Box::new(self.stands_for(*item))),
            Ty::Set(item) => Type::Set(Box::new(key_of(&self.stands_for(*item)))),
            Ty::Option(item) => option(self.stands_for(*item)),
            Ty::Any => Type::Dynamic,
            Ty::Null => Type::Null,
        }
    }
}

/// The part of the table that methods of a receiver stand in.
fn on(receiver: &Type) -> Option<On> {
    Some(match receiver {
        Type::Text => On::Text,
        Type::Bytes => On::Bytes,
        Type::List(_) => On::List,
        Type::Set(_) => On::Set,
        Type::Map(..) => On::Map,
        Type::Int => On::Int,
        Type::Float => On::Float,
        Type::Bool => On::Bool,
        Type::Unknown | Type::Null | Type::Option(_) | Type::Host(_) | Type::Dynamic => return None,
    })
}

/// What `receiver.name(arguments)` means. An option counts as what it holds. The type of a receiver that is a
/// `place` takes in what is put into it.
pub(crate) fn method(receiver: &Type, name: &str, arguments: &[Type], place: bool) -> Callee {
    let receiver = present(receiver);
    if let Some(choice) = measure(receiver, name, arguments) {
        return choice;
    }
    let Some(on) = on(receiver) else {
        return match receiver {
            Type::Dynamic => Callee::Dynamic,
            _ => Callee::Unknown,
        };
    };
    let named = || table::methods(name).filter(move |entry| entry.on == on);
    if named().next().is_none() {
        return Callee::Missing;
    }
    choose(named(), receiver, arguments, place)
}

/// `size`, `isEmpty` and `length`, which need no table on what has a size.
fn measure(receiver: &Type, name: &str, arguments: &[Type]) -> Option<Callee> {
    let sized = matches!(receiver, Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..));
    match (name, receiver) {
        _ if !arguments.is_empty() => None,
        ("size", Type::Dynamic) => Some(Callee::Size),
        ("size", _) if sized => Some(Callee::Size),
        ("length", Type::Text) => Some(Callee::Size),
        ("isEmpty", _) if sized => Some(Callee::Empty),
        _ => None,
    }
}

/// What `namespace:name(arguments)` means.
pub(crate) fn function(namespace: &str, name: &str, arguments: &[Type]) -> Callee {
    let named = || table::functions(namespace, name);
    if named().next().is_none() {
        return Callee::Missing;
    }
    choose(named(), &Type::Unknown, arguments, false)
}

/// How well an argument fits a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// As it is.
    Exact,
    /// After a conversion that does not fail.
    Converted,
    /// Not known yet.
    Open,
    /// It may turn out to fit when it runs.
    Later,
    /// Never.
    No,
}

fn choose(
    entries: impl Iterator<Item = &'static Entry>,
    receiver: &Type,
    arguments: &[Type],
    place: bool,
) -> Callee {
    let mut best: Option<(Fit, &'static Entry, Generics)> = None;
    let mut ambiguous = false;
    for entry in entries.filter(|entry| entry.parameters.len() == arguments.len()) {
        let (fit, generics) = fit_all(entry, receiver, arguments, place);
        match &best {
            Some((known, _, _)) if *known < fit => {}
            // Of entries that fit equally well the first one counts, unless it is open which of them fit.
            Some((known, first, _)) if *known == fit => {
                ambiguous |= fit == Fit::Open && first.result != entry.result;
            }
            _ => {
                ambiguous = false;
                best = Some((fit, entry, generics));
            }
        }
    }
    match best {
        None => Callee::Arity,
        Some((Fit::No, ..)) => Callee::Refused,
        Some((Fit::Later, ..)) => Callee::Dynamic,
        Some((Fit::Open, ..)) if ambiguous => Callee::Unknown,
        Some((_, entry, generics)) => Callee::Entry(entry, generics),
    }
}

fn fit_all(entry: &Entry, receiver: &Type, arguments: &[Type], place: bool) -> (Fit, Generics) {
    let mut generics = Generics::of(receiver);
    let function = matches!(entry.on, On::Namespace(_));
    if function {
        for ((_, ty), argument) in entry.parameters.iter().zip(arguments) {
            generics.item = join(&generics.item, &item_in(*ty, argument));
        }
    }
    let mut worst = Fit::Exact;
    for ((_, ty), argument) in entry.parameters.iter().zip(arguments) {
        let wanted = generics.stands_for(*ty);
        let mut fit = fit(argument, &wanted);
        // What is put into the receiver becomes a part of its type, so it will fit.
        let taken_in = place && entry.changes && entry.keeps;
        if fit > Fit::Converted && taken_in && contribution(*ty, receiver, argument).is_some() {
            fit = Fit::Converted;
        }
        if fit == Fit::No && is_generic(*ty) {
            fit = Fit::Later;
        }
        worst = worst.max(fit);
    }
    (worst, generics)
}

/// What an argument says about the type that a function's mentions of `Item` share.
fn item_in(ty: Ty, argument: &Type) -> Type {
    match (ty, present(argument)) {
        (Ty::Item, _) => argument.clone(),
        (Ty::List(inner), Type::List(item)) | (Ty::Set(inner), Type::Set(item)) => item_in(*inner, item),
        _ => Type::Unknown,
    }
}

fn is_generic(ty: Ty) -> bool {
    match ty {
        Ty::Item | Ty::Key | Ty::Entry => true,
        Ty::List(inner) | Ty::Set(inner) | Ty::Option(inner) => is_generic(*inner),
        _ => false,
    }
}

fn fit(argument: &Type, wanted: &Type) -> Fit {
    match (argument, wanted) {
        (Type::Unknown, _) | (_, Type::Unknown) => Fit::Open,
        (argument, wanted) if argument == wanted => Fit::Exact,
        (_, Type::Dynamic) => Fit::Converted,
        (Type::Dynamic, _) => Fit::Later,
        (Type::Null, Type::Option(_)) => Fit::Converted,
        (Type::Null, _) => Fit::Later,
        (Type::Option(a), Type::Option(b)) => fit(a, b).max(Fit::Converted),
        (Type::Option(argument), _) => fit(argument, wanted).max(Fit::Converted),
        (_, Type::Option(wanted)) => fit(argument, wanted).max(Fit::Converted),
        (Type::Int, Type::Float) => Fit::Converted,
        (Type::List(a), Type::List(b)) => inner(fit(a, b)),
        (Type::Set(a), Type::Set(b)) => match fit(a, b) {
            Fit::Converted => Fit::Later,
            other => inner(other),
        },
        (Type::Map(ka, a), Type::Map(kb, b)) => match fit(ka, kb) {
            Fit::Converted => Fit::Later,
            key => inner(key).max(inner(fit(a, b))),
        },
        _ => Fit::No,
    }
}

/// A collection whose contents do not fit may still be empty.
fn inner(fit: Fit) -> Fit {
    if fit == Fit::No { Fit::Later } else { fit }
}

/// The type of `receiver.name(arguments)`; unknown where that is refused.
pub(crate) fn method_type(receiver: &Type, name: &str, arguments: &[Type], place: bool) -> Type {
    result(method(receiver, name, arguments, place))
}

/// The type of `namespace:name(arguments)`; unknown where that is refused.
pub(crate) fn function_type(namespace: &str, name: &str, arguments: &[Type]) -> Type {
    result(function(namespace, name, arguments))
}

fn result(choice: Callee) -> Type {
    match choice {
        Callee::Size => Type::Int,
        Callee::Empty => Type::Bool,
        Callee::Entry(entry, generics) => generics.stands_for(entry.result),
        Callee::Dynamic => Type::Dynamic,
        Callee::Unknown | Callee::Missing | Callee::Arity | Callee::Refused => Type::Unknown,
    }
}

/// Whether some method of this name changes its receiver.
pub(crate) fn changes(name: &str) -> bool {
    table::methods(name).any(|entry| entry.changes)
}

/// What the receiver of a call has to hold so that the call can change it.
pub(crate) fn held(receiver: &Type, name: &str, arguments: &[Type]) -> Type {
    let receiver = present(receiver);
    if !changes(name) {
        return Type::Unknown;
    }
    match method(receiver, name, arguments, true) {
        Callee::Dynamic => Type::Dynamic,
        Callee::Entry(entry, _) if entry.changes && entry.keeps => {
            let parameters = entry.parameters.iter().zip(arguments);
            let parts = parameters.filter_map(|((_, ty), argument)| contribution(*ty, receiver, argument));
            parts.fold(Type::Unknown, |ty, part| join(&ty, &part))
        }
        _ => Type::Unknown,
    }
}

/// What an argument makes of the receiver that takes it in.
fn contribution(ty: Ty, receiver: &Type, argument: &Type) -> Option<Type> {
    let list = |item: &Type| Some(Type::List(Box::new(item.clone())));
    let set = |item: &Type| Some(Type::Set(Box::new(key_of(item))));
    let collection = |item: &Type| match receiver {
        Type::List(_) => list(item),
        Type::Set(_) => set(item),
        _ => None,
    };
    match (ty, present(argument)) {
        (Ty::Item, _) => collection(argument),
        (Ty::Key, _) => Some(map(key_of(present(argument)), Type::Unknown)),
        (Ty::Entry, _) => Some(map(Type::Unknown, argument.clone())),
        (Ty::List(Ty::Item), Type::List(item)) | (Ty::Set(Ty::Item), Type::Set(item)) => collection(item),
        (Ty::Receiver, argument) if on(argument) == on(receiver) => Some(argument.clone()),
        _ => None,
    }
}

/// The type that all candidates for a call agree on for the argument at `index`, where its use can teach it.
pub(crate) fn expected(choice_of: &[&'static Entry], index: usize) -> Type {
    let mut agreed = Type::Unknown;
    for entry in choice_of {
        let Some((_, ty)) = entry.parameters.get(index) else { return Type::Unknown };
        let ty = Generics::of(&Type::Unknown).stands_for(*ty);
        if is_open(&ty) || ty == Type::Dynamic || (agreed != Type::Unknown && agreed != ty) {
            return Type::Unknown;
        }
        agreed = ty;
    }
    agreed
}

/// Entries for a function with this many arguments.
pub(crate) fn functions(namespace: &str, name: &str, arguments: usize) -> Vec<&'static Entry> {
    table::functions(namespace, name).filter(|entry| entry.parameters.len() == arguments).gather()
}

/// Entries for a method with this many arguments, of a receiver of this type or, if that is open, of any.
pub(crate) fn methods(receiver: &Type, name: &str, arguments: usize) -> Vec<&'static Entry> {
    let on = on(present(receiver));
    table::methods(name)
        .filter(|entry| entry.parameters.len() == arguments && on.is_none_or(|on| entry.on == on))
        .gather()
}

/// All entries for a function of this name.
pub(crate) fn functions_named(namespace: &str, name: &str) -> Vec<&'static Entry> {
    table::functions(namespace, name).gather()
}

/// All entries for a method of this name that a receiver has.
pub(crate) fn methods_named(receiver: &Type, name: &str) -> Vec<&'static Entry> {
    let on = on(present(receiver));
    table::methods(name).filter(|entry| Some(entry.on) == on).gather()
}

/// The type of receiver that a method certainly belongs to, as far as one can be told.
pub(crate) fn receiver_of(name: &str, arguments: usize) -> Type {
    let entries = methods(&Type::Unknown, name, arguments);
    let Some(first) = entries.first() else { return Type::Unknown };
    if entries.iter().any(|entry| entry.on != first.on) {
        return Type::Unknown;
    }
    let unknown = || Box::new(Type::Unknown);
    match first.on {
        On::Text => Type::Text,
        On::Bytes => Type::Bytes,
        On::List => Type::List(unknown()),
        On::Set => Type::Set(unknown()),
        On::Map => Type::Map(unknown(), unknown()),
        On::Int => Type::Int,
        On::Float => Type::Float,
        On::Bool => Type::Bool,
        On::Namespace(_) => Type::Unknown,
    }
}

/// The types of an entry's parameters in a call, settled.
pub(crate) fn parameters(entry: &Entry, generics: &Generics) -> Vec<Type> {
    entry.parameters.iter().map(|(_, ty)| settle(&generics.stands_for(*ty))).gather()
}

/// Names of the methods that a receiver has, in order of the table.
pub(crate) fn method_names(receiver: &Type) -> Vec<&'static str> {
    let on = on(present(receiver));
    let mut names = Vec::new();
    for entry in table::entries().filter(|entry| Some(entry.on) == on) {
        if !names.contains(&entry.name) {
            names.push(entry.name);
        }
    }
    names
}

/// An entry as it is written in messages: `substring(int, int)`.
pub(crate) fn signature(entry: &Entry, receiver: &Type) -> String {
    let generics = Generics::of(present(receiver));
    let parameters = entry.parameters.iter().map(|(name, ty)| match generics.stands_for(*ty) {
        Type::Unknown => (*name).to_owned(),
        ty => format!("{name}: {ty}"),
    });
    let parameters = parameters.gather().join(", ");
    match entry.on {
        On::Namespace(namespace) => format!("{namespace}:{}({parameters})", entry.name),
        _ => format!("{}({parameters})", entry.name),
    }
}
