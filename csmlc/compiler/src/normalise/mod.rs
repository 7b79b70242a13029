//! Pass `normalise`: description as written → canonical tree.
//!
//! Requires what `syntax` makes. Establishes a tree without named actions and guards: each use is the action or
//! guard itself. Reports unknown names and cycles, timeouts out of place, and expansions beyond measure.

mod copy;
mod definitions;
mod match_nesting;
mod normalisation_rules;
mod timers;
mod used;

use self::{
    copy::{bindings, event, size, text_size, variables},
    definitions::{Definitions, FoundDefinition, Named, Problem, Reference},
    timers::NamedTimers,
};
use crate::sorted::SortedSet;
use crate::{
    canonical::{Action, ActionKind, After, Description, Event, Invoke, Machine, On, State, Transition},
    diagnostics::{Diagnostic, Diagnostics, Rule, suggest::suggest},
    source::Span,
    syntax::{private_events::PrivateEvents, tree as written},
    text::{Text, shown},
    vocabulary::{Channel, Gaps},
};
pub(crate) use normalisation_rules::RULES;

/// Most actions in the canonical tree.
const MAX_ACTIONS: usize = 100_000;
/// Most bytes of text copied by uses of named actions and guards.
const MAX_COPIED: usize = 64 << 20;
/// Most errors reported by this pass.
const MAX_ERRORS: usize = 500;

/// Makes the canonical tree. `None` if it would be too large.
pub(crate) fn normalise(
    description: written::Description,
    diagnostics: &mut Diagnostics,
) -> Option<Description> {
    let mut pass = Normalise {
        diagnostics,
        reported: SortedSet::new(),
        scopes: Vec::new(),
        circular: SortedSet::new(),
        events: PrivateEvents::of(&description),
        path: Vec::new(),
        actions: 0,
        copied: 0,
    };
    let machines = pass.machines(&description.machines);
    let fits = !pass.is_full();
    let mut gaps = description.gaps;
    if !pass.reported.is_empty() {
        gaps.join(Gaps { timers: true, actions: true, reads: true, ..Gaps::default() });
    }
    fits.then(|| Description {
        gaps,
        own_gaps: description.own_gaps,
        machines,
        data: variables(&description.data),
        name: description.name,
        memory_mode: description.memory_mode,
        span: description.span,
    })
}

/// The named actions and guards of one machine.
struct DefinitionScope<'a> {
    actions: Definitions<'a, written::Action>,
    guards: Definitions<'a, written::Guard>,
    /// Timers of its states.
    timers: NamedTimers<'a>,
    /// Whether there are no others, hidden by an error.
    complete: bool,
}

struct Normalise<'a, 'd> {
    diagnostics: &'d mut Diagnostics,
    /// What has been said need not be said at each use of a named action.
    reported: SortedSet<(Span, &'static str)>,
    /// The machine at work and those around it, outermost first.
    scopes: Vec<DefinitionScope<'a>>,
    /// Named actions in whose cases they stand themselves.
    circular: SortedSet<Span>,
    /// How the events of timers with transitions are called.
    events: PrivateEvents,
    /// The names of the machine at work and of those around it, outermost first.
    path: Vec<&'a str>,
    actions: usize,
    copied: usize,
}

impl<'a> Normalise<'a, '_> {
    fn machines(&mut self, machines: &'a [written::Machine]) -> Vec<Machine> {
        machines.iter().map(|machine| self.machine(machine)).collect()
    }

    fn machine(&mut self, machine: &'a written::Machine) -> Machine {
        let before = self.reported.len();
        self.enter(machine);
        self.path.push(machine.name.as_str());
        let states = machine.states.iter().map(|state| self.state(state)).collect();
        let mut gaps = machine.gaps;
        gaps.timers |= self.reported.len() > before;
        let machines = self.machines(&machine.machines);
        self.scopes.pop();
        self.path.pop();
        Machine {
            name: machine.name.clone(),
            data: variables(&machine.data),
            states,
            machines,
            gaps,
            span: machine.span,
        }
    }

    /// Makes the machine's named actions and guards known.
    fn enter(&mut self, machine: &'a written::Machine) {
        let depth = self.scopes.len();
        let mut problems = Vec::new();
        let actions = definitions::resolve(
            &machine.actions,
            depth,
            |name| find(&self.scopes, name, |scope| &scope.actions),
            |problem| problems.push((&DEFINITION, problem)),
        );
        let guards = definitions::resolve(
            &machine.guards,
            depth,
            |name| find(&self.scopes, name, |scope| &scope.guards),
            |problem| problems.push((&GUARD, problem)),
        );
        let timers = timers::of(&machine.states);
        self.scopes.push(DefinitionScope { actions, guards, timers, complete: machine.definitions_known });
        for (what, problem) in problems {
            self.problem(what, problem);
        }
        self.check_matches(&machine.actions, depth);
        // Timeouts name further actions: they are checked even if they are never used.
        for definition in &machine.actions {
            if let Some(written::Action::Inline(action)) = &definition.item
                && let written::ActionKind::Timeout { actions, .. } = &action.kind
            {
                for action in actions {
                    self.timeout_raise(action, depth);
                }
            }
        }
    }

    fn problem(&mut self, what: &'static What, problem: Problem<'_>) {
        match problem {
            Problem::Unknown { name } => self.unknown(what, name, self.innermost()),
            Problem::Twice { first, again } => self.report(
                Diagnostic::new(
                    &normalisation_rules::DEFINED_TWICE,
                    again.span,
                    format!("this machine has two {}s named {}", what.noun, shown(&again.value)),
                )
                .related(first.span, "first defined here"),
            ),
            Problem::Cycle { name } => self.report(
                Diagnostic::new(
                    &normalisation_rules::DEFINITION_CYCLE,
                    name.span,
                    format!("the {} {} refers to itself", what.noun, shown(&name.value)),
                )
                .help(format!("write out one of the {}s in the cycle", what.noun)),
            ),
        }
    }

    fn state(&mut self, state: &'a written::State) -> State {
        let mut on: Vec<On> = Vec::new();
        for written in &state.on {
            on.push(On {
                event: written.event.clone(),
                peripheral: written.channel == Some(Channel::Peripheral),
                transition: self.transition(&written.transition),
            });
        }
        let mut after = Vec::new();
        for action in &state.after {
            let Some((mut timer, transition)) = self.after(action) else { continue };
            if let Some(transition) = transition {
                let name = timer.name.as_ref().map_or(after.len().to_string(), |name| name.value.clone());
                let event = self.events.name(&self.path, state.name.as_str(), &name);
                let event = Text::plain(event, timer.span.opening());
                timer.raises.push(Event {
                    name: event.clone(),
                    channel: Channel::Internal,
                    data: Vec::new(),
                    span: timer.span,
                });
                on.push(On { event, peripheral: false, transition: self.transition(transition) });
            }
            after.push(timer);
        }
        State {
            name: state.name.clone(),
            initial: written::set(state.initial),
            terminal: written::set(state.terminal),
            data: variables(&state.data),
            entry: self.actions(&state.entry),
            exit: self.actions(&state.exit),
            while_actions: self.actions(&state.while_actions),
            after,
            on,
            always: state.always.iter().map(|transition| self.transition(transition)).collect(),
            span: state.span,
        }
    }

    fn transition(&mut self, transition: &'a written::Transition) -> Transition {
        Transition {
            target: transition.target.clone(),
            else_target: transition.else_target.clone(),
            guards: transition.guards.iter().filter_map(|guard| self.guard(guard)).collect(),
            actions: self.actions(&transition.actions),
            span: transition.span,
        }
    }

    fn guard(&mut self, guard: &'a written::Guard) -> Option<Text> {
        let (found, used_at) = self.resolve(guard, self.innermost(), &GUARD, |scope| &scope.guards)?;
        let (written::Guard::Expression(text) | written::Guard::Plain(text)) = found.item else {
            return None;
        };
        let Some(used_at) = used_at else {
            return (!self.is_full()).then(|| text.clone());
        };
        self.count(0, text_size(text), used_at);
        (!self.is_full()).then(|| {
            let mut copy = text.clone();
            self.mark_texts(text.span, used_at, [&mut copy]);
            copy
        })
    }

    fn actions(&mut self, actions: &'a [written::Action]) -> Vec<Action> {
        self.actions_in(actions, self.innermost(), 0)
    }

    /// Actions that stand in scope `depth` and within so many `match`es.
    fn actions_in(&mut self, actions: &'a [written::Action], depth: usize, nesting: usize) -> Vec<Action> {
        actions.iter().filter_map(|action| self.action(action, depth, nesting)).collect()
    }

    fn action(&mut self, action: &'a written::Action, depth: usize, nesting: usize) -> Option<Action> {
        let (action, used_at, depth) = self.inline(action, depth, &ACTION)?;
        let place = used_at.unwrap_or(action.span);
        let kind = match &action.kind {
            written::ActionKind::Timeout { .. } => {
                self.report(
                    Diagnostic::new(
                        &normalisation_rules::MISPLACED_TIMEOUT,
                        place,
                        "a timeout belongs in the list `after` of a state",
                    )
                    .help("move it there: it starts when the state is entered"),
                );
                return None;
            }
            written::ActionKind::Invoke(invoke) => ActionKind::Invoke(Invoke {
                service: invoke.service.clone(),
                local: invoke.local,
                input: bindings(&invoke.input),
                output: invoke.output.clone(),
                done: invoke.done.iter().map(event).collect(),
                properties: invoke.properties.clone(),
            }),
            written::ActionKind::Create { variable, persistent } => ActionKind::Create {
                name: variable.name.clone(),
                value: variable.value.clone(),
                persistent: *persistent,
            },
            written::ActionKind::Assign { variable, value } => {
                ActionKind::Assign { variable: variable.clone(), value: value.clone() }
            }
            written::ActionKind::Delete { variable } => ActionKind::Delete { variable: variable.clone() },
            written::ActionKind::Raise(raised) => ActionKind::Raise(event(raised)),
            written::ActionKind::TimeoutReset { timer } => ActionKind::TimeoutReset { timer: timer.clone() },
            written::ActionKind::Match(it) => {
                if self.circular.contains(&action.span) || !self.may_nest(nesting, place) {
                    return None;
                }
                ActionKind::Match(self.matching(it, depth, nesting + 1))
            }
        };
        let mut action = Action { kind, span: action.span, used_at };
        self.mark_action(&mut action);
        Some(action)
    }

    /// A timer, and the transition that it takes when due, if it has one.
    fn after(&mut self, action: &'a written::Action) -> Option<(After, Option<&'a written::Transition>)> {
        let (action, used_at, depth) = match self.timer_by_name(action)? {
            Some((timer, used_at, depth)) => (timer, Some(used_at), depth),
            None => self.inline(action, self.innermost(), &TIMER)?,
        };
        let written::ActionKind::Timeout { delay, actions, transition } = &action.kind else {
            self.report(
                Diagnostic::new(
                    &normalisation_rules::MISPLACED_TIMEOUT,
                    used_at.unwrap_or(action.span),
                    "the list `after` takes timeouts only",
                )
                .help("write {\"delay\": \"…\", \"actions\": […]} around it, or use `entry`"),
            );
            return None;
        };
        let raises = actions.iter().filter_map(|action| self.timeout_raise(action, depth)).collect();
        let mut after = After { name: action.name.clone(), delay: delay.clone(), raises, span: action.span };
        if let Some(used_at) = used_at {
            self.mark_texts(action.span, used_at, after.name.iter_mut().chain([&mut after.delay]));
        }
        Some((after, transition.as_deref()))
    }

    /// An action of a timeout that is defined in scope `depth`.
    fn timeout_raise(&mut self, action: &'a written::Action, depth: usize) -> Option<Event> {
        let (action, used_at, _) = self.inline(action, depth, &RAISE)?;
        if let written::ActionKind::Raise(raised) = &action.kind {
            return Some(event(raised));
        }
        self.report(
            Diagnostic::new(
                &normalisation_rules::NOT_A_RAISE,
                used_at.unwrap_or(action.span),
                "a timeout can only raise events",
            )
            .help("raise an event, and do this in the transition that handles it"),
        );
        None
    }

    /// The action itself, where it is referred to, and the scope for names in it.
    fn inline(
        &mut self,
        action: &'a written::Action,
        depth: usize,
        what: &'static What,
    ) -> Option<(&'a written::InlineAction, Option<Span>, usize)> {
        let (found, used_at) = self.resolve(action, depth, what, |scope| &scope.actions)?;
        let written::Action::Inline(inline) = found.item else {
            return None;
        };
        let copied = if used_at.is_some() { size(&inline.kind) } else { 0 };
        let parts = match &inline.kind {
            written::ActionKind::Invoke(invoke) => invoke.done.len(),
            written::ActionKind::Match(it) => it.cases.len(),
            _ => 0,
        };
        self.count(1 + parts, copied, used_at.unwrap_or(inline.span));
        (!self.is_full()).then_some((inline, used_at, found.depth))
    }

    /// What a use in scope `depth` stands for, and where the use is if it is a reference.
    fn resolve<T: Named>(
        &mut self,
        item: &'a T,
        depth: usize,
        what: &'static What,
        names: for<'s> fn(&'s DefinitionScope<'a>) -> &'s Definitions<'a, T>,
    ) -> Option<(FoundDefinition<'a, T>, Option<Span>)> {
        let itself = FoundDefinition { item, depth };
        let Some(Reference { name, optional }) = item.refers_to() else {
            return Some((itself, None));
        };
        let visible = self.scopes.get(..=depth).unwrap_or_default();
        match find(visible, &name.value, names) {
            Some(found) => Some((found?, Some(name.span))),
            None if optional => Some((itself, None)),
            None => {
                self.unknown(what, name, depth);
                None
            }
        }
    }

    fn unknown(&mut self, what: &'static What, name: &Text, depth: usize) {
        let visible = self.scopes.get(..=depth).unwrap_or_default();
        let enough = self.reported.len() >= MAX_ERRORS;
        if enough || visible.iter().any(|scope| !scope.complete) {
            return;
        }
        if what.noun == ACTION.noun && self.is_timer(name, depth) {
            return self.report(
                Diagnostic::new(
                    &normalisation_rules::MISPLACED_TIMEOUT,
                    name.span,
                    format!(
                        "{} is a timer, which belongs in the list `after` of a state",
                        shown(&name.value)
                    ),
                )
                .help("raise the event here, or give the raise in the timer a name of its own"),
            );
        }
        let known = visible.iter().rev().flat_map(|scope| {
            let known = (what.names)(scope).into_iter();
            known.filter(|known| !(what.within)(scope, known, name.span)).collect::<Vec<_>>()
        });
        let near = suggest(&name.value, known);
        let place = near.is_none().then(|| {
            let plural = what.noun;
            format!(
                "a named {plural} is in the list `{plural}s` of the machine or of a machine around it, or has a `name` \
                 where it is used in one of them"
            )
        });
        let rule = what.unknown;
        self.report(
            Diagnostic::new(
                rule,
                name.span,
                format!("there is no {} named {} here", what.noun, shown(&name.value)),
            )
            .did_you_mean(name.span, &name.value, near)
            .maybe_help(place),
        );
    }

    fn innermost(&self) -> usize {
        self.scopes.len().saturating_sub(1)
    }

    fn count(&mut self, actions: usize, copied: usize, place: Span) {
        if self.is_full() {
            return;
        }
        self.actions += actions;
        self.copied += copied;
        if self.is_full() {
            self.report(
                Diagnostic::new(
                    &normalisation_rules::TOO_MANY_ACTIONS,
                    place,
                    "the description has too many actions",
                )
                .note(format!(
                    "at most {MAX_ACTIONS} actions and {} MiB of text copied for uses of named actions",
                    MAX_COPIED >> 20
                )),
            );
        }
    }

    fn is_full(&self) -> bool {
        self.actions > MAX_ACTIONS || self.copied > MAX_COPIED
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.primary.span.plain(), diagnostic.rule.code);
        if self.reported.len() < MAX_ERRORS && self.reported.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Actions or guards, of which some kinds may be used at a place.
struct What {
    noun: &'static str,
    unknown: &'static Rule,
    /// The names that may be meant: of what is in order, and may be used there.
    names: for<'s> fn(&'s DefinitionScope<'_>) -> Vec<&'s str>,
    /// Whether a place is in what has this name: using it there would be a cycle.
    within: fn(&DefinitionScope<'_>, &str, Span) -> bool,
}

/// An action of a step.
static ACTION: What = What {
    noun: "action",
    unknown: &normalisation_rules::UNKNOWN_ACTION,
    names: |scope| actions_of(scope, |kind| !matches!(kind, written::ActionKind::Timeout { .. })),
    within: |scope, name, place| match scope.actions.get(name).copied().flatten().map(|found| found.item) {
        Some(written::Action::Inline(action)) => is_within(place, action.span),
        _ => false,
    },
};

/// An entry of `after`.
static TIMER: What = What {
    names: |scope| {
        let timeouts = actions_of(scope, |kind| matches!(kind, written::ActionKind::Timeout { .. }));
        timeouts.into_iter().chain(timers::usable(&scope.timers)).collect()
    },
    ..ACTION
};

/// An action of a timer.
static RAISE: What =
    What { names: |scope| actions_of(scope, |kind| matches!(kind, written::ActionKind::Raise(_))), ..ACTION };

/// What the definition of an action refers to.
static DEFINITION: What = What { names: |scope| actions_of(scope, |_| true), ..ACTION };

static GUARD: What = What {
    noun: "guard",
    unknown: &normalisation_rules::UNKNOWN_GUARD,
    names: |scope| scope.guards.iter().filter(|(_, found)| found.is_some()).map(|(name, _)| *name).collect(),
    within: |_, _, _| false,
};

fn is_within(place: Span, whole: Span) -> bool {
    place.source == whole.source && whole.start <= place.start && place.end <= whole.end
}

fn actions_of<'s>(scope: &'s DefinitionScope<'_>, fits: fn(&written::ActionKind) -> bool) -> Vec<&'s str> {
    let fits = |found: &Option<FoundDefinition<'_, written::Action>>| match found.map(|found| found.item) {
        Some(written::Action::Inline(action)) => fits(&action.kind),
        _ => false,
    };
    scope.actions.iter().filter(|(_, found)| fits(found)).map(|(name, _)| *name).collect()
}

/// The nearest definition of a name: nothing if there is none, nothing within if it has errors.
fn find<'a, T>(
    scopes: &[DefinitionScope<'a>],
    name: &str,
    names: for<'s> fn(&'s DefinitionScope<'a>) -> &'s Definitions<'a, T>,
) -> Option<Option<FoundDefinition<'a, T>>> {
    scopes.iter().rev().find_map(|scope| names(scope).get(name).copied())
}
