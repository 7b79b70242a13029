//! A railway crossing: `crossing.csml` becomes the module `railway_crossing`.

csml_rt::csml!("crossing.csml");
