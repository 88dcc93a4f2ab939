//! An event of a call from beginning to end: load, decide, save; jobs, live events, timer and timeline in the same transaction.

use offhook_core::Time;
use offhook_core::call::{
    Begun, Call, Decision, Effect, Event, Free, LiveEvent, Mode, Prompt, Step,
};
use offhook_core::id::{CallId, OrgId, UserId};
use offhook_core::presence::DEVICE_REGISTERS;
use offhook_store::calls::{self, NewCallEvent, Stored};
use offhook_store::{Error, Tx, inbox, presence as presence_store};
use offhook_twilio::webhook::Form;
use serde_json::{Value, json};

use super::effects;
use crate::app::App;
use crate::presence;
use crate::webhooks::Knock;
use crate::webhooks::reply::{self, About, Manner, Tone, Twiml};
use crate::webhooks::urls::Doors;

/// Where an event comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The carrier.
    Carrier,
    /// An agent.
    Agent(UserId),
    /// A rule of ours.
    System,
}

/// What a call is told.
#[derive(Debug, Clone)]
pub struct Telling<'a> {
    /// In this order; the first one's reply is the answer.
    pub events: Vec<Event>,
    /// By whom.
    pub source: Source,
    /// The webhook's row in the inbox, to be marked as decided.
    pub kept: Option<&'a str>,
    /// The carrier waits for TwiML, which is kept for a repeat.
    pub asks: bool,
    /// What the timeline calls it where nothing is to be decided.
    pub kind: Option<&'a str>,
    /// The webhook's fields, for the timeline.
    pub form: Option<&'a Form>,
    /// Nobody is rung any more.
    pub quiet: bool,
    /// How a leg that dials is answered.
    pub manner: Manner,
    /// What a leg hears before it is hung up.
    pub last_words: Option<&'static str>,
    /// When it was so, where that was not just now: a callback that lay in the spool or was left by a dead node.
    pub at: Option<Time>,
}

impl Telling<'_> {
    /// Only the events.
    pub fn of(events: Vec<Event>, source: Source) -> Self {
        Self {
            events,
            source,
            kept: None,
            asks: false,
            kind: None,
            form: None,
            quiet: false,
            manner: Manner::Ours,
            last_words: None,
            at: None,
        }
    }
}

impl Telling<'_> {
    fn tone(&self) -> Tone {
        Tone {
            manner: self.manner,
            last_words: self.last_words,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// The call afterwards.
    pub call: Call,
    /// What the carrier hears.
    pub reply: Vec<Step>,
    /// Why a person does not get what they asked for, and who has it instead.
    pub refused: Option<(&'static str, Option<UserId>)>,
    /// The caller's place in line, where he waits.
    pub place: Option<usize>,
    /// How the carrier is answered.
    pub(crate) tone: Tone,
    /// Whose presence may have changed.
    pub concerned: Vec<UserId>,
}

impl Told {
    /// After the commit: the presence of those concerned is looked at, and who is free is offered who waits.
    pub fn stir(&self, app: &App, org: &OrgId) {
        for agent in &self.concerned {
            app.live.stir(org, agent);
        }
    }

    /// The answer as TwiML.
    pub(crate) fn answer(&self, app: &App) -> Twiml {
        answer(app, &self.call, &self.reply, (self.place, self.tone))
    }

    /// The carrier's name of the place where the caller waits.
    pub fn waiting_place(&self) -> Option<&str> {
        match &self.call.mode {
            Mode::Queue { name, .. } | Mode::RingAgents { name, .. } => Some(name),
            Mode::Forward { .. }
            | Mode::Voicemail
            | Mode::Softphone
            | Mode::PhoneFirst { .. }
            | Mode::DeviceFirst { .. }
            | Mode::Direct => None,
        }
    }
}

fn answer(app: &App, call: &Call, steps: &[Step], (place, tone): (Option<usize>, Tone)) -> Twiml {
    let doors = Doors::of(&app.config);
    if steps.is_empty() {
        return reply::farewell(&doors, &Prompt::CallOver);
    }
    reply::twiml(
        &About {
            doors: &doors,
            call,
            place,
            tone,
        },
        steps,
    )
}

/// Tells a call something, in a transaction of its own.
pub async fn tell(
    app: &App,
    org: &OrgId,
    call: &CallId,
    telling: &Telling<'_>,
) -> Result<Told, Error> {
    let told = app
        .write(org, async |tx| tell_in(app, tx, call, telling).await)
        .await?;
    told.stir(app, org);
    Ok(told)
}

/// Tells a call something, in the caller's transaction.
pub async fn tell_in(
    app: &App,
    tx: &mut Tx,
    call: &CallId,
    telling: &Telling<'_>,
) -> Result<Told, Error> {
    let stored = calls::load(tx, call).await?;
    let mut draft = Draft::of(app, stored.call.clone(), telling);
    for event in &telling.events {
        draft.take(tx, event.clone()).await?;
    }
    if let (Some(kind), true) = (telling.kind, telling.events.is_empty()) {
        draft.log(tx, kind, None).await?;
    }
    draft.settle(tx, stored).await
}

/// Writes down a call that has just begun, with all that follows from it. The key is an agent's for this request.
pub async fn begin(
    app: &App,
    tx: &mut Tx,
    begun: Begun,
    request_key: Option<&str>,
    telling: &Telling<'_>,
) -> Result<Told, Error> {
    let mut draft = Draft::of(app, begun.call.clone(), telling);
    let stored = calls::insert(tx, &begun.call, request_key, draft.now).await?;
    draft.changed = true;
    draft.reply = Some(begun.reply);
    draft.log(tx, "begun", None).await?;
    draft.carry(tx, begun.effects).await?;
    draft.settle(tx, stored).await
}

/// A webhook that no call of ours concerns: a few words, and it is decided.
pub(crate) async fn unconcerned(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    prompt: &Prompt,
) -> Result<Twiml, Error> {
    let answer = reply::farewell(&Doors::of(&app.config), prompt);
    answered_apart(app, knock, kept, answer).await
}

/// An answer that no call of ours has a part in; the webhook is decided with it.
pub(crate) async fn answered_apart(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    answer: Twiml,
) -> Result<Twiml, Error> {
    decided(app, &knock.org, kept, Some(&answer.0)).await?;
    Ok(answer)
}

/// A callback that no call of ours concerns.
pub async fn no_call(app: &App, knock: &Knock, kept: Option<&str>) -> Result<(), Error> {
    tracing::debug!(door = knock.door.path(), "a callback concerns no call here");
    decided(app, &knock.org, kept, None).await
}

async fn decided(
    app: &App,
    org: &OrgId,
    kept: Option<&str>,
    reply: Option<&str>,
) -> Result<(), Error> {
    let Some(id) = kept else { return Ok(()) };
    let now = app.clock.now();
    app.db
        .write(org, async |tx| inbox::decided(tx, id, reply, now).await)
        .await
        .map(|_| ())
}

/// A call in the making, within a transaction.
struct Draft<'a> {
    app: &'a App,
    telling: &'a Telling<'a>,
    now: Time,
    call: Call,
    changed: bool,
    reply: Option<Vec<Step>>,
    refused: Option<(&'static str, Option<UserId>)>,
    live: Vec<LiveEvent>,
    /// Whose device turned out not to be at the carrier.
    absent: Vec<UserId>,
}

impl<'a> Draft<'a> {
    fn of(app: &'a App, call: Call, telling: &'a Telling<'a>) -> Self {
        let now = app.clock.now();
        Self {
            app,
            telling,
            // A call's time never goes back, whatever was written down meanwhile.
            now: telling.at.map_or(now, |at| at.max(call.heard_at).min(now)),
            call,
            changed: false,
            reply: None,
            refused: None,
            live: Vec::new(),
            absent: Vec::new(),
        }
    }

    /// Decides one event. What the carrier says stands in the timeline even when it changes nothing.
    async fn take(&mut self, tx: &mut Tx, event: Event) -> Result<(), Error> {
        let name = event_name(&event);
        let quiet = matches!(
            event,
            Event::WaitRequested { .. } | Event::AgentsFree { .. } | Event::Deadline
        );
        match self.call.decide(self.now, event.clone()) {
            Decision::Next {
                call,
                effects,
                reply,
            } => {
                self.call = *call;
                self.changed = true;
                self.reply.get_or_insert(reply);
                self.log(tx, &name, Some(&event)).await?;
                self.carry(tx, effects).await
            }
            Decision::Stale { reply } => {
                self.reply.get_or_insert(reply);
                if quiet || self.telling.form.is_none() {
                    return Ok(());
                }
                self.log(tx, &name, Some(&event)).await
            }
            Decision::Refused { code, by } => {
                self.refused = Some((code, by));
                Ok(())
            }
        }
    }

    /// Does what can be done here, and makes jobs of the rest. Who is free is asked at once: the caller is waiting.
    async fn carry(&mut self, tx: &mut Tx, effects: Vec<Effect>) -> Result<(), Error> {
        for effect in effects {
            match effect {
                Effect::FindAgents if self.telling.quiet => {}
                Effect::FindAgents => {
                    let Free { agents, devices } =
                        presence::available_for(tx, &self.call, self.now).await?;
                    Box::pin(self.take(tx, Event::AgentsFree { agents, devices })).await?;
                }
                Effect::DeviceAbsent { agent } => {
                    presence_store::device_gone(tx, &agent, self.now - DEVICE_REGISTERS).await?;
                    self.absent.push(agent);
                }
                Effect::CancelUnsent => {
                    for label in effects::call_off(tx, &self.call.id, self.now).await? {
                        let event = Event::PlaceRefused { label, code: None };
                        Box::pin(self.take(tx, event)).await?;
                    }
                }
                // Each shows the call as it is saved: once is enough.
                Effect::Live(live) if self.live.contains(&live) => {}
                Effect::Live(live) => self.live.push(live),
                Effect::KeepMessage {
                    recording_sid,
                    seconds,
                } => {
                    effects::keep_message(
                        tx,
                        &self.call,
                        recording_sid.as_deref(),
                        seconds,
                        self.now,
                    )
                    .await?;
                }
                other => effects::job(tx, &self.call.id, other, self.now).await?,
            }
        }
        Ok(())
    }

    async fn log(&self, tx: &mut Tx, kind: &str, event: Option<&Event>) -> Result<(), Error> {
        let payload = match (self.telling.form, event) {
            (Some(form), _) => serde_json::to_value(form),
            (None, Some(event)) => serde_json::to_value(event),
            (None, None) => Ok(Value::Null),
        };
        let by = match &self.telling.source {
            Source::Agent(agent) => Some(agent.as_str()),
            Source::Carrier | Source::System => None,
        };
        let event = NewCallEvent {
            at: self.now,
            source: match &self.telling.source {
                Source::Carrier => "carrier",
                Source::Agent(_) => "agent",
                Source::System => "system",
            }
            .to_owned(),
            kind: kind.to_owned(),
            payload: json!({ "by": by, "said": payload.unwrap_or(Value::Null) }),
            key: None,
            reply: None,
        };
        calls::append(tx, &self.call.id, &event).await.map(|_| ())
    }

    /// Saves the call with its one timer, and marks the webhook as decided. What the app is told comes last, so that it shows
    /// the call as it is saved.
    async fn settle(self, tx: &mut Tx, stored: Stored) -> Result<Told, Error> {
        let mut concerned = Vec::new();
        let absent = self.absent;
        if self.changed {
            calls::save(tx, &stored, &self.call, self.now).await?;
            concerned = presence::concerned(&stored.call, &self.call);
            concerned.extend(absent);
            if self.call.is_over() && !stored.call.is_over() {
                effects::ended(tx, &self.call, self.now).await?;
            }
        }
        effects::live(tx, &self.call, &self.live, self.now).await?;
        let place = presence::place_in_line(tx, &self.call).await?;
        let reply = self.reply.unwrap_or_default();
        let tone = self.telling.tone();
        if let Some(id) = self.telling.kept {
            let answer = self
                .telling
                .asks
                .then(|| answer(self.app, &self.call, &reply, (place, tone)).0);
            inbox::decided(tx, id, answer.as_deref(), self.now).await?;
        }
        Ok(Told {
            call: self.call,
            reply,
            refused: self.refused,
            place,
            tone,
            concerned,
        })
    }
}

/// The engine's own word for an event.
fn event_name(event: &Event) -> String {
    let named = serde_json::to_value(event).ok();
    let name = named
        .as_ref()
        .and_then(|value| value.get("event"))
        .and_then(Value::as_str);
    name.unwrap_or("event").to_owned()
}
