//! Rows of module `erlang`: time, unique values, process dictionary, system information.

#[macro_export]
macro_rules! system_bifs {
    ($m:ident) => {
        $m! { system "erlang" {
            "monotonic_time" 0 monotonic_time_0 [];
            "monotonic_time" 1 monotonic_time_1 [];
            "system_time" 0 system_time_0 [];
            "system_time" 1 system_time_1 [];
            "time_offset" 0 time_offset_0 [];
            "time_offset" 1 time_offset_1 [];
            "timestamp" 0 timestamp_0 [];
            "now" 0 now_0 [];
            "date" 0 date_0 [];
            "time" 0 time_0 [];
            "localtime" 0 localtime_0 [];
            "universaltime" 0 universaltime_0 [];
            "localtime_to_universaltime" 2 localtime_to_universaltime_2 [];
            "universaltime_to_localtime" 1 universaltime_to_localtime_1 [];
            "universaltime_to_posixtime" 1 universaltime_to_posixtime_1 [];
            "posixtime_to_universaltime" 1 posixtime_to_universaltime_1 [];

            "unique_integer" 0 unique_integer_0 [];
            "unique_integer" 1 unique_integer_1 [];
            "make_ref" 0 make_ref_0 [];

            "get" 0 get_0 [];
            "get" 1 get_1 [];
            "put" 2 put_2 [];
            "erase" 0 erase_0 [];
            "erase" 1 erase_1 [];
            "get_keys" 0 get_keys_0 [];
            "get_keys" 1 get_keys_1 [];

            "system_info" 1 system_info_1 [];
            "system_flag" 2 system_flag_2 [trap];
            "statistics" 1 statistics_1 [];
            "memory" 0 memory_0 [];
            "memory" 1 memory_1 [];
            "halt" 0 halt_0 [];
            "halt" 1 halt_1 [];
            "halt" 2 halt_2 [];
            "node" 0 node_0 [guard];
            "node" 1 node_1 [guard];
            "nodes" 0 nodes_0 [];
            "nodes" 1 nodes_1 [];
            "nodes" 2 nodes_2 [];
            "monitor_node" 2 monitor_node_2 [];
            "monitor_node" 3 monitor_node_3 [];
            "ports" 0 ports_0 [];
            "display_string" 1 display_string_1 [];
            "display_string" 2 display_string_2 [];
            "display_nl" 0 display_nl_0 [];
        } }
    };
}
system_bifs!(bif_rows);
