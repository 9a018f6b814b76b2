//! Seeds. One that fails is run again alone: `SIMULATION_SEED=… SIMULATION_LOG=simulation=debug cargo test -p simulation`.

use simulation::{Met, Plan, run};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_seed_comes_to_rest_with_nothing_lost() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("SIMULATION_LOG"))
        .without_time()
        .with_writer(std::io::stderr)
        .init();
    let commands = number("SIMULATION_COMMANDS").and_then(|n| usize::try_from(n).ok()).unwrap_or(12);
    let seeds: Vec<u64> = match number("SIMULATION_SEED") {
        Some(seed) => vec![seed],
        None => {
            let first = number("SIMULATION_FIRST").unwrap_or_default();
            (first..first + number("SIMULATION_SEEDS").unwrap_or(100)).collect()
        }
    };
    let next = std::sync::atomic::AtomicUsize::new(0);
    let run_some = || {
        let mut mets = Vec::new();
        while let Some(seed) = seeds.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let plan = Plan { seed: *seed, desks: 8, commands };
            let met = run(plan);
            if let Err(wrong) = &met {
                eprintln!("seed {seed}: {wrong:#}");
            }
            mets.push((*seed, met));
        }
        mets
    };
    let mets: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(run_some)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let failed: Vec<u64> = mets.iter().filter(|(_, met)| met.is_err()).map(|(seed, _)| *seed).collect();
    let sum = mets.iter().filter_map(|(_, met)| met.as_ref().ok()).fold(Met::default(), |mut sum, met| {
        sum.operations += met.operations;
        sum.lost += met.lost;
        sum.again += met.again;
        sum.crashes += met.crashes;
        sum.renamed += met.renamed;
        sum.copies += met.copies;
        sum.restored += met.restored;
        sum.rolled_back += met.rolled_back;
        sum.restarts += met.restarts;
        sum.carried += met.carried;
        sum.snapshots += met.snapshots;
        sum.spoiled += met.spoiled;
        sum.conflicts += met.conflicts;
        sum
    });
    eprintln!("{} seeds, {sum:?}", mets.len());
    if mets.len() >= 100 {
        let Met { renamed, copies, restored, rolled_back, carried, conflicts, snapshots, spoiled, .. } = sum;
        let met = [renamed, copies, restored, rolled_back, carried, conflicts, snapshots, spoiled];
        assert!(!met.contains(&0), "the seeds met too little: {sum:?}");
    }
    assert!(failed.is_empty(), "{failed:?} of {} seeds", mets.len());
}
