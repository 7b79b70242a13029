//! The expressions by hand: a machine that evaluates one for each event.

use std::collections::BTreeMap;

use csml_rt::Value;

use super::Outcome;

/// Why an evaluation failed; the machine is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// An integer did not fit.
    Overflow,
    /// The list has no such item.
    NoItem,
}

/// What can happen, in the order of the description.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// `coin` with `$value`.
    Coin(i64),
    /// `reading` with `$celsius`.
    Reading(f64),
    /// `room` with `$room`.
    Room(String),
    /// `door` with `$prefix`.
    Door(String),
    /// `look` with `$i`.
    Look(i64),
    /// `seek` with `$item`.
    Seek(i64),
    /// `fruit` with `$fruit`.
    Fruit(String),
    /// `hash` with `$number`.
    Hash(i64),
    /// `smooth` with `$next`.
    Smooth(f64),
    /// `describe` with `$warm`.
    Describe(bool),
    /// `order` with `$at`.
    Order(i64),
    /// `sum` with `$extra`.
    Sum(i64),
    /// `series` with `$to`.
    Series(i64),
}

impl Event {
    /// The event of this name in the description, with data by name. `None` if there is no such event or its
    /// data are others.
    #[must_use]
    pub fn new(name: &str, data: &[(&str, Value)]) -> Option<Self> {
        let datum = |name| data.iter().find_map(|(one, value)| (*one == name).then_some(value));
        let int = |name| datum(name).and_then(Value::as_int);
        let float = |name| datum(name).and_then(Value::as_float);
        let text = |name| datum(name).and_then(Value::as_text).map(str::to_owned);
        match name {
            "coin" => int("value").map(Self::Coin),
            "reading" => float("celsius").map(Self::Reading),
            "room" => text("room").map(Self::Room),
            "door" => text("prefix").map(Self::Door),
            "look" => int("i").map(Self::Look),
            "seek" => int("item").map(Self::Seek),
            "fruit" => text("fruit").map(Self::Fruit),
            "hash" => int("number").map(Self::Hash),
            "smooth" => float("next").map(Self::Smooth),
            "describe" => datum("warm").and_then(Value::as_bool).map(Self::Describe),
            "order" => int("at").map(Self::Order),
            "sum" => int("extra").map(Self::Sum),
            "series" => int("to").map(Self::Series),
            _ => None,
        }
    }
}

/// The machine, with the variables of the description.
#[derive(Debug, Clone, PartialEq)]
pub struct Calculator {
    credit: i64,
    price: i64,
    sold: i64,
    count: i64,
    mean: f64,
    goal: f64,
    place: String,
    label: String,
    history: Vec<i64>,
    total: i64,
    stock: BTreeMap<String, i64>,
}

impl Default for Calculator {
    fn default() -> Self {
        Self {
            credit: 250,
            price: 300,
            sold: 7,
            count: 0,
            mean: 20.0,
            goal: 21.0,
            place: "kitchen".to_owned(),
            label: String::new(),
            history: vec![1, 5, 2, 8, 3, 9, 0, 7],
            total: 0,
            stock: [("apple", 7), ("pear", 12), ("plum", 7), ("fig", 0)]
                .map(|(fruit, pieces)| (fruit.to_owned(), pieces))
                .into(),
        }
    }
}

impl Calculator {
    /// Handles one event.
    ///
    /// # Errors
    /// The expression failed; nothing has changed.
    // Always: one caller more, which looks at results, must not change what rustc makes of the measured one.
    #[inline(always)]
    pub fn step(&mut self, event: &Event) -> Result<Outcome, Failure> {
        let holds = match event {
            Event::Coin(value) => {
                self.credit.checked_add(*value).ok_or(Failure::Overflow)? >= self.price && self.sold < 100
            }
            Event::Reading(celsius) => *celsius < self.goal - 0.5,
            Event::Room(room) => *room == self.place,
            Event::Door(prefix) => self.place.starts_with(prefix.as_str()),
            Event::Look(i) => self.item(*i)? > 3,
            Event::Seek(item) => self.history.contains(item),
            Event::Fruit(fruit) => self.stock.get(fruit) == Some(&7),
            Event::Hash(number) => {
                let next = self.count.checked_mul(31).and_then(|product| product.checked_add(*number));
                self.count = next.ok_or(Failure::Overflow)? % 1_000_003;
                true
            }
            Event::Smooth(next) => {
                self.mean = self.mean * 0.9 + next * 0.1;
                true
            }
            Event::Describe(warm) => {
                self.label = [self.place.as_str(), if *warm { " is warm" } else { " is cold" }].concat();
                true
            }
            Event::Order(at) => {
                self.total = self.total.checked_add(self.item(*at)?).ok_or(Failure::Overflow)?;
                true
            }
            Event::Sum(extra) => {
                let mut sum = *extra;
                for item in &self.history {
                    sum = sum.checked_add(*item).ok_or(Failure::Overflow)?;
                }
                self.total = sum;
                true
            }
            Event::Series(to) => {
                let mut sum = 0_i64;
                for i in 1..=*to {
                    if i % 3 == 0 {
                        sum = sum.checked_add(i).ok_or(Failure::Overflow)?;
                    }
                }
                self.total = sum;
                true
            }
        };
        Ok(if holds { Outcome::Handled } else { Outcome::Unhandled })
    }

    fn item(&self, index: i64) -> Result<i64, Failure> {
        let item = usize::try_from(index).ok().and_then(|index| self.history.get(index));
        item.copied().ok_or(Failure::NoItem)
    }

    /// The value of a variable that an expression is assigned to, by its name in the description.
    #[must_use]
    pub fn datum(&self, name: &str) -> Option<Value> {
        match name {
            "count" => Some(self.count.into()),
            "mean" => Some(self.mean.into()),
            "label" => Some(self.label.as_str().into()),
            "total" => Some(self.total.into()),
            _ => None,
        }
    }
}
