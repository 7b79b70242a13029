//! Faults of processes and of the network.

use super::World;
use crate::link::agenda::Occurrence;
use crate::link::check::Violation;
use crate::link::plan::Fault;
use crate::link::process::{Process, receiver_name};

impl World<'_> {
    pub(super) fn start(&mut self, index: usize) {
        let run = self.incarnation_of(index) + 1;
        if let Some(last) = self.incarnations.get_mut(index) {
            *last = run;
        }
        // No two incarnations have the same epoch, and epochs do not show their order.
        let epoch = self.net.dice().any() / 16 * 16 + index as u64;
        let process = Process::new(self.plan, index, epoch);
        for receiver in &process.receivers {
            self.ledger.begins(*receiver, run);
        }
        if let (Some(place), Some(events)) = (self.processes.get_mut(index), self.events.get_mut(index)) {
            *place = Some(process);
            *events = 0;
        }
        self.say(format_args!("process {index} starts incarnation {run}, epoch {epoch:x}"));
        let (connect, raise) = (self.net.dice().below(30), self.net.dice().below(30));
        self.at(self.now + connect, Occurrence::Connect(index));
        self.at(self.now + raise, Occurrence::Raise { process: index, epoch });
    }

    pub(super) fn connect(&mut self, index: usize) -> Result<(), Violation> {
        let now = self.now;
        let open = self.net.is_open(index);
        let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
        if !open || process.connected {
            return Ok(());
        }
        process.connected = true;
        process.link.connected(now);
        self.say(format_args!("process {index} is connected"));
        let kept = self.net.kept.get_mut(index).map(std::mem::take).unwrap_or_default();
        for message in kept {
            self.send_on(index, &message);
        }
        self.pump(index)
    }

    pub(super) fn disconnect(&mut self, index: usize) {
        let now = self.now;
        if let Some(Some(process)) = self.processes.get_mut(index)
            && std::mem::take(&mut process.connected)
        {
            process.link.disconnected(now);
            self.say(format_args!("process {index} is disconnected"));
        }
    }

    pub(super) fn begin(&mut self, fault: Fault) {
        match fault {
            Fault::Partition { process, for_ms, noticed_ms } => {
                if let Some(cut) = self.net.cut.get_mut(process) {
                    *cut += 1;
                }
                self.at(self.now + noticed_ms, Occurrence::Notice(process));
                self.at(self.now + for_ms, Occurrence::End(fault));
            }
            Fault::Broker { for_ms } => {
                self.net.generation += 1;
                self.net.down += 1;
                self.net.kept.iter_mut().for_each(Vec::clear);
                self.report.brokers += 1;
                (0..self.plan.processes).for_each(|process| self.disconnect(process));
                self.at(self.now + for_ms, Occurrence::End(fault));
            }
            Fault::Restart { process, for_ms } => {
                self.count(process);
                if let (Some(place), Some(dead)) =
                    (self.processes.get_mut(process), self.dead.get_mut(process))
                {
                    *place = None;
                    *dead += 1;
                }
                self.report.restarts += 1;
                self.at(self.now + for_ms, Occurrence::End(fault));
            }
            Fault::End { receiver } => {
                let now = self.now;
                let Some(home) = self.plan.receivers.get(receiver).copied() else { return };
                let Some(Some(process)) = self.processes.get_mut(home) else { return };
                let run = self.incarnations.get(home).copied().unwrap_or(0);
                let epoch = process.epoch;
                process.wake_at = Some(now);
                let id = process.link.add_receiver(receiver_name(receiver));
                process.link.end_receiver(now, id);
                process.queue.retain(|delivery| delivery.receiver != id);
                self.ledger.ends(receiver, run);
                self.at(now, Occurrence::Wake { process: home, epoch });
            }
        }
    }

    pub(super) fn over(&mut self, fault: Fault) -> Result<(), Violation> {
        match fault {
            Fault::Partition { process, .. } => {
                self.disconnect(process);
                if let Some(cut) = self.net.cut.get_mut(process) {
                    *cut -= 1;
                }
                self.connect(process)?;
            }
            Fault::Broker { .. } => {
                self.net.down -= 1;
                for process in 0..self.plan.processes {
                    let wait = self.net.dice().below(100);
                    self.at(self.now + wait, Occurrence::Connect(process));
                }
            }
            Fault::Restart { process, .. } => {
                let Some(dead) = self.dead.get_mut(process) else { return Ok(()) };
                *dead -= 1;
                if *dead == 0 {
                    self.start(process);
                }
            }
            Fault::End { .. } => {}
        }
        Ok(())
    }
}
