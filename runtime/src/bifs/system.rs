//! Time, unique values, process dictionary, system information.
