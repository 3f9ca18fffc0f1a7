%% A module that is kept whole runs its on_load function as well.
%% beamrc: --keep keep_on_load
-module(keep_on_load).
-on_load(loaded/0).
-export([main/0]).

loaded() -> persistent_term:put(?MODULE, loaded).

main() -> io:format("~p~n", [persistent_term:get(?MODULE)]).
