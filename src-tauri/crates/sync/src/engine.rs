//! What a desk does next: `step(event) → effects`, without IO, clock or randomness of its own.
//!
//! A round is: greet the hub; if it was restored, bring it what it lost; push while there is something unsent; pull to
//! the end; files. At most one effect that answers is under way, and the timer is armed after every step: as the next
//! round's when nothing is under way, as a watchdog when something is. So no lost answer and no refusal ends sync.

use uuid::Uuid;

/// A round begins at least so often, to learn what others did.
const POLL_MILLIS: u64 = 30_000;
/// The first pause after a failure; each further one doubles it.
const PAUSE_MILLIS: u64 = 1_000;
/// No pause is longer.
const PAUSE_LIMIT_MILLIS: u64 = 300_000;
/// An effect that did not answer for so long has failed.
const WATCH_MILLIS: u64 = 120_000;

/// Why a round ended early. The text is for logs and screens: a code or a kind, never data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was reached.
    Offline(String),
    /// The hub is not the one this desk enrolled with.
    HubChanged,
    /// The hub said no, with this code.
    Refused(String),
    /// The hub's answer does not hold.
    Answer(String),
    /// The records do not add up to what the hub says; they are fetched anew.
    Diverged,
    /// The hub's log is not the one this desk has followed, nor the one its entries make.
    Rewritten,
    /// The desk's own disk or database said no.
    Local(String),
}

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// Something was taken; there may be more.
    Taken,
    /// There was nothing to push.
    Nothing,
    /// The hub has less than it acknowledged before.
    Behind,
    /// Another desk goes by this one's name; the first incarnation that is free.
    Fork(u32),
}

/// What became of a pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulled {
    /// There is more.
    More,
    /// Up to date.
    Head,
    /// Own operations came whose bytes are lost here.
    NeedOwn,
    /// The hub has less than this desk applied.
    Behind,
    /// Another desk goes by this one's name.
    Fork(u32),
    /// The records do not add up to what the hub says.
    Diverged,
    /// The hub's log is another one.
    Rewritten,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something was committed, or someone asked for a round.
    Woken,
    /// The timer ran out.
    Timer,
    /// The hub greeted; `restored` when its epoch is not the one this desk compared itself with.
    Greeted {
        /// Whether the hub was restored since.
        restored: bool,
    },
    /// What the hub lacks was marked for pushing.
    Refilled,
    /// A push was answered.
    Pushed(Pushed),
    /// A pull was answered and applied.
    Pulled(Pulled),
    /// This desk goes on as a new incarnation.
    Renamed,
    /// The streams begin anew.
    Restarted,
    /// Files were looked after.
    Files,
    /// What was under way failed.
    Failed(Trouble),
}

/// What is to be done. Every one but the last three answers with an event that carries its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Greet the hub.
    Greet,
    /// Compare heads and mark what the hub lacks.
    Refill,
    /// Push the next run.
    Push,
    /// Pull the next pages and apply them; `own` asks for own operations' bytes too.
    Pull {
        /// Whether to ask for them.
        own: bool,
    },
    /// Go on as a new incarnation.
    Rename(u32),
    /// Begin the streams anew.
    Restart,
    /// Send and fetch files.
    Files,
    /// Remember that this desk compared itself with the hub as it is now.
    KeepEpoch,
    /// The round ended: well, or with this trouble.
    Ended(Option<Trouble>),
    /// Wake with [`Event::Timer`] after so long; an earlier timer is void.
    ArmTimer {
        /// How long, in milliseconds.
        millis: u64,
    },
}

/// Where the engine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Between rounds.
    Idle,
    /// Greeting.
    Greeting,
    /// Comparing heads.
    Refilling,
    /// Pushing.
    Pushing,
    /// Pulling.
    Pulling,
    /// Becoming a new incarnation.
    Renaming,
    /// Beginning anew.
    Restarting,
    /// Looking after files.
    Files,
}

/// The engine. Two with equal state do the same for the same events.
#[derive(Debug, Clone)]
pub struct Engine {
    phase: Phase,
    /// Which effect is under way; an answer to an earlier one counts for nothing.
    turn: u64,
    /// Failed rounds since the last good one.
    failures: u32,
    /// Something was committed since this round began to push.
    dirty: bool,
    /// The hub was restored: after pushing, begin anew.
    recovering: bool,
    /// Own operations' bytes are asked for until the round ends.
    own: bool,
    /// The streams were begun anew in this round already.
    restarted: bool,
    seed: u64,
}

impl Engine {
    /// An engine between rounds; `seed` spreads the timers of desks that lost their hub at the same moment.
    pub fn new(seed: Uuid) -> Self {
        let (high, low) = seed.as_u64_pair();
        Engine {
            phase: Phase::Idle,
            turn: 0,
            failures: 0,
            dirty: false,
            recovering: false,
            own: false,
            restarted: false,
            seed: high ^ low | 1,
        }
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The number of the effect under way, to be given back with its answer.
    pub fn turn(&self) -> u64 {
        self.turn
    }

    /// Takes an event and says what to do. `turn` is that of the effect it answers; wake-ups and timers carry any.
    #[must_use]
    pub fn step(&mut self, turn: u64, event: Event) -> Vec<Effect> {
        let stray = turn != self.turn || self.phase == Phase::Idle;
        let mut effects = match event {
            Event::Woken | Event::Timer if self.phase == Phase::Idle => self.begin(),
            Event::Woken => {
                self.dirty = true;
                // The watchdog stays as it is armed.
                return Vec::new();
            }
            Event::Timer => self.fail(Trouble::Offline("timeout".to_owned())),
            // An answer that came too late.
            _ if stray => return Vec::new(),
            Event::Greeted { restored } => {
                if restored {
                    self.refill()
                } else {
                    self.push()
                }
            }
            Event::Refilled => self.push(),
            Event::Pushed(Pushed::Taken) => self.push(),
            Event::Pushed(Pushed::Nothing) if self.recovering => self.restart(),
            Event::Pushed(Pushed::Nothing) => self.pull(),
            Event::Pushed(Pushed::Behind) | Event::Pulled(Pulled::Behind) => {
                // A hub that is behind even after a refill in this round is left alone for a while.
                if self.recovering { self.fail(Trouble::Answer("behind".to_owned())) } else { self.refill() }
            }
            Event::Pushed(Pushed::Fork(next)) | Event::Pulled(Pulled::Fork(next)) => {
                self.go(Phase::Renaming, Effect::Rename(next))
            }
            Event::Renamed => self.push(),
            Event::Pulled(Pulled::More) => self.pull(),
            Event::Pulled(Pulled::NeedOwn) => {
                if self.own {
                    self.fail(Trouble::Answer("own".to_owned()))
                } else {
                    self.own = true;
                    self.pull()
                }
            }
            Event::Pulled(Pulled::Diverged | Pulled::Rewritten) if !self.restarted => self.restart(),
            Event::Pulled(Pulled::Diverged) => self.fail(Trouble::Diverged),
            Event::Pulled(Pulled::Rewritten) => self.fail(Trouble::Rewritten),
            Event::Restarted => {
                self.own = true;
                // Not before: a desk that is killed in between must compare itself with this hub again, or it would
                // wait for ever for work to come back behind its cursor.
                let mut effects: Vec<Effect> =
                    self.recovering.then_some(Effect::KeepEpoch).into_iter().collect();
                self.recovering = false;
                effects.extend(self.pull());
                effects
            }
            Event::Pulled(Pulled::Head) => self.go(Phase::Files, Effect::Files),
            Event::Files if self.dirty => self.push(),
            Event::Files => self.end(),
            Event::Failed(trouble) => self.fail(trouble),
        };
        if self.phase != Phase::Idle && !matches!(effects.last(), Some(Effect::ArmTimer { .. })) {
            effects.push(Effect::ArmTimer { millis: WATCH_MILLIS });
        }
        effects
    }

    fn go(&mut self, phase: Phase, effect: Effect) -> Vec<Effect> {
        self.phase = phase;
        self.turn += 1;
        vec![effect]
    }

    fn begin(&mut self) -> Vec<Effect> {
        (self.recovering, self.own, self.restarted) = (false, false, false);
        self.go(Phase::Greeting, Effect::Greet)
    }

    fn refill(&mut self) -> Vec<Effect> {
        self.recovering = true;
        self.go(Phase::Refilling, Effect::Refill)
    }

    fn push(&mut self) -> Vec<Effect> {
        self.dirty = false;
        self.go(Phase::Pushing, Effect::Push)
    }

    fn pull(&mut self) -> Vec<Effect> {
        let own = self.own;
        self.go(Phase::Pulling, Effect::Pull { own })
    }

    fn restart(&mut self) -> Vec<Effect> {
        self.restarted = true;
        self.go(Phase::Restarting, Effect::Restart)
    }

    fn end(&mut self) -> Vec<Effect> {
        self.phase = Phase::Idle;
        self.turn += 1;
        self.failures = 0;
        let millis = self.spread(POLL_MILLIS);
        vec![Effect::Ended(None), Effect::ArmTimer { millis }]
    }

    fn fail(&mut self, trouble: Trouble) -> Vec<Effect> {
        self.phase = Phase::Idle;
        self.turn += 1;
        let doubled = PAUSE_MILLIS.checked_shl(self.failures.min(16)).unwrap_or(PAUSE_LIMIT_MILLIS);
        self.failures = self.failures.saturating_add(1);
        let millis = self.spread(doubled.min(PAUSE_LIMIT_MILLIS));
        vec![Effect::Ended(Some(trouble)), Effect::ArmTimer { millis }]
    }

    /// Between half of a time and all of it, so that desks do not come back at one moment (xorshift64).
    fn spread(&mut self, millis: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        millis / 2 + self.seed % (millis / 2 + 1)
    }
}
