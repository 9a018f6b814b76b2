//! One piece of work on many things, on all processors: signatures take most of the time of a page or a push.

use std::num::NonZero;

/// Fewer are not worth a thread.
const FEW: usize = 32;

/// Does `work` to each, and gives the results in the order of `items`.
pub fn spread<T: Send, R: Send>(mut items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    if items.len() < FEW || threads == 1 {
        return items.into_iter().map(work).collect();
    }
    let share = items.len().div_ceil(threads);
    let mut shares = Vec::with_capacity(threads);
    while items.len() > share {
        shares.push(items.split_off(items.len() - share));
    }
    let work = &work;
    std::thread::scope(|scope| {
        // The last shares first, as they were split off; the first one is this thread's.
        let running: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Vec<_>>()))
            .collect();
        let mut results: Vec<R> = items.into_iter().map(work).collect();
        for thread in running.into_iter().rev() {
            match thread.join() {
                Ok(share) => results.extend(share),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, 1_001] {
            let doubled = spread((0..count).collect(), |item| item * 2);
            assert_eq!(doubled, (0..count).map(|item| item * 2).collect::<Vec<_>>(), "{count}");
        }
    }
}
