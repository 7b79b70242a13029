//! Random actions.

use super::{
    describe::{World, written},
    dice::Dice,
    expression::{Name, Ty, expression, literal},
    json::{Json, object, text},
};

/// The scope of actions: the names they can use.
#[derive(Clone)]
pub(crate) struct Place<'w> {
    pub(crate) world: &'w World,
    /// Variables and event data.
    pub(crate) names: Vec<Name>,
    /// Named actions.
    pub(crate) actions: Vec<String>,
    /// Timers that run.
    pub(crate) timers: Vec<String>,
}

/// Some actions.
pub(crate) fn actions(dice: &mut Dice, place: &Place<'_>, most: usize) -> Vec<Json> {
    let mut list = Vec::new();
    for _ in 0..1 + dice.below(most) {
        if dice.once_in(12) {
            made_and_deleted(dice, place, &mut list);
        } else {
            list.push(action(dice, place, 2));
        }
    }
    list
}

/// An action; within it, if it is a `match`, others up to a depth.
pub(crate) fn action(dice: &mut Dice, place: &Place<'_>, depth: usize) -> Json {
    match dice.below(12) {
        0..4 => assign(dice, place),
        4 | 5 => raise(dice, place),
        6 => invoke(dice, place),
        7 | 8 if depth > 0 => matching(dice, place, depth - 1),
        9 if !place.timers.is_empty() => {
            let timer = dice.pick(&place.timers).cloned().unwrap_or_default();
            let word = place.world.dialect.word(dice, "resetTimeout", "timeoutReset");
            object([("type", text(word)), ("action", text(timer))])
        }
        10 if !place.actions.is_empty() => {
            let name = dice.pick(&place.actions).cloned().unwrap_or_default();
            if dice.once_in(2) { text(name) } else { object([("reference", text(name))]) }
        }
        _ => assign(dice, place),
    }
}

fn assign(dice: &mut Dice, place: &Place<'_>) -> Json {
    let variables: Vec<Name> = place.names.iter().filter(|name| !name.0.starts_with('$')).cloned().collect();
    let Some((name, ty)) = dice.pick(&variables).cloned() else { return raise(dice, place) };
    let value = expression(dice, &place.names, ty);
    let value = written(dice, value);
    let mut action = object([("type", text("assign"))]);
    match dice.below(4) {
        0 => action.put("variable", object([("name", text(name)), ("value", value)])),
        1 => {
            action.put("variable", object([("reference", text(name))]));
            action.put("value", value);
        }
        _ => {
            action.put("variable", text(name));
            action.put("value", value);
        }
    }
    action
}

fn raise(dice: &mut Dice, place: &Place<'_>) -> Json {
    let event = event(dice, place, &place.names);
    object([("type", text(place.world.dialect.word(dice, "raiseEvent", "raise"))), ("event", event)])
}

/// An event to raise, with its data from these names.
pub(crate) fn event(dice: &mut Dice, place: &Place<'_>, names: &[Name]) -> Json {
    let Some(event) = dice.pick(&place.world.events).cloned() else { return object([]) };
    let channel = dice.word(&["internal", "external", "global", "peripheral"]);
    let mut made = object([("name", text(&event.name)), ("channel", text(channel))]);
    let data = event.data.iter().map(|(name, ty)| binding(dice, names, name.trim_start_matches('$'), *ty));
    made.put_list("data", data.collect());
    made
}

fn binding(dice: &mut Dice, names: &[Name], name: &str, ty: Ty) -> Json {
    let value = expression(dice, names, ty);
    object([("name", text(name)), ("value", written(dice, value))])
}

fn invoke(dice: &mut Dice, place: &Place<'_>) -> Json {
    let Some(service) = dice.pick(&place.world.services).cloned() else { return raise(dice, place) };
    let mut action = object([("type", text("invoke")), ("serviceType", text(&service.name))]);
    if dice.once_in(4) {
        let key = place.world.dialect.word(dice, "local", "isLocal");
        action.put(key, Json::Raw("true"));
    }
    let inputs = service.inputs.iter().map(|(name, ty)| binding(dice, &place.names, name, *ty));
    action.put_list("input", inputs.collect());
    let ints: Vec<&Name> =
        place.names.iter().filter(|name| name.1 == Ty::Int && !name.0.starts_with('$')).collect();
    if let Some((name, _)) = dice.pick(&ints)
        && dice.once_in(2)
    {
        let output = if dice.once_in(3) { object([("reference", text(name))]) } else { text(name) };
        action.put("output", Json::List(vec![output]));
    }
    if dice.once_in(3) {
        let variables: Vec<Name> =
            place.names.iter().filter(|name| !name.0.starts_with('$')).cloned().collect();
        let event = event(dice, place, &variables);
        action.put("done", Json::List(vec![event]));
    }
    if dice.once_in(5) {
        action.put("properties", object([("retries", Json::Raw("2")), ("hint", text("x"))]));
    }
    action
}

fn matching(dice: &mut Dice, place: &Place<'_>, depth: usize) -> Json {
    let ty = *dice
        .pick(&[Ty::Int, Ty::Int, Ty::Text, Ty::Text, Ty::Bool, Ty::Float, Ty::Ints, Ty::Any])
        .unwrap_or(&Ty::Int);
    let value = if dice.once_in(6) { literal(dice, ty) } else { expression(dice, &place.names, ty) };
    let constant = !dice.once_in(3);
    let mut cases = Vec::new();
    for _ in 0..dice.below(4) {
        let case = if constant { literal(dice, ty) } else { expression(dice, &place.names, ty) };
        let mut made = object([("case", written(dice, case))]);
        inside(dice, place, depth, &mut made);
        cases.push(made);
    }
    let key = if dice.once_in(3) { "case" } else { "cases" };
    let mut action =
        object([("type", text("match")), ("value", written(dice, value)), (key, Json::List(cases))]);
    match dice.below(5) {
        0 => action.put("default", self::action(dice, place, depth)),
        1 => {
            let list = actions_within(dice, place, depth);
            action.put("default", Json::List(list));
        }
        2 => {
            let mut default = object([]);
            inside(dice, place, depth, &mut default);
            action.put("default", default);
        }
        _ => {}
    }
    action
}

/// `action` or `actions` of a case.
fn inside(dice: &mut Dice, place: &Place<'_>, depth: usize, of: &mut Json) {
    if dice.once_in(2) {
        of.put("action", action(dice, place, depth));
    } else {
        let list = actions_within(dice, place, depth);
        of.put("actions", Json::List(list));
    }
}

fn actions_within(dice: &mut Dice, place: &Place<'_>, depth: usize) -> Vec<Json> {
    (0..dice.below(3)).map(|_| action(dice, place, depth)).collect()
}

/// A variable that is made, used and deleted.
fn made_and_deleted(dice: &mut Dice, place: &Place<'_>, list: &mut Vec<Json>) {
    let ty = *dice.pick(&[Ty::Int, Ty::Text, Ty::Ints]).unwrap_or(&Ty::Int);
    let name = match ty {
        Ty::Int => "made",
        Ty::Text => "made text",
        _ => "made_list",
    };
    let mut create = object([("type", text("create"))]);
    create.put("variable", binding(dice, &place.names, name, ty));
    if dice.once_in(4) {
        let key = place.world.dialect.word(dice, "persistent", "isPersistent");
        create.put(key, Json::Raw("true"));
    }
    list.push(create);
    let mut inner = place.clone();
    if !name.contains(' ') {
        inner.names.push((name.to_owned(), ty));
    }
    for _ in 0..dice.below(3) {
        list.push(action(dice, &inner, 1));
    }
    list.push(object([("type", text("delete")), ("variable", text(name))]));
}
