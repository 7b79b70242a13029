//! Random descriptions as trees. Names come from small pools and are mostly ones that can be seen, so that most
//! references hit, and types fit. Both dialects, mixed or not.

use super::{
    actions::{Place, action, actions, event},
    dice::Dice,
    expression::{Name, TYPES, Ty, expression, guard, literal},
    inherit,
    json::{Json, object, text},
};

const MACHINES: &[&str] = &["main", "worker", "lamp", "type", "matched", "Self", "a b"];
const STATES: &[&str] =
    &["idle", "busy", "on", "off", "self", "a b", "x-y", "x_y", "État", "🚀", "fn", "enter", "Machine"];
const EVENTS: &[&str] = &["press", "release", "tick", "self", "go on", "done", "Event"];
const SERVICES: &[&str] = &["measure", "send", "type"];
const TIMERS: &[&str] = &["timer", "other timer", "loop"];
const ACTIONS: &[&str] = &["act", "tell", "count up"];
const GUARDS: &[&str] = &["allowed", "is ready"];

/// Which spelling of a keyword is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    New,
    Old,
    Mixed,
}

impl Dialect {
    /// One of the two spellings.
    pub(crate) fn word(self, dice: &mut Dice, new: &'static str, old: &'static str) -> &'static str {
        let is_new = match self {
            Self::New => true,
            Self::Old => false,
            Self::Mixed => dice.once_in(2),
        };
        if is_new { new } else { old }
    }
}

/// An event of the application.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) name: String,
    /// Its data, with `$`.
    pub(crate) data: Vec<Name>,
}

/// A service type of the application.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) inputs: Vec<Name>,
}

/// What the whole description has in common.
pub(crate) struct World {
    pub(crate) dialect: Dialect,
    pub(crate) events: Vec<Event>,
    pub(crate) services: Vec<Service>,
}

/// What can be seen from a machine.
#[derive(Clone, Default)]
pub(crate) struct Around {
    pub(crate) names: Vec<Name>,
    pub(crate) actions: Vec<String>,
    pub(crate) guards: Vec<String>,
    depth: usize,
}

/// A machine, and what can be seen in it.
pub(crate) struct Made {
    pub(crate) tree: Json,
    pub(crate) name: String,
    pub(crate) states: Vec<&'static str>,
    pub(crate) around: Around,
}

/// A description.
pub(crate) fn description(dice: &mut Dice) -> Json {
    let dialect = *dice.pick(&[Dialect::New, Dialect::Old, Dialect::Mixed]).unwrap_or(&Dialect::New);
    let events = dice.some(EVENTS, 2);
    let events = events.into_iter().map(|name| {
        let data = if dice.once_in(2) { variables(dice, 2) } else { Vec::new() };
        let data = data.into_iter().map(|(name, ty)| (format!("${name}"), ty)).collect();
        Event { name: name.to_owned(), data }
    });
    let events = events.collect();
    let services = dice.some(SERVICES, 1).into_iter();
    let services =
        services.map(|name| Service { name: name.to_owned(), inputs: variables(dice, 2) }).collect();
    let world = World { dialect, events, services };
    let mut root = object([
        ("name", text(dice.word(&["random", "a b", "type", "Ünïcode", "n 1"]))),
        ("version", text(dialect.word(dice, "2.0", "1.0"))),
    ]);
    let mut around = Around::default();
    let shared = dice.once_in(2);
    if shared {
        data(dice, &world, &mut root, &mut around.names, "localData", "localContext", 3);
    }
    if dice.once_in(2) {
        root.put("memoryMode", text(if shared { "shared" } else { "distributed" }));
    }
    if dice.once_in(3) {
        data(dice, &world, &mut root, &mut around.names, "persistentData", "persistentContext", 2);
    }
    let names = dice.some(MACHINES, 1);
    let mut machines = Vec::new();
    for name in names.iter().take(1 + usize::from(dice.once_in(3))) {
        let mut made = machine(dice, &world, name, &around);
        let derived = if dice.once_in(3) { inherit::derived(dice, &world, &mut made) } else { Vec::new() };
        machines.push(made.tree);
        machines.extend(derived);
    }
    root.put("stateMachines", Json::List(machines));
    root
}

/// Variables, by a name that says their type, so that a name has one type wherever it is visible.
pub(crate) fn variables(dice: &mut Dice, most: usize) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    for _ in 0..dice.below(most + 1) {
        let ty = *dice.pick(&TYPES).unwrap_or(&Ty::Int);
        let names: &[&str] = match ty {
            Ty::Bool => &["ready", "allowed_now"],
            Ty::Int => &["n", "count", "self"],
            Ty::Float => &["f", "ratio"],
            Ty::Text => &["label", "matched"],
            Ty::Ints => &["list", "vec"],
            Ty::Map => &["table"],
            Ty::Any => &["any"],
        };
        let name = dice.word(names).to_owned();
        if found.iter().all(|known| known.0 != name) {
            found.push((name, ty));
        }
    }
    found
}

/// A data construct with variables, which can be seen from then on.
fn data(
    dice: &mut Dice,
    world: &World,
    of: &mut Json,
    names: &mut Vec<Name>,
    new: &'static str,
    old: &'static str,
    most: usize,
) {
    // Names are unique in their component, over all kinds of data.
    let own = match of {
        Json::Object(members) => {
            members.iter().filter(|(key, _)| key.ends_with("Data") || key.ends_with("Context"))
        }
        _ => return,
    };
    let taken = format!("{:?}", own.collect::<Vec<_>>());
    let mut found = variables(dice, most);
    found.retain(|(name, _)| !taken.contains(&format!("{name:?}")));
    // What is declared here has no value yet.
    names.retain(|(name, _)| found.iter().all(|(new, _)| new != name));
    let list = found.iter().map(|(name, ty)| {
        // Persistent data may use root data only; a literal is always right.
        let value = if *ty == Ty::Any && dice.once_in(3) {
            "null".to_owned()
        } else if new == "localData" && !dice.once_in(3) {
            expression(dice, names, *ty)
        } else {
            literal(dice, *ty)
        };
        object([("name", text(name)), ("value", written(dice, value))])
    });
    let list = Json::List(list.collect());
    let list = if dice.once_in(3) { object([("variables", list)]) } else { list };
    of.put(world.dialect.word(dice, new, old), list);
    names.extend(found);
}

/// An expression as a text or an object.
pub(crate) fn written(dice: &mut Dice, expression: String) -> Json {
    if dice.once_in(6) { object([("expression", text(expression))]) } else { text(expression) }
}

fn machine(dice: &mut Dice, world: &World, name: &str, outer: &Around) -> Made {
    let mut around = outer.clone();
    let mut machine = object([("name", text(name))]);
    if !dice.once_in(4) {
        data(dice, world, &mut machine, &mut around.names, "localData", "localContext", 4);
    }
    if dice.once_in(5) {
        data(dice, world, &mut machine, &mut around.names, "persistentData", "persistentContext", 1);
    }
    if dice.once_in(2) {
        let mut list = Vec::new();
        for name in dice.some(GUARDS, 1) {
            let expression = guard(dice, &around.names);
            list.push(object([("name", text(name)), ("expression", text(expression))]));
            around.guards.push(name.to_owned());
        }
        machine.put_list("guards", list);
    }
    if dice.once_in(2) {
        let mut list = Vec::new();
        for name in dice.some(ACTIONS, 1) {
            let place = Place {
                world,
                names: around.names.clone(),
                actions: around.actions.clone(),
                timers: Vec::new(),
            };
            let mut action = action(dice, &place, 2);
            if let Json::Object(members) = &mut action {
                members.insert(0, ("name".to_owned(), text(name)));
            } else {
                action = object([("name", text(name)), ("reference", action)]);
            }
            list.push(action);
            around.actions.push(name.to_owned());
        }
        machine.put_list("actions", list);
    }
    let names: Vec<&'static str> = dice.some(STATES, 4).into_iter().take(2 + dice.below(3)).collect();
    let mut states: Vec<Json> = Vec::new();
    for index in 0..names.len() {
        states.push(state(dice, world, &names, index, &around));
    }
    around.depth += 1;
    let mut nested = Vec::new();
    if around.depth < 3 && dice.once_in(4) {
        for name in dice.some(MACHINES, 1).into_iter().take(1 + usize::from(dice.once_in(4))) {
            nested.push(self::machine(dice, world, name, &around).tree);
        }
    }
    if world.dialect == Dialect::Old {
        states.append(&mut nested);
    }
    machine.put("states", Json::List(states));
    if !nested.is_empty() || dice.once_in(3) {
        machine.put("stateMachines", Json::List(nested));
    }
    around.depth = outer.depth;
    Made { tree: machine, name: name.to_owned(), states: names, around }
}

fn state(dice: &mut Dice, world: &World, all: &[&str], index: usize, around: &Around) -> Json {
    let mut names = around.names.clone();
    let mut state = object([("name", text(all.get(index).copied().unwrap_or_default()))]);
    if index == 0 {
        state.put("initial", Json::Raw("true"));
    }
    let terminal = index > 0 && dice.once_in(5);
    if terminal {
        state.put("terminal", Json::Raw("true"));
    }
    if dice.once_in(3) {
        data(dice, world, &mut state, &mut names, "localData", "localContext", 2);
    }
    if dice.once_in(6) {
        data(dice, world, &mut state, &mut names, "staticData", "staticContext", 1);
    }
    let mut place = Place { world, names, actions: around.actions.clone(), timers: Vec::new() };
    for list in ["entry", "exit", "while"] {
        if dice.once_in(3) {
            let actions = actions(dice, &place, 2);
            state.put_list(list, actions);
        }
    }
    if terminal {
        return state;
    }
    if dice.once_in(3) {
        let mut timers = Vec::new();
        for name in dice.some(TIMERS, 1).into_iter().take(2) {
            timers.push(timer(dice, &place, name));
            place.timers.push(name.to_owned());
        }
        state.put_list("after", timers);
    }
    let mut on = Vec::new();
    // The next state can always be reached.
    let events = dice.some(&world.events, 1);
    for (number, event) in events.iter().take(1 + dice.below(3)).enumerate() {
        let must = if number == 0 { all.get(index + 1).copied() } else { None };
        transitions(dice, &place, around, event, all, must, &mut on);
    }
    state.put_list("on", on);
    if dice.once_in(5) && index + 1 < all.len() {
        let mut transition = object([]);
        let guards = guards(dice, &place.names, around);
        transition.put_list("guards", guards);
        // Forwards only, so that it comes to an end.
        let target = all.get(index + 1 + dice.below(all.len() - index - 1)).copied().unwrap_or_default();
        transition.put("target", text(target));
        if dice.once_in(2) {
            let actions = actions(dice, &place, 2);
            transition.put_list("actions", actions);
        }
        state.put("always", Json::List(vec![transition]));
    }
    state
}

fn timer(dice: &mut Dice, place: &Place<'_>, name: &str) -> Json {
    let mut timer = object([("name", text(name))]);
    if dice.once_in(2) {
        timer.put("type", text("timeout"));
    }
    let delay = dice.word(&["10", "500", "250 * 2", "1.5"]).to_owned();
    timer.put("delay", written(dice, delay));
    let event = event(dice, place, &[]);
    let raise =
        object([("type", text(place.world.dialect.word(dice, "raiseEvent", "raise"))), ("event", event)]);
    if dice.once_in(2) {
        timer.put("action", raise);
    } else {
        timer.put("actions", Json::List(vec![raise]));
    }
    timer
}

/// One transition for an event, or two that exclude each other, or any two.
pub(crate) fn transitions(
    dice: &mut Dice,
    place: &Place<'_>,
    around: &Around,
    event: &Event,
    all: &[&str],
    must: Option<&str>,
    on: &mut Vec<Json>,
) {
    let mut place = place.clone();
    place.names.extend(event.data.iter().cloned());
    let shape = dice.below(20);
    // With another one beside it, one of them would always go the way of `else`.
    let alone = shape >= 7;
    let mut one = |dice: &mut Dice, guards: Vec<Json>, must: Option<&str>| {
        let mut transition = object([("event", text(&event.name))]);
        if dice.once_in(3) {
            transition.put("channel", text(dice.word(&["peripheral", "internal", "external", "global"])));
        }
        let may_fall = alone && !guards.is_empty();
        transition.put_list("guards", guards);
        let target = must.or_else(|| if dice.once_in(3) { None } else { dice.pick(all).copied() });
        if let Some(target) = target {
            transition.put("target", text(target));
        }
        if may_fall && dice.once_in(4) {
            let other = dice.pick(all).copied().unwrap_or_default();
            transition.put("else", text(other));
        }
        // Only while the state stays active a timer can be reset.
        let mut place = place.clone();
        if target.is_some() {
            place.timers.clear();
        }
        if !dice.once_in(4) {
            let actions = actions(dice, &place, 3);
            transition.put_list("actions", actions);
        }
        on.push(transition);
    };
    let names = &place.names;
    match shape {
        0..4 => {
            let condition = guard(dice, names);
            one(dice, vec![text(format!("({condition})"))], must);
            one(dice, vec![text(format!("!({condition})"))], None);
        }
        4 | 5 if names.iter().any(|name| name.1 == Ty::Int) => {
            let number =
                names.iter().find(|name| name.1 == Ty::Int).map(|name| name.0.clone()).unwrap_or_default();
            one(dice, vec![text(format!("{number} < 3"))], must);
            one(dice, vec![text(format!("{number} >= 3")), text(format!("{number} != 7"))], None);
        }
        6 => {
            let (first, second) = (guards(dice, names, around), guards(dice, names, around));
            one(dice, first, must);
            one(dice, second, None);
        }
        7..12 => {
            let guards = guards(dice, names, around);
            one(dice, guards, must);
        }
        _ => one(dice, Vec::new(), must),
    }
}

fn guards(dice: &mut Dice, names: &[Name], around: &Around) -> Vec<Json> {
    let mut guards = Vec::new();
    for _ in 0..1 + dice.below(2) {
        let named = dice.pick(&around.guards).cloned();
        guards.push(match named {
            Some(name) if dice.once_in(2) => {
                if dice.once_in(2) {
                    text(name)
                } else {
                    object([("reference", text(name))])
                }
            }
            _ => {
                let expression = guard(dice, names);
                written(dice, expression)
            }
        });
    }
    guards
}
