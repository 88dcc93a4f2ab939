//! Bundles: an end user and documents together, as a regulation demands them; reviewed, then numbers can be bought with them.

use super::super::Engine;
use super::super::error::RestError;
use super::super::hooks::param;
use super::super::stock::NumberKind;
use super::super::voice_hooks::{check_url, set};
use super::evaluation::{Evaluation, evaluate};
use super::regulations::{EndUserKind, Regulation, regulation, regulations};
use crate::seam::{Sid, Time};

/// The most items of a bundle, and the most evaluations that are kept.
const ITEMS: usize = 50;

/// Where a bundle stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BundleStatus {
    /// Being put together.
    #[default]
    Draft,
    /// Handed in.
    PendingReview,
    /// Looked at.
    InReview,
    /// Refused.
    Rejected,
    /// Good.
    Approved,
    /// Good for the time being.
    ProvisionallyApproved,
}

impl BundleStatus {
    const ALL: [Self; 6] = [
        Self::Draft,
        Self::PendingReview,
        Self::InReview,
        Self::Rejected,
        Self::Approved,
        Self::ProvisionallyApproved,
    ];

    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::PendingReview => "pending-review",
            Self::InReview => "in-review",
            Self::Rejected => "twilio-rejected",
            Self::Approved => "twilio-approved",
            Self::ProvisionallyApproved => "provisionally-approved",
        }
    }

    /// What Twilio's word means.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether numbers can be bought with it.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Approved | Self::ProvisionallyApproved)
    }
}

/// A paper in a bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// `BV…`.
    pub sid: Sid,
    /// The end user or document.
    pub object_sid: Sid,
    /// Since when.
    pub date_created: Time,
}

/// A bundle.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bundle {
    /// `BU…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// What it has to fulfil; empty where nobody said.
    pub regulation_sid: Sid,
    /// Its name.
    pub friendly_name: String,
    /// Where it stands.
    pub status: BundleStatus,
    /// Why it was refused; empty for no reason.
    pub failure_reason: String,
    /// Until when it is good.
    pub valid_until: Option<Time>,
    /// Who is told.
    pub email: String,
    /// Told what becomes of it; empty for nobody.
    pub status_callback: String,
    /// What is in it.
    pub items: Vec<Item>,
    /// How it fared, oldest first.
    pub evaluations: Vec<Evaluation>,
    /// The bundle that it is a copy of; empty for none.
    pub copy_of: Sid,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

impl Bundle {
    /// What it has to fulfil.
    pub fn regulation(&self) -> Option<Regulation> {
        regulation(&self.regulation_sid)
    }

    /// Whether numbers of this kind and country can be bought with it.
    pub fn allows(&self, iso: &str, kind: NumberKind) -> bool {
        self.status.is_good()
            && self
                .regulation()
                .is_some_and(|rule| rule.country.iso == iso && rule.kind == kind)
    }
}

/// A new bundle or a change to one.
#[derive(Debug, Clone, Default)]
pub struct BundleChange {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Who is told.
    pub email: Option<String>,
    /// Told what becomes of it.
    pub status_callback: Option<String>,
    /// Where it shall stand.
    pub status: Option<BundleStatus>,
}

/// The regulation that a new bundle names, by its SID or by country, kind and user.
pub fn chosen(
    sid: Option<&str>,
    iso: Option<&str>,
    kind: Option<&str>,
    end_user: Option<&str>,
) -> Result<Option<Sid>, RestError> {
    if let Some(sid) = sid {
        return match regulation(sid) {
            Some(_) => Ok(Some(sid.to_owned())),
            None => Err(RestError::invalid(
                20001,
                format!("RegulationSid {sid} is not a regulation"),
            )),
        };
    }
    let Some(iso) = iso else { return Ok(None) };
    let user = end_user.and_then(EndUserKind::read).unwrap_or_default();
    let fits = |rule: &Regulation| {
        rule.country.iso.eq_ignore_ascii_case(iso)
            && rule.end_user == user
            && kind.is_none_or(|kind| rule.kind.in_regulations() == kind)
    };
    match regulations().find(fits) {
        Some(rule) => Ok(Some(rule.sid())),
        None => Err(RestError::invalid(
            20001,
            "There is no regulation for that country, number type and end user type",
        )),
    }
}

impl Engine {
    /// Makes a bundle.
    pub fn create_bundle(
        &mut self,
        now: Time,
        account: &str,
        regulation: Option<Sid>,
        change: BundleChange,
    ) -> Result<Bundle, RestError> {
        let sid = self.ids.sid("BU");
        check_url(
            "StatusCallback",
            change.status_callback.as_deref().unwrap_or_default(),
        )?;
        let bundles = &mut self.account_mut(account)?.papers.bundles;
        super::room_for(bundles)?;
        let made = Bundle {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            regulation_sid: regulation.unwrap_or_default(),
            friendly_name: change.friendly_name.unwrap_or_default(),
            email: change.email.unwrap_or_default(),
            status_callback: change.status_callback.unwrap_or_default(),
            date_created: now,
            date_updated: now,
            ..Bundle::default()
        };
        bundles.insert(sid, made.clone());
        Ok(made)
    }

    fn bundle_mut(&mut self, account: &str, sid: &str) -> Result<&mut Bundle, RestError> {
        self.account_mut(account)?
            .papers
            .bundles
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(&format!("/v2/RegulatoryCompliance/Bundles/{sid}")))
    }

    /// One bundle.
    pub fn bundle(&self, account: &str, sid: &str) -> Option<&Bundle> {
        self.account(account)?.papers.bundles.get(sid)
    }

    /// Renames a bundle, or hands it in.
    pub fn update_bundle(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: BundleChange,
    ) -> Result<Bundle, RestError> {
        let held = self.bundle_mut(account, sid)?.clone();
        check_url(
            "StatusCallback",
            change.status_callback.as_deref().unwrap_or_default(),
        )?;
        let next = change.status.filter(|next| *next != held.status);
        if let Some(next) = next {
            use BundleStatus::{Draft, InReview, PendingReview, Rejected};
            let legal = matches!(
                (held.status, next),
                (Draft | Rejected, PendingReview) | (PendingReview | InReview | Rejected, Draft)
            );
            if !legal {
                return Err(RestError::invalid(
                    20001,
                    format!(
                        "A bundle that is {} cannot become {}",
                        held.status.as_str(),
                        next.as_str()
                    ),
                ));
            }
            if next == PendingReview && !self.judged(account, &held).0 {
                return Err(RestError::invalid(
                    20001,
                    "The bundle does not fulfil its regulation; evaluate it to see why",
                ));
            }
        }
        let bundle = self.bundle_mut(account, sid)?;
        set(&mut bundle.friendly_name, change.friendly_name);
        set(&mut bundle.email, change.email);
        set(&mut bundle.status_callback, change.status_callback);
        bundle.date_updated = now;
        if let Some(next) = next {
            self.set_bundle_status(now, account, sid, next, "")?;
        }
        self.bundle_mut(account, sid).cloned()
    }

    /// What the authorities decide.
    pub fn review_bundle(
        &mut self,
        now: Time,
        sid: &str,
        status: BundleStatus,
        reason: &str,
    ) -> Result<Bundle, RestError> {
        self.at(now);
        let account = self
            .accounts()
            .find(|account| account.papers.bundles.contains_key(sid))
            .map(|account| account.sid.clone())
            .ok_or_else(|| RestError::not_found(sid))?;
        self.set_bundle_status(now, &account, sid, status, reason)?;
        self.settle();
        self.bundle_mut(&account, sid).cloned()
    }

    fn set_bundle_status(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        status: BundleStatus,
        reason: &str,
    ) -> Result<(), RestError> {
        let bundle = self.bundle_mut(account, sid)?;
        bundle.status = status;
        reason.clone_into(&mut bundle.failure_reason);
        bundle.date_updated = now;
        let (callback, items) = (bundle.status_callback.clone(), bundle.items.clone());
        let paper = match status {
            BundleStatus::Draft => "draft",
            BundleStatus::PendingReview | BundleStatus::InReview => "pending-review",
            BundleStatus::Rejected => "rejected",
            BundleStatus::Approved | BundleStatus::ProvisionallyApproved => "approved",
        };
        let documents = &mut self.account_mut(account)?.papers.documents;
        for item in items {
            if let Some(document) = documents.get_mut(&item.object_sid) {
                paper.clone_into(&mut document.status);
                document.date_updated = now;
            }
        }
        if !callback.is_empty() && status != BundleStatus::Draft {
            let mut params = vec![
                param("AccountSid", account),
                param("BundleSid", sid),
                param("Status", status.as_str()),
            ];
            if !reason.is_empty() {
                params.push(param("FailureReason", reason));
            }
            self.tell(
                format!("bundle {sid}"),
                account.to_owned(),
                &callback,
                "POST",
                params,
            );
        }
        Ok(())
    }

    /// Deletes a bundle that no number needs.
    pub fn delete_bundle(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.bundle_mut(account, sid)?;
        let account = self.account_mut(account)?;
        if account
            .numbers
            .values()
            .any(|number| number.bundle_sid == sid)
        {
            return Err(RestError::invalid(
                20001,
                "Phone numbers depend on this bundle; it cannot be deleted",
            ));
        }
        account.papers.bundles.remove(sid);
        Ok(())
    }

    /// Puts a paper into a bundle.
    pub fn assign_item(
        &mut self,
        now: Time,
        account: &str,
        bundle: &str,
        object: &str,
    ) -> Result<Item, RestError> {
        self.bundle_mut(account, bundle)?;
        let papers = &self.account_mut(account)?.papers;
        if !papers.end_users.contains_key(object) && !papers.documents.contains_key(object) {
            return Err(RestError::invalid(
                22205,
                format!("{object} is no end user and no document of this account"),
            ));
        }
        let item = Item {
            sid: self.ids.sid("BV"),
            object_sid: object.to_owned(),
            date_created: now,
        };
        let bundle = self.bundle_mut(account, bundle)?;
        if bundle.status != BundleStatus::Draft && bundle.status != BundleStatus::Rejected {
            return Err(RestError::invalid(20001, "Only a draft can be changed"));
        }
        if bundle.items.len() >= ITEMS || bundle.items.iter().any(|item| item.object_sid == object)
        {
            return Err(RestError::invalid(
                20001,
                "The bundle holds it already, or holds too much",
            ));
        }
        bundle.items.push(item.clone());
        bundle.date_updated = now;
        Ok(item)
    }

    /// Takes a paper out of a bundle.
    pub fn remove_item(
        &mut self,
        now: Time,
        account: &str,
        bundle: &str,
        sid: &str,
    ) -> Result<(), RestError> {
        let bundle = self.bundle_mut(account, bundle)?;
        let place = bundle
            .items
            .iter()
            .position(|item| item.sid == sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if bundle.status != BundleStatus::Draft && bundle.status != BundleStatus::Rejected {
            return Err(RestError::invalid(20001, "Only a draft can be changed"));
        }
        bundle.items.remove(place);
        bundle.date_updated = now;
        Ok(())
    }

    /// Holds a bundle against its regulation.
    pub fn evaluate_bundle(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
    ) -> Result<Evaluation, RestError> {
        let held = self.bundle_mut(account, sid)?.clone();
        if held.regulation().is_none() {
            return Err(RestError::invalid(20001, "The bundle has no regulation"));
        }
        let (is_compliant, results) = self.judged(account, &held);
        let evaluation = Evaluation {
            sid: self.ids.sid("EL"),
            is_compliant,
            results,
            date_created: now,
        };
        let bundle = self.bundle_mut(account, sid)?;
        if bundle.evaluations.len() >= ITEMS {
            bundle.evaluations.remove(0);
        }
        bundle.evaluations.push(evaluation.clone());
        Ok(evaluation)
    }

    fn judged(&self, account: &str, bundle: &Bundle) -> (bool, Vec<serde_json::Value>) {
        match (self.account(account), bundle.regulation()) {
            (Some(account), Some(rule)) => evaluate(&rule, bundle, &account.papers),
            _ => (false, Vec::new()),
        }
    }

    /// Copies a bundle, as a draft that can be changed.
    pub fn copy_bundle(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        name: Option<String>,
    ) -> Result<Bundle, RestError> {
        let copy = self.bundle_mut(account, sid)?.clone();
        super::room_for(&self.account_mut(account)?.papers.bundles)?;
        let items = copy.items.iter().map(|item| Item {
            sid: self.ids.sid("BV"),
            ..item.clone()
        });
        let items = items.collect();
        let made = Bundle {
            sid: self.ids.sid("BU"),
            friendly_name: name.unwrap_or(copy.friendly_name),
            status: BundleStatus::Draft,
            failure_reason: String::new(),
            valid_until: None,
            items,
            evaluations: Vec::new(),
            copy_of: sid.to_owned(),
            date_created: now,
            date_updated: now,
            ..copy
        };
        let bundles = &mut self.account_mut(account)?.papers.bundles;
        bundles.insert(made.sid.clone(), made.clone());
        Ok(made)
    }
}
