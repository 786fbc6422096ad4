//! One file per operator's job: joins knowledge and doors, returns a typed report.
