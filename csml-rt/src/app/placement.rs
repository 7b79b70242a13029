//! Which instances this process runs, which others do, and what follows from that.

use std::collections::HashMap;
use std::sync::Arc;

use csml_rt_core::{Machines, MemoryMode};

use super::summary::BuildError;
use crate::suggest::nearest;

/// `filter(receiver, raiser)`: whether an instance receives the external events of another one.
pub(super) type SubscriptionFilter = dyn Fn(&str, &str) -> bool + Send + Sync;

/// Whose external events an instance receives, by name.
pub(super) type Subscribed = (String, Vec<String>);

/// Name and machine of instances.
pub(super) type Instances = Vec<(String, String)>;

/// The instances that this process runs, and those that other processes run.
pub(super) fn placement<A: Machines>(
    configured: Instances,
    run_only: Option<Vec<String>>,
) -> Result<(Instances, Instances), BuildError> {
    let mut instances = configured;
    if instances.is_empty() {
        let machine = |index: u16| A::DESCRIPTION.machines.get(usize::from(index)).map_or("", |m| m.name);
        let listed = A::DESCRIPTION.instances.iter();
        instances = listed.map(|info| (info.name.to_owned(), machine(info.machine).to_owned())).collect();
    }
    if instances.is_empty() {
        let tops = A::DESCRIPTION.machines.iter().filter(|m| m.parent.is_none());
        instances = tops.map(|m| (m.name.to_owned(), m.name.to_owned())).collect();
    }
    let Some(run_only) = run_only else {
        return Ok((instances, Vec::new()));
    };
    for name in &run_only {
        check_known(name, &instances)?;
    }
    let (local, remote): (Instances, Instances) =
        instances.into_iter().partition(|(name, _)| run_only.contains(name));
    if !remote.is_empty() && A::DESCRIPTION.memory_mode == MemoryMode::Shared {
        return Err(BuildError::Split);
    }
    Ok((local, remote))
}

/// The instances that the project file gives to a process; `None` if it has no processes.
///
/// # Errors
/// It has others.
pub(super) fn instances_of<A: Machines>(process: &str) -> Result<Option<Vec<String>>, BuildError> {
    let processes = A::DESCRIPTION.processes;
    if let Some(found) = processes.iter().find(|known| known.name == process) {
        return Ok(Some(found.instances.iter().map(|&name| name.to_owned()).collect()));
    }
    // An instance that is in no process runs as one of its own name.
    let placed = |name: &str| processes.iter().any(|known| known.instances.contains(&name));
    if processes.is_empty() {
        return Ok(None);
    }
    let own = own_instances::<A>();
    if own.contains(&process) && !placed(process) {
        return Ok(Some(vec![process.to_owned()]));
    }
    let known = processes.iter().map(|known| known.name).chain(own.into_iter().filter(|name| !placed(name)));
    Err(BuildError::UnknownProcess {
        suggestion: nearest(process, known).map(str::to_owned),
        name: process.to_owned(),
    })
}

/// Names of the instances that the description and the project file ask for.
fn own_instances<A: Machines>() -> Vec<&'static str> {
    let listed: Vec<&str> = A::DESCRIPTION.instances.iter().map(|info| info.name).collect();
    if !listed.is_empty() {
        return listed;
    }
    A::DESCRIPTION.machines.iter().filter(|m| m.parent.is_none()).map(|m| m.name).collect()
}

fn check_known(name: &str, instances: &[(String, String)]) -> Result<(), BuildError> {
    if instances.iter().any(|(known, _)| known == name) {
        return Ok(());
    }
    let suggestion = nearest(name, instances.iter().map(|(known, _)| known.as_str()));
    Err(BuildError::UnknownInstance { suggestion: suggestion.map(str::to_owned), name: name.to_owned() })
}

/// The filter of subscriptions that are listed by name.
///
/// # Errors
/// There is no instance of a name.
pub(super) fn listed_subscriptions(
    listed: Vec<Subscribed>,
    instances: &[(String, String)],
) -> Result<Arc<SubscriptionFilter>, BuildError> {
    let mut restricted: HashMap<String, Vec<String>> = HashMap::new();
    for (receiver, sources) in listed {
        for name in sources.iter().chain([&receiver]) {
            check_known(name, instances)?;
        }
        restricted.entry(receiver).or_default().extend(sources);
    }
    Ok(Arc::new(move |receiver, raiser| {
        restricted.get(receiver).is_none_or(|sources| sources.iter().any(|source| source == raiser))
    }))
}

/// What the project file says about which instances receive whose external events.
pub(super) fn own_subscriptions<A: Machines>() -> Option<Arc<SubscriptionFilter>> {
    let restricted: HashMap<&str, &[&str]> =
        A::DESCRIPTION.instances.iter().filter_map(|info| Some((info.name, info.subscribes?))).collect();
    if restricted.is_empty() {
        return None;
    }
    Some(Arc::new(move |receiver, raiser| {
        restricted.get(receiver).is_none_or(|sources| sources.contains(&raiser))
    }))
}

/// A persistent variable that an instance of this process uses and one of another process, too, of which each would
/// have a value of its own.
pub(super) fn divided_variable<A: Machines>(
    process: &str,
    local: &[(String, String)],
    remote: &[(String, String)],
) -> Option<BuildError> {
    let users = |variable: u16, instances: &[(String, String)]| {
        let mut users = instances.iter().filter(|(_, machine)| uses::<A>(machine, variable));
        users.next().map(|(name, _)| name.clone())
    };
    (0..).zip(A::DESCRIPTION.persistent).find_map(|(variable, info)| {
        let (here, there) = (users(variable, local)?, users(variable, remote)?);
        let mut others = A::DESCRIPTION.processes.iter();
        let other = others.find(|known| known.instances.contains(&there.as_str()));
        Some(BuildError::DividedVariable {
            variable: info.path.to_owned(),
            here: (process.to_owned(), here),
            there: (other.map_or_else(|| there.clone(), |known| known.name.to_owned()), there),
        })
    })
}

/// Whether a step of a top-level machine, or of one nested in it, may read or change a persistent variable.
fn uses<A: Machines>(machine: &str, variable: u16) -> bool {
    let machines = A::DESCRIPTION.machines;
    let Ok(top) = top_machine::<A>(machine) else {
        return false;
    };
    machines.iter().any(|m| m.top == top && m.persistent.contains(&variable))
}

/// The name of a process that was not given one, cut to a readable length.
pub(super) fn process_name(instances: &[(String, String)]) -> String {
    const LONGEST: usize = 100;
    // A name with `+` is not taken for two names.
    let names: Vec<_> =
        instances.iter().map(|(name, _)| name.replace('%', "%25").replace('+', "%2B")).collect();
    let name = names.join("+");
    match name.char_indices().nth(LONGEST) {
        None => name,
        Some((end, _)) => {
            let start = name.get(..end).unwrap_or_default();
            // FNV-1a: the same in every run and on every machine.
            let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            format!("{start}~{hash:016x}")
        }
    }
}

pub(super) fn top_machine<A: Machines>(name: &str) -> Result<u16, BuildError> {
    let machines = A::DESCRIPTION.machines;
    machines
        .iter()
        .position(|m| m.parent.is_none() && m.name == name)
        .and_then(|index| u16::try_from(index).ok())
        .ok_or_else(|| {
            let tops = machines.iter().filter(|m| m.parent.is_none());
            BuildError::UnknownMachine {
                name: name.to_owned(),
                suggestion: nearest(name, tops.map(|m| m.name)).map(str::to_owned),
            }
        })
}

#[cfg(test)]
mod tests {
    use super::process_name;

    #[test]
    fn processes_of_different_instances_have_different_names() {
        let name = |names: &[&str]| {
            process_name(&names.iter().map(|name| ((*name).to_owned(), "m".to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(name(&["north", "south"]), "north+south");
        assert_eq!(name(&["a+b"]), "a%2Bb");
        assert_ne!(name(&["a+b"]), name(&["a", "b"]));
        assert_ne!(name(&["a%2Bb"]), name(&["a+b"]));
        let long = "x".repeat(90);
        assert_ne!(name(&[&long, "north"]), name(&[&long, "south"]));
    }
}
