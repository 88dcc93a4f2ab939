//! An agent's name at the carrier: `o_<base32>_a_<base32>`. Twilio takes only letters, digits and `_`, 121 at most.

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use offhook_core::id::{OrgId, UserId};
use uuid::Uuid;

/// Whose device it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The organization.
    pub org: OrgId,
    /// The agent.
    pub agent: UserId,
}

impl Identity {
    /// The name for the carrier.
    pub fn name(&self) -> String {
        format!(
            "o_{}_a_{}",
            written(self.org.body()),
            written(self.agent.body())
        )
    }

    /// Reads a name, with or without Twilio's `client:` before it.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        let name = name.strip_prefix("client:").unwrap_or(name);
        let (org, agent) = name.strip_prefix("o_")?.split_once("_a_")?;
        Some(Self {
            org: OrgId::parse(&format!("{}{}", OrgId::PREFIX, read(org)?)).ok()?,
            agent: UserId::parse(&format!("{}{}", UserId::PREFIX, read(agent)?)).ok()?,
        })
    }
}

/// Lower case, so that a name reads like one word.
fn base32() -> Encoding {
    let mut spec: Specification = BASE32_NOPAD.specification();
    spec.symbols.make_ascii_lowercase();
    spec.encoding()
        .expect("32 lower-case letters and digits are an alphabet")
}

/// A UUID is written as its 16 bytes, anything else as its text; the first letter tells which.
fn written(body: &str) -> String {
    match Uuid::try_parse(body)
        .ok()
        .filter(|uuid| uuid.simple().to_string() == body)
    {
        Some(uuid) => format!("u{}", base32().encode(uuid.as_bytes())),
        None => format!("t{}", base32().encode(body.as_bytes())),
    }
}

fn read(text: &str) -> Option<String> {
    let bytes = base32().decode(text.get(1..)?.as_bytes()).ok()?;
    match text.as_bytes()[0] {
        b'u' => Some(Uuid::from_slice(&bytes).ok()?.simple().to_string()),
        b't' => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            org: OrgId::new(Uuid::from_u128(0x0193_5e7a_0000_7000_8000_0000_0000_0001)),
            agent: UserId::new(Uuid::from_u128(0x0193_5e7a_0000_7000_8000_0000_0000_0002)),
        }
    }

    #[test]
    fn t_identity_parse() {
        let name = identity().name();
        assert!(
            name.len() <= 121 && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_'),
            "{name}"
        );
        assert_eq!(Identity::parse(&name), Some(identity()));
        assert_eq!(Identity::parse(&format!("client:{name}")), Some(identity()));
        let plain = Identity {
            org: OrgId::parse("org_demo").unwrap(),
            agent: UserId::parse("user_ana").unwrap(),
        };
        assert_eq!(Identity::parse(&plain.name()), Some(plain));
        for wrong in [
            "",
            "client:",
            "+14155550142",
            "client:agent-7",
            "o_u_a_u",
            "o_é_a_é",
            "o_uaa_a_uaa",
        ] {
            assert_eq!(Identity::parse(wrong), None, "{wrong}");
        }
    }
}
