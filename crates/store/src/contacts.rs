//! Contacts with their phones and e-mails.

use std::collections::HashMap;

use offhook_core::Time;
use offhook_core::id::ContactId;
use serde::{Deserialize, Serialize};

use crate::dynamic::{Statement, anywhere, run};
use crate::error::{Error, Result};
use crate::page::{Listed, Page};
use crate::row;
use crate::time::{micros, moment};
use crate::tx::{Tx, sql};

const TABLE: &str = "contacts";

/// A person or company outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Lead, customer or other.
    pub kind: ContactKind,
    /// Its name.
    pub name: String,
    /// The company.
    pub company: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Its phones, the main one first.
    pub phones: Vec<Phone>,
    /// Its e-mails, lower case, the main one first.
    pub emails: Vec<String>,
    /// When it was added.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// A phone of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// E.164.
    pub e164: String,
    /// For example `mobile`.
    pub label: Option<String>,
}

/// What a contact is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Not a customer yet.
    #[default]
    Lead,
    /// A customer.
    Customer,
    /// Anybody else.
    Other,
}

/// A contact's name as a call shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactName {
    /// Its id.
    pub id: ContactId,
    /// Its name.
    pub name: String,
    /// The company.
    pub company: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ContactRow {
    id: String,
    kind: String,
    name: String,
    company: Option<String>,
    note: Option<String>,
    created_at: i64,
    updated_at: i64,
    /// Its place by name: how the text that is searched begins.
    place: String,
}

impl TryFrom<ContactRow> for Contact {
    type Error = Error;
    fn try_from(r: ContactRow) -> Result<Self> {
        Ok(Self {
            id: row::id(TABLE, r.id)?,
            kind: row::from_word(TABLE, r.kind)?,
            name: r.name,
            company: r.company,
            note: r.note,
            phones: Vec::new(),
            emails: Vec::new(),
            created_at: moment(TABLE, r.created_at)?,
            updated_at: moment(TABLE, r.updated_at)?,
        })
    }
}

/// Adds a contact, or changes it; its phones and e-mails become exactly these.
pub async fn save(tx: &mut Tx, contact: &Contact) -> Result<()> {
    let org = tx.org();
    let id = contact.id.as_str();
    sql!(tx, execute, "
        INSERT INTO contacts (org_id, id, kind, name, company, note, search, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (org_id, id) DO UPDATE SET kind = excluded.kind, name = excluded.name, company = excluded.company,
            note = excluded.note, search = excluded.search, updated_at = excluded.updated_at",
        &*org, id, row::word(&contact.kind), &contact.name, contact.company.as_deref(), contact.note.as_deref(),
        search_text(contact), micros(contact.created_at), micros(contact.updated_at))?;
    sql!(
        tx,
        execute,
        "DELETE FROM contact_phones WHERE org_id = $1 AND contact_id = $2",
        &*org,
        id
    )?;
    sql!(
        tx,
        execute,
        "DELETE FROM contact_emails WHERE org_id = $1 AND contact_id = $2",
        &*org,
        id
    )?;
    for (phone, position) in contact.phones.iter().zip(0_i64..) {
        sql!(tx, execute, "
            INSERT INTO contact_phones (org_id, contact_id, e164, label, position) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING",
            &*org, id, &phone.e164, phone.label.as_deref(), position)?;
    }
    for (email, position) in contact.emails.iter().zip(0_i64..) {
        sql!(
            tx,
            execute,
            "
            INSERT INTO contact_emails (org_id, contact_id, email, position) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING",
            &*org,
            id,
            email.to_lowercase(),
            position
        )?;
    }
    Ok(())
}

/// Removes a contact from lists and look-ups; calls keep naming it.
pub async fn remove(tx: &mut Tx, id: &ContactId, now: Time) -> Result<()> {
    let org = tx.org();
    sql!(
        tx,
        execute,
        "DELETE FROM contact_phones WHERE org_id = $1 AND contact_id = $2",
        &*org,
        id.as_str()
    )?;
    sql!(
        tx,
        execute,
        "DELETE FROM contact_emails WHERE org_id = $1 AND contact_id = $2",
        &*org,
        id.as_str()
    )?;
    let rows = sql!(
        tx,
        execute,
        "
        UPDATE contacts SET deleted_at = $3 WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL",
        &*org,
        id.as_str(),
        micros(now)
    )?;
    row::changed(rows)
}

/// The contact with this id.
pub async fn get(tx: &mut Tx, id: &ContactId) -> Result<Contact> {
    let org = tx.org();
    let found = sql!(
        tx,
        fetch_optional::<ContactRow>,
        "
        SELECT id, kind, name, company, note, created_at, updated_at, substr(search, 1, 100) AS place
        FROM contacts WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL",
        &*org,
        id.as_str()
    )?
    .ok_or(Error::NotFound)?;
    let mut contacts = [Contact::try_from(found)?];
    fill(tx, &mut contacts).await?;
    let [contact] = contacts;
    Ok(contact)
}

/// How [`by_phone`] asks, so that a test can ask the engines how they would answer.
#[doc(hidden)]
pub const BY_PHONE: &str = "
    SELECT c.id, c.name, c.company FROM contact_phones p
    JOIN contacts c ON c.org_id = p.org_id AND c.id = p.contact_id
    WHERE p.org_id = $1 AND p.e164 = $2 ORDER BY c.updated_at DESC, c.id LIMIT 1";

/// The contact that a phone belongs to; of several the one changed last.
pub async fn by_phone(tx: &mut Tx, e164: &str) -> Result<Option<ContactName>> {
    let org = tx.org();
    sql!(
        tx,
        fetch_optional::<(String, String, Option<String>)>,
        BY_PHONE,
        &*org,
        e164
    )?
    .map(|(id, name, company)| {
        Ok(ContactName {
            id: row::id(TABLE, id)?,
            name,
            company,
        })
    })
    .transpose()
}

/// How a list of contacts is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// By name, then company.
    Name,
}

/// Contacts; `q` finds parts of names, companies, e-mails and phone numbers in any format.
pub async fn list(
    tx: &mut Tx,
    q: Option<&str>,
    kind: Option<ContactKind>,
    order: Order,
    page: &Page,
) -> Result<Listed<Contact>> {
    let org = tx.org();
    let mut s = Statement::default();
    s.add(
        "
        SELECT id, kind, name, company, note, created_at, updated_at, substr(search, 1, 100) AS place
        FROM contacts WHERE org_id = ? AND deleted_at IS NULL",
        [(&*org).into()],
    );
    s.when(" AND kind = ?", kind.map(|k| row::word(&k)).as_deref());
    for term in search_terms(q.unwrap_or_default()) {
        s.when(
            " AND search LIKE ? ESCAPE '\\'",
            Some(anywhere(&term).as_str()),
        );
    }
    let limit = [(page.rows() + 1).into()];
    match order {
        Order::Newest => {
            if let Some(p) = page.position()? {
                s.add(
                    " AND (created_at, id) < (?, ?)",
                    [p.at.into(), p.id.as_str().into()],
                );
            }
            s.add(" ORDER BY created_at DESC, id DESC LIMIT ?", limit);
        }
        Order::Name => {
            if let Some(p) = page.named_position()? {
                s.add(
                    " AND (substr(search, 1, 100), id) > (?, ?)",
                    [p.key.as_str().into(), p.id.as_str().into()],
                );
            }
            s.add(" ORDER BY substr(search, 1, 100), id LIMIT ?", limit);
        }
    }
    let rows = run!(tx, fetch_all::<ContactRow>, s)?;
    let rows = rows
        .into_iter()
        .map(|row| Ok((row.place.clone(), Contact::try_from(row)?)))
        .collect::<Result<Vec<_>>>()?;
    let cut = match order {
        Order::Newest => page.cut(rows, |(_, c)| (c.created_at, c.id.to_string())),
        Order::Name => page.cut_named(rows, |(place, c)| (place.clone(), c.id.to_string())),
    };
    let mut items: Vec<Contact> = cut.items.into_iter().map(|(_, contact)| contact).collect();
    fill(tx, &mut items).await?;
    Ok(Listed {
        items,
        next: cut.next,
    })
}

/// Reads the phones and e-mails of contacts in two queries, however many there are.
async fn fill(tx: &mut Tx, contacts: &mut [Contact]) -> Result<()> {
    if contacts.is_empty() {
        return Ok(());
    }
    let org = tx.org();
    let ids: Vec<String> = contacts.iter().map(|c| c.id.to_string()).collect();
    let mut by_id: HashMap<String, &mut Contact> =
        contacts.iter_mut().map(|c| (c.id.to_string(), c)).collect();

    let mut s = Statement::default();
    s.add(
        "SELECT contact_id, e164, label FROM contact_phones WHERE org_id = ? AND contact_id IN ",
        [(&*org).into()],
    );
    s.list(ids.iter().map(|id| id.as_str().into()))
        .add(" ORDER BY contact_id, position", []);
    for (id, e164, label) in run!(tx, fetch_all::<(String, String, Option<String>)>, s)? {
        if let Some(contact) = by_id.get_mut(&id) {
            contact.phones.push(Phone { e164, label });
        }
    }
    let mut s = Statement::default();
    s.add(
        "SELECT contact_id, email FROM contact_emails WHERE org_id = ? AND contact_id IN ",
        [(&*org).into()],
    );
    s.list(ids.iter().map(|id| id.as_str().into()))
        .add(" ORDER BY contact_id, position", []);
    for (id, email) in run!(tx, fetch_all::<(String, String)>, s)? {
        if let Some(contact) = by_id.get_mut(&id) {
            contact.emails.push(email);
        }
    }
    Ok(())
}

/// What `q` looks in: words in lower case, phones as digits.
fn search_text(contact: &Contact) -> String {
    let mut parts = vec![contact.name.to_lowercase()];
    parts.extend(contact.company.as_ref().map(|c| c.to_lowercase()));
    parts.extend(contact.emails.iter().map(|e| e.to_lowercase()));
    parts.extend(contact.phones.iter().map(|p| digits(&p.e164)));
    parts.join(" ")
}

/// The words of `q`; a phone number in any format is one word of digits, without the zeros that stand for a country or trunk.
pub(crate) fn search_terms(q: &str) -> Vec<String> {
    let number = digits(q);
    if number.len() >= 3
        && q.chars()
            .all(|c| c.is_ascii_digit() || " +-()./".contains(c))
    {
        return vec![number.trim_start_matches('0').to_owned()];
    }
    q.to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::search_terms;

    #[test]
    fn a_phone_number_in_any_format_is_one_term() {
        assert_eq!(search_terms("+1 (555) 010-0199"), ["15550100199"]);
        assert_eq!(search_terms("030 1234567"), ["301234567"]);
        assert_eq!(search_terms("Ada LOVELACE"), ["ada", "lovelace"]);
        assert!(search_terms("  ").is_empty());
    }
}
