//! A surveillance camera: `build.rs` compiles `camera.csml`, and this file includes the module.

mod house;

pub use house::House;

csml_rt::include_csml!("camera");
