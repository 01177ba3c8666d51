//! The server from outside: one program for all its tests, because linking it takes longer than running them.

mod house;

mod command_line;
mod events;
mod health;
mod matrix;
mod security;
