//! Carries out a plan.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;

use csml_rt::link::{Delivery, Lane, LinkCounters, Transmit};

use crate::check::{Books, Place, Violation};
use crate::net::{Message, Net};
use crate::plan::{Fault, Plan, TROUBLE_MS};
use crate::process::{Number, Process, number_of, process_of, receiver_name};
use crate::sabotage::Sabotage;

/// When everything must be quiet at the latest, in milliseconds.
const PATIENCE_MS: u64 = 180_000;

/// Gets every happening, with its time in milliseconds.
pub type Log<'a> = &'a mut dyn FnMut(u64, &dyn fmt::Display);

/// What happened in a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Events raised.
    pub raised: u64,
    /// Events consumed by receivers.
    pub consumed: u64,
    /// Holes left by runs of sources that were over.
    pub gaps: u64,
    /// Restarts of processes.
    pub restarts: u64,
    /// Restarts of the broker.
    pub brokers: u64,
    /// When it was quiet, in milliseconds.
    pub quiet_ms: u64,
    /// Sum of the counters of all links.
    pub counters: LinkCounters,
}

enum Happening {
    Arrive { to: usize, generation: u64, message: Message },
    Wake { process: usize, epoch: u64 },
    Raise { process: usize, epoch: u64 },
    Consume { process: usize, epoch: u64 },
    Begin(Fault),
    Notice(usize),
    End(Fault),
    Connect(usize),
    Calm,
}

/// A happening and its time. The earliest is the greatest.
struct Entry {
    time: u64,
    order: u64,
    happening: Happening,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.time, other.order).cmp(&(self.time, self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

pub(crate) struct World<'a> {
    plan: &'a Plan,
    sabotage: Sabotage,
    log: Option<Log<'a>>,
    now: u64,
    order: u64,
    agenda: BinaryHeap<Entry>,
    /// Happenings that are not alarms of links.
    pending: usize,
    net: Net,
    processes: Vec<Option<Process>>,
    /// For each process, reasons why it is not there.
    dead: Vec<u32>,
    runs: Vec<u64>,
    raised: Vec<usize>,
    /// For each process, events of its present run.
    events: Vec<usize>,
    books: Books,
    report: Report,
    /// For sabotage: by receiver and source, what was consumed last.
    last: BTreeMap<(usize, usize), Place>,
}

impl<'a> World<'a> {
    pub(crate) fn new(plan: &'a Plan, seed: u64, sabotage: Sabotage, log: Option<Log<'a>>) -> Self {
        Self {
            plan,
            sabotage,
            log,
            now: 0,
            order: 0,
            agenda: BinaryHeap::new(),
            pending: 0,
            net: Net::new(plan, seed),
            processes: (0..plan.processes).map(|_| None).collect(),
            dead: vec![0; plan.processes],
            runs: vec![0; plan.processes],
            raised: vec![0; plan.processes],
            events: vec![0; plan.processes],
            books: Books::default(),
            report: Report::default(),
            last: BTreeMap::new(),
        }
    }

    pub(crate) fn run(mut self) -> Result<Report, Violation> {
        for process in 0..self.plan.processes {
            self.start(process);
        }
        for (at, fault) in &self.plan.faults {
            self.at(*at, Happening::Begin(*fault));
        }
        self.at(TROUBLE_MS, Happening::Calm);
        while let Some(Entry { time, happening, .. }) = self.agenda.pop() {
            self.now = time;
            self.pending -= usize::from(!matches!(happening, Happening::Wake { .. }));
            self.happen(happening)?;
            if self.pending == 0 && self.processes.iter().flatten().all(|process| process.link.idle()) {
                self.books.complete(&self.runs, &self.receiver_runs())?;
                return self.end();
            }
            if self.now > PATIENCE_MS {
                break;
            }
        }
        let busy = self.processes.iter().enumerate();
        let busy = busy.filter(|(_, process)| process.as_ref().is_some_and(|process| !process.link.idle()));
        Err(Violation::NotQuiet { processes: busy.map(|(index, _)| index).collect() })
    }

    fn end(mut self) -> Result<Report, Violation> {
        for process in 0..self.plan.processes {
            self.count(process);
        }
        let (holes, mut gaps) = (self.books.gaps, self.report.counters.gaps);
        if self.sabotage == Sabotage::SilentGaps {
            gaps = 0;
        }
        if holes > gaps {
            return Err(Violation::Uncounted { holes, gaps });
        }
        Ok(Report { quiet_ms: self.now, gaps: holes, ..self.report })
    }

    /// Adds up what the link of a process has counted.
    fn count(&mut self, process: usize) {
        let Some(Some(process)) = self.processes.get(process) else { return };
        self.report.counters += process.link.counters();
    }

    fn receiver_runs(&self) -> Vec<u64> {
        self.plan.receivers.iter().map(|process| self.run_of(*process)).collect()
    }

    fn run_of(&self, process: usize) -> u64 {
        self.runs.get(process).copied().unwrap_or(0)
    }

    fn say(&mut self, what: fmt::Arguments<'_>) {
        if let Some(log) = &mut self.log {
            log(self.now, &what);
        }
    }

    fn at(&mut self, time: u64, happening: Happening) {
        self.pending += usize::from(!matches!(happening, Happening::Wake { .. }));
        self.order += 1;
        self.agenda.push(Entry { time, order: self.order, happening });
    }

    fn is(&self, process: usize, epoch: u64) -> bool {
        matches!(self.processes.get(process), Some(Some(process)) if process.epoch == epoch)
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Arrive { to, generation, message } => {
                if generation == self.net.generation {
                    if self.log.is_some() {
                        self.say(format_args!("to {to}: {message:?}"));
                    }
                    self.arrive(to, message);
                    self.pump(to)?;
                }
            }
            Happening::Wake { process, epoch } => {
                let now = self.now;
                if let Some(Some(at)) = self.processes.get_mut(process)
                    && at.epoch == epoch
                    && at.alarm.is_some_and(|alarm| alarm <= now)
                {
                    at.alarm = None;
                    at.link.tick(now);
                    self.pump(process)?;
                }
            }
            Happening::Raise { process, epoch } => {
                if self.is(process, epoch) {
                    self.raise(process, epoch);
                    self.pump(process)?;
                }
            }
            Happening::Consume { process, epoch } => {
                if let Some(Some(at)) = self.processes.get_mut(process)
                    && at.epoch == epoch
                    && let Some(token) = at.busy.take()
                {
                    // Its receiver may have ended meanwhile.
                    if at.line.front().is_some_and(|first| first.token == token)
                        && let Some(first) = at.line.pop_front()
                    {
                        self.commit(process, &first)?;
                    }
                    self.pump(process)?;
                }
            }
            Happening::Begin(fault) => {
                self.say(format_args!("{fault:?}"));
                self.begin(fault);
            }
            Happening::Notice(process) => self.disconnect(process),
            Happening::End(fault) => self.over(fault)?,
            Happening::Connect(process) => self.connect(process)?,
            Happening::Calm => self.net.calm = true,
        }
        Ok(())
    }

    fn start(&mut self, index: usize) {
        let run = self.run_of(index) + 1;
        if let Some(last) = self.runs.get_mut(index) {
            *last = run;
        }
        // No two runs have the same number, and the numbers say nothing about the order.
        let epoch = self.net.dice().any() / 16 * 16 + index as u64;
        let process = Process::new(self.plan, index, epoch);
        for receiver in &process.receivers {
            self.books.begins(*receiver, run);
        }
        if let (Some(place), Some(events)) = (self.processes.get_mut(index), self.events.get_mut(index)) {
            *place = Some(process);
            *events = 0;
        }
        self.say(format_args!("process {index} starts run {run}, epoch {epoch:x}"));
        let (connect, raise) = (self.net.dice().below(30), self.net.dice().below(30));
        self.at(self.now + connect, Happening::Connect(index));
        self.at(self.now + raise, Happening::Raise { process: index, epoch });
    }

    fn connect(&mut self, index: usize) -> Result<(), Violation> {
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

    fn disconnect(&mut self, index: usize) {
        let now = self.now;
        if let Some(Some(process)) = self.processes.get_mut(index)
            && std::mem::take(&mut process.connected)
        {
            process.link.disconnected(now);
            self.say(format_args!("process {index} is disconnected"));
        }
    }

    fn begin(&mut self, fault: Fault) {
        match fault {
            Fault::Partition { process, for_ms, noticed_ms } => {
                if let Some(cut) = self.net.cut.get_mut(process) {
                    *cut += 1;
                }
                self.at(self.now + noticed_ms, Happening::Notice(process));
                self.at(self.now + for_ms, Happening::End(fault));
            }
            Fault::Broker { for_ms } => {
                self.net.generation += 1;
                self.net.down += 1;
                self.net.kept.iter_mut().for_each(Vec::clear);
                self.report.brokers += 1;
                (0..self.plan.processes).for_each(|process| self.disconnect(process));
                self.at(self.now + for_ms, Happening::End(fault));
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
                self.at(self.now + for_ms, Happening::End(fault));
            }
            Fault::End { receiver } => {
                let now = self.now;
                let Some(home) = self.plan.receivers.get(receiver).copied() else { return };
                let Some(Some(process)) = self.processes.get_mut(home) else { return };
                let run = self.runs.get(home).copied().unwrap_or(0);
                let epoch = process.epoch;
                process.alarm = Some(now);
                let id = process.link.add_receiver(receiver_name(receiver));
                process.link.end_receiver(now, id);
                process.line.retain(|delivery| delivery.receiver != id);
                self.books.ends(receiver, run);
                self.at(now, Happening::Wake { process: home, epoch });
            }
        }
    }

    fn over(&mut self, fault: Fault) -> Result<(), Violation> {
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
                    self.at(self.now + wait, Happening::Connect(process));
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

    fn raise(&mut self, index: usize, epoch: u64) {
        let now = self.now;
        let most = self.plan.events.get(index).map_or(0, |events| *events as usize);
        let lanes = self.plan.routes.get(index).map_or(0, Vec::len);
        let run = self.run_of(index);
        let lane = self.net.dice().below(lanes as u64) as usize;
        let Some(Some(process)) = self.processes.get_mut(index) else { return };
        let (Some(raised), Some(event)) = (self.raised.get_mut(index), self.events.get_mut(index)) else {
            return;
        };
        if *raised >= most {
            return;
        }
        let pace = self.plan.pace_ms.get(index).copied().unwrap_or(1);
        if !process.link.room() && self.sabotage != Sabotage::NoBounds {
            self.at(now + pace.max(20), Happening::Raise { process: index, epoch });
            return;
        }
        process.link.send(now, process.source, Lane(lane as u32), Number { run, event: *event });
        self.books.raised(self.plan, index, run, lane, *event);
        self.report.raised += 1;
        *raised += 1;
        *event += 1;
        self.at(now + pace, Happening::Raise { process: index, epoch });
    }

    fn arrive(&mut self, to: usize, message: Message) {
        let now = self.now;
        let run = self.run_of(to);
        let there = matches!(self.processes.get(to), Some(Some(process)) if process.connected);
        if !there || self.net.cut.get(to) != Some(&0) {
            if self.plan.persistent
                && matches!(message, Transmit::Data { .. })
                && let Some(kept) = self.net.kept.get_mut(to)
            {
                kept.push(message);
            }
            return;
        }
        let Some(Some(process)) = self.processes.get_mut(to) else { return };
        match message {
            Transmit::Data { data, .. } => process.link.data(now, data),
            Transmit::Sync { source, sync } => process.link.sync(now, &source, sync),
            Transmit::Ack { receiver, ack } => {
                if self.sabotage == Sabotage::NoAcks {
                    return;
                }
                let from = number_of(&receiver).unwrap_or(0);
                let from_run = self.plan.receivers.get(from).and_then(|process| self.runs.get(*process));
                let home = self.plan.receivers.get(from).and_then(|process| self.processes.get(*process));
                let present = matches!(home, Some(Some(process)) if process.epoch == ack.epoch);
                for (source, epoch, number) in &ack.sources {
                    let mine = self.processes.get(to).and_then(Option::as_ref);
                    if process_of(source) == Some(to) && mine.is_some_and(|mine| mine.epoch == *epoch) {
                        let from_run = from_run.copied().filter(|_| present).unwrap_or(0);
                        self.books.acked(from, from_run, (to, run), *number);
                    }
                }
                if let Some(Some(process)) = self.processes.get_mut(to) {
                    process.link.ack(now, &receiver, ack);
                }
            }
        }
    }

    /// Lets a process send, deliver, and say when it wants to be woken.
    fn pump(&mut self, index: usize) -> Result<(), Violation> {
        let now = self.now;
        self.consume(index)?;
        for turn in 0..=self.plan.transport {
            let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
            if turn == self.plan.transport {
                // The transport is full for a moment.
                let epoch = process.epoch;
                process.alarm = Some(now + 1);
                self.at(now + 1, Happening::Wake { process: index, epoch });
                break;
            }
            let Some(message) = process.link.transmit(now) else { break };
            self.send(index, message);
        }
        self.bounds(index)?;
        let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
        if let Some(deadline) = process.link.deadline()
            && process.alarm.is_none_or(|alarm| alarm > deadline.max(now + 1))
        {
            let (deadline, epoch) = (deadline.max(now + 1), process.epoch);
            process.alarm = Some(deadline);
            self.at(deadline, Happening::Wake { process: index, epoch });
        }
        Ok(())
    }

    fn send(&mut self, from: usize, mut message: Message) {
        if let Transmit::Data { data, .. } = &message {
            let run = self.run_of(from);
            self.books.numbered(from, run, data.body.event, data.seq);
        }
        if let Transmit::Ack { ack, .. } = &mut message
            && self.sabotage == Sabotage::FalseAcks
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

    fn send_on(&mut self, to: usize, message: &Message) {
        for way in self.net.ways(self.plan) {
            let (generation, message) = (self.net.generation, message.clone());
            self.at(self.now + way, Happening::Arrive { to, generation, message });
        }
    }

    /// Takes what the link hands over, and handles as much as can be handled now.
    fn consume(&mut self, index: usize) -> Result<(), Violation> {
        let work = self.plan.work_ms.get(index).copied().unwrap_or(0);
        loop {
            let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
            while let Some(delivery) = process.link.deliver() {
                if self.sabotage == Sabotage::Twice && delivery.body.event % 7 == 3 {
                    process.line.push_back(delivery.clone());
                }
                process.line.push_back(delivery);
                let last = process.line.len() - 1;
                if self.sabotage == Sabotage::Swapped && last > 0 {
                    process.line.swap(last, last - 1);
                }
            }
            if process.busy.is_some() {
                return Ok(());
            }
            let Some(delivery) = process.line.front().cloned() else { return Ok(()) };
            let epoch = process.epoch;
            if work > 0 {
                process.busy = Some(delivery.token);
                self.at(self.now + work, Happening::Consume { process: index, epoch });
                return Ok(());
            }
            process.line.pop_front();
            self.commit(index, &delivery)?;
        }
    }

    fn commit(&mut self, index: usize, delivery: &Delivery<Number>) -> Result<(), Violation> {
        let now = self.now;
        let receiver_run = self.run_of(index);
        let Some(Some(process)) = self.processes.get_mut(index) else { return Ok(()) };
        process.link.consumed(now, delivery.token);
        let (Some(receiver), Some(source)) =
            (process.receiver(delivery.receiver), process_of(&delivery.source))
        else {
            return Ok(());
        };
        let Number { run: source_run, event } = delivery.body;
        self.report.consumed += 1;
        self.say(format_args!("r{receiver} run {receiver_run} consumed s{source} run {source_run} {event}"));
        let place = Place { source, source_run, receiver, receiver_run, event };
        let over = self.run_of(source) != source_run || self.dead.get(source) != Some(&0);
        for place in self.sabotage.consumed(place, &mut self.last, self.plan.receivers.len()) {
            self.books.consumed(place, over)?;
        }
        Ok(())
    }

    fn bounds(&self, index: usize) -> Result<(), Violation> {
        let Some(Some(process)) = self.processes.get(index) else { return Ok(()) };
        let options = &self.plan.options;
        let hold_back = options.hold_back;
        let most =
            |what, is, most| if is > most { Err(Violation::Bounds { what, is, most }) } else { Ok(()) };
        most("kept", process.link.kept(), options.capacity)?;
        most("held back", process.link.held_back(), hold_back * 4 * self.plan.processes)?;
        // From a run of a source and, when it is over, what was held back of it.
        let streams = process.receivers.len() * self.plan.processes;
        most("unconsumed", process.line.len(), 2 * hold_back * streams * 4)
    }
}
