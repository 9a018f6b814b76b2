//! What happens to desks beside their work.

use anyhow::Context as _;

use super::{Happening, World};
use crate::desk::Crash;

impl World {
    /// What happens to a desk in its time.
    pub(super) fn faults(&mut self, seat: usize, commands: usize) {
        let span = 20_000 * i64::try_from(commands).unwrap_or(1_000).max(1);
        let from = self.now;
        let some = |world: &mut World, most: usize, happening: fn(usize) -> Happening| {
            for _ in 0..world.rng.usize(0..=most) {
                let at = from + world.rng.i64(0..span);
                world.at(at, happening(seat));
            }
        };
        some(self, 3, |seat| Happening::Crash { seat });
        some(self, 6, |seat| Happening::Link { seat });
        some(self, 6, |seat| Happening::Mark { seat });
        some(self, 1, |seat| Happening::Backup { seat });
        some(self, 2, |seat| Happening::Carry { seat });
        if self.rng.u8(0..4) == 0 {
            some(self, 1, |seat| Happening::Restore { seat });
        }
        if self.rng.u8(0..6) == 0 {
            some(self, 1, |seat| Happening::Copy { seat });
        }
        for _ in 0..commands {
            let at = from + self.rng.i64(0..span);
            self.at(at, Happening::Command { seat });
        }
    }

    pub(super) async fn crash(&mut self, seat: usize) -> anyhow::Result<()> {
        tracing::debug!(seat, "crash");
        let how = match self.rng.u8(0..4) {
            0 => Crash::OutboxTorn,
            1 | 2 if self.weather.database_back => Crash::DatabaseBack,
            _ => Crash::Kill,
        };
        let here = self.seat(seat)?;
        let Some(desk) = here.desk.take() else { return Ok(()) };
        here.call = None;
        here.running = false;
        here.armed += 1;
        here.desk = Some(desk.crash(how).await.with_context(|| format!("desk {seat} opens after {how:?}"))?);
        self.met.crashes += 1;
        let at = self.now + self.rng.i64(1..60_000);
        self.at(at, Happening::Starts { seat });
        Ok(())
    }

    pub(super) async fn restore(&mut self, seat: usize) -> anyhow::Result<()> {
        let (code, at) = (self.code(), self.clock(seat));
        let here = self.seat(seat)?;
        let Some((backup, made)) = here.backup.take() else { return Ok(()) };
        let Some(desk) = here.desk.take() else { return Ok(()) };
        here.call = None;
        here.running = false;
        here.armed += 1;
        // What came after the backup is gone with the disk, as far as nobody else has it.
        here.made = made;
        let desk = desk.restore(&backup).await?;
        desk.new_incarnation(None, &code, at).await?;
        here.desk = Some(desk);
        self.met.restored += 1;
        let at = self.now + self.rng.i64(1..60_000);
        self.at(at, Happening::Starts { seat });
        Ok(())
    }

    pub(super) async fn copy(&mut self, seat: usize) -> anyhow::Result<()> {
        self.folders += 1;
        let number = self.folders;
        let (code, at, noticed) = (self.code(), self.clock(seat), self.rng.bool());
        let here = self.seats.get(seat).context("a seat")?;
        let Some(desk) = &here.desk else { return Ok(()) };
        let twin = desk.twin(self.root.path(), number).await?;
        if noticed {
            twin.new_incarnation(None, &code, at).await?;
        }
        let commands = here.commands_left;
        self.sit(twin, commands);
        let twin = self.seats.len() - 1;
        self.seat(seat)?.unnoticed |= !noticed;
        self.seat(twin)?.unnoticed = !noticed;
        self.met.copies += 1;
        for _ in 0..commands {
            let at = self.now + self.rng.i64(0..20_000 * i64::try_from(commands)?);
            self.at(at, Happening::Command { seat: twin });
        }
        let at = self.now + self.rng.i64(1..60_000);
        self.at(at, Happening::Starts { seat: twin });
        Ok(())
    }

    pub(super) async fn carry(&mut self, seat: usize) -> anyhow::Result<()> {
        let to = self.rng.usize(0..self.seats.len());
        let desk = |seat: usize| self.seats.get(seat).and_then(|seat| seat.desk.as_ref()).context("a desk");
        let (from, to) = (desk(seat)?, desk(to)?);
        if from.facts().await?.hub.is_some() && to.facts().await?.hub.is_some() {
            self.met.carried += to.take_carried(&from.carried().await?).await?;
        }
        Ok(())
    }
}
