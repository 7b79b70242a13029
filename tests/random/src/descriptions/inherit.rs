//! Machines that extend others.

use super::{
    actions::{Place, action, actions},
    describe::{Made, World, transitions, variables},
    dice::Dice,
    expression::literal,
    json::{Json, object, text},
};

/// A state of a base that may be redefined.
struct Open {
    name: String,
    /// Whether it has to be defined.
    is_abstract: bool,
    terminal: bool,
}

/// Machines that extend `base`, which is changed to allow it.
pub(crate) fn derived(dice: &mut Dice, world: &World, base: &mut Made) -> Vec<Json> {
    let is_abstract = dice.once_in(2);
    let open = open_states(dice, base, is_abstract);
    if is_abstract {
        base.tree.put("abstract", Json::Raw("true"));
    }
    let derived = format!("{} derived", base.name);
    let first = one(dice, world, base, &open, &derived, &base.name);
    let mut machines = vec![first];
    if dice.once_in(3) {
        let extended = if dice.once_in(2) { &base.name } else { &derived };
        machines.push(one(dice, world, base, &open, &format!("{} further", base.name), extended));
    }
    machines
}

fn open_states(dice: &mut Dice, base: &mut Made, in_abstract: bool) -> Vec<Open> {
    let mut open = Vec::new();
    let Some(Json::List(states)) = base.tree.get_mut("states") else { return open };
    // Nested machines may follow the states in the same list.
    let states = states.iter_mut().filter(|state| !state.has("states"));
    for (state, name) in states.zip(&base.states) {
        let is_abstract = in_abstract && dice.once_in(3) && !state.has("initial");
        if is_abstract {
            state.put("abstract", Json::Raw("true"));
        } else if dice.once_in(2) {
            state.put("virtual", Json::Raw("true"));
        } else {
            continue;
        }
        open.push(Open { name: (*name).to_owned(), is_abstract, terminal: state.has("terminal") });
    }
    open
}

fn one(dice: &mut Dice, world: &World, base: &Made, open: &[Open], name: &str, extended: &str) -> Json {
    let mut machine = object([("name", text(name)), ("extends", text(extended))]);
    let mut around = base.around.clone();
    let data = variables(dice, 2);
    let list = data.iter().map(|(name, ty)| {
        let value = literal(dice, *ty);
        object([("name", text(name)), ("value", text(value))])
    });
    let list = list.collect();
    machine.put_list(world.dialect.word(dice, "localData", "localContext"), list);
    around.names.retain(|(name, _)| data.iter().all(|(new, _)| new != name));
    around.names.extend(data);
    let place =
        Place { world, names: around.names.clone(), actions: around.actions.clone(), timers: Vec::new() };
    if let Some(again) = dice.pick(&around.actions).cloned()
        && dice.once_in(2)
    {
        // By nothing that is named: what is redefined may be used by what it would use.
        let alone = Place { actions: Vec::new(), ..place.clone() };
        let mut action = action(dice, &alone, 1);
        if let Json::Object(members) = &mut action {
            members.insert(0, ("name".to_owned(), text(again)));
            machine.put("actions", Json::List(vec![action]));
        }
    }
    let mut states = Vec::new();
    for state in open {
        if !state.is_abstract && dice.once_in(2) {
            continue;
        }
        let mut redefined = object([("name", text(&state.name))]);
        if dice.once_in(2) {
            redefined.put("virtual", Json::Raw("true"));
        }
        if dice.once_in(2) {
            let list = actions(dice, &place, 2);
            redefined.put_list(dice.word(&["entry", "exit", "while"]), list);
        }
        if !state.terminal && dice.once_in(2) {
            let mut on = Vec::new();
            for event in dice.some(&world.events, 0) {
                transitions(dice, &place, &around, &event, &base.states, None, &mut on);
            }
            redefined.put_list("on", on);
        }
        states.push(redefined);
    }
    if !states.is_empty() || dice.once_in(2) {
        machine.put("states", Json::List(states));
    }
    machine
}
