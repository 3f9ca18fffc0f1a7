%% OTP's Erlang compiler as one executable: `erlc` without Erlang.
%%
%% The command line is that of OTP's erlc, and read by the same code. Header files of applications
%% (`-include_lib`) are looked for in the folders that ERL_LIBS names, such as /usr/lib/erlang/lib.
%% No code is ever loaded, so the only parse transforms there are stand below.
-module(erlc).
-export([main/0]).

main() ->
    true = lists:all(fun is_atom/1, behaviours() ++ transforms()),
    erl_compile:compile_cmdline().

%% The compiler asks behaviours by name which callbacks a module must have.
behaviours() ->
    [application, gen_event, gen_server, gen_statem, supervisor, supervisor_bridge].

transforms() ->
    [erl_id_trans, ms_transform, qlc_pt].
