//! Rows of module `os`.

#[macro_export]
macro_rules! os_bifs {
    ($m:ident) => {
        $m! { os "os" {
            "timestamp" 0 timestamp_0 [];
            "system_time" 0 system_time_0 [];
            "system_time" 1 system_time_1 [];
            "perf_counter" 0 perf_counter_0 [];
            "getpid" 0 getpid_0 [];
            "getenv" 1 getenv_1 [];
            "putenv" 2 putenv_2 [];
            "unsetenv" 1 unsetenv_1 [];
            "env" 0 env_0 [];
            "set_signal" 2 set_signal_2 [];
        } }
    };
}
os_bifs!(bif_rows);
