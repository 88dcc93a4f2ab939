//! Reads the account, its App and its numbers as the carrier has them, and says of each how it differs.

use std::collections::BTreeMap;

use offhook_core::id::OrgId;
use offhook_store::Error;
use offhook_store::numbers::{self as store, Number};
use offhook_twilio::host::Region;
use offhook_twilio::rest::{account as rest, number, route, service};

use super::{Item, Kind, Report};
use crate::app::App;
use crate::carrier::numbers::{fallback_of, find, is_fax, is_set};
use crate::carrier::twiml_app::{self, AppState};
use crate::carrier::wiring::{Leads, Wiring, unreachable};
use crate::carrier::{Account, SendError, SetUpError, all_of, keep, verify};
use crate::webhooks::urls::Door;

/// How many numbers are asked about at once.
const AT_ONCE: usize = 6;
/// So many Messaging Services are looked through.
const SERVICES: usize = 20;

/// By PN sid, the Messaging Service that answers a number's messages.
type Services = BTreeMap<String, String>;

/// Reads how everything of an organization stands at the carrier.
///
/// # Errors
/// When our own rows cannot be read. A carrier that does not answer is an item.
pub async fn read(app: &App, org: &OrgId) -> Result<Report, Error> {
    let accounts = all_of(&app.db, &app.keys, org).await?;
    let numbers = app.db.read(org, async |tx| store::list(tx).await).await?;
    let mut items = Vec::new();
    for account in &accounts {
        if !read_account(app, account, &mut items).await? {
            continue;
        }
        if account.in_use || account.twiml_app_sid.is_some() {
            items.push(read_app(app, account).await?);
        }
        let services = services(app, account).await;
        let in_use = accounts.iter().find(|account| account.in_use);
        let asking = Asking {
            app,
            account,
            in_use: in_use.unwrap_or(account),
            services: &services,
        };
        let mut reading = Vec::new();
        for number in &numbers {
            if number.carrier == account.id {
                reading.push(asking.number(number));
            }
        }
        while !reading.is_empty() {
            let now = reading.split_off(reading.len().saturating_sub(AT_ONCE));
            let found = futures_util::future::join_all(now).await;
            items.extend(found.into_iter().flatten());
        }
    }
    Ok(Report::of(app.clock.now(), items))
}

fn label(account: &Account) -> String {
    format!("{} in {}", account.account_sid, account.in_region().place())
}

/// The token, the state and the key; `false` where nothing more can be asked.
async fn read_account(app: &App, account: &Account, items: &mut Vec<Item>) -> Result<bool, Error> {
    let item = |what: &str| {
        Item::good(
            Kind::Account,
            format!("account:{}:{what}", account.id),
            &label(account),
        )
    };
    let found = match app
        .carrier
        .send(account, &rest::fetch(&account.account_sid))
        .await
    {
        Ok(found) => found,
        Err(SendError::Refused(refusal)) if refusal.status == 401 => {
            keep::refused(app, account).await?;
            items.push(token_refused(item("token")));
            return Ok(false);
        }
        Err(error) => {
            items.push(item("token").wrong(
                format!("The carrier does not answer: {error}"),
                "Check the network and the API's address, then look again.",
            ));
            return Ok(false);
        }
    };
    keep::accepted(app, account).await?;
    items.push(item("token"));
    if let Some(status @ ("suspended" | "closed")) = found.status.as_deref() {
        items.push(item("status").wrong(
            format!("The account is {status}."),
            "Settle what is open at Twilio or talk to its support; a suspended parent account counts too.",
        ));
        return Ok(false);
    }
    items.push(match verify::key_opens(app, account).await {
        Some(true) => item("key"),
        Some(false) => item("key")
            .wrong(
                "The API key opens nothing any more: softphones cannot register.",
                "Repair makes a new key.",
            )
            .by_repair(),
        None => item("key")
            .wrong(
                "There is no API key: softphones cannot register.",
                "Repair makes one.",
            )
            .by_repair(),
    });
    if let Some(nowhere) = unreachable(&app.config, account) {
        items.push(item("address").wrong(
            nowhere,
            "Set PUBLIC_URL to the address under which Twilio reaches this server.",
        ));
        return Ok(false);
    }
    Ok(true)
}

/// All signatures fail and REST says 401: somebody changed the token in Twilio's console.
fn token_refused(item: Item) -> Item {
    item.wrong(
        "Twilio no longer takes the stored auth token: it was changed in Twilio's console. Until the new one is entered here, calls are refused at our door, because nobody can tell who sent them.",
        "Copy the new auth token from the first page of Twilio's console into Settings, Carrier. Next time change it here: then not one call is refused.",
    )
}

async fn read_app(app: &App, account: &Account) -> Result<Item, Error> {
    let item = Item::good(
        Kind::TwimlApp,
        format!("app:{}", account.id),
        account.twiml_app_sid.as_deref().unwrap_or("TwiML App"),
    );
    let state = match twiml_app::look(app, account).await {
        Ok(state) => state,
        Err(SetUpError::Store(error)) => return Err(error),
        Err(SetUpError::Send(error)) => {
            return Ok(item.wrong(error.to_string(), "Look again in a moment."));
        }
    };
    let wanted = Wiring::of(&app.config, account).doors.bare(Door::Voice);
    let said = verify::app_state(&state);
    let item = match &state {
        AppState::Fits(_) => return Ok(item),
        AppState::None => return Ok(item.note(said.detail)),
        AppState::Stale(found) | AppState::Elsewhere(found) => {
            item.differs(wanted, found.voice_url.as_deref())
        }
        AppState::Gone => item,
    };
    Ok(item
        .wrong(said.detail, said.cure.unwrap_or_default())
        .by_repair())
}

/// Which Messaging Service answers which number's messages; nothing where that cannot be read.
async fn services(app: &App, account: &Account) -> Services {
    let mut found = Services::new();
    let Ok(page) = app.carrier.send(account, &service::list()).await else {
        return found;
    };
    let taking = page
        .items
        .into_iter()
        .filter(|service| !service.use_inbound_webhook_on_number);
    for service in taking.take(SERVICES) {
        let name = service
            .friendly_name
            .clone()
            .unwrap_or_else(|| service.sid.clone());
        let mut next = Some(service::members(&service.sid));
        while let Some(request) = next {
            let Ok(page) = app.carrier.send(account, &request).await else {
                break;
            };
            next = page.next();
            found.extend(
                page.items
                    .into_iter()
                    .map(|member| (member.sid, name.clone())),
            );
        }
    }
    found
}

struct Asking<'a> {
    app: &'a App,
    account: &'a Account,
    in_use: &'a Account,
    services: &'a Services,
}

impl Asking<'_> {
    /// What is wrong with a number; one good item where nothing is.
    async fn number(&self, number: &Number) -> Vec<Item> {
        let item = |what: &str| {
            let id = format!("number:{}:{what}", number.id);
            Item::good(Kind::Number, id, &number.e164).of(number.id.as_str())
        };
        let found = match find(self.app, self.account, number).await {
            Ok(found) => found,
            Err(error) if error.is_gone() => {
                return vec![item("missing").wrong(
                    "The carrier account does not hold this number (any more).",
                    "Remove it here, or connect the account that holds it.",
                )];
            }
            Err(error) => {
                return vec![item("missing").wrong(error.to_string(), "Look again in a moment.")];
            }
        };
        let wiring = Wiring::of(&self.app.config, self.account);
        let mut items = dead_letters(&found, &item);
        items.extend(addresses(&wiring, number, &found, &item));
        items.extend(self.region(number, &item).await);
        if items.iter().all(|item| item.ok) {
            items.insert(0, item("all"));
        }
        items.extend(self.messages(&found, &item));
        items
    }

    /// Calls go to the region that the number is routed to, whatever another region's record says.
    async fn region(&self, number: &Number, item: &impl Fn(&str) -> Item) -> Option<Item> {
        let asked = self
            .app
            .carrier
            .send(self.account, &route::fetch(&number.e164))
            .await;
        let routed = match asked {
            Ok(route) => route
                .voice_region
                .and_then(|region| region.parse().ok())
                .unwrap_or(Region::Us1),
            Err(error) if error.is_gone() => Region::Us1,
            Err(error) => {
                tracing::debug!(%error, "where a number is routed could not be read");
                return None;
            }
        };
        let softphones = self.in_use.in_region();
        let here = self.account.in_region();
        let problem = if routed != here {
            format!(
                "Calls to this number are handled in {}, while this account is set up in {}.",
                routed.place(),
                here.place()
            )
        } else if here != softphones {
            format!(
                "Calls to this number are handled in {}, while softphones are in {}: agents cannot take them, only forwards and voicemail can.",
                here.place(),
                softphones.place()
            )
        } else {
            return None;
        };
        let wrong = item("region")
            .wrong(
                problem,
                format!(
                    "Repair sends its calls to {}; that may take some minutes.",
                    softphones.place()
                ),
            )
            .differs(softphones.as_str(), Some(routed.as_str()));
        Some(wrong.by_repair())
    }

    /// Messages are not calls: what takes them is worth knowing, and no failure.
    fn messages(&self, found: &number::Number, item: &impl Fn(&str) -> Item) -> Option<Item> {
        let taken = if let Some(service) = self.services.get(&found.sid) {
            format!("Messages to this number go to the Messaging Service {service}.")
        } else if is_set(found.sms_application_sid.as_ref()) {
            format!(
                "Messages to this number go to the TwiML App {}.",
                found.sms_application_sid.as_deref().unwrap_or_default()
            )
        } else {
            return None;
        };
        Some(item("messages").note(taken))
    }
}

/// What makes the number's own address a dead letter.
fn dead_letters(found: &number::Number, item: &impl Fn(&str) -> Item) -> Vec<Item> {
    let mut items = Vec::new();
    if is_set(found.trunk_sid.as_ref()) {
        let trunk = item("trunk").wrong(
            "The number hangs on a SIP trunk: calls go there, and the number's own address is not asked.",
            "Repair takes it off the trunk.",
        );
        items.push(
            trunk
                .differs("no trunk", found.trunk_sid.as_deref())
                .by_repair(),
        );
    }
    if is_set(found.voice_application_sid.as_ref()) {
        let app = item("app").wrong(
            "A TwiML App answers this number, and the number's own address is not asked.",
            "Repair takes the App off the number.",
        );
        items.push(
            app.differs("no TwiML App", found.voice_application_sid.as_deref())
                .by_repair(),
        );
    }
    if is_fax(found) {
        let fax = item("fax").wrong(
            "The number takes faxes, no calls.",
            "Repair sets it to calls.",
        );
        items.push(fax.differs("voice", Some("fax")).by_repair());
    }
    if !found.capabilities.voice && (found.capabilities.sms || found.capabilities.mms) {
        items.push(item("voice").wrong(
            "This number cannot take calls at all.",
            "Use it for messages only, or buy one that can.",
        ));
    }
    items
}

fn addresses(
    wiring: &Wiring,
    ours: &Number,
    found: &number::Number,
    item: &impl Fn(&str) -> Item,
) -> Vec<Item> {
    let mut items = Vec::new();
    let voice = found.voice_url.as_deref();
    let wanted = wiring.address(voice, Door::Voice);
    let wrong = |problem: String| {
        let wrong = item("voice_url").wrong(problem, "Repair sets the addresses of this server.");
        Some(wrong.differs(wanted.clone(), voice).by_repair())
    };
    items.extend(match wiring.leads(voice, Door::Voice) {
        Leads::Here(_) if is_get(found.voice_method.as_deref()) => {
            wrong("Calls ask by GET, where what they say cannot be checked as it should.".into())
        }
        Leads::Here(_) => None,
        Leads::Before => wrong("Calls go to the address that this server had before.".into()),
        Leads::Nowhere => wrong("Calls to this number go nowhere.".into()),
        Leads::Redirects => wrong("Calls go to an address that only redirects here: a redirect loses what the carrier says.".into()),
        Leads::Elsewhere => wrong("Calls to this number go to somebody else's address.".into()),
    });
    let status = found.status_callback.as_deref();
    let bad_method = is_get(found.status_callback_method.as_deref());
    if !matches!(wiring.leads(status, Door::Status), Leads::Here(_)) || bad_method {
        let wrong = item("status_callback").wrong(
            "The ends of calls are not told to us: a call that is given up while it rings would be noticed late.",
            "Repair sets the address.",
        );
        items.push(
            wrong
                .differs(wiring.doors.bare(Door::Status), status)
                .by_repair(),
        );
    }
    let calls_here = items.is_empty();
    let fallback = found.voice_fallback_url.as_deref();
    let safe = fallback_of(wiring, ours);
    if calls_here && !same(fallback, &safe) {
        let note = item("fallback").note("When a door of ours fails, callers hear an error of the carrier's; Repair sets a fallback.");
        items.push(note.differs(safe, fallback).by_repair());
    } else if calls_here && voice.is_some_and(|url| !url.contains('#')) {
        let note = item("retries").note(
            "The carrier does not try again when we answer late or not at all; Repair asks it to.",
        );
        items.push(note.differs(wanted, voice).by_repair());
    }
    items
}

fn is_get(method: Option<&str>) -> bool {
    method == Some("GET")
}

/// The same address, whatever it says about retries.
fn same(found: Option<&str>, wanted: &str) -> bool {
    let bare = |url: &str| url.split('#').next().unwrap_or_default().to_owned();
    found.map(bare) == Some(bare(wanted))
}
