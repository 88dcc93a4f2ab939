//! Who is calling, and what they may do.

pub mod caller;
mod cookie;
pub(crate) mod lockout;
pub mod password;
pub mod permission;
pub(crate) mod session;
pub(crate) mod setup_link;
pub mod token;

pub use caller::{Caller, ClientIp, Credential, Identity};
pub use setup_link::setup_link;
pub use permission::{Permission, Permit, Role, may};
