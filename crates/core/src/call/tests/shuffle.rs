//! Any order and any number of repeats of the carrier's callbacks: one outcome, nothing paid twice, nobody left behind.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::world::{Place, World, policy, queue, user};
use crate::call::*;

/// What happens next, chosen at random.
#[derive(Debug, Clone)]
pub(super) enum Op {
    GreetingOver,
    CallerHangsUp,
    CustomerAnswers,
    CustomerRefuses(bool),
    Accepts(bool),
    Declines(bool),
    Takes(bool),
    TurnsDown(bool),
    Connects(bool),
    Drops(bool),
    HangsUp(bool),
    Holds(bool),
    Resumes(bool),
    Pauses(bool),
    Vanishes(bool),
    Message,
    Carrier(bool),
    /// Callbacks come in, in this order.
    Callbacks(Vec<u8>),
    /// All callbacks come in, in this order, and then time passes.
    Wait(Vec<u8>, u16),
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::GreetingOver),
        1 => Just(Op::CallerHangsUp),
        2 => Just(Op::CustomerAnswers),
        1 => any::<bool>().prop_map(Op::CustomerRefuses),
        4 => any::<bool>().prop_map(Op::Accepts),
        1 => any::<bool>().prop_map(Op::Declines),
        2 => any::<bool>().prop_map(Op::Takes),
        1 => any::<bool>().prop_map(Op::TurnsDown),
        5 => any::<bool>().prop_map(Op::Connects),
        1 => any::<bool>().prop_map(Op::Drops),
        1 => any::<bool>().prop_map(Op::HangsUp),
        1 => any::<bool>().prop_map(Op::Holds),
        1 => any::<bool>().prop_map(Op::Resumes),
        1 => any::<bool>().prop_map(Op::Pauses),
        1 => any::<bool>().prop_map(Op::Vanishes),
        1 => Just(Op::Message),
        1 => any::<bool>().prop_map(Op::Carrier),
        4 => prop::collection::vec(any::<u8>(), 0..6).prop_map(Op::Callbacks),
        4 => (prop::collection::vec(any::<u8>(), 0..12), 0u16..350).prop_map(|(order, s)| Op::Wait(order, s)),
    ]
}

fn who(ana: bool) -> &'static str {
    if ana { "ana" } else { "ben" }
}

/// Delivers some callbacks; odd numbers are repeats of earlier ones.
fn callbacks(world: &mut World, order: &[u8]) {
    for &pick in order {
        if pick % 3 == 1 {
            world.repeat(pick.into());
        } else {
            world.deliver(pick.into());
        }
    }
}

fn drain(world: &mut World, order: &[u8]) {
    callbacks(world, order);
    let mut picks = order.iter().copied().cycle();
    while !world.pool.is_empty() {
        world.deliver(picks.next().unwrap_or(0).into());
    }
}

pub(super) fn play(world: &mut World, op: &Op) {
    match op {
        Op::GreetingOver => world.greeting_over(),
        Op::CallerHangsUp => world.caller_hangs_up(),
        Op::CustomerAnswers => world.customer_answers(),
        Op::CustomerRefuses(true) => world.customer_refuses(LegStatus::Busy),
        Op::CustomerRefuses(false) => world.customer_refuses(LegStatus::NoAnswer),
        Op::Accepts(who_) => drop(world.accepts(who(*who_))),
        Op::Declines(ana) => world.declines(who(*ana)),
        Op::Takes(ana) => world.person(|agent| Event::Take { agent }, who(*ana)),
        Op::TurnsDown(ana) => world.person(|agent| Event::TurnDown { agent }, who(*ana)),
        Op::Connects(ana) if world.agents.len() < 8 => world.connects(who(*ana)),
        Op::Connects(_) => {}
        Op::Drops(ana) => world.drops(who(*ana)),
        Op::HangsUp(ana) => world.person(|agent| Event::HangUp { agent }, who(*ana)),
        Op::Holds(ana) => world.person(|agent| Event::Hold { agent }, who(*ana)),
        Op::Resumes(ana) => world.person(|agent| Event::Resume { agent }, who(*ana)),
        Op::Pauses(ana) => world.person(|agent| Event::PauseRecording { agent }, who(*ana)),
        Op::Vanishes(ana) => world.person(|agent| Event::AgentGone { agent }, who(*ana)),
        Op::Message => world.leaves_message(),
        Op::Carrier(down) => world.down = *down,
        Op::Callbacks(order) => callbacks(world, order),
        Op::Wait(order, seconds) => {
            drain(world, order);
            for _ in 0..*seconds {
                world.wait(1);
                drain(world, order);
            }
        }
    }
    check_always(world);
}

fn check_always(world: &World) {
    let call = &world.call;
    let accepted = call
        .offers
        .iter()
        .filter(|o| o.state == OfferState::Accepted)
        .count();
    assert!(accepted <= 1, "two agents have the call: {:?}", call.offers);
    assert!(world.count(|e| matches!(e, Effect::DialCustomer { .. })) <= 1);
    assert!(world.count(|e| matches!(e, Effect::DialAgent { .. })) <= 1);
    assert!(world.count(|e| matches!(e, Effect::KeepMessage { .. })) <= 1);
    assert!(world.recordings_started <= 1);
    let wakes = call.deadline().is_some() || call.legs.iter().any(Leg::is_live);
    assert!(
        call.is_over() || wakes,
        "nothing will ever wake it: {call:?}"
    );
}

/// The end of every story: the caller hangs up, all legs end, all callbacks arrive.
fn finish(world: &mut World, order: &[u8]) {
    world.down = false;
    drain(world, order);
    world.caller_hangs_up();
    for _ in 0..200 {
        drain(world, order);
        world.wait(1);
    }
    let call = &world.call;
    assert!(call.is_over(), "it never ends: {call:?}");
    assert!(matches!(world.place, Place::Gone | Place::Nowhere));
    assert!(
        world.agents.iter().all(|leg| !leg.alive),
        "an agent was left in it: {call:?}"
    );
    assert!(
        call.legs.iter().all(|leg| !leg.is_live()),
        "a leg seems alive: {call:?}"
    );
    let outcome = call.outcome().unwrap();
    if call.direction == Direction::Inbound {
        // A leave that comes late may let two seem together who just missed each other; never the other way round.
        let told = outcome == Outcome::Answered;
        assert!(told || !world.together, "they were together: {call:?}");
        assert!(!told || world.crossed(), "they never met: {call:?}");
        assert_eq!(outcome == Outcome::Voicemail, world.message && !told);
    } else {
        assert_eq!(
            outcome == Outcome::Answered,
            world.together,
            "answered or not: {call:?}"
        );
    }
    assert_eq!(call.answered_at.is_some(), outcome == Outcome::Answered);
}

/// Not one callback comes any more: the caller is where the call says, then hangs up, and nobody is left.
fn compare_until_over(world: &mut World) {
    let wait_silently = |world: &mut World, seconds: u32| {
        for second in 0..seconds {
            world.lose_callbacks();
            if second % 10 == 0 {
                world.compare();
            }
            world.wait(1);
        }
    };
    world.down = false;
    wait_silently(world, 60);
    let alone = world.agents.iter().all(|leg| leg.room.is_none());
    let talks = matches!(world.call.state, State::Connected { .. });
    assert!(!talks || !alone, "the customer is alone: {:?}", world.call);
    let in_room = matches!(world.place, Place::Room(_));
    let waits = matches!(
        world.call.state,
        State::Waiting { .. } | State::Voicemail { .. }
    );
    assert!(
        !waits || !in_room,
        "he should not be in the room: {:?}",
        world.call
    );
    world.caller_hangs_up();
    wait_silently(world, 200);
    let call = &world.call;
    assert!(call.is_over(), "it never ends: {call:?}");
    assert!(matches!(world.place, Place::Gone | Place::Nowhere));
    assert!(
        world.agents.iter().all(|leg| !leg.alive),
        "left in it: {call:?}"
    );
    assert!(
        call.legs.iter().all(|leg| !leg.is_live()),
        "a leg seems alive: {call:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn inbound_calls_end_the_same_in_any_order(
        ops in prop::collection::vec(op(), 0..24),
        order in prop::collection::vec(any::<u8>(), 1..16),
    ) {
        let mut world = World::inbound(queue(), policy());
        world.prompt = false;
        for op in &ops {
            play(&mut world, op);
        }
        finish(&mut world, &order);
    }

    #[test]
    fn outbound_calls_end_the_same_in_any_order(
        ops in prop::collection::vec(op(), 0..24),
        order in prop::collection::vec(any::<u8>(), 1..16),
        how in 0u8..5,
    ) {
        let mut world = match how {
            0 => World::outbound(Mode::Softphone, policy()),
            1 => World::foreign(),
            2 => World::outbound(Mode::PhoneFirst { agent_phone: "+12025550199".to_owned() }, policy()),
            3 => World::outbound(Mode::Direct, policy()),
            _ => World::outbound(Mode::DeviceFirst { identity: "o_1_a_ana".to_owned() }, policy()),
        };
        world.prompt = false;
        for op in &ops {
            play(&mut world, op);
        }
        finish(&mut world, &order);
    }

    #[test]
    fn with_every_callback_lost_comparing_alone_brings_all_to_an_end(
        ops in prop::collection::vec(op(), 0..24),
        inbound in any::<bool>(),
    ) {
        let mut world = if inbound {
            World::inbound(queue(), policy())
        } else {
            World::outbound(Mode::Softphone, policy())
        };
        world.prompt = false;
        for op in &ops {
            play(&mut world, op);
        }
        compare_until_over(&mut world);
    }

    #[test]
    fn no_sequence_of_events_however_absurd_breaks_a_call(
        events in prop::collection::vec((event(), 0i64..60), 0..40),
        outbound in prop::option::of(outbound_mode()),
    ) {
        let world = match outbound {
            Some(mode) => World::outbound(mode, policy()),
            None => World::inbound(queue(), policy()),
        };
        let (mut call, mut now) = (world.call, world.now);
        let mut paid = 0;
        let mut dials = BTreeSet::new();
        for (event, seconds) in events {
            now += chrono::TimeDelta::seconds(seconds);
            let asks = match &event {
                Event::AgentCalls { sid, .. } => sid.clone(),
                _ => String::new(),
            };
            let (next, effects, reply) = match call.decide(now, event) {
                Decision::Next { call, effects, reply } => (*call, effects, reply),
                Decision::Stale { reply } => (call.clone(), Vec::new(), reply),
                Decision::Refused { .. } => continue,
            };
            if reply.iter().any(|step| matches!(step, Step::DialCustomer { .. })) {
                dials.insert(asks);
            }
            prop_assert!(dials.len() <= 1, "two legs dial: {dials:?}");
            prop_assert!(!call.is_over() || next.is_over(), "it came back");
            paid += effects.iter().filter(|e| matches!(e, Effect::DialCustomer { .. })).count();
            prop_assert!(paid <= 1, "dialled twice");
            let accepted = next.offers.iter().filter(|o| o.state == OfferState::Accepted).count();
            prop_assert!(accepted <= 1, "two agents have it");
            let (before, after) = (call.answered_at, next.answered_at);
            prop_assert!(before.is_none() || after.is_some(), "an answer was forgotten");
            call = next;
        }
    }
}

#[test]
fn who_meets_a_customer_that_could_not_be_moved_away_was_together_with_him() {
    let mut world = World::inbound(queue(), policy());
    world.prompt = false;
    let ops = [
        Op::GreetingOver,
        Op::Accepts(false),
        Op::Carrier(true),
        Op::Wait(vec![], 10),
        Op::Takes(false),
        Op::Connects(false),
    ];
    for op in &ops {
        play(&mut world, op);
    }
    finish(&mut world, &[0]);
    assert_eq!(world.call.outcome(), Some(Outcome::Answered));
}

fn outbound_mode() -> impl Strategy<Value = Mode> {
    let agent_phone = "+12025550199".to_owned();
    prop::sample::select(vec![
        Mode::Softphone,
        Mode::PhoneFirst { agent_phone },
        Mode::Direct,
    ])
}

/// Any event at all, with the right names often enough.
#[expect(clippy::too_many_lines, reason = "one line or two for each event")]
fn event() -> impl Strategy<Value = Event> {
    let sid = prop::sample::select(vec!["CAcustomer", "CAana0", "CAben1", "CAnobody"])
        .prop_map(str::to_owned);
    let label = prop::sample::select(vec![
        "customer_1",
        "customer_2",
        "customer_4",
        "agent_1",
        "agent_3",
        "agent_4",
        "x",
    ])
    .prop_map(str::to_owned);
    let agent = prop::sample::select(vec!["ana", "ben"]).prop_map(user);
    let offer = (1usize..5)
        .prop_map(|n| crate::id::OfferId::nth(&crate::id::CallId::parse("call_1").unwrap(), n));
    let status = prop::sample::select(vec![
        LegStatus::Ringing,
        LegStatus::InProgress,
        LegStatus::Completed,
        LegStatus::Busy,
        LegStatus::Failed,
    ]);
    let result = prop::sample::select(vec![
        QueueResult::Leave,
        QueueResult::Redirected,
        QueueResult::Hangup,
        QueueResult::QueueFull,
    ]);
    let room = prop::sample::select(vec!["CF1", "CF2"]).prop_map(str::to_owned);
    let report = (
        sid.clone(),
        prop::option::of(label.clone()),
        status.clone(),
        prop::option::of(0u32..9),
    );
    let report = report.prop_map(|(sid, label, status, duration_seconds)| LegReport {
        sid,
        label,
        parent_sid: None,
        status,
        duration_seconds,
        error_code: None,
    });
    let found = (
        sid.clone(),
        prop::option::of(label.clone()),
        room.clone(),
        any::<bool>(),
    );
    let found = found.prop_map(|(sid, label, conference_sid, connected)| InRoom {
        sid,
        label,
        conference_sid,
        connected,
    });
    let of_agent = |make: fn(crate::id::UserId) -> Event| agent.clone().prop_map(make);
    let of_leg = |make: fn(String) -> Event| sid.clone().prop_map(make);
    let requests = prop_oneof![
        of_leg(|sid| Event::WaitRequested { sid }),
        of_leg(|sid| Event::RoomRequested { sid }),
        of_leg(|sid| Event::NextRequested { sid }),
        of_leg(|sid| Event::RoomDialEnded { sid }),
        (sid.clone(), result).prop_map(|(sid, result)| Event::QueueLeft { sid, result }),
        (sid.clone(), status.clone()).prop_map(|(sid, status)| Event::ForwardEnded {
            sid,
            status,
            duration_seconds: Some(3)
        }),
        (sid.clone(), status.clone(), any::<bool>()).prop_map(|(sid, status, hung_up)| {
            Event::DialEnded {
                sid,
                status,
                customer_sid: hung_up.then(|| "CAcustomer".to_owned()),
                duration_seconds: Some(3),
                hung_up,
            }
        }),
        (sid.clone(), 0u32..3).prop_map(|(sid, seconds)| Event::MessageLeft {
            sid,
            recording_sid: None,
            seconds
        }),
        (agent.clone(), sid.clone()).prop_map(|(agent, sid)| Event::AgentCalls {
            agent,
            sid,
            label: None,
            address: String::new(),
        }),
    ];
    let callbacks = prop_oneof![
        (sid.clone(), label.clone(), room.clone(), 0u32..9).prop_map(
            |(sid, label, conference_sid, sequence)| {
                Event::Joined {
                    sid,
                    label,
                    conference_sid,
                    sequence,
                }
            }
        ),
        (sid.clone(), label.clone(), status, room, 0u32..9).prop_map(
            |(sid, label, status, conference_sid, sequence)| Event::Left {
                sid,
                label,
                status,
                conference_sid,
                sequence,
            }
        ),
        report.clone().prop_map(Event::Leg),
        (
            prop::collection::vec(report, 0..3),
            prop::option::of(prop::collection::vec(found, 0..3))
        )
            .prop_map(|(legs, room)| Event::Reconciled { legs, room }),
        (sid.clone(), label.clone()).prop_map(|(sid, label)| Event::Placed { label, sid }),
        (sid.clone(), label.clone()).prop_map(|(sid, label)| Event::DeviceAnswers { label, sid }),
        (sid.clone(), any::<bool>()).prop_map(|(sid, talked)| Event::DevicesRung {
            sid,
            talked,
            duration_seconds: None,
        }),
        label.prop_map(|label| Event::PlaceRefused { label, code: None }),
        (sid.clone(), 0u32..6).prop_map(|(sid, turn)| Event::MoveRefused { sid, turn }),
        (sid, 0u32..6).prop_map(|(sid, turn)| Event::MoveFailed { sid, turn }),
        Just(Event::Deadline),
    ];
    let people = prop_oneof![
        3 => (agent.clone(), offer.clone()).prop_map(|(agent, offer)| Event::Accept { agent, offer }),
        1 => (agent.clone(), offer).prop_map(|(agent, offer)| Event::Decline { agent, offer }),
        1 => of_agent(|agent| Event::Take { agent }),
        1 => of_agent(|agent| Event::TurnDown { agent }),
        1 => of_agent(|agent| Event::HangUp { agent }),
        1 => of_agent(|agent| Event::Hold { agent }),
        1 => of_agent(|agent| Event::Resume { agent }),
        1 => of_agent(|agent| Event::PauseRecording { agent }),
        1 => of_agent(|agent| Event::WrappedUp { agent }),
        1 => of_agent(|agent| Event::AgentGone { agent }),
        1 => prop::collection::vec(agent.clone(), 0..3).prop_map(|agents| Event::AgentsFree { agents, devices: Vec::new() }),
        1 => prop::collection::vec(agent, 0..3).prop_map(|agents| {
            let devices = agents.iter().map(|agent| Device { agent: agent.clone(), identity: "o_1_a_1".to_owned() }).collect();
            Event::AgentsFree { agents, devices }
        }),
    ];
    prop_oneof![2 => requests, 3 => callbacks, 2 => people]
}
