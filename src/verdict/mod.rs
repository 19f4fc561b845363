//! From votes to a stage.
