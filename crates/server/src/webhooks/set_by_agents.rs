//! What a number and the agents whom it would ring have set: whether a call is recorded, and where it goes instead.

use offhook_core::Time;
use offhook_core::call::{Mode, Overflow, Personal, Policy};
use offhook_core::dial::Dial;
use offhook_core::id::UserId;
use offhook_core::presence::Presence;
use offhook_store::agent_calling::{self, Calling};
use offhook_store::numbers::{self, Number};
use offhook_store::organizations::Settings;
use offhook_store::presence as store;
use offhook_store::{Error, Tx, calls};

use crate::api::phone;
use crate::pii::Pii;
use crate::presence;
use crate::webhooks::policy_of;

/// So many calls of one caller to one number at the same time are one call that forwards lead in a circle.
const CIRCLE: u64 = 10;

/// A call that comes in.
pub(super) struct Coming<'a> {
    pub(super) number: &'a Number,
    pub(super) from: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) at: Time,
}

/// What becomes of a call, once what was set is looked at: the organization, then the number, then the agent.
pub(super) async fn applied(
    tx: &mut Tx,
    coming: &Coming<'_>,
    mode: Mode,
    policy: Policy,
) -> Result<(Mode, Policy), Error> {
    let number = coming.number;
    let (mut mode, mut policy) = (mode, recorded(policy, coming.settings, number.record));
    if let Mode::RingAgents { agents, .. } = &mode {
        let set = agent_calling::list(tx).await?;
        let of = |agent: &UserId| set.iter().find(|calling| calling.user == *agent);
        let theirs: Vec<&Calling> = agents.iter().filter_map(of).collect();
        let alone = agents.len() == 1;
        match theirs.as_slice() {
            [calling] if alone => {
                policy = recorded(policy, coming.settings, calling.record.or(number.record));
                let personal = personal(tx, calling, coming.at).await?;
                (mode, policy) = personal.applied(mode, policy, number.route.overflow.is_some());
            }
            all if all.len() == agents.len() => {
                let away = all.iter().all(|calling| calling.forward_always.is_some());
                let first = all.first().filter(|_| away);
                let to = match first {
                    Some(calling) => allowed(tx, calling.forward_always.as_deref()).await?,
                    None => None,
                };
                mode = to.map_or(mode, |to| Mode::Forward { to });
            }
            _ => {}
        }
    }
    not_in_a_circle(tx, coming, mode, policy).await
}

/// Whether a call is recorded, and what is said about it.
fn recorded(policy: Policy, settings: &Settings, record: Option<bool>) -> Policy {
    let said = Settings {
        record_calls: record.unwrap_or(settings.record_calls),
        ..settings.clone()
    };
    let said = policy_of(&said);
    Policy {
        record: said.record,
        recording_notice: said.recording_notice,
        ..policy
    }
}

async fn personal(tx: &mut Tx, calling: &Calling, at: Time) -> Result<Personal, Error> {
    let facts = store::facts(tx, Some(&calling.user), at).await?;
    let talks = facts
        .iter()
        .any(|row| presence::of(row, at) == Presence::Busy);
    Ok(Personal {
        always: allowed(tx, calling.forward_always.as_deref()).await?,
        on_busy: allowed(tx, calling.forward_on_busy.as_deref()).await?,
        on_no_answer: allowed(tx, calling.forward_on_no_answer.as_deref()).await?,
        no_message: !calling.voicemail,
        talks,
    })
}

/// A phone, if the organization may still call it and it did not become one of its own: what was right when it was set.
async fn allowed(tx: &mut Tx, to: Option<&str>) -> Result<Option<String>, Error> {
    let Some(to) = to else { return Ok(None) };
    let may = matches!(phone::rules(tx).await?.check(to), Ok(Dial::Number(_)));
    if may && numbers::by_e164(tx, to).await?.is_none() {
        return Ok(Some(to.to_owned()));
    }
    tracing::warn!(to = %Pii(to), "a call is not sent on to a phone that may not be called");
    Ok(None)
}

/// A forward that leads back to the number brings the same caller again and again: then nothing is sent on any more.
async fn not_in_a_circle(
    tx: &mut Tx,
    coming: &Coming<'_>,
    mode: Mode,
    policy: Policy,
) -> Result<(Mode, Policy), Error> {
    let goes_on = matches!(mode, Mode::Forward { .. });
    let may_go_on = matches!(policy.overflow, Overflow::Forward { .. });
    if !(goes_on || may_go_on)
        || calls::live_from(tx, &coming.number.id, coming.from).await? < CIRCLE
    {
        return Ok((mode, policy));
    }
    tracing::warn!("calls come back to the number that sends them on; this one is not");
    let mode = if goes_on { Mode::Voicemail } else { mode };
    let overflow = if may_go_on {
        Overflow::Voicemail
    } else {
        policy.overflow
    };
    Ok((mode, Policy { overflow, ..policy }))
}
