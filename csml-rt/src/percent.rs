//! Names as one level of a path, for topics and for keys of a store: whatever stands in a name cannot reach
//! another level.

/// Appends `name` as one level: ASCII letters and digits and `-._~` stay, every other byte of its UTF-8 becomes
/// `%XX`. The empty name becomes a lone `%`, which no other name becomes.
pub(crate) fn encode_level(name: &str, out: &mut String) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    if name.is_empty() {
        out.push('%');
    }
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(name: &str) -> String {
        let mut out = String::new();
        encode_level(name, &mut out);
        out
    }

    #[test]
    fn no_name_leaves_its_level() {
        assert_eq!(level("a-b.c_d~9Z"), "a-b.c_d~9Z");
        assert_eq!(level("a/b"), "a%2Fb");
        assert_eq!(level("+#%$\0"), "%2B%23%25%24%00");
        assert_eq!(level("é"), "%C3%A9");
        assert_eq!(level(""), "%");
        assert_eq!(level("%"), "%25");
    }
}
