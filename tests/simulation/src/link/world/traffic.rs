//! Messages between processes.

use csml_rt::link::internals::Transmit;

use super::World;
use crate::link::agenda::Occurrence;
use crate::link::check::Violation;
use crate::link::link_defect::LinkDefect;
use crate::link::net::Message;
use crate::link::process::{number_of, process_of};

impl World<'_> {
    pub(super) fn arrive(&mut self, to: usize, message: Message) {
        let now = self.now;
        let run = self.incarnation_of(to);
        let there = matches!(self.processes.get(to), Some(Some(process)) if process.connected);
        if !there || self.net.cut.get(to) != Some(&0) {
            if self.plan.persistent
                && matches!(message, Transmit::Event { .. })
                && let Some(kept) = self.net.kept.get_mut(to)
            {
                kept.push(message);
            }
            return;
        }
        let Some(Some(process)) = self.processes.get_mut(to) else { return };
        match message {
            Transmit::Event { event, .. } => process.link.receive_event(now, event),
            Transmit::Sync { source, sync } => process.link.receive_sync(now, &source, sync),
            Transmit::Ack { receiver, ack } => {
                if self.defect == LinkDefect::NoAcks {
                    return;
                }
                let from = number_of(&receiver).unwrap_or(0);
                let from_incarnation =
                    self.plan.receivers.get(from).and_then(|process| self.incarnations.get(*process));
                let home = self.plan.receivers.get(from).and_then(|process| self.processes.get(*process));
                let present = matches!(home, Some(Some(process)) if process.epoch == ack.epoch);
                for (source, epoch, number) in &ack.sources {
                    let mine = self.processes.get(to).and_then(Option::as_ref);
                    if process_of(source) == Some(to) && mine.is_some_and(|mine| mine.epoch == *epoch) {
                        let from_incarnation = from_incarnation.copied().filter(|_| present).unwrap_or(0);
                        self.ledger.acked(from, from_incarnation, (to, run), *number);
                    }
                }
                if let Some(Some(process)) = self.processes.get_mut(to) {
                    process.link.receive_ack(now, &receiver, ack);
                }
            }
        }
    }

    /// Sends and delivers what a process can, and plans when it wakes up.
    pub(super) fn pump(&mut self, index: usize) -> Result<(), Violation> {
        let now = self.now;
        self.consume(index)?;
        for turn in 0..=self.plan.transport {
            let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
            if turn == self.plan.transport {
                // The transport has no room at the moment.
                let epoch = process.epoch;
                process.wake_at = Some(now + 1);
                self.at(now + 1, Occurrence::Wake { process: index, epoch });
                break;
            }
            let Some(message) = process.link.transmit(now) else { break };
            self.send(index, message);
        }
        self.bounds(index)?;
        let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
        if let Some(deadline) = process.link.deadline()
            && process.wake_at.is_none_or(|wake_at| wake_at > deadline.max(now + 1))
        {
            let (deadline, epoch) = (deadline.max(now + 1), process.epoch);
            process.wake_at = Some(deadline);
            self.at(deadline, Occurrence::Wake { process: index, epoch });
        }
        Ok(())
    }

    pub(super) fn send(&mut self, from: usize, mut message: Message) {
        if let Transmit::Event { event, .. } = &message {
            let run = self.incarnation_of(from);
            self.ledger.numbered(from, run, event.body.event, event.seq);
        }
        if let Transmit::Ack { ack, .. } = &mut message
            && self.defect == LinkDefect::FalseAcks
        {
            ack.sources.iter_mut().for_each(|(_, _, number)| *number = number.map(|number| number + 1));
        }
        if !self.net.is_open(from) {
            return;
        }
        for to in 0..self.plan.processes {
            if self.plan.everyone || self.plan.concerns(&message, from, to) {
                self.send_on(to, &message);
            }
        }
    }

    pub(super) fn send_on(&mut self, to: usize, message: &Message) {
        for way in self.net.ways(self.plan) {
            let (generation, message) = (self.net.generation, message.clone());
            self.at(self.now + way, Occurrence::Arrive { to, generation, message });
        }
    }
}
