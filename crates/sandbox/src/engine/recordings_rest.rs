//! The REST face of recordings.

use super::Engine;
use super::error::RestError;
use super::recordings::Pause;
use super::recordings::{RecordingPlan, is_live};
use super::records::{RecordingRecord, RecordingStatus};
use super::requests::{RecordingRequest, UpdateRecording};
use crate::seam::{MediaCommand, Time};

impl Engine {
    /// Begins to record a call.
    pub fn start_recording(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        request: RecordingRequest,
    ) -> Result<RecordingRecord, RestError> {
        self.at(now);
        let otherwise = "The call is not in-progress and cannot be recorded.";
        self.call_in_progress(account, call, otherwise)?;
        let plan = RecordingPlan::of(request, "StartCallRecordingAPI", false);
        let sid = self
            .start_on_leg(call, plan)
            .ok_or_else(|| RestError::not_found(call))?;
        self.settle();
        self.recording(account, &sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(&sid))
    }

    /// Pauses, resumes or stops a recording; `Twilio.CURRENT` is the newest that still takes sound of that call or room.
    #[expect(clippy::needless_pass_by_value, reason = "a request is used up")]
    pub fn update_recording(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        owner: Option<&str>,
        change: UpdateRecording,
    ) -> Result<RecordingRecord, RestError> {
        self.at(now);
        let found = if sid == "Twilio.CURRENT" {
            self.recordings(account, owner)
                .into_iter()
                .find(|record| is_live(record.status))
        } else {
            self.recordings(account, owner)
                .into_iter()
                .find(|record| record.sid == sid)
        };
        let record = found.cloned().ok_or_else(|| RestError::not_found(sid))?;
        if !is_live(record.status) {
            return Err(RestError::invalid(
                21220,
                "The recording is over and cannot be changed.",
            ));
        }
        self.change_recording(&record, &change)?;
        self.settle();
        self.recording(account, &record.sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(sid))
    }

    fn change_recording(
        &mut self,
        record: &RecordingRecord,
        change: &UpdateRecording,
    ) -> Result<(), RestError> {
        let recording = record.sid.clone();
        let (status, command) = match change.status.as_str() {
            "paused" => {
                let silence = !change.skip_pause;
                (
                    RecordingStatus::Paused,
                    MediaCommand::PauseRecording { recording, silence },
                )
            }
            "in-progress" => (
                RecordingStatus::InProgress,
                MediaCommand::ResumeRecording { recording },
            ),
            "stopped" if record.conference_sid.is_some() => {
                return Err(RestError::invalid(
                    20001,
                    "A conference's recording cannot be stopped",
                ));
            }
            "stopped" => {
                self.stop_recording(&record.sid);
                return Ok(());
            }
            other => {
                return Err(RestError::invalid(
                    20001,
                    format!("Status {other} is not valid"),
                ));
            }
        };
        if record.status != status {
            self.media(command);
        }
        let now = self.now;
        if let Some(found) = self.recording_mut(&record.sid) {
            match status {
                RecordingStatus::Paused if found.record.status != status => {
                    found.pauses.push(Pause {
                        from: now,
                        to: None,
                        kept: !change.skip_pause,
                    });
                }
                RecordingStatus::InProgress => {
                    if let Some(pause) = found.pauses.last_mut() {
                        pause.to.get_or_insert(now);
                    }
                }
                _ => {}
            }
            found.record.status = status;
            found.record.date_updated = now;
        }
        Ok(())
    }

    /// One recording.
    pub fn recording(&self, account: &str, sid: &str) -> Option<&RecordingRecord> {
        let found = self
            .recording_by_sid(sid)
            .map(|recording| &recording.record);
        found.filter(|record| record.account_sid == account && !record.deleted)
    }

    /// An account's recordings, or those of one call or conference, newest first.
    pub fn recordings(&self, account: &str, owner: Option<&str>) -> Vec<&RecordingRecord> {
        let all = self.recordings_ever(account, owner).into_iter();
        all.filter(|record| !record.deleted).collect()
    }

    /// The same with those that were deleted.
    pub fn recordings_ever(&self, account: &str, owner: Option<&str>) -> Vec<&RecordingRecord> {
        let records = self
            .recordings
            .iter()
            .rev()
            .map(|recording| &recording.record);
        records
            .filter(|record| {
                let own = |sid: &str| {
                    record.call_sid.as_deref() == Some(sid)
                        || record.conference_sid.as_deref() == Some(sid)
                };
                record.account_sid == account && owner.is_none_or(own)
            })
            .collect()
    }

    /// Deletes a recording's sound; the metadata stays.
    pub fn delete_recording(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
    ) -> Result<(), RestError> {
        self.at(now);
        let live = self
            .recording(account, sid)
            .ok_or_else(|| RestError::not_found(sid))?
            .status;
        if is_live(live) {
            return Err(RestError {
                status: 409,
                code: 20409,
                message: "The recording is not over".into(),
            });
        }
        if let Some(recording) = self.recording_mut(sid) {
            recording.record.deleted = true;
            recording.record.sound = None;
            recording.record.date_updated = now;
        }
        Ok(())
    }
}
