%% Files and folders through what loads code under erl, which reads by itself here.
%% otp: 27+
-module(file_loader).
-export([main/0]).

main() ->
    Dir = filename:join("/tmp", "beamrc_loader_" ++ os:getpid()),
    In = fun(Name) -> filename:join(Dir, Name) end,
    ok = file:make_dir(Dir),
    try
        ok = file:write_file(In("a"), "one"),
        ok = file:write_file(In("c"), "three"),
        show([filelib:is_file(In("a"), erl_prim_loader), filelib:is_file(In("b"), erl_prim_loader)]),
        show(filelib:wildcard("[ac]", Dir, erl_prim_loader)),
        show([erl_prim_loader:read_file(In("c")), erl_prim_loader:read_file(In("none"))]),
        show(erl_prim_loader:list_dir(In("none")))
    after
        file:del_dir_r(Dir)
    end.

show(X) -> io:format("~p~n", [X]).
