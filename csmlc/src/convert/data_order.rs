//! In which order the data constructs of a component keep every initial value behind those it uses.
//!
//! Variables are initialised in the order of their declarations (docs/semantics.md#5-data). A component that inherits
//! may have
//! them in an order that separate lists for each kind cannot have.

use std::collections::BTreeMap;

use csml_compiler::{canonical::Variable, vocabulary::Storage};

/// An order of the kinds of data.
pub(super) struct Order {
    /// Each kind once.
    pub(super) kinds: Vec<Storage>,
    /// Whether each variable stays before or behind those that it names or is named by.
    pub(super) kept: bool,
}

/// The order to write the data of a component in.
pub(super) fn order(data: &[Variable]) -> Order {
    let mut kinds: Vec<Storage> = Vec::new();
    for variable in data {
        if !kinds.contains(&variable.storage) {
            kinds.push(variable.storage);
        }
    }
    let uses = uses(data);
    let keeps = |kinds: &[Storage]| {
        let place = |storage| kinds.iter().position(|kind| *kind == storage);
        uses.iter().all(|(earlier, later)| place(*earlier) <= place(*later))
    };
    match permutations(&kinds).into_iter().find(|kinds| keeps(kinds)) {
        Some(kinds) => Order { kinds, kept: true },
        None => Order { kinds, kept: false },
    }
}

/// Kinds of which a variable of the first is declared before one of the second, and one of the two names the other.
fn uses(data: &[Variable]) -> Vec<(Storage, Storage)> {
    let places: BTreeMap<&str, usize> =
        data.iter().enumerate().map(|(index, variable)| (variable.name.as_str(), index)).collect();
    let mut uses = Vec::new();
    for (index, variable) in data.iter().enumerate() {
        let names = variable.value.value.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for other in names.filter_map(|name| places.get(name)) {
            let pair = [data.get(index.min(*other)), data.get(index.max(*other))];
            if let [Some(earlier), Some(later)] = pair
                && !uses.contains(&(earlier.storage, later.storage))
            {
                uses.push((earlier.storage, later.storage));
            }
        }
    }
    uses
}

/// All orders of at most three kinds, the given one first.
fn permutations(kinds: &[Storage]) -> Vec<Vec<Storage>> {
    let mut all = vec![Vec::new()];
    for _ in kinds {
        all = all
            .iter()
            .flat_map(|begun: &Vec<Storage>| {
                let rest = kinds.iter().filter(|kind| !begun.contains(kind));
                rest.map(|kind| begun.iter().chain([kind]).copied().collect())
            })
            .collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use csml_compiler::{
        source::{SourceId, Span},
        text::Text,
    };

    fn ordered(data: &[(Storage, &str, &str)]) -> (Vec<Storage>, bool) {
        let mut sources = csml_compiler::source::Sources::new();
        let id: SourceId = sources.add("t", "");
        let span = Span::new(id, 0, 0);
        let variable = |(storage, name, value): &(Storage, &str, &str)| Variable {
            name: Text::plain(*name, span),
            value: Text::plain(*value, span),
            storage: *storage,
            span,
        };
        let order = order(&data.iter().map(variable).collect::<Vec<_>>());
        (order.kinds, order.kept)
    }

    #[test]
    fn the_order_is_that_of_the_first_of_each_kind_unless_values_need_another() {
        use Storage::{Local, Persistent, Static};
        assert_eq!(ordered(&[]), (vec![], true));
        assert_eq!(
            ordered(&[(Static, "s", "1"), (Local, "a", "1"), (Persistent, "b", "2"), (Local, "c", "a + 1")]),
            (vec![Static, Local, Persistent], true)
        );
        assert_eq!(
            ordered(&[(Local, "a", "1"), (Persistent, "b", "2"), (Local, "c", "b + 1")]),
            (vec![Persistent, Local], true)
        );
        assert_eq!(
            ordered(&[(Local, "a", "1"), (Persistent, "b", "a"), (Local, "c", "b + 1")]),
            (vec![Local, Persistent], false)
        );
    }
}
