//! What `/metrics` says, as Prometheus reads it. No label holds a name, a device or a branch.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// The routes as labels; anything else counts as `other`.
const ROUTES: [&str; 13] = [
    "/healthz",
    "/metrics",
    "/v1/hello",
    "/v1/enrol",
    "/v1/push",
    "/v1/pull",
    "/v1/heads",
    "/v1/snapshot",
    "/v1/files",
    "/v1/files/{sha256}",
    "/v1/chunks/missing",
    "/v1/chunks/{sha256}",
    "other",
];

/// Upper bounds of request times, in milliseconds.
const BOUNDS: [u64; 8] = [5, 20, 50, 100, 500, 2_000, 10_000, 60_000];

#[derive(Debug, Default)]
struct Route {
    /// By first digit of the status.
    answers: [AtomicU64; 6],
    within: [AtomicU64; 8],
    millis: AtomicU64,
}

/// Counters since this process began.
#[derive(Debug, Default)]
pub struct Metrics {
    routes: [Route; 13],
    pub(crate) applied: AtomicU64,
    pub(crate) parked: AtomicU64,
    pub(crate) contested: AtomicU64,
    pub(crate) repeated: AtomicU64,
    pub(crate) forks: AtomicU64,
    pub(crate) retried: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) chunk_bytes: AtomicU64,
    pub(crate) snapshot_bytes: AtomicU64,
}

pub(crate) fn add(counter: &AtomicU64, more: usize) {
    counter.fetch_add(u64::try_from(more).unwrap_or_default(), Ordering::Relaxed);
}

impl Metrics {
    pub(crate) fn answered(&self, route: &str, status: u16, millis: u64) {
        let place = ROUTES.iter().position(|known| *known == route).unwrap_or(ROUTES.len() - 1);
        let Some(counted) = self.routes.get(place) else { return };
        if let Some(answers) = counted.answers.get(usize::from(status / 100)) {
            answers.fetch_add(1, Ordering::Relaxed);
        }
        for (bound, count) in BOUNDS.iter().zip(&counted.within) {
            if millis <= *bound {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        counted.millis.fetch_add(millis, Ordering::Relaxed);
    }

    /// Answers with a status of a class (5 for 5xx) over all routes.
    pub fn answers(&self, class: usize) -> u64 {
        self.routes
            .iter()
            .filter_map(|route| route.answers.get(class))
            .map(|count| count.load(Ordering::Relaxed))
            .sum()
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let counters = [
            ("claims_hub_operations_applied_total", &self.applied),
            ("claims_hub_operations_parked_total", &self.parked),
            ("claims_hub_operations_contested_total", &self.contested),
            ("claims_hub_operations_repeated_total", &self.repeated),
            ("claims_hub_forks_total", &self.forks),
            ("claims_hub_transactions_retried_total", &self.retried),
            ("claims_hub_entries_sent_total", &self.sent),
            ("claims_hub_chunk_bytes_total", &self.chunk_bytes),
            ("claims_hub_snapshot_bytes_total", &self.snapshot_bytes),
        ];
        for (name, counter) in counters {
            let count = counter.load(Ordering::Relaxed);
            let _infallible = writeln!(text, "# TYPE {name} counter\n{name} {count}");
        }
        text.push_str("# TYPE claims_hub_requests_total counter\n");
        for (name, route) in ROUTES.iter().zip(&self.routes) {
            for (class, count) in route.answers.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let _infallible = writeln!(
                        text,
                        "claims_hub_requests_total{{route=\"{name}\",status=\"{class}xx\"}} {count}"
                    );
                }
            }
        }
        text.push_str("# TYPE claims_hub_request_milliseconds histogram\n");
        for (name, route) in ROUTES.iter().zip(&self.routes) {
            histogram(&mut text, name, route);
        }
        text
    }
}

fn histogram(text: &mut String, name: &str, route: &Route) {
    let all: u64 = route.answers.iter().map(|count| count.load(Ordering::Relaxed)).sum();
    if all == 0 {
        return;
    }
    let metric = "claims_hub_request_milliseconds";
    for (bound, count) in BOUNDS.iter().zip(&route.within) {
        let count = count.load(Ordering::Relaxed);
        let _infallible = writeln!(text, "{metric}_bucket{{route=\"{name}\",le=\"{bound}\"}} {count}");
    }
    let sum = route.millis.load(Ordering::Relaxed);
    let _infallible = writeln!(
        text,
        "{metric}_bucket{{route=\"{name}\",le=\"+Inf\"}} {all}\n{metric}_sum{{route=\"{name}\"}} {sum}\n\
         {metric}_count{{route=\"{name}\"}} {all}"
    );
}
