//! Any order and any number of repeats of the carrier's callbacks: one outcome, nothing paid twice, nobody left behind.

use proptest::prelude::*;

use super::world::{Place, World, policy, queue};
use crate::call::*;

/// What happens next, chosen at random.
#[derive(Debug, Clone)]
enum Op {
    GreetingOver,
    CallerHangsUp,
    CustomerAnswers,
    CustomerRefuses(bool),
    Accepts(bool),
    Declines(bool),
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

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::GreetingOver),
        1 => Just(Op::CallerHangsUp),
        2 => Just(Op::CustomerAnswers),
        1 => any::<bool>().prop_map(Op::CustomerRefuses),
        4 => any::<bool>().prop_map(Op::Accepts),
        1 => any::<bool>().prop_map(Op::Declines),
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

fn play(world: &mut World, op: &Op) {
    match op {
        Op::GreetingOver => world.greeting_over(),
        Op::CallerHangsUp => world.caller_hangs_up(),
        Op::CustomerAnswers => world.customer_answers(),
        Op::CustomerRefuses(true) => world.customer_refuses(LegStatus::Busy),
        Op::CustomerRefuses(false) => world.customer_refuses(LegStatus::NoAnswer),
        Op::Accepts(who_) => drop(world.accepts(who(*who_))),
        Op::Declines(ana) => world.declines(who(*ana)),
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn inbound_calls_end_the_same_in_any_order(
        ops in prop::collection::vec(op(), 0..24),
        order in prop::collection::vec(any::<u8>(), 1..16),
    ) {
        let mut world = World::inbound(queue(), policy());
        world.prompt = false;
        ops.iter().for_each(|op| play(&mut world, op));
        finish(&mut world, &order);
    }

    #[test]
    fn outbound_calls_end_the_same_in_any_order(
        ops in prop::collection::vec(op(), 0..24),
        order in prop::collection::vec(any::<u8>(), 1..16),
        own_phone in any::<bool>(),
    ) {
        let mode = if own_phone {
            Mode::PhoneFirst { agent_phone: "+12025550199".to_owned() }
        } else {
            Mode::Softphone
        };
        let mut world = World::outbound(mode, policy());
        world.prompt = false;
        ops.iter().for_each(|op| play(&mut world, op));
        finish(&mut world, &order);
    }
}
