//! `ml models alias`: a change that waits for its turn.

use rusqlite::Connection;

use crate::support::{Home, MODEL, json, ran, registry_file};

#[test]
fn a_held_lock_is_waited_for_as_long_as_was_said_and_readers_do_not_wait() {
    let home = Home::with_versions(1);
    let holder = Connection::open(registry_file(&home)).expect("the registry");
    holder.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let refused = json(&home, &format!("ml models alias set {MODEL} stable 1 --lock-timeout 0s"), 7);
    assert_eq!(refused["error"]["retryable"], true);
    let _ = json(&home, "ml models list", 0);
    let _ = json(&home, &format!("ml models history {MODEL}"), 0);
    holder.execute_batch("ROLLBACK").expect("released");
    let _ = json(&home, &format!("ml models alias set {MODEL} stable 1 --lock-timeout 3650d"), 0);
    ran(&home, "ml models list --lock-timeout 3651d").expect(2);
}
