//! Simulations of distributed applications: seeds, virtual time, no I/O.
//!
//! [`link`] simulates the link alone, very fast; [`applications`] runs complete applications.

pub mod applications;
mod dice;
pub mod link;
pub mod seeds;
