//! TwiML applications.

use super::Engine;
use super::error::RestError;
use super::voice_hooks::{HooksChange, SmsHooks, SmsHooksChange, VoiceHooks, check_url, set};
use crate::seam::{Sid, Time};

/// The most applications of an account.
const APPLICATIONS: usize = 1000;
/// The longest name of a resource.
const LONGEST_NAME: usize = 64;

/// A TwiML application.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Application {
    /// `AP…`.
    pub sid: Sid,
    /// The owner.
    pub account_sid: Sid,
    /// Its name; not unique.
    pub friendly_name: String,
    /// Where its calls go.
    pub hooks: VoiceHooks,
    /// Where its messages go.
    pub sms: SmsHooks,
    /// Told how messages fare, in the old way; empty for none.
    pub sms_status_callback: String,
    /// Told how messages fare; empty for none.
    pub message_status_callback: String,
    /// Whether a caller's name is looked up.
    pub voice_caller_id_lookup: bool,
    /// Whether other accounts may connect to it.
    pub public_connect: bool,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
}

/// A new application or a change to one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationChange {
    /// Its name.
    pub friendly_name: Option<String>,
    /// Its hooks.
    pub hooks: HooksChange,
    /// Its hooks for messages.
    pub sms: SmsHooksChange,
    /// See [`Application::sms_status_callback`].
    pub sms_status_callback: Option<String>,
    /// See [`Application::message_status_callback`].
    pub message_status_callback: Option<String>,
    /// See [`Application::voice_caller_id_lookup`].
    pub voice_caller_id_lookup: Option<bool>,
    /// See [`Application::public_connect`].
    pub public_connect: Option<bool>,
}

impl Engine {
    /// Makes a TwiML application.
    pub fn create_application(
        &mut self,
        now: Time,
        account: &str,
        change: ApplicationChange,
    ) -> Result<Application, RestError> {
        let sid = self.ids.sid("AP");
        let applications = &mut self.account_mut(account)?.applications;
        if applications.len() >= APPLICATIONS {
            return Err(RestError::invalid(
                21301,
                format!("You have reached the maximum number of {APPLICATIONS} applications"),
            ));
        }
        let blank = Application {
            sid: sid.clone(),
            account_sid: account.to_owned(),
            date_created: now,
            ..Application::default()
        };
        let made = changed(now, blank, change)?;
        applications.insert(sid, made.clone());
        Ok(made)
    }

    /// Changes a TwiML application.
    pub fn update_application(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: ApplicationChange,
    ) -> Result<Application, RestError> {
        let application = self
            .account_mut(account)?
            .applications
            .get_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        *application = changed(now, application.clone(), change)?;
        Ok(application.clone())
    }

    /// Deletes a TwiML application.
    pub fn delete_application(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.account_mut(account)?
            .applications
            .remove(sid)
            .map(|_| ())
            .ok_or_else(|| RestError::not_found(sid))
    }
}

fn changed(
    now: Time,
    application: Application,
    change: ApplicationChange,
) -> Result<Application, RestError> {
    let mut next = application;
    next.hooks = change.hooks.applied(&next.hooks)?;
    next.sms = change.sms.applied(&next.sms)?;
    set(&mut next.friendly_name, change.friendly_name);
    check_name(&next.friendly_name)?;
    set(&mut next.sms_status_callback, change.sms_status_callback);
    set(
        &mut next.message_status_callback,
        change.message_status_callback,
    );
    check_url("SmsStatusCallback", &next.sms_status_callback)?;
    check_url("MessageStatusCallback", &next.message_status_callback)?;
    set(
        &mut next.voice_caller_id_lookup,
        change.voice_caller_id_lookup,
    );
    set(&mut next.public_connect, change.public_connect);
    next.date_updated = now;
    Ok(next)
}

/// A name of at most 64 characters.
pub(super) fn check_name(name: &str) -> Result<(), RestError> {
    if name.chars().count() <= LONGEST_NAME {
        return Ok(());
    }
    Err(RestError::invalid(
        20001,
        format!("FriendlyName is longer than {LONGEST_NAME} characters"),
    ))
}
