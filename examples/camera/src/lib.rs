//! A surveillance camera: `build.rs` compiles `camera.csml`, and here its module is included.

mod house;

pub use house::House;

csml_rt::include_csml!("camera");
