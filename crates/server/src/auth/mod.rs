//! Who is calling, and what they may do.

pub mod caller;
mod cookie;
pub(crate) mod lockout;
pub mod password;
pub mod permission;
pub(crate) mod session;
pub mod token;

pub use caller::{Caller, ClientIp, Credential, Identity};
pub use permission::{Permission, Permit, Role, may};
