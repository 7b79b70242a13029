//! Writes descriptions of any size, deterministically.

use std::fmt::Write as _;

/// A description with one machine of `states` states that each handle `events` events: guards over
/// integers, assignments, raised events, transitions to other states and internal ones.
#[must_use]
pub fn description(states: usize, events: usize) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_description(&mut text, states, events);
    text
}

/// A description of about a thousand lines.
#[must_use]
pub fn thousand_lines() -> String {
    description(10, 11)
}

fn write_description(text: &mut String, states: usize, events: usize) -> std::fmt::Result {
    writeln!(text, "{{")?;
    writeln!(text, "  \"name\": \"Large\",")?;
    writeln!(text, "  \"version\": \"2.0\",")?;
    writeln!(text, "  \"memoryMode\": \"distributed\",")?;
    writeln!(text, "  \"stateMachines\": [")?;
    writeln!(text, "    {{")?;
    writeln!(text, "      \"name\": \"large\",")?;
    writeln!(text, "      \"localData\": [")?;
    writeln!(text, "        {{ \"name\": \"level\", \"value\": \"0\" }},")?;
    writeln!(text, "        {{ \"name\": \"count\", \"value\": \"0\" }}")?;
    writeln!(text, "      ],")?;
    writeln!(text, "      \"states\": [")?;
    writeln!(
        text,
        "        {{ \"name\": \"new\", \"initial\": true, \"always\": [{{ \"target\": \"state0\" }}] }},"
    )?;
    for state in 0..states {
        writeln!(text, "        {{")?;
        writeln!(text, "          \"name\": \"state{state}\",")?;
        writeln!(text, "          \"on\": [")?;
        for event in 0..events {
            write_transition(text, state, event, states)?;
            writeln!(text, "{}", if event + 1 < events { "," } else { "" })?;
        }
        writeln!(text, "          ]")?;
        writeln!(text, "        }}{}", if state + 1 < states { "," } else { "" })?;
    }
    writeln!(text, "      ]")?;
    writeln!(text, "    }}")?;
    writeln!(text, "  ]")?;
    writeln!(text, "}}")
}

fn write_transition(text: &mut String, state: usize, event: usize, states: usize) -> std::fmt::Result {
    let target = (state * 7 + event * 3 + 1) % states;
    writeln!(text, "            {{")?;
    writeln!(text, "              \"event\": \"event{event}\",")?;
    writeln!(text, "              \"channel\": \"peripheral\",")?;
    if (state + event).is_multiple_of(2) {
        writeln!(text, "              \"guards\": [\"$value > level + {event}\"],")?;
    }
    writeln!(text, "              \"actions\": [")?;
    writeln!(
        text,
        "                {{ \"type\": \"assign\", \"variable\": \"count\", \"value\": \"count + $value\" }}{}",
        if event % 4 == 1 { "," } else { "" }
    )?;
    if event % 4 == 1 {
        writeln!(
            text,
            "                {{ \"type\": \"raiseEvent\", \"event\": {{ \"name\": \"said{event}\", \
             \"channel\": \"peripheral\", \"data\": [{{ \"name\": \"count\", \"value\": \"count\" }}] }} }}"
        )?;
    }
    // Every fifth transition is internal.
    if event % 5 == 4 {
        writeln!(text, "              ]")?;
    } else {
        writeln!(text, "              ],")?;
        writeln!(text, "              \"target\": \"state{target}\"")?;
    }
    write!(text, "            }}")
}

#[cfg(test)]
mod tests {
    use csmlc::{Options, compile, source::Sources};

    #[test]
    fn a_thousand_lines_are_about_a_thousand() {
        let lines = super::thousand_lines().lines().count();
        assert!((950..=1_050).contains(&lines), "{lines}");
    }

    #[test]
    fn descriptions_of_any_size_compile() {
        for (states, events) in [(1, 1), (2, 3), (10, 10)] {
            let mut sources = Sources::new();
            let root = sources.add("large.csml", super::description(states, events));
            let (output, diagnostics) = compile(&sources, root, &Options::default());
            assert!(output.is_some(), "{states} × {events}: {diagnostics:?}");
        }
    }
}
