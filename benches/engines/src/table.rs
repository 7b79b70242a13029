//! The measurements of one run as a table in Markdown.

use std::fmt::Write as _;

use csml_benches::expressions::Row;

/// Maximum ratio of instructions, generated to by hand.
const GOAL: f64 = 1.05;
/// Minimum ratio of times, interpreter to generated.
const GOAL_ENGINE: f64 = 100.0;

/// The measurements of one row, in nanoseconds of the fastest round.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) row: Row,
    pub(crate) generated: f64,
    pub(crate) by_hand: f64,
    pub(crate) untyped: f64,
    /// The faster of the tree interpreter and the bytecode.
    pub(crate) rhai: f64,
    pub(crate) cel: Option<f64>,
    /// Instructions, generated and by hand.
    pub(crate) counts: Option<[f64; 2]>,
}

const HEAD: [&str; 12] = [
    "expression",
    "instructions: generated",
    "by hand",
    "ratio",
    "ns: generated",
    "by hand",
    "ratio",
    "`Value`",
    "rhai",
    "times slower",
    "cel",
    "times slower",
];

/// A figure in bold misses its goal.
pub(crate) fn render(lines: &[Line]) -> String {
    let mut cells = vec![HEAD.map(str::to_owned)];
    cells.extend(lines.iter().map(line));
    let mut widths = [0; HEAD.len()];
    for line in &cells {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    cells.insert(1, widths.map(|width| "-".repeat(width)));
    let mut text = String::new();
    for line in cells {
        for (width, cell) in widths.iter().zip(line) {
            // Writing into a string does not fail.
            let _ = write!(text, "| {cell:width$} ");
        }
        text.push_str("|\n");
    }
    text
}

fn line(line: &Line) -> [String; HEAD.len()] {
    let none = || "–".to_owned();
    let instructions = line.counts.map(|[generated, by_hand]| {
        let ratio = generated / by_hand;
        [format!("{generated:.1}"), format!("{by_hand:.1}"), marked(format!("{ratio:.3} ×"), ratio <= GOAL)]
    });
    let [counted, counted_by_hand, counted_ratio] = instructions.unwrap_or_else(|| [none(), none(), none()]);
    let slower = |time: f64| {
        let times = time / line.generated;
        marked(format!("{times:.0} ×"), times >= GOAL_ENGINE)
    };
    [
        format!("{}: `{}`", line.row.name, line.row.source.replace('|', "\\|")),
        counted,
        counted_by_hand,
        counted_ratio,
        time(line.generated),
        time(line.by_hand),
        format!("{:.2} ×", line.generated / line.by_hand),
        time(line.untyped),
        time(line.rhai),
        slower(line.rhai),
        line.cel.map_or_else(none, time),
        line.cel.map_or_else(none, slower),
    ]
}

fn marked(figure: String, met: bool) -> String {
    if met { figure } else { format!("**{figure}**") }
}

fn time(nanoseconds: f64) -> String {
    if nanoseconds < 100.0 { format!("{nanoseconds:.1}") } else { format!("{nanoseconds:.0}") }
}

#[cfg(test)]
mod tests {
    use csml_benches::expressions::ROWS;

    use super::*;

    #[test]
    fn a_missed_goal_is_bold_and_a_missing_figure_a_dash() {
        let measured = Line {
            row: ROWS[0],
            generated: 2.0,
            by_hand: 1.0,
            untyped: 20.0,
            rhai: 150.0,
            cel: None,
            counts: Some([106.0, 100.0]),
        };
        let text = render(&[measured.clone(), Line { cel: Some(300.0), counts: None, ..measured }]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[2].contains("**1.060 ×**") && lines[2].contains("**75 ×**"), "{}", lines[2]);
        assert!(lines[3].contains("| 150 ×") && lines[3].contains("| –"), "{}", lines[3]);
        assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()), "{text}");
    }
}
