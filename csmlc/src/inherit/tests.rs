//! Inheritance, from text to canonical tree.
