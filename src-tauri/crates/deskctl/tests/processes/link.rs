//! The link between desks and hub: counts what passes, and cuts each connection after a random number of bytes. Behind
//! it stand replicas that come and go.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Numbers that look random and are the same for the same seed (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[derive(Default)]
struct Counts {
    cutting: AtomicBool,
    up: AtomicU64,
    down: AtomicU64,
    cuts: AtomicU64,
}

/// A proxy in front of the hub.
pub(crate) struct Link {
    address: SocketAddr,
    counts: Arc<Counts>,
    hubs: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Link {
    /// Once it cuts, no connection carries more than `longest` bytes.
    pub(crate) fn start(seed: u64, longest: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        let hubs = Arc::new(Mutex::new(Vec::<SocketAddr>::new()));
        let behind = Arc::clone(&hubs);
        std::thread::spawn(move || {
            let mut random = Random(seed);
            for desk in listener.incoming() {
                let budget = if shared.cutting.load(Ordering::SeqCst) {
                    1 + i64::try_from(random.next() % longest).unwrap()
                } else {
                    i64::MAX
                };
                let choice = behind.lock().unwrap().clone();
                let hub = choice.get(usize::try_from(random.next()).unwrap() % choice.len().max(1));
                // A replica that is gone: the desk's connection ends.
                let (Ok(desk), Some(Ok(hub))) = (desk, hub.map(TcpStream::connect)) else { continue };
                let budget = Arc::new(AtomicI64::new(budget));
                for (from, to, up) in [(&desk, &hub, true), (&hub, &desk, false)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let (counts, budget) = (Arc::clone(&shared), Arc::clone(&budget));
                    std::thread::spawn(move || carry(from, to, &budget, &counts, up));
                }
            }
        });
        Link { address, counts, hubs }
    }

    /// Who stands behind it from now on.
    pub(crate) fn lead_to(&self, hubs: Vec<SocketAddr>) {
        *self.hubs.lock().unwrap() = hubs;
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The counts begin anew.
    pub(crate) fn cut_from_now_on(&self) {
        self.counts.cutting.store(true, Ordering::SeqCst);
        self.counted();
    }

    /// From now on connections live as long as they like.
    pub(crate) fn heal(&self) {
        self.counts.cutting.store(false, Ordering::SeqCst);
    }

    /// Bytes up, bytes down.
    pub(crate) fn peek(&self) -> (u64, u64) {
        (self.counts.up.load(Ordering::SeqCst), self.counts.down.load(Ordering::SeqCst))
    }

    /// Bytes up, bytes down, cuts, since this was asked last.
    pub(crate) fn counted(&self) -> (u64, u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::SeqCst);
        (take(&self.counts.up), take(&self.counts.down), take(&self.counts.cuts))
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, budget: &AtomicI64, counts: &Counts, up: bool) {
    let mut buffer = vec![0; 32 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 {
            let _closed = to.shutdown(Shutdown::Write);
            return;
        }
        let before = budget.fetch_sub(i64::try_from(count).unwrap(), Ordering::SeqCst);
        let passes = count.min(usize::try_from(before.max(0)).unwrap());
        // What was read has left its sender, whether it arrives or not.
        if up { &counts.up } else { &counts.down }.fetch_add(count as u64, Ordering::SeqCst);
        let written = to.write_all(&buffer[..passes]);
        if passes < count {
            if before > 0 {
                counts.cuts.fetch_add(1, Ordering::SeqCst);
            }
            break;
        }
        if written.is_err() {
            break;
        }
    }
    for side in [&from, &to] {
        let _closed = side.shutdown(Shutdown::Both);
    }
}
