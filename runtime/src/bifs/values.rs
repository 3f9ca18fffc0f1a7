//! Conversions, lists, tuples, maps and type tests of module `erlang`.
