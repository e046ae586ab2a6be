//! OAuth 1.0a as the applications use it: who presents which key, how a request is signed, and
//! how a user lets a consumer act in his name. Nothing in here asks an application; `remote` does.

pub mod base_string;
pub mod callback;
pub mod dance;
pub mod difference;
pub mod public_key;
pub mod sign;
