%% What rpc's server does on one node, and calls that end in the caller.
-module(rpc_local).
-export([main/0, add/2, slow/1]).

main() ->
    show(rpc:block_call(node(), ?MODULE, add, [1, 2])),
    show(rpc:block_call(node(), ?MODULE, add, [1, 2], 1000)),
    show(rpc:block_call(other@host, ?MODULE, add, [1, 2])),
    show(rpc:cast(node(), erlang, send, [self(), hello])), receive hello -> show(hello) after 1000 -> show(none) end,
    show(rpc:eval_everywhere(erlang, send, [self(), all])), receive all -> show(all) after 1000 -> show(none) end,
    show(rpc:parallel_eval([{?MODULE, add, [N, 1]} || N <- [1,2,3]])),
    show(rpc:pmap({?MODULE, add}, [10], [1,2,3])),
    show(rpc:pinfo(self(), [trap_exit])),
    show(rpc:sbcast([node()], nobody, m)), show(rpc:abcast(nobody, m)),
    show(rpc:multi_server_call(nobody, m)),
    show(rpc:call(node(), ?MODULE, slow, [500], 10)).

add(A, B) -> A + B.
slow(Milliseconds) -> timer:sleep(Milliseconds).

show(X) -> io:format("~p~n", [X]).
