//! Offhook.
