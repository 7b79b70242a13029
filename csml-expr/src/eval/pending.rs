//! Until the table of the library lands.
pub(super) fn changes(name: &str) -> bool {
    ["add", "addAll", "remove", "clear", "set", "put", "putAll", "removeAll"].contains(&name)
}
