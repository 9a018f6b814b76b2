//! Everything that happens, in the order of one clock.

mod exchange;
mod faults;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, FixedOffset};
use domain::digest::Digest;
use domain::settle::CONFLICT;
use fastrand::Rng;
use sync::{Engine, Event, Phase, Trouble};
use tempfile::TempDir;
use uuid::Uuid;
use wire::{HeadsAnswer, PullAnswer, PullRequest, PushAnswer, PushRequest, Snapshot};

use crate::desk::Desk;
use crate::hub::Hub;
use crate::{BEGINNING, Met, Plan, check, folder, people};

/// After this nobody waits for an answer, in milliseconds.
const PATIENCE: i64 = 60_000;
/// Healed, everybody must be at rest after so long: twice the engine's longest pause and some rounds.
const REST: i64 = 3_600_000;

/// What a desk asks the hub.
#[derive(Debug, Clone)]
enum Ask {
    Hello,
    Heads,
    Push(PushRequest),
    Pull(PullRequest),
    Snapshot,
    Chunk(Digest),
}

/// What the hub says.
#[derive(Debug, Clone)]
enum Answer {
    Hello(Uuid),
    Heads(HeadsAnswer),
    Push(PushRequest, PushAnswer),
    Pull(PullAnswer),
    Snapshot(Option<Snapshot>),
    Chunk(Option<Vec<u8>>),
    /// The hub does not know this device: it was restored to before it joined.
    Unknown,
}

#[derive(Debug)]
enum Happening {
    /// A desk's timer, if it is still the one that was armed.
    Timer {
        seat: usize,
        armed: u64,
    },
    /// Someone at a desk gives a command.
    Command {
        seat: usize,
    },
    /// A request comes to the hub.
    Arrives {
        seat: usize,
        call: u64,
        device: Uuid,
        ask: Ask,
    },
    /// An answer comes to a desk that may have stopped waiting.
    Answers {
        seat: usize,
        call: u64,
        answer: Answer,
    },
    /// Nobody answered.
    GivesUp {
        seat: usize,
        call: u64,
    },
    Crash {
        seat: usize,
    },
    Starts {
        seat: usize,
    },
    Link {
        seat: usize,
    },
    Mark {
        seat: usize,
    },
    Backup {
        seat: usize,
    },
    Restore {
        seat: usize,
    },
    Copy {
        seat: usize,
    },
    /// Unsent work is taken to another desk by hand.
    Carry {
        seat: usize,
    },
    HubBackup,
    HubBack,
    HubSnapshot,
}

/// What may go wrong in this run: some faults hide others, so not all come together.
#[derive(Debug)]
struct Weather {
    lost: f64,
    twice: f64,
    late: f64,
    crash_in_step: f64,
    database_back: bool,
    /// Of a chunk in the hub's object store.
    damage: f64,
}

/// A place where a desk stands.
pub(crate) struct Seat {
    pub(crate) desk: Option<Desk>,
    engine: Engine,
    /// Whether the process runs and looks after sync.
    running: bool,
    /// The request under way and the turn of the effect behind it.
    call: Option<(u64, u64)>,
    /// The hub's epoch at this round's greeting.
    greeted: Uuid,
    /// Whether it was asked for a snapshot in this round.
    asked: bool,
    armed: u64,
    online: bool,
    commands_left: usize,
    /// The desk's clock less the world's.
    skew: i64,
    backup: Option<(PathBuf, BTreeSet<Uuid>)>,
    /// Operations made here and not taken away by a lost disk.
    pub(crate) made: BTreeSet<Uuid>,
    /// Numbers given here, with the claims they were given to.
    pub(crate) numbers: BTreeMap<String, Uuid>,
    /// A copy that nobody noticed may give numbers twice before the hub tells it.
    pub(crate) unnoticed: bool,
    last_trouble: Option<Trouble>,
}

pub(crate) struct World {
    pub(crate) rng: Rng,
    now: i64,
    order: u64,
    queue: BinaryHeap<Reverse<(i64, u64, usize)>>,
    happenings: BTreeMap<usize, Happening>,
    pub(crate) hub: Hub,
    hub_backup: Option<Hub>,
    pub(crate) seats: Vec<Seat>,
    root: TempDir,
    weather: Weather,
    calls: u64,
    healed: bool,
    pub(crate) met: Met,
    folders: usize,
}

pub(crate) async fn run(plan: Plan) -> anyhow::Result<Met> {
    let mut world = World::new(plan).await?;
    let run = world.live().await;
    let run = match run {
        Ok(()) => check::all(&world).await,
        wrong => wrong,
    };
    let now = world.now - BEGINNING;
    let mut met = world.met;
    met.conflicts = world.hub.records.keys().filter(|(kind, _)| kind == CONFLICT).count();
    met.operations = world.hub.feed.len();
    for seat in world.seats {
        if let Some(desk) = seat.desk {
            desk.close().await;
        }
    }
    run.with_context(|| format!("{plan:?} after {now} ms"))?;
    Ok(met)
}

impl World {
    async fn new(plan: Plan) -> anyhow::Result<Self> {
        let mut rng = Rng::with_seed(plan.seed);
        let weather = Weather {
            lost: rng.choice([0.0, 0.05, 0.3]).unwrap_or_default(),
            twice: rng.choice([0.0, 0.1, 0.5]).unwrap_or_default(),
            late: rng.choice([0.0, 0.05, 0.2]).unwrap_or_default(),
            crash_in_step: rng.choice([0.0, 0.0, 0.004, 0.02]).unwrap_or_default(),
            database_back: rng.bool(),
            damage: rng.choice([0.0, 0.0, 0.3]).unwrap_or_default(),
        };
        let epoch = drawn(&mut rng);
        let mut world = World {
            rng,
            now: BEGINNING,
            order: 0,
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            hub: Hub::new(epoch),
            hub_backup: None,
            seats: Vec::new(),
            root: folder()?,
            weather,
            calls: 0,
            healed: false,
            met: Met::default(),
            folders: crate::DESKS,
        };
        for number in 0..plan.desks {
            let desk = Desk::new(world.root.path(), number).await?;
            world.sit(desk, plan.commands);
            let seat = world.seats.len() - 1;
            // Some work for a while before they meet the hub.
            let at = if world.rng.bool() { world.now } else { world.now + world.rng.i64(0..600_000) };
            world.at(at, Happening::Starts { seat });
            world.faults(seat, plan.commands);
        }
        let span = 20_000 * i64::try_from(plan.commands)?;
        for _ in 0..world.rng.usize(0..4) {
            let at = world.now + world.rng.i64(0..span);
            world.at(at, Happening::HubSnapshot);
        }
        if world.rng.u8(0..3) == 0 {
            for _ in 0..world.rng.usize(1..3) {
                let backup = world.now + world.rng.i64(0..span);
                let back = backup + world.rng.i64(0..span / 2 + 1);
                world.at(backup, Happening::HubBackup);
                world.at(back, Happening::HubBack);
            }
        }
        Ok(world)
    }

    fn sit(&mut self, desk: Desk, commands: usize) {
        let skew = if self.rng.u8(0..8) == 0 { self.rng.i64(-300_000_000_000..300_000_000_000) } else { 0 };
        self.seats.push(Seat {
            engine: Engine::new(desk.device()),
            desk: Some(desk),
            running: false,
            call: None,
            greeted: Uuid::nil(),
            asked: false,
            armed: 0,
            online: true,
            commands_left: commands,
            skew,
            backup: None,
            made: BTreeSet::new(),
            numbers: BTreeMap::new(),
            unnoticed: false,
            last_trouble: None,
        });
    }

    fn at(&mut self, moment: i64, happening: Happening) {
        self.order += 1;
        let name = usize::try_from(self.order).unwrap_or_default();
        self.queue.push(Reverse((moment, self.order, name)));
        self.happenings.insert(name, happening);
    }

    fn seat(&mut self, seat: usize) -> anyhow::Result<&mut Seat> {
        self.seats.get_mut(seat).context("a seat")
    }

    /// The moment by a desk's own clock.
    fn clock(&self, seat: usize) -> DateTime<FixedOffset> {
        let skew = self.seats.get(seat).map_or(0, |seat| seat.skew);
        DateTime::from_timestamp_millis(self.now + skew).unwrap_or_default().fixed_offset()
    }

    /// Lets everything happen, heals, and waits for rest.
    async fn live(&mut self) -> anyhow::Result<()> {
        let mut rest_by = i64::MAX;
        loop {
            let commands: usize = self.seats.iter().map(|seat| seat.commands_left).sum();
            if commands == 0 && !self.healed && !self.waiting_faults() {
                self.heal().await?;
                rest_by = self.now + REST;
            }
            if self.healed && self.at_rest().await? {
                return Ok(());
            }
            let Some(Reverse((moment, _, name))) = self.queue.pop() else {
                anyhow::bail!("nothing happens any more: {}", self.state().await);
            };
            if moment > rest_by {
                anyhow::bail!("no rest: {}", self.state().await);
            }
            self.now = self.now.max(moment);
            let happening = self.happenings.remove(&name).context("a happening")?;
            self.happen(happening).await?;
        }
    }

    fn waiting_faults(&self) -> bool {
        self.happenings.values().any(|happening| {
            matches!(
                happening,
                Happening::Crash { .. }
                    | Happening::Starts { .. }
                    | Happening::Restore { .. }
                    | Happening::Copy { .. }
                    | Happening::HubBack
                    | Happening::Command { .. }
            )
        })
    }

    /// From here on nothing goes wrong.
    async fn heal(&mut self) -> anyhow::Result<()> {
        self.healed = true;
        for seat in &mut self.seats {
            seat.online = true;
        }
        Ok(())
    }

    async fn at_rest(&self) -> anyhow::Result<bool> {
        let head = self.hub.head().seq;
        for seat in &self.seats {
            if seat.engine.phase() != Phase::Idle || seat.last_trouble.is_some() {
                return Ok(false);
            }
            let Some(desk) = &seat.desk else { return Ok(false) };
            let facts = desk.facts().await?;
            let even = facts.unsent == 0 && facts.relayed == 0 && facts.cursor == head && !facts.rebuilding;
            if !even || desk.epoch().await? != self.hub.epoch {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn state(&self) -> String {
        let mut text = format!("hub at {}", self.hub.head().seq);
        for (number, seat) in self.seats.iter().enumerate() {
            let facts = match &seat.desk {
                Some(desk) => desk.facts().await.ok(),
                None => None,
            };
            let facts = facts.unwrap_or_default();
            text.push_str(&format!(
                "; {number}: {:?} unsent {} relayed {} cursor {} rebuilding {} trouble {:?}",
                seat.engine.phase(),
                facts.unsent,
                facts.relayed,
                facts.cursor,
                facts.rebuilding,
                seat.last_trouble
            ));
        }
        text
    }

    async fn happen(&mut self, happening: Happening) -> anyhow::Result<()> {
        tracing::debug!(now = self.now - BEGINNING, ?happening);
        match happening {
            Happening::Timer { seat, armed } => {
                let here = self.seat(seat)?;
                if here.armed == armed && here.running {
                    here.call = None;
                    self.feed(seat, None, Event::Timer).await?;
                }
            }
            Happening::Command { seat } => self.command(seat).await?,
            Happening::Arrives { seat, call, device, ask } => {
                let answer = match ask {
                    Ask::Heads | Ask::Push(_) | Ask::Pull(_) | Ask::Snapshot | Ask::Chunk(_)
                        if !self.hub.knows(device) =>
                    {
                        Answer::Unknown
                    }
                    Ask::Hello => Answer::Hello(self.hub.epoch),
                    Ask::Heads => Answer::Heads(self.hub.heads()),
                    Ask::Push(request) => {
                        let answer = self.hub.push(request.clone())?;
                        Answer::Push(request, answer)
                    }
                    Ask::Pull(request) => Answer::Pull(self.hub.pull(device, &request)),
                    Ask::Snapshot => Answer::Snapshot(self.hub.snapshot()),
                    Ask::Chunk(name) => Answer::Chunk(self.spoiled(self.hub.chunk(&name))),
                };
                if self.luck(self.weather.lost) {
                    self.met.lost += 1;
                    return Ok(());
                }
                let at = self.now + self.delay();
                self.at(at, Happening::Answers { seat, call, answer });
            }
            Happening::Answers { seat, call, answer } => {
                let here = self.seat(seat)?;
                if !here.online {
                    return Ok(());
                }
                let Some((_, turn)) = here.call.filter(|(waited, _)| *waited == call) else { return Ok(()) };
                here.call = None;
                let event = self.take(seat, answer).await.with_context(|| format!("desk {seat}"))?;
                tracing::debug!(seat, ?event);
                self.feed(seat, Some(turn), event).await?;
            }
            Happening::GivesUp { seat, call } => {
                let here = self.seat(seat)?;
                let Some((_, turn)) = here.call.filter(|(waited, _)| *waited == call) else { return Ok(()) };
                here.call = None;
                let event = Event::Failed(Trouble::Offline("timeout".into()));
                self.feed(seat, Some(turn), event).await?;
            }
            Happening::Crash { seat } => self.crash(seat).await?,
            Happening::Starts { seat } => self.start(seat).await?,
            Happening::Link { seat } => {
                if !self.healed {
                    let here = self.seat(seat)?;
                    here.online = !here.online;
                }
            }
            Happening::Mark { seat } => {
                if let Some(desk) = &mut self.seat(seat)?.desk {
                    desk.set_mark()?;
                }
            }
            Happening::Backup { seat } => {
                self.folders += 1;
                let (number, root) = (self.folders, self.root.path().to_owned());
                let here = self.seat(seat)?;
                if let Some(desk) = &here.desk {
                    here.backup = Some((desk.backup(&root, number)?, here.made.clone()));
                }
            }
            Happening::Restore { seat } => self.restore(seat).await?,
            Happening::Copy { seat } => self.copy(seat).await?,
            Happening::Carry { seat } => self.carry(seat).await?,
            Happening::HubBackup => self.hub_backup = Some(self.hub.backup()),
            Happening::HubSnapshot => self.hub.make_snapshot()?,
            Happening::HubBack => {
                if let Some(backup) = self.hub_backup.take() {
                    self.hub = backup;
                    self.hub.epoch = drawn(&mut self.rng);
                    self.met.rolled_back += 1;
                }
            }
        }
        Ok(())
    }

    /// What the object store gives back: sometimes another bit, or nothing.
    fn spoiled(&mut self, chunk: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let mut chunk = chunk.filter(|_| !self.luck(self.weather.damage))?;
        if self.luck(self.weather.damage) {
            let at = self.rng.usize(0..chunk.len());
            chunk.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1);
        }
        Some(chunk)
    }

    fn luck(&mut self, chance: f64) -> bool {
        !self.healed && self.rng.f64() < chance
    }

    fn delay(&mut self) -> i64 {
        if self.luck(self.weather.late) {
            self.met.again += 1;
            return self.rng.i64(1_000..300_000);
        }
        self.rng.i64(1..200)
    }

    /// A process begins: enrolled first, where it never was.
    async fn start(&mut self, seat: usize) -> anyhow::Result<()> {
        let at = self.clock(seat);
        let desk = self.seats.get(seat).and_then(|seat| seat.desk.as_ref()).context("a desk")?;
        if desk.facts().await?.hub.is_none() {
            let request = desk.enrol_request().await?;
            let answer = self.hub.enrol(&request)?;
            desk.enrolled(&self.hub.key(), &answer, &at.to_rfc3339()).await?;
        }
        let here = self.seat(seat)?;
        here.engine = Engine::new(Uuid::from_u128(seat as u128));
        here.running = true;
        here.call = None;
        here.last_trouble = None;
        self.feed(seat, None, Event::Timer).await
    }

    fn code(&mut self) -> String {
        (0..4).map(|_| char::from(self.rng.u8(b'A'..=b'Z'))).collect()
    }

    async fn command(&mut self, seat: usize) -> anyhow::Result<()> {
        let (at, now) = (self.clock(seat), self.now);
        let here = self.seats.get_mut(seat).context("a seat")?;
        let desk = here.desk.as_ref().context("a desk")?;
        if !here.running && desk.facts().await?.hub.is_some() {
            // People wait until the program is there again.
            self.at(now + 30_000, Happening::Command { seat });
            return Ok(());
        }
        here.commands_left = here.commands_left.saturating_sub(1);
        people::act(desk, &mut self.rng, at, &mut here.made, &mut here.numbers).await?;
        if here.running { self.feed(seat, None, Event::Woken).await } else { Ok(()) }
    }

    /// Gives the engine an event and does what it says.
    async fn feed(&mut self, seat: usize, turn: Option<u64>, event: Event) -> anyhow::Result<()> {
        let here = self.seat(seat)?;
        let turn = turn.unwrap_or_else(|| here.engine.turn());
        let mut effects = here.engine.step(turn, event);
        loop {
            let mut next = None;
            for effect in effects {
                let turn = self.seat(seat)?.engine.turn();
                if let Some(event) =
                    self.perform(seat, effect, turn).await.with_context(|| format!("desk {seat}"))?
                {
                    next = Some((turn, event));
                }
                if self.luck(self.weather.crash_in_step) {
                    return self.crash(seat).await;
                }
            }
            let Some((turn, event)) = next else { return Ok(()) };
            effects = self.seat(seat)?.engine.step(turn, event);
        }
    }
}

fn drawn(rng: &mut Rng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid()
}
