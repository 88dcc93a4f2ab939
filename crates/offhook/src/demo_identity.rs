//! The demo's secrets and numbers: made once for a data folder, so that a restart finds the same organization.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rand::Rng as _;
use serde::{Deserialize, Serialize};

/// A Twilio-like account of the demo.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DemoAccount {
    pub(crate) account_sid: String,
    pub(crate) auth_token: String,
    pub(crate) api_key_sid: String,
    pub(crate) api_key_secret: String,
    pub(crate) application_sid: String,
    pub(crate) numbers: Vec<DemoNumber>,
}

/// A number of such an account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DemoNumber {
    pub(crate) sid: String,
    pub(crate) phone_number: String,
}

/// All that a data folder's demo keeps beside its database.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DemoIdentity {
    pub(crate) encryption_key: String,
    pub(crate) password: String,
    pub(crate) organization: DemoAccount,
    pub(crate) customers: DemoAccount,
}

const FILE: &str = "demo.json";
/// Numbers of a fictional range, which nobody in the world owns.
const OUR_NUMBERS: [&str; 2] = ["+14155550100", "+14155550101"];
const CUSTOMER_NUMBERS: [&str; 4] = [
    "+12125550142",
    "+12125550143",
    "+13105550177",
    "+17735550198",
];

impl DemoIdentity {
    /// Reads the folder's identity, or makes and keeps a new one.
    pub(crate) fn of(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        if let Ok(text) = std::fs::read_to_string(&file) {
            return serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged; start with --fresh", file.display()));
        }
        let made = Self::new();
        write_for_owner(&file, &serde_json::to_string_pretty(&made)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(made)
    }

    /// Whether a folder was made by a demo.
    pub(crate) fn lies_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    fn new() -> Self {
        Self {
            encryption_key: hex(64),
            password: format!("demo-{}", hex(8)),
            organization: account(&OUR_NUMBERS),
            customers: account(&CUSTOMER_NUMBERS),
        }
    }
}

/// It holds tokens and keys: nobody else on this machine reads it.
fn write_for_owner(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

fn account(numbers: &[&str]) -> DemoAccount {
    DemoAccount {
        account_sid: format!("AC{}", hex(32)),
        auth_token: hex(32),
        api_key_sid: format!("SK{}", hex(32)),
        api_key_secret: hex(32),
        application_sid: format!("AP{}", hex(32)),
        numbers: numbers
            .iter()
            .map(|number| DemoNumber {
                sid: format!("PN{}", hex(32)),
                phone_number: (*number).to_owned(),
            })
            .collect(),
    }
}

fn hex(length: usize) -> String {
    let mut random = rand::rng();
    (0..length)
        .map(|_| char::from_digit(random.random_range(0..16), 16).expect("below 16"))
        .collect()
}
