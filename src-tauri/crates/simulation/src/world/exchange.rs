//! What a desk asks and is told: the effects of its engine, as `desk/src/sync/round.rs` does them.

use anyhow::Context as _;
use store::{Acknowledged, Applied, Took};
use sync::{Effect, Event, Pulled, Pushed, Trouble};

use super::{Answer, Ask, Happening, PATIENCE, World};

impl World {
    /// Does an effect; what answers at once is returned.
    pub(super) async fn perform(
        &mut self,
        seat: usize,
        effect: Effect,
        turn: u64,
    ) -> anyhow::Result<Option<Event>> {
        let at = self.clock(seat);
        let now = self.now;
        let code = self.code();
        let here = self.seats.get_mut(seat).context("a seat")?;
        let desk = here.desk.as_mut().context("a desk that runs")?;
        tracing::debug!(seat, ?effect);
        let ask = match effect {
            Effect::ArmTimer { millis } => {
                here.armed += 1;
                let armed = here.armed;
                self.at(now + i64::try_from(millis)?, Happening::Timer { seat, armed });
                return Ok(None);
            }
            Effect::Ended(trouble) => {
                here.last_trouble = trouble;
                return Ok(None);
            }
            Effect::KeepEpoch => {
                desk.set_epoch(here.greeted).await?;
                return Ok(None);
            }
            Effect::Rename(next) => {
                desk.new_incarnation(Some(next), &code, at).await?;
                self.met.renamed += 1;
                return Ok(Some(Event::Renamed));
            }
            Effect::Restart => {
                desk.restart(&at.to_rfc3339()).await?;
                self.met.restarts += 1;
                return Ok(Some(Event::Restarted));
            }
            Effect::Files => return Ok(Some(Event::Files)),
            Effect::Greet => Ask::Hello,
            Effect::Refill => Ask::Heads,
            Effect::Push => match desk.next_push().await? {
                Some(request) => Ask::Push(request),
                None => {
                    desk.free_outbox().await?;
                    return Ok(Some(Event::Pushed(Pushed::Nothing)));
                }
            },
            Effect::Pull { own } => {
                if let Some(chunk) = desk.snapshot_chunk().await? {
                    Ask::Chunk(chunk)
                } else if !here.asked && desk.wants_snapshot().await? {
                    here.asked = true;
                    Ask::Snapshot
                } else {
                    Ask::Pull(desk.pull_request(self.rng.choice([3, 20, 2_000]).unwrap_or(20), own).await?)
                }
            }
        };
        let device = desk.device();
        self.calls += 1;
        let call = self.calls;
        here.call = Some((call, turn));
        if !here.online {
            self.at(now + 50, Happening::GivesUp { seat, call });
            return Ok(None);
        }
        self.at(now + PATIENCE, Happening::GivesUp { seat, call });
        if self.luck(self.weather.twice) {
            self.met.again += 1;
            let at = now + self.delay();
            self.at(at, Happening::Arrives { seat, call, device, ask: ask.clone() });
        }
        if self.luck(self.weather.lost) {
            self.met.lost += 1;
            return Ok(None);
        }
        let at = now + self.delay();
        self.at(at, Happening::Arrives { seat, call, device, ask });
        Ok(None)
    }

    /// A desk takes an answer, as `desk/src/sync/round.rs` does.
    pub(super) async fn take(&mut self, seat: usize, answer: Answer) -> anyhow::Result<Event> {
        let at = self.clock(seat).to_rfc3339();
        let here = self.seats.get_mut(seat).context("a seat")?;
        let desk = here.desk.as_ref().context("a desk that runs")?;
        Ok(match answer {
            Answer::Hello(epoch) => {
                here.greeted = epoch;
                here.asked = false;
                Event::Greeted { restored: epoch != desk.epoch().await? }
            }
            Answer::Unknown => {
                // The administrator hears of it and gives out a code.
                let request = desk.enrol_request().await?;
                let answer = self.hub.enrol(&request)?;
                desk.enrolled(&self.hub.key(), &answer, &at).await?;
                Event::Failed(Trouble::Refused("sync.device.unknown".into()))
            }
            Answer::Heads(heads) => {
                desk.refill(&heads).await?;
                Event::Refilled
            }
            Answer::Push(request, answer) => {
                Event::Pushed(match desk.acknowledged(&request, &answer, &at).await? {
                    Acknowledged::Taken => Pushed::Taken,
                    Acknowledged::Behind => Pushed::Behind,
                    Acknowledged::Fork(next) => Pushed::Fork(next),
                })
            }
            Answer::Snapshot(offered) => {
                if let Some(offered) = offered {
                    desk.begin_snapshot(&offered, &at).await?;
                }
                Event::Pulled(Pulled::More)
            }
            Answer::Chunk(chunk) => {
                match desk.take_snapshot_chunk(chunk.as_deref(), &at).await? {
                    Took::More => {}
                    Took::Whole => self.met.snapshots += 1,
                    Took::Unfit => self.met.spoiled += 1,
                }
                Event::Pulled(Pulled::More)
            }
            Answer::Pull(answer) => {
                let mut pulled = Pulled::Head;
                for page in &answer.pages {
                    pulled = match desk.apply_page(page, &answer.certificates, &at).await? {
                        Applied::More => Pulled::More,
                        Applied::Head => Pulled::Head,
                        Applied::NeedOwn => Pulled::NeedOwn,
                        Applied::Behind => Pulled::Behind,
                        Applied::Fork(next) => Pulled::Fork(next),
                        Applied::Diverged => {
                            anyhow::ensure!(self.met.rolled_back > 0, "the records do not add up");
                            Pulled::Diverged
                        }
                        Applied::Rewritten => {
                            anyhow::ensure!(self.met.rolled_back > 0, "the log is another one");
                            Pulled::Rewritten
                        }
                    };
                }
                Event::Pulled(pulled)
            }
        })
    }
}
