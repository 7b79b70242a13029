//! The expressions by hand, each as the step of a machine that evaluates only this expression.
//!
//! They are always inlined: the additional caller that checks results must not change the code of the measured one.

use std::collections::BTreeMap;

use csml_rt::Value;

use super::Outcome;

/// Why an evaluation failed; the machine is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// An integer overflowed.
    Overflow,
    /// The index is out of bounds.
    NoItem,
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
    #[inline(always)]
    fn item(&self, index: i64) -> Result<i64, Failure> {
        let item = usize::try_from(index).ok().and_then(|index| self.history.get(index));
        item.copied().ok_or(Failure::NoItem)
    }

    /// The value of an assigned variable, by its name in the description.
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

type Step = Result<Outcome, Failure>;

#[inline(always)]
const fn taken_if(holds: bool) -> Step {
    Ok(if holds { Outcome::Handled } else { Outcome::Unhandled })
}

/// `credit + $value >= price && sold < 100`
#[inline(always)]
pub fn affords(this: &mut Calculator, value: &i64) -> Step {
    let credit = this.credit.checked_add(*value).ok_or(Failure::Overflow)?;
    taken_if(credit >= this.price && this.sold < 100)
}

/// `(count * 31 + $number) % 1000003`
#[inline(always)]
pub fn hash(this: &mut Calculator, number: &i64) -> Step {
    let next = this.count.checked_mul(31).and_then(|product| product.checked_add(*number));
    this.count = next.ok_or(Failure::Overflow)? % 1_000_003;
    Ok(Outcome::Handled)
}

/// `$celsius < goal - 0.5`
#[inline(always)]
pub fn is_cold(this: &mut Calculator, celsius: &f64) -> Step {
    taken_if(*celsius < this.goal - 0.5)
}

/// `mean * 0.9 + $next * 0.1`
#[inline(always)]
pub fn smooth(this: &mut Calculator, next: &f64) -> Step {
    this.mean = this.mean * 0.9 + next * 0.1;
    Ok(Outcome::Handled)
}

/// `$room == place`
#[inline(always)]
pub fn is_place(this: &mut Calculator, room: &String) -> Step {
    taken_if(*room == this.place)
}

/// `place.startsWith($prefix)`
#[inline(always)]
#[expect(clippy::ptr_arg, reason = "the data of events are what they own")]
pub fn starts_place(this: &mut Calculator, prefix: &String) -> Step {
    taken_if(this.place.starts_with(prefix.as_str()))
}

/// `place + ($warm ? ' is warm' : ' is cold')`
#[inline(always)]
pub fn describe(this: &mut Calculator, warm: &bool) -> Step {
    this.label = [this.place.as_str(), if *warm { " is warm" } else { " is cold" }].concat();
    Ok(Outcome::Handled)
}

/// `history[$i] > 3`
#[inline(always)]
pub fn was_high(this: &mut Calculator, i: &i64) -> Step {
    taken_if(this.item(*i)? > 3)
}

/// `history.contains($item)`
#[inline(always)]
pub fn happened(this: &mut Calculator, item: &i64) -> Step {
    taken_if(this.history.contains(item))
}

/// `total + history[$at]`
#[inline(always)]
pub fn order(this: &mut Calculator, at: &i64) -> Step {
    this.total = this.total.checked_add(this.item(*at)?).ok_or(Failure::Overflow)?;
    Ok(Outcome::Handled)
}

/// `var sum = $extra; for (var x : history) { sum += x } sum`
#[inline(always)]
pub fn sum(this: &mut Calculator, extra: &i64) -> Step {
    let mut sum = *extra;
    for item in &this.history {
        sum = sum.checked_add(*item).ok_or(Failure::Overflow)?;
    }
    this.total = sum;
    Ok(Outcome::Handled)
}

/// `var s = 0; for (var i : 1..$to) { if (i % 3 == 0) { s += i } } s`
#[inline(always)]
pub fn series(this: &mut Calculator, to: &i64) -> Step {
    let mut sum = 0_i64;
    for i in 1..=*to {
        if i % 3 == 0 {
            sum = sum.checked_add(i).ok_or(Failure::Overflow)?;
        }
    }
    this.total = sum;
    Ok(Outcome::Handled)
}

/// `stock[$fruit] == 7`
#[inline(always)]
pub fn has_seven(this: &mut Calculator, fruit: &String) -> Step {
    taken_if(this.stock.get(fruit) == Some(&7))
}
