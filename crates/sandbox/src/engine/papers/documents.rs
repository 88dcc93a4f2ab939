//! What bundles are made of: end users and their documents.

use serde_json::Value;

use super::super::Engine;
use super::super::error::RestError;
use super::super::voice_hooks::set;
use super::regulations::{DOCUMENTS, EndUserKind};
use crate::seam::{Sid, Time};

/// A person or a company that uses numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EndUser {
    /// `IT…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// Its name.
    pub friendly_name: String,
    /// Which of both.
    pub kind: EndUserKind,
    /// What is known of it.
    pub attributes: Value,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// A document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// `RD…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// Its name.
    pub friendly_name: String,
    /// Its kind's name for machines.
    pub kind: String,
    /// What it says.
    pub attributes: Value,
    /// `draft`, `pending-review`, `approved`, `rejected`.
    pub status: String,
    /// Why it was rejected; empty for no reason.
    pub failure_reason: String,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// What a paper of this kind is made from or changed by.
#[derive(Debug, Clone, Default)]
pub struct PaperChange {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Its attributes.
    pub attributes: Option<Value>,
}

impl Engine {
    /// Makes an end user.
    pub fn create_end_user(
        &mut self,
        now: Time,
        account: &str,
        kind: EndUserKind,
        change: PaperChange,
    ) -> Result<EndUser, RestError> {
        let sid = self.ids.sid("IT");
        let users = &mut self.account_mut(account)?.papers.end_users;
        super::room_for(users)?;
        let made = EndUser {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            friendly_name: change.friendly_name.unwrap_or_default(),
            kind,
            attributes: change
                .attributes
                .unwrap_or_else(|| Value::Object(serde_json::Map::new())),
            date_created: now,
            date_updated: now,
        };
        users.insert(sid, made.clone());
        Ok(made)
    }

    /// Changes an end user.
    pub fn update_end_user(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: PaperChange,
    ) -> Result<EndUser, RestError> {
        let users = &mut self.account_mut(account)?.papers.end_users;
        let user = users
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        set(&mut user.friendly_name, change.friendly_name);
        set(&mut user.attributes, change.attributes);
        user.date_updated = now;
        Ok(user.clone())
    }

    /// Makes a document.
    pub fn create_document(
        &mut self,
        now: Time,
        account: &str,
        kind: &str,
        change: PaperChange,
    ) -> Result<Document, RestError> {
        if !DOCUMENTS.iter().any(|known| known.machine_name == kind) {
            return Err(RestError::invalid(
                20001,
                format!("Type {kind} is not a known type of document"),
            ));
        }
        let sid = self.ids.sid("RD");
        let documents = &mut self.account_mut(account)?.papers.documents;
        super::room_for(documents)?;
        let made = Document {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            friendly_name: change.friendly_name.unwrap_or_default(),
            kind: kind.to_owned(),
            attributes: change
                .attributes
                .unwrap_or_else(|| Value::Object(serde_json::Map::new())),
            status: "draft".into(),
            failure_reason: String::new(),
            date_created: now,
            date_updated: now,
        };
        documents.insert(sid, made.clone());
        Ok(made)
    }

    /// Changes a document that nobody is looking at.
    pub fn update_document(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: PaperChange,
    ) -> Result<Document, RestError> {
        let documents = &mut self.account_mut(account)?.papers.documents;
        let document = documents
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if matches!(document.status.as_str(), "pending-review" | "approved") {
            return Err(RestError::invalid(
                20001,
                "A document that is reviewed or approved cannot be changed",
            ));
        }
        set(&mut document.friendly_name, change.friendly_name);
        set(&mut document.attributes, change.attributes);
        document.date_updated = now;
        Ok(document.clone())
    }

    /// Deletes an end user or a document that no bundle holds.
    pub fn delete_paper(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        let papers = &mut self.account_mut(account)?.papers;
        let held = papers
            .bundles
            .values()
            .any(|bundle| bundle.items.iter().any(|item| item.object_sid == sid));
        let known = papers.end_users.contains_key(sid) || papers.documents.contains_key(sid);
        if known && held {
            return Err(RestError::invalid(
                20001,
                "A bundle holds it; it cannot be deleted",
            ));
        }
        let gone = papers.end_users.remove(sid).is_some() || papers.documents.remove(sid).is_some();
        if gone {
            Ok(())
        } else {
            Err(RestError::not_found(sid))
        }
    }
}
