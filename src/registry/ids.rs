//! Fresh identifiers in MLflow's forms.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

/// A fresh model id: `m-` and 32 hexadecimal digits.
pub fn new_model_id() -> String {
    format!("m-{}", new_run_id())
}

/// A fresh run id: 32 hexadecimal digits.
///
/// The randomness is the operating system's, by way of the keys that the standard library draws for its
/// hash maps; a process-wide counter, the process id and the clock separate calls that share keys.
pub fn new_run_id() -> String {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let clock_ns = jiff::Timestamp::now().as_nanosecond();
    let keys = RandomState::new();
    let half = |side: u8| {
        let mut hasher = keys.build_hasher();
        hasher.write_u8(side);
        hasher.write_u64(call);
        hasher.write_u32(std::process::id());
        hasher.write_i128(clock_ns);
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn ids_have_mlflows_form_and_do_not_repeat() {
        let ids: BTreeSet<String> = (0..10_000).map(|_| super::new_model_id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 34 && id.starts_with("m-") && id[2..].bytes().all(|byte| byte.is_ascii_hexdigit())));
    }
}
