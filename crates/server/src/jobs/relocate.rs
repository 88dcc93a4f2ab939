//! Sends a leg to another of our doors: out of the carrier's queue, or by redirecting it.

use offhook_core::call::{Event, LegTarget};
use offhook_twilio::rest::call::{self, Instructions};
use offhook_twilio::rest::queue;

use super::control::{After, Control};
use crate::carrier::SendError;
use crate::webhooks::urls::Door;

impl Control<'_> {
    /// Takes the customer out of the carrier's queue; a refusal means that the caller is gone.
    pub(super) async fn dequeue(&self, sid: &str, turn: u32) -> After {
        let url = self.doors.at_turn(Door::Room, &self.call.id, turn);
        let Some(name) = self.waiting_place() else {
            return moved(
                sid,
                turn,
                Err(SendError::NotSent("the call waits in no queue".into())),
            );
        };
        let mut answer = self.dequeue_from(name, sid, &url).await;
        if answer.as_ref().is_err_and(SendError::is_gone) {
            // The queue may have been deleted and made anew since its SID was read.
            self.app.queues.forget(self.account, name);
            answer = self.dequeue_from(name, sid, &url).await;
        }
        moved(sid, turn, answer)
    }

    async fn dequeue_from(&self, name: &str, sid: &str, url: &str) -> Result<(), SendError> {
        let queue = self
            .app
            .queues
            .sid(&self.app.carrier, self.account, name)
            .await?;
        let request = queue::dequeue(&self.account.account_sid, &queue, sid, url, None);
        self.app
            .carrier
            .send(self.account, &request)
            .await
            .map(|_| ())
    }

    /// Redirects a leg.
    pub(super) async fn redirect(&self, sid: &str, to: LegTarget, turn: u32) -> After {
        let door = match to {
            LegTarget::Room => Door::Room,
            LegTarget::Next => Door::Next,
            LegTarget::Farewell => Door::Farewell,
        };
        let url = self.doors.at_turn(door, &self.call.id, turn);
        let request = call::redirect(&self.account.account_sid, sid, &Instructions::url(url));
        moved(
            sid,
            turn,
            self.app
                .carrier
                .send(self.account, &request)
                .await
                .map(|_| ()),
        )
    }
}

fn moved(sid: &str, turn: u32, answer: Result<(), SendError>) -> After {
    let sid = sid.to_owned();
    match answer {
        Ok(()) => After::default(),
        Err(error) => After {
            error: Some(error.to_string()),
            ..After::tell(if error.is_gone() {
                Event::MoveRefused { sid, turn }
            } else {
                // Perhaps it was carried out after all; then the leg comes to the door, and the next try does no harm.
                Event::MoveFailed { sid, turn }
            })
        },
    }
}
