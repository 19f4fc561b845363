//! Files of the user into the store: what is taken, what is rejected, and that nothing changes in silence.

mod desk;
mod estimates;
mod laid;
mod members;
mod rows;
