//! The REST face of queues.

use super::Engine;
use super::error::RestError;
use super::queues::Queue;
use super::records::{MemberRecord, QueueRecord};
use super::requests::{Fetch, TwimlFrom};
use crate::seam::{Sid, Time};

/// Beyond this Twilio lets no queue grow.
const MAX_MAX_SIZE: usize = 5000;

impl Engine {
    /// One queue.
    pub fn queue(&self, account: &str, sid: &str) -> Option<QueueRecord> {
        self.find_queue(account, sid)
            .ok()
            .map(|queue| self.queue_record(queue))
    }

    /// All queues of an account.
    pub fn queues(&self, account: &str) -> Vec<QueueRecord> {
        let own = self
            .queues
            .iter()
            .filter(|queue| queue.record.account_sid == account);
        own.map(|queue| self.queue_record(queue)).collect()
    }

    fn queue_record(&self, queue: &Queue) -> QueueRecord {
        let mut record = queue.record.clone();
        record.current_size = queue.members.len();
        record.average_wait_time = self.average_wait(queue);
        record
    }

    /// Makes a queue.
    pub fn create_queue(
        &mut self,
        now: Time,
        account: &str,
        name: &str,
        max_size: Option<usize>,
    ) -> Result<QueueRecord, RestError> {
        self.at(now);
        if name.is_empty() || name.len() > 64 {
            return Err(RestError::invalid(
                22004,
                "FriendlyName has 1 to 64 characters",
            ));
        }
        if self
            .queues
            .iter()
            .any(|q| q.record.account_sid == account && q.record.friendly_name == name)
        {
            return Err(RestError::invalid(
                22003,
                format!("a queue named {name} exists"),
            ));
        }
        check_max_size(max_size)?;
        let sid = self.queue_named(account, name);
        self.update_queue(now, account, &sid, None, max_size)
    }

    /// Renames a queue or changes its size.
    pub fn update_queue(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        name: Option<&str>,
        max_size: Option<usize>,
    ) -> Result<QueueRecord, RestError> {
        self.at(now);
        self.find_queue(account, sid)?;
        check_max_size(max_size)?;
        let queue = self
            .queue_mut(sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if let Some(name) = name {
            name.clone_into(&mut queue.record.friendly_name);
        }
        queue.record.max_size = max_size.unwrap_or(queue.record.max_size);
        queue.record.date_updated = now;
        self.queue(account, sid)
            .ok_or_else(|| RestError::not_found(sid))
    }

    /// Deletes an empty queue.
    pub fn delete_queue(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        if !self.find_queue(account, sid)?.members.is_empty() {
            return Err(RestError::invalid(22008, "the queue is not empty"));
        }
        self.queues.retain(|queue| queue.record.sid != sid);
        Ok(())
    }

    /// Who waits, first come first.
    pub fn members(&self, account: &str, queue: &str) -> Vec<MemberRecord> {
        let Ok(queue) = self.find_queue(account, queue) else {
            return Vec::new();
        };
        let record = |(place, member): (usize, &Sid)| {
            let since = self.leg(member)?.waiting()?.since;
            Some(MemberRecord {
                call_sid: member.clone(),
                queue_sid: queue.record.sid.clone(),
                date_enqueued: since,
                position: place + 1,
                wait_time: (self.now - since).num_seconds(),
            })
        };
        queue
            .members
            .iter()
            .enumerate()
            .filter_map(record)
            .collect()
    }

    /// One who waits, by CallSid or `Front`.
    pub fn member(&self, account: &str, queue: &str, call: &str) -> Option<MemberRecord> {
        let members = self.members(account, queue);
        members
            .into_iter()
            .find(|member| call == "Front" || member.call_sid == call)
    }

    /// Takes a member out of the queue, to other TwiML.
    #[expect(
        clippy::too_many_arguments,
        reason = "the request's own parameters, each a plain text"
    )]
    pub fn update_member(
        &mut self,
        now: Time,
        account: &str,
        queue: &str,
        call: &str,
        url: &str,
        method: &str,
    ) -> Result<MemberRecord, RestError> {
        self.at(now);
        self.find_queue(account, queue)?;
        let member = self.member(account, queue, call).ok_or_else(|| RestError {
            status: 404,
            code: 22002,
            message: format!("{call} is not in this queue"),
        })?;
        if !super::account::is_callback_url(url) {
            return Err(RestError::invalid(
                21205,
                format!("Url is not a valid URL: {url}"),
            ));
        }
        let fetch = Fetch {
            url: url.to_owned(),
            method: method.to_owned(),
            ..Fetch::default()
        };
        self.redirect(&member.call_sid, TwimlFrom::Url(fetch));
        self.settle();
        Ok(member)
    }
}

fn check_max_size(max_size: Option<usize>) -> Result<(), RestError> {
    match max_size {
        Some(size) if size == 0 || size > MAX_MAX_SIZE => Err(RestError::invalid(
            22006,
            format!("MaxSize is 1 to {MAX_MAX_SIZE}"),
        )),
        _ => Ok(()),
    }
}
