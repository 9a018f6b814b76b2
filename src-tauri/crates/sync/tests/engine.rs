//! The engine against a model of desk, network and hub: whatever happens, it always comes back and empties the queue.

use proptest::prelude::*;
use sync::{Effect, Engine, Event, Phase, Pulled, Pushed, Trouble};
use uuid::Uuid;

/// A desk and a hub as far as the engine can tell them apart.
#[derive(Debug, Clone)]
struct World {
    unsent: u32,
    behind: u32,
    restored: bool,
    forked: bool,
    lost: u32,
    diverged: bool,
    own_lost: bool,
    armed: Option<u64>,
    ended_well: bool,
}

/// What the network does with one exchange.
#[derive(Debug, Clone, Copy)]
enum Luck {
    Fine,
    Offline,
    /// The hub did it and the answer is lost.
    Silent,
    Refused,
    /// An answer of an earlier turn comes first.
    Late,
    Commit,
}

impl World {
    /// Does an effect and answers.
    fn answer(&mut self, effect: &Effect) -> Option<Event> {
        Some(match effect {
            Effect::Greet => Event::Greeted { restored: self.restored },
            Effect::Refill => {
                self.unsent += self.lost;
                self.lost = 0;
                Event::Refilled
            }
            Effect::Push if self.forked && self.unsent > 0 => Event::Pushed(Pushed::Fork(2)),
            Effect::Push if self.unsent == 0 => Event::Pushed(Pushed::Nothing),
            Effect::Push => {
                self.unsent -= 1;
                self.behind += 1;
                Event::Pushed(if self.lost > 0 && !self.restored { Pushed::Behind } else { Pushed::Taken })
            }
            Effect::Rename(_) => {
                self.forked = false;
                self.unsent += 1;
                Event::Renamed
            }
            Effect::Restart => {
                (self.diverged, self.behind) = (false, self.behind + 1);
                Event::Restarted
            }
            // Who has nothing to push learns of its double from the stream itself.
            Effect::Pull { .. } if self.forked => Event::Pulled(Pulled::Fork(2)),
            Effect::Pull { own } if self.own_lost && !own => Event::Pulled(Pulled::NeedOwn),
            Effect::Pull { .. } => {
                self.own_lost = false;
                self.behind = self.behind.saturating_sub(3);
                Event::Pulled(match (self.behind, self.diverged) {
                    (0, true) => Pulled::Diverged,
                    (0, false) => Pulled::Head,
                    _ => Pulled::More,
                })
            }
            Effect::Files => Event::Files,
            Effect::KeepEpoch => {
                self.restored = false;
                return None;
            }
            Effect::Ended(trouble) => {
                self.ended_well = trouble.is_none();
                return None;
            }
            Effect::ArmTimer { millis } => {
                self.armed = Some(*millis);
                return None;
            }
        })
    }

    fn quiet(&self) -> bool {
        self.unsent == 0
            && self.behind == 0
            && !self.restored
            && !self.forked
            && self.lost == 0
            && !self.diverged
    }
}

/// Runs one event and all that follows from it until something is under way or the engine is idle.
fn step(engine: &mut Engine, world: &mut World, event: Event, luck: &mut impl Iterator<Item = Luck>) {
    let mut queue = vec![(engine.turn(), event)];
    while let Some((turn, event)) = queue.pop() {
        let effects = engine.step(turn, event.clone());
        let busy = effects
            .iter()
            .any(|effect| !matches!(effect, Effect::ArmTimer { .. } | Effect::Ended(_) | Effect::KeepEpoch));
        let armed = effects.iter().filter(|effect| matches!(effect, Effect::ArmTimer { .. })).count();
        assert!(effects.is_empty() || armed == 1, "each step arms the timer once: {event:?} → {effects:?}");
        assert!(effects.is_empty() || busy == (engine.phase() != Phase::Idle), "{event:?} → {effects:?}");
        for effect in effects {
            let turn = engine.turn();
            let exchange = !matches!(effect, Effect::KeepEpoch | Effect::Ended(_) | Effect::ArmTimer { .. });
            match if exchange { luck.next().unwrap_or(Luck::Fine) } else { Luck::Fine } {
                Luck::Fine => queue.extend(world.answer(&effect).map(|event| (turn, event))),
                Luck::Offline => queue.push((turn, Event::Failed(Trouble::Offline("connect".into())))),
                Luck::Refused => queue.push((turn, Event::Failed(Trouble::Refused("sync.revoked".into())))),
                Luck::Silent => drop(world.answer(&effect)),
                Luck::Late => {
                    queue.extend(world.answer(&effect).map(|event| (turn, event)));
                    queue.push((turn.wrapping_sub(1), Event::Pushed(Pushed::Taken)));
                }
                Luck::Commit => {
                    world.unsent += 1;
                    queue.extend(world.answer(&effect).map(|event| (turn, event)));
                    queue.push((turn, Event::Woken));
                }
            }
        }
    }
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        4 => Just(Luck::Fine),
        1 => Just(Luck::Offline),
        1 => Just(Luck::Silent),
        1 => Just(Luck::Refused),
        1 => Just(Luck::Late),
        1 => Just(Luck::Commit),
    ]
}

proptest! {
    #[test]
    fn after_any_trouble_the_queue_empties_by_timer_alone(
        unsent in 0..20u32,
        behind in 0..9u32,
        lost in 0..4u32,
        (restored, forked, diverged, own_lost) in any::<(bool, bool, bool, bool)>(),
        trouble in proptest::collection::vec(luck(), 0..60),
        wakes in 1..12usize,
    ) {
        let mut world = World {
            unsent, behind, restored: restored || lost > 0, forked, lost, diverged, own_lost, armed: None, ended_well: false,
        };
        let mut engine = Engine::new(Uuid::from_u128(7));
        let mut trouble = trouble.into_iter();
        step(&mut engine, &mut world, Event::Woken, &mut trouble);
        for _ in 0..wakes {
            prop_assert!(world.armed.is_some(), "the timer is armed");
            step(&mut engine, &mut world, Event::Timer, &mut trouble);
        }
        // The network heals; nothing but the timer runs.
        let mut fine = std::iter::empty();
        for _ in 0..4 {
            prop_assert!(world.armed.is_some_and(|millis| millis <= 300_000));
            step(&mut engine, &mut world, Event::Timer, &mut fine);
        }
        prop_assert!(world.quiet(), "{world:?} {:?}", engine.phase());
        prop_assert!(world.ended_well);
        prop_assert_eq!(engine.phase(), Phase::Idle);
    }
}

#[test]
fn pauses_grow_and_differ_between_desks() {
    let pauses = |seed: u128| {
        let mut engine = Engine::new(Uuid::from_u128(seed));
        (0..12)
            .map(|_| {
                let greeted = engine.step(engine.turn(), Event::Timer);
                assert_eq!(greeted[0], Effect::Greet);
                let failed = engine.step(engine.turn(), Event::Failed(Trouble::Offline("connect".into())));
                match failed.last() {
                    Some(Effect::ArmTimer { millis }) => *millis,
                    other => unreachable!("no timer: {other:?}"),
                }
            })
            .collect::<Vec<u64>>()
    };
    let (one, two) = (pauses(1), pauses(2));
    assert!(one[0] <= 1_000 && one[11] >= 150_000 && one[11] <= 300_000, "{one:?}");
    assert_ne!(one, two, "two desks do not come back at one moment");
}

#[test]
fn a_desk_that_cannot_be_put_right_says_so_and_tries_later() {
    let mut engine = Engine::new(Uuid::nil());
    let _greet = engine.step(0, Event::Woken);
    let _push = engine.step(engine.turn(), Event::Greeted { restored: false });
    let _pull = engine.step(engine.turn(), Event::Pushed(Pushed::Nothing));
    let restart = engine.step(engine.turn(), Event::Pulled(Pulled::Diverged));
    assert_eq!(restart[0], Effect::Restart);
    let pull = engine.step(engine.turn(), Event::Restarted);
    assert_eq!(pull[0], Effect::Pull { own: true });
    for (pulled, trouble) in [(Pulled::Diverged, Trouble::Diverged), (Pulled::Rewritten, Trouble::Rewritten)]
    {
        let mut engine = engine.clone();
        let ended = engine.step(engine.turn(), Event::Pulled(pulled));
        assert_eq!(ended[0], Effect::Ended(Some(trouble)));
        assert!(matches!(ended[1], Effect::ArmTimer { .. }));
    }
}
