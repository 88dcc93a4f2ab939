//! Who is calling, and what they may do.

pub mod password;
pub mod permission;
pub mod token;

pub use permission::{Permission, Permit, Role, may};
