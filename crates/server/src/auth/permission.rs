//! Who may do what: every permission of the house, and the least role that has it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person is in an organization; each may do all that the ones after it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes and makes calls.
    Agent,
    /// Sees and hears the team's work.
    Supervisor,
    /// Sets things up.
    Admin,
    /// Answers for the organization.
    Owner,
}

impl Role {
    /// The word in rows and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Agent, Self::Supervisor, Self::Admin, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == word)
    }
}

impl From<offhook_store::users::Role> for Role {
    fn from(role: offhook_store::users::Role) -> Self {
        use offhook_store::users::Role as Stored;
        match role {
            Stored::Agent => Self::Agent,
            Stored::Supervisor => Self::Supervisor,
            Stored::Admin => Self::Admin,
            Stored::Owner => Self::Owner,
        }
    }
}

impl From<Role> for offhook_store::users::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Agent => Self::Agent,
            Role::Supervisor => Self::Supervisor,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }
}

/// A permission as a type, so that a handler's signature says which one it needs.
pub trait Permit: Send + Sync + 'static {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident: $role:ident;)+) => {
        /// Everything that a role may allow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Permission {
            $($(#[$doc])* $name,)+
        }

        impl Permission {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The least role that has it.
            pub fn least_role(self) -> Role {
                match self {
                    $(Self::$name => Role::$role,)+
                }
            }
        }

        /// Each permission as a type, for `Caller<may::…>`.
        pub mod may {
            $(
                $(#[$doc])*
                pub struct $name;
                impl super::Permit for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )+
        }
    };
}

permissions! {
    /// The own session, presence, offers and calls; seeing calls, contacts, the team, queues and numbers.
    Work: Agent;
    /// Adding and changing contacts.
    EditContacts: Agent;
    /// Removing contacts.
    DeleteContacts: Supervisor;
    /// Hearing recordings and voicemails of calls that were not one's own.
    HearAll: Supervisor;
    /// Changing the notes, dispositions and state of calls that are not one's own.
    ManageCalls: Supervisor;
    /// Taking lists away as files.
    Export: Supervisor;
    /// Adding, changing and removing queues and their members.
    ManageQueues: Admin;
    /// Adding, changing and removing numbers and their routes.
    ManageNumbers: Admin;
    /// Adding, changing and deactivating people.
    ManageUsers: Admin;
    /// The carrier account.
    ManageCarrier: Admin;
    /// The organization's settings.
    ManageOrganization: Admin;
    /// API keys.
    ManageApiKeys: Admin;
    /// Reading the audit trail.
    ViewAudit: Admin;
    /// Switching the recording notice off.
    SilenceNotice: Owner;
}

impl Permission {
    /// Whether a role has it.
    pub fn granted_to(self, role: Role) -> bool {
        role >= self.least_role()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_everything_and_an_agent_only_work() {
        assert!(Permission::ALL.iter().all(|p| p.granted_to(Role::Owner)));
        let agent: Vec<_> = Permission::ALL
            .iter()
            .filter(|p| p.granted_to(Role::Agent))
            .collect();
        assert_eq!(agent, [&Permission::Work, &Permission::EditContacts]);
    }

    #[test]
    fn roles_are_read_as_they_are_written() {
        for role in [Role::Agent, Role::Supervisor, Role::Admin, Role::Owner] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
