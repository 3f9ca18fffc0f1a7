//! Rows of module `erts_internal`: what module `erlang` stands on for processes.

#[macro_export]
macro_rules! process_internal_bifs {
    ($m:ident) => {
        $m! { process_internal "erts_internal" {
            "spawn_request" 4 spawn_request_4 [];
            "process_flag" 3 internal_process_flag_3 [trap];
            "group_leader" 2 internal_group_leader_2 [];
            "group_leader" 3 internal_group_leader_3 [];
            "suspend_process" 2 suspend_process_2 [trap];
            "garbage_collect" 1 internal_garbage_collect_1 [trap];
            "request_system_task" 3 request_system_task_3 [];
            "check_process_code" 1 internal_check_process_code_1 [];
        } }
    };
}
process_internal_bifs!(bif_rows);
