//! Processes of module `erts_internal`.

pub use super::processes::{
    internal_check_process_code_1, internal_garbage_collect_1, internal_group_leader_2,
    internal_group_leader_3, internal_process_flag_3, request_system_task_3, spawn_request_4,
    suspend_process_2,
};
