%% rpc and erpc on one node.
-module(behaviour_rpc).
-export([main/0, fail/0, add/2]).

main() ->
    Node = node(),
    show([rpc:call(Node, ?MODULE, add, [1, 2]), rpc:call(Node, ?MODULE, add, [1, 2], 1000), rpc:call(other@host, ?MODULE, add, [1, 2])]),
    show([element(1, element(2, rpc:call(Node, ?MODULE, fail, []))), rpc:call(Node, erlang, throw, [thrown])]),
    show(rpc:multicall([Node], ?MODULE, add, [3, 4])),
    Key = rpc:async_call(Node, ?MODULE, add, [5, 6]),
    show(rpc:yield(Key)),
    show(rpc:cast(Node, erlang, send, [self(), cast])),
    show(receive cast -> got after 1000 -> none end),
    show(rpc:pmap({?MODULE, add}, [1], [1, 2, 3])),
    show([erpc:call(Node, ?MODULE, add, [1, 2]), erpc:call(Node, fun() -> fine end)]),
    show(try erpc:call(Node, ?MODULE, fail, []) catch error:{exception, R, _} -> {error, R} end),
    show(try erpc:call(Node, erlang, exit, [gone]) catch exit:{exception, E} -> {exit, E} end),
    show(try erpc:call(other@host, ?MODULE, add, [1, 2]) catch error:{erpc, C} -> {erpc, C} end),
    show(erpc:multicall([Node, Node], ?MODULE, add, [1, 1])),
    Request = erpc:send_request(Node, ?MODULE, add, [2, 2]),
    show(erpc:receive_response(Request)),
    show(try erpc:call(Node, timer, sleep, [1000], 10) catch error:{erpc, T} -> {erpc, T} end).

add(A, B) -> A + B.
fail() -> error(failed).

show(X) -> io:format("~p~n", [X]).
