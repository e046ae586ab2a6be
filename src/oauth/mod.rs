//! OAuth as the applications use it between each other: public keys and who presents them.

pub mod public_key;
