//! How old the newest ticket is: what is learned and judged from old tickets says little of today.

use std::time::Duration;

use crate::base::duration;
use crate::base::time::rfc3339;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};

/// No window makes tickets old that are not older than this.
const SHORTEST_LIMIT: Duration = Duration::from_secs(48 * 3_600);

/// The setting, and the flag that goes before it.
const SETTING: &str = "max_ticket_age";
const FLAG: &str = "--max-ticket-age";

/// The age from which on tickets are told to be old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeLimit {
    most: Duration,
    /// Whether somebody said so, and not the length of the window.
    stated: bool,
}

impl AgeLimit {
    /// What the settings say; else the command's window, 48 hours at least.
    ///
    /// Errors: those of a setting that is no length of time.
    pub(in crate::ops) fn of(settings: &Settings, window_days: f64) -> Result<AgeLimit> {
        if let Some(length) = settings.text(SETTING) {
            let most = duration::parse(length).map_err(|why| Error::new(ErrorKind::BadConfiguration, format!("{SETTING}: {why}")))?;
            return Ok(AgeLimit { most, stated: true });
        }
        let window = Duration::try_from_secs_f64(window_days * 86_400.0).unwrap_or(Duration::MAX);
        Ok(AgeLimit { most: window.max(SHORTEST_LIMIT), stated: false })
    }
}

/// The newest ticket that could be used, at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketAge {
    /// When it was created, milliseconds since the epoch.
    pub created_at: i64,
    /// From then to the moment.
    pub age: Duration,
    /// Whether it says of itself that it was made up: nobody expects it to be new.
    pub made_up: bool,
}

impl TicketAge {
    /// Of tickets as creation times with whether they were made up, at `moment_ms`; made up ones count only where there is
    /// no other. `None` without a ticket that was created by then.
    pub(in crate::ops) fn of(tickets: impl IntoIterator<Item = (i64, bool)>, moment_ms: i64) -> Option<TicketAge> {
        let by_then = tickets.into_iter().filter(|&(created_at, _)| created_at <= moment_ms);
        let (created_at, made_up) = by_then.max_by_key(|&(created_at, made_up)| (!made_up, created_at))?;
        let age = Duration::from_millis(moment_ms.abs_diff(created_at));
        Some(TicketAge { created_at, age, made_up })
    }

    /// Whole seconds.
    pub(in crate::ops) fn seconds(&self) -> u64 {
        self.age.as_secs()
    }

    /// Such as `the newest ticket is 303 days old (created 2026-01-31T12:00:00Z)`.
    pub(in crate::ops) fn sentence(&self) -> String {
        format!("the newest ticket is {} old (created {})", duration::in_words(self.age), rfc3339(self.created_at))
    }

    /// Whether it is older than `limit` allows; never one that was made up.
    pub(in crate::ops) fn is_over(&self, limit: AgeLimit) -> bool {
        !self.made_up && self.age > limit.most
    }

    /// What is to be told of tickets that are too old, where somebody keeps them in a file; `None` for new ones.
    ///
    /// Errors: [`ErrorKind::NotEnoughData`] where they are those of the running system (`live`), which writes new ones all
    /// the time: what comes of the old ones must not go into service.
    pub(in crate::ops) fn judge(&self, limit: AgeLimit, live: Option<&str>) -> Result<Option<String>> {
        if !self.is_over(limit) {
            return Ok(None);
        }
        let most = duration::in_words(limit.most);
        let limit = if limit.stated { format!("{most} are allowed") } else { format!("the window allows {most}") };
        match live {
            None => Ok(Some(format!("{}, {limit}: what comes of it says little of today", self.sentence()))),
            Some(source) => Err(Error::new(ErrorKind::NotEnoughData, format!("the tickets of {source} are old: {}", self.sentence()))
                .because(limit)
                .hint("see what writes the tickets, and whether this is the right database")
                .hint(format!("or take them as they are: `{FLAG} {}d`", self.age.as_secs() / 86_400 + 1))
                .hint("or look at the time that they are of, such as `--as-of 2026-01-31`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::MS_PER_DAY;

    const DAY: i64 = MS_PER_DAY;

    fn limit(days: u64) -> AgeLimit {
        AgeLimit { most: Duration::from_secs(days * 86_400), stated: false }
    }

    #[test]
    fn the_newest_by_the_moment_counts_and_made_up_ones_only_alone() {
        let age = |tickets: &[(i64, bool)]| TicketAge::of(tickets.iter().copied(), 10 * DAY).map(|age| (age.created_at / DAY, age.made_up));
        assert_eq!(age(&[]), None);
        assert_eq!(age(&[(11 * DAY, false)]), None, "of the future");
        assert_eq!(age(&[(3 * DAY, false), (7 * DAY, false), (11 * DAY, false)]), Some((7, false)));
        assert_eq!(age(&[(3 * DAY, false), (9 * DAY, true)]), Some((3, false)), "a made up one hides no old one");
        assert_eq!(age(&[(9 * DAY, true), (2 * DAY, true)]), Some((9, true)));
    }

    #[test]
    fn old_tickets_are_told_of_a_file_and_refused_of_a_running_system_and_made_up_ones_neither() {
        let old = TicketAge::of([(0, false)], 303 * DAY).unwrap();
        let warning = old.judge(limit(30), None).unwrap().unwrap();
        assert!(warning.contains("303 days old") && warning.contains("30 days"), "{warning}");
        let error = old.judge(limit(30), Some("mongodb://h/d.c")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotEnoughData);
        assert!(error.to_string().contains("mongodb://h/d.c") && error.to_string().contains("303 days"), "{error}");
        assert!(error.hints().iter().any(|hint| hint.to_string().contains("--max-ticket-age 304d")), "{:?}", error.hints());
        assert_eq!(old.judge(limit(304), Some("mongodb://h")).unwrap(), None, "the flag that is named allows it");
        let made_up = TicketAge::of([(0, true)], 303 * DAY).unwrap();
        assert_eq!(made_up.judge(limit(30), Some("mongodb://h")).unwrap(), None);
        let exactly = TicketAge::of([(0, false)], 30 * DAY).unwrap();
        assert_eq!(exactly.judge(limit(30), None).unwrap(), None);
    }
}
