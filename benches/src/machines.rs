//! The generated machines, compiled from `benches/machines`.

csml_rt::csml!(
    "machines/vending.csml",
    mod = vending,
    types = { "coin.$value" = i64, "select.$price" = i64 },
);
csml_rt::csml!("machines/climate.csml", mod = climate);
csml_rt::csml!("machines/exchange.csml", mod = exchange, types = { "ping.$ball" = i64 });
csml_rt::csml!("machines/crowd.csml", mod = crowd, types = { "shout.$volume" = i64 });
csml_rt::csml!("machines/watchdog.csml", mod = watchdog);
