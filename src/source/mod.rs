//! Where tickets come from and where tables of them go.
