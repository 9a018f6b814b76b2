//! Does what the engine says, one effect after the other, until the round ends.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::Code;
use store::{Acknowledged, Applied, LocalFact, StoreError, Took};
use sync::{Client, ClientError, Effect, Engine, Event, Prepared, Pulled, Pushed, Signed, Trouble};
use uuid::Uuid;
use wire::{CHALLENGE_SECONDS, Hello, ORGANISATION, PullAnswer, SnapshotAnswer};

use super::files::unknown;
use super::{kept, trouble};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::setup::device_code;

/// A push holds so many bytes of operations; a cut link repeats no more.
const PUSH_BYTES: usize = 4 * 1024 * 1024;
/// A pull asks for so many entries.
const PULL_ENTRIES: u32 = 2_000;

/// After half of the time the hub takes its challenge for, another one is asked for.
const GREETING_LASTS: Duration = Duration::from_secs(CHALLENGE_SECONDS.unsigned_abs() / 2);

/// A round under way.
pub(super) struct Round<'a> {
    pub(super) desk: &'a Desk,
    client: Client,
    /// The hub's last greeting; its challenge is signed with every request.
    hello: Hello,
    greeted: Instant,
    /// Desks whose work, carried here, the hub does not take from anybody now; it waits for the next round.
    aside: BTreeSet<Uuid>,
    /// The hub was asked for a snapshot already.
    asked: bool,
}

impl Desk {
    /// Runs one round and says how it ended and when the next one is due. A desk that belongs to no hub has none.
    pub(super) async fn sync_round(
        &self,
        engine: &mut Engine,
        event: Event,
    ) -> Result<(Option<Trouble>, Duration), DeskError> {
        let _round = self.rounds.lock().await;
        let hub = self.store.hub().await?.ok_or(Code::SyncNotEnrolled)?;
        let client = Client::new(&hub.url).map_err(super::refusal)?;
        let mut round: Option<Round<'_>> = None;
        let (mut ended, mut pause) = (None, Duration::ZERO);
        let mut effects = engine.step(engine.turn(), event);
        loop {
            let mut next = None;
            for effect in effects {
                match effect {
                    Effect::ArmTimer { millis } => pause = Duration::from_millis(millis),
                    Effect::Ended(how) => {
                        let at = self.now().to_rfc3339();
                        self.store.round_ended(how.as_ref().map(kept).as_deref(), &at).await?;
                        ended = how;
                    }
                    Effect::KeepEpoch => {
                        if let Some(round) = &round {
                            self.store.set_epoch(round.hello.epoch).await?;
                        }
                    }
                    other => next = Some(other),
                }
            }
            let Some(effect) = next else { return Ok((ended, pause)) };
            let done = match (&effect, round.as_mut()) {
                (Effect::Greet, _) | (_, None) => match self.greet(&client, &hub.key.0, &hub.epoch).await {
                    Ok((hello, event)) => {
                        round = Some(Round {
                            desk: self,
                            client: client.clone(),
                            hello,
                            greeted: Instant::now(),
                            aside: BTreeSet::new(),
                            asked: false,
                        });
                        Ok(event)
                    }
                    Err(trouble) => Err(trouble),
                },
                (_, Some(round)) => round.perform(effect).await,
            };
            effects = engine.step(engine.turn(), done.unwrap_or_else(Event::Failed));
        }
    }

    async fn greet(&self, client: &Client, key: &[u8], epoch: &Uuid) -> Result<(Hello, Event), Trouble> {
        let hello = client.hello().await.map_err(trouble)?;
        if hello.hub_key.0 != key {
            return Err(Trouble::HubChanged);
        }
        // Only told: no clock stops work, and each operation keeps the time its desk said (sync.md, Time).
        let offset = (hello.at - self.now().timestamp_millis()) / 1000;
        self.store.remember(LocalFact::HubClockOffset, &offset.to_string()).await.map_err(local)?;
        let restored = hello.epoch != *epoch;
        Ok((hello, Event::Greeted { restored }))
    }
}

impl Round<'_> {
    async fn perform(&mut self, effect: Effect) -> Result<Event, Trouble> {
        let store = &self.desk.store;
        let at = self.desk.now();
        Ok(match effect {
            Effect::Refill => {
                let heads = self.ask(Prepared::heads()).await?;
                store.refill(&heads).await.map_err(local)?;
                Event::Refilled
            }
            Effect::Push => Event::Pushed(self.push().await?),
            Effect::Pull { own } => Event::Pulled(self.pull(own).await?),
            Effect::Rename(next) => {
                let code = device_code().map_err(|error| Trouble::Local(error.code.as_str().to_owned()))?;
                store.new_incarnation(Some(next), &code, at).await.map_err(local)?;
                Event::Renamed
            }
            Effect::Restart => {
                store.restart_stream(&at.to_rfc3339()).await.map_err(local)?;
                Event::Restarted
            }
            Effect::Files => {
                self.files().await?;
                Event::Files
            }
            // Done by the loop around this.
            Effect::Greet | Effect::KeepEpoch | Effect::Ended(_) | Effect::ArmTimer { .. } => Event::Woken,
        })
    }

    async fn push(&mut self) -> Result<Pushed, Trouble> {
        let store = &self.desk.store;
        let Some(request) = store.next_push(PUSH_BYTES, &self.aside).await.map_err(local)? else {
            store.free_outbox().await.map_err(local)?;
            return Ok(Pushed::Nothing);
        };
        let prepared = Prepared::push(&request).map_err(trouble)?;
        let signed = self.signed(&prepared).await?;
        let answer = match self.client.push(prepared, &signed).await {
            // A desk that this hub never met must not stop the others' work and this one's.
            Err(ClientError::Refused(code)) if request.device != store.device_id() => {
                tracing::warn!(device = %request.device, code, "carried work is not taken");
                self.aside.insert(request.device);
                return Ok(Pushed::Taken);
            }
            answer => answer.map_err(trouble)?,
        };
        let at = self.desk.now().to_rfc3339();
        let taken = store.acknowledged(&request, &answer, &at).await.map_err(local)?;
        Ok(match taken {
            Acknowledged::Taken => Pushed::Taken,
            Acknowledged::Behind => Pushed::Behind,
            Acknowledged::Fork(next) => Pushed::Fork(next),
        })
    }

    async fn pull(&mut self, own: bool) -> Result<Pulled, Trouble> {
        if self.snapshot().await? {
            return Ok(Pulled::More);
        }
        let store = &self.desk.store;
        let request = store.pull_request(PULL_ENTRIES, own).await.map_err(local)?;
        let answer: PullAnswer = self.ask(Prepared::pull(&request).map_err(trouble)?).await?;
        let at = self.desk.now().to_rfc3339();
        let mut result = Pulled::Head;
        for page in &answer.pages {
            let applied = store.apply_page(page, &answer.certificates, &at).await.map_err(local)?;
            if page.stream == ORGANISATION && !page.entries.is_empty() {
                self.desk
                    .reload_reference()
                    .await
                    .map_err(|error| Trouble::Local(error.code.as_str().to_owned()))?;
            }
            let pulled = match applied {
                Applied::More => Pulled::More,
                Applied::Head => Pulled::Head,
                Applied::NeedOwn => Pulled::NeedOwn,
                Applied::Behind => Pulled::Behind,
                Applied::Fork(next) => Pulled::Fork(next),
                Applied::Diverged => {
                    store.incident("digest", &page.stream, &at).await.map_err(local)?;
                    Pulled::Diverged
                }
                // The store keeps the signed word that no longer holds as an incident.
                Applied::Rewritten => Pulled::Rewritten,
            };
            if urgency(pulled) > urgency(result) {
                result = pulled;
            }
        }
        Ok(result)
    }

    /// A desk that never followed its stream begins with the hub's snapshot of it. Says whether a step of that was done.
    async fn snapshot(&mut self) -> Result<bool, Trouble> {
        let store = &self.desk.store;
        let at = self.desk.now().to_rfc3339();
        if let Some((snapshot, next)) = store.snapshot_under_way().await.map_err(local)? {
            let chunk = match snapshot.chunks.get(next) {
                Some(name) => match self.fetch(Prepared::chunk(name)).await {
                    Err(refused) if unknown(&refused) => None,
                    fetched => Some(fetched?),
                },
                None => None,
            };
            if store.take_snapshot_chunk(chunk.as_deref(), &at).await.map_err(local)? == Took::Unfit {
                tracing::warn!(
                    seq = snapshot.seq,
                    "the snapshot does not hold; the stream is followed instead"
                );
            }
            return Ok(true);
        }
        if self.asked || !store.wants_snapshot().await.map_err(local)? {
            return Ok(false);
        }
        self.asked = true;
        let offered = match self.ask::<SnapshotAnswer>(Prepared::snapshot()).await {
            // A hub that is older than snapshots.
            Err(Trouble::Refused(code)) if code == Code::SyncRequestWrong.as_str() => None,
            answer => answer?.snapshot,
        };
        match offered {
            Some(offered) => store.begin_snapshot(&offered, &at).await.map_err(local),
            None => Ok(false),
        }
    }

    /// Asks, and reads the answer.
    pub(super) async fn ask<T: serde::de::DeserializeOwned>(
        &mut self,
        prepared: Prepared,
    ) -> Result<T, Trouble> {
        let signed = self.signed(&prepared).await?;
        self.client.ask(prepared, &signed).await.map_err(trouble)
    }

    /// As [`Round::ask`] for an answer that is bytes, or none.
    pub(super) async fn fetch(&mut self, prepared: Prepared) -> Result<Vec<u8>, Trouble> {
        let signed = self.signed(&prepared).await?;
        self.client.fetch(prepared, &signed).await.map_err(trouble)
    }

    /// Signs a request, after a new greeting when the last one is long ago (files under way).
    async fn signed(&mut self, prepared: &Prepared) -> Result<Signed, Trouble> {
        if self.greeted.elapsed() > GREETING_LASTS {
            let hello = self.client.hello().await.map_err(trouble)?;
            if hello.hub_key != self.hello.hub_key {
                return Err(Trouble::HubChanged);
            }
            (self.hello.challenge, self.greeted) = (hello.challenge, Instant::now());
        }
        Ok(self.desk.signed(&self.hello, prepared).await)
    }
}

/// What the desk's own disk or database refused, by its code.
pub(super) fn local(error: StoreError) -> Trouble {
    Trouble::Local(domain::Refusal::from(error).code.as_str().to_owned())
}

/// Of several streams' answers the one that must be acted on first.
fn urgency(pulled: Pulled) -> u8 {
    match pulled {
        Pulled::Head => 0,
        Pulled::More => 1,
        Pulled::Diverged | Pulled::Rewritten => 2,
        Pulled::NeedOwn => 3,
        Pulled::Behind => 4,
        Pulled::Fork(_) => 5,
    }
}
