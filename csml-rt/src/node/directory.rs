//! Names of the instances of one process.

use std::hash::{BuildHasher, Hasher, RandomState};

use csml_rt_core::{Description, MachineInfo};

use super::name_index::NameIndex;

/// One machine of one top-level instance: an instance of docs/semantics.md, nested ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Position of the top-level instance in the order of creation.
    pub instance: u32,
    /// The machine's position in [`Description::machines`].
    pub machine: u16,
}

/// One top-level instance.
#[derive(Debug, Clone, Copy)]
struct Named {
    /// Where its name ends; it begins where the one before ends.
    end: u32,
    /// Its top-level machine.
    top: u16,
}

/// Which instances exist, by number and by path (`crossing`, nested `crossing/gate`).
///
/// Names stand one behind the other in one string, so that an instance costs its name and a few bytes.
#[derive(Debug, Clone)]
pub struct Directory {
    description: &'static Description,
    names: String,
    entries: Vec<Named>,
    /// The number of each instance, by its name.
    index: NameIndex,
    hasher: RandomState,
    /// How many instances run in this process: the first ones.
    local: u32,
}

impl Directory {
    pub(crate) fn new(description: &'static Description) -> Self {
        Self {
            description,
            names: String::new(),
            entries: Vec::new(),
            index: NameIndex::new(),
            hasher: RandomState::new(),
            local: 0,
        }
    }

    /// The application's constant tables.
    #[must_use]
    pub fn description(&self) -> &'static Description {
        self.description
    }

    /// Adds an instance of this process. `None` also if there are some of other processes already.
    pub(crate) fn add_local(&mut self, name: &str, top: u16) -> Option<u32> {
        if self.local as usize != self.entries.len() {
            return None;
        }
        let instance = self.add(name, top)?;
        self.local += 1;
        Some(instance)
    }

    /// Whether an instance runs in this process.
    #[must_use]
    pub fn is_local(&self, instance: u32) -> bool {
        instance < self.local
    }

    /// The top-level instances of this process.
    pub fn local(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.local
    }

    /// The top-level instances of other processes.
    pub fn remote(&self) -> impl Iterator<Item = u32> + use<> {
        self.local..self.entries.len() as u32
    }

    /// How many top-level instances there are, those of other processes included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no instance.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an instance. `None` if the name is taken, or if names fill four gigabytes.
    pub(crate) fn add(&mut self, name: &str, top: u16) -> Option<u32> {
        let hash = self.hash(name);
        let end = u32::try_from(self.names.len() + name.len()).ok()?;
        let instance = u32::try_from(self.entries.len()).ok().filter(|number| *number < u32::MAX)?;
        if self.find(hash, name).is_some() {
            return None;
        }
        self.index.insert(hash, instance);
        self.names.push_str(name);
        self.entries.push(Named { end, top });
        Some(instance)
    }

    /// Makes room for instances that are to come.
    pub(crate) fn reserve(&mut self, instances: usize) {
        self.entries.reserve(instances);
        self.index.reserve(instances);
    }

    fn hash(&self, name: &str) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.as_bytes());
        (hasher.finish() >> 32) as u32
    }

    fn find(&self, hash: u32, name: &str) -> Option<u32> {
        self.index.find(hash, |instance| self.name(instance) == name)
    }

    /// Name of a top-level instance; empty if there is none of that number.
    #[must_use]
    pub fn name(&self, instance: u32) -> &str {
        let at = instance as usize;
        let start = match at.checked_sub(1) {
            Some(before) => self.entries.get(before).map_or(0, |named| named.end as usize),
            None => 0,
        };
        let end = self.entries.get(at).map_or(start, |named| named.end as usize);
        self.names.get(start..end).unwrap_or_default()
    }

    /// The machine that a top-level instance is one of.
    #[must_use]
    pub fn top(&self, instance: u32) -> Option<u16> {
        self.entries.get(instance as usize).map(|named| named.top)
    }

    /// Path of one machine of an instance, as in traces.
    #[must_use]
    pub fn path(&self, at: Address) -> Path<'_> {
        Path { instance: self.name(at.instance), nested: self.machine(at.machine).map_or("", |m| m.path) }
    }

    #[inline]
    pub(crate) fn machine(&self, machine: u16) -> Option<&'static MachineInfo> {
        self.description.machines.get(usize::from(machine))
    }

    /// Finds an instance by path.
    #[must_use]
    pub fn resolve(&self, path: &str) -> Option<Address> {
        if let Some(instance) = self.find(self.hash(path), path) {
            let machine = self.top(instance)?;
            return Some(Address { instance, machine });
        }
        self.resolve_nested(path)
    }

    /// The nested machine that a path names. Names may contain slashes themselves, so every slash may be the one that
    /// ends the instance.
    fn resolve_nested(&self, path: &str) -> Option<Address> {
        path.match_indices('/').find_map(|(slash, _)| {
            let (name, nested) = (path.get(..slash)?, path.get(slash + 1..)?);
            let instance = self.find(self.hash(name), name)?;
            let top = self.top(instance)?;
            let machine = self
                .hierarchy(top)
                .find(|&m| !nested.is_empty() && self.machine(m).is_some_and(|info| info.path == nested))?;
            Some(Address { instance, machine })
        })
    }

    /// The name of an instance that is the path of a nested machine as well.
    pub(crate) fn ambiguous(&self) -> Option<&str> {
        if !self.names.contains('/') {
            return None;
        }
        let all = (0..self.len() as u32).map(|instance| self.name(instance));
        all.filter(|name| name.contains('/')).find(|name| self.resolve_nested(name).is_some())
    }

    /// A top-level machine and everything nested in it, parents first.
    pub(crate) fn hierarchy(&self, top: u16) -> impl Iterator<Item = u16> + use<> {
        let machines = self.description.machines;
        (top..).take_while(move |&m| machines.get(usize::from(m)).is_some_and(|info| info.top == top))
    }

    /// Every instance of this process, nested ones included, in order of creation.
    pub fn addresses(&self) -> impl Iterator<Item = Address> + '_ {
        self.all_addresses(self.local)
    }

    /// Every instance among the first `count` top-level ones.
    fn all_addresses(&self, count: u32) -> impl Iterator<Item = Address> + '_ {
        (0..count).zip(&self.entries).flat_map(|(instance, named)| {
            self.hierarchy(named.top).map(move |machine| Address { instance, machine })
        })
    }

    /// The known path that is nearest to a misspelt one.
    #[must_use]
    pub fn nearest(&self, path: &str) -> Option<String> {
        let addresses = self.all_addresses(self.len() as u32);
        let paths: Vec<String> = addresses.take(10_000).map(|at| self.path(at).to_string()).collect();
        crate::suggest::nearest(path, paths.iter().map(String::as_str)).map(str::to_owned)
    }
}

/// Path of an instance, for display: `crossing` or `crossing/gate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<'a> {
    /// Name of the top-level instance.
    pub instance: &'a str,
    /// Path of the nested machine below it, or empty.
    pub nested: &'a str,
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.instance)?;
        if !self.nested.is_empty() {
            f.write_str("/")?;
            f.write_str(self.nested)?;
        }
        Ok(())
    }
}
