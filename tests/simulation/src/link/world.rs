//! The execution of a plan.

mod faults;
mod traffic;

use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;

use csml_rt::link::LinkCounters;
use csml_rt::link::internals::{DeliveredEvent, Lane};

use crate::link::agenda::{Entry, Occurrence};
use crate::link::check::{Ledger, Place, Violation};
use crate::link::link_defect::LinkDefect;
use crate::link::net::Net;
use crate::link::plan::{Plan, TROUBLE_MS};
use crate::link::process::{Number, Process, process_of};

/// When the network must be idle at the latest, in milliseconds.
const QUIET_DEADLINE_MS: u64 = 180_000;

/// Gets every occurrence, with its time in milliseconds.
pub type Log<'a> = &'a mut dyn FnMut(u64, &dyn fmt::Display);

/// What happened in a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Events raised.
    pub raised: u64,
    /// Events consumed by receivers.
    pub consumed: u64,
    /// Events that were lost with the incarnation of their source.
    pub gaps: u64,
    /// Restarts of processes.
    pub restarts: u64,
    /// Restarts of the broker.
    pub brokers: u64,
    /// When the network was idle, in milliseconds.
    pub quiet_ms: u64,
    /// Sum of the counters of all links.
    pub counters: LinkCounters,
}

/// The sum of many; for the time when it was idle, the maximum.
impl std::ops::AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.raised += other.raised;
        self.consumed += other.consumed;
        self.gaps += other.gaps;
        self.restarts += other.restarts;
        self.brokers += other.brokers;
        self.quiet_ms = self.quiet_ms.max(other.quiet_ms);
        self.counters += other.counters;
    }
}

pub(crate) struct World<'a> {
    plan: &'a Plan,
    defect: LinkDefect,
    log: Option<Log<'a>>,
    now: u64,
    order: u64,
    agenda: BinaryHeap<Entry>,
    /// Occurrences that are not wake-ups of links.
    pending: usize,
    net: Net,
    processes: Vec<Option<Process>>,
    /// For each process, the number of faults because of which it is down.
    dead: Vec<u32>,
    incarnations: Vec<u64>,
    raised: Vec<usize>,
    /// For each process, the events of its current incarnation.
    events: Vec<usize>,
    ledger: Ledger,
    report: Report,
    /// For defects: by receiver and source, the last consumed event.
    last: BTreeMap<(usize, usize), Place>,
}

impl<'a> World<'a> {
    pub(crate) fn new(plan: &'a Plan, seed: u64, defect: LinkDefect, log: Option<Log<'a>>) -> Self {
        Self {
            plan,
            defect,
            log,
            now: 0,
            order: 0,
            agenda: BinaryHeap::new(),
            pending: 0,
            net: Net::new(plan, seed),
            processes: (0..plan.processes).map(|_| None).collect(),
            dead: vec![0; plan.processes],
            incarnations: vec![0; plan.processes],
            raised: vec![0; plan.processes],
            events: vec![0; plan.processes],
            ledger: Ledger::default(),
            report: Report::default(),
            last: BTreeMap::new(),
        }
    }

    pub(crate) fn run(mut self) -> Result<Report, Violation> {
        for process in 0..self.plan.processes {
            self.start(process);
        }
        for (at, fault) in &self.plan.faults {
            self.at(*at, Occurrence::Begin(*fault));
        }
        self.at(TROUBLE_MS, Occurrence::Calm);
        while let Some(Entry { time, occurrence, .. }) = self.agenda.pop() {
            self.now = time;
            self.pending -= usize::from(!matches!(occurrence, Occurrence::Wake { .. }));
            self.happen(occurrence)?;
            if self.pending == 0 && self.processes.iter().flatten().all(|process| process.link.is_idle()) {
                self.ledger.complete(&self.incarnations, &self.receiver_incarnations())?;
                return self.end();
            }
            if self.now > QUIET_DEADLINE_MS {
                break;
            }
        }
        let busy = self.processes.iter().enumerate();
        let busy =
            busy.filter(|(_, process)| process.as_ref().is_some_and(|process| !process.link.is_idle()));
        Err(Violation::NotQuiet { processes: busy.map(|(index, _)| index).collect() })
    }

    fn end(mut self) -> Result<Report, Violation> {
        for process in 0..self.plan.processes {
            self.count(process);
        }
        let counters = &self.report.counters;
        let (holes, mut gaps) = (self.ledger.gaps, counters.gaps + counters.dropped);
        if self.defect == LinkDefect::SilentGaps {
            gaps = 0;
        }
        if holes > gaps {
            return Err(Violation::Uncounted { holes, gaps });
        }
        Ok(Report { quiet_ms: self.now, gaps: holes, ..self.report })
    }

    /// Adds the counters of the link of a process.
    fn count(&mut self, process: usize) {
        let Some(Some(process)) = self.processes.get(process) else { return };
        self.report.counters += process.link.counters();
    }

    fn receiver_incarnations(&self) -> Vec<u64> {
        self.plan.receivers.iter().map(|process| self.incarnation_of(*process)).collect()
    }

    fn incarnation_of(&self, process: usize) -> u64 {
        self.incarnations.get(process).copied().unwrap_or(0)
    }

    fn say(&mut self, what: fmt::Arguments<'_>) {
        if let Some(log) = &mut self.log {
            log(self.now, &what);
        }
    }

    fn at(&mut self, time: u64, occurrence: Occurrence) {
        self.pending += usize::from(!matches!(occurrence, Occurrence::Wake { .. }));
        self.order += 1;
        self.agenda.push(Entry { time, order: self.order, occurrence });
    }

    fn is(&self, process: usize, epoch: u64) -> bool {
        matches!(self.processes.get(process), Some(Some(process)) if process.epoch == epoch)
    }

    fn happen(&mut self, occurrence: Occurrence) -> Result<(), Violation> {
        match occurrence {
            Occurrence::Arrive { to, generation, message } => {
                if generation == self.net.generation {
                    if self.log.is_some() {
                        self.say(format_args!("to {to}: {message:?}"));
                    }
                    self.arrive(to, message);
                    self.pump(to)?;
                }
            }
            Occurrence::Wake { process, epoch } => {
                let now = self.now;
                if let Some(Some(at)) = self.processes.get_mut(process)
                    && at.epoch == epoch
                    && at.wake_at.is_some_and(|wake_at| wake_at <= now)
                {
                    at.wake_at = None;
                    at.link.tick(now);
                    self.pump(process)?;
                }
            }
            Occurrence::Raise { process, epoch } => {
                if self.is(process, epoch) {
                    self.raise(process, epoch);
                    self.pump(process)?;
                }
            }
            Occurrence::Consume { process, epoch } => {
                if let Some(Some(at)) = self.processes.get_mut(process)
                    && at.epoch == epoch
                    && let Some(token) = at.busy.take()
                {
                    // Its receiver may have ended meanwhile.
                    if at.queue.front().is_some_and(|first| first.token == token)
                        && let Some(first) = at.queue.pop_front()
                    {
                        self.commit(process, &first)?;
                    }
                    self.pump(process)?;
                }
            }
            Occurrence::Begin(fault) => {
                self.say(format_args!("{fault:?}"));
                self.begin(fault);
            }
            Occurrence::Notice(process) => self.disconnect(process),
            Occurrence::End(fault) => self.over(fault)?,
            Occurrence::Connect(process) => self.connect(process)?,
            Occurrence::Calm => self.net.calm = true,
        }
        Ok(())
    }

    fn raise(&mut self, index: usize, epoch: u64) {
        let now = self.now;
        let most = self.plan.events.get(index).map_or(0, |events| *events as usize);
        let lanes = self.plan.routes.get(index).map_or(0, Vec::len);
        let run = self.incarnation_of(index);
        let lane = self.net.dice().below(lanes as u64) as usize;
        let Some(Some(process)) = self.processes.get_mut(index) else { return };
        let (Some(raised), Some(event)) = (self.raised.get_mut(index), self.events.get_mut(index)) else {
            return;
        };
        if *raised >= most {
            return;
        }
        let pace = self.plan.pace_ms.get(index).copied().unwrap_or(1);
        if !process.link.has_room() && self.defect != LinkDefect::NoBounds {
            self.at(now + pace.max(20), Occurrence::Raise { process: index, epoch });
            return;
        }
        process.link.send(now, process.source, Lane(lane as u32), Number { incarnation: run, event: *event });
        self.ledger.raised(self.plan, index, run, lane, *event);
        self.report.raised += 1;
        *raised += 1;
        *event += 1;
        self.at(now + pace, Occurrence::Raise { process: index, epoch });
    }

    /// Takes the events that the link delivers, and handles as many as are due.
    fn consume(&mut self, index: usize) -> Result<(), Violation> {
        let work = self.plan.work_ms.get(index).copied().unwrap_or(0);
        loop {
            let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
            while let Some(delivery) = process.link.deliver() {
                if self.defect == LinkDefect::Twice && delivery.body.event % 7 == 3 {
                    process.queue.push_back(delivery.clone());
                }
                process.queue.push_back(delivery);
                let last = process.queue.len() - 1;
                if self.defect == LinkDefect::Swapped && last > 0 {
                    process.queue.swap(last, last - 1);
                }
            }
            if process.busy.is_some() {
                return Ok(());
            }
            let Some(delivery) = process.queue.front().cloned() else { return Ok(()) };
            let epoch = process.epoch;
            if work > 0 {
                process.busy = Some(delivery.token);
                self.at(self.now + work, Occurrence::Consume { process: index, epoch });
                return Ok(());
            }
            process.queue.pop_front();
            self.commit(index, &delivery)?;
        }
    }

    fn commit(&mut self, index: usize, delivery: &DeliveredEvent<Number>) -> Result<(), Violation> {
        let now = self.now;
        let receiver_incarnation = self.incarnation_of(index);
        let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
        process.link.consumed(now, delivery.token);
        let (Some(receiver), Some(source)) =
            (process.receiver(delivery.receiver), process_of(&delivery.source))
        else {
            return Ok(());
        };
        let Number { incarnation: source_incarnation, event } = delivery.body;
        self.report.consumed += 1;
        self.say(format_args!(
            "r{receiver}#{receiver_incarnation} consumed s{source}#{source_incarnation} {event}"
        ));
        let place = Place { source, source_incarnation, receiver, receiver_incarnation, event };
        let over = self.incarnation_of(source) != source_incarnation || self.dead.get(source) != Some(&0);
        for place in self.defect.consumed(place, &mut self.last, self.plan.receivers.len()) {
            self.ledger.consumed(place, over)?;
        }
        Ok(())
    }

    fn bounds(&self, index: usize) -> Result<(), Violation> {
        let Some(Some(process)) = self.processes.get(index) else { return Ok(()) };
        let options = &self.plan.options;
        let hold_back = options.hold_back;
        let most =
            |what, is, most| if is > most { Err(Violation::Bounds { what, is, most }) } else { Ok(()) };
        most("kept", process.link.unacknowledged(), options.capacity)?;
        most("held back", process.link.held_back(), hold_back * 4 * self.plan.processes)?;
        // Events of an incarnation of a source, and those of an earlier one that were held back.
        let streams = process.receivers.len() * self.plan.processes;
        most("unconsumed", process.queue.len(), 2 * hold_back * streams * 4)
    }
}
