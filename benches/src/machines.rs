//! The generated machines, compiled from `benches/machines`.

csml_rt::csml!("machines/vending.csml", mod = vending);
csml_rt::csml!("machines/climate.csml", mod = climate);
csml_rt::csml!("machines/exchange.csml", mod = exchange);
csml_rt::csml!("machines/crowd.csml", mod = crowd);
csml_rt::csml!("machines/watchdog.csml", mod = watchdog);

pub use evaluating::{expressions, untyped};

#[expect(
    deprecated,
    reason = "the compiler warns of what is `dynamic` or never read, and some of both is here"
)]
mod evaluating {
    csml_rt::csml!("machines/expressions.csml", mod = expressions);
    csml_rt::csml!("machines/expressions_untyped.csml", mod = untyped);
}
