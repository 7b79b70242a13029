//! What goes out: the sources here and the receivers outside.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::alarms::Alarms;
use super::source::{Common, Load, Source};
use super::{Ack, Data, Lane, LinkCounters, LinkOptions, SourceId, SourceName, Sync, Transmit, Weight};

/// Receivers that one message says something about.
const ANSWERS: usize = 256;

/// The sources here and the receivers outside.
#[derive(Debug)]
pub(super) struct Outgoing<B> {
    epoch: u64,
    connected: bool,
    connection: u64,
    sources: Vec<Source<B>>,
    ids: HashMap<SourceName, u32>,
    receivers: HashMap<Arc<str>, u32>,
    /// For each receiver outside: sources, and its position among their contacts.
    contacts: Vec<HashMap<u32, u32>>,
    load: Load,
    /// Sources that may have something to send.
    ready: VecDeque<u32>,
    /// Sources that have something to say.
    speaking: VecDeque<u32>,
    /// Source and contact.
    alarms: Alarms<(u32, u32)>,
}

/// `Common` of an `Outgoing`, without borrowing the rest of it.
macro_rules! common {
    ($self:ident, $now:expr, $options:expr, $counters:expr) => {
        &mut Common {
            now: $now,
            epoch: $self.epoch,
            connection: $self.connection,
            options: $options,
            load: &mut $self.load,
            counters: $counters,
        }
    };
}

impl<B: Clone + Weight> Outgoing<B> {
    pub(super) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            connected: false,
            connection: 0,
            sources: Vec::new(),
            ids: HashMap::new(),
            receivers: HashMap::new(),
            contacts: Vec::new(),
            load: Load::default(),
            ready: VecDeque::new(),
            speaking: VecDeque::new(),
            alarms: Alarms::new(),
        }
    }

    pub(super) fn add_source(&mut self, name: SourceName) -> SourceId {
        if let Some(id) = self.ids.get(&name) {
            return SourceId(*id);
        }
        let id = self.sources.len() as u32;
        self.ids.insert(name.clone(), id);
        self.sources.push(Source::new(name));
        SourceId(id)
    }

    pub(super) fn is_here(&self, name: &SourceName) -> bool {
        self.ids.contains_key(name)
    }

    pub(super) fn add_route(&mut self, source: SourceId, lane: Lane, receiver: Arc<str>, pause: u64) {
        let Some(from) = self.sources.get_mut(source.index()) else {
            return;
        };
        let known = self.contacts.len() as u32;
        let receiver_id = *self.receivers.entry(receiver.clone()).or_insert(known);
        if receiver_id == known {
            self.contacts.push(HashMap::new());
        }
        let Some(contacts) = self.contacts.get_mut(receiver_id as usize) else {
            return;
        };
        let contact = *contacts.entry(source.0).or_insert_with(|| from.add_contact(receiver, pause));
        from.add_route(lane, contact);
    }

    pub(super) fn room(&self, options: &LinkOptions) -> bool {
        self.load.events < options.capacity && self.load.bytes < options.capacity_bytes
    }

    pub(super) fn kept(&self) -> usize {
        self.load.events
    }

    pub(super) fn is_idle(&self) -> bool {
        self.load.events == 0 && self.speaking.is_empty()
    }

    pub(super) fn send(
        &mut self,
        now: u64,
        source: SourceId,
        lane: Lane,
        body: B,
        options: &LinkOptions,
        counters: &mut LinkCounters,
    ) {
        let Some(from) = self.sources.get_mut(source.index()) else {
            return;
        };
        if from.send(common!(self, now, options, counters), lane, body) {
            self.make_ready(source.0);
        }
    }

    fn make_ready(&mut self, source: u32) {
        if let Some(from) = self.sources.get_mut(source as usize)
            && !from.ready
        {
            from.ready = true;
            self.ready.push_back(source);
        }
    }

    fn make_speak(&mut self, source: u32) {
        if let Some(from) = self.sources.get_mut(source as usize)
            && !from.speaks
            && (from.announce || !from.answers.is_empty())
        {
            from.speaks = true;
            self.speaking.push_back(source);
        }
    }

    pub(super) fn connected(&mut self, now: u64, options: &LinkOptions) {
        self.connected = true;
        self.connection += 1;
        for index in 0..self.sources.len() as u32 {
            let Some(source) = self.sources.get_mut(index as usize) else {
                continue;
            };
            source.announce = !source.contacts.is_empty();
            self.make_speak(index);
            for contact in 0..self.sources.get(index as usize).map_or(0, |source| source.contacts.len()) {
                self.recover(now, index, contact as u32, options);
            }
            self.make_ready(index);
        }
    }

    pub(super) fn disconnected(&mut self) {
        self.connected = false;
    }

    /// A contact that is there again is sent again at once what it has not acknowledged.
    fn recover(&mut self, now: u64, source: u32, contact: u32, options: &LinkOptions) {
        let Some(from) = self.sources.get_mut(source as usize) else {
            return;
        };
        if !from.is_waiting(contact) {
            return;
        }
        if let Some(contact) = from.contacts.get_mut(contact as usize) {
            contact.reset_pause(options.resend_min_ms);
        }
        from.recover(now, contact, options.window);
        self.set_alarm(source, contact);
        self.make_ready(source);
    }

    /// Sees to it that a contact is looked after when it is due.
    fn set_alarm(&mut self, source: u32, contact: u32) {
        let from = self.sources.get_mut(source as usize);
        let Some(to) = from.and_then(|from| from.contacts.get_mut(contact as usize)) else {
            return;
        };
        if let Some(due) = to.new_alarm() {
            self.alarms.set(due, (source, contact));
        }
    }

    pub(super) fn ack(
        &mut self,
        now: u64,
        receiver: &str,
        ack: Ack,
        options: &LinkOptions,
        counters: &mut LinkCounters,
    ) {
        let Some(receiver) = self.receivers.get(receiver).copied() else {
            counters.ignored += 1;
            return;
        };
        if ack.sources.is_empty() && ack.ended {
            self.farewell(now, receiver, ack.epoch, options, counters);
        } else if ack.sources.is_empty() {
            self.hello(now, receiver, ack.epoch, options);
        }
        for (name, epoch, number) in ack.sources {
            // A receiver may well listen to sources that are elsewhere.
            let Some(source) = self.ids.get(&name).copied() else {
                continue;
            };
            let Some(from) = self.sources.get_mut(source as usize) else {
                continue;
            };
            if epoch != self.epoch {
                // It knows an earlier run only.
                counters.ignored += 1;
                self.announce(now, source, options);
                continue;
            }
            let contacts = self.contacts.get(receiver as usize);
            let Some(contact) = contacts.and_then(|contacts| contacts.get(&source)).copied() else {
                counters.ignored += 1;
                continue;
            };
            match number {
                None => from.asked(contact, ack.epoch, options.resend_min_ms),
                Some(number) => {
                    let common = common!(self, now, options, counters);
                    from.acknowledged(common, contact, ack.epoch, number, ack.ended);
                    self.set_alarm(source, contact);
                    self.make_ready(source);
                }
            }
            self.make_speak(source);
        }
    }

    /// A receiver and the sources here that send to it, with its place there.
    fn contacts_of(&self, receiver: u32) -> Vec<(u32, u32)> {
        let contacts = self.contacts.get(receiver as usize).into_iter().flatten();
        let mut contacts: Vec<_> = contacts.map(|(source, contact)| (*source, *contact)).collect();
        contacts.sort_unstable();
        contacts
    }

    /// A receiver says that it has ended, whether it has ever asked for anything or not.
    fn farewell(
        &mut self,
        now: u64,
        receiver: u32,
        epoch: u64,
        options: &LinkOptions,
        counters: &mut LinkCounters,
    ) {
        for (source, contact) in self.contacts_of(receiver) {
            let common = common!(self, now, options, counters);
            if let Some(from) = self.sources.get_mut(source as usize) {
                from.farewell(common, contact, epoch);
            }
            self.make_ready(source);
            self.make_speak(source);
        }
    }

    /// A receiver has connected.
    fn hello(&mut self, now: u64, receiver: u32, epoch: u64, options: &LinkOptions) {
        for (source, contact) in self.contacts_of(receiver) {
            self.announce(now, source, options);
            let from = self.sources.get_mut(source as usize);
            let slow = from.and_then(|from| from.contacts.get_mut(contact as usize));
            let slow = slow.map(|contact| {
                contact.is_there(epoch);
                &*contact
            });
            if slow.is_some_and(|contact| contact.is_slow(options.resend_min_ms)) {
                self.recover(now, source, contact, options);
            }
        }
    }

    /// A source announces itself, but not all the time.
    fn announce(&mut self, now: u64, source: u32, options: &LinkOptions) {
        let Some(from) = self.sources.get_mut(source as usize) else {
            return;
        };
        if from.announced_at.is_none_or(|at| now >= at.saturating_add(options.resend_min_ms)) {
            from.announce = true;
            self.make_speak(source);
        }
    }

    pub(super) fn tick(&mut self, now: u64, options: &LinkOptions, counters: &mut LinkCounters) {
        while let Some((at, (source, contact))) = self.connected.then(|| self.alarms.due(now)).flatten() {
            let Some(from) = self.sources.get_mut(source as usize) else {
                continue;
            };
            let Some(to) = from.contacts.get_mut(contact as usize) else {
                continue;
            };
            if to.alarm != Some(at) {
                continue;
            }
            to.alarm = None;
            if to.due.is_some_and(|due| due <= now) && to.has_left(now, options.resend_max_ms) {
                from.end(common!(self, now, options, counters), contact);
            } else if to.due.is_some_and(|due| due <= now) {
                to.back_off(options.resend_max_ms);
                from.recover(now, contact, options.window);
                self.make_ready(source);
            }
            self.set_alarm(source, contact);
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.alarms.next().filter(|_| self.connected)
    }

    /// What a source says about its receivers.
    pub(super) fn say(&mut self, now: u64) -> Option<Transmit<B>> {
        let index = self.speaking.pop_front()?;
        let source = self.sources.get_mut(index as usize)?;
        let (epoch, name) = (self.epoch, source.name.clone());
        source.speaks = false;
        source.announce = false;
        source.announced_at = Some(now);
        let count = source.answers.len().min(ANSWERS);
        let mut receivers = Vec::with_capacity(count);
        for contact in source.answers.drain(..count) {
            if let Some(to) = source.contacts.get_mut(contact as usize)
                && let Some(epoch) = to.answer.take()
            {
                receivers.push((to.name.clone(), epoch, to.answer_to(epoch)));
            }
        }
        self.make_speak(index);
        Some(Transmit::Sync { source: name, sync: Sync { epoch, receivers } })
    }

    /// The next event to send.
    pub(super) fn event(
        &mut self,
        now: u64,
        options: &LinkOptions,
        counters: &mut LinkCounters,
    ) -> Option<Transmit<B>> {
        while let Some(index) = self.ready.pop_front() {
            let Some(source) = self.sources.get_mut(index as usize) else {
                continue;
            };
            let common = common!(self, now, options, counters);
            let alarms = &mut self.alarms;
            let (data, resent): (Option<Data<B>>, bool) = match source.resend(common) {
                Some(data) => (Some(data), true),
                None => (source.first_send(common, |contact, due| alarms.set(due, (index, contact))), false),
            };
            if let Some(data) = data {
                // Sources take turns.
                self.ready.push_back(index);
                return Some(Transmit::Data { data, resent });
            }
            source.ready = false;
        }
        None
    }

    pub(super) fn backlog(&self) -> Vec<(SourceName, Arc<str>, u64)> {
        let mut all: Vec<_> = Vec::new();
        for source in &self.sources {
            let waiting = source.backlog().filter(|(_, waiting)| *waiting > 0);
            all.extend(waiting.map(|(to, waiting)| (source.name.clone(), to.name.clone(), waiting)));
        }
        all.sort_by(|(a_source, a, left), (b_source, b, right)| {
            right.cmp(left).then_with(|| (a_source, a).cmp(&(b_source, b)))
        });
        all
    }
}
