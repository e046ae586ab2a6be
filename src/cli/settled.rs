//! What is said where nothing is to be done: what is so already.
