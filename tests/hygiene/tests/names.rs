//! Names keep their exact text.

use csml_tests_hygiene::{fn_, inline};

#[test]
fn tables_hold_the_names_as_they_are_written() {
    let machines = fn_::DESCRIPTION.machines;
    for hostile in ["self", "*/", "\n", "\0", "\u{202e}", "e\u{301}", "../", "r#\"x\"#", "а", "a"] {
        assert!(machines.iter().any(|machine| machine.name == hostile), "{hostile:?}");
        assert!(fn_::DESCRIPTION.events.iter().any(|event| event.name == hostile), "{hostile:?}");
        assert!(fn_::DESCRIPTION.services.iter().any(|service| service.name == hostile), "{hostile:?}");
    }
    assert!(machines.iter().any(|machine| machine.name.len() == 1 << 16));
}

#[test]
fn inline_descriptions_see_nothing_of_what_is_around_them() {
    assert_eq!(inline::NAME, "inline");
    assert_eq!(inline::DESCRIPTION.events[0].name, "String");
}
