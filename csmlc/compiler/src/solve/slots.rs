//! What has a type of its own: variables, event data, service inputs and outputs, locals and functions of
//! scripts.

use crate::{
    annotations::HostFunctions,
    expr::{
        Referent,
        ast::{LocalId, LocalRole},
    },
    ir::{self, Expr},
    lists::Gather,
    model::{Application, DatumId, InputId, MatchId, OutputId, Role, Subject, VarId, arena::Arena},
    sorted::SortedSet,
    source::Span,
    types::Type,
};

use crate::solve::RoleScript;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Variable(VarId),
    Datum(DatumId),
    Input(InputId),
    Output(OutputId),
    /// The value of a `match`.
    Match(MatchId),
    /// A local of the expression with this number; of a function the type of its result.
    Local(usize, LocalId),
}

impl Slot {
    /// The slot that an expression's value goes into.
    pub(crate) fn of(role: Role) -> Option<Self> {
        match role {
            Role::Initial(variable) | Role::Value(variable) => Some(Self::Variable(variable)),
            Role::Datum(datum) => Some(Self::Datum(datum)),
            Role::Input(input) => Some(Self::Input(input)),
            Role::Matched(id) => Some(Self::Match(id)),
            Role::Guard | Role::Delay | Role::Case(_) => None,
        }
    }

    /// The slot of something that a type annotation can name.
    pub(crate) fn of_subject(subject: Subject) -> Self {
        match subject {
            Subject::Variable(id) => Self::Variable(id),
            Subject::Datum(id) => Self::Datum(id),
            Subject::Input(id) => Self::Input(id),
            Subject::Output(id) => Self::Output(id),
        }
    }

    /// What a type annotation names it by; absent for what belongs to one expression.
    pub(crate) fn subject(self) -> Option<Subject> {
        Some(match self {
            Self::Variable(id) => Subject::Variable(id),
            Self::Datum(id) => Subject::Datum(id),
            Self::Input(id) => Subject::Input(id),
            Self::Output(id) => Subject::Output(id),
            Self::Match(_) | Self::Local(..) => return None,
        })
    }

    /// What it is called in messages.
    pub(crate) fn describe<E>(self, app: &Application<E>, items: &[RoleScript]) -> String {
        match self {
            Self::Variable(id) => format!("variable `{}`", app.variables[id].name.text),
            Self::Datum(id) => {
                let datum = &app.data[id];
                format!("`${}` of event `{}`", datum.name.text, app.events[datum.event].name.text)
            }
            Self::Input(id) => {
                let input = &app.inputs[id];
                format!("input `{}` of service `{}`", input.name.text, app.services[input.service].name.text)
            }
            Self::Output(id) => {
                let output = &app.outputs[id];
                format!(
                    "output `{}` of service `{}`",
                    output.name.text, app.services[output.service].name.text
                )
            }
            Self::Match(_) => "the value of this `match`".to_owned(),
            Self::Local(item, local) => match items.get(item).and_then(|item| item.local(local)) {
                Some(local) if local.role == LocalRole::Function => {
                    format!("the result of function `{}`", local.name)
                }
                Some(local) if local.role == LocalRole::Parameter => format!("parameter `{}`", local.name),
                Some(local) => format!("local variable `{}`", local.name),
                None => "a local variable".to_owned(),
            },
        }
    }

    /// Where it is declared.
    pub(crate) fn span<E>(self, app: &Application<E>, items: &[RoleScript]) -> Option<Span> {
        Some(match self {
            Self::Variable(id) => app.variables[id].name.span,
            Self::Datum(id) => app.data[id].name.span,
            Self::Input(id) => app.inputs[id].name.span,
            Self::Output(id) => app.outputs[id].name.span,
            Self::Match(id) => app.matches[id],
            Self::Local(item, local) => items.get(item)?.local(local)?.span,
        })
    }
}

/// The type of every slot.
#[derive(Debug)]
pub(crate) struct Slots {
    pub(crate) variables: Arena<VarId, Type>,
    pub(crate) data: Arena<DatumId, Type>,
    pub(crate) inputs: Arena<InputId, Type>,
    pub(crate) outputs: Arena<OutputId, Type>,
    pub(crate) matches: Arena<MatchId, Type>,
    /// What expressions can call besides the library.
    pub(crate) hosts: HostFunctions,
    /// By number of the expression and of the local.
    locals: Vec<Vec<Type>>,
    /// What need not be there when it is read.
    optional: Optional,
}

/// What need not be there when it is read.
#[derive(Debug, Default)]
struct Optional {
    variables: SortedSet<VarId>,
    data: SortedSet<DatumId>,
    outputs: SortedSet<OutputId>,
}

const UNKNOWN: &Type = &Type::Unknown;

impl Slots {
    /// All unknown.
    pub(crate) fn new<E>(app: &Application<E>, items: &[RoleScript]) -> Self {
        Self {
            variables: unknown(app.variables.len()),
            data: unknown(app.data.len()),
            inputs: unknown(app.inputs.len()),
            outputs: unknown(app.outputs.len()),
            matches: unknown(app.matches.len()),
            hosts: HostFunctions::default(),
            locals: items.iter().map(|item| vec![Type::Unknown; item.script.locals.len()]).gather(),
            optional: Optional {
                variables: app.variables.iter().filter(|(_, it)| it.optional).map(|(id, _)| id).collect(),
                data: app.data.iter().filter(|(_, it)| it.optional).map(|(id, _)| id).collect(),
                outputs: app.outputs.iter().filter(|(_, it)| it.optional).map(|(id, _)| id).collect(),
            },
        }
    }

    /// Whether what a name refers to need not be there when it is read.
    pub(crate) fn may_be_absent(&self, referent: &Referent) -> bool {
        match referent {
            Referent::Variable(id) => self.optional.variables.contains(id),
            Referent::Datum { sources, partial, .. } => {
                *partial || sources.iter().any(|source| self.optional.data.contains(source))
            }
            Referent::Output(id) => self.optional.outputs.contains(id),
            Referent::Matched(_) | Referent::Broken => false,
        }
    }

    /// Whether evaluating a protected expression may meet something that is missing.
    pub(crate) fn may_lack(&self, value: &Expr) -> bool {
        value.may_lack(&|kind| match kind {
            ir::Kind::Variable(id) => self.optional.variables.contains(id),
            ir::Kind::Output(id) => self.optional.outputs.contains(id),
            ir::Kind::Datum { sources, partial, .. } => {
                *partial || sources.iter().any(|(source, _)| self.optional.data.contains(source))
            }
            _ => false,
        })
    }

    pub(crate) fn get(&self, slot: Slot) -> &Type {
        match slot {
            Slot::Variable(id) => &self.variables[id],
            Slot::Datum(id) => &self.data[id],
            Slot::Input(id) => &self.inputs[id],
            Slot::Output(id) => &self.outputs[id],
            Slot::Match(id) => &self.matches[id],
            Slot::Local(item, local) => self.local(item, local).unwrap_or(UNKNOWN),
        }
    }

    /// The type of a local that the expression declares.
    pub(crate) fn local(&self, item: usize, local: LocalId) -> Option<&Type> {
        self.locals.get(item)?.get(local.0 as usize)
    }

    pub(crate) fn set(&mut self, slot: Slot, ty: Type) {
        match slot {
            Slot::Variable(id) => self.variables[id] = ty,
            Slot::Datum(id) => self.data[id] = ty,
            Slot::Input(id) => self.inputs[id] = ty,
            Slot::Output(id) => self.outputs[id] = ty,
            Slot::Match(id) => self.matches[id] = ty,
            Slot::Local(item, local) => {
                let locals = self.locals.get_mut(item);
                if let Some(place) = locals.and_then(|locals| locals.get_mut(local.0 as usize)) {
                    *place = ty;
                }
            }
        }
    }

    /// All slots in a fixed order.
    pub(crate) fn all(&self) -> Vec<Slot> {
        let variables = self.variables.ids().map(Slot::Variable);
        let data = self.data.ids().map(Slot::Datum);
        let inputs = self.inputs.ids().map(Slot::Input);
        let outputs = self.outputs.ids().map(Slot::Output);
        let matches = self.matches.ids().map(Slot::Match);
        let locals = self.locals.iter().enumerate().flat_map(|(item, locals)| {
            (0..locals.len()).map(move |local| Slot::Local(item, LocalId(local as u32)))
        });
        variables.chain(data).chain(inputs).chain(outputs).chain(matches).chain(locals).gather()
    }
}

fn unknown<I: crate::model::arena::Id>(len: usize) -> Arena<I, Type> {
    let mut arena = Arena::new();
    for _ in 0..len {
        arena.push(Type::Unknown);
    }
    arena
}
