//! The voice door: a caller at one of our numbers, an agent's softphone, or an own phone that we rang.

use offhook_core::call::{Call, Event, Free, Prompt};
use offhook_core::id::{CallId, ContactId, UserId};
use offhook_core::names;
use offhook_core::party::Party;
use offhook_store::numbers::{self, Number};
use offhook_store::{Error, Reason, calls, users};
use offhook_twilio::status::Direction;
use offhook_twilio::webhook::{Form, VoiceRequest};
use uuid::Uuid;

use super::arrival::{self, Caller};
use super::reply::{self, Twiml};
use super::signed::Knock;
use super::urls::Doors;
use crate::app::App;
use crate::calls::by_device::{self, Dialled, Dialling};
use crate::calls::identity::Identity;
use crate::calls::standing_room::{self, Led};
use crate::calls::start::NewCall;
use crate::calls::story::{self, Source, Telling};
use crate::doors;
use crate::pii::Pii;

/// The parameter by which a browser's sound check is known.
const SOUND_CHECK: &str = "sound_check";

/// Who is there.
enum Visitor {
    /// Somebody calls one of our numbers.
    Customer {
        sid: String,
        from: String,
        to: String,
    },
    /// An agent's device, as its token says, and the call that it names, or what its front end calls the room.
    Softphone {
        sid: String,
        identity: Identity,
        call: Option<CallId>,
        named: Option<String>,
    },
    /// An agent's device that names a number: it dials by itself.
    Dials {
        sid: String,
        identity: Identity,
        wanted: NewCall,
    },
    /// An agent's browser tries out whether sound gets through; no call of ours.
    SoundCheck { identity: Identity },
    /// A leg that we placed by REST was taken up.
    Placed {
        sid: String,
        call: CallId,
        label: String,
    },
    /// Nobody whom we know what to do with.
    Stranger,
}

/// Answers whoever is there.
pub(super) async fn story(app: &App, knock: &Knock, kept: Option<&str>) -> Result<Twiml, Error> {
    match visitor(knock) {
        Visitor::Customer { sid, from, to } => {
            customer(app, knock, kept, Customer { sid, from, to }).await
        }
        Visitor::Softphone {
            sid,
            identity,
            call,
            named,
        } => match (agent(app, knock, &identity).await?, call, named) {
            (Some(agent), Some(call), _) => {
                let label = None;
                join(app, knock, kept, &call, Joining { agent, sid, label }).await
            }
            (Some(agent), None, Some(named)) => {
                stand(
                    app,
                    knock,
                    kept,
                    standing_room::Visitor { agent, sid, named },
                )
                .await
            }
            _ => story::unconcerned(app, knock, kept, &Prompt::CallOver).await,
        },
        Visitor::Dials {
            sid,
            identity,
            wanted,
        } => match agent(app, knock, &identity).await? {
            Some(agent) => {
                let address = knock.form.text("From").unwrap_or_default();
                let who = Dialling {
                    agent,
                    sid,
                    address,
                    wanted,
                };
                dial(app, knock, kept, &who).await
            }
            None => story::unconcerned(app, knock, kept, &Prompt::CallOver).await,
        },
        Visitor::SoundCheck { identity } => match agent(app, knock, &identity).await? {
            Some(_) => {
                let answer = reply::sound_check(&Doors::of(&app.config));
                story::answered_apart(app, knock, kept, answer).await
            }
            None => story::unconcerned(app, knock, kept, &Prompt::CallOver).await,
        },
        Visitor::Placed { sid, call, label } => match rung(app, knock, &call, &label).await? {
            Some(agent) => {
                join(
                    app,
                    knock,
                    kept,
                    &call,
                    Joining {
                        agent,
                        sid,
                        label: Some(label),
                    },
                )
                .await
            }
            None => story::unconcerned(app, knock, kept, &Prompt::CallOver).await,
        },
        Visitor::Stranger => story::unconcerned(app, knock, kept, &Prompt::Apology).await,
    }
}

/// What front ends of other systems send as their name for a room.
const ROOM_NAMES: [&str; 3] = ["conferenceId", "conference", "conference_id"];
/// The longest name that is looked up.
const LONGEST_NAME: usize = 200;

/// The call that a device names, by its id or by its room's name; else what its front end calls the room.
fn meant(form: &Form) -> (Option<CallId>, Option<String>) {
    let call = form.get("call_id").and_then(|id| CallId::parse(id).ok());
    let named = ROOM_NAMES
        .iter()
        .filter_map(|name| form.text(name))
        .find(|name| name.len() <= LONGEST_NAME);
    let call = call.or_else(|| named.as_deref().and_then(names::call_of_room));
    (call, named)
}

/// What front ends of other systems send as the number that they want to show, and as their contact.
const OWN_NUMBERS: [&str; 4] = ["from_number", "fromNumber", "CallerId", "callerId"];
const CONTACTS: [&str; 2] = ["contactId", "contact_id"];

/// Whom a device wants to call: it says so in `To`, which a device that comes into a call leaves empty.
fn wanted(form: &Form) -> Option<NewCall> {
    let first = |names: &[&str]| names.iter().find_map(|name| form.text(name));
    // The front end's contacts may be another system's, whose ids say nothing here.
    let ours = |id: &String| ContactId::parse(id).is_ok();
    Some(NewCall {
        to: Some(form.text("To")?),
        from: first(&OWN_NUMBERS),
        contact_id: first(&CONTACTS).filter(ours),
        ..NewCall::default()
    })
}

/// A REST leg is `outbound-api`, a number's caller and a device are both `inbound`: the `From` tells them apart.
fn visitor(knock: &Knock) -> Visitor {
    let form = VoiceRequest::from(knock.form.clone());
    let Some(sid) = form.call_sid else {
        return Visitor::Stranger;
    };
    let from = form.from.unwrap_or_default();
    if let (Some(call), Some(label)) = (knock.call(), knock.label()) {
        return Visitor::Placed { sid, call, label };
    }
    if matches!(
        form.direction,
        Some(Direction::OutboundApi | Direction::OutboundDial)
    ) {
        return Visitor::Stranger;
    }
    if from.starts_with("client:") {
        let (call, named) = meant(&knock.form);
        let wanted = wanted(&knock.form).filter(|_| call.is_none() && named.is_none());
        return match Identity::parse(&from) {
            Some(identity) if wanted.is_some() && knock.form.get(SOUND_CHECK).is_none() => {
                Visitor::Dials {
                    sid,
                    identity,
                    wanted: wanted.unwrap_or_default(),
                }
            }
            Some(identity) if knock.form.get(SOUND_CHECK).is_some() => {
                Visitor::SoundCheck { identity }
            }
            Some(identity) => Visitor::Softphone {
                sid,
                identity,
                call,
                named,
            },
            None => Visitor::Stranger,
        };
    }
    match form.to {
        Some(to) => Visitor::Customer {
            sid,
            from: Party::of(&from).stored(),
            to: Party::of(&to).stored(),
        },
        None => Visitor::Stranger,
    }
}

struct Customer {
    sid: String,
    from: String,
    to: String,
}

/// A number of ours begins a call; the same leg again is asked on.
async fn customer(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    who: Customer,
) -> Result<Twiml, Error> {
    let (known, number) = app
        .db
        .read(&knock.org, async |tx| seen(tx, &who.sid, &who.to).await)
        .await?;
    if let Some(call) = known {
        return ask_on(app, knock, kept, &call, who.sid).await;
    }
    let Some(number) = number else {
        tracing::warn!(number = %Pii(&who.to), "a call came in for a number that nobody has here");
        return story::unconcerned(app, knock, kept, &Prompt::NumberUnknown).await;
    };
    let telling = Telling {
        kept,
        asks: true,
        form: Some(&knock.form),
        ..Telling::of(Vec::new(), Source::Carrier)
    };
    match begin(app, knock, &telling, &who, &number).await {
        Ok(told) => Ok(told.answer(app)),
        // The same webhook twice at the same moment: the other one began the call.
        Err(Error::Conflict { .. }) => {
            let sid = who.sid.clone();
            match app
                .db
                .read(&knock.org, async |tx| calls::by_leg_sid(tx, &sid).await)
                .await?
            {
                Some(stored) => ask_on(app, knock, kept, &stored.call.id, who.sid).await,
                None => story::unconcerned(app, knock, kept, &Prompt::Apology).await,
            }
        }
        Err(error) => Err(error),
    }
}

async fn begin(
    app: &App,
    knock: &Knock,
    telling: &Telling<'_>,
    who: &Customer,
    number: &Number,
) -> Result<story::Told, Error> {
    // Which may have been a while ago: the database was away.
    let now = knock.at;
    let id = CallId::new(Uuid::now_v7());
    let work = async |tx: &mut offhook_store::Tx| {
        let caller = Caller {
            id: id.clone(),
            sid: &who.sid,
            from: &who.from,
            at: now,
        };
        let mut arrival = arrival::read(tx, caller, number, knock.path()).await?;
        if telling.quiet {
            arrival.free = Free::default();
        }
        let begun = Call::arrive(now, arrival);
        story::begin(app, tx, begun, None, telling).await
    };
    let told = app.write(&knock.org, work).await?;
    told.stir(app, &knock.org);
    Ok(told)
}

async fn ask_on(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    call: &CallId,
    sid: String,
) -> Result<Twiml, Error> {
    let telling = Telling {
        kept,
        asks: true,
        ..Telling::of(vec![Event::NextRequested { sid }], Source::Carrier)
    };
    Ok(story::tell(app, &knock.org, call, &telling)
        .await?
        .answer(app))
}

async fn seen(
    tx: &mut offhook_store::Tx,
    sid: &str,
    to: &str,
) -> Result<(Option<CallId>, Option<Number>), Error> {
    let known = calls::by_leg_sid(tx, sid)
        .await?
        .map(|stored| stored.call.id);
    Ok((known, numbers::by_e164(tx, to).await?))
}

/// A caller whose first question was lost and who hung up: the call is written down all the same, and ends at once.
pub(super) async fn begin_late(app: &App, knock: &Knock) -> Result<Option<CallId>, Error> {
    let Visitor::Customer { sid, from, to } = visitor(knock) else {
        return Ok(None);
    };
    let number = app
        .db
        .read(&knock.org, async |tx| numbers::by_e164(tx, &to).await)
        .await?;
    let Some(number) = number else {
        return Ok(None);
    };
    let telling = Telling {
        form: Some(&knock.form),
        quiet: true,
        ..Telling::of(Vec::new(), Source::Carrier)
    };
    let told = begin(app, knock, &telling, &Customer { sid, from, to }, &number).await?;
    Ok(Some(told.call.id))
}

/// The token's word, checked: of this organization, and somebody who works here.
async fn agent(app: &App, knock: &Knock, identity: &Identity) -> Result<Option<UserId>, Error> {
    if identity.org != knock.org {
        tracing::warn!("a softphone of another organization knocked");
        return Ok(None);
    }
    let (org, user) = (identity.org.clone(), identity.agent.clone());
    let system = app.db.system(Reason::Users);
    let member = system
        .read(async |conn| users::member(conn, &org, &user).await)
        .await?;
    Ok(member
        .filter(|member| member.membership.active)
        .map(|member| member.user.id))
}

/// Whose own phone was rung under this label.
async fn rung(
    app: &App,
    knock: &Knock,
    call: &CallId,
    label: &str,
) -> Result<Option<UserId>, Error> {
    let found = app
        .db
        .read(&knock.org, async |tx| calls::load(tx, call).await)
        .await;
    match found {
        Ok(found) => Ok(found
            .call
            .legs
            .into_iter()
            .find(|leg| leg.label == label)
            .and_then(|leg| leg.agent)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

struct Joining {
    agent: UserId,
    sid: String,
    label: Option<String>,
}

/// A device that came under its front end's name for a room: into the call that is meant, or a room for the agent's next one.
async fn stand(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    who: standing_room::Visitor,
) -> Result<Twiml, Error> {
    match standing_room::lead(app, &knock.org, &who).await? {
        Led::Call(call) => {
            let joining = Joining {
                agent: who.agent,
                sid: who.sid,
                label: None,
            };
            join(app, knock, kept, &call, joining).await
        }
        Led::Room(answer) => story::answered_apart(app, knock, kept, answer).await,
    }
}

/// A device that dials by itself, answered as the documents of the system say at whose path it came.
async fn dial(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    who: &Dialling,
) -> Result<Twiml, Error> {
    let telling = Telling {
        kept,
        asks: true,
        form: Some(&knock.form),
        manner: doors::manner(knock.path()),
        ..Telling::of(Vec::new(), Source::Carrier)
    };
    match by_device::dial(app, &knock.org, who, &telling).await? {
        Dialled::Call(told) => Ok(told.answer(app)),
        Dialled::Refused(words) => {
            story::answered_apart(app, knock, kept, reply::told(&words)).await
        }
    }
}

/// The one way into a call.
async fn join(
    app: &App,
    knock: &Knock,
    kept: Option<&str>,
    call: &CallId,
    who: Joining,
) -> Result<Twiml, Error> {
    let address = match &who.label {
        Some(_) => knock.form.text("To"),
        None => knock.form.text("From"),
    };
    let event = Event::AgentCalls {
        agent: who.agent,
        sid: who.sid,
        label: who.label,
        address: address.unwrap_or_default(),
    };
    let telling = Telling {
        kept,
        asks: true,
        form: Some(&knock.form),
        ..Telling::of(vec![event], Source::Carrier)
    };
    match story::tell(app, &knock.org, call, &telling).await {
        Ok(told) => Ok(told.answer(app)),
        Err(Error::NotFound) => story::unconcerned(app, knock, kept, &Prompt::CallOver).await,
        Err(error) => Err(error),
    }
}
