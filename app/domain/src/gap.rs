//! From a gap to what has to be done each week to close it.
