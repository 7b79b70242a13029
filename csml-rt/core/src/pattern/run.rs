//! Runs a program over a text, all threads at once: time is linear in the text.

use alloc::{vec, vec::Vec};

use super::{
    class::{is_line_terminator, is_word},
    parse::Assert,
    program::Instruction,
};

/// Programs up to this size are matched without an allocation.
const SMALL: usize = 256;

/// Whether the program matches the whole of `text`. Takes from `left` what it does; when nothing is left, it stops.
pub(super) fn matches(program: &[Instruction], text: &str, left: &mut usize) -> bool {
    if program.len() <= SMALL {
        let (mut now, mut next) = ([0; SMALL / 64], [0; SMALL / 64]);
        Whole { program, now: &mut now, next: &mut next, stack: &mut [0; SMALL] }.run(text, left)
    } else {
        let words = program.len().div_ceil(64);
        let (mut now, mut next) = (vec![0; words], vec![0; words]);
        Whole { program, now: &mut now, next: &mut next, stack: &mut vec![0; program.len()] }.run(text, left)
    }
}

/// A match of the whole text: sets of states, without an order.
struct Whole<'a> {
    program: &'a [Instruction],
    now: &'a mut [u64],
    next: &'a mut [u64],
    stack: &'a mut [u16],
}

impl Whole<'_> {
    fn run(mut self, text: &str, left: &mut usize) -> bool {
        let mut place = Place { text, offset: 0, before: None };
        self.reach(0, place);
        for character in text.chars() {
            self.next.fill(0);
            place = place.after(character);
            let mut any = false;
            let mut states = 0;
            for word in 0..self.now.len() {
                let mut bits = self.now.get(word).copied().unwrap_or(0);
                while bits != 0 {
                    let state = word * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    states += 1;
                    if let Some(Instruction::Class(class)) = self.program.get(state)
                        && class.contains(character)
                    {
                        any = true;
                        self.reach_next(state + 1, place);
                    }
                }
            }
            *left = left.saturating_sub(states);
            if !any || *left == 0 {
                return false;
            }
            core::mem::swap(&mut self.now, &mut self.next);
        }
        let last = self.program.len().saturating_sub(1);
        contains(self.now, last)
    }

    fn reach(&mut self, state: u16, place: Place<'_>) {
        reach(self.program, self.now, self.stack, state, place);
    }

    fn reach_next(&mut self, state: usize, place: Place<'_>) {
        let state = u16::try_from(state).unwrap_or(u16::MAX);
        reach(self.program, self.next, self.stack, state, place);
    }
}

fn contains(set: &[u64], state: usize) -> bool {
    set.get(state / 64).is_some_and(|word| word >> (state % 64) & 1 == 1)
}

/// Adds a state; whether it was new.
fn insert(set: &mut [u64], state: u16) -> bool {
    let state = usize::from(state);
    let Some(word) = set.get_mut(state / 64) else { return false };
    let bit = 1 << (state % 64);
    let new = *word & bit == 0;
    *word |= bit;
    new
}

/// Adds `state` and all that it leads to without a character. Each state is pushed once at most, so the
/// stack never outgrows the program.
fn reach(program: &[Instruction], set: &mut [u64], stack: &mut [u16], state: u16, place: Place<'_>) {
    let mut height = 0;
    let push = |set: &mut [u64], stack: &mut [u16], height: &mut usize, state: u16| {
        if insert(set, state)
            && let Some(slot) = stack.get_mut(*height)
        {
            *slot = state;
            *height += 1;
        }
    };
    push(set, stack, &mut height, state);
    while height > 0 {
        height -= 1;
        let Some(state) = stack.get(height).copied() else { return };
        match program.get(usize::from(state)) {
            Some(Instruction::Split(first, second)) => {
                push(set, stack, &mut height, *first);
                push(set, stack, &mut height, *second);
            }
            Some(Instruction::Jump(to)) => push(set, stack, &mut height, *to),
            Some(Instruction::Assert(assert)) if place.holds(*assert) => {
                push(set, stack, &mut height, state + 1);
            }
            _ => {}
        }
    }
}

/// A place between two characters of a text.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    text: &'a str,
    offset: usize,
    before: Option<char>,
}

impl<'a> Place<'a> {
    fn after(self, character: char) -> Self {
        Self { offset: self.offset + character.len_utf8(), before: Some(character), ..self }
    }

    fn rest(self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn holds(self, assert: Assert) -> bool {
        match assert {
            Assert::Start => self.offset == 0,
            Assert::End => self.offset == self.text.len(),
            Assert::LastLine => {
                let rest = self.rest();
                let inside_pair = self.before == Some('\r') && rest == "\n";
                let mut characters = rest.chars();
                let only = characters.next().is_none_or(is_line_terminator) && characters.next().is_none();
                rest == "\r\n" || only && !inside_pair
            }
            Assert::LineStart => match self.before {
                None => true,
                Some('\r') if self.rest().starts_with('\n') => false,
                Some(before) => is_line_terminator(before) && !self.rest().is_empty(),
            },
            Assert::LineEnd => match self.rest().chars().next() {
                None => true,
                Some('\n') if self.before == Some('\r') => false,
                Some(next) => is_line_terminator(next),
            },
            Assert::Word => self.is_border(),
            Assert::NotWord => !self.is_border(),
        }
    }

    fn is_border(self) -> bool {
        self.before.is_some_and(is_word) != self.rest().chars().next().is_some_and(is_word)
    }
}

/// A search for one match after the other.
pub(super) struct Search<'a> {
    program: &'a [Instruction],
    now: Vec<Thread>,
    next: Vec<Thread>,
    seen: Vec<u64>,
    stack: Vec<u16>,
    /// What it may still do; when nothing is left, it finds nothing more.
    pub(super) left: usize,
}

/// A state, and where the match began.
#[derive(Debug, Clone, Copy)]
struct Thread {
    state: u16,
    start: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(program: &'a [Instruction], left: usize) -> Self {
        let seen = vec![0; program.len().div_ceil(64)];
        Self { program, now: Vec::new(), next: Vec::new(), seen, stack: Vec::new(), left }
    }

    /// Bytes of the first match that begins at `from` or later; of several there, the one that a
    /// backtracking search would find.
    pub(super) fn find(&mut self, text: &str, from: usize) -> Option<(usize, usize)> {
        let before = text.get(..from)?.chars().next_back();
        let mut place = Place { text, offset: from, before };
        let mut found = None;
        self.now.clear();
        self.seen.fill(0);
        loop {
            if found.is_none() {
                follow(
                    self.program,
                    &mut self.now,
                    &mut self.seen,
                    &mut self.stack,
                    (0, place.offset),
                    place,
                );
            }
            if self.now.is_empty() && found.is_some() {
                return found;
            }
            let character = place.rest().chars().next();
            let after = character.map(|character| place.after(character));
            self.left = self.left.saturating_sub(self.now.len() + 1);
            if self.left == 0 {
                return None;
            }
            self.next.clear();
            self.seen.fill(0);
            for thread in &self.now {
                match self.program.get(usize::from(thread.state)) {
                    Some(Instruction::Match) => {
                        // Threads after this one would lose against it.
                        found = Some((thread.start, place.offset));
                        break;
                    }
                    Some(Instruction::Class(class)) => {
                        if let (Some(character), Some(after)) = (character, after)
                            && class.contains(character)
                        {
                            let to = (thread.state + 1, thread.start);
                            follow(self.program, &mut self.next, &mut self.seen, &mut self.stack, to, after);
                        }
                    }
                    _ => {}
                }
            }
            let Some(after) = after else { return found };
            place = after;
            core::mem::swap(&mut self.now, &mut self.next);
        }
    }
}

/// Adds what `state` leads to without a character, in order of preference.
fn follow(
    program: &[Instruction],
    threads: &mut Vec<Thread>,
    seen: &mut [u64],
    stack: &mut Vec<u16>,
    (state, start): (u16, usize),
    place: Place<'_>,
) {
    stack.push(state);
    while let Some(state) = stack.pop() {
        if !insert(seen, state) {
            continue;
        }
        match program.get(usize::from(state)) {
            Some(Instruction::Split(first, second)) => stack.extend([*second, *first]),
            Some(Instruction::Jump(to)) => stack.push(*to),
            Some(Instruction::Assert(assert)) if place.holds(*assert) => stack.push(state + 1),
            Some(Instruction::Class(_) | Instruction::Match) => threads.push(Thread { state, start }),
            _ => {}
        }
    }
}
