//! Rows of module `erlang`: processes, signals, timers.

#[macro_export]
macro_rules! processes_bifs {
    ($m:ident) => {
        $m! { processes "erlang" {
            "self" 0 self_0 [guard];
            "spawn" 3 spawn_3 [];
            "spawn_link" 3 spawn_link_3 [];
            "spawn_opt" 4 spawn_opt_4 [];
            "spawn_request_abandon" 1 spawn_request_abandon_1 [];

            "send" 2 send_2 [];
            "!" 2 bang_2 [];
            "send" 3 send_3 [];

            "exit" 2 exit_2 [trap];
            "exit" 3 exit_3 [trap];
            "exit_signal" 2 exit_signal_2 [trap];
            "exit_signal" 3 exit_signal_3 [trap];
            "link" 1 link_1 [trap];
            "link" 2 link_2 [trap];
            "unlink" 1 unlink_1 [];
            "monitor" 2 monitor_2 [];
            "monitor" 3 monitor_3 [];
            "demonitor" 1 demonitor_1 [];
            "demonitor" 2 demonitor_2 [];
            "alias" 0 alias_0 [];
            "alias" 1 alias_1 [];
            "unalias" 1 unalias_1 [];

            "register" 2 register_2 [];
            "unregister" 1 unregister_1 [];
            "whereis" 1 whereis_1 [];
            "registered" 0 registered_0 [scratch];

            "process_flag" 2 process_flag_2 [];
            "group_leader" 0 group_leader_0 [];
            "process_info" 1 process_info_1 [trap];
            "process_info" 2 process_info_2 [trap];
            "is_process_alive" 1 is_process_alive_1 [trap];
            "processes" 0 processes_0 [scratch];

            "yield" 0 yield_0 [trap];
            "bump_reductions" 1 bump_reductions_1 [];
            "hibernate" 3 hibernate_3 [trap];
            "resume_process" 1 resume_process_1 [];

            "send_after" 3 send_after_3 [];
            "send_after" 4 send_after_4 [];
            "start_timer" 3 start_timer_3 [];
            "start_timer" 4 start_timer_4 [];
            "cancel_timer" 1 cancel_timer_1 [];
            "cancel_timer" 2 cancel_timer_2 [];
            "read_timer" 1 read_timer_1 [];
            "read_timer" 2 read_timer_2 [];
        } }
    };
}
processes_bifs!(bif_rows);
