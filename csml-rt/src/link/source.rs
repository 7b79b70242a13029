//! A source here: its events until everyone has them, and what to send next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::contact::{Contact, Heard};
use super::outlet::Outlet;
use super::{Data, Lane, LinkCounters, LinkOptions, Previous, SourceName, Weight};

/// An event that is kept.
#[derive(Debug)]
struct Kept<B> {
    lane: u32,
    previous: Previous,
    body: B,
    /// When it was last sent, and over which connection.
    sent: Option<(u64, u64)>,
}

/// What all sources together keep.
#[derive(Debug, Default)]
pub(super) struct Load {
    pub(super) events: usize,
    pub(super) bytes: usize,
}

/// What the sources of a link have in common.
pub(super) struct Common<'a> {
    pub(super) now: u64,
    pub(super) epoch: u64,
    /// Number of the connection.
    pub(super) connection: u64,
    pub(super) options: &'a LinkOptions,
    pub(super) load: &'a mut Load,
    pub(super) counters: &'a mut LinkCounters,
}

/// A source here.
#[derive(Debug)]
pub(super) struct Source<B> {
    pub(super) name: SourceName,
    /// The last number it has given.
    last: u64,
    outlets: Vec<Outlet>,
    pub(super) contacts: Vec<Contact>,
    previous: Previous,
    kept: BTreeMap<u64, Kept<B>>,
    /// Contacts that are to be sent something again.
    resending: VecDeque<u32>,
    /// Contacts that wait for an answer.
    pub(super) answers: VecDeque<u32>,
    /// It is to announce itself, and when it last did.
    pub(super) announce: bool,
    pub(super) announced_at: Option<u64>,
    /// It stands in the list of sources that have something to say, or to send.
    pub(super) speaks: bool,
    pub(super) ready: bool,
}

impl<B: Clone + Weight> Source<B> {
    pub(super) fn new(name: SourceName) -> Self {
        Self {
            name,
            last: 0,
            outlets: Vec::new(),
            contacts: Vec::new(),
            previous: Vec::new(),
            kept: BTreeMap::new(),
            resending: VecDeque::new(),
            answers: VecDeque::new(),
            announce: false,
            announced_at: None,
            speaks: false,
            ready: false,
        }
    }

    /// Adds a contact without lanes; its position.
    pub(super) fn add_contact(&mut self, name: Arc<str>, pause: u64) -> u32 {
        self.contacts.push(Contact::new(name, self.last, pause));
        self.contacts.len() as u32 - 1
    }

    /// What a contact gets from now on.
    pub(super) fn add_route(&mut self, lane: Lane, contact: u32) {
        let outlet = match self.outlets.binary_search_by_key(&lane, |outlet| outlet.lane) {
            Ok(outlet) => outlet,
            Err(place) => {
                // Routes come before events, so this hardly ever moves anything.
                for entry in self.kept.values_mut() {
                    entry.lane += u32::from(entry.lane as usize >= place);
                }
                for other in &mut self.contacts {
                    for position in &mut other.lanes {
                        *position += u32::from(*position as usize >= place);
                    }
                }
                self.outlets.insert(place, Outlet::new(lane));
                place
            }
        };
        let Some(to) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        if to.lanes.contains(&(outlet as u32)) {
            return;
        }
        to.lanes.push(outlet as u32);
        if let Some(outlet) = self.outlets.get_mut(outlet) {
            outlet.add(contact, self.last, to.ended);
        }
    }

    /// Takes an event. Whether anyone gets it.
    pub(super) fn send(&mut self, common: &mut Common<'_>, lane: Lane, body: B) -> bool {
        let Ok(index) = self.outlets.binary_search_by_key(&lane, |outlet| outlet.lane) else {
            return false;
        };
        let Some(outlet) = self.outlets.get_mut(index) else {
            return false;
        };
        let seq = self.last + 1;
        if !outlet.push(seq) {
            return false;
        }
        self.last = seq;
        common.load.events += 1;
        common.load.bytes += body.weight();
        let kept = Kept { lane: index as u32, previous: self.previous.clone(), body, sent: None };
        self.kept.insert(seq, kept);
        match self.previous.binary_search_by_key(&lane, |(lane, _)| *lane) {
            Ok(place) => {
                if let Some((_, number)) = self.previous.get_mut(place) {
                    *number = seq;
                }
            }
            Err(place) => self.previous.insert(place, (lane, seq)),
        }
        true
    }

    /// A contact asks where its events begin.
    pub(super) fn asked(&mut self, contact: u32, epoch: u64, pause: u64) {
        let Some(from) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        let waits = from.answer.is_some();
        if from.asked(epoch, self.last) == Heard::Rejoined {
            from.rejoin(self.last, pause);
            for lane in &from.lanes {
                if let Some(outlet) = self.outlets.get_mut(*lane as usize) {
                    outlet.open += 1;
                }
            }
        }
        if !waits {
            self.answers.push_back(contact);
        }
    }

    /// A contact has consumed everything up to a number.
    pub(super) fn acknowledged(
        &mut self,
        common: &mut Common<'_>,
        contact: u32,
        epoch: u64,
        number: u64,
        ended: bool,
    ) {
        let Some(from) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        let lanes = from.lanes.iter().filter_map(|lane| self.outlets.get(*lane as usize));
        let limit = lanes.map(|outlet| outlet.sent_to).max().unwrap_or(0).max(from.acked);
        let waits = from.answer.is_some();
        let heard = from.acknowledged(epoch, number, ended, limit);
        if !waits && from.answer.is_some() {
            self.answers.push_back(contact);
        }
        match heard {
            Heard::Nothing | Heard::Rejoined => {}
            Heard::Ignored => common.counters.ignored += 1,
            Heard::Consumed(number) => self.advance(common, contact, number),
            Heard::Ended(number) => {
                let best = number.max(self.contacts.get(contact as usize).map_or(0, |from| from.acked));
                self.advance(common, contact, best);
                self.end(common, contact);
            }
        }
    }

    /// A contact says that it has ended. It is answered, so that it can leave.
    pub(super) fn farewell(&mut self, common: &mut Common<'_>, contact: u32, epoch: u64) {
        let Some(from) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        let waits = from.answer.is_some();
        let left = from.leaves(common.now, epoch);
        if !waits {
            self.answers.push_back(contact);
        }
        if left {
            self.end(common, contact);
        }
    }

    fn advance(&mut self, common: &mut Common<'_>, contact: u32, number: u64) {
        let Some(from) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        let (mut count, mut waiting) = (0, false);
        for lane in &from.lanes {
            let Some(outlet) = self.outlets.get_mut(*lane as usize) else {
                continue;
            };
            count += outlet.acknowledge(from.acked, number);
            waiting |= outlet.sent_to > number;
        }
        from.advance(common.now, number, count, waiting, common.options);
        self.resend_soon(contact);
        self.drop_done(common, contact);
    }

    pub(super) fn end(&mut self, common: &mut Common<'_>, contact: u32) {
        let Some(from) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        for lane in &from.lanes {
            let Some(outlet) = self.outlets.get_mut(*lane as usize) else {
                continue;
            };
            outlet.acknowledge_all(from.acked);
            outlet.open = outlet.open.saturating_sub(1);
        }
        from.end(self.last);
        self.drop_done(common, contact);
    }

    /// Drops what nobody waits for any more on the lanes of a contact.
    fn drop_done(&mut self, common: &mut Common<'_>, contact: u32) {
        let Some(contact) = self.contacts.get(contact as usize) else {
            return;
        };
        for lane in &contact.lanes {
            let Some(outlet) = self.outlets.get_mut(*lane as usize) else {
                continue;
            };
            while let Some(seq) = outlet.pop_done() {
                let Some(kept) = self.kept.remove(&seq) else {
                    continue;
                };
                common.load.events -= 1;
                common.load.bytes -= kept.body.weight();
                common.counters.acked += 1;
            }
        }
    }

    /// Whether a contact has not acknowledged something that was sent.
    pub(super) fn is_waiting(&self, contact: u32) -> bool {
        self.contacts.get(contact as usize).is_some_and(|contact| {
            let mut lanes = contact.lanes.iter().filter_map(|lane| self.outlets.get(*lane as usize));
            !contact.ended && lanes.any(|outlet| outlet.sent_to > contact.acked)
        })
    }

    /// Begins to send a contact again what it has not acknowledged.
    pub(super) fn recover(&mut self, now: u64, contact: u32, window: usize) {
        if let Some(contact) = self.contacts.get_mut(contact as usize) {
            contact.recover(now, window);
        }
        self.resend_soon(contact);
    }

    fn resend_soon(&mut self, contact: u32) {
        let Some(to) = self.contacts.get_mut(contact as usize) else {
            return;
        };
        if to.may_resend() && !to.queued {
            to.queued = true;
            self.resending.push_back(contact);
        }
    }

    /// The next event to send again. What was sent a moment ago, to whomever, is on its way still.
    pub(super) fn resend(&mut self, common: &mut Common<'_>) -> Option<Data<B>> {
        while let Some(contact) = self.resending.front() {
            let to = self.contacts.get_mut(*contact as usize)?;
            let from = to.resent_to.max(to.acked);
            let lanes = to.lanes.iter().filter_map(|lane| self.outlets.get(*lane as usize));
            let next = lanes.filter_map(|outlet| outlet.sent_after(from)).min();
            let Some(seq) = next.filter(|_| to.may_resend()) else {
                to.queued = false;
                self.resending.pop_front();
                continue;
            };
            to.resent(seq);
            let Some(kept) = self.kept.get_mut(&seq) else {
                continue;
            };
            let pause = common.options.resend_min_ms;
            if kept.sent.is_some_and(|(at, over)| over == common.connection && common.now < at + pause) {
                continue;
            }
            kept.sent = Some((common.now, common.connection));
            common.counters.resent += 1;
            // Contacts take turns.
            self.resending.rotate_left(1);
            return self.data(common.epoch, seq);
        }
        None
    }

    /// The next event to send for the first time, and its lane's contacts that are to be watched from now on.
    pub(super) fn first_send(
        &mut self,
        common: &mut Common<'_>,
        mut watch: impl FnMut(u32, u64),
    ) -> Option<Data<B>> {
        let window = common.options.window;
        let lanes = self.outlets.iter_mut();
        let (seq, outlet) =
            lanes.filter_map(|outlet| Some((outlet.fresh(window)?, outlet))).min_by_key(|(seq, _)| *seq)?;
        outlet.sent += 1;
        outlet.sent_to = seq;
        for contact in &outlet.contacts {
            let Some(to) = self.contacts.get_mut(*contact as usize) else {
                continue;
            };
            if let Some(due) = to.arm(common.now) {
                watch(*contact, due);
            }
        }
        self.kept.get_mut(&seq)?.sent = Some((common.now, common.connection));
        common.counters.sent += 1;
        self.data(common.epoch, seq)
    }

    fn data(&self, epoch: u64, seq: u64) -> Option<Data<B>> {
        let kept = self.kept.get(&seq)?;
        let lane = self.outlets.get(kept.lane as usize)?.lane;
        let (source, body) = (self.name.clone(), kept.body.clone());
        Some(Data { source, epoch, seq, previous: kept.previous.clone(), lane, body })
    }

    /// For each contact, how many events wait for it.
    pub(super) fn backlog(&self) -> impl Iterator<Item = (&Contact, u64)> {
        self.contacts.iter().map(|contact| {
            let lanes = contact.lanes.iter().filter_map(|lane| self.outlets.get(*lane as usize));
            let waiting: usize = lanes.map(|outlet| outlet.waiting_after(contact.acked)).sum();
            (contact, if contact.ended { 0 } else { waiting as u64 })
        })
    }
}
