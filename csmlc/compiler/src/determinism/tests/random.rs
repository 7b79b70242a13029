//! Random guards against trying all values of small domains: what is said to be exclusive never holds together,
//! and what is said to overlap does, with the values that are given.

use csml_rt_core::Value;

use super::super::{Answer, CompetingTransitions, FUEL_OF_CHOICE};
use super::super::{
    build::Builder, candidate::Candidate, evaluate::Stop, example::Example, known::KnownValues,
};
use super::{decided, description, guarded};
use crate::{
    ir::{Expr, Kind, Typed},
    model::VarId,
};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

const DECLARATIONS: &str = "x = 0; y = 0; b = true; c = true; t = 0.5; s = 'a'; o = null = 1 = $o; \
                            d = 1 = 'x' = $d; l = [1]";

fn integer(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return random.pick(&["x", "y", "0", "1", "2", "-1", "3", "o", "x", "size s", "size l"]).to_owned();
    }
    let (a, b) = (integer(random, depth - 1), integer(random, depth - 1));
    match random.below(9) {
        0 | 1 => format!("({a} + {b})"),
        2 => format!("({a} - {b})"),
        3 => format!("({a} * {b})"),
        4 => format!("({a} % {})", random.pick(&["2", "3", "-2"])),
        5 => format!("({a} / {})", random.pick(&["2", "-1", "-3"])),
        6 => format!("({} ? {a} : {b})", guard(random, 0)),
        7 => format!("math:{}({a}, {b})", random.pick(&["max", "min"])),
        _ => format!("math:abs({a})"),
    }
}

fn float(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return random.pick(&["t", "0.5", "1.0", "2.0", "t", "x * 1.0", "-0.5"]).to_owned();
    }
    let (a, b) = (float(random, depth - 1), float(random, depth - 1));
    match random.below(4) {
        0 => format!("({a} + {b})"),
        1 => format!("({a} - {b})"),
        2 => format!("({a} * {b})"),
        _ => format!("({a} / {})", random.pick(&["2.0", "-1.0"])),
    }
}

fn guard(random: &mut Random, depth: usize) -> String {
    let order = random.pick(&["<", "<=", ">", ">=", "==", "!="]);
    if depth == 0 {
        let size = random.below(2);
        return match random.below(13) {
            0 => random.pick(&["b", "c", "!b", "b == c", "b < c"]).to_owned(),
            1 | 2 => format!("x {order} {}", random.below(3)),
            3 => format!("{} {order} {}", integer(random, size), integer(random, size)),
            4 => format!("{} {order} {}", float(random, size), float(random, 0)),
            5 => format!("s {order} '{}'", random.pick(&["a", "b", "ab", ""])),
            6 => format!(
                "s.{}('{}')",
                random.pick(&["startsWith", "endsWith", "contains"]),
                random.pick(&["a", "b", "ab"])
            ),
            7 => random
                .pick(&["o == null", "o != null", "o == 1", "o != 2", "o > 0", "(o ?? 1) > x"])
                .to_owned(),
            8 => format!("x =~ [{}, {}]", random.below(3), random.below(3)),
            9 => random
                .pick(&["d == 1", "d != 1", "d == null", "d < 2", "d >= 1", "1 == d", "d == 'x'"])
                .to_owned(),
            10 => random.pick(&["empty s", "empty l", "l == [1]", "l[0] == 1", "l.contains(2)"]).to_owned(),
            11 => {
                random.pick(&["s.toUpperCase() == 'A'", "s + 'b' == 'ab'", "s.indexOf('b') > 0"]).to_owned()
            }
            _ => format!("t {order} {}", random.pick(&["0.5", "1.0", "x", "2"])),
        };
    }
    let (a, b) = (guard(random, depth - 1), guard(random, depth - 1));
    match random.below(6) {
        0 | 1 => format!("({a} && {b})"),
        2 | 3 => format!("({a} || {b})"),
        4 => format!("!({a})"),
        _ => format!("({} ? {a} : {b})", guard(random, 0)),
    }
}

/// Values that each variable is tried with, by name.
fn domain(name: &str) -> Vec<Value> {
    match name {
        "x" | "y" => [-2, -1, 0, 1, 2, 3].map(Value::Int).to_vec(),
        "b" | "c" => [true, false].map(Value::Bool).to_vec(),
        "t" => [-1.0, 0.0, 0.5, 0.75, 1.0, 2.0, f64::NAN].map(Value::Float).to_vec(),
        "s" => ["", "a", "b", "ab", "ba"].map(Value::from).to_vec(),
        "o" => vec![Value::Null, 0.into(), 1.into(), 2.into()],
        "d" => vec![Value::Null, 1.into(), 2.5.into(), "x".into(), true.into(), "1".into(), f64::NAN.into()],
        "l" => vec![Value::list([]), Value::list([1.into()]), Value::list([2.into(), 1.into()])],
        _ => Vec::new(),
    }
}

fn variables(candidates: [&Candidate<'_>; 2]) -> Vec<VarId> {
    let mut found = Vec::new();
    for guard in candidates.iter().flat_map(|it| &it.transition.guards) {
        found.extend(guard.variables());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Values that enable both, if there are any in the domains.
fn both(program: &Typed, candidates: [&Candidate<'_>; 2]) -> Option<Vec<(String, Value)>> {
    let variables = variables(candidates);
    let name = |variable: &VarId| program.app.variables[*variable].name.text.as_str();
    let domains: Vec<_> = variables.iter().map(|variable| domain(name(variable))).collect();
    let count: usize = domains.iter().map(Vec::len).product();
    // Of many all cannot be tried.
    let step = (count / 3_000).max(1);
    for number in (0..count).step_by(step) {
        let mut rest = number;
        let mut values = Vec::new();
        for domain in &domains {
            values.push(domain[rest % domain.len()].clone());
            rest /= domain.len();
        }
        let look = |expr: &Expr| match &expr.kind {
            Kind::Variable(variable) => {
                variables.iter().position(|known| known == variable).map(|place| values[place].clone())
            }
            _ => None,
        };
        let enabled = candidates.map(|candidate| candidate.enabled_with(&look));
        assert!(!enabled.contains(&Err(Stop::Unknown)), "every random guard can be evaluated");
        if enabled == [Ok(true), Ok(true)] {
            return Some(variables.iter().map(|it| name(it).to_owned()).zip(values).collect());
        }
    }
    None
}

fn proves(candidates: [&Candidate<'_>; 2], example: &Example<'_>) -> bool {
    let look = |expr: &Expr| {
        example.iter().find(|(known, _)| known.kind == expr.kind).map(|(_, value)| value.clone())
    };
    candidates.map(|candidate| candidate.enabled_with(&look)) == [Ok(true), Ok(true)]
}

/// How often each answer was given to random guards.
fn try_all(seed: u64, rounds: usize) -> [usize; 3] {
    let mut random = Random(seed);
    let mut answers = [0; 3];
    for _ in 0..rounds {
        // Many guards in one description, as most of the time goes into the description.
        let guards: Vec<String> = (0..24)
            .map(|_| {
                let depth = random.below(3);
                guard(&mut random, depth)
            })
            .collect();
        let transitions: Vec<_> = guards.iter().map(|text| guarded(text)).collect();
        let ((program, _), ..) = decided(&description(DECLARATIONS, &transitions));
        let known = KnownValues::new(&program);
        let (state, on) =
            program.app.states.iter().next().map(|(id, it)| (id, it.on.last().unwrap())).unwrap();
        let mut builder = Builder::new();
        let candidates: Vec<_> = on.transitions.iter().map(|it| Candidate::new(&mut builder, it)).collect();
        let choice = || CompetingTransitions {
            program: &program,
            known: &known,
            state,
            trigger: Some(on.event),
            checked: false,
            fuel: FUEL_OF_CHOICE,
        };
        for second in 0..candidates.len() {
            for first in 0..second {
                let pair = [&candidates[first], &candidates[second]];
                let texts = (&guards[first], &guards[second]);
                match choice().pair(&builder, &[], pair) {
                    Answer::Exclusive => {
                        answers[0] += 1;
                        let example = both(&program, pair);
                        assert_eq!(example, None, "said to exclude each other: {texts:?}");
                    }
                    Answer::Overlapping(example) => {
                        answers[1] += 1;
                        assert!(proves(pair, &example), "said to overlap: {texts:?} with {example:?}");
                    }
                    Answer::Undecided(_) => answers[2] += 1,
                }
            }
        }
    }
    answers
}

#[test]
fn random_guards_are_judged_rightly() {
    let [exclusive, overlapping, undecided] = try_all(7, 12);
    assert!(exclusive > 250, "{exclusive} {overlapping} {undecided}");
    assert!(overlapping > 2_000, "{exclusive} {overlapping} {undecided}");
    assert!(undecided < 700, "{exclusive} {overlapping} {undecided}");
}
