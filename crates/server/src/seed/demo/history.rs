//! Two weeks of calls, the same in every demo: busy days and quiet ones, answered, missed and called back.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use offhook_core::call::{Direction, Outcome};
use offhook_core::id::{CallId, OrgId};
use offhook_store::{Db, Tx, calls, voicemails};
use serde_json::json;

use super::audio::{self, Sound};
use super::past_call::PastCall;
use super::{Cast, DemoSeed};
use crate::error::ApiError;

/// How far back the history goes.
const DAYS: i64 = 14;
/// How many conversations can be heard.
const HEARD: usize = 6;
/// Calls are written in chunks, so that no transaction takes long.
const CHUNK: usize = 20;

/// A small generator of numbers: every demo has the same history.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        // The multiplier and increment are Knuth's.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end.max(1))).unwrap_or(0)
    }

    fn seconds(&mut self, least: u32, most: u32) -> TimeDelta {
        TimeDelta::seconds(i64::from(least + self.below(most - least + 1)))
    }
}

/// A call of the history and what belongs to it.
struct Entry {
    past: PastCall,
    /// What can be heard of it, by whom.
    voice: Option<usize>,
    disposition: Option<&'static str>,
    note: Option<&'static str>,
}

const SAID: [(&str, &str); 8] = [
    (
        "Resolved",
        "Order was stuck at the carrier; asked for a new label. Will arrive Friday.",
    ),
    (
        "Resolved",
        "Charged twice, refunded one. Confirmation sent.",
    ),
    (
        "Follow up",
        "Wants a quote for a service of six bikes. Call back with prices.",
    ),
    (
        "Resolved",
        "Changed the delivery window to the morning, Grace signs for it.",
    ),
    ("Sale", "Took the two-year service plan."),
    (
        "Follow up",
        "Brake squeaks again after the last repair; workshop to call.",
    ),
    (
        "Not interested",
        "Happy with the current shop. Asked not to be called about tours.",
    ),
    ("Wrong number", "Looking for Harbor Kites."),
];

/// Writes the history.
pub(super) async fn write(
    db: &Db,
    org: &OrgId,
    cast: &Cast,
    seed: &DemoSeed,
) -> Result<(), ApiError> {
    let entries = entries(org, cast, seed);
    for chunk in entries.chunks(CHUNK) {
        db.write(org, async |tx| {
            for entry in chunk {
                write_one(tx, entry, seed).await?;
            }
            Ok::<_, ApiError>(())
        })
        .await?;
    }
    Ok(())
}

fn entries(org: &OrgId, cast: &Cast, seed: &DemoSeed) -> Vec<Entry> {
    let mut dice = Dice(20_261_120);
    let mut entries = Vec::new();
    for day in (0..DAYS).rev() {
        let date = seed.at - TimeDelta::days(day);
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let calls = if weekend {
            2 + dice.below(3)
        } else {
            9 + dice.below(6)
        };
        for n in 0..calls {
            let started_at = moment(date, n, calls, &mut dice);
            let past = past_call(org, cast, started_at, &mut dice);
            if past.started_at + past.wait + past.talk < seed.at - TimeDelta::minutes(10) {
                entries.push(dressed(past, &mut dice));
            }
        }
    }
    entries.sort_by_key(|entry| entry.past.started_at);
    give_voices(&mut entries, cast, seed);
    entries
}

/// A moment of a working day on the west coast, in UTC.
fn moment(date: DateTime<Utc>, n: u32, calls: u32, dice: &mut Dice) -> DateTime<Utc> {
    let midnight = date - TimeDelta::seconds(i64::from(date.num_seconds_from_midnight()));
    let step = 9 * 3600 / i64::from(calls.max(1));
    midnight
        + TimeDelta::hours(15)
        + TimeDelta::seconds(step * i64::from(n))
        + dice.seconds(0, 1500)
}

fn past_call(org: &OrgId, cast: &Cast, started_at: DateTime<Utc>, dice: &mut Dice) -> PastCall {
    let direction = if dice.below(100) < 64 {
        Direction::Inbound
    } else {
        Direction::Outbound
    };
    let stranger = direction == Direction::Inbound && dice.below(100) < 18;
    let known =
        &cast.contacts[dice.below(u32::try_from(cast.contacts.len()).unwrap_or(1)) as usize];
    let (contact, party) = if stranger {
        (None, format!("+1628555{:04}", 100 + dice.below(99)))
    } else {
        (Some(known.0.clone()), known.1.clone())
    };
    let outcome = match (direction, dice.below(100)) {
        (Direction::Inbound, 0..72) | (Direction::Outbound, 0..66) => Outcome::Answered,
        (Direction::Inbound, 72..84) => Outcome::Abandoned,
        (Direction::Inbound, _) => Outcome::Voicemail,
        (Direction::Outbound, 66..88) => Outcome::NoAnswer,
        (Direction::Outbound, _) => Outcome::Busy,
    };
    let (wait, talk) = match outcome {
        Outcome::Answered => (dice.seconds(4, 48), dice.seconds(45, 620)),
        Outcome::Abandoned => (dice.seconds(15, 140), TimeDelta::zero()),
        Outcome::Voicemail => (dice.seconds(300, 301), dice.seconds(8, 40)),
        Outcome::NoAnswer => (dice.seconds(25, 32), TimeDelta::zero()),
        _ => (dice.seconds(2, 5), TimeDelta::zero()),
    };
    // The first three take calls; the others now and then.
    let agent = cast.people[match dice.below(20) {
        19 => 3,
        n => (n % 3) as usize,
    }]
    .clone();
    let has_agent = direction == Direction::Outbound || outcome == Outcome::Answered;
    PastCall {
        org: org.clone(),
        direction,
        party,
        number: cast.number.clone(),
        contact,
        agent: has_agent.then_some(agent),
        queue: cast.queue.clone(),
        started_at,
        wait,
        talk,
        outcome,
        recorded: false,
    }
}

fn dressed(past: PastCall, dice: &mut Dice) -> Entry {
    let said = (past.outcome == Outcome::Answered && dice.below(100) < 70)
        .then(|| SAID[dice.below(8) as usize]);
    Entry {
        past,
        voice: None,
        disposition: said.map(|s| s.0),
        note: said.map(|s| s.1).filter(|_| dice.below(100) < 60),
    }
}

/// The newest answered calls and all voicemails can be heard; the others' audio is no longer kept.
fn give_voices(entries: &mut Vec<Entry>, cast: &Cast, seed: &DemoSeed) {
    let voices = seed
        .neighbours
        .iter()
        .filter(|n| !n.lines.is_empty())
        .count();
    if voices == 0 {
        entries.retain(|entry| entry.past.outcome != Outcome::Voicemail);
        return;
    }
    let mut given = 0;
    for entry in entries.iter_mut().rev() {
        let voice = given % voices;
        let heard = match entry.past.outcome {
            Outcome::Answered => given < HEARD,
            Outcome::Voicemail => true,
            _ => false,
        };
        if !heard {
            continue;
        }
        given += 1;
        // Whoever is heard is the one who called.
        if let Some((contact, number)) = cast.contacts.get(voice) {
            entry.past.contact = Some(contact.clone());
            entry.past.party.clone_from(number);
        }
        let sound = sound(entry, voice, seed);
        entry.past.talk = TimeDelta::seconds(i64::from(sound.seconds()));
        entry.past.recorded = true;
        entry.voice = Some(voice);
    }
}

fn sound(entry: &Entry, voice: usize, seed: &DemoSeed) -> Sound {
    let neighbour = &seed.neighbours[voice];
    if entry.past.outcome == Outcome::Voicemail {
        Sound::message(neighbour)
    } else {
        Sound::conversation(neighbour)
    }
}

async fn write_one(tx: &mut Tx, entry: &Entry, seed: &DemoSeed) -> Result<(), ApiError> {
    let call = entry.past.call();
    let ended_at = entry.past.started_at + entry.past.wait + entry.past.talk;
    calls::insert(tx, &call, None, ended_at).await?;
    calls::annotate(
        tx,
        &call.id,
        entry.note,
        entry.disposition,
        ended_at + TimeDelta::seconds(12),
    )
    .await?;
    for leg in &call.legs {
        let minutes = leg
            .duration_seconds
            .map_or(0, |seconds| seconds.div_ceil(60));
        if let Some(sid) = leg.sid.as_ref().filter(|_| minutes > 0) {
            let price = format!("-0.{:04}", 85 * minutes.min(100));
            calls::set_leg_price(tx, sid, &price, "USD").await?;
        }
    }
    tell(tx, &call.id, entry, ended_at).await?;
    let (Some(voice), Some(sid)) = (entry.voice, &call.recording.sid) else {
        return Ok(());
    };
    let sound = sound(entry, voice, seed);
    let from = entry.past.started_at + entry.past.wait;
    let recording = audio::keep(tx, &call.id, sid, &sound, &seed.recordings, from).await?;
    if entry.past.outcome == Outcome::Voicemail {
        voicemails::save(tx, &call.id, Some(&recording), sound.seconds(), ended_at).await?;
    }
    Ok(())
}

/// The timeline: what the carrier and the agent would have told.
async fn tell(
    tx: &mut Tx,
    call: &CallId,
    entry: &Entry,
    ended_at: DateTime<Utc>,
) -> Result<(), ApiError> {
    let past = &entry.past;
    let answered = (past.outcome == Outcome::Answered).then_some(past.started_at + past.wait);
    let lines = [
        (
            Some(past.started_at),
            if past.direction == Direction::Inbound {
                "arrived"
            } else {
                "dialled"
            },
        ),
        (answered, "answered"),
        (Some(ended_at), "ended"),
    ];
    for (at, kind) in lines {
        let Some(at) = at else { continue };
        let line = calls::NewCallEvent {
            at,
            source: "carrier".to_owned(),
            kind: kind.to_owned(),
            payload: json!({}),
            key: None,
            reply: None,
        };
        calls::append(tx, call, &line).await?;
    }
    Ok(())
}
