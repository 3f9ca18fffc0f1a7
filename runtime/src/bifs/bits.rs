//! Bit strings and the external term format.
