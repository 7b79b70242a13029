//! The states of a machine as a graph: what can be reached, what is only passed through, what lies on cycles.
//! Structure only: a guard may hold or not.

use crate::lists::{Gather, PushAll};
use crate::model::{Application, MachineId, State, StateId, Transition};
use crate::sorted::{SortedMap, SortedSet};
use crate::vocabulary::ChoicePolicy;

/// States that a transition may lead to.
pub(crate) fn targets<E>(transition: &Transition<E>) -> impl Iterator<Item = StateId> + use<E> {
    [transition.target, transition.else_target].into_iter().flatten()
}

/// Whether an `always` transition leads to some state whatever its guards say.
pub(crate) fn always_leads_on<E>(transition: &Transition<E>) -> bool {
    transition.target.is_some() && is_certain(transition)
}

/// Whether a transition is enabled whatever its guards say: towards its target or towards `else`
/// (docs/semantics.md#3-execution).
pub(crate) fn is_certain<E>(transition: &Transition<E>) -> bool {
    transition.guards.is_empty() || transition.else_target.is_some()
}

/// Of the transitions for one trigger those that may be taken: where the first enabled one is, none behind one that is
/// always enabled.
pub(crate) fn takeable<E>(choice: ChoicePolicy, transitions: &[Transition<E>]) -> &[Transition<E>] {
    let certain = transitions.iter().position(is_certain);
    match (choice, certain) {
        (ChoicePolicy::First, Some(last)) => transitions.get(..=last).unwrap_or(transitions),
        _ => transitions,
    }
}

/// Whether a machine may be found in this state between two steps: it is not terminal, and its `always` transitions
/// are not sure to lead on.
pub(crate) fn rests<E>(app: &Application<E>, state: &State<E>) -> bool {
    let leads_on = match app.choice {
        ChoicePolicy::Exclusive => state.always.iter().any(always_leads_on),
        // An internal one before the one that is sure to be enabled may be taken instead.
        ChoicePolicy::First => {
            let all = takeable(app.choice, &state.always);
            all.iter().all(|transition| transition.target.is_some()) && all.last().is_some_and(is_certain)
        }
    };
    !state.terminal && !leads_on
}

/// States that some chain of `on`, `always` and `else` transitions leads to, and the initial one.
pub(crate) fn reachable<E>(app: &Application<E>, machine: MachineId) -> SortedSet<StateId> {
    spread(app.machines[machine].initial, |id| {
        let state = &app.states[id];
        let on = state.on.iter().flat_map(|on| &on.transitions);
        on.chain(&state.always).flat_map(targets).gather()
    })
}

/// States that a machine may really enter: of the reachable ones those that are not only reached by events in a
/// state that it never rests in, or out of a terminal one.
pub(crate) fn entered<E>(app: &Application<E>, machine: MachineId) -> SortedSet<StateId> {
    spread(app.machines[machine].initial, |id| {
        let state = &app.states[id];
        let on = state.on.iter().filter(|_| rests(app, state)).flat_map(|on| &on.transitions);
        let always = state.always.iter().filter(|_| !state.terminal);
        on.chain(always).flat_map(targets).gather()
    })
}

/// Everything that `next` leads to from a state, itself included.
pub(crate) fn spread(from: StateId, next: impl Fn(StateId) -> Vec<StateId>) -> SortedSet<StateId> {
    let mut reached = SortedSet::from([from]);
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        open.push_all(next(state).into_iter().filter(|target| reached.insert(*target)));
    }
    reached
}

/// A graph: every state of it, and what follows each. What follows but is no key does not belong to it.
pub(crate) type Edges = SortedMap<StateId, Vec<StateId>>;

/// The strongly connected components: sets of states of which each leads to each other. In an order in which what
/// follows stands before what it follows from; each in order of the text.
pub(crate) fn components(edges: &Edges) -> Vec<Vec<StateId>> {
    let mut search = TarjanSearch::default();
    for state in edges.keys() {
        if !search.found.contains_key(state) {
            search.from(edges, *state);
        }
    }
    search.done
}

/// Whether a component has a cycle: several states, or one that follows itself.
pub(crate) fn is_cycle(edges: &Edges, component: &[StateId]) -> bool {
    match component {
        [one] => edges.get(one).is_some_and(|next| next.contains(one)),
        _ => true,
    }
}

/// Tarjan's search, with a stack of its own: a chain of states may be long.
#[derive(Default)]
struct TarjanSearch {
    /// Each state that was met: its number, and the lowest one known to be reached from it.
    found: SortedMap<StateId, (usize, usize)>,
    stack: Vec<StateId>,
    open: SortedSet<StateId>,
    done: Vec<Vec<StateId>>,
}

impl TarjanSearch {
    fn from(&mut self, edges: &Edges, start: StateId) {
        let mut path: Vec<(StateId, std::slice::Iter<'_, StateId>)> = Vec::new();
        self.meet(start);
        path.push((start, edges.get(&start).map(Vec::as_slice).unwrap_or_default().iter()));
        while let Some((state, next)) = path.last_mut() {
            let state = *state;
            match next.next() {
                Some(to) if !edges.contains_key(to) => {}
                Some(to) if !self.found.contains_key(to) => {
                    self.meet(*to);
                    path.push((*to, edges.get(to).map(Vec::as_slice).unwrap_or_default().iter()));
                }
                Some(to) => {
                    if self.open.contains(to) {
                        let number = self.found.get(to).map_or(0, |(number, _)| *number);
                        self.lower(state, number);
                    }
                }
                None => {
                    path.pop();
                    let (number, low) = self.found.get(&state).copied().unwrap_or_default();
                    if let Some((before, _)) = path.last() {
                        self.lower(*before, low);
                    }
                    if number == low {
                        self.close(state);
                    }
                }
            }
        }
    }

    fn meet(&mut self, state: StateId) {
        let number = self.found.len();
        self.found.insert(state, (number, number));
        self.stack.push(state);
        self.open.insert(state);
    }

    fn lower(&mut self, state: StateId, number: usize) {
        if let Some((_, low)) = self.found.get_mut(&state) {
            *low = (*low).min(number);
        }
    }

    fn close(&mut self, root: StateId) {
        let mut component = Vec::new();
        while let Some(state) = self.stack.pop() {
            self.open.remove(&state);
            component.push(state);
            if state == root {
                break;
            }
        }
        crate::sorted::sort(&mut component);
        self.done.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::arena::Id;

    fn graph(edges: &[(usize, &[usize])]) -> Edges {
        let id = |index: &usize| StateId::new(*index);
        edges.iter().map(|(from, to)| (id(from), to.iter().map(id).collect())).collect()
    }

    fn cycles(edges: &[(usize, &[usize])]) -> Vec<Vec<usize>> {
        let edges = graph(edges);
        let cycles = components(&edges).into_iter().filter(|component| is_cycle(&edges, component));
        cycles.map(|cycle| cycle.iter().map(|id| id.index()).collect()).collect()
    }

    #[test]
    fn cycles_are_found_once() {
        assert_eq!(cycles(&[(0, &[1]), (1, &[2]), (2, &[])]), Vec::<Vec<usize>>::new());
        assert_eq!(cycles(&[(0, &[0])]), [[0]]);
        assert_eq!(cycles(&[(0, &[1]), (1, &[2]), (2, &[1, 3]), (3, &[3])]), [vec![3], vec![1, 2]]);
        assert_eq!(cycles(&[(0, &[1, 2]), (1, &[0]), (2, &[0])]), [[0, 1, 2]]);
        // What is not in the graph leads nowhere.
        assert_eq!(cycles(&[(0, &[7]), (1, &[0])]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn followers_stand_before_what_they_follow() {
        let edges = graph(&[(0, &[1]), (1, &[]), (2, &[0, 3]), (3, &[2])]);
        let order: Vec<Vec<usize>> =
            components(&edges).iter().map(|part| part.iter().map(|id| id.index()).collect()).collect();
        assert_eq!(order, [vec![1], vec![0], vec![2, 3]]);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let many = 100_000;
        let edges: Edges =
            (0..many).map(|index| (StateId::new(index), vec![StateId::new((index + 1) % many)])).collect();
        assert_eq!(components(&edges).len(), 1);
    }
}
