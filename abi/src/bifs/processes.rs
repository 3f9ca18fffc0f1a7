//! Rows of module `erlang`: processes, signals, timers.

#[macro_export]
macro_rules! processes_bifs {
    ($m:ident) => {
        $m! { processes "erlang" {
        } }
    };
}
processes_bifs!(bif_rows);
