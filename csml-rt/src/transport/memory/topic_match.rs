//! Matching topics with patterns.

/// Whether a topic matches a pattern of MQTT: `+` stands for one level, a last `#` for any number. Neither
/// stands for a first level that begins with `$`.
#[must_use]
pub(crate) fn topic_matches(pattern: &str, topic: &str) -> bool {
    // Nearly all patterns have no wildcard.
    if !pattern.bytes().any(|byte| matches!(byte, b'+' | b'#')) {
        return pattern == topic;
    }
    if topic.starts_with('$') && pattern.starts_with(['+', '#']) {
        return false;
    }
    let mut levels = topic.split('/');
    for wanted in pattern.split('/') {
        if wanted == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if wanted == "+" || wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_mqtt() {
        let matching = [
            ("a/b", "a/b"),
            ("a/+", "a/b"),
            ("+/+", "a/b"),
            ("#", "a/b/c"),
            ("a/#", "a"),
            ("a/#", "a/b/c"),
            ("a/+/c", "a//c"),
            ("$SYS/#", "$SYS/x"),
        ];
        for (pattern, topic) in matching {
            assert!(topic_matches(pattern, topic), "{pattern} {topic}");
        }
        let different = [
            ("a/b", "a/c"),
            ("a/+", "a"),
            ("a/+", "a/b/c"),
            ("a", "a/b"),
            ("#", "$SYS/x"),
            ("+/x", "$SYS/x"),
        ];
        for (pattern, topic) in different {
            assert!(!topic_matches(pattern, topic), "{pattern} {topic}");
        }
    }
}
