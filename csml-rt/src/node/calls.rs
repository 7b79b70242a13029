//! Invocations that have been asked for and not completed yet.

use super::{Address, TraceContext};

const NIL: u32 = u32::MAX;

/// Names one invocation. Never names another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId {
    index: u32,
    generation: u32,
}

/// Head of an instance's list of invocations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calls(u32);

impl Calls {
    pub(super) const NONE: Self = Self(NIL);

    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.0 == NIL
    }
}

/// Where an invocation stands.
enum Stage<C, R> {
    /// Asked for by a committed step, not handed to the service yet.
    Requested(C),
    /// The service works on it.
    Running,
    /// Completed; its step waits in the event queue.
    Completed(R),
    /// Not in use.
    Free,
}

struct PendingCall<C, R> {
    at: Address,
    invoke: u16,
    while_active: bool,
    /// Its instance has ended after asking for it: it is still made, and its answer is dropped.
    detached: bool,
    generation: u32,
    next: u32,
    prev: u32,
    /// Of the step that has asked for it.
    context: TraceContext,
    stage: Stage<C, R>,
}

/// The table of invocations; those of one instance are linked to a list.
pub(super) struct CallTable<C, R> {
    entries: Vec<PendingCall<C, R>>,
    free: u32,
}

impl<C, R> CallTable<C, R> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), free: NIL }
    }

    /// Adds an invocation at the front of its instance's list.
    pub(super) fn request(
        &mut self,
        list: &mut Calls,
        at: Address,
        invoke: u16,
        while_active: bool,
        context: TraceContext,
        call: C,
    ) -> Option<CallId> {
        let mut entry = PendingCall {
            at,
            invoke,
            while_active,
            detached: false,
            generation: 0,
            next: list.0,
            prev: NIL,
            context,
            stage: Stage::Requested(call),
        };
        let index = if let Some(unused) = self.entries.get_mut(self.free as usize) {
            let index = self.free;
            self.free = unused.next;
            entry.generation = unused.generation;
            *unused = entry;
            index
        } else {
            let index = u32::try_from(self.entries.len()).ok().filter(|&i| i != NIL)?;
            self.entries.push(entry);
            index
        };
        if let Some(first) = self.entries.get_mut(list.0 as usize) {
            first.prev = index;
        }
        list.0 = index;
        let generation = self.entries.get(index as usize)?.generation;
        Some(CallId { index, generation })
    }

    fn get(&self, id: CallId) -> Option<&PendingCall<C, R>> {
        self.entries.get(id.index as usize).filter(|entry| entry.generation == id.generation)
    }

    fn get_mut(&mut self, id: CallId) -> Option<&mut PendingCall<C, R>> {
        self.entries.get_mut(id.index as usize).filter(|entry| entry.generation == id.generation)
    }

    /// Whose invocation it is, which `invoke` action, and whether its instance has ended since.
    pub(super) fn owner(&self, id: CallId) -> Option<(Address, u16, bool)> {
        let entry = self.get(id)?;
        Some((entry.at, entry.invoke, entry.detached))
    }

    /// The trace context of the step that has asked for it.
    pub(super) fn context(&self, id: CallId) -> TraceContext {
        self.get(id).map_or(TraceContext::NONE, |entry| entry.context.clone())
    }

    /// The call to hand to the service.
    pub(super) fn start(&mut self, id: CallId) -> Option<C> {
        let entry = self.get_mut(id)?;
        match std::mem::replace(&mut entry.stage, Stage::Running) {
            Stage::Requested(call) => Some(call),
            other => {
                entry.stage = other;
                None
            }
        }
    }

    /// The reply of a completed invocation.
    pub(super) fn reply(&self, id: CallId) -> Option<&R> {
        match &self.get(id)?.stage {
            Stage::Completed(reply) => Some(reply),
            _ => None,
        }
    }

    /// Keeps the reply until its step is taken. `false` if the instance does not wait for it.
    pub(super) fn complete(&mut self, id: CallId, reply: R) -> bool {
        match self.get_mut(id) {
            Some(entry) if matches!(entry.stage, Stage::Running) && !entry.detached => {
                entry.stage = Stage::Completed(reply);
                true
            }
            _ => false,
        }
    }

    /// The instance's invocations that `chosen` accepts: (machine, `while`, already handed over).
    pub(super) fn select(
        &self,
        list: Calls,
        mut chosen: impl FnMut(u16, bool, bool) -> bool,
        into: &mut Vec<CallId>,
    ) {
        let mut index = list.0;
        while let Some(entry) = self.entries.get(index as usize) {
            let started = !matches!(entry.stage, Stage::Requested(_));
            if chosen(entry.at.machine, entry.while_active, started) {
                into.push(CallId { index, generation: entry.generation });
            }
            index = entry.next;
        }
    }

    /// Takes an invocation out of its instance's list, to be made all the same.
    pub(super) fn detach(&mut self, list: &mut Calls, id: CallId) {
        self.unlink(list, id);
        if let Some(entry) = self.get_mut(id) {
            entry.detached = true;
        }
    }

    /// Forgets an invocation; the reply, if it had come.
    pub(super) fn remove(&mut self, list: &mut Calls, id: CallId) -> Option<R> {
        if !self.get(id)?.detached {
            self.unlink(list, id);
        }
        let free = self.free;
        let entry = self.get_mut(id)?;
        let stage = std::mem::replace(&mut entry.stage, Stage::Free);
        entry.context = TraceContext::NONE;
        entry.generation = entry.generation.wrapping_add(1);
        entry.next = free;
        self.free = id.index;
        match stage {
            Stage::Completed(reply) => Some(reply),
            _ => None,
        }
    }

    fn unlink(&mut self, list: &mut Calls, id: CallId) {
        let Some(entry) = self.get(id) else { return };
        let (next, prev) = (entry.next, entry.prev);
        if prev == NIL {
            list.0 = next;
        }
        if let Some(before) = self.entries.get_mut(prev as usize) {
            before.next = next;
        }
        if let Some(after) = self.entries.get_mut(next as usize) {
            after.prev = prev;
        }
    }
}
