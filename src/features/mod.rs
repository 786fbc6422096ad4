//! Tables of what a model sees of a ticket.
