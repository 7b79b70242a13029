//! [`Node`] → instructions of an automaton.

use alloc::{format, string::String, vec::Vec};

use super::{
    class::Class,
    parse::{Assert, Node},
};

/// Instructions that a regular expression may have; repetitions with numbers multiply what they repeat.
pub(super) const MAX_PROGRAM: usize = 4_096;

/// What the automaton does in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Instruction {
    /// Takes one character.
    Class(Class),
    /// Goes on if this holds.
    Assert(Assert),
    /// Goes on in both, the first one first.
    Split(u16, u16),
    /// Goes on there.
    Jump(u16),
    /// Has found a match.
    Match,
}

/// The program of `node`.
///
/// # Errors
/// It would be too large.
pub(super) fn compile(node: &Node) -> Result<Vec<Instruction>, String> {
    let mut program = Vec::new();
    emit(node, &mut program)?;
    push(&mut program, Instruction::Match)?;
    Ok(program)
}

/// Where the next instruction stands.
fn here(program: &[Instruction]) -> u16 {
    // `push` keeps programs shorter than `MAX_PROGRAM`.
    u16::try_from(program.len()).unwrap_or(u16::MAX)
}

fn push(program: &mut Vec<Instruction>, instruction: Instruction) -> Result<u16, String> {
    if program.len() >= MAX_PROGRAM {
        return Err(format!("it is too large: more than {MAX_PROGRAM} steps"));
    }
    let at = here(program);
    program.push(instruction);
    Ok(at)
}

fn patch(program: &mut [Instruction], at: u16, instruction: Instruction) {
    if let Some(slot) = program.get_mut(usize::from(at)) {
        *slot = instruction;
    }
}

/// The parser has limited how deep nodes nest.
fn emit(node: &Node, program: &mut Vec<Instruction>) -> Result<(), String> {
    match node {
        Node::Class(class) => push(program, Instruction::Class(class.clone())).map(drop),
        Node::Assert(assert) => push(program, Instruction::Assert(*assert)).map(drop),
        Node::Sequence(nodes) => nodes.iter().try_for_each(|node| emit(node, program)),
        Node::Either(alternatives) => either(alternatives, program),
        Node::Repeat { node, least, most, lazy } => {
            for _ in 0..*least {
                let before = program.len();
                emit(node, program)?;
                if program.len() == before {
                    // Nothing, however often.
                    return Ok(());
                }
            }
            match most {
                None => star(node, *lazy, program),
                Some(most) => optional(node, most.saturating_sub(*least), *lazy, program),
            }
        }
    }
}

fn either(alternatives: &[Node], program: &mut Vec<Instruction>) -> Result<(), String> {
    let mut ends = Vec::new();
    let Some((last, others)) = alternatives.split_last() else { return Ok(()) };
    for alternative in others {
        let split = push(program, Instruction::Match)?;
        emit(alternative, program)?;
        ends.push(push(program, Instruction::Match)?);
        let next = here(program);
        patch(program, split, Instruction::Split(split + 1, next));
    }
    emit(last, program)?;
    let end = here(program);
    for jump in ends {
        patch(program, jump, Instruction::Jump(end));
    }
    Ok(())
}

fn split(more: u16, done: u16, lazy: bool) -> Instruction {
    if lazy { Instruction::Split(done, more) } else { Instruction::Split(more, done) }
}

/// Asks once more after each turn, so that a turn which took nothing prefers to go on, as it does when one
/// searches by backtracking.
fn star(node: &Node, lazy: bool, program: &mut Vec<Instruction>) -> Result<(), String> {
    let start = push(program, Instruction::Match)?;
    emit(node, program)?;
    let again = push(program, Instruction::Match)?;
    let end = here(program);
    for place in [start, again] {
        patch(program, place, split(start + 1, end, lazy));
    }
    Ok(())
}

fn optional(node: &Node, times: u32, lazy: bool, program: &mut Vec<Instruction>) -> Result<(), String> {
    let mut starts = Vec::new();
    for _ in 0..times {
        starts.push(push(program, Instruction::Match)?);
        emit(node, program)?;
    }
    let end = here(program);
    for start in starts {
        patch(program, start, split(start + 1, end, lazy));
    }
    Ok(())
}
