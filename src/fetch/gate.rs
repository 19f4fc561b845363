//! Politeness: how fast, and how many at once, one host is asked.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Time that only runs forward, and waiting in it; tests bring their own.
pub trait Clock: Sync {
    /// Time since some fixed start.
    fn elapsed(&self) -> Duration;
    /// Lets `duration` pass.
    fn sleep(&self, duration: Duration);
}

/// The machine's monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Monotonic(Instant);

impl Monotonic {
    /// Starts at zero now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Monotonic {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}

/// Lets requests to one host through: evenly spaced, and so many at once.
#[derive(Debug)]
pub(super) struct Gate {
    spacing: Duration,
    most: usize,
    state: Mutex<State>,
    free: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The earliest start of the next request.
    next: Duration,
    /// Requests under way.
    busy: usize,
}

/// A request under way; dropped, it makes room for another.
pub(super) struct Permit<'a>(&'a Gate);

impl Gate {
    /// A gate for so many requests a second and at once.
    pub(super) fn new(requests_per_second: f64, max_in_flight: usize) -> Self {
        let spacing = Duration::try_from_secs_f64(1.0 / requests_per_second).unwrap_or(Duration::from_secs(1));
        Self { spacing, most: max_in_flight.max(1), state: Mutex::default(), free: Condvar::new() }
    }

    /// Waits until a request may start.
    pub(super) fn enter(&self, clock: &dyn Clock) -> Permit<'_> {
        let mut state = self.state();
        while state.busy >= self.most {
            state = self.free.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.busy += 1;
        let permit = Permit(self);
        let now = clock.elapsed();
        let start = state.next.max(now);
        state.next = start + self.spacing;
        drop(state);
        let wait = start.saturating_sub(now);
        if !wait.is_zero() {
            clock.sleep(wait);
        }
        permit
    }

    /// Keeps every further request back for `wait`.
    pub(super) fn hold(&self, clock: &dyn Clock, wait: Duration) {
        let mut state = self.state();
        state.next = state.next.max(clock.elapsed() + wait);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.state().busy -= 1;
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Time that passes only by sleeping.
    #[derive(Default)]
    struct Still(Mutex<Duration>);

    impl Clock for Still {
        fn elapsed(&self) -> Duration {
            *self.0.lock().expect("a whole clock")
        }

        fn sleep(&self, duration: Duration) {
            *self.0.lock().expect("a whole clock") += duration;
        }
    }

    #[test]
    fn requests_are_spaced_and_a_hold_pushes_them_back() {
        let (gate, clock) = (Gate::new(2.0, 4), Still::default());
        let starts: Vec<u128> = (0..3)
            .map(|_| {
                drop(gate.enter(&clock));
                clock.elapsed().as_millis()
            })
            .collect();
        assert_eq!(starts, [0, 500, 1000]);
        gate.hold(&clock, Duration::from_secs(5));
        drop(gate.enter(&clock));
        assert_eq!(clock.elapsed().as_millis(), 6000);
    }

    #[test]
    fn no_more_than_so_many_are_under_way() {
        let (gate, clock) = (Gate::new(1000.0, 2), Still::default());
        let (now, peak) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let permit = gate.enter(&clock);
                        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(permit);
                    }
                });
            }
        });
        assert!((1..=2).contains(&peak.load(Ordering::SeqCst)));
    }
}
