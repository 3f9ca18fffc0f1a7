//! Rows of module `erlang`: atoms, lists, tuples, type tests, funs, modules, and what raises.

#[macro_export]
macro_rules! values_bifs {
    ($m:ident) => {
        $m! { values "erlang" {
            "atom_to_list" 1 atom_to_list_1 [];
            "list_to_atom" 1 list_to_atom_1 [scratch];
            "list_to_existing_atom" 1 list_to_existing_atom_1 [scratch];
            "atom_to_binary" 1 atom_to_binary_1 [];
            "atom_to_binary" 2 atom_to_binary_2 [];
            "binary_to_atom" 1 binary_to_atom_1 [scratch];
            "binary_to_atom" 2 binary_to_atom_2 [scratch];
            "binary_to_existing_atom" 1 binary_to_existing_atom_1 [scratch];
            "binary_to_existing_atom" 2 binary_to_existing_atom_2 [scratch];

            "hd" 1 hd_1 [guard];
            "tl" 1 tl_1 [guard];
            "length" 1 length_1 [guard];
            "++" 2 plus_plus_2 [];
            "append" 2 append_2 [];
            "--" 2 minus_minus_2 [scratch];
            "subtract" 2 subtract_2 [scratch];

            "element" 2 element_2 [guard];
            "tuple_size" 1 tuple_size_1 [guard];
            "setelement" 3 setelement_3 [];
            "make_tuple" 2 make_tuple_2 [];
            "make_tuple" 3 make_tuple_3 [scratch];
            "append_element" 2 append_element_2 [];
            "insert_element" 3 insert_element_3 [];
            "delete_element" 2 delete_element_2 [];
            "tuple_to_list" 1 tuple_to_list_1 [];
            "list_to_tuple" 1 list_to_tuple_1 [];

            "is_atom" 1 is_atom_1 [guard];
            "is_boolean" 1 is_boolean_1 [guard];
            "is_integer" 1 is_integer_1 [guard];
            "is_float" 1 is_float_1 [guard];
            "is_number" 1 is_number_1 [guard];
            "is_list" 1 is_list_1 [guard];
            "is_tuple" 1 is_tuple_1 [guard];
            "is_map" 1 is_map_1 [guard];
            "is_binary" 1 is_binary_1 [guard];
            "is_bitstring" 1 is_bitstring_1 [guard];
            "is_pid" 1 is_pid_1 [guard];
            "is_port" 1 is_port_1 [guard];
            "is_reference" 1 is_reference_1 [guard];
            "is_function" 1 is_function_1 [guard];
            "is_function" 2 is_function_2 [guard];
            "is_record" 2 is_record_2 [guard];
            "is_record" 3 is_record_3 [guard];
            "size" 1 size_1 [guard];
            "not" 1 not_1 [guard];
            "and" 2 and_2 [guard];
            "or" 2 or_2 [guard];
            "xor" 2 xor_2 [guard];

            "error" 1 error_1 [];
            "error" 2 error_2 [];
            "error" 3 error_3 [];
            "exit" 1 exit_1 [];
            "throw" 1 throw_1 [];
            "nif_error" 1 nif_error_1 [];
            "nif_error" 2 nif_error_2 [];
            "raise" 3 raise_3 [];

            "fun_info" 2 fun_info_2 [];
            "fun_info_mfa" 1 fun_info_mfa_1 [];
            "make_fun" 3 make_fun_3 [];
            "function_exported" 3 function_exported_3 [];
            "is_builtin" 3 is_builtin_3 [];
            "module_loaded" 1 module_loaded_1 [];
            "loaded" 0 loaded_0 [];
            "pre_loaded" 0 pre_loaded_0 [];
            "get_module_info" 1 get_module_info_1 [];
            "get_module_info" 2 get_module_info_2 [];
            "pid_to_list" 1 pid_to_list_1 [];
            "port_to_list" 1 port_to_list_1 [];
            "ref_to_list" 1 ref_to_list_1 [];
            "fun_to_list" 1 fun_to_list_1 [scratch];
            "list_to_pid" 1 list_to_pid_1 [];
            "list_to_port" 1 list_to_port_1 [];
            "list_to_ref" 1 list_to_ref_1 [];
            "is_record" 1 is_record_1 [guard];
            "is_integer" 3 is_integer_3 [guard];
        } }
    };
}
values_bifs!(bif_rows);
