//! applink.
