//! `csmlc acl`: who may publish and read which topics of a broker, from what machines raise and handle.
//!
//! Requires a program with its deployment. Establishes the text of a mosquitto ACL file, the same for the same
//! input. Reports what cannot be as an error in words.

mod topic;
mod traffic;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use csml_compiler::{
    canonical::MemoryMode,
    deployment::{Instance, Process},
    ir::Program,
    model::Channel,
    sorted::SortedSet,
    suggest::did_you_mean,
    text::{is_invisible, shown},
};
use csml_rt_core::encode_name as level;
use topic::{ANY, Topics};
use traffic::Traffic;

/// What is known besides the description.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// File name of the description, for the first line.
    pub source: String,
    /// Which users there are.
    pub users: Users,
    /// Names of processes with their instances; instead of those of the project file if there are any.
    pub processes: Vec<(String, Vec<String>)>,
    /// Names of devices with the events they are concerned with.
    pub devices: Vec<(String, Vec<String>)>,
}

/// Which users of the broker there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Users {
    /// One for each process, where processes are named, and one for each instance that is in none.
    #[default]
    Auto,
    /// One for each instance: each runs alone.
    Instances,
    /// One for each process, and every instance is in one.
    Processes,
}

/// Why there is no ACL: what is wrong and what to do, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclError(String);

impl fmt::Display for AclError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AclError {}

/// The text of the ACL file.
///
/// # Errors
/// If the plan does not fit the application: names that do not exist, or stand for two things.
pub fn mosquitto(program: &Program, plan: &Plan) -> Result<String, AclError> {
    let traffic = Traffic { program };
    let topics = Topics::new(&program.app.name.text);
    let processes = processes(program, plan)?;
    let mut users: BTreeMap<&str, User> = BTreeMap::new();
    for process in &processes {
        let user = User::of_process(&traffic, &topics, process);
        add(&mut users, &process.name, user)?;
    }
    for (device, events) in &plan.devices {
        add(&mut users, device, User::of_device(&traffic, &topics, device, events)?)?;
    }
    let of = |text: &str| text.replace(is_invisible, "?");
    let mut text = format!(
        "# Topics of the application {} for mosquitto (acl_file), from {}.\n\
         # Written by `csmlc acl`: write it anew when the description or its csml.toml change.\n\
         # Names are spelt as in topics, also those of users. Whoever is no user may do nothing.\n",
        level(&program.app.name.text),
        of(&plan.source),
    );
    for (name, user) in users {
        text.push_str(&format!("\n# {}\nuser {}\n", user.about, level(name)));
        user.write.iter().for_each(|topic| text.push_str(&format!("topic write {topic}\n")));
        user.read.iter().for_each(|topic| text.push_str(&format!("topic read {topic}\n")));
    }
    Ok(text)
}

fn add<'n>(users: &mut BTreeMap<&'n str, User>, name: &'n str, user: User) -> Result<(), AclError> {
    match users.insert(name, user) {
        None => Ok(()),
        Some(_) => Err(AclError(format!("two users would be called {}: rename one", shown(name)))),
    }
}

/// The processes, each instance in exactly one.
fn processes(program: &Program, plan: &Plan) -> Result<Vec<Process>, AclError> {
    let instances = &program.deployment.instances;
    let named = match (plan.users, plan.processes.is_empty()) {
        (Users::Instances, true) => Vec::new(),
        (Users::Instances, false) => {
            return Err(AclError(
                "with a user for each instance there are no processes: leave out one of the two".to_owned(),
            ));
        }
        (_, true) => program.deployment.processes.clone(),
        (_, false) => given(instances, &plan.processes)?,
    };
    let taken: BTreeSet<&str> =
        named.iter().flat_map(|process| &process.instances).map(String::as_str).collect();
    let alone: Vec<&Instance> =
        instances.iter().filter(|instance| !taken.contains(instance.name.as_str())).collect();
    if program.app.memory_mode == MemoryMode::Shared && named.len() + alone.len() > 1 {
        return Err(AclError(format!(
            "all instances of {} share one memory, and so one process: give it a name with --process NAME={}",
            shown(&program.app.name.text),
            list(instances.iter().map(|instance| instance.name.as_str())),
        )));
    }
    if let (Users::Processes, Some(first)) = (plan.users, alone.first()) {
        return Err(AclError(format!(
            "instance {} is in no process: name one in `[processes]` of csml.toml, or with --process",
            shown(&first.name)
        )));
    }
    let own = alone.into_iter().map(|instance| Process {
        name: instance.name.clone(),
        instances: SortedSet::from([instance.name.clone()]),
    });
    Ok(named.into_iter().chain(own).collect())
}

/// The processes of the command line.
fn given(instances: &[Instance], processes: &[(String, Vec<String>)]) -> Result<Vec<Process>, AclError> {
    let mut taken = BTreeSet::new();
    for (process, names) in processes {
        for name in names {
            if instances.iter().all(|instance| instance.name != *name) {
                let known = instances.iter().map(|instance| instance.name.as_str());
                return Err(unknown("instance", name, known, "process", process));
            }
            if !taken.insert(name) {
                return Err(AclError(format!("instance {} would be in two processes", shown(name))));
            }
        }
    }
    let made = processes.iter().map(|(name, instances)| Process {
        name: name.clone(),
        instances: instances.iter().cloned().collect(),
    });
    Ok(made.collect())
}

fn unknown<'k>(
    kind: &str,
    name: &str,
    known: impl Iterator<Item = &'k str>,
    holder: &str,
    of: &str,
) -> AclError {
    let hint = did_you_mean(name, known).map(|hint| format!("; {hint}")).unwrap_or_default();
    AclError(format!("there is no {kind} {} for {holder} {}{hint}", shown(name), shown(of)))
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(",")
}

/// What one user may do.
struct User {
    about: String,
    write: BTreeSet<String>,
    read: BTreeSet<String>,
}

impl User {
    fn of_process(traffic: &Traffic<'_>, topics: &Topics, process: &Process) -> Self {
        let (here, elsewhere): (Vec<&Instance>, Vec<&Instance>) =
            traffic.instances().iter().partition(|instance| process.instances.contains(&instance.name));
        let levels: Vec<String> = process.instances.iter().map(|name| level(name)).collect();
        let name = level(&process.name);
        let about = format!("process {name}: {}", levels.join(", "));
        let mut user = Self { about, write: BTreeSet::new(), read: BTreeSet::new() };
        here.iter().for_each(|instance| user.raises(traffic, topics, instance, &elsewhere));
        here.iter().for_each(|instance| user.handles(traffic, topics, instance, &elsewhere));
        user.hands_on(traffic, topics, &name, &elsewhere);
        user.write.insert(topics.presence(&name));
        user.read.insert(topics.presence(ANY));
        user
    }

    /// What an instance says, and who acknowledges it.
    fn raises(&mut self, traffic: &Traffic<'_>, topics: &Topics, instance: &Instance, others: &[&Instance]) {
        let name = level(&instance.name);
        for event in traffic.events() {
            let event_level = level(&event.name.text);
            if traffic.tells(instance, event) {
                self.write.insert(topics.event(&name, &event_level));
                self.write.insert(topics.sync(&name));
            }
            if traffic.raised(instance, event).contains(&Channel::Peripheral) {
                self.write.insert(topics.leaving(&name, &event_level));
            }
            for receiver in others.iter().filter(|receiver| traffic.hears(receiver, instance, event)) {
                self.read.insert(topics.ack(&level(&receiver.name)));
            }
        }
    }

    /// What an instance hears, and that it acknowledges it.
    fn handles(&mut self, traffic: &Traffic<'_>, topics: &Topics, instance: &Instance, others: &[&Instance]) {
        let ack = topics.ack(&level(&instance.name));
        for event in traffic.events() {
            let event_level = level(&event.name.text);
            for source in others.iter().filter(|source| traffic.hears(instance, source, event)) {
                let source = level(&source.name);
                self.read.insert(topics.event(&source, &event_level));
                self.read.insert(topics.sync(&source));
                self.write.insert(ack.clone());
            }
            if event.from_outside() && traffic.handles(instance, event) {
                self.read.insert(topics.outside(&event_level));
                self.read.insert(topics.handed_on(ANY, &event_level));
                self.read.insert(topics.sync_outside(ANY));
                self.write.insert(ack.clone());
            }
        }
    }

    /// Events from outside that a process hands to the instances of others.
    fn hands_on(&mut self, traffic: &Traffic<'_>, topics: &Topics, process: &str, others: &[&Instance]) {
        for event in traffic.outside_events() {
            self.write.insert(topics.handed_on(process, &level(&event.name.text)));
            self.write.insert(topics.sync_outside(process));
            for receiver in others.iter().filter(|receiver| traffic.handles(receiver, event)) {
                self.read.insert(topics.ack(&level(&receiver.name)));
            }
        }
    }

    /// A device sends events from outside, plain or numbered, and hears those that leave the application.
    fn of_device(
        traffic: &Traffic<'_>,
        topics: &Topics,
        device: &str,
        events: &[String],
    ) -> Result<Self, AclError> {
        let name = level(device);
        let levels: Vec<String> = events.iter().map(|event| level(event)).collect();
        let about = format!("device {name}: {}", levels.join(", "));
        let mut user = Self { about, write: BTreeSet::new(), read: BTreeSet::new() };
        for event_name in events {
            let event_level = level(event_name);
            let Some(event) = traffic.events().find(|event| event.name.text == *event_name) else {
                let known = traffic.events().map(|event| event.name.text.as_str());
                return Err(unknown("event", event_name, known, "device", device));
            };
            if event.from_outside() {
                user.write.insert(topics.outside(&event_level));
                user.write.insert(topics.handed_on(&name, &event_level));
                user.write.insert(topics.sync_outside(&name));
                let receivers =
                    traffic.instances().iter().filter(|instance| traffic.handles(instance, event));
                user.read.extend(receivers.map(|receiver| topics.ack(&level(&receiver.name))));
            }
            let leaving = traffic
                .instances()
                .iter()
                .filter(|instance| traffic.raised(instance, event).contains(&Channel::Peripheral));
            let mut leaving = leaving.peekable();
            if !event.from_outside() && leaving.peek().is_none() {
                return Err(AclError(format!(
                    "event {} neither comes from outside nor leaves the application: device {} has nothing to do \
                     with it",
                    shown(event_name),
                    shown(device)
                )));
            }
            user.read.extend(leaving.map(|source| topics.leaving(&level(&source.name), &event_level)));
        }
        Ok(user)
    }
}

#[cfg(test)]
mod tests;
